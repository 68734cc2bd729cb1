"""A screen before the exact comparison of names across scripts: many pairs of names at once.

``name_likeness`` aligns two names sound by sound in Python. Of the names that stand beside a new
one nearly all are out of reach; the cost of the cheapest alignment of each pair, for all pairs
together in arrays, says so. The screen answers no closer question: what it leaves goes to
``name_likeness``, so that it changes no result.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.entities.alignment import GAP, UNSEEN, learned
from pipeline.entities.pinyin import official_pinyin
from pipeline.entities.sound_keys import KEY_LETTERS, key_step, key_weight
from pipeline.entities.sounds import sounds_of, turned
from pipeline.entities.transliteration import least_tried

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
# Sums in another order differ in their last digits; what is closer than this is not screened out.
_SLACK = 1e-6
_SCRIPTS = ("latin", "arabic", "han")
# So many pairs at a time stay in the processor's own memory.
_AT_A_TIME = 4_096
# After so many sounds the pairs that are too dear already are put aside.
_LOOK = 3


def within_reach(name: str, others: Sequence[str]) -> list[bool]:
    """Tell for each other name whether ``name_likeness`` may be above -2, its least.

    No other name is of the script of ``name``. True is no promise, False is one.
    """
    first = np.zeros(len(others), dtype=np.int64)
    answer: list[bool] = names_within_reach([name, *others], first, np.arange(1, len(others) + 1)).tolist()
    return answer


def names_within_reach(names: Sequence[str], first: Ints, second: Ints) -> Bools:
    """Tell for each pair of names, given by their positions, whether ``name_likeness`` may be above -2.

    Pairs of one script are not compared and not near.
    """
    return _near(_Spoken(names, first, second, several=True), first, second)


def words_within_reach(words: Sequence[str], first: Ints, second: Ints) -> Bools:
    """Tell for each pair of single words, given by their positions, whether ``word_likeness`` may be above -2."""
    return _near(_Spoken(words, first, second, several=False), first, second)


def _near(spoken: _Spoken, first: Ints, second: Ints) -> Bools:
    near = np.zeros(len(first), dtype=np.bool_)
    for x, y in itertools.combinations(range(len(_SCRIPTS)), 2):
        straight, other_way = spoken.are(first, second, x, y), spoken.are(second, first, x, y)
        at = np.flatnonzero(straight | other_way)
        if len(at):
            scripts = f"{_SCRIPTS[x]}-{_SCRIPTS[y]}"
            a = np.where(straight[at], first[at], second[at])
            b = np.where(straight[at], second[at], first[at])
            near[at] = spoken.near(a, b, scripts)
    return near


class _Spoken:
    """Those names that stand in pairs, as numbers of sounds: names of ``several`` words, or single words."""

    def __init__(self, names: Sequence[str], first: Ints, second: Ints, *, several: bool) -> None:
        self._names, self._several = names, several
        self._script = np.full(len(names), -1)
        for row in np.unique(np.concatenate([first, second])).tolist():
            sounds = sounds_of(names[row])
            if len(set(sounds.words)) >= (2 if several else 1):
                self._script[row] = _SCRIPTS.index(sounds.script)

    def are(self, first: Ints, second: Ints, x: int, y: int) -> Bools:
        """Which pairs are of these two scripts."""
        answer: Bools = (self._script[first] == x) & (self._script[second] == y)
        return answer

    def near(self, a: Ints, b: Ints, scripts: str) -> Bools:
        """Which pairs may be near enough; ``a`` are of the first of the scripts, ``b`` of the second."""
        costs, most = _costs(scripts)[2], (1.0 - least_tried(scripts)) / 2
        near = np.zeros(len(a), dtype=np.bool_)
        # A pair is tried as it stands, and names also with the first word of the second last.
        for turn in (False, True) if self._several else (False,):
            left = np.flatnonzero(~near)
            if len(left):
                ones = self._numbers(a[left], scripts, second=False, last_first=False)
                others = self._numbers(b[left], scripts, second=True, last_first=turn)
                near[left] = _within(ones, others, costs, most)
        if self._several and scripts == "latin-han":
            for at in np.flatnonzero(~near).tolist():
                near[at] = _by_pinyin(self._names[a[at]], self._names[b[at]])
        return near

    def _numbers(self, rows: Ints, scripts: str, *, second: bool, last_first: bool) -> _Sequences:
        different, places = np.unique(rows, return_inverse=True)
        numbers = [_numbers(self._names[row], scripts, second, last_first) for row in different.tolist()]
        return _Sequences(numbers, places)


class _Sequences:
    """Sequences of numbers in one array, by places among those that differ."""

    def __init__(self, numbers: Sequence[Ints], places: Ints) -> None:
        self.places = places
        self.sizes = np.array([len(n) for n in numbers], dtype=np.int64)
        self.padded = np.zeros((len(numbers), int(self.sizes.max(initial=0))), dtype=np.int64)
        for row, sequence in zip(self.padded, numbers, strict=True):
            row[: len(sequence)] = sequence


@functools.cache
def _costs(scripts: str) -> tuple[dict[str, int], dict[str, int], Floats]:
    """Numbers of the sounds of either script (0 for a gap, 1 for any other), and costs by number."""
    costs, _ = learned(scripts)
    first = {t: n for n, t in enumerate(sorted({a for a, _ in costs if a != GAP}), 2)}
    second = {t: n for n, t in enumerate(sorted({b for _, b in costs if b != GAP}), 2)}
    table = np.full((len(first) + 2, len(second) + 2), UNSEEN)
    for (a, b), cost in costs.items():
        table[0 if a == GAP else first[a], 0 if b == GAP else second[b]] = cost
    return first, second, table


@functools.lru_cache(maxsize=32_768)
def _numbers(name: str, scripts: str, second: bool, last_first: bool) -> Ints:
    """The sounds of a name by number; ``last_first`` with its first word last."""
    sounds = sounds_of(name)
    firsts, seconds, _ = _costs(scripts)
    numbers = seconds if second else firsts
    return np.array([numbers.get(t, 1) for t in (turned(sounds) if last_first else sounds).tokens], dtype=np.int64)


def _by_pinyin(latin: str, han: str) -> bool:
    """Whether ``name_likeness`` compares the two by official pinyin, not by sounds."""
    return "·" not in han and official_pinyin(latin) is not None


def _within(ones: _Sequences, others: _Sequences, costs: Floats, most: float) -> Bools:
    """Tell which pairs have an alignment that costs at most the share ``most`` of leaving both out."""
    drop_one, drop_other = costs[ones.padded, 0], costs[0][others.padded]
    drop_one[np.arange(ones.padded.shape[1]) >= ones.sizes[:, None]] = 0.0
    drop_other[np.arange(others.padded.shape[1]) >= others.sizes[:, None]] = 0.0
    limits = most * np.maximum(drop_one.sum(axis=1)[ones.places] + drop_other.sum(axis=1)[others.places], 1.0) + _SLACK
    within: Bools = _align(ones, others, costs, limits) <= limits
    return within


def _align(ones: _Sequences, others: _Sequences, costs: Floats, limits: Floats) -> Floats:
    """The cost of the cheapest alignment of each pair; infinite for some that cost more than their limit.

    ``costs`` has a row for each number of ``ones`` and a column for each of ``others``; row and
    column 0 are the gap. The recurrence is that of ``align``, a row of all matrices at a time; the
    step along a row is a running minimum after its own costs are taken off.
    """
    answer = np.full(len(limits), np.inf)
    left_out = np.concatenate([np.zeros((len(others.padded), 1)), costs[0][others.padded].cumsum(axis=1)], axis=1)
    # Pairs whose first sequence is as long are worked through together.
    order = np.argsort(ones.sizes[ones.places], kind="stable")
    for low in range(0, len(order), _AT_A_TIME):
        rows = order[low : low + _AT_A_TIME]
        sizes = ones.sizes[ones.places[rows]]
        above = left_out[others.places[rows]]
        for step in range(int(sizes[-1]) + 1):
            done = sizes == step
            if done.any():
                answer[rows[done]] = above[done, others.sizes[others.places[rows[done]]]]
            if done.any() or (step and step % _LOOK == 0):
                going = ~done & (above.min(axis=1) <= limits[rows])
                rows, sizes, above = rows[going], sizes[going], above[going]
            if not len(rows):
                break
            sounds, there = ones.padded[ones.places[rows], step], others.places[rows]
            own = costs[sounds, 0][:, None]
            across = above[:, :-1] + costs[sounds[:, None], others.padded[there]]
            above += own
            np.minimum(across, above[:, 1:], out=above[:, 1:])
            above -= left_out[there]
            np.minimum.accumulate(above, axis=1, out=above)
            above += left_out[there]
    return answer


@functools.lru_cache(maxsize=32_768)
def _key_numbers(key: str) -> Ints:
    return np.array([KEY_LETTERS.index(c) + 1 for c in key], dtype=np.int64)


@functools.cache
def _key_costs() -> tuple[Floats, Floats]:
    """The costs of one letter of a sound key for another with the gap first, and the weight of each letter."""
    steps = [[key_step(a, b) for b in ("", *KEY_LETTERS)] for a in ("", *KEY_LETTERS)]
    return np.array(steps), np.array([0.0, *(key_weight(c) for c in KEY_LETTERS)])


def keys_within_reach(keys: Sequence[str], first: Ints, second: Ints, least: float) -> Bools:
    """Tell for each pair of sound keys, given by their positions, whether ``key_likeness`` may be
    ``least`` or more; exact but for rounding."""
    costs, weights = _key_costs()
    ones, others = (_key_sequences(keys, rows) for rows in (first, second))
    own, theirs = (weights[s.padded].sum(axis=1)[s.places] for s in (ones, others))
    limits = (1.0 - least) * np.maximum(np.maximum(own, theirs), 1.0) + _SLACK
    near: Bools = _align(ones, others, costs, limits) <= limits
    return near & (ones.sizes[ones.places] > 0) & (others.sizes[others.places] > 0)


def _key_sequences(keys: Sequence[str], rows: Ints) -> _Sequences:
    different, places = np.unique(rows, return_inverse=True)
    return _Sequences([_key_numbers(keys[row]) for row in different.tolist()], places)
