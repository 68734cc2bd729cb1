"""Puts what the stage over all articles found into the tables of the articles' own stages.

What it put into each part is remembered in ``.notes/filled.json``, with the part's size and time:
where both are as they were, the part need not be read. The file may be lost or damaged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.core import schemas
from pipeline.core.beside import Beside
from pipeline.core.store import Batch, Store, restore
from pipeline.stories import notes

TABLES = ("articles", "mentions", "events", "arguments")
MEMORY = "filled.json"


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of articles, entities and events: the article of which one is a copy, the id that
    another stands for, names to show, and stories."""

    duplicates: Mapping[str, str]
    joined: Mapping[str, str]
    names: Mapping[str, str]
    story_of: Mapping[str, str]

    def entity(self, entity_id: str | None) -> str | None:
        """The id of an entity after the joining of people."""
        return None if entity_id is None else self.joined.get(entity_id, entity_id)


@dataclass(frozen=True, slots=True)
class Content:
    """The articles and events of a chunk, and the entities that are mentioned, places and arguments, by their ids."""

    chunk: str
    article_ids: Sequence[str]
    mentioned: Sequence[str]
    event_ids: Sequence[str]
    places: Sequence[str]
    parties: Sequence[str]


def fill(
    store: Batch,
    contents: Iterable[Content],
    answers: Answers,
    besides: Callable[[Batch], None] = lambda _: None,
    *,
    apart: bool = False,
) -> dict[str, dict[str, str]]:
    """Fill the columns of all chunks; a part in which nothing changes stays as it is.

    With ``apart`` a second process does a third of it, and ``besides``, which also writes. Returns what was
    filled into the parts of each chunk, hashed, for ``remember``. Raises ``WriteError``.
    """
    before, stamps, chunks = _read(store), _stamps(store), list(contents)

    def fill_all(batch: Batch, contents: Iterable[Content]) -> dict[str, dict[str, str]]:
        filled: dict[str, dict[str, str]] = {}
        for content in contents:
            chunk, made = content.chunk, _digests(content, answers)
            filled[chunk] = made
            known, there = before.get(chunk, {}), stamps(chunk)
            for table, fill_part in _FILL.items():
                if known.get(table) != [made[table], there[table]]:
                    fill_part(batch, chunk, answers)
        return filled

    def fill_a_third() -> tuple[dict[str, dict[str, str]], list[tuple[Path, Path]]]:
        with store.share() as batch:
            besides(batch)
            return fill_all(batch, chunks[2::3]), batch.asides

    with Beside(fill_a_third, apart=apart) as beside:
        filled = fill_all(store, [c for n, c in enumerate(chunks) if n % 3 != 2])
        others, asides = beside.result()
    store.take(asides)
    return filled | others


def remember(store: Store, filled: Mapping[str, Mapping[str, str]]) -> None:
    """Remember what was filled in, once the parts are in their places; raises ``WriteError``."""
    stamps = _stamps(store)
    content = {
        chunk: {table: [made[table], stamp] for table, stamp in stamps(chunk).items()} for chunk, made in filled.items()
    }
    notes.keep(store, MEMORY, json.dumps(content, sort_keys=True).encode())


def _read(store: Store) -> dict[str, dict[str, list[str]]]:
    content = notes.kept(store, MEMORY)
    found = {} if content is None else json.loads(bytes(content))
    return found if all(isinstance(of, dict) for of in found.values()) else {}


def _stamps(store: Store) -> Callable[[str], dict[str, str]]:
    stamps = {table: store.stamps(table) for table in TABLES}
    return lambda chunk: {table: of.get(chunk, "") for table, of in stamps.items()}


