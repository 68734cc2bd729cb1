"""Articles that are translations of each other, and which of their mentions answer to each other.

Agencies print one report in several languages. The same names and numbers stand in the same order
in all of them, whatever the words: paragraphs are aligned by these anchors with dynamic programming
(after Gale and Church 1993, who align by length), and the mentions of two paragraphs that answer to
each other by parties, time and place in the line.
"""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pipeline.stories.duplicates import Hashes, mix, shared_bands
from pipeline.stories.matching import EventMention, fit_parties, fit_told, named
from pipeline.stories.units import Cluster, order, told_time

_DAYS = 2
_BANDS, _ROWS = 24, 2
_MOST_CANDIDATES = 40
_AT_ONCE = 1000
_LEAST_ANCHORS = 4
_SHARED = 0.3
_MOST_LINES = 120
_SKIP, _DOUBLE = -0.12, -0.05
_COVER = 0.7
# How alike two articles must be. A report of six paragraphs shares its names and their order with any other
# of one event, and tomorrow's with today's.
_LIKE, _SHORT, _SHORT_LIKE, _LATER_LIKE = 0.4, 8, 0.55, 0.12
# Letters of a text in each language for one of the same text in English.
_LENGTH = {"en": 1.0, "ar": 0.85, "zh": 0.3}
_NUMBER = re.compile(r"\d+(?:[.,٫]\d+)*")
_LEAST_PAIR = -0.3
# More than what a pair must have: mentions that tell no more than another status do not answer to each other.
_OTHER_STATUS = 0.35


@dataclass(frozen=True, slots=True)
class Outline:
    """An article's paragraphs as translation leaves them: anchors (entity ids, numbers) and length."""

    article_id: str
    language: str
    published: date | None
    anchors: tuple[frozenset[str], ...]
    lengths: tuple[int, ...]

    def all(self) -> frozenset[str]:
        """The anchors of the whole text."""
        return frozenset().union(*self.anchors)


def numbers(text: str) -> frozenset[str]:
    """The numbers in digits of a text, as anchors; one digit alone says too little."""
    found = ("".join(str(int(c)) for c in m.group() if c.isdigit()) for m in _NUMBER.finditer(text))
    return frozenset(f"#{n}" for n in found if len(n) > 1)


@dataclass(frozen=True, slots=True)
class Translation:
    """That an article is a translation of another: for each paragraph that has one, its counterpart."""

    of: str
    lines: Mapping[int, int]


Aligned = tuple[float, Mapping[int, int]]
"""How alike two articles are, and the line of the one for lines of the other; see ``align``."""


def find_translations(
    outlines: Iterable[Outline], aligned: Callable[[Outline, Outline], Aligned] | None = None
) -> dict[str, Translation]:
    """Map each article to the earliest of which it is a translation, in another language and within
    two days. What a translation is of is never one itself. ``aligned`` gives what ``align`` does.
    """
    aligned = aligned or align
    index: dict[tuple[int, int], list[int]] = defaultdict(list)
    originals: list[tuple[Outline, frozenset[str]]] = []
    days: list[int] = []
    answer: dict[str, Translation] = {}
    ordered = sorted(
        (o for o in outlines if o.published is not None and len(o.anchors) <= _MOST_LINES),
        key=lambda o: (o.published, o.article_id),
    )
    told = [(o, anchors) for o in ordered if len(anchors := o.all()) >= _LEAST_ANCHORS]
    for (outline, anchors), bands in zip(told, shared_bands(_bands([a for _, a in told])), strict=True):
        assert outline.published is not None
        # Those of the days before are a tail of every list, which is in the order of publication.
        first = bisect.bisect_left(days, outline.published.toordinal() - _DAYS)
        candidates: set[int] = set()
        for band in bands:
            for at in reversed(index[band][-_MOST_CANDIDATES:]):
                if at < first:
                    break
                candidates.add(at)
        best: tuple[float, str, Mapping[int, int]] | None = None
        for at in sorted(candidates):
            other, theirs = originals[at]
            if other.language == outline.language or len(anchors & theirs) < _SHARED * min(len(anchors), len(theirs)):
                continue
            like, lines = aligned(other, outline)
            if like > 0 and (best is None or like > best[0]):
                best = (like, other.article_id, lines)
        if best is not None:
            answer[outline.article_id] = Translation(best[1], best[2])
            continue
        for band in bands:
            index[band].append(len(originals))
        originals.append((outline, anchors))
        days.append(outline.published.toordinal())
    return answer


