"""Which tellings of meetings and calls are of one real event.

First within an article: told times set the events apart, what has no time of its own joins the one
that its parties, its place and its nearness speak for ("the talks", "their call"). Then over
articles, in order of publication: candidates come from blocks of parties and time, the best fit
wins, and two events that one article keeps apart stay apart. Status is never part of the key; it
only tells what lies ahead from what is done (a planned meeting is not the one held before).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations, product

from pipeline.stories.matching import (
    EventMention,
    Interval,
    Party,
    PartyFit,
    Place,
    fit_parties,
    fit_places,
    fit_published,
    fit_told,
    fit_untold,
    is_specific,
    same_word,
)

_BUCKET = 16
_MOST_PARTIES, _FEW_PARTIES = 8, 3
_MOST_SETS = 12
_MOST_CANDIDATES = 200
_CONTEXT_ARTICLES = 6
_AHEAD = ("planned", "possible")
_POSTPONED_DAYS = 75
_NO_PARTIES_REACH, _ONE_PARTY_REACH = 4, 8
_WEIGHT = {"cancelled": 4, "actual": 3, "planned": 2, "negated": 1, "possible": 0}


class Cluster:
    """Mentions taken for one event, with what they tell of it."""

    __slots__ = ("articles", "last", "members", "ordinals", "places", "sets", "statuses", "told", "untold", "visit")

    def __init__(self, event: EventMention) -> None:
        self.members: list[EventMention] = []
        self.sets: list[tuple[Party, ...]] = []
        self.places: list[Place] = []
        self.told: list[Interval] = []
        self.untold: list[tuple[date, str]] = []
        self.statuses: set[str] = set()
        self.ordinals: set[int] = set()
        self.articles: list[str] = []
        self.visit = event.visit
        self.last: tuple[date, int, str] | None = None
        self.take(event)

    @property
    def type(self) -> str:
        """Meeting or call."""
        return self.members[0].type

    @property
    def published(self) -> date | None:
        """Day of its first mention's article."""
        return self.members[0].published

    def take(self, event: EventMention) -> None:
        """Add a mention."""
        self.members.append(event)
        if event.parties and event.parties not in self.sets and len(self.sets) < _MOST_SETS:
            self.sets.append(event.parties)
        if event.place is not None and event.place not in self.places:
            self.places.append(event.place)
        time = told_time(event)
        if time is not None:
            if time not in self.told:
                self.told.append(time)
        elif event.published is not None and (event.published, event.status) not in self.untold:
            self.untold.append((event.published, event.status))
        self.statuses.add(event.status)
        if event.ordinal is not None:
            self.ordinals.add(event.ordinal)
        if event.article_id not in self.articles:
            self.articles.append(event.article_id)
        if event.published is not None:
            said = (event.published, _WEIGHT.get(event.status, 0), event.status)
            self.last = said if self.last is None else max(self.last, said)

    def absorb(self, other: Cluster) -> None:
        """Add all mentions of another cluster."""
        for event in other.members:
            self.take(event)

    def fit(self, sets: Sequence[tuple[Party, ...]]) -> PartyFit:
        """The best fit of its parties to others; where both name people, those alone are compared,
        for "the two presidents" fits all presidents."""
        mine = [s for s in self.sets if is_specific(s)]
        theirs = [s for s in sets if is_specific(s)]
        pairs = product(mine, theirs) if mine and theirs else product(self.sets, sets)
        fits = [fit_parties(a, b) for a, b in pairs]
        return max(fits, key=lambda f: (f.value, f.weight), default=PartyFit(0, 0.0, 0, 0))


def told_time(event: EventMention) -> Interval | None:
    """The interval that the text tells, or None."""
    if event.time_start is None:
        return None
    return (event.time_start, event.time_end or event.time_start)


def merge_events(events: Iterable[EventMention], context: Mapping[str, frozenset[str]]) -> list[list[EventMention]]:
    """Group mentions of meetings and calls into real events, in a stable order.

    ``context`` gives the known entities of each article; like articles lend weight to thin
    evidence. The answer depends on the set of events alone, not on their order nor on earlier runs.
    """
    by_article: dict[str, list[EventMention]] = defaultdict(list)
    for event in events:
        by_article[event.article_id].append(event)
    stories = Stories(context)
    for article in sorted(by_article, key=lambda a: (by_article[a][0].published or date.max, a)):
        mentions = sorted(by_article[article], key=lambda e: (e.start, e.event_id))
        for type_ in ("meeting", "call"):
            stories.add_article(within_article([m for m in mentions if m.type == type_]))
    return [sorted(c.members, key=_order) for c in stories.clusters]


