"""The work on one chunk: take over what still holds, run the stages on the rest, write its parts.

A worker of any engine does nothing else. Doing a chunk twice gives the same bytes, so an engine may
repeat one that a lost worker left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

import pipeline.articles
from pipeline.articles.files import Member
from pipeline.core import schemas
from pipeline.core.config import Config
from pipeline.core.limits import TimeLimit, each_within, time_limit
from pipeline.core.rows import Article, Document, Failure
from pipeline.core.store import Store, encode, pieces_of
from pipeline.run.engine import ChunkResult, Job, Lost, Task
from pipeline.run.parts import CHUNK_TABLES, FAILURES, ROW_TABLES, Earlier, Pieces
from pipeline.run.plan import Chunk, Source
from pipeline.run.stages import PER_ARTICLE, WRITES, Stages, chain
from pipeline.stories.reading import note_chunk

BATCH = 64
"""Articles that pass the stages together: what bounds a worker's memory, and changes no row."""
# An article of more characters than these has a proportionally longer time limit.
_CHARACTERS = 50_000
_PROOF = Member(
    "proof.txt",
    "The minister met the ambassador in Lima on Monday, his office said.\n\n"
    "وقال الوزير يوم الأحد إنه سيزور عمّان.\n\n外长周一在北京会见大使。\n".encode(),
)
LOST = "WorkerDied"
"""The error of an input that ended its worker; see ``rescue``."""
_DEEP = ("articles", "language")
"""Stages after which rows of later stages would point into another text, or another sentence."""


class Worker:
    """Does chunks one after another with stages and models that are loaded once.

    While it lives no new run begins on the folder: a worker that outlives a killed run must not
    write into the next one. ``close`` ends that, as the end of its process does.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._stages = Stages(task.config)
        self._store = Store(task.processed)
        self._held = self._store.join()

    def prepare(self) -> None:
        """Load the models that the run needs; raises ``ConfigError`` where one is missing."""
        for name in self._task.wanted:
            if name != "articles":
                self._stages.stage(name)

    def prove(self) -> None:
        """Run the stages over sentences of our own: what ends this process now is not its input."""
        document = [
            Document(item)
            for item in pipeline.articles.read_articles(_PROOF, source=_PROOF.name, config=self._task.config.reading)
            if isinstance(item, Article)
        ]
        for name in PER_ARTICLE[1:]:
            if name in self._task.wanted:
                document, _ = run_stage(self._stages, name, document)

    def __call__(self, chunk: Chunk) -> ChunkResult:
        """Bring the chunk's parts up to date, and note what the stage over all articles needs of them."""
        return self._noted(process_chunk(chunk, self._stages, self._store, self._task.wanted))

    def _noted(self, result: ChunkResult) -> ChunkResult:
        if len(self._task.wanted) > 1:
            with self._stages.additions.active():
                note_chunk(self._store, result.chunk_id)
        return result

    def do(self, job: Job) -> ChunkResult:
        """Do one step of a rescue."""
        pieces = pieces_of(self._store)
        others = [Earlier(pieces, piece) for piece in job.pieces]
        into = pieces if job.aside else None
        result = process_chunk(
            job.chunk, self._stages, self._store, job.stages,
            into=into, others=others, lost=job.lost, only=job.only,
        )  # fmt: skip
        return result if job.aside else self._noted(result)

    def close(self) -> None:
        """Let the next run begin."""
        self._held.close()


def process_chunk(
    chunk: Chunk, stages: Stages, store: Store, wanted: Sequence[str], *,
    into: Store | None = None, others: Sequence[Earlier] = (), lost: Lost | None = None,
    only: tuple[int, int] | None = None,
) -> ChunkResult:  # fmt: skip
    """Bring a chunk's parts up to date and write those that changed.

    Where ``wanted`` is one stage, it alone is run, on the sources for which the stages before hold.
    Rows of later stages stay as they are, stale, except where they would point into another text.
    ``into`` is another place for the parts, ``others`` are more parts whose rows may be taken over.
    ``lost``: the stages fail there instead of being run. ``only``: see ``Job``. Raises ``WriteError``.
    """
    earlier = [*(Earlier(store, c) for c in chunk.before), *others]
    return _ChunkWork(chunk, stages, into or store, tuple(wanted), earlier, lost).run(only)


@dataclass(slots=True)
class _State:
    """A source while it is worked on: what its earlier rows are, and what is to be done."""

    source: Source
    prints: dict[str, str]
    earlier: Earlier | None
    depth: int
    todo: tuple[str, ...]
    failures: dict[str, list[Failure]] = field(default_factory=dict)

    def settled(self) -> int:
        """How many stages hold once the work is done."""
        return self.depth + len(self.todo)

    def makes(self, table: str) -> bool:
        """Whether the work makes the table's rows anew."""
        return any(table in WRITES[stage] for stage in self.todo)

    def keeps(self, table: str) -> bool:
        """Whether the table's earlier rows stay: they hold, or are stale but point into this text."""
        writers = writers_of(table)
        if PER_ARTICLE.index(writers[-1]) < self.depth:
            return True
        return not (self.todo and self.todo[0] in _DEEP)


