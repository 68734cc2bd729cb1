"""The run: every chunk through the stages, then what spans all articles.

Only what is new or changed is computed. A chunk's earlier rows are reused source by source and
stage by stage, as far as the fingerprints in the parts' footers allow. Parts do not depend on the
number of workers nor on what earlier runs did.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.config import Config
from pipeline.core.store import Manifest, Store
from pipeline.run.engine import Engine, Task
from pipeline.run.local_engine import LocalEngine
from pipeline.run.plan import Chunk, cut_chunks, find_sources
from pipeline.run.stages import PER_ARTICLE, WRITES, Stages
from pipeline.run.work import CHUNK_TABLES


@dataclass(frozen=True, slots=True)
class Progress:
    """Told as a run goes on: files settled so far, of how many, and what stood still."""

    done: int
    total: int


@dataclass(slots=True)
class Outcome:
    """What a run did."""

    files: int = 0
    processed: int = 0
    reused: int = 0
    removed: int = 0
    failures: int = 0
    seconds: float = 0.0


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
    of them and the stage over all articles. ``workers`` 0 means the number of cores. Raises
    ``PlanError``, ``StoreError`` or ``ConfigError``, before the first article, with the remedy.
    """
    began = time.monotonic()
    store = Store(processed)
    wanted = PER_ARTICLE if only is None else (only,)
    engine = engine or build_engine(config, workers)
    with store.locked():
        manifest = Manifest.load(processed)
        sources = find_sources(raw, manifest)
        stages = Stages(config)
        chunks = cut_chunks(sources)
        outcome = Outcome(files=len(sources))
        todo: list[Chunk] = []
        present = {t: {p.stem.removeprefix("part-") for p in store.parts(t)} for t in CHUNK_TABLES}
        prints = {c.chunk_id: _chunk_fingerprint(stages, c, wanted) for c in chunks}
        for chunk in chunks:
            settled = manifest.chunks.get(chunk.chunk_id) == prints[chunk.chunk_id]
            if settled and all(chunk.chunk_id in present[t] for t in _tables(wanted)):
                outcome.reused += len(chunk.sources)
            else:
                todo.append(chunk)
        _check_models(stages, wanted, bool(todo))
        done = outcome.reused
        if on_progress:
            on_progress(Progress(done, len(sources)))
        for result in engine.map(todo, Task(processed, config, wanted)):
            manifest.chunks[result.chunk_id] = prints[result.chunk_id]
            outcome.processed += result.computed
            outcome.reused += result.sources - result.computed
            done += result.sources
            if on_progress:
                on_progress(Progress(done, len(sources)))
        ids = {c.chunk_id for c in chunks}
        outcome.removed = store.keep_only(CHUNK_TABLES, ids)
        manifest.chunks = {k: v for k, v in manifest.chunks.items() if k in ids}
        if only is None:
            from pipeline.stories import stage as stories_stage

            with stages.additions.active():
                manifest.stories = stories_stage.update(store, before=manifest.stories)
        manifest.save(processed)
    outcome.failures = count_rows(store, "failures")
    outcome.seconds = time.monotonic() - began
    return outcome


def build_engine(config: Config, workers: int = 0) -> Engine:
    """The configured engine; raises ``ConfigError`` where it needs what is not installed."""
    workers = workers or config.run.workers
    if config.run.engine == "ray":
        from pipeline.run.ray_engine import RayEngine

        return RayEngine(workers, config.run.ray_address)
    return LocalEngine(workers or os.cpu_count() or 1)


def _tables(wanted: Sequence[str]) -> set[str]:
    return {t for stage in wanted for t in WRITES[stage]} | {"failures"}


def _chunk_fingerprint(stages: Stages, chunk: Chunk, wanted: Sequence[str]) -> str:
    digest = hashlib.sha256("\0".join(wanted).encode())
    for name in PER_ARTICLE:
        digest.update(stages.signature(name).encode())
    for source in chunk.sources:
        digest.update(f"{source.name}\0{source.sha256}\0{source.error}\n".encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def _check_models(stages: Stages, wanted: Sequence[str], anything: bool) -> None:
    """Load what the run needs before the first article, so that a missing model stops it there."""
    for name in wanted if anything else ():
        if name != "articles":
            stages.stage(name)


def count_rows(store: Store, table: str) -> int:
    """Rows of a table, from the parts' footers."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(p).num_rows for p in store.parts(table))