def _order(event: EventMention) -> tuple[date, str, int, str]:
    return (event.published or date.max, event.article_id, event.start, event.event_id)


def within_article(mentions: Sequence[EventMention]) -> list[Cluster]:
    """Cluster one article's mentions of one type: those with told times first, then those with
    parties, then what only refers to one of them."""
    clusters: list[Cluster] = []
    for event in mentions:
        if told_time(event) is not None:
            _place(event, clusters, told=True)
    first = min((m.sentence_id for m in mentions), default=0)
    untold = [m for m in mentions if told_time(m) is None]
    for event in [*(m for m in untold if m.parties), *(m for m in untold if not m.parties)]:
        _place(event, clusters, told=False, headline=event.sentence_id <= min(first, 1))
    clusters.sort(key=lambda c: _order(c.members[0]))
    return clusters


def _place(event: EventMention, clusters: list[Cluster], *, told: bool, headline: bool = False) -> None:
    scored = [(s, -n) for n, c in enumerate(clusters) if (s := _within_score(event, c, told, headline)) > 0]
    if scored:
        clusters[-max(scored)[1]].take(event)
    else:
        clusters.append(Cluster(event))


def _within_score(event: EventMention, cluster: Cluster, told: bool, headline: bool) -> float:
    """How much speaks for a mention and a cluster of its article being one event; 0 where not."""
    if event.visit != cluster.visit and (event.parties or cluster.visit):
        return 0.0
    if event.ordinal is not None and cluster.ordinals and event.ordinal not in cluster.ordinals:
        return 0.0
    place = fit_places([event.place] if event.place else [], cluster.places)
    if place < 0 and event.type == "meeting":
        return 0.0
    distance = min(abs(event.sentence_id - m.sentence_id) for m in cluster.members)
    fit = cluster.fit([event.parties]) if event.parties else None
    journey = event.visit and fit is not None and fit.pairs > 0 and place > 0
    if told:
        time = told_time(event)
        assert time is not None
        agree = fit_told([time], cluster.told)
        if agree is None or agree == 0.3:
            if not _postponed(event, cluster) or fit is None or not (fit.strong or journey):
                return 0.0
            return 0.5
        if fit is None or not cluster.sets:
            return 0.4 if distance <= _NO_PARTIES_REACH or place > 0 else 0.0
        return fit.value + 0.2 * place if fit.strong or fit.weak or journey else 0.0
    if not _realis_fits(event, cluster, distance):
        return 0.0
    nearness = 0.15 / (1 + (0 if headline else distance)) + (0.2 * _recency(cluster) if headline else 0.0)
    if fit is None or not cluster.sets:
        near = distance <= _NO_PARTIES_REACH or headline or place > 0
        word = any(same_word(event.trigger, m.trigger) for m in cluster.members)
        size = 0.02 * min(5, len(cluster.members))
        return 0.1 + 0.2 * place + 0.2 * word + size + nearness if near else 0.0
    if fit.strong or journey:
        return 0.5 + 0.5 * fit.value + 0.1 * place + nearness
    if fit.weak:
        near = distance <= _ONE_PARTY_REACH or headline or place > 0
        return 0.2 + fit.value + 0.2 * place + nearness if near else 0.0
    return 0.0


def _recency(cluster: Cluster) -> float:
    """Near 1 where the event lies close to the publication, for headlines tell the news."""
    day = cluster.published
    if day is None or not cluster.told:
        return 0.5
    gap = min(abs((t[0] - day).days) for t in cluster.told)
    return 1 / (1 + gap / 3)


def _postponed(event: EventMention, cluster: Cluster) -> bool:
    """Whether one is called off and the other still to come: the same event on another day."""
    if "actual" in cluster.statuses or event.status == "actual":
        return False
    return ("cancelled" in cluster.statuses) != (event.status == "cancelled") and bool(
        cluster.statuses & {*_AHEAD, "cancelled"}
    )