def writers_of(table: str) -> tuple[str, ...]:
    """The stages that shape a table's rows; all of them the failures."""
    return tuple(s for s in PER_ARTICLE if table in WRITES[s]) or PER_ARTICLE


class _ChunkWork:
    """The rows of one chunk while they are brought up to date."""

    def __init__(
        self, chunk: Chunk, stages: Stages, store: Store, wanted: tuple[str, ...], others: Sequence[Earlier],
        lost: Lost | None,
    ) -> None:  # fmt: skip
        self._chunk, self._stages, self._store, self._wanted = chunk, stages, store, wanted
        self._own = Earlier(store, chunk.chunk_id)
        self._others, self._lost = others, lost
        self._states = [self._state(s) for s in chunk.sources]
        self._new: dict[str, dict[str, list[tuple[pa.Table, int, int]]]] = {t: {} for t in ROW_TABLES}

    def run(self, only: tuple[int, int] | None = None) -> ChunkResult:
        """Do the work and write."""
        batch: list[tuple[_State, Document]] = []
        count = 0
        for state in self._states:
            if not state.todo:
                continue
            if self._lost is not None and self._lost.articles is None:
                self._give_up(state, None)
            for document in self._documents(state):
                if only is None or only[0] <= count < only[1]:
                    batch.append((state, document))
                count += 1
                if len(batch) >= BATCH:
                    self._pass(batch, count - len(batch))
                    batch = []
        self._pass(batch, count - len(batch))
        moved = {s.source.name for s in self._states if s.todo and not s.source.is_still()}
        if only is None:
            self._write(moved)
        return ChunkResult(
            self._chunk.chunk_id,
            len(self._states),
            sum(1 for s in self._states if s.todo),
            not moved and all(s.settled() == len(PER_ARTICLE) for s in self._states),
            count,
        )

    def _give_up(self, state: _State, index: int | None) -> None:
        """Write down what ended a worker: a file in its first stage, or an article of it."""
        assert self._lost is not None
        stage = state.todo[0]
        failure = Failure(state.source.name, index, stage, LOST, self._lost.message)
        state.failures.setdefault(stage, []).append(failure)

    def _state(self, source: Source) -> _State:
        prints = chain(self._stages, source.name, source.content(self._stages.config))
        depth, earlier = self._own.depth(source.name, prints), self._own
        for other in self._others if depth < len(PER_ARTICLE) else ():
            found = other.depth(source.name, prints)
            if found > depth or (not earlier.has(source.name) and other.has(source.name)):
                depth, earlier = max(found, depth), other
        if len(self._wanted) > 1:
            todo = PER_ARTICLE[depth:]
        else:
            todo = self._wanted if PER_ARTICLE.index(self._wanted[0]) == depth else ()
        return _State(source, prints, earlier if earlier.has(source.name) else None, depth, todo)

    def _documents(self, state: _State) -> Iterator[Document]:
        if state.todo[0] != "articles":
            assert state.earlier is not None
            yield from state.earlier.documents(state.source.name, state.depth)
            return
        for item in _read(state.source, self._stages.config) if self._lost is None else ():
            if isinstance(item, Failure):
                state.failures.setdefault("articles", []).append(item)
            else:
                yield Document(item)

    def _pass(self, batch: Sequence[tuple[_State, Document]], first: int) -> None:
        """Run the stages over a batch, whose first article has this number, and keep its rows as Arrow tables."""
        states = [state for state, _ in batch]
        documents = [document for _, document in batch]
        lost = self._lost_among(first, len(batch))
        for n in lost if self._lost is not None and self._lost.articles is not None else ():
            self._give_up(states[n], documents[n].article.source_index)
        for stage in PER_ARTICLE[1:]:
            at = [n for n, state in enumerate(states) if stage in state.todo and n not in lost]
            if not at:
                continue
            answers, failures = run_stage(self._stages, stage, [documents[n] for n in at])
            for n, answer, failure in zip(at, answers, failures, strict=True):
                documents[n] = answer
                if failure is not None:
                    states[n].failures.setdefault(stage, []).append(failure)
        for table, get in _ROWS.items():
            rows: list[Any] = []
            ranges: list[tuple[str, int, int]] = []
            for state, document in zip(states, documents, strict=True):
                if state.makes(table):
                    start = len(rows)
                    rows += get(document)
                    ranges.append((state.source.name, start, len(rows)))
            data = schemas.by_name(table).to_arrow(rows) if rows else None
            for name, start, stop in ranges if data is not None else ():
                self._new[table].setdefault(name, []).append((data, start, stop))

    def _lost_among(self, first: int, count: int) -> set[int]:
        if self._lost is None:
            return set()
        return {n for n in range(count) if self._lost.articles is None or first + n in self._lost.articles}

    def _write(self, moved: set[str]) -> None:
        """Write the parts that changed, in the order of the flow, all of them together."""
        last = max(PER_ARTICLE.index(stage) for stage in self._wanted)
        files = []
        for table in CHUNK_TABLES:
            pieces = Pieces(table)
            prints: dict[str, dict[str, str]] = {}
            new = self._new.get(table, {})
            for state in self._states:
                name = state.source.name
                prints[name] = self._prints(table, state, changed=name in moved)
                if table == FAILURES:
                    pieces.add_rows(self._failures(state))
                elif state.makes(table):
                    for rows, start, stop in new.get(name, ()):
                        pieces.add(rows, (start, stop))
                elif state.earlier is not None and state.keeps(table):
                    state.earlier.add_to(pieces, name)
            data, local = pieces.put_together()
            there = self._own.part(table)
            if there is None and not len(data) and PER_ARTICLE.index(writers_of(table)[0]) > last:
                continue
            if there is None or (there.fingerprints, there.local) != (prints, local) or not there.data.equals(data):
                files.append((self._store.part(table, self._chunk.chunk_id), (encode(table, data, prints, local),)))
        if files:
            self._store.put(files)

    def _prints(self, table: str, state: _State, *, changed: bool) -> dict[str, str]:
        """The fingerprints that the part's footer holds for a source; rows that are kept though they
        are stale keep theirs, and what was read while it changed has none that will ever hold."""
        old = {} if state.earlier is None else state.earlier.prints(table, state.source.name)
        answer: dict[str, str] = {}
        for stage in writers_of(table):
            if PER_ARTICLE.index(stage) < state.depth or stage in state.todo:
                answer[stage] = "changed while it was read" if changed else state.prints[stage]
            elif (table != FAILURES and not state.makes(table) and state.keeps(table) and stage in old) or (
                table == FAILURES and self._stays(state, stage) and stage in old
            ):
                answer[stage] = old[stage]
        return answer

    def _stays(self, state: _State, stage: str) -> bool:
        """Whether the earlier rows and failures of a stage stay."""
        if stage in state.todo:
            return False
        return PER_ARTICLE.index(stage) < state.depth or state.keeps(WRITES[stage][-1])

    def _failures(self, state: _State) -> list[Failure]:
        old = [] if state.earlier is None else state.earlier.failures(state.source.name)
        return [
            failure
            for stage in PER_ARTICLE
            for failure in (
                state.failures.get(stage, [])
                if stage in state.todo
                else [f for f in old if f.stage == stage and self._stays(state, stage)]
            )
        ]


