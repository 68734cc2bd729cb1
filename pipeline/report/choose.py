"""Which articles a report holds in full when there are too many for one page."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipeline.report.tables import rows

LIMIT = 300
"""Articles in full, where ``--limit`` does not say otherwise."""
CHARACTERS = 1_500_000
"""Characters of text in all of them: a page of about 5 MB, with names and events."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The articles that a page holds, by id, and how many there are."""

    article_ids: tuple[str, ...]
    of: int

    @property
    def complete(self) -> bool:
        """Whether the page leaves none out."""
        return len(self.article_ids) == self.of


def choose(connection: duckdb.DuckDBPyConnection, limit: int | None) -> Choice:
    """Choose the articles of the stories that say most, then the newest.

    Stories whose status changed come first, then those that most articles report, then the latest;
    copies of an article come after all others. ``limit`` is a number of articles, 0 for all; with
    ``None`` it is ``LIMIT``, and the texts together stay within ``CHARACTERS``.
    """
    ranked = rows(
        connection,
        """
        WITH story AS (
            SELECT story_id, row_number() OVER (
                ORDER BY least(len(list_distinct([h.status FOR h IN status_history])), 2) DESC,
                         n_articles DESC, last_published DESC NULLS LAST, story_id) AS place
            FROM stories
        ), first AS (
            SELECT e.article_id, min(s.place) AS place FROM events e JOIN story s USING (story_id) GROUP BY 1
        )
        SELECT a.article_id, length(a.text) AS characters
        FROM articles a LEFT JOIN first f USING (article_id)
        ORDER BY a.duplicate_of IS NOT NULL, f.place NULLS LAST, a.published_at DESC NULLS LAST, a.article_id
        """,
    )
    most = len(ranked) if limit == 0 else LIMIT if limit is None else limit
    chosen: list[str] = []
    characters = 0
    for row in ranked:
        characters += row["characters"]
        if len(chosen) == most or (limit is None and chosen and characters > CHARACTERS):
            break
        chosen.append(row["article_id"])
    return Choice(tuple(chosen), len(ranked))
