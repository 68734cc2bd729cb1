import re
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from pipeline.core.limits import TimeLimit, each_within, time_limit

# The limit of a test is an alarm, too; these tests look at the alarm itself.
pytestmark = pytest.mark.timeout(method="thread")


def spin(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_python_code_is_interrupted() -> None:
    began = time.monotonic()
    with pytest.raises(TimeLimit, match=r"0\.2 seconds"), time_limit(0.2):
        spin(20)
    assert time.monotonic() - began < 3
    time.sleep(0.01)


def test_a_regular_expression_is_interrupted() -> None:
    began = time.monotonic()
    with pytest.raises(TimeLimit), time_limit(0.3):
        re.match(r"(?:a+)+$", "a" * 60 + "b")
    assert time.monotonic() - began < 5


def test_broad_handlers_do_not_swallow_it() -> None:
    def careless() -> None:
        while True:
            try:
                spin(20)
            except Exception:
                continue

    with pytest.raises(TimeLimit), time_limit(0.2):
        careless()


def test_one_that_was_lost_comes_again() -> None:
    lost: list[BaseException] = []

    def deaf() -> None:
        try:
            spin(20)
        except BaseException as error:
            lost.append(error)
        spin(20)

    with pytest.raises(TimeLimit), time_limit(0.2):
        deaf()
    assert len(lost) == 1


def test_in_time_nothing_happens_and_nothing_stays() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(30):
        pass
    with time_limit(None), time_limit(0):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_nested_blocks() -> None:
    with pytest.raises(TimeLimit, match=r"0\.2 seconds"), time_limit(0.2), time_limit(30):
        spin(20)
    with time_limit(30):
        with pytest.raises(TimeLimit, match=r"0\.1 seconds"), time_limit(0.1):
            spin(20)
        assert 1 < signal.getitimer(signal.ITIMER_REAL)[0] <= 30
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_in_another_thread() -> None:
    seen: list[str] = []

    def work() -> None:
        try:
            with time_limit(0.2):
                spin(20)
        except TimeLimit as error:
            seen.append(str(error))
        with time_limit(0.2):
            pass
        spin(0.5)
        seen.append("went on")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert [one.split(" (")[0] for one in seen] == ["took longer than 0.2 seconds", "went on"]


def test_each_item_has_its_time() -> None:
    def items() -> Iterator[int]:
        yield 1
        spin(0.15)
        yield 2
        spin(20)
        yield 3

    timed = each_within(items(), 0.4)
    assert next(timed) == 1
    spin(0.5)
    assert next(timed) == 2
    with pytest.raises(TimeLimit):
        next(timed)
