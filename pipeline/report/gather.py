"""What the page shows, as plain data: rows of the tables joined, offsets in UTF-16 units.

Keys are short where they come once an event: they are a good part of a page's size.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.report.choose import choose
from pipeline.report.figures import figures, network
from pipeline.report.offsets import Utf16
from pipeline.report.tables import connect, rows

_WEB = re.compile(r"https?://", re.I)
TICKS = 60
"""Articles drawn on a story's line."""


def gather(processed: Path, *, limit: int | None) -> dict[str, Any]:
    """Read the tables of ``processed`` into what the page needs; the same tables give the same data.

    ``limit`` as in ``choose``. Raises ``ReportError`` where the tables are not there.
    """
    with connect(processed) as connection:
        choice = choose(connection, limit)
        connection.execute("CREATE TEMP TABLE chosen (article_id VARCHAR, place INTEGER)")
        if choice.article_ids:
            connection.execute(
                "INSERT INTO chosen SELECT unnest($1), unnest(range(len($1)))", [list(choice.article_ids)]
            )
        texts = _texts(connection)
        articles = _articles(connection, texts)
        events = _events(connection, texts)
        pairs = network(connection)
        stories = _stories(connection)
        used = {a[3] for e in events for a in e["a"]} | {m[3] for a in articles for m in a["m"]}
        used |= {p[k] for p in pairs for k in ("one", "other")}
        return {
            "figures": figures(connection),
            "choice": {"articles": len(choice.article_ids), "of": choice.of},
            "articles": articles,
            "events": events,
            "stories": stories,
            "entities": _entities(connection, used - {None}),
            "network": pairs,
        }


def _texts(connection: duckdb.DuckDBPyConnection) -> dict[str, Utf16]:
    found = connection.execute("SELECT article_id, text FROM articles SEMI JOIN chosen USING (article_id)").fetchall()
    return {article_id: Utf16.of(text) for article_id, text in found}


def _articles(connection: duckdb.DuckDBPyConnection, texts: dict[str, Utf16]) -> list[dict[str, Any]]:
    sentences: dict[str, list[list[Any]]] = defaultdict(list)
    for row in rows(connection, 'SELECT article_id, start, "end", language, kind FROM sentences '
                                "SEMI JOIN chosen USING (article_id) ORDER BY article_id, sentence_id"):  # fmt: skip
        at = texts[row["article_id"]]
        sentences[row["article_id"]].append([at(row["start"]), at(row["end"]), row["language"], row["kind"]])
    mentions: dict[str, list[list[Any]]] = defaultdict(list)
    for row in rows(connection, 'SELECT article_id, start, "end", label, entity_id FROM mentions '
                                "SEMI JOIN chosen USING (article_id) WHERE kind = 'name' "
                                'ORDER BY article_id, start, "end", mention_id'):  # fmt: skip
        at = texts[row["article_id"]]
        mentions[row["article_id"]].append([at(row["start"]), at(row["end"]), row["label"], row["entity_id"]])
    found = rows(connection, "SELECT a.* FROM articles a JOIN chosen c USING (article_id) ORDER BY c.place")
    return [
        {
            "id": row["article_id"],
            "source": row["source"],
            "title": row["title"],
            "author": row["author"],
            "publisher": row["publisher"],
            "date": _day(row["published_at"]),
            "url": row["url"] if row["url"] and _WEB.match(row["url"]) else None,
            "lang": row["language"],
            "langs": row["languages"],
            "copy": row["duplicate_of"],
            "garbled": row["garbled"],
            "text": row["text"],
            "s": sentences[row["article_id"]],
            "m": mentions[row["article_id"]],
        }
        for row in found
    ]


