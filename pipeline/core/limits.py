"""Time limits: what takes too long is interrupted, so that one article cannot hold up a run."""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

_REPEAT = 1.0


class TimeLimit(BaseException):
    """The time for an article is over.

    No ``Exception``: parsers and libraries catch those broadly and would go on.
    """


def time_limit(seconds: float | None) -> AbstractContextManager[None]:
    """Raise ``TimeLimit`` in the block once it has taken so many seconds; None or 0 is no limit.

    In the main thread of a process on Linux and macOS a timer signal interrupts Python code and
    the regular expressions of ``re``, which look for signals as they go. In any other thread (and on
    systems without such timers) the exception is set from a second thread and waits for the next
    step of Python code. A call into other native code (lxml, ONNX Runtime, Arrow) is interrupted when
    it returns, in either case. Blocks may be nested; the nearest end counts.
    """
    if not seconds:
        return nullcontext()
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _by_signal(seconds)
    return _by_thread(seconds)


def each_within(items: Iterator[T], seconds: float | None) -> Iterator[T]:
    """Give the items on, each of which may take so long to come; see ``time_limit``."""
    while True:
        with time_limit(seconds):
            try:
                item = next(items)
            except StopIteration:
                return
        yield item


def _message(seconds: float) -> str:
    return f"took longer than {seconds:g} seconds (run.seconds_per_article)"


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise TimeLimit(_message(seconds))

    # A block around this one may end sooner; its timer then stays as it is.
    outer = signal.getitimer(signal.ITIMER_REAL)[0]
    if 0 < outer <= seconds:
        yield
        return
    began = time.monotonic()
    before = signal.signal(signal.SIGALRM, end)
    # The timer repeats: an exception raised inside a callback of native code or a finaliser is lost.
    signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(outer - (time.monotonic() - began), 1e-3), _REPEAT)


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    target = ctypes.c_ulong(threading.get_ident())
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    over = threading.Event()
    guard = threading.Lock()

    def watch() -> None:
        wait = seconds
        while not over.wait(wait):
            with guard:
                if not over.is_set():
                    raise_in(target, ctypes.py_object(TimeLimit))
            wait = _REPEAT

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except TimeLimit as error:
        raise TimeLimit(_message(seconds)) from error
    finally:
        with guard:
            over.set()
            # One that was set and not yet raised must not come after the block.
            raise_in(target, None)
