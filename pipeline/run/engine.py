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
    """What became of a chunk: sources in it, and how many of them were computed.

    ``complete`` where every stage holds for every source: the next run need not look at its parts.
    """

    chunk_id: str
    sources: int
    computed: int
    complete: bool = True


class Engine(Protocol):
    """Something that does chunks."""

    def map(self, chunks: Collection[Chunk], task: Task) -> Iterator[ChunkResult]:
        """Do every chunk with a ``work.Worker(task)``, in any order; yield each result as it comes.

        ``chunks`` are read from disk as they are asked for: take few at a time. Raises ``EngineError`` where the workers cannot be had or are lost for good.
        """
        ...
