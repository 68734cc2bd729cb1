"""What two mentions of one article tell for and against their being one event.

Each measure is a number that a log-linear model weighs (``within.toml``, fitted by
``training.merging`` on the project's training articles, whose annotations say which mentions are of
one event).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from pipeline.stories.matching import (
    ANOTHER,
    BESIDE,
    EARLIER,
    PERSON,
    REFERS,
    EventMention,
    Named,
    fit_parties,
    fit_places,
    fit_told,
    named,
    same_word,
)
from pipeline.stories.units import told_time

_SURE = 0.5
_HALF_LINES, _HEADLINE_LINES = 1.5, 0.4
_LONG_AGO_DAYS = 14
_REALIS = (("actual", "planned"), ("actual", "possible"), ("actual", "cancelled"), ("planned", "possible"))


def compare(a: EventMention, b: EventMention, *, between: int, mentions: int) -> Mapping[str, float]:
    """Measure two mentions of one type, ``a`` before ``b`` in the text.

    ``between`` counts the mentions of the type that stand between the two, ``mentions`` those of the
    article. Every call gives the same keys.
    """
    call, gap = a.type == "call", abs(a.line - b.line)
    sentence = a.article_id == b.article_id and a.sentence_id == b.sentence_id
    # A headline and the lead stand next to all that follows, nearly.
    near = _HALF_LINES / (_HALF_LINES + (_HEADLINE_LINES * gap if a.line == 0 else gap))
    word = same_word(a.trigger, b.trigger)
    found: dict[str, float] = {
        "bias": 1.0,
        "call": call,
        "sentence": sentence,
        "sentence_call": sentence and call,
        "paragraph": gap == 0 and not sentence,
        "near": near,
        "next": between == 0,
        "between": math.log1p(between),
        "mentions": math.log1p(mentions),
        "headline": a.line == 0,
        "lead": a.line == 0 and b.line <= 2 and a.status == b.status,
        "word": word,
        "very_word": word and a.trigger == b.trigger,
        "verb": b.verb,
        "refers": b.cue in (REFERS, BESIDE),
        "another": b.cue in (ANOTHER, EARLIER),
        "another_before": a.cue in (ANOTHER, EARLIER),
        "bare_near": near * (not b.parties and told_time(b) is None and b.place is None),
        "visit": a.visit != b.visit,
        "visit_before": a.visit and not b.visit,
        "visits": a.visit and b.visit,
        "visit_alone": a.visit != b.visit and _journey_beside_meeting(a, b),
        "mode_apart": bool(a.mode and b.mode and a.mode != b.mode),
    }
    found |= _parties(a, b, call=call) | _times(a, b, call=call) | _places(a, b) | _statuses(a, b)
    return {name: float(value) for name, value in found.items()}


def _parties(a: EventMention, b: EventMention, *, call: bool) -> dict[str, float]:
    mine, theirs = named(a), named(b)
    shared = two = against = 0.0
    if mine and theirs:
        fit = fit_parties(mine, theirs)
        shared = min(1.5, fit.weight / max(0.3, min(sum(t for _, t in mine), sum(t for _, t in theirs))))
        two = fit.pairs >= 2 and fit.weight >= 1.4
        against = min(2.0, fit.against)
    x, y = known_people(mine), known_people(theirs)
    return {
        "parties": shared,
        "two_parties": two,
        "other_parties": against,
        "other_parties_call": against * call,
        # Netanyahu with Biden, then with Harris.
        "other_pair": len(x) == len(y) == 2 and len(x & y) == 1,
        "no_party": not theirs,
    }


def _journey_beside_meeting(a: EventMention, b: EventMention) -> bool:
    """Whether one tells where somebody went, and the other who met whom."""
    visit, other = (sum(t >= _SURE for _, t in named(m)) for m in ((a, b) if a.visit else (b, a)))
    return visit <= 1 and other >= 2


def known_people(parties: tuple[Named, ...]) -> set[str]:
    """The people among the parties who are listed and more likely parties than not."""
    return {p.key for p, trust in parties if p.kind == PERSON and p.listed and trust >= _SURE}


def _times(a: EventMention, b: EventMention, *, call: bool) -> dict[str, float]:
    mine, theirs = told_time(a), told_time(b)
    both = mine is not None and theirs is not None
    apart = mine is not None and theirs is not None and fit_told([mine], [theirs]) is None
    day = a.published
    long_ago = [t is not None and day is not None and (day - t[1]).days > _LONG_AGO_DAYS for t in (mine, theirs)]
    ahead = day is not None and any(
        one.status == "actual" and told_time(one) is None and when is not None and when[0] > day
        for one, when in ((a, theirs), (b, mine))
    )
    days_apart = apart and all(t is not None and t[0] == t[1] for t in (mine, theirs))
    put_off = apart and "actual" not in (a.status, b.status) and (a.status == "cancelled") != (b.status == "cancelled")
    return {
        "time_apart": apart and not days_apart,
        "days_apart": days_apart,
        "days_apart_done": days_apart and a.status == b.status == "actual",
        "put_off": put_off,
        "same_day": both and mine == theirs,
        "time_apart_call": apart and call,
        "time_wide": both and not apart and mine != theirs,
        "time_before": mine is not None and theirs is None,
        "long_ago": long_ago[0] != long_ago[1],
        "ahead": ahead,
    }


def _places(a: EventMention, b: EventMention) -> dict[str, float]:
    fit = None if a.place is None or b.place is None else fit_places([a.place], [b.place])
    return {
        "place_apart": fit is not None and fit < 0,
        "place_open": fit == 0,
        "place_again": fit is not None and fit > 0,
        "place_new": b.place is not None and a.place is None,
    }


def _statuses(a: EventMention, b: EventMention) -> dict[str, bool]:
    both = frozenset((a.status, b.status))
    return {"status": len(both) == 1} | {"_".join(pair): both == frozenset(pair) for pair in _REALIS}
