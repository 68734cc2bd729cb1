"""The stage over all articles: `entities`, `stories`, and what they put into the other tables.

It reads the rows as the articles' own stages made them (``Store.read_local``), works out who is who
and which events are one, and writes the ids back: `articles.duplicate_of`, `mentions.entity_id`,
`arguments.entity_id` and `entity_name`, `events.place_entity_id` and `story_id`. The values that it
replaces stay in the parts' footers, so a rerun starts from the same rows as a run from nothing, and
both give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from pipeline.core import schemas
from pipeline.core.rows import Entity, Story
from pipeline.core.store import Store
from pipeline.entities.lexicon import Lexicon, load_lexicon, tables_fingerprint
from pipeline.languages import fingerprint_topics
from pipeline.stories import series
from pipeline.stories.entities import EntityMention, build_entities
from pipeline.stories.identities import UNLISTED, PersonMention, Surroundings, join_people
from pipeline.stories.merge import Merged, merge_events, story_id
from pipeline.stories.parties import PartyReader
from pipeline.stories.reading import (
    Articles,
    Events,
    chunks,
    read_articles,
    read_events,
    read_nationalities,
    read_outlines,
    rows,
)
from pipeline.stories.statements import merge_statements
from pipeline.stories.table import Sources, add_parts, build_story
from pipeline.stories.translations import Translation, find_translations

VERSION = "4"
PART = "all"
TOPICS = (series.TOPIC, "modes", "parties")


def update(store: Store, *, before: str) -> str:
    """Bring `entities`, `stories` and the columns that they fill up to date with the other tables.

    ``before`` is the signature that the last call returned; where it still holds and the parts are
    there, nothing is done. The parts that change are moved in together, at the end. Returns the
    signature of what is there then.
    """
    if not is_current(store, before):
        with store.together() as batch:
            _update(batch)
    return _signature(store)


def _update(store: Store) -> None:
    lexicon = load_lexicon()
    articles = read_articles(store)
    joined = _join(store, articles, lexicon)
    entities = _write_entities(store, articles, joined, lexicon)
    # A party that a plural or an office stands for ("the two presidents") has no mention of its own.
    names = {e.entity_id: e.name_en for e in lexicon.by_id.values()} | {e.entity_id: e.name for e in entities}
    unlisted = {e.entity_id: (e.name, e.label) for e in entities if e.entity_id.startswith(UNLISTED)}
    told = read_events(
        store, articles, joined, PartyReader(lexicon, unlisted, read_nationalities(store, joined, lexicon))
    )
    translations = find_translations(read_outlines(store, articles, joined))
    stories, story_of = _build_stories(told, articles, names, translations)
    store.write(schemas.STORIES, PART, stories, {})
    _write_back(store, articles.duplicates, joined, names, story_of)


def is_current(store: Store, before: str) -> bool:
    """Whether `entities` and `stories` fit the other tables; ``before`` is what ``update`` returned last."""
    return _signature(store) == before and all(store.part(t, PART).is_file() for t in ("entities", "stories"))


def _signature(store: Store) -> str:
    digest = hashlib.sha256(f"{VERSION}\0{tables_fingerprint()}\0{fingerprint_topics(*TOPICS)}".encode())
    for table in ("articles", "sentences", "mentions", "events", "arguments", "entities", "stories"):
        for path in store.parts(table):
            stat = path.stat()
            digest.update(f"{table}/{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


_MENTION_COLUMNS = ("entity_id", "text", "label", "kind", "article_id")


def _join(store: Store, articles: Articles, lexicon: Lexicon) -> dict[str, str]:
    """The map of unlisted people's ids, and each article's known entities in passing."""
    people: list[PersonMention] = []
    known: dict[str, set[str]] = {}
    for entity_id, text, label, kind, article_id in rows(store, "mentions", _MENTION_COLUMNS):
        if entity_id is None:
            continue
        unlisted = entity_id.startswith(UNLISTED)
        if not unlisted and entity_id not in known.setdefault(article_id, set()):
            known[article_id].add(entity_id)
            people.append(PersonMention(entity_id, None, article_id))
        elif unlisted and label == "PER" and kind == "name":
            people.append(PersonMention(entity_id, text, article_id))
    articles.context = {a: frozenset(e) for a, e in known.items()}
    surroundings = {a: Surroundings(articles.day(a), e) for a, e in articles.context.items()}
    return join_people(people, surroundings, lexicon)


def _write_entities(store: Store, articles: Articles, joined: Mapping[str, str], lexicon: Lexicon) -> list[Entity]:
    mentions = (
        EntityMention(joined.get(entity_id, entity_id), text, label, kind, article_id)
        for entity_id, text, label, kind, article_id in rows(store, "mentions", _MENTION_COLUMNS)
        if entity_id is not None
    )
    entities = build_entities(mentions, articles.published, lexicon)
    # "The two presidents" are parties whom no mention names: they have a row, too, with no mentions.
    named = {e.entity_id for e in entities}
    parties = (
        EntityMention(joined.get(entity_id, entity_id), "", "", "party", article_id)
        for entity_id, article_id in rows(store, "arguments", ("entity_id", "article_id"))
        if entity_id is not None and joined.get(entity_id, entity_id) not in named
    )
    unnamed = [replace(e, n_mentions=0) for e in build_entities(parties, articles.published, lexicon)]
    entities = sorted([*entities, *unnamed], key=lambda e: e.entity_id)
    store.write(schemas.ENTITIES, PART, entities, {})
    return entities


def _build_stories(
    events: Events, articles: Articles, names: Mapping[str, str], translations: Mapping[str, Translation]
) -> tuple[list[Story], dict[str, str]]:
    sources = Sources(articles.published, articles.languages, articles.duplicates, names)
    merged = merge_events(events.meetings, articles.context, translations)
    # A statement that one article alone reports is an event, not yet a story of its own.
    for group in merge_statements(events.statements, translations):
        if len({s.article_id for s in group}) > 1:
            said = [events.spoken[s.event_id] for s in group]
            merged.append(Merged(said, said))
    members = {story_id(m.members[0].event_id): m.members for m in merged}
    stories = [build_story(m, events.told, sources) for m in merged]
    stories = sorted(add_parts(stories, members, events.told), key=lambda s: s.story_id)
    return stories, {m.event_id: sid for sid, group in members.items() for m in group}


def _write_back(
    store: Store, duplicates: Mapping[str, str], joined: Mapping[str, str], names: Mapping[str, str],
    story_of: Mapping[str, str],
) -> None:  # fmt: skip
    """Fill the columns of the other tables; a part in which nothing changes stays as it is."""

    def entity(value: str | None) -> str | None:
        return None if value is None else joined.get(value, value)

    for chunk in chunks(store, "articles"):
        _fill(store, "articles", chunk, "article_id", {"duplicate_of": duplicates.get})
    for chunk in chunks(store, "mentions"):
        _fill(store, "mentions", chunk, "mention_id", {}, {"entity_id": entity})
    for chunk in chunks(store, "events"):
        _fill(store, "events", chunk, "event_id", {"story_id": story_of.get}, {"place_entity_id": entity})
    for chunk in chunks(store, "arguments"):
        data = store.read_local("arguments", chunk)
        if data is not None:
            ids, shown = data.column("entity_id").to_pylist(), data.column("entity_name").to_pylist()
            final = [entity(i) for i in ids]
            named = [n if f is None else names.get(f, n) for f, n in zip(final, shown, strict=True)]
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
