"""Workers on this machine: processes, or none where one is enough."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait as wait_for

from pipeline.run.engine import ChunkResult, EngineError, Task
from pipeline.run.plan import Chunk
from pipeline.run.work import Worker

_worker: Worker | None = None
"""This process's worker, set once as the process starts: a pool has no other place for it."""


def _start(task: Task) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = Worker(task)


def _end_with_parent() -> None:
    """A killed run cannot tell its workers to stop: they watch for its end themselves."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _work(chunk: Chunk) -> ChunkResult:
    assert _worker is not None
    return _worker(chunk)


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """``workers`` processes; one works in this process itself."""

    workers: int

    def map(self, chunks: Collection[Chunk], task: Task) -> Iterator[ChunkResult]:
        """See ``Engine.map``."""
        workers = min(self.workers, len(chunks))
        if workers <= 1:
            worker = Worker(task)
            try:
                yield from map(worker, chunks)
            finally:
                worker.close()
            return
        context = multiprocessing.get_context("forkserver")
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(task,))
        try:
            queue = iter(chunks)
            waiting: set[Future[ChunkResult]] = set()
            while True:
                waiting |= {pool.submit(_work, chunk) for chunk in islice(queue, 2 * workers - len(waiting))}
                if not waiting:
                    return
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        except BrokenProcessPool as error:
            raise EngineError(
                "a worker process was ended from outside, most often for want of memory: "
                "run again with fewer --workers; what is done stays done"
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
