"""The run: every chunk through the stages, then what spans all articles.

Only what is new or changed is computed. A chunk's earlier rows are reused source by source and
stage by stage, as far as the fingerprints in the parts' footers allow. Parts do not depend on the
number of workers nor on what earlier runs did.
"""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.config import Config
from pipeline.core.store import Store
from pipeline.run import manifest
from pipeline.run.engine import ChunkResult, Engine, Task
from pipeline.run.local_engine import InProcess, LocalEngine
from pipeline.run.manifest import Header, Last, Line
from pipeline.run.parts import CHUNK_TABLES
from pipeline.run.plan import Chunk
from pipeline.run.planning import Plan, Stamps, make_plan
from pipeline.run.stages import PER_ARTICLE, Stages

_HELD_BACK = 16


@dataclass(frozen=True, slots=True)
class Progress:
    """Told as a run goes on: files (and ranges of large files) settled so far, of how many."""

    done: int
    total: int


@dataclass(slots=True)
class Outcome:
    """What a run did: raw files, those of which something was computed, those unchanged, those that
    left, rows of `failures`, and whether the stage over all articles is left to run."""

    files: int = 0
    processed: int = 0
    reused: int = 0
    removed: int = 0
    failures: int = 0
    seconds: float = 0.0
    stories_stale: bool = False


