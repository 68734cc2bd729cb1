"""A screen before the exact comparison of names across scripts: many names against one, at once.

``name_likeness`` aligns two names sound by sound in Python. Of the names that an entity table
offers for a new name nearly all are out of reach; the cost of their cheapest alignment, for all of
them together in arrays, says so. The screen answers no closer question: what it leaves goes to
``name_likeness``, so that it changes no result.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.entities.alignment import GAP, UNSEEN, learned
from pipeline.entities.pinyin import official_pinyin
from pipeline.entities.sound_keys import KEY_LETTERS, key_step, key_weight
from pipeline.entities.sounds import Sounds, sounds_of, turned
from pipeline.entities.transliteration import least_tried, script_pair

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
# Sums in another order differ in their last digits; what is closer than this is not screened out.
_SLACK = 1e-6


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


def within_reach(name: str, others: Sequence[str]) -> list[bool]:
    """Tell for each other name whether ``name_likeness`` may be above -2, its least.

    The others are of one script, which is not the name's. True is no promise, False is one.
    """
    near = [False] * len(others)
    rows = [at for at, other in enumerate(others) if _several(sounds_of(other))]
    if not rows or not _several(sounds_of(name)):
        return near
    scripts, second = script_pair(sounds_of(name).script, sounds_of(others[rows[0]]).script)
    table = _costs(scripts)[2]
    costs = table.T if second else table
    # A pair is tried as it stands, and with the first word of its second name last.
    tried = (
        _too_dear(
            _numbers(name, scripts, second, second and turn),
            [_numbers(others[at], scripts, not second, not second and turn) for at in rows],
            costs,
            least_tried(scripts),
        )
        for turn in (False, True)
    )
    for at, straight, turn in zip(rows, *tried, strict=True):
        near[at] = not (straight and turn) or _by_pinyin(name, others[at], scripts)
    return near


def _several(sounds: Sounds) -> bool:
    return len(set(sounds.words)) > 1


def _by_pinyin(a: str, b: str, scripts: str) -> bool:
    """Whether ``name_likeness`` compares the two by official pinyin, not by sounds."""
    if scripts != "latin-han":
        return False
    latin, han = (a, b) if sounds_of(a).script == "latin" else (b, a)
    return "·" not in han and official_pinyin(latin) is not None


def _too_dear(one: Ints, others: Sequence[Ints], costs: Floats, least: float) -> npt.NDArray[np.bool_]:
    """Tell of which others the cheapest alignment with ``one`` costs more than ``word_scores`` looks at."""
    cheapest, all_out = _align(one, others, costs)
    answer: npt.NDArray[np.bool_] = cheapest > (1.0 - least) * np.maximum(all_out, 1.0) / 2 + _SLACK
    return answer


def _align(one: Ints, others: Sequence[Ints], costs: Floats) -> tuple[Floats, Floats]:
    """The cost of the cheapest alignment of ``one`` with each other, and of leaving both out.

    ``costs`` has a row for each sound of ``one``'s script and a column for each of theirs; row and
    column 0 are the gap. The recurrence is that of ``align``, a row of all matrices at a time; the
    step along a row is a running minimum after its own costs are taken off.
    """
    sizes = np.array([len(o) for o in others])
    padded = np.zeros((len(others), int(sizes.max())), dtype=np.int64)
    for row, numbers in zip(padded, others, strict=True):
        row[: len(numbers)] = numbers
    left_out = np.concatenate([np.zeros((len(others), 1)), costs[0][padded].cumsum(axis=1)], axis=1)
    above = left_out
    for sound in one:
        own = costs[sound, 0]
        best = np.minimum(above[:, :-1] + costs[sound][padded], above[:, 1:] + own)
        first = above[:, :1] + own
        along = np.concatenate([first, best - left_out[:, 1:]], axis=1)
        above = left_out + np.minimum.accumulate(along, axis=1)
    at = np.arange(len(others)), sizes
    return above[at], costs[one, 0].sum() + left_out[at]


@functools.lru_cache(maxsize=32_768)
def _key_numbers(key: str) -> Ints:
    return np.array([KEY_LETTERS.index(c) + 1 for c in key], dtype=np.int64)


@functools.cache
def _key_costs() -> tuple[Floats, Floats]:
    """The costs of one letter of a sound key for another with the gap first, and the weight of each letter."""
    steps = [[key_step(a, b) for b in ("", *KEY_LETTERS)] for a in ("", *KEY_LETTERS)]
    return np.array(steps), np.array([0.0, *(key_weight(c) for c in KEY_LETTERS)])


def keys_within_reach(key: str, others: Sequence[str], least: float) -> list[bool]:
    """Tell for each other sound key whether ``key_likeness`` may be ``least`` or more; exact but for rounding."""
    if not key or not others:
        return [False] * len(others)
    costs, weights = _key_costs()
    mine, theirs = _key_numbers(key), [_key_numbers(o) for o in others]
    distance, _ = _align(mine, theirs, costs)
    own = weights[mine].sum()
    longest = np.array([max(own, weights[o].sum(), 1.0) for o in theirs])
    near = (distance <= (1.0 - least) * longest + _SLACK) & np.array([len(o) > 0 for o in theirs])
    answer: list[bool] = near.tolist()
    return answer