def _digests(content: Content, answers: Answers) -> dict[str, str]:
    """Hashes of what is filled into each part. Ids that stay as they are need not be told: the part has them."""

    def joined(entity_ids: Iterable[str]) -> list[tuple[str, str]]:
        return sorted((e, answers.joined[e]) for e in entity_ids if e in answers.joined)

    finals = sorted({answers.joined.get(e, e) for e in content.parties})
    found: dict[str, object] = {
        "articles": [answers.duplicates.get(a) for a in content.article_ids],
        "mentions": joined(content.mentioned),
        "events": [joined(content.places), [answers.story_of.get(e) for e in content.event_ids]],
        "arguments": [joined(content.parties), [(e, answers.names.get(e)) for e in finals]],
    }
    return {table: hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32] for table, values in found.items()}


def _fill_articles(store: Store, chunk: str, answers: Answers) -> None:
    _fill(store, "articles", chunk, "article_id", {"duplicate_of": answers.duplicates.get})


def _fill_mentions(store: Store, chunk: str, answers: Answers) -> None:
    _fill(store, "mentions", chunk, "mention_id", {}, {"entity_id": answers.entity})


def _fill_events(store: Store, chunk: str, answers: Answers) -> None:
    _fill(store, "events", chunk, "event_id", {"story_id": answers.story_of.get}, {"place_entity_id": answers.entity})


def _fill_arguments(store: Store, chunk: str, answers: Answers) -> None:
    part = _read_part(store, "arguments", chunk)
    if part is not None:
        data = part.made
        ids, shown = data.column("entity_id").to_pylist(), data.column("entity_name").to_pylist()
        final = [answers.entity(i) for i in ids]
        named = [n if f is None else answers.names.get(f, n) for f, n in zip(final, shown, strict=True)]
        _replace(store, "arguments", chunk, part, data, {"entity_id": final, "entity_name": named})


_FILL: Mapping[str, Callable[[Store, str, Answers], None]] = {
    "articles": _fill_articles, "mentions": _fill_mentions, "events": _fill_events, "arguments": _fill_arguments,
}  # fmt: skip


def _fill(
    store: Store, table: str, chunk: str, key: str,
    looked_up: Mapping[str, Callable[[str], str | None]],
    mapped: Mapping[str, Callable[[str | None], str | None]] | None = None,
) -> None:  # fmt: skip
    part = _read_part(store, table, chunk)
    if part is None:
        return
    data = part.made
    columns: dict[str, list[str | None]] = {}
    keys = data.column(key).to_pylist() if looked_up else []
    for column, look_up in looked_up.items():
        columns[column] = [look_up(k) for k in keys]
        # What this stage alone fills has no local value: an older answer is simply replaced.
        at = data.schema.get_field_index(column)
        field_ = schemas.by_name(table).schema.field(column)
        empty = pa.nulls(len(data), pa.string())
        data = data.append_column(field_, empty) if at < 0 else data.set_column(at, field_, empty)
    for column, change in (mapped or {}).items():
        columns[column] = [change(v) for v in data.column(column).to_pylist()]
    _replace(store, table, chunk, part, data, columns)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part as it lies there, the values that it replaced, and its rows as the article's own stages made them."""

    there: pa.Table
    local: dict[str, dict[str, list[int]]]
    made: pa.Table


def _read_part(store: Store, table: str, chunk: str) -> _Part | None:
    there = store.read_arrow(table, chunk)
    if there is None:
        return None
    local = store.local(table, chunk)
    return _Part(there, local, restore(there, local))


def _replace(
    store: Store, table: str, chunk: str, part: _Part, data: pa.Table, columns: Mapping[str, Sequence[str | None]]
) -> None:
    """Write a part with new values in some columns, where it differs from what is there."""
    local: dict[str, dict[str, list[int]]] = {}
    for column, values in columns.items():
        at = data.schema.get_field_index(column)
        for row, (old, new) in enumerate(zip(data.column(at).to_pylist(), values, strict=True)):
            if old is not None and old != new:
                local.setdefault(column, {}).setdefault(old, []).append(row)
        data = data.set_column(at, data.schema.field(at), pa.array(values, type=pa.string()))
    same = part.there.column_names == data.column_names and all(
        part.there.column(c).equals(data.column(c)) for c in columns
    )
    if not same or part.local != local:
        store.write_arrow(table, chunk, data, store.fingerprints(table, chunk), local)
