"""Which mentions of one article (or of an article and its translations) speak of one event.

Every two mentions get log-odds of being one event (``evidence``, weights in ``within.toml``). Best
first, the two clusters with the highest are joined until none are above zero; then what tells nothing
of its own ("the talks") joins the mention that it fits best. Rounds with other numbers never join, nor
do mentions that are told to be at other times, unless one is called off.
"""

from __future__ import annotations

import functools
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources

import numpy as np
import numpy.typing as npt

from pipeline.stories.evidence import compare, known_people
from pipeline.stories.matching import BESIDE, EventMention, fit_parties, fit_told, named
from pipeline.stories.units import Cluster, order

NEVER = -9.0
"""The log-odds of two that cannot be one event."""

_CLIP = 6.0
# Of two clusters the best pair counts for a quarter: one mention often carries the rest.
_BEST = 0.25
_TELLS = 0.7
# The mean over translations says more than one reading of as many log-odds: this for every two of them.
_TRANSLATED = 0.4
_BARE = -1.0
# Two that stand in two versions are not next to each other.
_ELSEWHERE = 3
_TOLD_APART, _PUT_OFF, _DENIED = -2.0, 4.0, 4.0
_ONE_DAY = 0.8
_SAME_TWO, _SAME_VISITOR, _STRANGER = 1.4, 0.6, 0.3
_MOST_UNITS = 120

Group = list[int]
Odds = npt.NDArray[np.float64]


def within_article(units: Sequence[Cluster]) -> list[Cluster]:
    """Join the units (mentions, each with its translations) of one article and one type.

    Returns clusters in the order of their first mentions.
    """
    return join_units(units, group_units(units))


def group_units(units: Sequence[Cluster]) -> list[Group]:
    """Tell which units of one article and one type are of one event, by their places in the list.

    What several translations tell is joined before what one alone tells. Of more than 120 units,
    those after are left alone: such a text is a chronicle, not a report.
    """
    if len(units) < 2:
        return [[n] for n in range(len(units))]
    near = list(units[:_MOST_UNITS])
    joining = _Joining(near)
    agreed = [n for n, u in enumerate(near) if len(u.articles) > 1]
    versions = max((len(u.articles) for u in near), default=1)
    least = -_TRANSLATED * versions * (versions - 1) / 2
    joining.join(agreed, least)
    joining.join(range(len(near)), least)
    joining.join_bare(_BARE)
    return [*joining.groups, *([n] for n in range(len(near), len(units)))]


def join_units(units: Sequence[Cluster], groups: Iterable[Group]) -> list[Cluster]:
    """Make each group of units one; the clusters have their mentions in the order of the text."""
    found = []
    for group in groups:
        first, *others = (units[n] for n in sorted(group, key=lambda n: order(units[n].members[0])))
        for other in others:
            first.absorb(other, founds=False)
        first.members.sort(key=order)
        first.founders = [first.members[0]]
        found.append(first)
    return sorted(found, key=lambda c: order(c.members[0]))


def log_odds(units: Sequence[Cluster]) -> Odds:
    """The log-odds of each two units of an article being one event, a symmetric matrix."""
    of_article: dict[str, list[EventMention]] = defaultdict(list)
    for unit in units:
        for member in unit.members:
            of_article[member.article_id].append(member)
    place = {
        m.event_id: (n, len(there))
        for there in of_article.values()
        for n, m in enumerate(sorted(there, key=lambda m: (m.start, m.event_id)))
    }
    odds = np.zeros((len(units), len(units)))
    for j, b in enumerate(units):
        for i, a in enumerate(units[:j]):
            apart = _rounds_apart(a, b) or _other_pair(a, b) or _beside(a, b)
            value = NEVER if apart else _mean_odds(a, b, place)
            odds[i, j] = odds[j, i] = value + _by_days(a, b) + _by_denial(a, b)
    return odds


def _rounds_apart(a: Cluster, b: Cluster) -> bool:
    mine, theirs = a.rounds(), b.rounds()
    return bool(mine and theirs and not mine & theirs)


def _beside(a: Cluster, b: Cluster) -> bool:
    """Whether one is held on the sidelines of the other: "they met at the margins of the summit"."""
    return any(
        (x.article_id, x.sentence_id) == (y.article_id, y.sentence_id) and BESIDE in (x.cue, y.cue)
        for x in a.members
        for y in b.members
    )


def _other_pair(a: Cluster, b: Cluster) -> bool:
    """Whether each side pairs a known person with another one: Netanyahu with Biden, then with Harris.

    Where any mention has all three, they may have met together.
    """
    mine, theirs = ([people for t in c.tellings if (people := known_people(t))] for c in (a, b))
    if any((x | y) <= z for z in (*mine, *theirs) if len(z) > 2 for x in mine for y in theirs):
        return False
    return any(len(x) == len(y) == 2 and len(x & y) == 1 for x in mine for y in theirs)


def _by_days(a: Cluster, b: Cluster) -> float:
    """What it adds that two are told to be at other times: mostly that they are two, but what the same
    parties called off for one day and plan for another is one, put off."""
    # All must agree, not some: "last weekend" would join a Saturday's call to a Sunday's.
    if all(fit_told([x], [y]) is not None for x in a.told for y in b.told):
        return 0.0
    called_off = ["cancelled" in c.statuses for c in (a, b)]
    if any(called_off):
        ahead = not all(called_off) and "actual" not in a.statuses and "actual" not in b.statuses
        return _PUT_OFF if ahead and _same_company(a, b) else 0.0
    return _TOLD_APART


