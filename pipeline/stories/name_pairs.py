"""Which of many names are worth comparing with one: a screen in arrays before the exact comparison.

It leaves out only pairs that the comparison would find unlike, so it changes no result.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.folding import fold_string
from pipeline.entities.pinyin import pinyin_of, readings_of
from pipeline.entities.pinyin_arabic import has_spelling, spells
from pipeline.entities.screen import keys_within_reach, names_within_reach

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
PairNumbers = npt.NDArray[np.uint64]
_SEPARATORS = re.compile(r"[\s·•・‧\-–]+")
_WEAK = str.maketrans("", "", "WYH")
_SOUND_CLASS = {"R": "L", "G": "K", "C": "K", "H": "K", "D": "T", "Z": "S", "X": "S", "J": "S", "W": "F", "Y": "S",
                "P": "P", "F": "F"}  # fmt: skip
_NATIVE_WORDS = (2, 3)
_SCRIPTS = ("latin", "arabic", "han")
_LATIN, _ARABIC, _HAN = range(3)
# Odd numbers, by which no two hashes become one.
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True, slots=True)
class Form:
    """One person's name as candidates compare it."""

    entity_id: str
    name: str
    script: str
    words: tuple[str, ...]
    key: str
    articles: tuple[str, ...]

    @property
    def native(self) -> bool:
        """Whether it is a Chinese name without a separator."""
        return self.script == "han" and len(self.words) == 1


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, folded."""
    return tuple(w for w in _SEPARATORS.split(fold_string(name)) if w)


def joined_word(name: str) -> str:
    """A name as one word."""
    return _SEPARATORS.sub("", name)


def consonant_classes(key: str, script: str) -> set[str]:
    """Classes of the first consonant, with and without weak ones that some scripts do not write;
    Chinese ji, qi and xi stand for ki and gi too (金特罗 for Quintero)."""
    found: set[str] = set()
    for k in (key, key.lstrip("WYH")):
        if k:
            found.add(_SOUND_CLASS.get(k[0], k[0]))
            if script == "han" and k[0] in "JCX":
                found |= {"K", "S"}
    return found


@functools.lru_cache(maxsize=65_536)
def reading_of(name: str) -> str:
    """How a Chinese name is read, as pinyin without tones and separators."""
    return "".join(pinyin_of(joined_word(name)))


@functools.lru_cache(maxsize=65_536)
def _readings(name: str) -> frozenset[str]:
    return frozenset(readings_of(name))


@functools.lru_cache(maxsize=65_536)
def _latin_letters(words: tuple[str, ...]) -> frozenset[str]:
    """A Latin name as one word, in either order of surname and given name."""
    return frozenset("".join(w) for w in (words, (*words[1:], words[0]), (words[-1], *words[:-1])))


def read_as_latin(native: Form, latin: Form) -> bool:
    """Whether a Chinese name without a separator, read as pinyin, is a Latin name letter for letter."""
    return not _latin_letters(latin.words).isdisjoint(_readings(native.name))


@dataclass(frozen=True, slots=True)
class Least:
    """The least likeness that the comparison accepts: of spellings within a script, of sound keys
    across scripts, and of sound keys where one name is Chinese without a separator."""

    spelt: float
    alike: float
    native: float


class Likenesses:
    """What is known of pairs of names, remembered from run to run: the likenesses of some, and which
    others are unlike at a glance (by ``NameScreen.pair_numbers``, sorted).

    ``used`` are the likenesses that were asked for.
    """

    def __init__(self, known: Mapping[tuple[str, str], float] | None = None, unlike: PairNumbers | None = None) -> None:
        self._known = dict(known or {})
        self._unlike = np.zeros(0, dtype=np.uint64) if unlike is None else unlike
        self._found_unlike: list[PairNumbers] = []
        self.used: dict[tuple[str, str], float] = {}

    def of(self, a: Form, b: Form, work_out: Callable[[Form, Form], float]) -> float:
        """The likeness of two names; ``work_out`` looks at nothing but the names."""
        pair = a.name, b.name
        if pair not in self.used:
            self.used[pair] = self._known[pair] if pair in self._known else work_out(a, b)
        return self.used[pair]

    def likely(self, pairs: PairNumbers, look: Callable[[Numbers], Flags]) -> Flags:
        """Which pairs may be alike; ``look`` answers for those, by their places, that are not known to be unlike."""
        at = np.searchsorted(self._unlike, pairs)
        known = np.zeros(len(pairs), dtype=np.bool_)
        inside = np.flatnonzero(at < len(self._unlike))
        known[inside] = self._unlike[at[inside]] == pairs[inside]
        near, new = np.zeros(len(pairs), dtype=np.bool_), np.flatnonzero(~known)
        near[new] = look(new)
        self._found_unlike.append(pairs[~near])
        return near

    def unlike(self) -> PairNumbers:
        """The pairs of this run that are unlike, sorted."""
        return np.unique(np.concatenate([np.zeros(0, dtype=np.uint64), *self._found_unlike]))


class NameScreen:
    """Names in arrays: which pairs of them may be alike enough, ``may_fit`` soon and ``likely`` sharply."""

    def __init__(self, forms: Sequence[Form], listed: Sequence[bool], least: Least) -> None:
        self._forms, self._least = forms, least
        ids = {e: n for n, e in enumerate(sorted({f.entity_id for f in forms}))}
        self._entity = np.array([ids[f.entity_id] for f in forms], dtype=np.int64)
        self._listed = np.array(listed, dtype=np.bool_)
        self._script = np.array([_SCRIPTS.index(f.script) for f in forms], dtype=np.int64)
        self._native = np.array([f.native for f in forms], dtype=np.bool_)
        self._chinese = np.array([f.script != "arabic" and has_spelling(f.name) for f in forms], dtype=np.bool_)
        hashes = (hashlib.blake2b(f.name.encode(), digest_size=8).digest() for f in forms)
        self._hashes = np.frombuffer(b"".join(hashes), dtype="<u8").astype(np.uint64)
        self._names, self._keys = [f.name for f in forms], [f.key for f in forms]
        self._words = np.array([len(f.words) for f in forms], dtype=np.int64)
        self._weight = np.array([len(f.key.translate(_WEAK)) for f in forms], dtype=np.int64)
        letters = sorted({c for f in forms if f.script != "han" for c in f.name.casefold()})
        column = {c: n for n, c in enumerate(letters)}
        self._letters = np.zeros((len(forms), len(letters)), dtype=np.int8)
        self._size = np.array([max(1, len(f.name.casefold())) for f in forms], dtype=np.int64)
        readings = [reading_of(f.name) if f.script == "han" else "" for f in forms]
        numbers = {r: n for n, r in enumerate(sorted(set(readings)))}
        self._reading = np.array([numbers[r] for r in readings], dtype=np.int64)
        for row, form in zip(self._letters, forms, strict=True):
            for letter in form.name.casefold() if form.script != "han" else "":
                row[column[letter]] += 1

    def pair_numbers(self, first: Numbers, second: Numbers) -> PairNumbers:
        """A number for each pair of names, made of 64 bits of a hash of each: the same in every run."""
        return self._hashes[first] * _FIRST + self._hashes[second] * _SECOND

    def may_fit(self, at: int, others: Numbers) -> Numbers:
        """Those of the others that are another entity's form, with about as many consonants."""
        weight, theirs = self._weight[at], self._weight[others]
        fits = np.abs(theirs - weight) <= np.maximum(2, np.minimum(theirs, weight) // 2)
        fits &= self._entity[others] != self._entity[at]
        fits &= ~(self._listed[others] & self._listed[at])
        found: Numbers = others[fits]
        return found

    def likely(self, first: Numbers, second: Numbers) -> Flags:
        """Which pairs of forms, given by their positions, may be alike enough."""
        near = np.zeros(len(first), dtype=np.bool_)
        one, other = self._script[first], self._script[second]
        native = self._native[first] | self._native[second]
        for kind, compare in (
            ((one == other) & (one == _HAN), self._read_alike),
            ((one == other) & (one != _HAN), self._spelt_alike),
            ((one != other) & native, self._native_alike),
            ((one != other) & ~native, self._sound_alike),
        ):
            at = np.flatnonzero(kind)
            if len(at):
                near[at] = compare(first[at], second[at])
        return near

    def _read_alike(self, first: Numbers, second: Numbers) -> Flags:
        """Chinese names are alike where they are read alike."""
        alike: Flags = self._reading[first] == self._reading[second]
        return alike

    def _spelt_alike(self, first: Numbers, second: Numbers) -> Flags:
        """Letters in common bound what two spellings can have in common in one order."""
        alike: Flags = self._words[first] == self._words[second]
        at = np.flatnonzero(alike)
        first, second = first[at], second[at]
        common = np.minimum(self._letters[first], self._letters[second]).sum(axis=1, dtype=np.int64)
        alike[at] = 2 * common >= (self._least.spelt - 1e-9) * (self._size[first] + self._size[second])
        return alike

    def _native_alike(self, first: Numbers, second: Numbers) -> Flags:
        """Pairs with a Chinese name without a separator: by its pinyin, beside Arabic by sound keys."""
        native = np.where(self._native[first], first, second)
        foreign = np.where(self._native[first], second, first)
        alike = np.zeros(len(first), dtype=np.bool_)
        for at in np.flatnonzero(self._script[foreign] == _LATIN).tolist():
            alike[at] = read_as_latin(self._forms[native[at]], self._forms[foreign[at]])
        arabic = np.flatnonzero((self._script[foreign] == _ARABIC) & np.isin(self._words[foreign], _NATIVE_WORDS))
        alike[arabic] = keys_within_reach(self._keys, native[arabic], foreign[arabic], self._least.native)
        return alike | self._spelt_out(first, second)

    def _sound_alike(self, first: Numbers, second: Numbers) -> Flags:
        alike = keys_within_reach(self._keys, first, second, self._least.alike)
        at = np.flatnonzero(~alike)
        alike[at] = names_within_reach(self._names, first[at], second[at], least=0.0)
        return alike | self._spelt_out(first, second)

    def _spelt_out(self, first: Numbers, second: Numbers) -> Flags:
        """Pairs of a Chinese name and its Arabic spelling."""
        alike = np.zeros(len(first), dtype=np.bool_)
        for name, arabic in ((first, second), (second, first)):
            for at in np.flatnonzero(self._chinese[name] & (self._script[arabic] == _ARABIC)).tolist():
                alike[at] = spells(self._names[name[at]], self._names[arabic[at]])
        return alike
