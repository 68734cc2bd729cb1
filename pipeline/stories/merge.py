"""Which tellings of meetings and calls are of one real event.

First within an article and its translations (``within``, ``translations``). Then over articles, in
order of publication: candidates come from blocks of parties, time and place; a sum of few weights
(docs/stories.md) tells how much speaks for an article's event being a story, and the best wins.
Status is never part of the key; it only tells what lies ahead from what is done (a planned meeting
is not the one held before).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations, product

from pipeline.entities.sound_keys import script_of
from pipeline.stories.matching import (
    EARLIER,
    PERSON,
    EventMention,
    PartyFit,
    fit_parties,
    fit_places,
    fit_published,
    fit_told,
    fit_untold,
)
from pipeline.stories.replay import Found, Replay, Turn, total_of
from pipeline.stories.translations import Translation, pool
from pipeline.stories.units import Cluster, order
from pipeline.stories.within import NEVER, Odds, group_units, join_units, log_odds

_BUCKET = 16
_MOST_PARTIES, _FEW_PARTIES = 8, 3
_MOST_CANDIDATES = 120
# How many days two reports of one visit may differ: one tells the arrival, the other the talks.
_VISIT_DAYS = 2
_SURE = 0.5
_CONTEXT_ARTICLES = 6
_FEW_ENTITIES = 3
_AHEAD = ("planned", "possible")
_POSTPONED_DAYS = 75

_BIAS = -0.8
_SAME_PARTY, _MOST, _OTHER_PARTY, _OTHER_ALONE = 1.2, 1.6, 2.2, 1.0
_UNNAMED, _ALONE = -0.3, -1.5
_TIME, _NO_TIME, _PUT_OFF, _NEXT_DAY = 1.3, -1.5, 0.3, -0.4
_SAME_PLACE, _OTHER_PLACE = 0.8, -2.6
_CONTEXT, _USUAL = 1.0, 0.3
_VISIT, _SAME_ROUND = -3.0, 1.0
_SIBLING, _UNDATED = -2.0, -0.7
_UNITE = 0.6
# In place of a stretch or a day: of an event without a date, and of all that have one.
_ANY, _DATED = -1, -2

_Key = tuple[str, ...]
_Blocks = dict[_Key, dict[int, list[int]]]
"""The stories of each block, by stretch or day."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A real event: its mentions in order of publication, and those of them that would have founded
    it, had the articles before not been there; the first is the one that did."""

    members: list[EventMention]
    founders: list[EventMention]


def merge_events(
    events: Iterable[EventMention],
    context: Mapping[str, frozenset[str]],
    translations: Mapping[str, Translation] | None = None,
    tellers: Mapping[str, date | None] | None = None,
    replay: Replay | None = None,
) -> list[Merged]:
    """Group mentions of meetings and calls into real events, in a stable order.

    ``context`` gives the known entities of each article, ``translations`` those articles that are
    translations of others, ``tellers`` all articles that tell of a meeting or a call, with their
    days: meetings and calls never meet, so either may be merged alone, where ``tellers`` has the
    articles of both. ``replay`` knows what the last run found. The answer depends on the set of events alone, not on their order nor on
    earlier runs.
    """
    by_article: dict[str, list[EventMention]] = defaultdict(list)
    for event in events:
        by_article[event.article_id].append(event)
    days = {a: m[0].published for a, m in by_article.items()} if tellers is None else dict(tellers)
    versions: dict[str, list[tuple[Translation, Sequence[EventMention]]]] = defaultdict(list)
    for article, translation in sorted((translations or {}).items()):
        if article in days and translation.of in days:
            versions[translation.of].append((translation, by_article.pop(article, [])))
            del days[article]
    stories = Stories(context)
    for article in sorted(days, key=lambda a: (days[a] or date.max, a)):
        for type_ in ("meeting", "call"):
            others = [(t, [m for m in v if m.type == type_]) for t, v in versions.get(article, ())]
            # A page in two languages tells everything twice: its halves are two reports.
            for half in _by_script([m for m in by_article.get(article, ()) if m.type == type_]):
                if half or any(mentions for _, mentions in others):
                    units = pool(half, others)
                    turn = None if replay is None else replay.turn(half, others)
                    groups = (None if turn is None else turn.groups()) or group_units(units)
                    article_events = join_units(units, groups)
                    if turn:
                        turn.note_groups(groups, len(article_events))
                    stories.add_article(article_events, turn)
                others = []
    return [_merged(c) for c in stories.clusters if c is not None]


def _by_script(mentions: Sequence[EventMention]) -> list[list[EventMention]]:
    """The mentions by the script of their words, in the order of the text; one list where there are none."""
    halves: dict[str, list[EventMention]] = defaultdict(list)
    for mention in mentions:
        halves[script_of(mention.trigger)].append(mention)
    return list(halves.values()) or [[]]


def _merged(cluster: Cluster) -> Merged:
    return Merged(sorted(cluster.members, key=order), sorted(cluster.founders, key=order))


class Stories:
    """The stories so far, with blocks to find those that an article's events may belong to.

    A story that turned out to be another leaves None in ``clusters``.
    """

    def __init__(self, context: Mapping[str, frozenset[str]]) -> None:
        self.clusters: list[Cluster | None] = []
        self._states: list[int] = []
        self._context = context
        self._moved: dict[int, int] = {}
        self._blocks: _Blocks = defaultdict(dict)
        self._lonely: _Blocks = defaultdict(dict)
        self._of_day: dict[tuple[str, date], list[int]] = defaultdict(list)
        self._bare: dict[tuple[str, date], list[int]] = defaultdict(list)

    def add_article(self, events: Sequence[Cluster], turn: Turn | None = None) -> None:
        """Add the events of one article. The best fit of all goes first; a story takes a second event
        of the article only where nothing keeps the two apart."""
        keys = [_keys(event) for event in events]
        scored = [s for n, event in enumerate(events) for s in self._scored(n, event, keys[n], turn)]
        taken: dict[int, int] = {}
        scored.sort(key=lambda s: (-s[0], s[1], s[2]))
        odds: Odds | None = None
        for _, n, at in scored:
            siblings = [] if n in taken else [k for k, there in taken.items() if there == at]
            if siblings and odds is None:
                odds = log_odds(events)
            if n not in taken and (odds is None or all(odds[n, k] > _SIBLING for k in siblings)):
                taken[n] = at
        for n, event in enumerate(events):
            at = taken.get(n, len(self.clusters))
            if n in taken:
                self._at(at).absorb(event, founds=True)
            else:
                self.clusters.append(event)
                self._states.append(0)
            if turn:
                self._states[at] = turn.take(n, self._states[at])
            self._index(event, keys[n], at)
        for value, n, at in scored:
            if value >= _UNITE and n in taken and at not in taken.values():
                self._unite(taken[n], at, turn)

    def _scored(self, n: int, event: Cluster, keys: _Keys, turn: Turn | None) -> list[tuple[float, int, int]]:
        """The stories that an article's event ``n`` may be, with how much speaks for it."""
        candidates, whole = self._candidates(event, keys)
        if turn is None:
            values = {at: self._score(event, self._at(at)) for at in candidates}
            return [(value, n, at) for at, value in values.items() if value > 0]
        states = [self._states[at] for at in candidates]
        total, before, found = total_of(states), turn.found(n), []
        same = before is not None and (before.total, before.count) == (total, len(states))
        # Most events of a rerun have the candidates that they had, and no score with any of them.
        for at, state in zip(candidates, states, strict=True) if before is None or before.scores or not same else ():
            if before is not None and (same or (before.whole and turn.lived(state))):
                value = before.scores.get(state, 0.0)
            else:
                value = self._score(event, self._at(at))
            if value > 0:
                found.append((value, n, at))
        scores = {self._states[at]: value for value, _, at in found}
        turn.note_found(Found(total, len(candidates), whole, scores))
        return found

    def _at(self, at: int) -> Cluster:
        cluster = self.clusters[self._place(at)]
        assert cluster is not None
        return cluster

    def _place(self, at: int) -> int:
        while at in self._moved:
            at = self._moved[at]
        return at

    def _unite(self, a: int, b: int, turn: Turn | None) -> None:
        """Make two stories one where an article's event fits both and they fit each other."""
        a, b = sorted((self._place(a), self._place(b)))
        if a == b or set(self._at(a).articles) & set(self._at(b).articles):
            return

        def differ() -> bool:
            return self._score(self._at(b), self._at(a)) <= 0

        if differ() if turn is None else turn.apart(self._states[a], self._states[b], differ):
            return
        self._at(a).absorb(self._at(b), founds=True)
        if turn:
            self._states[a] = turn.unite(self._states[a], self._states[b])
        self.clusters[b] = None
        self._moved[b] = a

    def _candidates(self, event: Cluster, keys: _Keys) -> tuple[Collection[int], bool]:
        """The stories that share a block with an event, and whether none of them is left out."""
        around, near = keys.stamps.around, keys.stamps.near
        blocks = [*_found(self._blocks, keys.by_stretch, around), *_found(self._blocks, keys.by_day, near)]
        # "The summit is on the 20th as planned" names neither party nor place: it may be any of that day.
        of_day = self._of_day if _is_bare(event) else self._bare
        blocks += [of_day.get((event.type, day), []) for day in _told_days(event)]
        found: set[int] = set()
        for block in blocks:
            found.update(block[-_MOST_CANDIDATES:])
        # Two that both name two parties share a pair of them; one that names a single party may be any.
        index = self._blocks if _alone(event) else self._lonely
        found.update(*_found(index, keys.one_by_stretch, around), *_found(index, keys.one_by_day, near))
        if not self._moved.keys().isdisjoint(found):
            found = {self._place(at) for at in found}
        whole = max(len(found), *map(len, blocks), 0) <= _MOST_CANDIDATES
        return found if len(found) <= _MOST_CANDIDATES else sorted(found)[-_MOST_CANDIDATES:], whole

    def _index(self, event: Cluster, keys: _Keys, at: int) -> None:
        stretches, days = keys.stamps.stretches, keys.stamps.days
        _append_all(self._blocks, (*keys.by_stretch, *keys.one_by_stretch), stretches, at)
        _append_all(self._blocks, (*keys.by_day, *keys.one_by_day), days, at)
        if _alone(event):
            _append_all(self._lonely, keys.one_by_stretch, stretches, at)
            _append_all(self._lonely, keys.one_by_day, days, at)
        for day in _told_days(event):
            _append(self._of_day[event.type, day], at)
            if _is_bare(event):
                _append(self._bare[event.type, day], at)

    def _score(self, event: Cluster, story: Cluster) -> float:
        """How much speaks for an article's event being a story; 0 or less where too little does."""
        mine, theirs = event.rounds(), story.rounds()
        if mine and theirs and not mine & theirs:
            return NEVER
        # The cheap measures come first: most candidates of a block fail by their times.
        time = fit_times(event, story)
        put_off = time is None and _put_off(event, story)
        if time is None and not put_off and (event.told and story.told):
            return NEVER
        if not event.told and not story.told and _recalled(event) != _recalled(story):
            return NEVER
        total = _BIAS + (_PUT_OFF if put_off else _NO_TIME if time is None else _TIME * time)
        if mine and theirs:
            # "The first round" is that one, however long ago it was.
            total += _SAME_ROUND - (_NO_TIME if time is None and not put_off else 0.0)
        if event.visit != story.visit and not _hosted(event if event.visit else story):
            total += _VISIT
        if event.type == "meeting":
            place = fit_places(event.spots(), story.spots())
            apart = -_OTHER_PLACE * place * min(event.placed(), story.placed())
            total += _SAME_PLACE * place if place > 0 else apart
        named, others = event.parties(), story.parties()
        if total + _MOST + _CONTEXT * (1 - _USUAL) <= 0:
            return total
        fit = fit_parties(named, others) if named and others else PartyFit(0, 0.0, 0.0, 0.0)
        alone = min(len(named), len(others)) < 2
        total += min(_MOST, _SAME_PARTY * fit.weight) - (_OTHER_ALONE if alone else _OTHER_PARTY) * min(
            2.0, fit.against
        )
        if not fit.pairs:
            total += _UNNAMED
        elif alone:
            total += _ALONE
        return total + _CONTEXT * (self._likeness(event, story) - _USUAL)

    def _likeness(self, event: Cluster, story: Cluster) -> float:
        """Share of known entities that an article of the one has in common with one of the other; of one or
        two entities as if there were a third that the other lacks."""
        mine = self._context.get(event.articles[0], frozenset())
        best = 0.0
        for article in story.articles[-_CONTEXT_ARTICLES:]:
            theirs = self._context.get(article, frozenset())
            best = max(best, len(mine & theirs) / max(_FEW_ENTITIES, min(len(mine), len(theirs))))
        return best


