"""What the stage over all articles notes of each chunk: all that depends on an article alone.

Reading texts costs the most of that stage, and an article's text says the same whatever other
articles there are. So the notes of a chunk are made once, by the worker that made its parts, and
kept in ``.notes`` beside the tables until its rows change. They are a memory only: what is missing,
damaged or of other rows is made again and says the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.core.schemas import STRINGS, TIMESTAMP
from pipeline.core.store import Store
from pipeline.entities.lexicon import tables_fingerprint
from pipeline.languages import fingerprint_topics
from pipeline.stories import series
from pipeline.stories.name_pairs import Likenesses

FOLDER = ".notes"
VERSION = "5"
TOPICS = (series.TOPIC, "modes", "parties", "references")
TABLES = ("articles", "sentences", "mentions", "events", "arguments")
_KEY = b"communique"
_DIGEST = 32
_LIKENESSES, _UNLIKE = "names.json", "names.unlike"


@dataclass(frozen=True, slots=True)
class ArticleNote:
    """An article: what finding its copies and translations needs (``duplicates``, ``translations``).

    ``least`` and ``bands`` are arrays of 64-bit numbers. ``anchors`` and ``lengths`` are those of its
    paragraphs, empty where it has none that count; entity ids are those of its own stages.
    """

    article_id: str
    published: datetime | None
    language: str | None
    content_sha256: str
    shingles: int
    least: bytes
    bands: bytes
    anchors: Sequence[Sequence[str]]
    lengths: Sequence[int]


@dataclass(frozen=True, slots=True)
class NameNote:
    """How often an article (by its place in the chunk) has a mention of an entity in these words."""

    article: int
    entity_id: str
    text: str
    label: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class PartyNote:
    """That an article has an entity among the arguments of its events."""

    article: int
    entity_id: str


@dataclass(frozen=True, slots=True)
class NationNote:
    """How often the words beside a person's name say a country (``nationalities``)."""

    entity_id: str
    country: str
    count: int


@dataclass(frozen=True, slots=True)
class EventNote:
    """An event as merging needs it, before people are joined (``matching.EventMention``).

    The parties are its participants and speakers: ids of the article's own stages, words, trust.
    ``sure`` where its place can be trusted. The last five are a statement's (``statements``).
    """

    event_id: str
    article: int
    sentence_id: int
    start: int
    type: str
    mode: str | None
    status: str
    time_start: date | None
    time_end: date | None
    place: str | None
    place_entity_id: str | None
    sure: bool
    visit: bool
    ordinal: int | None
    trigger: str
    verb: bool
    line: int
    cue: str | None
    party_ids: Sequence[str | None]
    party_texts: Sequence[str]
    party_trusts: Sequence[float]
    quote: str | None
    language: str
    anchors: Sequence[str]
    bands: bytes
    opening: int


