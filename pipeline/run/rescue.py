"""A chunk whose worker died: tried again alone, then file by file, until what ends workers is found.

A worker may die of its input (memory exhausted, a crash in native code), of its neighbours (memory
that all of them took together), or of the machine. So such a chunk waits until all others are done
and the other workers have ended; then it is tried alone. Where that ends its worker too, each of its
files is worked on by itself, and one that does so again stage by stage. Of a file of many articles
those that end a worker in a stage are looked for by halves. The stage is given up for these articles
(reading, for the file), with a row in `failures` each, and all other rows stay.

A worker that takes the place of a dead one first proves itself on sentences of our own. So the input
is blamed only where the machine let a fresh process do the same work; where none stays alive, the
run stops and says so.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.core.store import Store
from pipeline.run.engine import ChunkResult, EngineError, Job, Lost, Task
from pipeline.run.plan import Chunk, Source

STARTS = 3
"""So many fresh workers in a row that die before their first input: it is the machine."""
MOST_DEATHS = 40
"""So many workers may die while the articles of one file are searched; then its stage is given up whole."""
_CRASHES = ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGTRAP")


@dataclass(frozen=True, slots=True)
class Death:
    """The end of a worker at work: its exit code, negative for a signal, or ``told`` in words."""

    exit_code: int | None = None
    told: str | None = None

    def __str__(self) -> str:
        """Say how it ended."""
        if self.told is not None:
            return self.told
        if self.exit_code is None or self.exit_code >= 0:
            return f"ended with exit code {self.exit_code}"
        try:
            name = signal.Signals(-self.exit_code).name
        except ValueError:
            name = f"signal {-self.exit_code}"
        if name == "SIGKILL":
            return "was killed by the system (SIGKILL), most often for want of memory"
        return f"crashed in native code ({name})" if name in _CRASHES else f"was ended by {name}"


OUT_OF_MEMORY = Death(told="had no memory left")


class Lone(Protocol):
    """A fresh worker that works while no other does."""

    def do(self, job: Job) -> ChunkResult | Death:
        """Do a job, or die of it."""
        ...

    def close(self) -> None:
        """End it."""
        ...


def rescue_all(chunks: Iterable[Chunk], task: Task, fresh: Callable[[], Lone]) -> Iterator[ChunkResult]:
    """Do chunks whose workers died, one after another; ``fresh`` gives a worker that has proved itself.

    Raises ``EngineError`` where a chunk cannot be done though each of its files could.
    """
    store = Store(task.processed)
    worker: Lone | None = None
    try:
        for chunk in chunks:
            steps = _steps(chunk, task)
            job = next(steps)
            while True:
                worker = worker or fresh()
                outcome = worker.do(job)
                if isinstance(outcome, Death):
                    worker.close()
                    worker = None
                try:
                    job = steps.send(outcome)
                except StopIteration as end:
                    yield end.value
                    break
            store.clear_pieces()
    finally:
        if worker is not None:
            worker.close()
        store.clear_pieces()


def _steps(chunk: Chunk, task: Task) -> Generator[Job, ChunkResult | Death, ChunkResult]:
    """The jobs of one rescue, each given once the outcome of the one before is known."""
    if len(chunk.sources) > 1:
        outcome = yield Job(chunk, task.wanted)
        if isinstance(outcome, ChunkResult):
            return outcome
    pieces = []
    computed = 0
    for number, source in enumerate(chunk.sources):
        piece = Chunk(f"{chunk.chunk_id}-{number:04}", (source,), (chunk.chunk_id, *chunk.before))
        pieces.append(piece.chunk_id)
        outcome = yield Job(piece, task.wanted, aside=True)
        if isinstance(outcome, ChunkResult):
            computed += outcome.computed
            continue
        computed += 1
        for stage in task.wanted:
            outcome = yield Job(piece, (stage,), aside=True)
            if isinstance(outcome, Death):
                outcome = yield from _give_up(piece, stage, outcome)
            if isinstance(outcome, Death):
                raise _stopped(chunk, outcome)
    outcome = yield Job(chunk, task.wanted, pieces=tuple(pieces))
    if isinstance(outcome, Death):
        raise _stopped(chunk, outcome)
    return replace(outcome, computed=computed)


def _give_up(piece: Chunk, stage: str, death: Death) -> Generator[Job, ChunkResult | Death, ChunkResult | Death]:
    """Find the articles of a file that end a worker in a stage, and give the stage up for them."""
    culprits: list[int] = []
    count = 0
    if stage != "articles":
        none = yield Job(piece, (stage,), aside=True, only=(0, 0))
        count = none.articles if isinstance(none, ChunkResult) else 0
    ranges = _halves(0, count)
    deaths = 0
    while ranges and deaths < MOST_DEATHS:
        first, stop = ranges.pop()
        outcome = yield Job(piece, (stage,), aside=True, only=(first, stop))
        if isinstance(outcome, Death):
            deaths += 1
            death = outcome
            if stop - first == 1:
                culprits.append(first)
            ranges += _halves(first, stop)
    if culprits and not ranges:
        lost = Lost(_message("this article", death), frozenset(culprits))
        outcome = yield Job(piece, (stage,), aside=True, lost=lost)
        if isinstance(outcome, ChunkResult):
            return outcome
    return (yield Job(piece, (stage,), aside=True, lost=Lost(_message(_name(piece.sources[0]), death))))


def _halves(first: int, stop: int) -> list[tuple[int, int]]:
    middle = (first + stop) // 2
    return [(first, middle), (middle, stop)] if stop - first > 1 else []


def _name(source: Source) -> str:
    span = source.span
    return "the file" if span is None else f"the file's records {span.first:,} to {span.first + span.count - 1:,}"


def _message(what: str, death: Death) -> str:
    return (
        f"twice, the last time alone in a fresh process, the worker that did {what} {death}; tried again when the "
        "file, the code or the configuration changes: split or repair the file, or run where there is more memory"
    )


def _stopped(chunk: Chunk, death: Death) -> EngineError:
    first, last = chunk.sources[0].name, chunk.sources[-1].name
    return EngineError(
        f"the worker that put together the rows of {first} to {last} {death}: "
        "free memory on this machine and run again; what is done stays done"
    )


def no_worker_lives(how: object) -> EngineError:
    """The error where the machine, not an input, ends the workers."""
    return EngineError(
        f"no worker stays alive on this machine, not even on a sentence of our own: each {how}; "
        "free memory or lift the limits on processes, then run again; what is done stays done"
    )