def _found(blocks: _Blocks, keys: Iterable[_Key], stamps: Collection[int]) -> Iterator[list[int]]:
    """The stories of those blocks that there are."""
    for key in keys:
        of = blocks.get(key)
        if of is not None:
            yield from (of[stamp] for stamp in stamps if stamp in of)


def _append_all(blocks: _Blocks, keys: Iterable[_Key], stamps: Iterable[int], at: int) -> None:
    for key in keys:
        of = blocks[key]
        for stamp in stamps:
            _append(of.setdefault(stamp, []), at)


def _append(rows: list[int], at: int) -> None:
    if not rows or rows[-1] != at:
        rows.append(at)


def _hosted(visit: Cluster) -> bool:
    """Whether a visit is to somebody: "flew to Florida to see Trump" is their meeting. A journey of
    several days, or to a country, holds its meetings."""
    people = [p for p, support in visit.parties() if p.kind == PERSON and support >= _SURE]
    return len(people) == 2 and all((t[1] - t[0]).days < _VISIT_DAYS for t in visit.told)


def _is_bare(event: Cluster) -> bool:
    return not event.parties() and not event.spots()


def _told_days(event: Cluster) -> list[date]:
    return [begins for begins, ends in event.times() if begins == ends]


def _alone(event: Cluster) -> bool:
    return sum(1 for _, support in event.parties() if support >= _SURE) < 2


