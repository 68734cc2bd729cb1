"""The cheapest alignment of two names' sounds, with costs learned from names known in all three scripts.

The costs are ``tables/sound_costs.csv`` (Ristad and Yianilos, "Learning String-Edit Distance",
1998); ``tables/name_words.csv`` has words that stand for each other as a whole (Michael, ميخائيل).
"""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Iterable
from importlib import resources

from pipeline.core.collection import no_collection
from pipeline.entities.sounds import Sounds

GAP = "-"
"""Stands in the costs for a sound that the other side does not write."""

WordPairs = dict[tuple[str, ...], frozenset[tuple[str, ...]]]
"""Words of names in one script, as sounds, with those that stand for them in another; both ways."""

_TABLES = resources.files("pipeline.entities").joinpath("tables")


@functools.cache
def learned(scripts: str) -> tuple[dict[tuple[str, str], float], WordPairs]:
    """Costs and known words of a pair of scripts ("latin-han"), as ``training.learn_name_sounds`` wrote them."""
    with no_collection():
        costs = {(a, b): float(cost) for a, b, cost in _rows("sound_costs.csv").get(scripts, ())}
        words = _rows("name_words.csv").get(scripts, ())
        return costs, both_ways((tuple(a.split()), tuple(b.split())) for a, b in words)


@functools.cache
def _rows(file: str) -> dict[str, list[list[str]]]:
    """The rows of a file by pair of scripts, its first column."""
    found: dict[str, list[list[str]]] = {}
    for scripts, *row in csv.reader(_TABLES.joinpath(file).read_text(encoding="utf-8").splitlines()):
        found.setdefault(scripts, []).append(row)
    return found


def align(
    a: Sounds, b: Sounds, costs: dict[tuple[str, str], float], unseen: float, most: float = math.inf
) -> tuple[float, list[tuple[int, int, float]]]:
    """The cheapest alignment of two names and its cost.

    Steps are (position in a, position in b, cost), -1 for a sound that the other side does not
    write; none where the cost is above ``most``. ``unseen`` is the cost of a pair that ``costs`` lacks.
    """
    x, y = a.tokens, b.tokens
    get = costs.get
    drop_x = [get((t, GAP), unseen) for t in x]
    drop_y = [get((GAP, t), unseen) for t in y]
    swaps: list[list[float]] = []
    rows = [[0.0]]
    for cost in drop_y:
        rows[0].append(rows[0][-1] + cost)
    for i, drop in enumerate(drop_x):
        above, letter = rows[-1], x[i]
        swap = [get((letter, t), unseen) for t in y]
        swaps.append(swap)
        left = above[0] + drop
        row = [left]
        for across, up, change, cost in zip(above, above[1:], swap, drop_y, strict=False):
            best = across + change
            other = up + drop
            if other < best:
                best = other
            left += cost
            if best < left:
                left = best
            row.append(left)
        if min(row) > most:
            return min(row), []
        rows.append(row)
    if rows[-1][-1] > most:
        return rows[-1][-1], []
    steps: list[tuple[int, int, float]] = []
    i, j = len(x), len(y)
    while i or j:
        here = rows[i][j]
        if i and j and abs(rows[i - 1][j - 1] + swaps[i - 1][j - 1] - here) < 1e-9:
            i, j = i - 1, j - 1
            steps.append((i, j, swaps[i][j]))
        elif i and abs(rows[i - 1][j] + drop_x[i - 1] - here) < 1e-9:
            i -= 1
            steps.append((i, -1, drop_x[i]))
        else:
            j -= 1
            steps.append((-1, j, drop_y[j]))
    return rows[-1][-1], steps[::-1]


UNSEEN, _LEAST, _LEAST_WORD = 4.5, 4.5, 0.35
# What two words cost that are both well known, as other names: Marco is not 马克, Mahmoud not محمد.
_OTHER_WORD = 3.0


