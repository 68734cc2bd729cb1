"""Puts what the stage over all articles found into the tables of the articles' own stages.

What it put into a chunk's parts is remembered in ``.notes/filled.json``, with the parts' sizes and
times: where both are as they were, the parts need not be read. The file may be lost or damaged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from pipeline.core import schemas
from pipeline.core.store import Store
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
    """The articles, entities and events of a chunk, by their ids."""

    chunk: str
    article_ids: Sequence[str]
    entity_ids: Sequence[str]
    event_ids: Sequence[str]


def fill(store: Store, contents: Iterable[Content], answers: Answers) -> dict[str, str]:
    """Fill the columns of all chunks; a part in which nothing changes stays as it is.

    Returns what was filled in, hashed, for ``remember``. Raises ``WriteError``.
    """
    before, stamps = _read(store), _stamps(store)
    filled: dict[str, str] = {}
    for content in contents:
        filled[content.chunk] = _digest(content, answers)
        if before.get(content.chunk) != [filled[content.chunk], stamps(content.chunk)]:
            _fill_chunk(store, content.chunk, answers)
    return filled


def remember(store: Store, filled: Mapping[str, str]) -> None:
    """Remember what was filled in, once the parts are in their places; raises ``WriteError``."""
    stamps = _stamps(store)
    content = json.dumps({chunk: [digest, stamps(chunk)] for chunk, digest in filled.items()}, sort_keys=True)
    notes.keep(store, MEMORY, content.encode())


def _read(store: Store) -> dict[str, list[str]]:
    content = notes.kept(store, MEMORY)
    found: dict[str, list[str]] = {} if content is None else json.loads(bytes(content))
    return found


def _stamps(store: Store) -> Callable[[str], str]:
    stamps = [store.stamps(table) for table in TABLES]
    return lambda chunk: "|".join(s.get(chunk, "") for s in stamps)


def _digest(content: Content, answers: Answers) -> str:
    ids = sorted(content.entity_ids)
    final = [answers.joined.get(e, e) for e in ids]
    found = (
        content.article_ids, [answers.duplicates.get(a) for a in content.article_ids],
        ids, final, [answers.names.get(e) for e in final],
        content.event_ids, [answers.story_of.get(e) for e in content.event_ids],
    )  # fmt: skip
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()[:32]


def _fill_chunk(store: Store, chunk: str, answers: Answers) -> None:
    _fill(store, "articles", chunk, "article_id", {"duplicate_of": answers.duplicates.get})
    _fill(store, "mentions", chunk, "mention_id", {}, {"entity_id": answers.entity})
    _fill(store, "events", chunk, "event_id", {"story_id": answers.story_of.get}, {"place_entity_id": answers.entity})
    data = store.read_local("arguments", chunk)
    if data is not None:
        ids, shown = data.column("entity_id").to_pylist(), data.column("entity_name").to_pylist()
        final = [answers.entity(i) for i in ids]
        named = [n if f is None else answers.names.get(f, n) for f, n in zip(final, shown, strict=True)]
        _replace(store, "arguments", chunk, data, {"entity_id": final, "entity_name": named})


def _fill(
    store: Store, table: str, chunk: str, key: str,
    looked_up: Mapping[str, Callable[[str], str | None]],
    mapped: Mapping[str, Callable[[str | None], str | None]] | None = None,
) -> None:  # fmt: skip
    data = store.read_local(table, chunk)
    if data is None:
        return
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
    _replace(store, table, chunk, data, columns)


def _replace(store: Store, table: str, chunk: str, data: pa.Table, columns: Mapping[str, Sequence[str | None]]) -> None:
    """Write a part with new values in some columns, where it differs from what is there."""
    local: dict[str, dict[str, list[int]]] = {}
    for column, values in columns.items():
        at = data.schema.get_field_index(column)
        for row, (old, new) in enumerate(zip(data.column(at).to_pylist(), values, strict=True)):
            if old is not None and old != new:
                local.setdefault(column, {}).setdefault(old, []).append(row)
        data = data.set_column(at, data.schema.field(at), pa.array(values, type=pa.string()))
    there = store.read_arrow(table, chunk)
    same = (
        there is not None
        and there.column_names == data.column_names
        and all(there.column(c).equals(data.column(c)) for c in columns)
    )
    if not same or store.local(table, chunk) != local:
        store.write_arrow(table, chunk, data, store.fingerprints(table, chunk), local)
