"""Which mentions of one article (or of an article and its translations) speak of one event.

Best first: the two clusters for whose being one most speaks are joined, until nothing speaks for
any two. What speaks for and against is a sum of few weights, chosen by hand on the development
gold (docs/stories.md); nothing but told times, rounds and a called-off day is final, for parties,
places and statuses come from a model that errs.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.stories.matching import ANOTHER, PERSON, REFERS, Named, fit_parties, fit_places, fit_told, same_word
from pipeline.stories.units import Cluster, order

NEVER = -9.0
"""The score of two that cannot be one event."""

_BIAS = -0.45
_SAME_PARTY, _OTHER_PARTY, _OTHER_ALONE = 1.2, 3.2, 1.2
_MOST, _SAME_VISITOR, _SAME_TWO = 2.2, 0.6, 1.5
_SAME_TIME, _NEXT_DAY, _POSTPONED = 0.5, -2.5, -0.4
_SAME_PLACE, _OTHER_PLACE = 0.6, -2.6
_VISIT, _VISIT_OPEN = -2.0, -0.8
_WORD, _REFERS, _ANOTHER, _BARE, _HEADLINE, _SAME_VERB = 0.5, 0.4, -0.8, 0.3, 0.3, 0.15
_NEAR, _HALF_LINES = 0.7, 1.5
_SIZE = 0.05
_OTHER_PAIR, _SURE = -2.0, 0.5
_DONE_AHEAD = -2.4
_DONE_AND_AHEAD = frozenset(("actual", "planned"))
_REALIS = {
    frozenset(("actual", "possible")): -0.5,
    frozenset(("actual", "cancelled")): -0.8,
    frozenset(("actual", "negated")): -0.3,
    frozenset(("planned", "possible")): -0.1,
}
_AHEAD = -0.9
_MOST_UNITS = 120


def within_article(units: Sequence[Cluster]) -> list[Cluster]:
    """Join the units (mentions, each with its translations) of one article and one type.

    What several translations tell is joined before what one alone tells. Returns clusters in the
    order of their first mentions. Of more than 120 units, those after are left alone: such a text
    is a chronicle, not a report.
    """
    near = units[:_MOST_UNITS]
    agreed = _joined([u for u in near if len(u.articles) > 1])
    joined = _joined([*agreed, *(u for u in near if len(u.articles) == 1)])
    return sorted([*joined, *units[_MOST_UNITS:]], key=lambda c: order(c.members[0]))


def _joined(units: Sequence[Cluster]) -> list[Cluster]:
    clusters = list(units)
    scores = {(i, j): score(clusters[i], clusters[j]) for j in range(len(clusters)) for i in range(j)}
    alive = set(range(len(clusters)))
    while scores:
        (i, j), best = max(scores.items(), key=lambda s: (s[1], -s[0][1], -s[0][0]))
        if best <= 0:
            break
        clusters[i].absorb(clusters[j], founds=False)
        clusters[i].members.sort(key=order)
        clusters[i].founders = [clusters[i].members[0]]
        alive.discard(j)
        scores = {k: v for k, v in scores.items() if i not in k and j not in k}
        for k in alive - {i}:
            pair = (min(i, k), max(i, k))
            scores[pair] = score(clusters[pair[0]], clusters[pair[1]])
    return [clusters[i] for i in sorted(alive)]


def score(a: Cluster, b: Cluster) -> float:
    """What speaks for two clusters of one article being one event, less what speaks against."""
    if (a.line, order(a.members[0])) > (b.line, order(b.members[0])):
        a, b = b, a
    rounds = a.rounds(), b.rounds()
    if rounds[0] and rounds[1] and not rounds[0] & rounds[1]:
        return NEVER
    values = _parties(a, b)
    parties = sum(values) / len(values) if values else 0.0
    time = _times(a, b, max(values, default=0.0))
    if time <= NEVER:
        return NEVER
    total = _BIAS + time + parties + _realis(a, b) + _OTHER_PAIR * _two_pairs(a, b)
    if a.type == "meeting":
        place = fit_places(a.spots(), b.spots())
        apart = -_OTHER_PLACE * place * min(a.placed(), b.placed())
        total += _SAME_PLACE * place if place > 0 else apart
    if a.visit != b.visit:
        total += _VISIT if a.parties() and b.parties() else _VISIT_OPEN
    word = any(same_word(x, y) for x in a.words for y in b.words)
    # "The talks" after "talks" refers back; "met" after "met" is told of whoever meets.
    total += (_SAME_VERB if all(m.verb for m in b.members) else _WORD) * word
    if any(not c.parties() and not c.told and not c.places for c in (a, b)):
        total += _BARE
    if a.line == 0 and b.line <= 2 and a.status == b.status:
        total += _HEADLINE
    total += _REFERS * (b.cue == REFERS) * (1.0 if word else 0.5) + _ANOTHER * (b.cue == ANOTHER)
    total += _NEAR * _HALF_LINES / (_HALF_LINES + _distance(a, b))
    return total + _SIZE * min(5, max(len(a.members), len(b.members)) - 1)


def _parties(a: Cluster, b: Cluster) -> list[float]:
    """For all pairs of tellings. Their mean counts: one that names the parties of two events joins neither."""
    both = a.visit and b.visit
    return [_fit(mine, other, visits=both) for mine in a.tellings for other in b.tellings]


def _fit(mine: Sequence[Named], other: Sequence[Named], *, visits: bool) -> float:
    fit = fit_parties(mine, other)
    # Of a visit the visitor alone is told; of a meeting the other side may be left out.
    alone = min(len(mine), len(other)) < 2 and not visits
    return min(_MOST, _SAME_PARTY * fit.weight) - (_OTHER_ALONE if alone else _OTHER_PARTY) * min(2.0, fit.against)


def _two_pairs(a: Cluster, b: Cluster) -> bool:
    """Whether each side pairs a known person with another one: Netanyahu with Biden, then with Harris.

    Where any telling has all three, they may have met together.
    """
    mine, theirs = _known(a), _known(b)
    if any(len(x | y) >= 3 and (x | y) <= z for z in (*mine, *theirs) for x in mine for y in theirs):
        return False
    return any(len(x) == len(y) == 2 and len(x & y) == 1 for x in mine for y in theirs)


def _known(cluster: Cluster) -> list[set[str]]:
    return [{p.key for p, t in telling if p.kind == PERSON and p.listed and t >= _SURE} for telling in cluster.tellings]


def _times(a: Cluster, b: Cluster, parties: float) -> float:
    if not a.told or not b.told:
        return 0.0
    # All must agree, not some: "last weekend" would join a Saturday's call to a Sunday's.
    agree = [fit_told([x], [y]) for x in a.told for y in b.told]
    known = [v for v in agree if v is not None]
    if len(known) == len(agree):
        return _NEXT_DAY if min(known) == 0.3 else _SAME_TIME * sum(known) / len(known)
    same = parties >= (_SAME_VISITOR if a.visit and b.visit else _SAME_TWO)
    return _POSTPONED if same and _put_off(a, b) else NEVER


def _put_off(a: Cluster, b: Cluster) -> bool:
    """Whether one is called off and the other still to come: the same event on another day."""
    if "actual" in a.statuses or "actual" in b.statuses:
        return False
    return ("cancelled" in a.statuses) != ("cancelled" in b.statuses)


def _realis(a: Cluster, b: Cluster) -> float:
    """What is done and what lies ahead are two events, if the statuses are right."""
    both = frozenset((a.status, b.status))
    total = _DONE_AHEAD if both == _DONE_AND_AHEAD else _REALIS.get(both, 0.0)
    day = a.published
    if day is not None:
        for one, other in ((a, b), (b, a)):
            if other.status == "actual" and not other.told and one.told and all(t[0] > day for t in one.times()):
                total += _AHEAD
    return total


def _distance(a: Cluster, b: Cluster) -> float:
    """Paragraphs between them; a headline and the lead stand next to all that follows, nearly."""
    gap = min(abs(x.line - y.line) for x in a.members for y in b.members)
    return 0.4 * gap if min(a.line, b.line) == 0 else float(gap)
