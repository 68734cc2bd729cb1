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


class Buckets:
    """The stretch of ``BUCKET`` days that each article stands in."""

    def __init__(self, surroundings: Mapping[str, Surroundings]) -> None:
        self._of = {a: s.day.toordinal() // BUCKET for a, s in surroundings.items() if s.day is not None}

    def of(self, article: str) -> int:
        """An article's; ``UNDATED`` where its day is unknown."""
        return self._of.get(article, UNDATED)

    def of_all(self, articles: Iterable[str]) -> set[int]:
        """Those of several articles."""
        of = self._of
        return {of.get(a, UNDATED) for a in articles}

    def parted(self, articles: Iterable[str]) -> dict[int, list[str]]:
        """The articles by the stretch that they stand in, in order."""
        of = self._of
        found: dict[int, list[str]] = {}
        for article in articles:
            found.setdefault(of.get(article, UNDATED), []).append(article)
        return found


class Sharing:
    """Which articles speak of the same entities as an article does: three of them, or two that are at
    least half of what either speaks of, at most ``BUCKET`` days apart."""

    def __init__(
        self, surroundings: Mapping[str, Surroundings], buckets: Buckets, borne: Mapping[str, set[str]],
        asked: Iterable[str],
    ) -> None:  # fmt: skip
        """``borne`` are people with the articles that name them, beside the known entities;
        ``asked`` the articles that ``with_any`` will be asked for."""
        self._of = surroundings
        self._people: dict[str, set[str]] = {}
        for person, there in borne.items():
            for article in there:
                self._people.setdefault(article, set()).add(person)
        # By bucket, so that the articles of neighbouring buckets have neighbouring numbers.
        placed = sorted((buckets.of(a), a) for a in surroundings)
        self._articles = [a for _, a in placed]
        self._buckets: _Numbers = np.array([b for b, _ in placed], dtype=np.int64)
        days = (surroundings[a].day for a in self._articles)
        self._days: _Numbers = np.array([UNDATED if d is None else d.toordinal() for d in days], dtype=np.int64)
        spoken_of = {e for a in asked if a in surroundings for e in self._entities(a)}
        self._numbers: dict[str, list[int]] = {entity: [] for entity in spoken_of}
        for number, article in enumerate(self._articles):
            found = spoken_of & surroundings[article].entities
            if people := self._people.get(article):
                found |= people & spoken_of
            for entity in found:
                self._numbers[entity].append(number)
        self._speaking: dict[str, _Numbers] = {}
        self._found: dict[tuple[str, int, int], frozenset[str]] = {}

    def _entities(self, article: str) -> frozenset[str]:
        return self._of[article].entities | self._people.get(article, frozenset())

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
        if article not in self._of:
            return
        mine, day = self._entities(article), self._of[article].day
        low, high = np.searchsorted(self._buckets, [first, last + 1])
        speaking = [self._those_with(e, int(low), int(high)) for e in mine if len(self._numbers[e]) > 1]
        if not speaking or low == high:
            return
        shared = np.bincount(np.concatenate(speaking) - low, minlength=int(high - low))
        enough = shared >= 2
        if day is not None:
            enough &= _near(self._days[low:high], day)
        for at in np.flatnonzero(enough).tolist():
            other, count = self._articles[at + int(low)], int(shared[at])
            if other == article:
                continue
            if count >= 3 or count * 2 >= min(len(mine), len(self._entities(other))):
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


def _near(days: _Numbers, day: date) -> npt.NDArray[np.bool_]:
    """Which days are at most ``BUCKET`` away, or unknown."""
    near: npt.NDArray[np.bool_] = (np.abs(days - day.toordinal()) <= BUCKET) | (days == UNDATED)
    return near


@dataclass(frozen=True, slots=True)
class _Placed:
    """Articles of which something is known, with their days: the first few, and all, in order."""

    first: list[Surroundings | None]
    known: list[str]
    days: _Numbers
    """Ordinals, ``UNDATED`` where unknown."""


class Neighbours:
    """Whether articles of two people that are near in time speak of the same.

    The first ``MOST_ARTICLES`` articles of whoever stands in fewer are compared, each with as many
    of the other's that are at most ``BUCKET`` days away: whoever stands in many articles is compared
    where the other one stands. ``beside`` counts what else a pair of articles has in common.
    """

    def __init__(self, surroundings: Mapping[str, Surroundings], beside: Mapping[tuple[str, str], int]) -> None:
        self._of, self._beside = surroundings, beside
        self._placed: dict[str, _Placed] = {}

    def share(self, a: str, a_articles: Sequence[str], b: str, b_articles: Sequence[str], least: int) -> bool:
        """Tell whether an article of each person, given by id and sorted articles, have ``least`` in common."""
        if len(a_articles) > len(b_articles):
            a, a_articles, b, b_articles = b, b_articles, a, a_articles
        few, many = self._place(a, a_articles), self._place(b, b_articles)
        for x, s in zip(a_articles, few.first, strict=False):
            if s is None:
                continue
            near: Sequence[int] = range(len(many.known))
            if s.day is not None:
                near = np.flatnonzero(_near(many.days, s.day))[:MOST_ARTICLES].tolist()
            for at in near[:MOST_ARTICLES]:
                y = many.known[at]
                common = len(s.entities & self._of[y].entities)
                if common >= least or common + max(self._beside.get((x, y), 0) - 1, 0) >= least:
                    return True
        return False

    def _place(self, person: str, articles: Sequence[str]) -> _Placed:
        if person not in self._placed:
            known = [a for a in articles if a in self._of]
            days = [UNDATED if (day := self._of[a].day) is None else day.toordinal() for a in known]
            first = [self._of.get(a) for a in articles[:MOST_ARTICLES]]
            self._placed[person] = _Placed(first, known, np.array(days, dtype=np.int64))
        return self._placed[person]
