"""The stage over all articles: `entities`, `stories`, and `story_id` in `events`."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime

import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.core import schemas
from pipeline.core.folding import fold_string
from pipeline.core.rows import StatusChange, Story
from pipeline.core.store import Store
from pipeline.entities.lexicon import load_lexicon, tables_fingerprint
from pipeline.stories.entities import EntityMention, build_entities
from pipeline.stories.merge import EventMention, merge_events, story_id

VERSION = "1"
PART = "all"
_SPACE = re.compile(r"[\W_]+")
_LEAST_QUOTE = 25


def update(store: Store, *, before: str) -> str:
    """Bring `entities`, `stories` and `events.story_id` up to date with the other tables.

    ``before`` is the signature that the last call returned; where it still holds and the parts are
    there, nothing is done. Returns the signature of what is there now.
    """
    signature = _signature(store)
    there = all(store.part(t, PART).is_file() for t in ("entities", "stories"))
    if signature == before and there:
        return signature
    published: dict[str, datetime | None] = {}
    for row in _rows(store, "articles", ["article_id", "published_at"]):
        day = row["published_at"]
        published[str(row["article_id"])] = day if isinstance(day, datetime) else None
    _write_entities(store, published)
    _write_stories(store, published)
    return _signature(store)


def _signature(store: Store) -> str:
    digest = hashlib.sha256(f"{VERSION}\0{tables_fingerprint()}".encode())
    for table in ("articles", "mentions", "events", "arguments"):
        for path in store.parts(table):
            stat = path.stat()
            digest.update(f"{table}/{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _rows(store: Store, table: str, columns: list[str]) -> Iterator[dict[str, object]]:
    folder = store.folder / table
    if folder.is_dir() and store.parts(table):
        for batch in ds.dataset([str(p) for p in store.parts(table)], format="parquet").to_batches(columns=columns):
            yield from batch.to_pylist()


def _write_entities(store: Store, published: dict[str, datetime | None]) -> None:
    languages = {
        (r["article_id"], r["sentence_id"]): str(r["language"])
        for r in _rows(store, "sentences", ["article_id", "sentence_id", "language"])
    }
    mentions = (
        EntityMention(str(r["entity_id"]), str(r["text"]), str(r["label"]), str(r["kind"]), str(r["article_id"]),
                      languages.get((r["article_id"], r["sentence_id"]), ""))
        for r in _rows(store, "mentions", ["entity_id", "text", "label", "kind", "article_id", "sentence_id"])
        if r["entity_id"] is not None
    )  # fmt: skip
    store.write(schemas.ENTITIES, PART, build_entities(mentions, published, load_lexicon()), {})


def _events(store: Store, published: dict[str, datetime | None]) -> Iterator[tuple[EventMention, str]]:
    parties: dict[str, set[str]] = {}
    for row in _rows(store, "arguments", ["event_id", "role", "entity_id"]):
        if row["entity_id"] is not None and row["role"] in ("participant", "speaker"):
            parties.setdefault(str(row["event_id"]), set()).add(str(row["entity_id"]))
    columns = ["event_id", "article_id", "start", "type", "mode", "status", "time_start", "time_end",
               "time_source", "place_entity_id", "place", "quote"]  # fmt: skip
    for r in _rows(store, "events", columns):
        day = published.get(str(r["article_id"]))
        yield (
            EventMention(
                event_id=str(r["event_id"]),
                article_id=str(r["article_id"]),
                start=int(str(r["start"])),
                type=str(r["type"]),
                mode=_text(r["mode"]),
                status=str(r["status"]),
                parties=frozenset(parties.get(str(r["event_id"]), ())),
                time_start=_date(r["time_start"]),
                time_end=_date(r["time_end"]),
                time_source=_text(r["time_source"]),
                published=None if day is None else day.date(),
                place=_text(r["place_entity_id"]),
                quote_key=_quote_key(_text(r["quote"])),
            ),
            str(r["place"] or ""),
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _quote_key(quote: str | None) -> str | None:
    """Folded letters of a quote, long enough to be the same words and not the same phrase."""
    if quote is None:
        return None
    key = _SPACE.sub(" ", fold_string(quote)).strip()
    return key if len(key) >= _LEAST_QUOTE else None


def _write_stories(store: Store, published: dict[str, datetime | None]) -> None:
    found = list(_events(store, published))
    places = {e.event_id: place for e, place in found}
    names = {str(r["entity_id"]): str(r["name"]) for r in _rows(store, "entities", ["entity_id", "name"])}
    languages = {str(r["article_id"]): str(r["language"]) for r in _rows(store, "articles", ["article_id", "language"])}
    stories: list[Story] = []
    story_of: dict[str, str] = {}
    for members in merge_events(e for e, _ in found):
        story = _story(members, places, names, languages, published)
        # A statement that one article alone reports is an event, not yet a story of its own.
        if story.type == "statement" and story.n_articles < 2:
            continue
        stories.append(story)
        for member in members:
            story_of[member.event_id] = story.story_id
    stories.sort(key=lambda s: s.story_id)
    _write_story_ids(store, story_of)
    store.write(schemas.STORIES, PART, stories, {})


def _story(
    members: Sequence[EventMention], places: dict[str, str], names: dict[str, str],
    languages: dict[str, str], published: dict[str, datetime | None],
) -> Story:  # fmt: skip
    told = [m for m in members if m.time_source in ("explicit", "relative") and m.time_start is not None]
    times = told or [m for m in members if m.time_start is not None]
    place = next((m for m in members if places[m.event_id]), None)
    modes = Counter(m.mode for m in members if m.mode)
    parties = sorted({p for m in members for p in m.parties})
    history = _history(members, published)
    days = sorted(d for m in members if (d := published.get(m.article_id)) is not None)
    return Story(
        story_id=story_id(members),
        type=members[0].type,
        mode=min(modes, key=lambda k: (-modes[k], k)) if modes else None,
        status=history[-1].status,
        status_history=history,
        time_start=times[-1].time_start if times else None,
        time_end=times[-1].time_end if times else None,
        place=places[place.event_id] if place else None,
        place_entity_id=place.place if place else None,
        participants=tuple(names.get(p, p) for p in parties),
        n_mentions=len(members),
        n_articles=len({m.article_id for m in members}),
        languages=tuple(sorted({lang for m in members if (lang := languages.get(m.article_id))})),
        first_published=days[0] if days else None,
        last_published=days[-1] if days else None,
    )


_WEIGHT = {"cancelled": 4, "actual": 3, "planned": 2, "negated": 1, "possible": 0}


def _history(members: Sequence[EventMention], published: dict[str, datetime | None]) -> tuple[StatusChange, ...]:
    """Each article's status of the event, in order of publication, where it differs from the last.

    An article that tells several (the cancelled summit that "was to" take place) counts with the
    one that says most of what became of it.
    """
    by_article: dict[str, list[EventMention]] = {}
    for member in members:
        by_article.setdefault(member.article_id, []).append(member)
    changes: list[StatusChange] = []
    order = sorted(by_article, key=lambda a: (published.get(a) or datetime.max, a))
    for article in order:
        status = max((m.status for m in by_article[article]), key=lambda s: _WEIGHT.get(s, 0))
        if not changes or changes[-1].status != status:
            changes.append(StatusChange(published.get(article), status, article))
    return tuple(changes)


def _write_story_ids(store: Store, story_of: dict[str, str]) -> None:
    """Write `events.story_id`; a part in which nothing changed stays as it is."""
    for path in store.parts("events"):
        chunk = path.stem.removeprefix("part-")
        data = store.read_arrow("events", chunk)
        if data is None:
            continue
        wanted = [story_of.get(e) for e in data.column("event_id").to_pylist()]
        if wanted != data.column("story_id").to_pylist():
            at = data.schema.get_field_index("story_id")
            data = data.set_column(at, data.schema.field(at), pa.array(wanted, type=pa.string()))
            store.write_arrow("events", chunk, data, store.fingerprints("events", chunk))