def fit_times(event: Cluster, story: Cluster) -> float | None:
    """How well the times fit; None where they speak against one event."""
    if event.told and story.told:
        agree = _agree(event, story)
        # Calls of two days running are two calls, where both were made.
        if (
            agree is not None
            and agree <= 0.3
            and event.type == "call"
            and "actual" in event.statuses
            and "actual" in story.statuses
        ):
            return _NEXT_DAY
        return agree
    if event.published is None or story.published is None:
        return _UNDATED
    if _held_before(event, story) or _called_for(event, story):
        return None
    fits: list[float | None]
    if story.told:
        fits = [fit_untold(story.times(), day, status) for day, status in event.untold]
    elif event.told:
        fits = [fit_untold(event.times(), day, status) for day, status in story.untold]
    else:
        fits = [fit_published(d, e, (s, t)) for d, s in event.untold for e, t in story.untold]
        if ("actual" in event.statuses) != ("actual" in story.statuses):
            fits = [f and f / 4 for f in fits]
    return max((f for f in fits if f is not None), default=None)


def _agree(event: Cluster, story: Cluster) -> float | None:
    """How well told times agree on the whole; None where more speak against than for it."""
    slack = _VISIT_DAYS if event.visit and story.visit else 0
    pairs = [
        (fit_told([x], [y], slack=slack), event.told[x] * story.told[y]) for x in event.times() for y in story.times()
    ]
    known = [(v, n) for v, n in pairs if v is not None]
    weight = sum(n for _, n in known)
    if 2 * weight < sum(n for _, n in pairs):
        # Called off and set for another day: the day told last holds.
        return fit_told(event.times(), [story.newest]) if "cancelled" in story.statuses and story.newest else None
    return sum(v * n for v, n in known) / weight