def _bands(sets: Sequence[frozenset[str]]) -> list[Hashes]:
    """MinHash bands of each set: sets that share a third of all agree in one of the bands, mostly."""
    hashes: dict[str, int] = {}
    multipliers = mix(np.arange(101, 101 + _BANDS * _ROWS, dtype=np.uint64)) | np.uint64(1)
    answer: list[Hashes] = []
    for at in range(0, len(sets), _AT_ONCE):
        some = sets[at : at + _AT_ONCE]
        values = np.array([hashes.get(a) or hashes.setdefault(a, _stable(a)) for s in some for a in s], dtype=np.uint64)
        starts = np.cumsum([0, *(len(s) for s in some[:-1])])
        least = np.stack([np.minimum.reduceat(mix(values * m), starts) for m in multipliers], axis=1)
        joined = np.zeros((len(some), _BANDS), dtype=np.uint64)
        for row in range(_ROWS):
            joined = mix(joined + least[:, row::_ROWS])
        answer += list(joined)
    return answer


def _stable(word: str) -> int:
    """A hash of a word that is the same from run to run (FNV-1a, 64 bits)."""
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def align(base: Outline, other: Outline) -> Aligned:
    """Align the paragraphs of two articles; 0 where they do not tell the same things in one order.

    Returns how alike they are (0.4 to 1) and the line of ``base`` for lines of ``other``. The fewer the
    paragraphs and the further apart the days, the more alike they must be.
    """
    moves = _best_path(base, other)
    lines: dict[int, int] = {}
    weight = alike = 0.0
    for i, j, wide in moves:
        for n in range(wide[1]):
            lines[j + n] = i
        mine = frozenset().union(*base.anchors[i : i + wide[0]])
        theirs = frozenset().union(*other.anchors[j : j + wide[1]])
        if mine or theirs:
            weight += len(mine | theirs)
            alike += len(mine | theirs) * _dice(mine, theirs)
    covered = min(
        sum(base.lengths[i + n] for i, _, wide in moves for n in range(wide[0])) / max(1, sum(base.lengths)),
        sum(other.lengths[j + n] for _, j, wide in moves for n in range(wide[1])) / max(1, sum(other.lengths)),
    )
    like = alike / weight if weight else 0.0
    least = _LIKE if len(moves) >= _SHORT else _SHORT_LIKE
    if base.published is not None and other.published is not None:
        least += _LATER_LIKE * abs((base.published - other.published).days)
    return (like, lines) if like >= least and covered >= _COVER else (0.0, {})


def _best_path(base: Outline, other: Outline) -> list[tuple[int, int, tuple[int, int]]]:
    rows, columns = len(base.anchors), len(other.anchors)
    ratio = _LENGTH.get(other.language, 1.0) / _LENGTH.get(base.language, 1.0)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    step: list[list[tuple[int, int]]] = [[(0, 0)] * (columns + 1) for _ in range(rows + 1)]
    mine, theirs = _Lines(base), _Lines(other)
    for i in range(rows + 1):
        for j in range(columns + 1):
            if i == j == 0:
                continue
            options = []
            if i and j:
                options.append((best[i - 1][j - 1] + _gain(mine.one, i - 1, theirs.one, j - 1, ratio), (1, 1)))
            if i:
                options.append((best[i - 1][j] + _SKIP, (1, 0)))
            if j:
                options.append((best[i][j - 1] + _SKIP, (0, 1)))
            if i > 1 and j:
                gain = _gain(mine.two, i - 2, theirs.one, j - 1, ratio) + _DOUBLE
                options.append((best[i - 2][j - 1] + gain, (2, 1)))
            if i and j > 1:
                gain = _gain(mine.one, i - 1, theirs.two, j - 2, ratio) + _DOUBLE
                options.append((best[i - 1][j - 2] + gain, (1, 2)))
            best[i][j], step[i][j] = max(options)
    path: list[tuple[int, int, tuple[int, int]]] = []
    i, j = rows, columns
    while i or j:
        a, b = step[i][j]
        i, j = i - a, j - b
        if a and b:
            path.append((i, j, (a, b)))
    return path[::-1]


