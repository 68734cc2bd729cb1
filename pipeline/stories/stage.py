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
from pipeline.stories import notes
from pipeline.stories.corpus import Articles, Corpus, Events
from pipeline.stories.entities import build_entities
from pipeline.stories.identities import UNLISTED, join_people
from pipeline.stories.merge import Merged, merge_events, story_id
from pipeline.stories.parties import PartyReader
from pipeline.stories.statements import merge_statements
from pipeline.stories.table import Sources, add_parts, build_story
from pipeline.stories.translations import Translation, find_translations

VERSION = "5"
PART = "all"


def update(store: Store, *, before: str) -> str:
    """Bring `entities`, `stories` and the columns that they fill up to date with the other tables.

    ``before`` is the signature that the last call returned; where it still holds and the parts are
    there, nothing is done. The parts that change are moved in together, at the end. Returns the
    signature of what is there then.
    """
    if not is_current(store, before):
        chunks = _chunks(store, "articles")
        notes.keep_only(store, chunks)
        corpus = Corpus(store, chunks, load_lexicon())
        with store.together() as batch:
            _update(batch, corpus)
    return _signature(store)


def _chunks(store: Store, table: str) -> list[str]:
    return [p.stem.removeprefix("part-") for p in store.parts(table)]


def _update(store: Store, corpus: Corpus) -> None:
    lexicon = load_lexicon()
    articles = corpus.articles
    joined = join_people(corpus.people(), corpus.surroundings(), lexicon)
    entities = _write_entities(store, corpus, joined, lexicon)
    # A party that a plural or an office stands for ("the two presidents") has no mention of its own.
    names = {e.entity_id: e.name_en for e in lexicon.by_id.values()} | {e.entity_id: e.name for e in entities}
    unlisted = {e.entity_id: (e.name, e.label) for e in entities if e.entity_id.startswith(UNLISTED)}
    told = corpus.events(joined, PartyReader(lexicon, unlisted, corpus.nations(joined)))
    translations = find_translations(corpus.outlines(joined))
    stories, story_of = _build_stories(told, articles, names, translations)
    store.write(schemas.STORIES, PART, stories, {})
    _write_back(store, articles.duplicates, joined, names, story_of)


def is_current(store: Store, before: str) -> bool:
    """Whether `entities` and `stories` fit the other tables; ``before`` is what ``update`` returned last."""
    return _signature(store) == before and all(store.part(t, PART).is_file() for t in ("entities", "stories"))


def _signature(store: Store) -> str:
    digest = hashlib.sha256(
        f"{VERSION}\0{notes.VERSION}\0{tables_fingerprint()}\0{fingerprint_topics(*notes.TOPICS)}".encode()
    )
    for table in ("articles", "sentences", "mentions", "events", "arguments", "entities", "stories"):
        for path in store.parts(table):
            stat = path.stat()
            digest.update(f"{table}/{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _write_entities(store: Store, corpus: Corpus, joined: Mapping[str, str], lexicon: Lexicon) -> list[Entity]:
    published = corpus.articles.published
    entities = build_entities(corpus.mentions(joined), published, lexicon)
    # "The two presidents" are parties whom no mention names: they have a row, too, with no mentions.
    named = {e.entity_id for e in entities}
    parties = (p for p in corpus.parties(joined) if p.entity_id not in named)
    unnamed = [replace(e, n_mentions=0) for e in build_entities(parties, published, lexicon)]
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

    for chunk in _chunks(store, "articles"):
        _fill(store, "articles", chunk, "article_id", {"duplicate_of": duplicates.get})
    for chunk in _chunks(store, "mentions"):
        _fill(store, "mentions", chunk, "mention_id", {}, {"entity_id": entity})
    for chunk in _chunks(store, "events"):
        _fill(store, "events", chunk, "event_id", {"story_id": story_of.get}, {"place_entity_id": entity})
    for chunk in _chunks(store, "arguments"):
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