def _by_denial(a: Cluster, b: Cluster) -> float:
    """What it adds that one side tells of a meeting or call and the other denies it: the same parties, the same day."""
    denied = [set(c.statuses) == {"negated"} for c in (a, b)]
    told = [set(c.statuses) == {"actual"} for c in (a, b)]
    if not (denied[0] and told[1]) and not (denied[1] and told[0]):
        return 0.0
    same_day = bool(a.told and b.told) and all((fit_told([x], [y]) or 0.0) >= _ONE_DAY for x in a.told for y in b.told)
    return _DENIED if same_day and _same_company(a, b) else 0.0


def _same_company(a: Cluster, b: Cluster) -> bool:
    fit = fit_parties(a.parties(), b.parties())
    return fit.weight >= (_SAME_VISITOR if a.visit and b.visit else _SAME_TWO) and fit.against < _STRANGER


def _mean_odds(a: Cluster, b: Cluster, place: Mapping[str, tuple[int, int]]) -> float:
    pairs = [(x, y) for x in a.members for y in b.members if x.article_id == y.article_id]
    values = [_pair_odds(x, y, place) for x, y in pairs or [(x, y) for x in a.members for y in b.members]]
    return sum(values) / len(values)


def _pair_odds(x: EventMention, y: EventMention, place: Mapping[str, tuple[int, int]]) -> float:
    if (x.line, x.start) > (y.line, y.start):
        x, y = y, x
    (at, count), (then, _) = place[x.event_id], place[y.event_id]
    between = max(0, then - at - 1) if x.article_id == y.article_id else _ELSEWHERE
    weights = read_weights()
    total = sum(weights[name] * value for name, value in compare(x, y, between=between, mentions=count).items())
    return max(-_CLIP, min(_CLIP, total))


@functools.cache
def read_weights() -> Mapping[str, float]:
    """The weights of the measures."""
    path = resources.files(__package__).joinpath("within.toml")
    return dict(tomllib.loads(path.read_text(encoding="utf-8"))["weights"])


class _Joining:
    """The clusters that units grow to."""

    def __init__(self, units: Sequence[Cluster]) -> None:
        self._units = units
        self._odds = log_odds(units)
        self.groups = [[n] for n in range(len(units))]

    def join(self, units: Sequence[int], least: float) -> None:
        """Join what only holds the given units while the log-odds are above ``least``."""
        chosen = set(units)
        self._join(least, lambda a, b: self._between(a, b) if chosen.issuperset(a + b) else NEVER)

    def join_bare(self, least: float) -> None:
        """Join clusters that tell nothing to those that do, by their best pair."""
        self._join(least, self._with_bare)

    def _with_bare(self, a: Group, b: Group) -> float:
        if self._bare(a) == self._bare(b) or self._denies(a, b):
            return NEVER
        best = self._best(a, b)
        return NEVER if self._contradicted(a if self._bare(a) else b, best) else best

    def _join(self, least: float, score: Callable[[Group, Group], float]) -> None:
        groups = self.groups
        scores = {(i, j): score(groups[i], groups[j]) for j in range(len(groups)) for i in range(j)}
        alive = set(range(len(groups)))
        while scores:
            (i, j), best = max(scores.items(), key=lambda s: (s[1], -s[0][1], -s[0][0]))
            if best <= least:
                break
            groups[i] = sorted(groups[i] + groups[j])
            alive.discard(j)
            scores = {k: v for k, v in scores.items() if i not in k and j not in k}
            for k in alive - {i}:
                pair = (min(i, k), max(i, k))
                scores[pair] = score(groups[pair[0]], groups[pair[1]])
        self.groups = [groups[i] for i in sorted(alive)]

    def _between(self, a: Group, b: Group) -> float:
        odds = self._odds[np.ix_(a, b)]
        if odds.min() <= NEVER:
            return NEVER
        return float(_BEST * odds.max() + (1 - _BEST) * odds.mean())

    def _best(self, a: Group, b: Group) -> float:
        odds = self._odds[np.ix_(a, b)]
        return NEVER if odds.min() <= NEVER else float(odds.max())

    def _contradicted(self, bare: Group, best: float) -> bool:
        """Whether what it fits best is told as done and it as not done: then it is of neither that nor the next."""
        return any(
            self._denies(bare, [n]) and float(self._odds[bare, n].max()) > best
            for n in range(len(self._units))
            if n not in bare
        )

    def _denies(self, a: Group, b: Group) -> bool:
        """Whether all of one was done and nothing of the other: "the envoys held indirect talks and did not
        meet" tells of two, though the second names nobody."""
        mine, theirs = ({m.status for n in group for m in self._units[n].members} for group in (a, b))
        return {frozenset(mine), frozenset(theirs)} == {frozenset({"actual"}), frozenset({"negated"})}

    def _bare(self, group: Group) -> bool:
        return not any(
            m.time_start is not None or m.place is not None or any(t >= _TELLS for _, t in named(m))
            for n in group for m in self._units[n].members
        )  # fmt: skip
