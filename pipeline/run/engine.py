"""What carries a run's chunks to workers: the one seam between the run and where it runs.

An engine gets the chunks that are to be done and what every worker needs to do them, and tells of
each as it is done. Order is free: parts do not depend on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.core.config import Config
from pipeline.run.plan import Chunk


class EngineError(Exception):
    """The workers cannot do their work; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every worker needs, besides its chunks; it can be pickled.

    ``wanted`` are the stages to run, in order. ``work.Worker(task)`` is a worker.
    """

    processed: Path
    config: Config
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What became of a chunk: sources in it, how many of them were computed, and articles that passed
    a stage or were passed over by ``Job.only``.

    ``complete`` where every stage holds for every source: the next run need not look at its parts.
    """

    chunk_id: str
    sources: int
    computed: int
    complete: bool = True
    articles: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """What is given up instead of being worked on, and why: articles by their number among the file's, None for all."""

    message: str
    articles: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Work on a chunk that ended its worker before, or on one file of it (see ``rescue``).

    ``stages`` are those to run. ``aside``: the rows go into the folder of pieces, which no reader
    sees. ``lost`` goes into `failures`. ``pieces`` are the chunks of that folder whose rows are taken
    over. ``only``: the stages run on the file's articles from one number to before another, and
    nothing is written.
    """

    chunk: Chunk
    stages: tuple[str, ...]
    aside: bool = False
    lost: Lost | None = None
    pieces: tuple[str, ...] = ()
    only: tuple[int, int] | None = None


class Engine(Protocol):
    """Something that does chunks."""

    def map(self, chunks: Collection[Chunk], task: Task) -> Iterator[ChunkResult]:
        """Do every chunk with a ``work.Worker(task)``, in any order; yield each result as it comes.

        ``chunks`` are read from disk as they are asked for: take few at a time. A worker that dies
        costs its chunk nothing but time (see ``rescue``). Raises ``ConfigError`` before the first
        chunk where a worker lacks what it needs, a model mostly, ``EngineError`` where workers cannot
        be had or none stays alive, and what a worker told of its store.
        """
        ...
