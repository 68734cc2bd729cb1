"""Learn what a letter of one script costs against a letter of another, from the people table.

Alternates between aligning each person's names in two scripts and counting what stood against
what (Viterbi training of the edit distance of Ristad and Yianilos, 1998). The cost of a pair is
-log of its count over the geometric mean of both letters' counts, smoothed; the cost of leaving a
letter out is -log of how often it is left out. Writes ``pipeline/entities/tables/sound_costs.csv``.

Run: ``python -m training.learn_name_sounds``.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipeline.entities.alignment import UNSEEN, align, pair_words
from pipeline.entities.sound_keys import sound_key
from pipeline.entities.sounds import Sounds, sounds_of

TABLES = Path(__file__).parents[1] / "pipeline" / "entities" / "tables"
SCRIPTS = (("latin", "arabic"), ("latin", "han"), ("arabic", "han"))
# Han names of these are read in the country's own language, not as the characters sound in Chinese.
OTHER_READING = frozenset(["JP", "KR", "KP", "VN"])
ROUNDS = 6


def name_pairs(rows: Iterable[dict[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """The main names of each person in each pair of scripts."""
    columns = {"latin": "name_en", "arabic": "name_ar", "han": "name_zh"}
    pairs: dict[str, list[tuple[str, str]]] = {f"{a}-{b}": [] for a, b in SCRIPTS}
    for row in rows:
        for a, b in SCRIPTS:
            x, y = row[columns[a]], row[columns[b]]
            if x and y and not (b == "han" and row["country"] in OTHER_READING):
                pairs[f"{a}-{b}"].append((x, y))
    return pairs


def learn(pairs: Iterable[tuple[str, str]], rounds: int = ROUNDS) -> dict[tuple[str, str], float]:
    """Costs of letter pairs and of letters left out ("-" on the other side)."""
    names = [(sounds_of(x), sounds_of(y)) for x, y in pairs]
    costs = _first(names)
    for _ in range(rounds):
        counts: Counter[tuple[str, str]] = Counter()
        for a, b in names:
            total, steps = align(a, b, costs, UNSEEN)
            # Another name altogether (a nickname, a title) would teach nonsense.
            if total > 1.3 * max(len(a.tokens), len(b.tokens)):
                continue
            counts.update((a.tokens[i] if i >= 0 else "-", b.tokens[j] if j >= 0 else "-") for i, j, _ in steps)
        costs = _costs(counts)
    return costs


def _first(names: Iterable[tuple[Sounds, Sounds]]) -> dict[tuple[str, str], float]:
    """Costs to begin with: the same class of consonant is cheap, vowels go with vowels."""
    letters: tuple[set[str], set[str]] = (set(), set())
    for a, b in names:
        letters[0].update(a.tokens)
        letters[1].update(b.tokens)
    costs = {}
    key = {t: _class(t) for t in letters[0] | letters[1]}
    for s in letters[0]:
        costs[s, "-"] = 2.0 if key[s] else 0.7
        for t in letters[1]:
            same = key[s] == key[t]
            # A v is written as f or as w: 维 (wei), 夫 (fu), ف, و.
            labial = key[s] == "F" and t in ("w", "و", "^و")
            costs[s, t] = (0.2 if key[s] else 0.5) if same else 0.6 if labial else 3.0
    for t in letters[1]:
        costs["-", t] = 2.0 if key[t] else 0.7
    return costs


def _class(token: str) -> str:
    if token == "N":
        return "N"
    if token == "er":
        return "L"
    return sound_key(token.strip("^_'$")).strip("YW").replace("R", "L")


def _costs(counts: Counter[tuple[str, str]]) -> dict[tuple[str, str], float]:
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for (s, t), n in counts.items():
        left[s] += n
        right[t] += n
    costs = {}
    for (s, t), n in counts.items():
        if s == "-":
            costs[s, t] = -math.log((n + 0.1) / (right[t] + 1.0))
        elif t == "-":
            costs[s, t] = -math.log((n + 0.1) / (left[s] + 1.0))
        elif n >= 1:
            # The likelier of the two readings: ب is b or p, each of which is nearly always ب.
            costs[s, t] = -math.log(n / (max(min(left[s], right[t]), 1) + 0.7))
    return {pair: min(cost, UNSEEN) for pair, cost in costs.items()}


def main() -> None:
    """Write the costs and the known words of all three pairs of scripts."""
    with (TABLES / "people.csv").open(encoding="utf-8") as file:
        pairs = name_pairs(csv.DictReader(file))
    costs = {scripts: learn(known) for scripts, known in pairs.items()}
    with (TABLES / "sound_costs.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("scripts", "a", "b", "cost"))
        for scripts, found in costs.items():
            out.writerows((scripts, s, t, f"{c:.2f}") for (s, t), c in sorted(found.items()) if c < UNSEEN)
    with (TABLES / "name_words.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("scripts", "a", "b"))
        for scripts, known in pairs.items():
            words = pair_words([(sounds_of(x), sounds_of(y)) for x, y in known], costs[scripts])
            out.writerows((scripts, " ".join(a), " ".join(b)) for a, b in sorted(words))


if __name__ == "__main__":
    main()