def _held_before(event: Cluster, story: Cluster) -> bool:
    """Whether the story was over when the event was still to come: then it is the next one."""
    if not set(event.statuses) <= {*_AHEAD} or event.published is None or "actual" not in story.statuses:
        return False
    held = [m.published for m in story.members if m.status == "actual" and m.published is not None]
    return bool(held) and (event.published - min(held)).days >= 1 and not (event.told and story.told)


def _recalled(event: Cluster) -> bool:
    """Whether a meeting is told as one before, of no day ("during their last meeting in Oslo", under an old
    picture): it is not the one that others tell as news, of no day either."""
    return event.cue == EARLIER and set(event.statuses) == {"actual"}


def _called_for(event: Cluster, story: Cluster) -> bool:
    """Whether one is still called for, on no day, when the other has its day: "shipowners urge talks" after
    the leaders' meeting was set."""
    for wish, plan in ((event, story), (story, event)):
        if set(wish.statuses) == {"possible"} and not wish.told and plan.told and plan.statuses["planned"]:
            fixed = [m.published for m in plan.members if m.status == "planned" and m.time_start and m.published]
            return bool(fixed) and wish.published is not None and wish.published >= min(fixed)
    return False


def _put_off(event: Cluster, story: Cluster) -> bool:
    """Whether a story that was called off takes place, or is to, on a later day."""
    if story.last is None or story.last[2] != "cancelled" or "actual" in story.statuses or not event.told:
        return False
    if not story.told:
        return set(event.statuses) <= {*_AHEAD}
    later = (min(t[0] for t in event.told) - max(t[1] for t in story.told)).days
    return 0 < later <= _POSTPONED_DAYS


