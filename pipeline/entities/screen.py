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
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.entities.alignment import GAP, UNSEEN, learned
from pipeline.entities.pinyin import official_pinyin
from pipeline.entities.sound_keys import KEY_LETTERS, key_step, key_weight
from pipeline.entities.sounds import sounds_of, turned
from pipeline.entities.transliteration import (
    SCRIPTS,
    least_tried,
    least_whole,
    share_known_word,
)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
# Sums in another order differ in their last digits; what is closer than this is not screened out.
_SLACK = 1e-6
# So many pairs at a time stay in the processor's own memory.
_AT_A_TIME = 4_096
# After so many sounds the pairs that are too dear already are put aside.
_LOOK = 3


def within_reach(pairs: Sequence[tuple[str, str]], *, least: float = -2.0) -> list[bool]:
    """Tell for each pair of names whether ``name_likeness`` may be ``least`` or more, and above -2.

    Pairs of one script are not compared and False. True is no promise, False is one.
    """
    numbers = {name: n for n, name in enumerate(dict.fromkeys(name for pair in pairs for name in pair))}
    first, second = (np.array([numbers[pair[side]] for pair in pairs], dtype=np.int64) for side in (0, 1))
    near: list[bool] = names_within_reach(list(numbers), first, second, least=least).tolist()
    return near


def names_within_reach(names: Sequence[str], first: Ints, second: Ints, *, least: float = -2.0) -> Bools:
    """Tell for each pair of names, given by their positions, whether ``name_likeness`` may be ``least``
    or more, and above -2. Pairs of one script are not compared and not near."""
    return _near(names, first, second, several=True, least=least)


def words_within_reach(words: Sequence[str], first: Ints, second: Ints, *, least: float = -2.0) -> Bools:
    """Tell for each pair of single words what ``names_within_reach`` tells, with ``word_likeness``."""
    return _near(words, first, second, several=False, least=least)


def _near(names: Sequence[str], first: Ints, second: Ints, *, several: bool, least: float) -> Bools:
    near = np.zeros(len(first), dtype=np.bool_)
    script = np.full(len(names), -1)
    for row in np.unique(np.concatenate([first, second])).tolist():
        if _several(names[row]) if several else sounds_of(names[row]).tokens:
            script[row] = SCRIPTS.index(sounds_of(names[row]).script)
    one, other = script[first], script[second]
    for x, y in itertools.combinations(range(len(SCRIPTS)), 2):
        straight = (one == x) & (other == y)
        at = np.flatnonzero(straight | (one == y) & (other == x))
        if len(at):
            (firsts, a), (seconds, b) = (
                np.unique(np.where(straight[at], these[at], those[at]), return_inverse=True)
                for these, those in ((first, second), (second, first))
            )
            compared = _Names(f"{SCRIPTS[x]}-{SCRIPTS[y]}", several=several, least=least)
            near[at] = compared.near([names[r] for r in firsts.tolist()], [names[r] for r in seconds.tolist()], a, b)
    return near


@dataclass(frozen=True, slots=True)
class _Names:
    """How names of two scripts are compared: names of ``several`` words, or single words."""

    scripts: str
    several: bool
    least: float

    def near(self, firsts: Sequence[str], seconds: Sequence[str], a: Ints, b: Ints) -> Bools:
        """Which pairs may be near enough, by places in ``firsts`` and ``seconds``, names of either script."""
        near = np.zeros(len(a), dtype=np.bool_)
        ones = self._numbers(firsts, second=False, last_first=False)
        # A pair is tried as it stands, and names also with the first word of the second last.
        for turn in (False, True) if self.several else (False,):
            left = np.flatnonzero(~near)
            if len(left):
                others = self._numbers(seconds, second=True, last_first=turn)
                near[left] = self._within(ones, others, a[left], b[left], firsts, seconds)
        if self.several and self.scripts == "latin-han":
            for at in np.flatnonzero(~near).tolist():
                near[at] = _by_pinyin(firsts[a[at]], seconds[b[at]])
        return near

    def _numbers(self, names: Sequence[str], *, second: bool, last_first: bool) -> _Sequences:
        return _Sequences([_numbers(name, self.scripts, second, last_first) for name in names])

    def _within(
        self, ones: _Sequences, others: _Sequences, a: Ints, b: Ints, firsts: Sequence[str], seconds: Sequence[str]
    ) -> Bools:
        """Which pairs have an alignment cheap enough, as a share of what leaving both out costs.

        Words known to stand for each other cost nothing later: such pairs get more room.
        """
        costs = _costs(self.scripts)[2]
        all_out = np.maximum(ones.dropped(costs[:, 0])[a] + others.dropped(costs[0])[b], 1.0) / 2
        loose = (1.0 - least_tried(self.scripts)) * all_out + _SLACK
        tight = np.minimum(loose, (1.0 - least_whole(self.scripts) - self.least) * all_out + _SLACK)
        cost = _align(ones, others, a, b, costs, loose)
        near: Bools = cost <= tight
        for at in np.flatnonzero(~near & (cost <= loose)).tolist():
            near[at] = share_known_word(firsts[a[at]], seconds[b[at]], self.scripts)
        return near


