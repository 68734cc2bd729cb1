"""How Chinese characters and phrases are read, without tones, as pypinyin tells it.

pypinyin takes a fifth of a second to load, which every process would pay that meets a Chinese name.
What it says of the characters of Unicode's main block and of phrases is data here,
``tables/han_readings.txt``: ``python -m training.han_readings`` writes it, and a test says that both
agree. pypinyin itself is asked where a text has other characters.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources

from pipeline.core.collection import no_collection

FIRST, LAST = 0x4E00, 0x9FFF
"""The block of characters that the file has, in order."""
NONE = "-"
"""Stands in the file for a character that has no reading."""
PHRASE_START = 2
"""So many characters of a phrase say whether one may begin; none is shorter."""

_FILE = resources.files("pipeline.entities").joinpath("tables", "han_readings.txt")
_RUNS = re.compile(r"([\u4e00-\u9fff]+)")
# What pypinyin reads besides, and more: private characters, extensions, compatibility forms.
_OTHER_HAN = re.compile(r"[\u3007\u3400-\u4dbf\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff]")

Reading = tuple[str, ...]
"""What one character may be read as, the usual one first."""


@dataclass(frozen=True, slots=True)
class _Readings:
    """Characters by their place in the block, phrases read otherwise than their characters, all
    other phrases, the length of the longest phrase by how it begins, and all phrases as written, each
    after a space."""

    characters: tuple[Reading | None, ...]
    own: dict[str, tuple[Reading, ...]]
    plain: frozenset[str]
    longest: dict[str, int]
    written: str


@functools.cache
def _readings() -> _Readings:
    with no_collection():
        return _load()


def _load() -> _Readings:
    characters, own, plain = _FILE.read_text(encoding="utf-8").split("\n\n")
    read: dict[str, Reading] = {}
    for written in dict.fromkeys(characters.split()):
        read[written] = tuple(written.split(","))
    lines = [line.split() for line in own.splitlines()]
    # The shortest come first: the length of the longest stays.
    phrases = [line.split() for line in plain.splitlines()]
    longest: dict[str, int] = {}
    for words in phrases:
        longest.update(dict.fromkeys([w[:PHRASE_START] for w in words], len(words[0])))
    for phrase, *_ in lines:
        start = phrase[:PHRASE_START]
        longest[start] = max(longest.get(start, 0), len(phrase))
    return _Readings(
        tuple([None if written == NONE else read[written] for written in characters.split()]),
        {phrase: tuple(tuple(s.split(",")) for s in said) for phrase, *said in lines},
        frozenset([word for words in phrases for word in words]),
        longest,
        f" {own} {plain}".replace("\n", " "),
    )


def readings_by_piece(text: str, other: Callable[[str], str]) -> list[Reading] | None:
    """What each Chinese character may be read as, and what ``other`` makes of each run of others (left
    out where that is nothing); None where pypinyin must be asked."""
    if _OTHER_HAN.search(text):
        return None
    found: list[Reading] = []
    for at, run in enumerate(_RUNS.split(text)):
        if at % 2 == 0:
            said = other(run) if run else ""
            found += [(said,)] if said else []
        else:
            for phrase in _phrases(run):
                for reading in _read(phrase):
                    if reading is None:
                        return None
                    found.append(reading)
    return found


def _read(phrase: str) -> tuple[Reading | None, ...]:
    readings = _readings()
    if (own := readings.own.get(phrase)) is not None:
        return own
    each = [readings.characters[ord(c) - FIRST] for c in phrase]
    # Within a phrase a character is read in the usual way only.
    return tuple(each) if len(each) == 1 else tuple(None if r is None else r[:1] for r in each)


def _phrases(run: str) -> list[str]:
    """A run of characters cut as pypinyin does: at each place the longest phrase, else one character.

    It looks for no further phrase where all that is left is the beginning of one.
    """
    readings = _readings()
    found: list[str] = []
    at = 0
    while at < len(run):
        longest = readings.longest.get(run[at : at + PHRASE_START], 0)
        for size in range(min(longest, len(run) - at), 1, -1):
            word = run[at : at + size]
            if word in readings.plain or word in readings.own:
                found.append(word)
                at += size
                break
        else:
            if PHRASE_START < len(run) - at < longest and f" {run[at:]}" in readings.written:
                return [*found, *run[at:]]
            found.append(run[at])
            at += 1
    return found