def _events(connection: duckdb.DuckDBPyConnection, texts: dict[str, Utf16]) -> list[dict[str, Any]]:
    """Events in the order of their articles; what is null is left out, ``at`` counts the articles from 0."""
    arguments: dict[str, list[list[Any]]] = defaultdict(list)
    for row in rows(connection, "SELECT a.*, n.name AS known FROM arguments a LEFT JOIN entities n USING (entity_id) "
                                "SEMI JOIN chosen USING (article_id) "
                                'ORDER BY event_id, start NULLS LAST, "end", role, entity_id, text, entity_name'):  # fmt: skip
        at = texts[row["article_id"]]
        span = [None, None] if row["start"] is None else [at(row["start"]), at(row["end"])]
        name = row["entity_name"] or row["text"]
        named = [] if row["known"] == name else [name]
        arguments[row["event_id"]].append([row["role"], *span, row["entity_id"], *named])
    found = rows(connection, "SELECT e.*, c.place AS article_place FROM events e JOIN chosen c USING (article_id) "
                             "ORDER BY c.place, e.start, e.event_id")  # fmt: skip
    answer = []
    for row in found:
        at = texts[row["article_id"]]
        days = [_day(row["time_start"]), _day(row["time_end"])]
        event = {
            "id": row["event_id"],
            "at": row["article_place"],
            "n": row["sentence_id"],
            "t": row["type"],
            "o": row["mode"],
            "s": row["status"],
            "x": [at(row["start"]), at(row["end"])],
            "d": days if days[0] else None,
            "ds": row["time_source"],
            "p": row["place"],
            "tp": row["topic"],
            "q": None if row["quote_start"] is None else [at(row["quote_start"]), at(row["quote_end"])],
            "sc": None if row["score"] is None else round(row["score"], 2),
            "mt": row["method"],
            "st": row["story_id"],
            "ca": row["cameo"],
            "pl": row["plover"],
            "a": arguments[row["event_id"]],
        }
        answer.append({key: value for key, value in event.items() if value is not None})
    return answer


def _stories(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Stories with at least one event in a chosen article, each with the days of all its articles."""
    connection.execute(
        "CREATE TEMP TABLE shown AS SELECT DISTINCT story_id FROM events SEMI JOIN chosen USING (article_id) "
        "WHERE story_id IS NOT NULL"
    )
    told: dict[str, list[list[Any]]] = defaultdict(list)
    for row in rows(connection, "SELECT DISTINCT e.story_id, e.article_id, a.published_at, s.language FROM events e "
                                "JOIN articles a USING (article_id) LEFT JOIN sentences s USING (article_id, sentence_id) "
                                "SEMI JOIN shown USING (story_id) ORDER BY 1, 3 NULLS LAST, 2, 4"):  # fmt: skip
        told[row["story_id"]].append([_day(row["published_at"]), row["language"], row["article_id"]])
    found = rows(connection, "SELECT s.* FROM stories s SEMI JOIN shown USING (story_id) "
                             "ORDER BY first_published NULLS LAST, last_published, story_id")  # fmt: skip
    return [
        {
            "id": row["story_id"],
            "type": row["type"],
            "mode": row["mode"],
            "status": row["status"],
            "history": [[_day(h["published_at"]), h["status"], h["article_id"]] for h in row["status_history"]],
            "start": _day(row["time_start"]),
            "end": _day(row["time_end"]),
            "place": row["place"],
            "who": [name for name in row["participants"] if name],
            "mentions": row["n_mentions"],
            "articles": row["n_articles"],
            "langs": row["languages"],
            "first": _day(row["first_published"]),
            "last": _day(row["last_published"]),
            "told": told[row["story_id"]][:TICKS],
            "part": row["part_of"],
            "was": row["supersedes"] or [],
        }
        for row in found
    ]


def _entities(connection: duckdb.DuckDBPyConnection, wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
    keys = sorted(wanted)
    if not keys:
        return {}
    # A party may be known only by what it is called ("the two presidents"): no name, no row in entities.
    found = rows(
        connection,
        """
        SELECT * FROM entities WHERE entity_id IN (SELECT unnest($1))
        UNION ALL BY NAME
        SELECT entity_id, coalesce(max(entity_name), entity_id) AS name FROM arguments a
        WHERE entity_id IN (SELECT unnest($1)) AND NOT EXISTS (FROM entities e WHERE e.entity_id = a.entity_id)
        GROUP BY entity_id
        ORDER BY entity_id
        """,
        [keys],
    )
    return {
        row["entity_id"]: {
            "name": row["name"],
            "en": row["name_en"],
            "ar": row["name_ar"],
            "zh": row["name_zh"],
            "label": row["label"],
            "role": row["role"],
            "country": row["country"],
            "wd": row["wikidata_id"],
        }
        for row in found
    }


def _day(value: datetime | date | None) -> str | None:
    return None if value is None else value.strftime("%Y-%m-%d")
