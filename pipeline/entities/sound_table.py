"""The names of known people by sound: which of thousands are worth a closer comparison with a name.

A name is reduced to how often each group of consonants, and each two of them in a row, occur in its
sound key; those with nearly the same counts are offered. Each script's names are counted when a
name first asks for them. Working out 15,000 keys takes a tenth of a second, so those of the names in
``people.csv`` are data, ``tables/sound_keys.csv``: ``python -m training.sound_keys`` writes it, and a
test tells when that is due.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.entities.sound_keys import script_of, sound_key

_KEYS = resources.files("pipeline.entities").joinpath("tables", "sound_keys.csv")
# Consonant classes that other scripts write for each other, counted together.
_COUNTED = ("LR", "KGCH", "TD", "SZXJ", "PF", "M", "N")
_GROUP = {letter: at for at, letters in enumerate(_COUNTED) for letter in letters}
# 加 (jia) stands for ga and ja, 希 (xi) for hi and si: half in either group.
_ALSO = dict.fromkeys("JXH", (_GROUP["S"], _GROUP["K"]))
_SHORTEST_KEY = 4
_CANDIDATES, _CANDIDATES_SPELT = 26, 12


Bearer = TypeVar("Bearer")


class SoundTable(Generic[Bearer]):
    """Names of several words by script, each with who bears it; other names are left out."""

    def __init__(self, names: Iterable[tuple[str, Bearer]]) -> None:
        self._names: dict[str, list[tuple[str, Bearer]]] = {"latin": [], "arabic": [], "han": []}
        for name, bearer in names:
            if several_words(name):
                self._names[script_of(name)].append((name, bearer))
        self._counts: dict[str, tuple[npt.NDArray[np.int16], npt.NDArray[np.int64]]] = {}

    def nearest(self, name: str, *, script: str) -> list[tuple[str, Bearer]]:
        """The names in a script that have most nearly the consonants of ``name``, the nearest first.

        None where both are of one script and the name is too short to tell by.
        """
        written, key, same = self._names[script], sound_key(name), script == script_of(name)
        if not written or (same and len(key) < _SHORTEST_KEY):
            return []
        if script not in self._counts:
            made = class_counts(_keys(n for n, _ in written))
            # A row for each group, as whole columns of few groups are read.
            self._counts[script] = np.ascontiguousarray(made.T), made.sum(axis=1)
        (table, sizes), counts = self._counts[script], class_counts([key])[0]
        # What two names do not have in common is what both have less twice what they share.
        shared = np.zeros(len(written), dtype=np.int64)
        for group in np.flatnonzero(counts):
            shared += np.minimum(table[group], counts[group])
        both = sizes + counts.sum()
        apart = (both - 2 * shared) / np.maximum(both, 1)
        first = min(_CANDIDATES_SPELT if same else _CANDIDATES, len(written))
        near = np.flatnonzero(apart <= np.partition(apart, first - 1)[first - 1])
        order = near[np.argsort(apart[near], kind="stable")][:first]
        return [written[at] for at in order]


def several_words(name: str) -> bool:
    """Whether a name has several words, as it is written."""
    return len(name.replace("·", " ").split()) > 1


def class_counts(keys: Sequence[str]) -> npt.NDArray[np.int16]:
    """How often each group of consonants, and each two of them in a row, occur in each sound key; singles count double.

    One row a key; letters of no group (W, Y) are skipped.
    """
    groups, also = _letter_groups()
    size = len(_COUNTED)
    letters = np.frombuffer("".join(keys).encode("ascii"), dtype=np.uint8)
    rows = np.repeat(np.arange(len(keys)), [len(k) for k in keys])
    rows, letters = rows[groups[letters] >= 0], letters[groups[letters] >= 0]
    first, width = groups[letters], size + size * size
    beside = rows[1:] == rows[:-1]
    cells = (
        rows * width + also[letters, 0],
        rows * width + also[letters, 1],
        (rows[1:] * width + size + first[:-1] * size + first[1:])[beside],
    )
    counts = np.bincount(np.concatenate(cells), minlength=len(keys) * width)
    return counts.reshape(len(keys), width).astype(np.int16)


@functools.cache
def _letter_groups() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """By ASCII code the group of a letter (-1 for none), and the two in which it counts as a single."""
    groups = np.full(128, -1)
    also = np.full((128, 2), -1)
    for letter, group in _GROUP.items():
        groups[ord(letter)] = group
        also[ord(letter)] = _ALSO.get(letter, (group, group))
    return groups, also


def _keys(names: Iterable[str]) -> list[str]:
    """The sound keys of names, from the file as far as it has them."""
    known = _known_keys()
    return [known[name] if name in known else sound_key(name) for name in names]


@functools.cache
def _known_keys() -> dict[str, str]:
    return dict(csv.reader(_KEYS.read_text(encoding="utf-8").splitlines()))
