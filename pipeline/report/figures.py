"""Figures over all tables: counts, and who meets and calls whom. Nothing here depends on the articles chosen."""

from __future__ import annotations

from typing import Any

import duckdb

from pipeline.report.tables import rows

FAILURES_SHOWN = 50
PAIRS = 160
"""Pairs of parties in the network: more are a ball of wool on a screen."""


def figures(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Count articles, events, stories and failures over all rows."""
    totals = rows(
        connection,
        """
        SELECT (SELECT count(*) FROM articles) AS articles,
               (SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL) AS copies,
               (SELECT count(*) FROM events) AS events,
               (SELECT count(*) FROM stories) AS stories,
               (SELECT count(*) FROM stories
                 WHERE len(list_distinct([h.status FOR h IN status_history])) > 1) AS changed,
               (SELECT count(*) FROM stories WHERE n_articles > 1) AS repeated,
               (SELECT count(*) FROM stories WHERE len(languages) > 1) AS crossing,
               (SELECT count(*) FROM entities) AS entities,
               (SELECT count(*) FROM failures) AS failures,
               (SELECT strftime(min(published_at), '%Y-%m-%d') FROM articles) AS first,
               (SELECT strftime(max(published_at), '%Y-%m-%d') FROM articles) AS last
        """,
    )[0]
    return {
        **totals,
        "languages": _pairs(connection, "SELECT language, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"),
        "events_by": _pairs(
            connection,
            """
            SELECT e.type, e.status, s.language, count(*) AS n
            FROM events e LEFT JOIN sentences s USING (article_id, sentence_id) GROUP BY ALL ORDER BY ALL
            """,
        ),
        "stories_by": _pairs(connection, "SELECT type, status, count(*) FROM stories GROUP BY ALL ORDER BY ALL"),
        "failed": rows(
            connection,
            f"SELECT source, source_index, stage, error, message FROM failures ORDER BY ALL LIMIT {FAILURES_SHOWN}",
        ),
    }


def network(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Count, for each pair of parties, the stories in which one sentence has them meet or call.

    Each pair comes with its stories by type and by the status last told; only parties with an
    entity id count, a pair once a story. The most frequent ``PAIRS`` are returned.
    """
    found = rows(
        connection,
        """
        WITH party AS (
            SELECT DISTINCT e.event_id, coalesce(e.story_id, e.event_id) AS story, e.type,
                   coalesce(s.status, e.status) AS status, a.entity_id
            FROM arguments a JOIN events e USING (event_id) LEFT JOIN stories s ON s.story_id = e.story_id
            WHERE a.role = 'participant' AND a.entity_id IS NOT NULL AND e.type IN ('meeting', 'call')
        ), pair AS (
            SELECT a.entity_id AS one, b.entity_id AS other, a.type, a.status, count(DISTINCT a.story) AS n
            FROM party a JOIN party b ON a.event_id = b.event_id AND a.entity_id < b.entity_id
            GROUP BY ALL
        ), total AS (
            SELECT one, other, sum(n) AS n FROM pair GROUP BY ALL ORDER BY n DESC, one, other LIMIT $1
        )
        SELECT pair.* FROM pair JOIN total t USING (one, other) ORDER BY t.n DESC, one, other, type, status
        """,
        [PAIRS],
    )
    pairs: dict[tuple[str, str], dict[str, Any]] = {}
    for row in found:
        pair = pairs.setdefault(
            (row["one"], row["other"]), {"one": row["one"], "other": row["other"], "n": 0, "by": []}
        )
        pair["n"] += row["n"]
        pair["by"].append([row["type"], row["status"], row["n"]])
    return list(pairs.values())


def _pairs(connection: duckdb.DuckDBPyConnection, query: str) -> list[list[Any]]:
    return [list(row) for row in connection.execute(query).fetchall()]
