"""What is told of an event, pooled: a mention with its translations, an article's event, a story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import date
from typing import TypeVar

from pipeline.stories.matching import EventMention, Interval, Named, Party, Place, likeness, named

_MOST_PARTIES, _MOST_TELLINGS = 12, 10
_LEAST_SUPPORT = 0.2
_WEIGHT = {"cancelled": 4, "actual": 3, "planned": 2, "negated": 1, "possible": 0}


def told_time(event: EventMention) -> Interval | None:
    """The interval that the text tells, or None."""
    if event.time_start is None:
        return None
    return (event.time_start, event.time_end or event.time_start)


class Cluster:
    """Mentions taken for one event, with what they tell of it.

    ``founders`` are the mentions that would have given the event its id, had the others not been
    there; ``tellings`` are the parties of each mention that names some, at most ten.
    """

    __slots__ = (
        "_known", "_named", "_pooled", "_tellings", "articles", "founders", "last", "members", "newest", "ordinals", "places",
        "statuses", "tellings", "told", "untold", "visits",
    )  # fmt: skip

    def __init__(self, events: Sequence[EventMention]) -> None:
        self.members: list[EventMention] = []
        self.founders: list[EventMention] = [events[0]]
        self.places: Counter[Place] = Counter()
        self.told: Counter[Interval] = Counter()
        self.untold: Counter[tuple[date, str]] = Counter()
        self.statuses: Counter[str] = Counter()
        self.ordinals: Counter[int] = Counter()
        self.articles: list[str] = []
        self.visits = 0
        self.last: tuple[date, int, str] | None = None
        self.newest: Interval | None = None
        self._named: dict[str, tuple[Party, float]] = {}
        self._tellings = 0
        self._pooled: tuple[Named, ...] | None = None
        self._known: tuple[list[Interval], list[Place], set[int]] | None = None
        self.tellings: list[tuple[Named, ...]] = []
        for event in events:
            self._take(event)
        if self._tellings:
            self.tellings.append(self.parties())
        # One of three translations alone gives this day: its time is another event's.
        for counts in (self.told, self.places, self.ordinals):
            for key in [k for k, n in counts.items() if 2 * n < len(events)]:
                del counts[key]

    @property
    def type(self) -> str:
        """Meeting or call."""
        return self.members[0].type

    @property
    def published(self) -> date | None:
        """Day of its first mention's article."""
        return self.members[0].published

    @property
    def line(self) -> int:
        """The paragraph of its first mention."""
        return self.members[0].line

    @property
    def visit(self) -> bool:
        """Whether most of its mentions tell of a journey."""
        return 2 * self.visits > len(self.members)

    @property
    def status(self) -> str:
        """The status of most of its mentions."""
        return min(self.statuses, key=lambda s: (-self.statuses[s], -_WEIGHT.get(s, 0)))

    @property
    def cue(self) -> str | None:
        """The cue of its first mention."""
        return self.members[0].cue

    @property
    def words(self) -> frozenset[str]:
        """The folded triggers."""
        return frozenset(m.trigger for m in self.members)

    def _take(self, event: EventMention) -> None:
        self.members.append(event)
        self._known = None
        parties = named(event)
        if parties:
            self._tellings += 1
            for party, trust in parties:
                self._named[party.key] = (party, self._named.get(party.key, (party, 0.0))[1] + trust)
            self._pooled = None
        if event.place is not None:
            self.places[event.place] += 1
        time = told_time(event)
        if time is not None:
            self.told[time] += 1
            # The day of what was called off is not that of what is to be.
            if event.status != "cancelled":
                self.newest = time
        elif event.published is not None:
            self.untold[event.published, event.status] += 1
        self.statuses[event.status] += 1
        if event.ordinal is not None:
            self.ordinals[event.ordinal] += 1
        self.visits += event.visit
        if event.article_id not in self.articles:
            self.articles.append(event.article_id)
        if event.published is not None:
            said = (event.published, _WEIGHT.get(event.status, 0), event.status)
            self.last = said if self.last is None else max(self.last, said)

    def absorb(self, other: Cluster, *, founds: bool) -> None:
        """Add all mentions of another cluster; ``founds`` where it would have been a story of its own."""
        if founds:
            self.founders += other.founders
        self.members += other.members
        self._known = None
        self._tellings += other._tellings
        for key, (party, trust) in other._named.items():
            self._named[key] = (party, self._named.get(key, (party, 0.0))[1] + trust)
        self._pooled = None
        self.places.update(other.places)
        self.told.update(other.told)
        self.newest = other.newest or self.newest
        self.untold.update(other.untold)
        self.statuses.update(other.statuses)
        self.ordinals.update(other.ordinals)
        self.visits += other.visits
        self.articles += [a for a in other.articles if a not in self.articles]
        if other.last is not None:
            self.last = other.last if self.last is None else max(self.last, other.last)
        self.tellings += other.tellings[: _MOST_TELLINGS - len(self.tellings)]

    def parties(self) -> tuple[Named, ...]:
        """The parties with their support: the mean trust over the mentions that name any.

        A mention that names someone who can stand for a party supports it too ("Rome" for Meloni).
        Parties that one of many mentions names are left out: they are slips.
        """
        if self._pooled is None:
            entries = sorted(self._named.values(), key=lambda e: (-e[1], e[0].key))[:_MOST_PARTIES]
            if self.tellings:
                found = [(p, sum(_supports(t, p) for t in self.tellings) / len(self.tellings)) for p, _ in entries]
            else:
                found = [(p, min(1.0, trust / self._tellings)) for p, trust in entries]
            few = len(entries) <= 2
            self._pooled = tuple((p, support) for p, support in found if few or support >= _LEAST_SUPPORT)
        return self._pooled

    def times(self) -> list[Interval]:
        """The times that it is told to have, the most told first; a slip among many is left out."""
        return self._common()[0]

    def spots(self) -> list[Place]:
        """The places, as ``times``."""
        return self._common()[1]

    def rounds(self) -> set[int]:
        """The numbers of its round, as ``times``."""
        return self._common()[2]

    def _common(self) -> tuple[list[Interval], list[Place], set[int]]:
        if self._known is None:
            self._known = (_common(self.told), _common(self.places), set(_common(self.ordinals)))
        return self._known

    def placed(self) -> float:
        """How firmly it has a place: 1 where half of its mentions tell one, less where one of many does."""
        return min(1.0, 2 * self.places.total() / len(self.members))


def _supports(telling: Sequence[Named], party: Party) -> float:
    return max((trust * likeness(party, other) for other, trust in telling), default=0.0)


_Told = TypeVar("_Told", bound=Hashable)


def _common(counts: Counter[_Told]) -> list[_Told]:
    if len(counts) < 2:
        return list(counts)
    ranked = sorted(counts, key=lambda k: (-counts[k], str(k)))
    return [k for k in ranked if 2 * counts[k] >= counts[ranked[0]]]


def order(event: EventMention) -> tuple[date, str, int, str]:
    """Sort key: publication, article, place in the text."""
    return (event.published or date.max, event.article_id, event.start, event.event_id)
