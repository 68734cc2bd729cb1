"""What a run has to do: the inputs of today beside what the manifest and the parts tell of the last run."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.articles.ranges import Cutting
from pipeline.core.config import Config
from pipeline.core.store import Store
from pipeline.run import manifest
from pipeline.run.manifest import Header, Last, Line
from pipeline.run.parts import CHUNK_TABLES
from pipeline.run.plan import LARGE_BYTES, Chunk, Known, count_files, cut_chunks, find_sources, mean_files
from pipeline.run.stages import PER_ARTICLE, Stages


class Stamps:
    """Size and time of the parts of all chunks, in one string a chunk."""

    def __init__(self, store: Store) -> None:
        self._stamps = {t: store.stamps(t) for t in CHUNK_TABLES}

    def of(self, chunk_id: str) -> str:
        """A chunk's stamp: it changes with every touch of one of its parts."""
        stamps = "|".join(self._stamps[t].get(chunk_id, "") for t in CHUNK_TABLES)
        return hashlib.sha256(stamps.encode()).hexdigest()[:16]


@dataclass(slots=True)
class Plan:
    """The work of a run; the chunks themselves stand in the manifest."""

    signatures: dict[str, dict[str, str]]
    cut: str
    config: Config
    files: int = 0
    sources: int = 0
    settled_sources: int = 0
    removed: int = 0
    todo: set[str] = field(default_factory=set)
    chunk_ids: set[str] = field(default_factory=set)
    abandoned: tuple[str, ...] = ()
    _takers: Counter[str] = field(default_factory=Counter)

    def fingerprint(self, chunk: Chunk) -> str:
        """Hash of all that shapes a chunk's parts, before the stage over all articles."""
        return fingerprint_chunk(chunk, self.signatures, self.config)

    def add(self, chunk: Chunk, *, settled: bool) -> None:
        """Take up a chunk."""
        self.chunk_ids.add(chunk.chunk_id)
        self.sources += len(chunk.sources)
        self.files += sum(1 for s in chunk.sources if s.span is None or s.span.first == 0)
        if settled:
            self.settled_sources += len(chunk.sources)
        else:
            self.todo.add(chunk.chunk_id)
            self._takers.update(chunk.before)

    def end(self, known_chunks: Collection[str]) -> None:
        """Find the earlier chunks that no chunk takes rows from and that are no more."""
        self.abandoned = tuple(c for c in known_chunks if c not in self.chunk_ids and not self._takers[c])

    def taken_over(self, chunk: Chunk) -> list[str]:
        """Earlier chunks that are no more and whose last rows this chunk has taken over."""
        self._takers.subtract(chunk.before)
        return [c for c in chunk.before if c not in self.chunk_ids and self._takers[c] == 0]


def fingerprint_chunk(chunk: Chunk, signatures: dict[str, dict[str, str]], config: Config) -> str:
    """Hash of a chunk's sources and of the stages' signatures."""
    digest = hashlib.sha256()
    for name in PER_ARTICLE:
        digest.update(repr(sorted(signatures.get(name, {}).items())).encode())
    for source in chunk.sources:
        digest.update(f"{source.name}\0{source.content(config)}\n".encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def cutting_of(config: Config, header: Header) -> Cutting:
    """How large files are cut."""
    size = config.run.part_bytes
    return Cutting(config.reading, config.run.part_records, size, min(LARGE_BYTES, size), before=header.cut)


def make_plan(*, raw: Path, store: Store, stages: Stages, header: Header, wanted: Sequence[str], began: float) -> Plan:
    """Find out what is to be done and write it down; from then on the manifest vouches for no chunk of it.

    Raises ``PlanError`` where the raw folder cannot be read, ``WriteError``.
    """
    config = stages.config
    cutting = cutting_of(config, header)
    plan = Plan({name: stages.parts(name) for name in PER_ARTICLE}, cutting.fingerprint(), config)
    mean = mean_files(count_files(raw))
    stamps = Stamps(store)
    before: dict[str, tuple[str | None, str | None]] = {}

    def earlier() -> Iterator[Chunk]:
        for line in manifest.read_lines(store.folder, raw):
            before[line.chunk.chunk_id] = (line.fingerprint, line.stamp)
            yield line.chunk

    known = Known(earlier())

    def lines() -> Iterator[Line]:
        for chunk in cut_chunks(find_sources(raw, known, cutting), mean=mean):
            print_, stamp = before.get(chunk.chunk_id, (None, None))
            settled = print_ == plan.fingerprint(chunk) and stamp == stamps.of(chunk.chunk_id)
            plan.add(chunk, settled=settled)
            yield Line(chunk, print_, stamp) if settled else Line(chunk)

    start = replace(header, cut=plan.cut, signatures=plan.signatures, last=Last(began, None, tuple(wanted)))
    manifest.write(store, start, lines())
    plan.removed = known.removed
    plan.end(before)
    return plan
