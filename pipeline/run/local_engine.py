"""Workers on this machine: processes, or this process itself."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any

from pipeline.core.beside import be_the_first_to_go, end_with_parent
from pipeline.core.forking import warm_up
from pipeline.run.engine import ChunkResult, EngineError, Job, Task
from pipeline.run.plan import Chunk
from pipeline.run.rescue import OUT_OF_MEMORY, STARTS, Death, no_worker_lives, rescue_all
from pipeline.run.work import Worker


@dataclass(frozen=True, slots=True)
class InProcess:
    """One worker, in this process: the least start-up, and an input that ends it ends the run."""

    def map(self, chunks: Collection[Chunk], task: Task) -> Iterator[ChunkResult]:
        """See ``Engine.map``."""
        if not chunks:
            return
        worker = Worker(task)
        try:
            worker.prepare()
            yield from map(worker, chunks)
        finally:
            worker.close()


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """``workers`` processes. One that dies is replaced, and its chunk is tried again at the end."""

    workers: int

    def map(self, chunks: Collection[Chunk], task: Task) -> Iterator[ChunkResult]:
        """See ``Engine.map``."""
        if not chunks:
            return
        warm_up()
        pool = _Pool(task)
        try:
            yield from pool.map(iter(chunks), min(self.workers, len(chunks)))
        finally:
            pool.close()
        yield from rescue_all(pool.suspects, task, pool.lone)


@dataclass(frozen=True, slots=True)
class _Here:
    """What a worker shares with this process beyond its task: the server that it is forked from may
    have begun in another folder and environment."""

    folder: str
    environment: dict[str, str]

    def enter(self) -> None:
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)


class _Pool:
    """The worker processes of one run, and the chunks that ended some of them."""

    def __init__(self, task: Task) -> None:
        self.suspects: list[Chunk] = []
        self._task, self._here = task, _Here(str(Path.cwd()), dict(os.environ))
        self._workers: list[_Process] = []

    def map(self, chunks: Iterator[Chunk], count: int) -> Iterator[ChunkResult]:
        """Do the chunks; those whose workers died are left in ``suspects``."""
        self._workers = [self._start() for _ in range(count)]
        failed_starts = 0
        while self._workers:
            for worker in wait_for([w.pipe for w in self._workers]):
                at = next(w for w in self._workers if w.pipe is worker)
                chunk, starting = at.chunk, at.starting
                outcome = at.take()
                if isinstance(outcome, ChunkResult):
                    failed_starts = 0
                    yield outcome
                if not isinstance(outcome, Death):
                    self._feed(at, chunks)
                    continue
                self._workers.remove(at)
                at.close()
                if chunk is not None:
                    self.suspects.append(chunk)
                failed_starts += starting
                if starting and not self._workers and failed_starts >= STARTS:
                    raise no_worker_lives(outcome)
                following = next(chunks, None)
                # Where a fresh worker dies beside others, there is room for these alone.
                if following is not None:
                    chunks = chain([following], chunks)
                    if not (starting and self._workers):
                        self._workers.append(self._start(prove=True))

    def _feed(self, worker: _Process, chunks: Iterator[Chunk]) -> None:
        chunk = next(chunks, None)
        if chunk is None:
            self._workers.remove(worker)
            worker.close()
        else:
            worker.give(chunk)

    def lone(self) -> _Process:
        """A fresh worker that has proved itself; raises ``EngineError`` where none can be had."""
        death: Death | None = None
        for _ in range(STARTS):
            worker = self._start(prove=True)
            outcome = worker.take()
            if not isinstance(outcome, Death):
                return worker
            worker.close()
            death = outcome
        raise no_worker_lives(death)

    def _start(self, *, prove: bool = False) -> _Process:
        try:
            return _Process(self._task, self._here, prove=prove)
        except OSError as error:
            raise EngineError(
                f"cannot start a worker process: {error.strerror}; run again with fewer --workers"
            ) from error

    def close(self) -> None:
        """End the workers; one that is at a chunk finishes it."""
        for worker in self._workers:
            worker.close()
        self._workers = []


class _Process:
    """A worker process and what it is at."""

    def __init__(self, task: Task, here: _Here, *, prove: bool) -> None:
        context = multiprocessing.get_context("forkserver")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, task, here, prove), daemon=True)
        self._process.start()
        theirs.close()
        self.starting = True
        self.chunk: Chunk | None = None

    def give(self, chunk: Chunk) -> None:
        """Hand a chunk over."""
        self.chunk = chunk
        self._send(chunk)

    def do(self, job: Job) -> ChunkResult | Death:
        """See ``rescue.Lone``."""
        self._send(job)
        outcome = self.take()
        assert outcome is not None
        return outcome

    def take(self) -> ChunkResult | Death | None:
        """Wait for its answer: None once it has started; raises what it raised."""
        self.starting, self.chunk = False, None
        try:
            answer = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            return Death(self._process.exitcode)
        if isinstance(answer, BaseException):
            raise answer
        found: ChunkResult | Death | None = answer
        return found

    def close(self) -> None:
        """Let it end after what it is at."""
        self.pipe.close()
        self._process.join()

    def _send(self, job: Chunk | Job) -> None:
        # One that is dead already is found so by ``take``.
        with suppress(OSError):
            self.pipe.send(job)


def _serve(pipe: Connection[Any, Any], task: Task, here: _Here, prove: bool) -> None:
    """A worker process: get ready, say so, then answer each chunk or job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    be_the_first_to_go()
    try:
        here.enter()
        worker = Worker(task)
        worker.prepare()
        if prove:
            worker.prove()
        answer: Any = None
    except Exception as error:
        answer = _portable(error)
    while True:
        try:
            pipe.send(answer)
            job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = worker(job) if isinstance(job, Chunk) else worker.do(job)
        except MemoryError:
            pipe.send(OUT_OF_MEMORY)
            return
        except Exception as error:
            answer = _portable(error)


def _portable(error: Exception) -> Exception:
    """The error with the worker's traceback as a note, or one that says the same where it cannot travel."""
    error.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever its class does
        return EngineError(f"a worker failed: {type(error).__name__}: {error}")
    return error