def _realis_fits(event: EventMention, cluster: Cluster, distance: int) -> bool:
    """Within an article what is done and what lies ahead are two events."""
    day = event.published
    ahead = bool(cluster.told) and day is not None and all(t[0] > day for t in cluster.told)
    if event.status == "actual":
        return not ahead and ("actual" in cluster.statuses or "planned" not in cluster.statuses)
    if event.status == "planned":
        return "actual" not in cluster.statuses
    if event.status == "possible":
        return "actual" not in cluster.statuses or (distance <= 1 and bool(cluster.told) and not ahead)
    return True


class Stories:
    """The stories so far, with blocks to find those that an article's events may belong to."""

    def __init__(self, context: Mapping[str, frozenset[str]]) -> None:
        self.clusters: list[Cluster] = []
        self._context = context
        self._all: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._single: dict[tuple[str, ...], list[int]] = defaultdict(list)

    def add_article(self, events: Sequence[Cluster]) -> None:
        """Add the events of one article; each joins at most one story, no two the same."""
        scored: list[tuple[float, int, int]] = []
        for n, event in enumerate(events):
            for at in self._candidates(event):
                score = self._score(event, self.clusters[at])
                if score > 0:
                    scored.append((score, n, at))
        taken: dict[int, int] = {}
        used: set[int] = set()
        for _, n, at in sorted(scored, key=lambda s: (-s[0], s[1], -s[2])):
            if n not in taken and at not in used:
                taken[n] = at
                used.add(at)
        for n, event in enumerate(events):
            if n in taken:
                self.clusters[taken[n]].absorb(event)
                self._index(event, taken[n])
            else:
                self.clusters.append(event)
                self._index(event, len(self.clusters) - 1)

    def _candidates(self, event: Cluster) -> list[int]:
        pairs, others = _keys(event, spread=1)
        found = {at for key in pairs for at in self._all.get(key, ())}
        index = self._all if _alone(event) else self._single
        found.update(at for key in others for at in index.get(key, ()))
        return sorted(found)[-_MOST_CANDIDATES:]

    def _index(self, event: Cluster, at: int) -> None:
        pairs, others = _keys(event, spread=0)
        for key in (*pairs, *others):
            _append(self._all[key], at)
        if _alone(event):
            for key in others:
                _append(self._single[key], at)

    def _score(self, event: Cluster, story: Cluster) -> float:
        """How much speaks for an article's event being a story; 0 where too little or anything
        speaks against it."""
        if event.visit != story.visit:
            return 0.0
        if event.ordinals and story.ordinals and not event.ordinals & story.ordinals:
            return 0.0
        place = fit_places(event.places, story.places)
        if place < 0 and event.type == "meeting":
            return 0.0
        # The cheap measures come first: most candidates of a block fail by their times.
        time = _fit_times(event, story)
        put_off = time is None and _put_off(event, story)
        if time is None and not put_off:
            return 0.0
        fit = story.fit(event.sets)
        if not (fit.strong or fit.weak):
            return self._unnamed_score(event, story, place)
        journey = event.visit and fit.pairs > 0 and place > 0
        if put_off and (fit.strong or journey):
            time = 0.3
        if time is None:
            return 0.0
        context = self._likeness(event, story)
        if not (fit.strong or journey):
            enough = (
                (place > 0 and time >= 0.3) or (time >= 0.8 and context >= 0.3) or (time >= 0.3 and context >= 0.55)
            )
            if not enough or fit.weight < 0.7:
                return 0.0
        return 2 * fit.value + time + 0.5 * max(0.0, place) + 0.3 * context

    def _unnamed_score(self, event: Cluster, story: Cluster, place: float) -> float:
        """For "the conference" of "ten countries", "the talks in Almaty": where one side names no
        party, place and day must agree, and the articles be alike where the other side names some."""
        unnamed = [c for c in (event, story) if _unnamed(c)]
        if place <= 0 or not unnamed:
            return 0.0
        time = fit_told(event.told, story.told)
        if time is None or time < 0.8 or (len(unnamed) == 1 and self._likeness(event, story) < 0.3):
            return 0.0
        return 0.3 + time if len(unnamed) == 2 else 0.1 + time / 2

    def _likeness(self, event: Cluster, story: Cluster) -> float:
        """Share of known entities that an article of the one has in common with one of the other."""
        mine = self._context.get(event.articles[0], frozenset())
        best = 0.0
        for article in story.articles[-_CONTEXT_ARTICLES:]:
            theirs = self._context.get(article, frozenset())
            smaller = min(len(mine), len(theirs))
            if smaller >= 3:
                best = max(best, len(mine & theirs) / smaller)
        return best