class _Sequences:
    """Sequences of numbers in one array, each filled up with 0."""

    def __init__(self, numbers: Sequence[Ints]) -> None:
        self.sizes = np.array([len(n) for n in numbers], dtype=np.int64)
        self.padded = np.zeros((len(numbers), int(self.sizes.max(initial=0))), dtype=np.int64)
        for row, sequence in zip(self.padded, numbers, strict=True):
            row[: len(sequence)] = sequence

    def dropped(self, costs: Floats) -> Floats:
        """What leaving out each sequence costs."""
        there = np.arange(self.padded.shape[1]) < self.sizes[:, None]
        answer: Floats = (costs[self.padded] * there).sum(axis=1)
        return answer


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


def _several(name: str) -> bool:
    return len(set(sounds_of(name).words)) > 1


def _by_pinyin(latin: str, han: str) -> bool:
    """Whether ``name_likeness`` compares the two by official pinyin, not by sounds."""
    return "·" not in han and official_pinyin(latin) is not None


def _align(ones: _Sequences, others: _Sequences, a: Ints, b: Ints, costs: Floats, limits: Floats) -> Floats:
    """The cost of the cheapest alignment of each pair, ``a`` in ``ones`` with ``b`` in ``others``; infinite
    for some that cost more than their limit.

    ``costs`` has a row for each number of ``ones`` and a column for each of ``others``; row and
    column 0 are the gap. The recurrence is that of ``align``, a row of all matrices at a time; the
    step along a row is a running minimum after its own costs are taken off.
    """
    answer = np.full(len(limits), np.inf)
    left_out = np.concatenate([np.zeros((len(others.padded), 1)), costs[0][others.padded].cumsum(axis=1)], axis=1)
    # Pairs whose first sequence is as long are worked through together.
    order = np.argsort(ones.sizes[a], kind="stable")
    for low in range(0, len(order), _AT_A_TIME):
        rows = order[low : low + _AT_A_TIME]
        sizes = ones.sizes[a[rows]]
        above = left_out[b[rows]]
        for step in range(int(sizes[-1]) + 1):
            done = sizes == step
            if done.any():
                answer[rows[done]] = above[done, others.sizes[b[rows[done]]]]
            if done.any() or (step and step % _LOOK == 0):
                going = ~done & (above.min(axis=1) <= limits[rows])
                rows, sizes, above = rows[going], sizes[going], above[going]
            if not len(rows):
                break
            sounds, there = ones.padded[a[rows], step], b[rows]
            across = above[:, :-1] + costs[sounds[:, None], others.padded[there]]
            above += costs[sounds, 0][:, None]
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
    different, places = np.unique(np.concatenate([first, second]), return_inverse=True)
    a, b = places[: len(first)], places[len(first) :]
    letters = _Sequences([_key_numbers(keys[row]) for row in different.tolist()])
    weight = letters.dropped(weights)
    limits = (1.0 - least) * np.maximum(np.maximum(weight[a], weight[b]), 1.0) + _SLACK
    near: Bools = _align(letters, letters, a, b, costs, limits) <= limits
    return near & (letters.sizes[a] > 0) & (letters.sizes[b] > 0)
