"""Event rows in the manner of GDELT, ICEWS and POLECAT: one a source actor, target actor and event.

How they differ from those data sets, column by column: docs/other-datasets.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import pycountry

from pipeline.load import Tables
from pipeline.queries.query import Query
from pipeline.queries.records import EVENT_FIELDS, STORY_FIELDS, Field, Record, as_records, event_records, story_records

DYAD_FIELDS = (
    Field("row_id", "text", "the story's or, for a statement, the event's id, and the two actors' ids"),
    Field("date", "day", "first day of the event, else the day of the first report"),
    Field("date_source", "text", "story (told or worked out), explicit, relative, or publication (no time told)"),
    Field("source_actor", "text", "name of the acting party"),
    Field("source_id", "text", "its `entity_id`; a Wikidata id where it begins with Q"),
    Field("source_label", "text", "PER, ORG, GPE or LOC"),
    Field("source_country", "text", "ISO 3166-1 alpha-3 code of its country; null where the entity tables know none"),
    Field("target_actor", "text", "name of the other party"),
    Field("target_id", "text", "as `source_id`"),
    Field("target_label", "text", "as `source_label`"),
    Field("target_country", "text", "as `source_country`"),
    Field("symmetric", "flag", "true for meetings and calls: the same row stands again with the actors changed over"),
    Field("cameo", "text", "CAMEO code; null where CAMEO has none for what did not happen"),
    Field("plover_type", "text", "PLOVER event type"),
    Field("plover_mode", "text", "PLOVER mode"),
    Field("type", "text", "meeting, call or statement"),
    Field("mode", "text", "as in `events`"),
    Field("status", "text", "actual, planned, possible, cancelled or negated, as last told"),
    Field("place", "text", "where, by name"),
    Field("place_country", "text", "ISO 3166-1 alpha-3 code of the place"),
    Field("n_articles", "number", "articles that tell of the two together; copies count once"),
    Field("n_mentions", "number", "events in those articles"),
    Field("languages", "list", "languages of those articles"),
    Field("first_published", "moment", "the first of those articles"),
    Field("last_published", "moment", "the last of them"),
    Field("first_url", "text", "address of the story's first report; null where the input gives none"),
    Field("first_source", "text", "its file"),
    Field("story_id", "text", "as in `stories`"),
    Field("event_id", "text", "as in `events`, for statements; null for meetings and calls"),
)
_HOST, _GUEST, _UNKNOWN = "043", "042", "040"
_KOSOVO = {"XK": "XKX"}


def dyad_records(tables: Tables, query: Query) -> list[Record]:
    """Pairs of actors with ``DYAD_FIELDS``, by date, both directions of meetings and calls.

    Raises ``LoadError``.
    """
    frame = tables.dyads(**query.filters())
    reports = _first_reports(tables)
    names = [name for name in frame.columns if name != "languages"]
    pairs = as_records(frame, [Field(n, _kind(n), "") for n in names] + [Field("languages", "list", "")])
    return [
        row for pair in pairs for row in _rows(pair, reports.get(pair["event_id"] or pair["story_id"], (None, None)))
    ]


def _kind(name: str) -> str:
    if name in ("date", "time_start", "time_end"):
        return "day"
    if name in ("first_published", "last_published"):
        return "moment"
    if name == "directed":
        return "flag"
    return "number" if name in ("n_mentions", "n_articles") else "text"


def _first_reports(tables: Tables) -> dict[str, tuple[str | None, str | None]]:
    """Story or event -> address and file of the article that told it first."""
    frame = tables.events(columns=("event_id", "story_id", "published_at", "source", "source_index", "url"))
    ordered = frame.sort_values(["published_at", "source", "source_index"], na_position="last", kind="stable")
    found: dict[str, tuple[str | None, str | None]] = {}
    for event_id, story_id, url, source in zip(
        *(ordered[c].tolist() for c in ("event_id", "story_id", "url", "source")), strict=True
    ):
        report = (None if pd.isna(url) else str(url), str(source))
        found.setdefault(str(event_id), report)
        if not pd.isna(story_id):
            found.setdefault(str(story_id), report)
    return found


def _rows(pair: Mapping[str, Any], report: tuple[str | None, str | None]) -> Iterator[Record]:
    sides = [("a", "b")] if pair["directed"] else [("a", "b"), ("b", "a")]
    plover_type, _, plover_mode = (pair["plover"] or "").partition("-")
    for source, target in sides:
        row = {
            "row_id": "-".join(
                (pair["event_id"] or pair["story_id"], _key(pair, source), _key(pair, target))
            ),
            "source_actor": pair[f"party_{source}"], "source_id": pair[f"party_{source}_id"],
            "source_label": pair[f"party_{source}_label"], "source_country": alpha3(pair[f"party_{source}_country"]),
            "target_actor": pair[f"party_{target}"], "target_id": pair[f"party_{target}_id"],
            "target_label": pair[f"party_{target}_label"], "target_country": alpha3(pair[f"party_{target}_country"]),
            "symmetric": not pair["directed"], "cameo": _cameo(pair, source, target),
            "plover_type": plover_type or None, "plover_mode": plover_mode or None,
            "place": pair["place_name"], "place_country": alpha3(pair["place_country"]),
            "first_url": report[0], "first_source": report[1],
        }  # fmt: skip
        yield {f.name: row[f.name] if f.name in row else pair[f.name] for f in DYAD_FIELDS}


def _key(pair: Mapping[str, Any], side: str) -> str:
    return str(pair[f"party_{side}_id"] or pair[f"party_{side}"])


def _cameo(pair: Mapping[str, Any], source: str, target: str) -> str | None:
    """The pair's code; of a visit, the guest's 042 or the host's 043 where the place tells them apart.

    CAMEO has one code for each side of a visit. A party of the country in which it takes place
    hosts the other; where that does not decide, neither side is named (040).
    """
    code: str | None = pair["cameo"]
    if code not in (_GUEST, _HOST):
        return code
    place, here, there = (pair[k] for k in ("place_country", f"party_{source}_country", f"party_{target}_country"))
    if place is None or here is None or there is None or (here == place) == (there == place):
        return _UNKNOWN
    return _HOST if here == place else _GUEST


def alpha3(code: str | None) -> str | None:
    """ISO 3166-1 alpha-3 of an alpha-2 code, XKX for Kosovo, which ISO leaves out; None for unknown ones."""
    if code is None:
        return None
    country = pycountry.countries.get(alpha_2=code)
    return _KOSOVO.get(code) if country is None else str(country.alpha_3)


FORMATS = {
    "dyads": (dyad_records, DYAD_FIELDS),
    "events": (event_records, EVENT_FIELDS),
    "stories": (story_records, STORY_FIELDS),
}
"""What can be exported: its records, and their fields."""
