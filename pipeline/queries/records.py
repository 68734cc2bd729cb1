"""Events and stories as records of plain values, with fixed fields in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.load import Tables
from pipeline.queries.query import Query

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its name, kind (text, day, moment, number, flag, list, history), what it holds,
    and the column of the loader's frame that it is taken from where that has another name."""

    name: str
    kind: str
    doc: str
    column: str | None = None


EVENT_FIELDS = (
    Field("event_id", "text", "as in `events`"),
    Field("story_id", "text", "as in `stories`"),
    Field("type", "text", "meeting, call or statement"),
    Field("mode", "text", "as in `events`"),
    Field("status", "text", "actual, planned, cancelled, negated or possible"),
    Field("date", "day", "`time_start`, else the day of publication"),
    Field("date_source", "text", "explicit, relative or publication"),
    Field("time_start", "day", "first day of the event's time"),
    Field("time_end", "day", "last day of it"),
    Field("participants", "list", "names of those who meet or call"),
    Field("speakers", "list", "names of those whose words a statement is"),
    Field("addressees", "list", "names of those to whom they are said"),
    Field("place", "text", "the resolved place's name, else as printed", "place_name"),
    Field("topic", "text", "as in `events`"),
    Field("trigger", "text", "the word that carries the event"),
    Field("sentence", "text", "the sentence that tells it"),
    Field("quote", "text", "the words quoted or reported"),
    Field("language", "text", "of the sentence"),
    Field("score", "number", "the model's probability; null for rules"),
    Field("method", "text", "model, rules or model+rules"),
    Field("cameo", "text", "CAMEO code (docs/codes.md)"),
    Field("plover", "text", "PLOVER type and mode (docs/codes.md)"),
    Field("article_id", "text", "as in `articles`"),
    Field("source", "text", "the article's file"),
    Field("source_index", "number", "row of the file"),
    Field("title", "text", "the article's headline"),
    Field("publisher", "text", "as printed"),
    Field("url", "text", "the article's address"),
    Field("published_at", "moment", "when the article was published"),
    Field("duplicate_of", "text", "the article of which this one is a copy"),
)

STORY_FIELDS = (
    Field("story_id", "text", "as in `stories`"),
    Field("type", "text", "meeting, call or statement"),
    Field("mode", "text", "as in `stories`"),
    Field("status", "text", "as last told"),
    Field("status_history", "history", "each change of status: `published_at`, `status`, `article_id`, `source`"),
    Field("date", "day", "`time_start`, else the day of the first article"),
    Field("date_source", "text", "story or publication"),
    Field("time_start", "day", "first day"),
    Field("time_end", "day", "last day"),
    Field("participants", "list", "names of the parties"),
    Field("place", "text", "the resolved place's name, else as printed", "place_name"),
    Field("n_mentions", "number", "events that speak of it"),
    Field("n_articles", "number", "articles that speak of it; copies count once"),
    Field("languages", "list", "languages in which it was told"),
    Field("first_published", "moment", "earliest article"),
    Field("last_published", "moment", "latest article"),
    Field("part_of", "text", "the visit or summit during which it took place, a `story_id`"),
)

_HISTORY = ("published_at", "status", "article_id", "source")


def event_records(tables: Tables, query: Query) -> list[Record]:
    """Events as records with ``EVENT_FIELDS``, by date and place in the text; raises ``LoadError``."""
    return as_records(tables.events(**query.filters()), EVENT_FIELDS)


def story_records(tables: Tables, query: Query) -> list[Record]:
    """Stories as records with ``STORY_FIELDS``, by date; raises ``LoadError``."""
    return as_records(tables.stories(**query.filters()), STORY_FIELDS)


def as_records(frame: pd.DataFrame, fields: Sequence[Field]) -> list[Record]:
    """A frame's rows with these fields: text, numbers, lists, ISO days and moments; None for unknown."""
    columns = [[_plain(value, f.kind) for value in frame[f.column or f.name]] for f in fields]
    names = [f.name for f in fields]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Any, kind: str) -> Any:
    if kind == "list":
        return [str(item) for item in value]
    if kind == "history":
        return [_change(item) for item in value]
    if pd.isna(value):
        return None
    if kind == "flag":
        return bool(value)
    if kind == "number":
        return int(value) if float(value).is_integer() else float(value)
    if kind == "day":
        return pd.Timestamp(value).date().isoformat()
    if kind == "moment":
        return pd.Timestamp(value).isoformat()
    return str(value)


def _change(item: Mapping[str, Any]) -> Record:
    kinds = {"published_at": "moment"}
    return {key: _plain(item.get(key), kinds.get(key, "text")) for key in _HISTORY}
