"""Row types: one frozen dataclass a table, its fields in the order of the table's columns.

Offsets are code points into ``Article.text``; ``text[start:end]`` is the mention, trigger or quote.
Null in a table is ``None`` here. ``tests/core/test_schemas.py`` holds these classes against
``pipeline.core.schemas``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its text as read and cleaned of markup, and what is known of its origin."""

    article_id: str
    source: str
    source_index: int
    url: str | None
    title: str | None
    author: str | None
    publisher: str | None
    published_at: datetime | None
    published_from: str | None
    language: str | None
    languages: tuple[str, ...]
    text: str
    raw_sha256: str
    content_sha256: str
    garbled: float | None
    n_sentences: int
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article; ``kind`` is title, body, caption or boilerplate."""

    article_id: str
    sentence_id: int
    start: int
    end: int
    language: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, or a noun or pronoun that stands for one."""

    mention_id: str
    article_id: str
    sentence_id: int
    start: int
    end: int
    text: str
    label: str
    kind: str
    entity_id: str | None
    score: float | None
    recognizer: str


@dataclass(frozen=True, slots=True)
class Event:
    """One mention of a meeting, call or statement."""

    event_id: str
    article_id: str
    sentence_id: int
    type: str
    mode: str | None
    status: str
    trigger: str
    start: int
    end: int
    time_text: str | None
    time_start: date | None
    time_end: date | None
    time_precision: str | None
    time_source: str | None
    place: str | None
    place_entity_id: str | None
    topic: str | None
    quote: str | None
    quote_start: int | None
    quote_end: int | None
    quote_kind: str | None
    score: float | None
    method: str
    story_id: str | None
    cameo: str | None
    plover: str | None


@dataclass(frozen=True, slots=True)
class Argument:
    """One party, addressee, place or time of an event; ``start`` and ``end`` are null where the
    reader infers the party from another sentence."""

    event_id: str
    article_id: str
    role: str
    start: int | None
    end: int | None
    text: str
    entity_id: str | None
    entity_name: str | None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, country or place, over all articles."""

    entity_id: str
    name: str
    name_en: str | None
    name_ar: str | None
    name_zh: str | None
    label: str
    wikidata_id: str | None
    country: str | None
    role: str | None
    n_mentions: int
    n_articles: int
    first_seen: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A status that an article gave a story, in the order of publication."""

    published_at: datetime | None
    status: str
    article_id: str


@dataclass(frozen=True, slots=True)
class Story:
    """One real-world meeting or call, or one statement reported by several articles."""

    story_id: str
    type: str
    mode: str | None
    status: str
    status_history: tuple[StatusChange, ...]
    time_start: date | None
    time_end: date | None
    place: str | None
    place_entity_id: str | None
    participants: tuple[str, ...]
    n_mentions: int
    n_articles: int
    languages: tuple[str, ...]
    first_published: datetime | None
    last_published: datetime | None
    part_of: str | None = None
    supersedes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An input, or one article of it, that could not be read or processed."""

    source: str
    source_index: int | None
    stage: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article on its way through the stages, with the rows that they have added so far.

    ``analysis`` carries the model's answer from the names stage to the events stage of the same
    run, so that one pass serves both; it is never stored and may be ``None``.
    """

    article: Article
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    events: tuple[Event, ...] = ()
    arguments: tuple[Argument, ...] = ()
    analysis: Any = field(default=None, compare=False, repr=False)
