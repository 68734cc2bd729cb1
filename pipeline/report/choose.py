"""Which articles a report holds in full when there are too many for one page."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

LIMIT = 300
"""Articles in full, where ``--limit`` does not say otherwise."""
BYTES = 4_500_000
"""What they may take together, so that the page stays under 5 MB: half a megabyte is script, stories and network."""
PER_EVENT, PER_MENTION, PER_SENTENCE, PER_ARTICLE = 420, 40, 25, 500
"""Bytes that each adds to the page beside the text, measured on the samples and rounded up."""


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
    ``None`` it is ``LIMIT``, and what they take stays within ``BYTES``.
    """
    ranked = connection.execute(
        f"""
        WITH story AS (
            SELECT story_id, row_number() OVER (
                ORDER BY least(len(list_distinct([h.status FOR h IN status_history])), 2) DESC,
                         n_articles DESC, last_published DESC NULLS LAST, story_id) AS place
            FROM stories
        ), told AS (
            SELECT e.article_id, min(s.place) AS place, count(*) AS events
            FROM events e LEFT JOIN story s USING (story_id) GROUP BY 1
        ), named AS (
            SELECT article_id, count(*) AS mentions FROM mentions WHERE kind = 'name' GROUP BY 1
        )
        SELECT a.article_id,
               strlen(a.text) + {PER_ARTICLE} + {PER_SENTENCE} * a.n_sentences
               + {PER_EVENT} * coalesce(t.events, 0) + {PER_MENTION} * coalesce(n.mentions, 0) AS size
        FROM articles a LEFT JOIN told t USING (article_id) LEFT JOIN named n USING (article_id)
        ORDER BY a.duplicate_of IS NOT NULL, t.place NULLS LAST, a.published_at DESC NULLS LAST, a.article_id
        """
    ).fetchall()
    most = len(ranked) if limit == 0 else LIMIT if limit is None else limit
    chosen: list[str] = []
    taken = 0
    for article_id, size in ranked:
        taken += size
        if len(chosen) == most or (limit is None and chosen and taken > BYTES):
            break
        chosen.append(article_id)
    return Choice(tuple(chosen), len(ranked))