_SCHEMAS: dict[type, tuple[pa.DataType, ...]] = {
    ArticleNote: (
        pa.string(), TIMESTAMP, pa.string(), pa.string(), pa.int64(), pa.binary(), pa.binary(), pa.list_(STRINGS),
        pa.list_(pa.int64()),
    ),
    NameNote: (pa.int32(), *[pa.string()] * 4, pa.int32()),
    PartyNote: (pa.int32(), pa.string()),
    NationNote: (pa.string(), pa.string(), pa.int32()),
    EventNote: (
        pa.string(), pa.int32(), pa.int64(), pa.int64(), *[pa.string()] * 3, pa.date32(), pa.date32(), pa.string(),
        pa.string(), pa.bool_(), pa.bool_(), pa.int64(), pa.string(), pa.bool_(), pa.int64(), pa.string(),
        STRINGS, STRINGS, pa.list_(pa.float64()), pa.string(), pa.string(), STRINGS, pa.binary(), pa.int64(),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a chunk, each kind an Arrow table; ``rows`` gives them as objects."""

    chunk: str
    tables: dict[type, pa.Table]

    def rows(self, kind: type) -> Iterator[Any]:
        """The notes of one kind, in order."""
        table = self.tables[kind]
        columns = (table.column(n).to_pylist() for n in range(table.num_columns))
        return (kind(*values) for values in zip(*columns, strict=True))

    def columns(self, kind: type, *names: str) -> list[list[Any]]:
        """Some columns of the notes of one kind."""
        return [self.tables[kind].column(n).to_pylist() for n in names]


def collect(chunk: str, found: Iterable[Any]) -> Notes:
    """Put notes of all kinds together."""
    by_kind: dict[type, list[Any]] = {kind: [] for kind in _SCHEMAS}
    for note in found:
        by_kind[type(note)].append(note)
    tables = {}
    for kind, types in _SCHEMAS.items():
        names = [f.name for f in fields(kind)]
        values = list(zip(*map(attrgetter(*names), by_kind[kind]), strict=True)) or [()] * len(names)
        arrays = [pa.array(v, type=t) for v, t in zip(values, types, strict=True)]
        tables[kind] = pa.Table.from_arrays(arrays, names=names)
    return Notes(chunk, tables)


def place_of(store: Store, chunk: str) -> Path:
    """Where a chunk's notes are kept."""
    return store.folder / FOLDER / _name_of(chunk)


def _name_of(chunk: str) -> str:
    return f"{chunk}.notes"


def settings() -> str:
    """What shapes all that is noted, besides the rows: code, tables, word lists."""
    return f"{VERSION} {tables_fingerprint()} {fingerprint_topics(*TOPICS)}"


def key_of(store: Store, chunk: str) -> str:
    """Hash of what shapes a chunk's notes: the rows, by their fingerprints, and what reads them.

    Where a part does not tell what made its rows, its size and time count instead.
    """
    digest = hashlib.sha256(settings().encode())
    for table in TABLES:
        prints = store.fingerprints(table, chunk)
        digest.update(json.dumps(prints, sort_keys=True).encode())
        if not _tells(prints):
            with suppress(OSError):
                stat = store.part(table, chunk).stat()
                digest.update(f"{stat.st_size}.{stat.st_mtime_ns}".encode())
    return digest.hexdigest()


def _tells(prints: dict[str, dict[str, str]]) -> bool:
    return bool(prints) and all(" " not in p for of in prints.values() for p in of.values())


def write(store: Store, notes: Notes, key: str) -> None:
    """Keep a chunk's notes; raises ``WriteError``."""
    sink = pa.BufferOutputStream()
    for table in notes.tables.values():
        stream = table.replace_schema_metadata({_KEY: key.encode()})
        with pa.ipc.new_stream(sink, stream.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as out:
            out.write_table(stream)
    keep(store, _name_of(notes.chunk), memoryview(sink.getvalue()))


def read(store: Store, chunk: str, key: str) -> Notes | None:
    """The notes that are kept of a chunk's rows of today, or None."""
    content = kept(store, _name_of(chunk))
    if content is None:
        return None
    try:
        source = pa.BufferReader(pa.py_buffer(content))
        # Threads of its own would be one more thing that a forked process must do without.
        alone = pa.ipc.IpcReadOptions(use_threads=False)
        tables = {kind: pa.ipc.open_stream(source, options=alone).read_all() for kind in _SCHEMAS}
    except (OSError, pa.ArrowException):
        return None
    held = all((t.schema.metadata or {}).get(_KEY) == key.encode() for t in tables.values())
    return Notes(chunk, {k: t.replace_schema_metadata(None) for k, t in tables.items()}) if held else None


def keep(store: Store, name: str, content: bytes | memoryview) -> None:
    """Keep a file of notes; raises ``WriteError``."""
    store.put([(store.folder / FOLDER / name, (hashlib.sha256(content).digest(), content))])


def kept(store: Store, name: str) -> memoryview | None:
    """What is kept under a name; None where that is missing or damaged."""
    try:
        whole = memoryview((store.folder / FOLDER / name).read_bytes())
    except OSError:
        return None
    content = whole[_DIGEST:]
    return content if hashlib.sha256(content).digest() == whole[:_DIGEST] else None


def read_likenesses(store: Store) -> Likenesses:
    """What the last run found about pairs of names: their likenesses, and which are unlike at a glance."""
    content = kept(store, _LIKENESSES)
    found = {} if content is None else json.loads(bytes(content))
    if found.get("key") != settings():
        return Likenesses()
    unlike, key = kept(store, _UNLIKE), settings().encode()
    same = unlike is not None and bytes(unlike[: len(key)]) == key
    return Likenesses(
        {(a, b): like for a, b, like in found["pairs"]},
        np.frombuffer(unlike[len(key) :], dtype=np.uint64) if unlike is not None and same else None,
    )


def write_likenesses(store: Store, likenesses: Likenesses) -> None:
    """Keep those that this run used; raises ``WriteError``."""
    pairs = [[a, b, like] for (a, b), like in sorted(likenesses.used.items())]
    keep(store, _LIKENESSES, json.dumps({"key": settings(), "pairs": pairs}).encode())
    keep(store, _UNLIKE, settings().encode() + likenesses.unlike().tobytes())


def keep_only(store: Store, chunks: Iterable[str]) -> None:
    """Remove the notes of chunks that are no more."""
    kept = {place_of(store, c).name for c in chunks}
    for path in (store.folder / FOLDER).glob("*.notes"):
        if path.name not in kept:
            path.unlink(missing_ok=True)
