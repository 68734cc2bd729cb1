"""Statements: the same words of the same speaker, reported by several articles, are one story.

Quotes are compared by shingles of letters within a speaker; MinHash bands find the candidates, so
that a speaker with many statements costs no more than one with few. Across languages the names and
numbers in the quote are compared, and in translations of one report the paragraph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.stories.duplicates import Hashes, bands_of, mix, shingle_letters
from pipeline.stories.translations import Translation

_LETTERS, _HAN_LETTERS = 6, 3
_LEAST_SHINGLES = {True: 8, False: 20}
_SAME, _INSIDE = 0.5, 0.85
_DAYS = 10
_MOST_CANDIDATES = 30
_ABROAD_DAYS = 3
_ANCHORS, _ANCHORS_WITH_NUMBER, _ANCHORS_SAME = 3, 2, 0.6


@dataclass(frozen=True, slots=True)
class StatementMention:
    """What merging needs of a statement: who speaks, the words, and when they were printed."""

    event_id: str
    article_id: str
    start: int
    speakers: tuple[str, ...]
    quote: str
    published: date | None
    language: str = ""
    line: int = 0
    anchors: frozenset[str] = frozenset()
    """Entity ids and numbers in the quote, which a translation keeps."""


def merge_statements(
    statements: Iterable[StatementMention], translations: Mapping[str, Translation] | None = None
) -> list[list[StatementMention]]:
    """Group statements with the same speaker and the same words, in a stable order.

    Only groups of two or more are given. Quotes of a few words never join: many say "yes". In two
    languages they are the same where at most three days and the same three names or numbers (two,
    one of them a number) stand in both, and little else; or where the articles are translations,
    and both stand in the same paragraph.
    """
    ordered = sorted(statements, key=_order)
    of = list(range(len(ordered)))

    def root(at: int) -> int:
        while of[at] != at:
            at = of[at]
        return at

    number = {s.event_id: n for n, s in enumerate(ordered)}
    pairs = [(g[0], s) for g in _same_language(ordered) for s in g[1:]]
    pairs += [*_abroad(ordered), *_translated(ordered, translations or {})]
    for a, b in pairs:
        low, high = sorted((root(number[a.event_id]), root(number[b.event_id])))
        of[high] = low
    groups: dict[int, list[StatementMention]] = defaultdict(list)
    for n, statement in enumerate(ordered):
        groups[root(n)].append(statement)
    return [g for _, g in sorted(groups.items()) if len(g) > 1]


def _order(statement: StatementMention) -> tuple[date, str, int, str]:
    return (statement.published or date.max, statement.article_id, statement.start, statement.event_id)


def _abroad(ordered: Sequence[StatementMention]) -> Iterator[tuple[StatementMention, StatementMention]]:
    """Pairs of quotes in two languages with the same names and numbers."""
    index: dict[tuple[str, str], list[StatementMention]] = defaultdict(list)
    for statement in ordered:
        if len(statement.anchors) < _ANCHORS_WITH_NUMBER:
            continue
        keys = [(speaker, anchor) for speaker in statement.speakers for anchor in sorted(statement.anchors)]
        seen: set[str] = set()
        for key in keys:
            for other in index[key][-_MOST_CANDIDATES:]:
                if other.event_id not in seen and _told_abroad(other, statement):
                    yield other, statement
                seen.add(other.event_id)
        for key in keys:
            index[key].append(statement)


def _told_abroad(a: StatementMention, b: StatementMention) -> bool:
    if a.language == b.language or a.published is None or b.published is None:
        return False
    common = a.anchors & b.anchors
    least = _ANCHORS_WITH_NUMBER if any(c.startswith("#") for c in common) else _ANCHORS
    same = len(common) >= least and len(common) >= _ANCHORS_SAME * len(a.anchors | b.anchors)
    return same and abs((a.published - b.published).days) <= _ABROAD_DAYS


def _translated(
    ordered: Sequence[StatementMention], translations: Mapping[str, Translation]
) -> Iterator[tuple[StatementMention, StatementMention]]:
    """Pairs of quotes in paragraphs that are translations, where a speaker says as many in both."""
    there: dict[tuple[str, int, str], list[StatementMention]] = defaultdict(list)
    for statement in ordered:
        translation = translations.get(statement.article_id)
        line = statement.line if translation is None else translation.lines.get(statement.line, -1)
        for speaker in statement.speakers if line >= 0 else ():
            there[statement.article_id, line, speaker].append(statement)
    for (article, line, speaker), said in there.items():
        if article in translations:
            original = there.get((translations[article].of, line, speaker), [])
            if len(original) == len(said):
                yield from zip(original, said, strict=True)


def _same_language(ordered: Sequence[StatementMention]) -> list[list[StatementMention]]:
    """Groups of quotes with the same words."""
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