def _append(rows: list[int], at: int) -> None:
    if not rows or rows[-1] != at:
        rows.append(at)


def _unnamed(event: Cluster) -> bool:
    return all(p.soft for s in event.sets for p in s)


def _alone(event: Cluster) -> bool:
    return all(len(s) < 2 for s in event.sets)


def _fit_times(event: Cluster, story: Cluster) -> float | None:
    """How well the times fit; None where they speak against one event."""
    if event.told and story.told:
        agree = fit_told(event.told, story.told)
        if agree == 0.3 and "actual" in event.statuses & story.statuses and event.type == "call":
            return 0.2
        return agree
    if event.published is None or story.published is None:
        return 0.1
    if _held_before(event, story):
        return None
    if story.told:
        fits = [fit_untold(story.told, day, status) for day, status in event.untold]
    elif event.told:
        fits = [fit_untold(event.told, day, status) for day, status in story.untold]
    else:
        fits = [fit_published(d, e, (s, t)) for d, s in event.untold for e, t in story.untold]
        if ("actual" in event.statuses) != ("actual" in story.statuses):
            fits = [f and f / 4 for f in fits]
    return max((f for f in fits if f is not None), default=None)


def _held_before(event: Cluster, story: Cluster) -> bool:
    """Whether the story was over when the event was still to come: then it is the next one."""
    if not event.statuses <= {*_AHEAD} or event.published is None or "actual" not in story.statuses:
        return False
    held = [m.published for m in story.members if m.status == "actual" and m.published is not None]
    return bool(held) and (event.published - min(held)).days >= 1 and not (event.told and story.told)


def _put_off(event: Cluster, story: Cluster) -> bool:
    """Whether a story that was called off takes place, or is to, on a later day."""
    if story.last is None or story.last[2] != "cancelled" or "actual" in story.statuses or not event.told:
        return False
    if not story.told:
        return event.statuses <= {*_AHEAD}
    later = (min(t[0] for t in event.told) - max(t[1] for t in story.told)).days
    return 0 < later <= _POSTPONED_DAYS


def _keys(event: Cluster, *, spread: int) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Blocking keys: pairs of parties' countries (or ids) with a stretch of 16 days; single parties
    with the country of the place, or with the very day."""
    days = {d for t in event.told if (t[1] - t[0]).days <= 62 for d in t} | {d for d, _ in event.untold}
    days |= {m.published for m in event.members if m.published is not None}
    ordinals = {d.toordinal() for d in days}
    stretches = {str(d // _BUCKET + n) for d in ordinals for n in range(-spread, spread + 1)} or {"-"}
    near = {str(d + n) for d in ordinals for n in range(-spread, spread + 1)} or {"-"}
    type_ = event.type
    pairs: set[tuple[str, ...]] = set()
    others: set[tuple[str, ...]] = set()
    nations = {p.nation or p.key for p in event.places}
    if spread == 0 or _unnamed(event):
        others |= {(type_, "place only", n, d) for n in nations for d in near}
    for parties in event.sets:
        # A large meeting is found by its countries; two parties also by the sound of their names.
        depth = 2 if len(parties) <= _FEW_PARTIES else 1
        for x, y in combinations(parties[:_MOST_PARTIES], 2):
            for a, b in product(x.blocks[:depth], y.blocks[:depth]):
                pairs |= {(type_, min(a, b), max(a, b), s) for s in stretches}
        firsts = [p.blocks[0] for p in parties[:_MOST_PARTIES]]
        others |= {(type_, b, "place", n, s) for b in firsts for n in nations for s in stretches}
        others |= {(type_, b, "day", n) for b in firsts for n in near}
    return sorted(pairs), sorted(others)


def story_id(founder: str) -> str:
    """Id of a story from the event id of its earliest mention, so that later ones do not change it."""
    return "s" + hashlib.sha256(founder.encode()).hexdigest()[:15]