_Line = tuple[frozenset[str], int]


class _Lines:
    """The paragraphs of an outline, one by one and two by two: anchors and length."""

    def __init__(self, outline: Outline) -> None:
        self.one: list[_Line] = list(zip(outline.anchors, outline.lengths, strict=True))
        self.two: list[_Line] = [(x | y, n + m) for (x, n), (y, m) in itertools.pairwise(self.one)]


def _gain(mine: Sequence[_Line], i: int, theirs: Sequence[_Line], j: int, ratio: float) -> float:
    (a, n), (b, m) = mine[i], theirs[j]
    like = _dice(a, b) if a or b else 0.2
    return like - 0.3 * min(1.0, abs(math.log((n * ratio + 5) / (m + 5))))


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def pool(base: Sequence[EventMention], others: Iterable[tuple[Translation, Sequence[EventMention]]]) -> list[Cluster]:
    """Units of an article: each of its mentions with those of its translations that answer to it.

    All of one type. A mention of a translation that nothing answers to is a unit of its own, at the
    paragraph of ``base`` where it would stand.
    """
    units = [[m] for m in sorted(base, key=order)]
    for translation, mentions in others:
        moved = [replace(m, line=line) for m in mentions for line in (_line(translation.lines, m.line),)]
        for n, found in _answers(units, moved):
            if n is None:
                units.append([found])
            else:
                units[n].append(found)
    return sorted((Cluster(sorted(u, key=order)) for u in units), key=lambda c: (c.line, order(c.members[0])))


def _line(lines: Mapping[int, int], line: int) -> int:
    known = [k for k in lines if k <= line]
    return lines[max(known)] if known else 0


def _answers(
    units: Sequence[Sequence[EventMention]], mentions: Sequence[EventMention]
) -> Iterator[tuple[int | None, EventMention]]:
    """Each mention with the unit of its paragraph that it answers to best, one to one."""
    scored: list[tuple[float, int, int]] = []
    for j, mention in enumerate(mentions):
        there = [k for k, m in enumerate(mentions) if m.line == mention.line]
        place = (there.index(j) + 0.5) / len(there)
        here = [n for n, u in enumerate(units) if u[0].line == mention.line]
        for n in here:
            at = (here.index(n) + 0.5) / len(here)
            value = _pair_score(units[n][0], mention) - abs(place - at)
            if value > _LEAST_PAIR:
                scored.append((value, n, j))
    given: dict[int, int] = {}
    used: set[int] = set()
    for _, n, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if j not in given and n not in used:
            given[j] = n
            used.add(n)
    for j, mention in enumerate(mentions):
        yield given.get(j), mention


def _pair_score(a: EventMention, b: EventMention) -> float:
    if a.ordinal is not None and b.ordinal is not None and a.ordinal != b.ordinal:
        return 2 * _LEAST_PAIR
    fit = fit_parties(named(a), named(b))
    total = (
        0.5 * fit.weight
        - 0.4 * min(1.5, fit.against)
        - 0.9 * (a.visit != b.visit)
        - _OTHER_STATUS * (a.status != b.status)
    )
    mine, theirs = told_time(a), told_time(b)
    if mine is not None and theirs is not None:
        total += 0.4 if fit_told([mine], [theirs]) is not None else -0.3
    return total + (0.3 if a.place is not None and a.place == b.place else 0.0)
