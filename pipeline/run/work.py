"""The work on one chunk: take over what still holds, run the stages on the rest, write its parts.

A worker of any engine does nothing else. Doing a chunk twice gives the same bytes, so an engine may
repeat one that a lost worker left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pipeline.articles
from pipeline.core import schemas
from pipeline.core.config import Config
from pipeline.core.limits import TimeLimit, each_within, time_limit
from pipeline.core.rows import Article, Document, Failure
from pipeline.core.store import Store
from pipeline.run.engine import ChunkResult, Task
from pipeline.run.plan import Chunk, Source
from pipeline.run.stages import PER_ARTICLE, WRITES, Stages, chain

CHUNK_TABLES = ("articles", "sentences", "mentions", "events", "arguments", "failures")
# An article of more characters than these has a proportionally longer time limit.
_CHARACTERS = 50_000
_TABLE = {t.name: t for t in schemas.TABLES}


class Worker:
    """Does chunks one after another with stages and models that are loaded once."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._stages = Stages(task.config)
        self._store = Store(task.processed)

    def __call__(self, chunk: Chunk) -> ChunkResult:
        """Bring the chunk's parts up to date."""
        return process_chunk(chunk, self._stages, self._store, self._task.wanted)


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
    seconds = config.run.seconds_per_article
    articles = pipeline.articles.read_articles(source.path, source=source.name, config=config.reading, seconds=seconds)
    try:
        yield from each_within(articles, _patience(seconds))
    except (Exception, TimeLimit) as error:  # one bad file must never stop a run, whatever a parser raises
        yield _failure(source.name, None, "articles", error)


def _patience(seconds: float) -> float:
    """What may pass before the next article of a file comes: the way to it (blank lines, pictures of a
    web archive, unpacking) is no fault of an article, but may not go on for ever."""
    return max(4 * seconds, 120.0) if seconds else 0.0


def _allowance(documents: Sequence[Document], seconds: float) -> float:
    """What a stage may take: each article has its own limit, and a long one has more."""
    return seconds * max(1.0, sum(len(d.article.text) for d in documents) / _CHARACTERS)


def _failure(source: str, index: int | None, stage: str, error: BaseException) -> Failure:
    message = " ".join(str(error).split())[:500] or "no message"
    return Failure(source, index, stage, type(error).__name__, message)


def run_stage(stages: Stages, name: str, documents: Sequence[Document]) -> tuple[list[Document], list[Failure | None]]:
    """Run a stage over documents; where the batch fails, each document alone.

    Returns one document and one failure (or None) for each document given; a document on which
    the stage fails comes back as it was.
    """
    stage = stages.stage(name)
    seconds = stages.config.run.seconds_per_article
    try:
        with time_limit(_allowance(documents, seconds)):
            return stage.run(documents), [None] * len(documents)
    except (Exception, TimeLimit):  # the culprit is found below, one document at a time
        answers: list[Document] = []
        failures: list[Failure | None] = []
        for document in documents:
            try:
                with time_limit(_allowance([document], seconds)):
                    answers += stage.run([document])
                failures.append(None)
            except (Exception, TimeLimit) as error:
                answers.append(document)
                article = document.article
                failures.append(_failure(article.source, article.source_index, name, error))
        return answers, failures
