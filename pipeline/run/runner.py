"""The run: every chunk through the stages, then what spans all articles.

Only what is new or changed is computed. A chunk's earlier rows are reused source by source and
stage by stage, as far as the fingerprints in the parts' footers allow. Parts do not depend on the
number of workers nor on what earlier runs did.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pipeline.articles
from pipeline.core import schemas
from pipeline.core.config import Config
from pipeline.core.rows import Article, Document, Failure
from pipeline.core.store import Manifest, Store
from pipeline.run.plan import Chunk, Source, cut_chunks, find_sources
from pipeline.run.stages import PER_ARTICLE, WRITES, Stages, chain

CHUNK_TABLES = ("articles", "sentences", "mentions", "events", "arguments", "failures")
_TABLE = {t.name: t for t in schemas.TABLES}


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
    workers = workers or config.run.workers or os.cpu_count() or 1
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
        for result in _results(todo, stages, store, wanted, workers):
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

            manifest.stories = stories_stage.update(store, before=manifest.stories)
        manifest.save(processed)
    outcome.failures = count_rows(store, "failures")
    outcome.seconds = time.monotonic() - began
    return outcome


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


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What became of a chunk."""

    chunk_id: str
    sources: int
    computed: int


_worker_stages: Stages | None = None


def _start_worker(config: Config) -> None:
    global _worker_stages
    _worker_stages = Stages(config)


def _work(chunk: Chunk, folder: Path, wanted: tuple[str, ...]) -> ChunkResult:
    assert _worker_stages is not None
    return process_chunk(chunk, _worker_stages, Store(folder), wanted)


def _results(
    todo: Sequence[Chunk], stages: Stages, store: Store, wanted: tuple[str, ...], workers: int
) -> Iterator[ChunkResult]:
    workers = min(workers, len(todo))
    if workers <= 1:
        for chunk in todo:
            yield process_chunk(chunk, stages, store, wanted)
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(stages.config,)) as pool:
        waiting: set[Future[ChunkResult]] = set()
        queue = list(reversed(todo))
        while True:
            while queue and len(waiting) < 2 * workers:
                waiting.add(pool.submit(_work, queue.pop(), store.folder, wanted))
            if not waiting:
                return
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()


def process_chunk(chunk: Chunk, stages: Stages, store: Store, wanted: Sequence[str]) -> ChunkResult:
    """Bring a chunk's parts up to date and write those that changed."""
    work = _ChunkWork(chunk, stages, store)
    for name in wanted:
        if name == "articles":
            work.read()
        else:
            work.apply(name)
    work.write(wanted)
    return ChunkResult(chunk.chunk_id, len(chunk.sources), len(work.computed))


