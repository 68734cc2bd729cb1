"""Statements: the same words of the same speaker, reported by several articles, are one story.

Quotes are compared by shingles of letters within a speaker; MinHash bands find the candidates, so
that a speaker with many statements costs no more than one with few. Words are compared within a
language: a quote and its translation are two statements to this measure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipeline.stories.duplicates import Hashes, bands_of, mix, shingle_letters

_LETTERS, _HAN_LETTERS = 6, 3
_LEAST_SHINGLES = {True: 8, False: 20}
_SAME, _INSIDE = 0.5, 0.85
_DAYS = 10
_MOST_CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class StatementMention:
    """What merging needs of a statement: who speaks, the words, and when they were printed."""

    event_id: str
    article_id: str
    start: int
    speakers: tuple[str, ...]
    quote: str
    published: date | None


def merge_statements(statements: Iterable[StatementMention]) -> list[list[StatementMention]]:
    """Group statements with the same speaker and the same words, in a stable order.

    Only groups of two or more are given. Quotes of a few words never join: many say "yes".
    """
    ordered = sorted(statements, key=lambda s: (s.published or date.max, s.article_id, s.start, s.event_id))
    groups: list[list[StatementMention]] = []
    shingles: list[Hashes] = []
    index: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for statement in ordered:
        han = any("\u4e00" <= c <= "\u9fff" for c in statement.quote)
        mine = shingle_letters(statement.quote, _HAN_LETTERS if han else _LETTERS)
        if len(mine) < _LEAST_SHINGLES[han] or not statement.speakers:
            continue
        keys = [(speaker, n, band) for speaker in statement.speakers for n, band in enumerate(bands_of(mine))]
        # A quote cut short shares few bands with the whole; the words that it begins with tell.
        keys += [(speaker, -1, _opening(statement.quote)) for speaker in statement.speakers]
        candidates = sorted({at for key in keys for at in index[key][-_MOST_CANDIDATES:]})
        at = next((c for c in candidates if _near(groups[c][0], statement) and _same_words(shingles[c], mine)), None)
        if at is None:
            at = len(groups)
            groups.append([])
            shingles.append(mine)
        groups[at].append(statement)
        for key in keys:
            if not index[key] or index[key][-1] != at:
                index[key].append(at)
    return [g for g in groups if len(g) > 1]


def _near(a: StatementMention, b: StatementMention) -> bool:
    return a.published is None or b.published is None or abs((a.published - b.published).days) <= _DAYS


def _opening(quote: str) -> int:
    letters = shingle_letters("".join(c for c in quote if c.isalnum())[:16], 6)
    return int(mix(letters.sum(keepdims=True))[0]) if len(letters) else 0


def _same_words(a: Hashes, b: Hashes) -> bool:
    common = len(set(a.tolist()) & set(b.tolist()))
    return common >= _SAME * (len(a) + len(b) - common) or common >= _INSIDE * min(len(a), len(b))