_ROWS: dict[str, Any] = {
    "articles": lambda d: (d.article,),
    "sentences": lambda d: d.sentences,
    "mentions": lambda d: d.mentions,
    "events": lambda d: d.events,
    "arguments": lambda d: d.arguments,
}


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
    articles = pipeline.articles.read_articles(
        source.path, source=source.name, config=config.reading, seconds=seconds, span=source.span
    )
    try:
        for item in each_within(articles, _patience(seconds)):
            yield item if isinstance(item, Failure) else _storable(item)
    except (Exception, TimeLimit) as error:  # one bad file must never stop a run, whatever a parser raises
        yield _failure(source.name, None, "articles", error)


def _storable(article: Article) -> Article | Failure:
    """The article, or a failure where a reader let half a surrogate pair through, which no table can hold."""
    try:
        for text in (article.text, article.url, article.title, article.author, article.publisher):
            (text or "").encode()
    except UnicodeEncodeError as error:
        return _failure(article.source, article.source_index, "articles", error)
    return article


def _patience(seconds: float) -> float:
    """What may pass before the next article of a file comes: the way to it (blank lines, pictures of a
    web archive, unpacking) is no fault of an article, but may not go on for ever."""
    return max(4 * seconds, 120.0) if seconds else 0.0


def _allowance(documents: Sequence[Document], seconds: float) -> float:
    """What a stage may take: each article has its own limit, and a long one has more."""
    return seconds * max(1.0, sum(len(d.article.text) for d in documents) / _CHARACTERS)


def _failure(source: str, index: int | None, stage: str, error: BaseException) -> Failure:
    message = " ".join(str(error).split())[:500].encode("utf-8", "replace").decode() or "no message"
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