def word_scores(
    a: Sounds, b: Sounds, costs: dict[tuple[str, str], float], known: WordPairs, least: float = -9.0
) -> tuple[float, list[float], float]:
    """Agreement of the whole and of each word of both names: 1 - cost / cost of leaving it all out.

    No words where the whole is below ``least``. Third, the cost of the worst single step outside
    the words known to stand for each other: one foreign consonant in a long word is averaged away
    otherwise (al-Awadi and al-Azadi).
    """
    weight_a = [costs.get((t, GAP), UNSEEN) for t in a.tokens]
    weight_b = [costs.get((GAP, t), UNSEEN) for t in b.tokens]
    all_out = max(sum(weight_a) + sum(weight_b), 1.0)
    cost, steps = align(a, b, costs, UNSEEN, (1.0 - least) * all_out / 2)
    if not steps:
        return 1.0 - 2.0 * cost / all_out, [], UNSEEN
    spent: dict[tuple[int, int], float] = {}
    owed: dict[tuple[int, int], float] = {}
    for side, words, weights in ((0, a.words, weight_a), (1, b.words, weight_b)):
        for word, weight in zip(words, weights, strict=True):
            owed[side, word] = owed.get((side, word), 0.0) + weight
            spent[side, word] = 0.0
    total = 0.0
    for i, j, cost in steps:
        total += cost
        if i >= 0:
            spent[0, a.words[i]] += cost
        if j >= 0:
            spent[1, b.words[j]] += cost
    x, y = _by_word(a), _by_word(b)
    sure: set[tuple[int, int]] = set()
    if len(x) == len(y):
        for (i, left), (j, right) in zip(x, y, strict=True):
            if right in known.get(left, ()):
                total -= (spent[0, i] + spent[1, j]) / 2
                spent[0, i] = spent[1, j] = 0.0
                sure |= {(0, i), (1, j)}
            elif left in known and right in known:
                total += _OTHER_WORD
                spent[0, i] += _OTHER_WORD
                spent[1, j] += _OTHER_WORD
    worst = max(
        (
            cost for i, j, cost in steps
            if not (i >= 0 and (0, a.words[i]) in sure) and not (j >= 0 and (1, b.words[j]) in sure)
        ),
        default=0.0,
    )  # fmt: skip
    return 1.0 - 2.0 * total / all_out, [1.0 - spent[key] / max(due, _LEAST) for key, due in owed.items()], worst


def _by_word(name: Sounds) -> list[tuple[int, tuple[str, ...]]]:
    found: dict[int, list[str]] = {}
    for token, word in zip(name.tokens, name.words, strict=True):
        found.setdefault(word, []).append(token)
    return [(word, tuple(tokens)) for word, tokens in found.items()]


def words_by_sound(name: Sounds) -> list[tuple[str, ...]]:
    """The words of a name, each as its sounds."""
    return [tokens for _, tokens in _by_word(name)]


def pair_words(
    names: Iterable[tuple[Sounds, Sounds]], costs: dict[tuple[str, str], float]
) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The words that stand for each other in names of as many words in both scripts."""
    pairs = set()
    for a, b in names:
        x, y = _by_word(a), _by_word(b)
        if len(x) != len(y):
            continue
        _, scores, _ = word_scores(a, b, costs, {})
        for at, ((_, left), (_, right)) in enumerate(zip(x, y, strict=True)):
            # Guards against nicknames and other names: Vivian Balakrishnan is 维文 in Chinese.
            if min(scores[at], scores[len(x) + at]) >= _LEAST_WORD and len(left) > 1 and len(right) > 1:
                pairs.add((left, right))
    return pairs


def both_ways(pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> WordPairs:
    """Word pairs by either word."""
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for left, right in pairs:
        found.setdefault(left, set()).add(right)
        found.setdefault(right, set()).add(left)
    return {word: frozenset(others) for word, others in found.items()}