def run(
    *,
    raw: Path,
    processed: Path,
    config: Config,
    only: str | None = None,
    workers: int = 0,
    engine: Engine | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Bring the tables up to date with the raw folder.

    ``only`` names one per-article stage to run over the tables of the stage before; None runs all
    of them and the stage over all articles. ``engine`` carries the chunks to workers; by default
    ``workers`` processes on this machine, where 0 means the number of cores. Where one is enough, by
    default it is this process itself, which an input may then end. Raises ``PlanError``,
    ``StoreError`` or ``ConfigError``, before the first article, with the remedy; ``WriteError`` or
    ``EngineError`` where the run had to stop: what is done stays done, and the next run goes on.
    """
    from pipeline.stories import stage as stories_stage

    began, clock = time.time(), time.monotonic()
    store = Store(processed)
    wanted = PER_ARTICLE if only is None else (only,)
    chosen = engine or build_engine(config, workers)
    with store.locked():
        stages = Stages(config)
        header = manifest.read_header(processed)
        plan = make_plan(raw=raw, store=store, stages=stages, header=header, wanted=wanted, began=began)
        outcome = Outcome(files=plan.files, removed=plan.removed)
        _drop(store, plan.abandoned)
        tally = _Tally(plan, on_progress)
        complete: set[str] = set()
        carrier = chosen
        if engine is None and isinstance(chosen, LocalEngine) and min(chosen.workers, len(plan.todo)) <= 1:
            carrier = InProcess()
        for result in carrier.map(_Todo(plan, raw, processed, tally), Task(processed, config, wanted)):
            chunk = tally.take(result)
            if result.complete:
                complete.add(result.chunk_id)
            _drop(store, plan.taken_over(chunk))
        _keep_only(store, plan.chunk_ids)
        if only is None:
            with stages.additions.active():
                crew = chosen.workers if isinstance(chosen, LocalEngine) else 1
                header = replace(header, stories=stories_stage.update(store, before=header.stories, workers=crew))
        outcome.processed, outcome.reused = tally.files(plan)
        outcome.stories_stale = (
            only is not None and bool(store.parts("stories")) and not stories_stage.is_current(store, header.stories)
        )
        last = Last(began, time.monotonic() - clock, wanted, plan.files, outcome.processed)
        _remember(store, raw, plan, replace(header, last=last), complete)
    outcome.failures = store.count_rows("failures")
    outcome.seconds = time.monotonic() - clock
    return outcome


def build_engine(config: Config, workers: int = 0) -> Engine:
    """The configured engine; raises ``ConfigError`` where it needs what is not installed."""
    workers = workers or config.run.workers
    if config.run.engine == "ray":
        from pipeline.run.ray_engine import RayEngine

        return RayEngine(workers, config.run.ray_address)
    return LocalEngine(workers or os.cpu_count() or 1)


class _Todo(Collection[Chunk]):
    """The chunks to be done, read from the plan as they are asked for."""

    def __init__(self, plan: Plan, raw: Path, processed: Path, tally: _Tally) -> None:
        self._plan, self._raw, self._processed, self._tally = plan, raw, processed, tally

    def __len__(self) -> int:
        return len(self._plan.todo)

    def __contains__(self, chunk: object) -> bool:
        return isinstance(chunk, Chunk) and chunk.chunk_id in self._plan.todo

    def __iter__(self) -> Iterator[Chunk]:
        lines = manifest.read_lines(self._processed, self._raw) if self._plan.todo else ()
        wanted = (line.chunk for line in lines if line.chunk.chunk_id in self._plan.todo)
        for group in _small_ones_last(_together(wanted)):
            yield from map(self._tally.give, group)


def _together(chunks: Iterable[Chunk]) -> Iterator[list[Chunk]]:
    """The chunks one by one, but one that others take rows from after these: once it is written anew, it drops them."""
    group: list[Chunk] = []
    for chunk in chunks:
        if group and group[-1].chunk_id in chunk.before:
            group.insert(-1, chunk)
        else:
            if group:
                yield group
            group = [chunk]
    if group:
        yield group


def _small_ones_last(groups: Iterable[list[Chunk]]) -> Iterator[list[Chunk]]:
    """The groups with the smallest held back, so that the workers end at about the same time."""
    held: list[tuple[int, int, list[Chunk]]] = []
    for n, group in enumerate(groups):
        heapq.heappush(held, (-sum(len(chunk.sources) for chunk in group), n, group))
        if len(held) > _HELD_BACK:
            yield heapq.heappop(held)[2]
    while held:
        yield heapq.heappop(held)[2]


class _Tally:
    """Counts what is done, in files: the ranges of one file count once."""

    def __init__(self, plan: Plan, on_progress: Callable[[Progress], None] | None) -> None:
        self._given: dict[str, Chunk] = {}
        self._cut: set[str] = set()
        self._computed = 0
        self._done, self._total = plan.settled_sources, plan.sources
        self._tell = on_progress or (lambda _: None)
        self._tell(Progress(self._done, self._total))

    def give(self, chunk: Chunk) -> Chunk:
        """Remember a chunk that goes to a worker."""
        self._given[chunk.chunk_id] = chunk
        return chunk

    def take(self, result: ChunkResult) -> Chunk:
        """Count a chunk that comes back."""
        chunk = self._given.pop(result.chunk_id)
        if chunk.sources[0].span is None:
            self._computed += result.computed
        elif result.computed:
            self._cut.add(chunk.sources[0].name)
        self._done += len(chunk.sources)
        self._tell(Progress(self._done, self._total))
        return chunk

    def files(self, plan: Plan) -> tuple[int, int]:
        """Files of which something was computed, and the others."""
        computed = self._computed + len(self._cut)
        return computed, plan.files - computed


def _drop(store: Store, chunks: Collection[str]) -> None:
    for chunk in chunks:
        for table in CHUNK_TABLES:
            store.drop(table, chunk)


def _keep_only(store: Store, chunks: Collection[str]) -> None:
    """Remove the parts of other chunks, whatever wrote them."""
    for table in CHUNK_TABLES:
        for chunk in store.stamps(table):
            if chunk not in chunks:
                store.drop(table, chunk)


def _remember(store: Store, raw: Path, plan: Plan, header: Header, complete: Collection[str]) -> None:
    """Write down what is up to date now."""
    stamps = Stamps(store)

    def change(line: Line) -> Line:
        chunk = line.chunk
        settled = chunk.chunk_id in complete or (line.fingerprint is not None and chunk.chunk_id not in plan.todo)
        if not settled:
            return line
        return manifest.settle(line, plan.fingerprint(chunk), stamps.of(chunk.chunk_id))

    manifest.rewrite(store, raw, replace(header, cut=plan.cut, signatures=plan.signatures), change)
