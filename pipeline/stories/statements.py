"""Statements: the same words of the same speaker, reported by several articles, are one story.

Quotes are compared by shingles of letters within a speaker; MinHash bands find the candidates, so
that a speaker with many statements costs no more than one with few. Across languages the names and
numbers in the quote are compared, and in translations of one report the paragraph.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipeline.stories.duplicates import Hashes, bands_of, mix, shared_bands, shingle_letters
from pipeline.stories.translations import Translation

_LETTERS, _HAN_LETTERS = 6, 3
_LEAST_SHINGLES = {True: 8, False: 20}
_SAME, _INSIDE = 0.5, 0.85
_DAYS = 10
_MOST_CANDIDATES = 30
_ABROAD_DAYS = 3
_ANCHORS, _ANCHORS_WITH_NUMBER, _ANCHORS_SAME = 3, 2, 0.6


@dataclass(frozen=True, slots=True)
class Wording:
    """By what quotes of like words are found: the bands of its shingles (64-bit numbers; none where
    there are too few), and a hash of the letters that it begins with."""

    bands: bytes = b""
    opening: int = 0


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
    wording: Wording | None = None
    """What ``wording_of`` gives for the quote, where it is known."""


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
    index: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for statement, words in zip(ordered, _shared(ordered), strict=True):
        keys = [(speaker, *word) for speaker in statement.speakers for word in words]
        if not keys:
            continue
        candidates = sorted({at for key in keys for at in index[key][-_MOST_CANDIDATES:]})
        near = (c for c in candidates if _near(groups[c][0], statement))
        at = next((c for c in near if _same_words(groups[c][0].quote, statement.quote)), None)
        if at is None:
            at = len(groups)
            groups.append([])
        groups[at].append(statement)
        for key in keys:
            if not index[key] or index[key][-1] != at:
                index[key].append(at)
    return [g for g in groups if len(g) > 1]


def _shared(ordered: Sequence[StatementMention]) -> list[list[tuple[int, int]]]:
    """For each statement the bands and the opening that another one has, too; none where it has too few words."""
    wordings = [s.wording or wording_of(s.quote) for s in ordered]
    answer = shared_bands([np.frombuffer(w.bands, dtype=np.uint64) for w in wordings])
    # A quote cut short shares few bands with the whole; the words that it begins with tell.
    openings = Counter(w.opening for w in wordings if w.bands)
    for words, wording in zip(answer, wordings, strict=True):
        if wording.bands and openings[wording.opening] > 1:
            words.append((-1, wording.opening))
    return answer


def wording_of(quote: str) -> Wording:
    """What candidates for a quote are found by."""
    shingles = _shingles(quote)
    if len(shingles) < _LEAST_SHINGLES[_is_han(quote)]:
        return Wording()
    return Wording(bands_of(shingles).tobytes(), _opening(quote))


def _shingles(quote: str) -> Hashes:
    return shingle_letters(quote, _HAN_LETTERS if _is_han(quote) else _LETTERS)


def _is_han(quote: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in quote)


def _near(a: StatementMention, b: StatementMention) -> bool:
    return a.published is None or b.published is None or abs((a.published - b.published).days) <= _DAYS


def _opening(quote: str) -> int:
    letters = shingle_letters("".join(c for c in quote if c.isalnum())[:16], 6)
    return int(mix(letters.sum(keepdims=True))[:1].view(np.int64)[0]) if len(letters) else 0


@functools.lru_cache(maxsize=4096)
def _words(quote: str) -> frozenset[int]:
    return frozenset(_shingles(quote).tolist())


def _same_words(one: str, other: str) -> bool:
    a, b = _words(one), _words(other)
    common = len(a & b)
    return common >= _SAME * (len(a) + len(b) - common) or common >= _INSIDE * min(len(a), len(b))