class _ChunkWork:
    """The rows of one chunk while they are brought up to date, source by source."""

    def __init__(self, chunk: Chunk, stages: Stages, store: Store) -> None:
        self.chunk, self.stages, self.store = chunk, stages, store
        self.wanted_prints = {
            s.name: chain(stages, s.name, s.sha256 or f"unreadable: {s.error}") for s in chunk.sources
        }
        cid = chunk.chunk_id
        self.old_prints = {t: store.fingerprints(t, cid) for t in CHUNK_TABLES}
        self.documents: dict[str, list[Document]] = {s.name: [] for s in chunk.sources}
        self.failures: dict[str, list[Failure]] = {s.name: [] for s in chunk.sources}
        self.made: dict[str, dict[str, str]] = {s.name: {} for s in chunk.sources}
        self.computed: set[str] = set()
        self._load()

    def _load(self) -> None:
        """Take over the rows of the earlier parts, as far as each stage's fingerprint still holds."""
        cid = self.chunk.chunk_id
        tables: dict[str, list[Any]] = {t: self.store.read(_TABLE[t], cid) for t in CHUNK_TABLES}
        by_source: dict[str, list[Article]] = {}
        for article in tables["articles"]:
            by_source.setdefault(article.source, []).append(article)
        grouped: dict[str, dict[str, list[Any]]] = {}
        for name in ("sentences", "mentions", "events", "arguments"):
            groups: dict[str, list[Any]] = {}
            for row in tables[name]:
                groups.setdefault(row.article_id, []).append(row)
            grouped[name] = groups
        failures: dict[tuple[str, str], list[Failure]] = {}
        for failure in tables["failures"]:
            failures.setdefault((failure.source, failure.stage), []).append(failure)
        for source in self.chunk.sources:
            name, wanted = source.name, self.wanted_prints[source.name]
            for stage in PER_ARTICLE:
                if any(
                    self.old_prints[t].get(name, {}).get(stage) != wanted[stage] for t in (*WRITES[stage], "failures")
                ):
                    break
                self.made[name][stage] = wanted[stage]
                self.failures[name] += failures.get((name, stage), [])
            made = self.made[name]
            for article in by_source.get(name, []) if "articles" in made else []:
                aid = article.article_id
                if "language" not in made:
                    article = replace(article, language=None, languages=(), garbled=None, n_sentences=0)
                self.documents[name].append(
                    Document(
                        article,
                        tuple(grouped["sentences"].get(aid, ())) if "language" in made else (),
                        tuple(grouped["mentions"].get(aid, ())) if "entities" in made else (),
                        tuple(grouped["events"].get(aid, ())) if "events" in made else (),
                        tuple(grouped["arguments"].get(aid, ())) if "events" in made else (),
                    )
                )

    def read(self) -> None:
        """Read the sources whose articles are not there or stale."""
        for source in self.chunk.sources:
            if "articles" in self.made[source.name]:
                continue
            self._forget(source.name, "articles")
            for item in _read(source, self.stages.config):
                if isinstance(item, Failure):
                    self.failures[source.name].append(item)
                else:
                    self.documents[source.name].append(Document(item))
            self._settle(source.name, "articles")

    def apply(self, stage: str) -> None:
        """Run a stage over the sources where its rows are not there or stale."""
        before = PER_ARTICLE[PER_ARTICLE.index(stage) - 1]
        names = [s.name for s in self.chunk.sources if stage not in self.made[s.name] and before in self.made[s.name]]
        documents = [d for name in names for d in self.documents[name]]
        answers, failures = run_stage(self.stages, stage, documents)
        at = 0
        for name in names:
            count = len(self.documents[name])
            self.failures[name] += [f for f in failures[at : at + count] if f is not None]
            self.documents[name] = answers[at : at + count]
            at += count
            self._settle(name, stage)

    def _forget(self, name: str, stage: str) -> None:
        self.documents[name] = []
        self.failures[name] = []
        for later in PER_ARTICLE[PER_ARTICLE.index(stage) :]:
            self.made[name].pop(later, None)

    def _settle(self, name: str, stage: str) -> None:
        self.made[name][stage] = self.wanted_prints[name][stage]
        self.computed.add(name)

    def write(self, wanted: Sequence[str]) -> None:
        """Write the parts of the wanted stages, in the order of the flow."""
        cid = self.chunk.chunk_id
        documents = [d for s in self.chunk.sources for d in self.documents[s.name]]
        last = max(PER_ARTICLE.index(stage) for stage in wanted)
        rows: dict[str, Iterable[Any]] = {
            "articles": [d.article for d in documents],
            "sentences": [r for d in documents for r in d.sentences],
            "mentions": [r for d in documents for r in d.mentions],
            "events": [r for d in documents for r in d.events],
            "arguments": [r for d in documents for r in d.arguments],
            "failures": [f for s in self.chunk.sources for f in self.failures[s.name]],
        }
        for name, table_rows in rows.items():
            writers = [stage for stage in PER_ARTICLE if name in WRITES[stage]] or list(PER_ARTICLE)
            if name != "failures" and PER_ARTICLE.index(writers[0]) > last:
                continue
            prints = {s.name: {k: v for k, v in self.made[s.name].items() if k in writers} for s in self.chunk.sources}
            self.store.write(_TABLE[name], cid, list(table_rows), prints)


def _read(source: Source, config: Config) -> Iterator[Article | Failure]:
    if source.error is not None:
        yield Failure(source.name, None, "articles", "Unreadable", f"cannot read the file: {source.error}")
        return
    if not pipeline.articles.is_supported(source.path):
        yield Failure(
            source.name, None, "articles", "UnsupportedFormat",
            f"'{source.path.suffix or source.path.name}' is no format that is read (docs/input-formats.md)",
        )  # fmt: skip
        return
    try:
        yield from pipeline.articles.read_articles(source.path, source=source.name, config=config.reading)
    except Exception as error:  # one bad file must never stop a run, whatever a parser raises
        yield _failure(source.name, None, "articles", error)


def _failure(source: str, index: int | None, stage: str, error: Exception) -> Failure:
    message = " ".join(str(error).split())[:500] or "no message"
    return Failure(source, index, stage, type(error).__name__, message)


def run_stage(stages: Stages, name: str, documents: Sequence[Document]) -> tuple[list[Document], list[Failure | None]]:
    """Run a stage over documents; where the batch fails, each document alone.

    Returns one document and one failure (or None) for each document given; a document on which
    the stage fails comes back as it was.
    """
    stage = stages.stage(name)
    try:
        return stage.run(documents), [None] * len(documents)
    except Exception:  # the culprit is found below, one document at a time
        answers: list[Document] = []
        failures: list[Failure | None] = []
        for document in documents:
            try:
                answers += stage.run([document])
                failures.append(None)
            except Exception as error:
                answers.append(document)
                article = document.article
                failures.append(_failure(article.source, article.source_index, name, error))
        return answers, failures


def count_rows(store: Store, table: str) -> int:
    """Rows of a table, from the parts' footers."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(p).num_rows for p in store.parts(table))
