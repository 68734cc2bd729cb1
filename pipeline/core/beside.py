"""Work that goes on beside this process, in one that is forked from it and sees what it sees."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

Answer = TypeVar("Answer")
_STANDARD = 3
"""Files below this number are the standard streams."""


class Beside(Generic[Answer]):
    """Work that a forked process does while this one does other things; ``result`` gives its answer.

    The work must change nothing but its answer, which can be pickled. Where ``apart`` is not wanted,
    where the system cannot fork safely, or the process dies (memory ends, it is killed), the work is
    done here when its answer is asked for. Leaving the block ends the process.
    """

    def __init__(self, work: Callable[[], Answer], *, apart: bool) -> None:
        self._work = work
        self._process: Any = None
        # macOS can fork, but not safely once its own libraries were used.
        if apart and sys.platform == "linux":
            with suppress(OSError):
                self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe(duplex=False)
        with theirs:
            process = context.Process(target=_serve, args=(self._work, theirs), daemon=True)
            process.start()
        self._process = process

    def result(self) -> Answer:
        """The answer; raises what the work raises."""
        if self._process is not None:
            with suppress(EOFError, OSError):
                return cast(Answer, pickle.loads(self._pipe.recv_bytes()))
        return self._work()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()


def _serve(work: Callable[[], Any], pipe: Connection[Any, Any]) -> None:
    """The forked process: work, answer, end. It says nothing where the work fails: it is done again."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _let_go(pipe.fileno())
        # What is there already stays where it is, shared with the process that forked this one.
        gc.freeze()
        threading.Thread(target=end_with_parent, daemon=True).start()
        be_the_first_to_go()
        pipe.send_bytes(pickle.dumps(work(), protocol=pickle.HIGHEST_PROTOCOL))
    finally:
        os._exit(0)


def _let_go(*needed: int) -> None:
    """Close the files that were open when this process was forked: a lock must end with its owner."""
    parent = multiprocessing.parent_process()
    kept = {*needed, *([] if parent is None else [parent.sentinel])}
    for name in os.listdir("/proc/self/fd"):
        if int(name) >= _STANDARD and int(name) not in kept:
            with suppress(OSError):
                os.close(int(name))


def be_the_first_to_go() -> None:
    """Where Linux runs out of memory, let it end this process, which can be replaced, not the run itself."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as out:
        out.write("500")


def end_with_parent() -> None:
    """A killed run cannot tell the processes it started to stop: they watch for its end themselves."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
