"""What a run would find to do: inputs that are new, changed, stale or gone, beside what the tables hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.config import Config
from pipeline.core.store import Store
from pipeline.run import manifest
from pipeline.run.manifest import Header, Last
from pipeline.run.parts import FAILURES, Earlier
from pipeline.run.plan import Chunk, Known, Source, count_files, cut_chunks, find_sources, mean_files
from pipeline.run.planning import Stamps, cutting_of, fingerprint_chunk
from pipeline.run.stages import PER_ARTICLE, Stages, chain_of, signature_of

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Stale:
    """A stage whose rows no longer hold: for how many files, and what changed (code, settings, words,
    model, libraries; "an earlier stage"; "not yet run")."""

    stage: str
    files: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often a stage gave up for a reason."""

    stage: str
    error: str
    count: int


@dataclass(slots=True)
class Status:
    """The state of a folder of tables beside its raw folder; files are counted, not ranges of them."""

    files: int = 0
    up_to_date: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    stale: list[Stale] = field(default_factory=list)
    unreadable: int = 0
    examples: dict[str, list[str]] = field(default_factory=dict)
    """First names of new, changed, removed and unreadable files."""
    stories_stale: bool = False
    failures: list[FailureCount] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    last: Last | None = None
    running: bool = False

    @property
    def nothing_to_do(self) -> bool:
        """Whether a run would change nothing."""
        return not (self.new or self.changed or self.removed or self.stale or self.stories_stale)


def read_status(*, raw: Path, processed: Path, config: Config) -> Status:
    """Hold the inputs against the tables. Nothing is written and no lock is taken.

    Only files whose size or time has changed are read, and of the parts only those of chunks in
    which something is new. Raises ``PlanError`` where there is no raw folder, ``ConfigError``.
    """
    store, stages = Store(processed), Stages(config)
    header = manifest.read_header(processed)
    status = Status(last=header.last, running=store.is_locked())
    look = _Look(store, stages, header, raw)
    for chunk in look.chunks():
        look.at(chunk)
    look.tell(status)
    status.rows = {t: store.count_rows(t) for t in ("articles", "events", "entities", "stories", FAILURES)}
    status.failures = _failures(store)
    from pipeline.stories import stage as stories_stage

    with stages.additions.active():
        current = stories_stage.is_current(store, header.stories)
    status.stories_stale = bool(status.rows["articles"]) and not current
    return status


class _Look:
    """Goes through the chunks that a run would make and tells each file's state."""

    def __init__(self, store: Store, stages: Stages, header: Header, raw: Path) -> None:
        self._store, self._stages, self._raw = store, stages, raw
        self._stamps = Stamps(store)
        self._lines: dict[str, tuple[str | None, str | None]] = {}
        self._recorded = header.signatures
        self._changes = {s: _changes(header.signatures.get(s, {}), stages.parts(s)) for s in PER_ARTICLE}
        self._old = {s: signature_of(s, header.signatures.get(s, {})) for s in PER_ARTICLE}
        self._known = Known(self._earlier())
        self._header = header
        self._states: dict[str, set[str]] = {}
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def chunks(self) -> Iterator[Chunk]:
        """The chunks of today."""
        cutting = cutting_of(self._stages.config, self._header)
        yield from cut_chunks(find_sources(self._raw, self._known, cutting), mean=mean_files(count_files(self._raw)))

    def at(self, chunk: Chunk) -> None:
        """Take up a chunk's files."""
        print_, stamp = self._lines.get(chunk.chunk_id, (None, None))
        before = fingerprint_chunk(chunk, self._recorded, self._stages.config)
        if print_ == before and stamp == self._stamps.of(chunk.chunk_id):
            depth = next((n for n, s in enumerate(PER_ARTICLE) if self._changes[s]), len(PER_ARTICLE))
            for source in chunk.sources:
                held = PER_ARTICLE[depth] if depth < len(PER_ARTICLE) else "up to date"
                self._count(source, "unreadable" if source.sha256 is None else held)
            return
        parts = [Earlier(self._store, c) for c in (chunk.chunk_id, *chunk.before)]
        for source in chunk.sources:
            self._count(source, self._state(source, parts))

    def tell(self, status: Status) -> None:
        """Write the counts down."""
        self._flush()
        status.files = sum(self._counts.values())
        status.up_to_date, status.new, status.changed = (self._counts[s] for s in ("up to date", "new", "changed"))
        status.unreadable = self._counts["unreadable"]
        status.removed = self._known.removed
        if self._known.first_removed:
            self._examples["removed"] = self._known.first_removed[:_EXAMPLES]
        status.examples = {k: v for k, v in self._examples.items() if k in ("new", "changed", "removed", "unreadable")}
        total = 0
        for stage in PER_ARTICLE:
            here = self._counts[stage]
            why = self._changes[stage] or (("an earlier stage",) if total else ("not yet run",))
            total += here
            if total:
                status.stale.append(Stale(stage, total, why))

    def _earlier(self) -> Iterator[Chunk]:
        for line in manifest.read_lines(self._store.folder, self._raw):
            self._lines[line.chunk.chunk_id] = (line.fingerprint, line.stamp)
            yield line.chunk

    def _state(self, source: Source, parts: list[Earlier]) -> str:
        if source.sha256 is None:
            return "unreadable"
        content = source.content(self._stages.config)
        now = chain_of({s: self._stages.signature(s) for s in PER_ARTICLE}, source.name, content)
        before = chain_of(self._old, source.name, content)
        held = [p for p in parts if p.has(source.name)]
        if not held:
            return "new"
        depth = max(p.depth(source.name, now) for p in held)
        if depth == len(PER_ARTICLE):
            return "up to date"
        if depth or max(p.depth(source.name, before) for p in held):
            return PER_ARTICLE[depth]
        return "changed"

    def _count(self, source: Source, state: str) -> None:
        if source.span is not None:
            # The ranges of a file follow one another; the file is counted once, after the last.
            if source.name not in self._states:
                self._flush()
            self._states.setdefault(source.name, set()).add(state)
            return
        self._flush()
        self._add(source.name, state)

    def _flush(self) -> None:
        for name, states in self._states.items():
            if len(states) == 1:
                self._add(name, next(iter(states)))
            else:
                ahead = [s for s in PER_ARTICLE if s in states]
                self._add(name, "changed" if states & {"new", "changed"} else ahead[0])
        self._states.clear()

    def _add(self, name: str, state: str) -> None:
        self._counts[state] += 1
        names = self._examples.setdefault(state, [])
        if len(names) < _EXAMPLES:
            names.append(name)


def _changes(before: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    return tuple(kind for kind in now if before.get(kind) != now[kind]) if before else ()


def _failures(store: Store) -> list[FailureCount]:
    counts: Counter[tuple[str, str]] = Counter()
    for path in store.parts(FAILURES):
        with suppress(OSError, pa.ArrowException):
            if pq.read_metadata(path).num_rows:
                data = pq.read_table(path, columns=["stage", "error"])
                counts.update(zip(data.column("stage").to_pylist(), data.column("error").to_pylist(), strict=True))
    return [FailureCount(stage, error, n) for (stage, error), n in sorted(counts.items())]
