"""Work in a forked process gives what it would give here, whatever becomes of that process."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from pipeline.core.beside import Beside

forks = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks safely")


@forks
def test_it_is_another_process_that_sees_what_this_one_has():
    here = [1, 2]
    with Beside(lambda: (os.getpid(), here), apart=True) as beside:
        pid, seen = beside.result()
    assert pid != os.getpid()
    assert seen == here


def test_it_is_done_here_where_no_other_process_is_wanted():
    with Beside(os.getpid, apart=False) as beside:
        assert beside.result() == os.getpid()


@forks
@pytest.mark.parametrize("end", [lambda: os._exit(3), lambda: os.kill(os.getpid(), signal.SIGKILL)])
def test_work_whose_process_dies_is_done_here(end):
    own = os.getpid()
    with Beside(lambda: os.getpid() == own or end(), apart=True) as beside:
        assert beside.result() is True


def test_it_raises_what_the_work_raises():
    def fail():
        raise LookupError("no such thing")

    with Beside(fail, apart=True) as beside, pytest.raises(LookupError, match="no such thing"):
        beside.result()


@forks
def test_an_answer_that_cannot_travel_is_worked_out_here():
    with Beside(lambda: lambda: 3, apart=True) as beside:
        assert beside.result()() == 3


@forks
def test_it_holds_none_of_the_files_that_are_open_here(tmp_path):
    def names():
        return {str(path.resolve()) for path in Path("/proc/self/fd").iterdir()}

    with (tmp_path / "lock").open("w") as lock, Beside(names, apart=True) as beside:
        assert lock.name in names()
        assert lock.name not in beside.result()


@forks
def test_leaving_the_block_ends_the_process():
    began = time.monotonic()
    with Beside(lambda: time.sleep(600), apart=True) as beside:
        process = beside._process
    assert not process.is_alive()
    assert time.monotonic() - began < 60
