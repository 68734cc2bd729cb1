"""Which mentions speak of one real-world event.

Meetings and calls: same type, parties that fit, times that do not speak against it. Within an
article, a mention that refers back ("the talks") joins the one before it. Over articles, parties
block and time decides; status is never part of the key, since a planned meeting, its taking place
and its denial are one story.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_SLACK = timedelta(days=2)
_REACH = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class EventMention:
    """What merging needs of an event: parties as entity ids, time and its source, day of the
    article, place."""

    event_id: str
    article_id: str
    start: int
    type: str
    mode: str | None
    status: str
    parties: frozenset[str]
    time_start: date | None
    time_end: date | None
    time_source: str | None
    published: date | None
    place: str | None
    quote_key: str | None


@dataclass(slots=True)
class _Cluster:
    members: list[EventMention]
    parties: set[str]
    places: set[str]
    low: date | None
    high: date | None
    told: bool

    @classmethod
    def of(cls, event: EventMention) -> _Cluster:
        told = event.time_source in ("explicit", "relative") and event.time_start is not None
        low = event.time_start if told else event.published
        high = event.time_end if told else event.published
        return cls([event], set(event.parties), {event.place} if event.place else set(), low, high, told)

    def add(self, other: _Cluster) -> None:
        self.members += other.members
        self.parties |= other.parties
        self.places |= other.places
        if other.told and not self.told:
            self.low, self.high, self.told = other.low, other.high, True
        elif other.told == self.told and other.low and other.high:
            self.low = min(self.low or other.low, other.low)
            self.high = max(self.high or other.high, other.high)


def merge_events(events: Iterable[EventMention]) -> list[list[EventMention]]:
    """Group event mentions into stories, in a stable order.

    The answer depends on the set of events alone, not on their order nor on earlier runs.
    """
    ordered = sorted(events, key=lambda e: (e.published or date.max, e.article_id, e.start, e.event_id))
    groups: list[list[EventMention]] = []
    by_article: dict[tuple[str, str], list[EventMention]] = defaultdict(list)
    words: dict[tuple[str, ...], list[EventMention]] = defaultdict(list)
    for event in ordered:
        if event.type == "statement":
            key = (event.quote_key, *sorted(event.parties)) if event.quote_key and event.parties else (event.event_id,)
            words[key].append(event)
        else:
            by_article[event.article_id, event.type].append(event)
    groups += words.values()
    clusters: list[_Cluster] = []
    for mentions in by_article.values():
        clusters += _within_article(mentions)
    clusters.sort(key=lambda c: (c.members[0].published or date.max, c.members[0].article_id, c.members[0].start))
    groups += [c.members for c in _across_articles(clusters)]
    return groups


def _within_article(mentions: Sequence[EventMention]) -> list[_Cluster]:
    """Clusters of one article and type, by shared parties; a mention without parties refers back."""
    clusters: list[_Cluster] = []
    last: _Cluster | None = None
    for event in mentions:
        new = _Cluster.of(event)
        fits = [c for c in clusters if _same(c, new, within=True)]
        chosen = max(fits, key=lambda c: (len(c.parties & new.parties), c is last), default=None)
        if chosen is None and not new.parties and last is not None and not _apart(last, new):
            chosen = last
        if chosen is None:
            clusters.append(new)
            last = new
        else:
            chosen.add(new)
            last = chosen
    return clusters


def _across_articles(clusters: Sequence[_Cluster]) -> list[_Cluster]:
    """Join the clusters of different articles; candidates share a party and stand near in time."""
    stories: list[_Cluster] = []
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for cluster in clusters:
        type_ = cluster.members[0].type
        candidates = sorted({i for p in cluster.parties for i in index[type_, p]}, reverse=True)
        chosen = next((i for i in candidates if _same(stories[i], cluster, within=False)), None)
        if chosen is None:
            stories.append(cluster)
            chosen = len(stories) - 1
        else:
            stories[chosen].add(cluster)
        for party in cluster.parties:
            if chosen not in index[type_, party]:
                index[type_, party].append(chosen)
    return stories


def _same(a: _Cluster, b: _Cluster, *, within: bool) -> bool:
    shared = len(a.parties & b.parties)
    if a.members[0].type != b.members[0].type or not shared:
        return False
    smaller = min(len(a.parties), len(b.parties))
    if shared < min(2, smaller) or (not within and shared < 2) or shared * 2 < smaller:
        return False
    if a.places and b.places and not a.places & b.places and not within:
        return False
    return not _apart(a, b)


def _apart(a: _Cluster, b: _Cluster) -> bool:
    """Whether their times speak against one event."""
    if a.low is None or b.low is None or a.high is None or b.high is None:
        return False
    gap = max(a.low - b.high, b.low - a.high)
    return gap > (timedelta(0) if a.told and b.told else _REACH if not (a.told or b.told) else _SLACK + _REACH)


def story_id(members: Sequence[EventMention]) -> str:
    """Id of a story: made from its earliest mention, so that later ones do not change it."""
    return "s" + hashlib.sha256(members[0].event_id.encode()).hexdigest()[:15]
