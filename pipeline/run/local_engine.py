"""Workers on this machine: processes, or none where one is enough."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass

from pipeline.run.engine import ChunkResult, Task
from pipeline.run.plan import Chunk
from pipeline.run.work import Worker

_worker: Worker | None = None
"""This process's worker, set once as the process starts: a pool has no other place for it."""


def _start(task: Task) -> None:
    global _worker
    _worker = Worker(task)


def _work(chunk: Chunk) -> ChunkResult:
    assert _worker is not None
    return _worker(chunk)


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """``workers`` processes; one works in this process itself."""

    workers: int

    def map(self, chunks: Sequence[Chunk], task: Task) -> Iterator[ChunkResult]:
        """See ``Engine.map``."""
        workers = min(self.workers, len(chunks))
        if workers <= 1:
            yield from map(Worker(task), chunks)
            return
        context = multiprocessing.get_context("forkserver")
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(task,)) as pool:
            waiting: set[Future[ChunkResult]] = set()
            queue = list(reversed(chunks))
            while True:
                while queue and len(waiting) < 2 * workers:
                    waiting.add(pool.submit(_work, queue.pop()))
                if not waiting:
                    return
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
