"""Whether two tellings can be of one meeting or call: parties, time, place and realis.

Every measure answers for itself; ``merge`` weighs them. A person and that person's country fit
("Rome" for Giorgia Meloni) but count for less than the same name.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from pipeline.entities.sound_keys import ends_likeness, script_of, sound_key, sound_likeness

PERSON, COUNTRY, BODY, DESCRIBED = "person", "country", "body", "described"
_NATION_WEIGHT = {
    frozenset((PERSON, COUNTRY)): 0.6,
    frozenset((BODY, COUNTRY)): 0.75,
    frozenset((DESCRIBED, COUNTRY)): 0.75,
    frozenset((COUNTRY,)): 1.0,
    frozenset((PERSON, BODY)): 0.5,
    frozenset((BODY,)): 0.4,
    frozenset((DESCRIBED, BODY)): 0.6,
    frozenset((DESCRIBED,)): 0.8,
    frozenset((DESCRIBED, PERSON)): 0.5,
}
_NAMED_ALIKE = 0.9
_UNLISTED, _SOFT = 0.55, 0.2
_COUNTRYMEN, _COUNTRYMEN_ENDS, _PERHAPS = 0.54, 0.32, 0.35
_SOUND, _SOUND_SHORT, _SHORT, _FULL, _ENDS, _SPELT = 0.79, 0.84, 2, 0.70, 0.60, 0.85
_DAY = timedelta(days=1)
_WEAK = str.maketrans("", "", "WYH")


@dataclass(frozen=True, slots=True)
class Party:
    """A party: its entity id (or a key of its words), ISO code of its country, its kind, a name to
    compare by sound, and whether the tables have it."""

    key: str
    nation: str | None
    kind: str
    name: str = ""
    listed: bool = True
    soft: bool = False
    """Whether the words only describe ("the delegation"): then they speak against nobody."""
    blocks: tuple[str, ...] = ()
    """What blocking compares: the country where it is known, else the key; and the sound."""
    rank: str | None = None
    """Whether it is a head of state or government or never one (``ranks``); None where that is open."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its entity id (or its folded words), its country, and country, city, venue or open;
    ``name`` where no table has it, to compare by sound."""

    key: str
    nation: str | None
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class EventMention:
    """What merging needs of an event.

    ``trust`` gives the probability that each of ``parties`` is one (empty: all are certain).
    ``time_start`` and ``time_end`` are None where the text tells no time; ``ordinal`` is the number
    of a round ("the second round of talks"); ``visit`` where the trigger tells of a journey;
    ``trigger`` the folded word that carries the event; ``line`` the paragraph, from 0; ``cue``
    REFERS ("these talks"), ANOTHER ("a further meeting"), EARLIER ("their last meeting"), BESIDE (the summit on whose sidelines another
    event of the sentence is held) or None; ``verb`` where the trigger is one.
    """

    event_id: str
    article_id: str
    sentence_id: int
    start: int
    type: str
    mode: str | None
    status: str
    parties: tuple[Party, ...]
    time_start: date | None
    time_end: date | None
    published: date | None
    place: Place | None
    visit: bool = False
    ordinal: int | None = None
    trigger: str = ""
    trust: tuple[float, ...] = ()
    line: int = 0
    cue: str | None = None
    verb: bool = False


REFERS, ANOTHER, EARLIER, BESIDE = "refers", "another", "earlier", "beside"
Named = tuple[Party, float]
"""A party with the share of tellings, or the probability, that names it."""


@dataclass(frozen=True, slots=True)
class PartyFit:
    """How well two sets of parties fit: pairs matched, what speaks for them, and what is left over
    on each side and speaks against."""

    pairs: int
    weight: float
    left: float
    right: float

    @property
    def against(self) -> float:
        """What speaks against: parties left over on both sides (one side may tell of fewer), less where
        many others match."""
        return min(self.left, self.right) * 3 / (2 + max(1, self.pairs))


def fit_parties(a: Sequence[Named], b: Sequence[Named]) -> PartyFit:
    """Match the parties of two tellings one to one, the likest first.

    A pair weighs its likeness times the geometric mean of both trusts. A party left over weighs the
    square of its trust (a doubtful one speaks for more than against), less where someone on the other side could stand for it; words that only describe
    ("the delegation") weigh nothing.
    """
    pairs = sorted(
        ((w, i, j) for i, (x, _) in enumerate(a) for j, (y, _) in enumerate(b) if (w := likeness(x, y)) > 0),
        key=lambda p: (-p[0] * (a[p[1]][1] * b[p[2]][1]) ** 0.5, p[1], p[2]),
    )
    left: set[int] = set()
    right: set[int] = set()
    strict = 0.0
    loose: dict[str | None, float] = {}
    nations: set[str | None] = set()
    for w, i, j in pairs:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            value, nation = w * (a[i][1] * b[j][1]) ** 0.5, a[i][0].nation
            if w >= _NAMED_ALIKE or {a[i][0].kind, b[j][0].kind} == {COUNTRY}:
                strict += value
                nations.add(nation)
            else:
                loose[nation] = max(value, loose.get(nation, 0.0))
    # That both sides have somebody of one country says much of China and Russia, little of a party
    # conference: it counts once a country, and half where no other country is matched.
    abroad = [v for nation, v in loose.items() if nation not in nations]
    weight = strict + sum(abroad) * (1.0 if len(nations | set(loose)) > 1 else 0.5)
    near_a, near_b = [0.0] * len(a), [0.0] * len(b)
    for w, i, j in pairs:
        near_a[i], near_b[j] = max(near_a[i], w), max(near_b[j], w)
    return PartyFit(
        len(left),
        weight,
        sum(_against(x, t) * (1 - near_a[i]) for i, (x, t) in enumerate(a) if i not in left),
        sum(_against(y, t) * (1 - near_b[j]) for j, (y, t) in enumerate(b) if j not in right),
    )


def _against(party: Party, trust: float) -> float:
    """What a party that nobody answers to is worth: a name that no table has may be anyone's, in
    another script or cut short; a description may be of somebody named elsewhere."""
    return trust * trust * (_SOFT if party.soft else 1.0 if party.listed else _UNLISTED)


def named(event: EventMention) -> tuple[Named, ...]:
    """The parties of a mention with their trust."""
    return tuple(zip(event.parties, event.trust or (1.0,) * len(event.parties), strict=True))


def likeness(a: Party, b: Party) -> float:
    """1 for the same party, less for a country and someone who stands for it, 0 for others."""
    if a.key == b.key:
        return 1.0
    weight = 0.0
    if a.nation is not None and a.nation == b.nation:
        weight = _NATION_WEIGHT.get(frozenset((a.kind, b.kind)), 0.0)
        if a.rank != b.rank and a.rank is not None and b.rank is not None:
            # The envoys of two countries are not their presidents, though both met for them.
            return 0.0
    if weight < _NAMED_ALIKE and not (a.listed and b.listed) and a.name and b.name:
        if named_alike(a.name, b.name):
            return _NAMED_ALIKE
        if a.kind == b.kind == PERSON and a.nation is not None and a.nation == b.nation:
            return countrymen_alike(a.name, b.name)
    return weight


@functools.lru_cache(maxsize=65536)
def countrymen_alike(a: str, b: str) -> float:
    """How far two names in two scripts may be one person's, of two people of one country: سلمى and
    "Salma" clearly, others perhaps, for each script writes a name as it hears it. Two names in one
    script are two people."""
    if script_of(a) == script_of(b):
        return 0.0
    alike = sound_likeness(a, b) >= _COUNTRYMEN and ends_likeness(a, b) >= _COUNTRYMEN_ENDS
    return _NAMED_ALIKE if alike else _PERHAPS


@functools.lru_cache(maxsize=65536)
def named_alike(a: str, b: str) -> bool:
    """Whether two names may be one person's, given that all else fits: by the surname where one of
    them is no more, by spelling within a script and by sound across scripts."""
    x, y = a.replace("·", " ").split(), b.replace("·", " ").split()
    if not x or not y:
        return False
    if script_of(a) == script_of(b):
        if min(len(x), len(y)) == 1:
            return x[-1] == y[-1]
        return _shares(a, b) >= _SPELT and SequenceMatcher(None, a, b, autojunk=False).ratio() >= _SPELT
    if min(len(x), len(y)) == 1:
        short = min(len(sound_key(w[-1]).translate(_WEAK)) for w in (x, y))
        return short >= 2 and sound_likeness(x[-1], y[-1]) >= (_SOUND_SHORT if short <= _SHORT else _SOUND)
    return sound_likeness(a, b) >= _FULL and ends_likeness(a, b) >= _ENDS


@functools.lru_cache(maxsize=16384)
def _letters(name: str) -> dict[str, int]:
    return dict(Counter(name))


def _shares(a: str, b: str) -> float:
    """What the ratio of two spellings is at most: the letters that they share, in whatever order."""
    mine, theirs = _letters(a), _letters(b)
    return 2 * sum(min(n, theirs[c]) for c, n in mine.items() if c in theirs) / (len(a) + len(b))


def same_word(a: str, b: str) -> bool:
    """Whether two folded triggers of one article are forms of one word: "the talks" after "talks"."""
    a, b = a.removeprefix("ال"), b.removeprefix("ال")
    return bool(a) and (a == b or (min(len(a), len(b)) >= 4 and a[:4] == b[:4]))


def fit_places(a: Iterable[Place], b: Iterable[Place]) -> float:
    """1 for the same place or one within the other, -1 for places apart, 0 where that is open."""
    scores = [_fit_place(x, y) for x in a for y in b]
    return max(scores, default=0.0)


def _fit_place(a: Place, b: Place) -> float:
    if a.key == b.key:
        return 1.0
    if a.name and b.name:
        return 1.0 if named_alike(a.name, b.name) else 0.0
    if a.nation is None or b.nation is None:
        return 0.0
    if a.nation != b.nation:
        return -1.0
    kinds = {a.kind, b.kind}
    if "country" in kinds:
        return 1.0
    return -1.0 if kinds == {"city"} else 0.5


Interval = tuple[date, date]


def gap_days(a: Interval, b: Interval) -> int:
    """Days between two intervals, 0 or less where they overlap."""
    return max((a[0] - b[1]).days, (b[0] - a[1]).days)


def fit_told(a: Iterable[Interval], b: Sequence[Interval], *, slack: int = 0) -> float | None:
    """How well told times agree: 1 the same day, less for wide intervals; None where they do not.

    One day apart still fits a little: an evening call is the next day's elsewhere. ``slack`` days
    more do where the event lasts (a visit, of which one report tells the arrival).
    """
    best: float | None = None
    for x in a:
        for y in b:
            gap = gap_days(x, y)
            if gap > 1 + slack:
                continue
            width = max((x[1] - x[0]).days, (y[1] - y[0]).days)
            score = 0.3 if gap >= 1 else 1.0 if width == 0 else 0.8 if width <= 10 else 0.6 if width <= 35 else 0.3
            best = score if best is None else max(best, score)
    return best


def fit_untold(told: Iterable[Interval], published: date, status: str) -> float | None:
    """How well a mention without a time, published on a day, fits told times.

    What is told as done took place in the days before publication; what is planned lies ahead.
    """
    back, ahead = {"actual": (7, 0), "planned": (1, 60), "possible": (7, 60)}.get(status, (14, 60))
    best: float | None = None
    for interval in told:
        window = (published - timedelta(days=back), published + timedelta(days=ahead))
        if (interval[1] - interval[0]).days > 62 or gap_days(interval, window) > 0:
            continue
        distance = max(0, gap_days(interval, (published, published)))
        score = max(0.2, 0.6 - 0.03 * distance)
        best = score if best is None else max(best, score)
    return best


def fit_published(a: date, b: date, statuses: tuple[str, str]) -> float | None:
    """How well two mentions without a time fit, by their days of publication."""
    gap = abs((a - b).days)
    reach = 4 if statuses == ("actual", "actual") else 14
    return None if gap > reach else 0.5 - 0.4 * gap / (reach + 1)