@dataclass(frozen=True, slots=True)
class _Stamps:
    """Where an event stands in time: it is in the blocks of its ``stretches`` of 16 days and of its ``days``,
    and looks in those ``around`` and ``near``."""

    stretches: frozenset[int]
    around: frozenset[int]
    days: frozenset[int]
    near: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Keys:
    """The blocks of an event: pairs of parties' countries (or ids) and numbers of a round, each with stretches
    of 16 days; the place's country with the very day; and single parties with the country of the place, or with
    the very day.
    """

    by_stretch: Set[_Key]
    by_day: Set[_Key]
    one_by_stretch: Set[_Key]
    one_by_day: Set[_Key]
    stamps: _Stamps


def _keys(event: Cluster) -> _Keys:
    dates = {d for t in event.times() if (t[1] - t[0]).days <= 62 for d in t}
    dates |= {m.published for m in event.members if m.published is not None}
    type_ = event.type
    nations = {p.nation or p.key for p in event.spots()}
    parties = [p for p, _ in event.parties()][:_MOST_PARTIES]
    firsts = {p.blocks[0] for p in parties}
    rounds = {(type_, "round", str(n)) for n in event.rounds()}
    return _Keys(
        by_stretch=_pairs(type_, tuple(p.blocks for p in parties)) | rounds,
        by_day={(type_, "place", n) for n in nations},
        one_by_stretch={(type_, b, "place", n) for b in firsts for n in nations},
        one_by_day={(type_, b) for b in firsts},
        stamps=_stamps(frozenset(d.toordinal() for d in dates)),
    )


# The same few parties meet again and again, on the same days: both are worked out once.
@lru_cache(maxsize=65_536)
def _pairs(type_: str, parties: tuple[tuple[str, ...], ...]) -> frozenset[_Key]:
    """Pairs of parties. A large meeting is found by its countries; two parties also by the sound of their names."""
    depth = 2 if len(parties) <= _FEW_PARTIES else 1
    blocks = (ab for x, y in combinations(parties, 2) for ab in product(x[:depth], y[:depth]))
    return frozenset((type_, a, b) if a < b else (type_, b, a) for a, b in blocks)


@lru_cache(maxsize=65_536)
def _stamps(days: frozenset[int]) -> _Stamps:
    """An article without a date may be of any day: it looks among all, and all look among its like."""
    stretches = {d // _BUCKET for d in days}
    return _Stamps(
        stretches=frozenset(stretches | ({_DATED} if days else {_ANY})),
        around=frozenset({s + n for s in stretches for n in (-1, 0, 1)} | ({_ANY} if days else {_ANY, _DATED})),
        days=days or frozenset({_ANY}),
        near=frozenset({d + n for d in days for n in (-1, 0, 1)} or {_ANY}),
    )


def story_id(founder: str) -> str:
    """Id of a story from the event id of its earliest mention, so that later ones do not change it."""
    return "s" + hashlib.sha256(founder.encode()).hexdigest()[:15]
