"""What articles speak of and when: which of them may tell of the same people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

BUCKET = 16
"""Days: articles further apart are not held together."""
MOST_ARTICLES = 24
UNDATED = -1
"""The bucket of articles without a day; no day has it."""
_REMEMBERED = 4_096
_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """An article's day (None unknown) and the known entities that it speaks of."""

    day: date | None
    entities: frozenset[str]


def bucket_of(article: str, surroundings: Mapping[str, Surroundings]) -> int:
    """The stretch of ``BUCKET`` days that an article stands in."""
    s = surroundings.get(article)
    return UNDATED if s is None or s.day is None else s.day.toordinal() // BUCKET


def buckets_of(articles: Iterable[str], surroundings: Mapping[str, Surroundings]) -> set[int]:
    """The stretches of days that articles stand in."""
    return {bucket_of(a, surroundings) for a in articles}


class Sharing:
    """Which articles speak of the same entities as an article does: three of them, or two that are at
    least half of what either speaks of, at most ``BUCKET`` days apart."""

    def __init__(self, surroundings: Mapping[str, Surroundings]) -> None:
        self._of = surroundings
        # By bucket, so that the articles of neighbouring buckets have neighbouring numbers.
        placed = sorted((bucket_of(a, surroundings), a) for a in surroundings)
        self._articles = [a for _, a in placed]
        self._buckets: _Numbers = np.array([b for b, _ in placed], dtype=np.int64)
        self._numbers: dict[str, list[int]] = {}
        for number, article in enumerate(self._articles):
            for entity in surroundings[article].entities:
                self._numbers.setdefault(entity, []).append(number)
        self._speaking: dict[str, _Numbers] = {}
        self._found: dict[tuple[str, int, int], frozenset[str]] = {}

    def with_any(self, articles: Sequence[str], buckets: Iterable[int]) -> set[str]:
        """The articles of these buckets that share enough with one of ``articles`` other than themselves."""
        found: set[str] = set()
        for first, last in _stretches(buckets):
            for article in articles:
                found |= self._with(article, first, last)
        return found

    def _with(self, article: str, first: int, last: int) -> frozenset[str]:
        key = article, first, last
        if key not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[key] = frozenset(self._work_out(article, first, last))
        return self._found[key]

    def _work_out(self, article: str, first: int, last: int) -> Iterator[str]:
        mine = self._of.get(article)
        if mine is None:
            return
        low, high = np.searchsorted(self._buckets, [first, last + 1])
        speaking = [self._those_with(e, int(low), int(high)) for e in mine.entities if len(self._numbers[e]) > 1]
        if not speaking or low == high:
            return
        shared = np.bincount(np.concatenate(speaking) - low, minlength=int(high - low))
        for at in np.flatnonzero(shared >= 2).tolist():
            other = self._articles[at + int(low)]
            theirs = self._of[other]
            if other == article or not _is_near(mine.day, theirs.day):
                continue
            count = int(shared[at])
            if count >= 3 or count * 2 >= min(len(mine.entities), len(theirs.entities)):
                yield other

    def _those_with(self, entity: str, low: int, high: int) -> _Numbers:
        """The numbers of the articles that speak of an entity, from ``low`` to before ``high``."""
        if entity not in self._speaking:
            self._speaking[entity] = np.array(self._numbers[entity], dtype=np.int64)
        speaking = self._speaking[entity]
        first, last = np.searchsorted(speaking, [low, high])
        return speaking[first:last]


def _stretches(buckets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of neighbouring buckets."""
    first: int | None = None
    last = 0
    for bucket in sorted(buckets):
        if first is None:
            first = bucket
        elif bucket > last + 1:
            yield first, last
            first = bucket
        last = bucket
    if first is not None:
        yield first, last


def _is_near(a: date | None, b: date | None) -> bool:
    return a is None or b is None or abs((a - b).days) <= BUCKET


def neighbours(
    a: Sequence[str], b: Sequence[str], surroundings: Mapping[str, Surroundings]
) -> Iterator[tuple[str, str]]:
    """Pairs of articles near in time, the first few of each; whoever stands in many articles is
    compared where the other one stands."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    for x in few[:MOST_ARTICLES]:
        s = surroundings.get(x)
        if s is None:
            continue
        compared = 0
        for y in many:
            t = surroundings.get(y)
            if t is None or not _is_near(s.day, t.day):
                continue
            yield x, y
            compared += 1
            if compared >= MOST_ARTICLES:
                break
