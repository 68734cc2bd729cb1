"""Folding text for matching, with the way back to the raw offsets.

The text itself is never changed: a match in the folded string is mapped to a span of the raw one.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

_ARABIC_DROP = frozenset(
    [chr(c) for c in range(0x064B, 0x0660)] + ["\u0670", "\u0640", "\u200f", "\u200e", "\u200c", "\u200d"]
)
_ARABIC_MAP = {
    "آ": "ا", "أ": "ا", "إ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ؤ": "و", "ئ": "ي", "ة": "ه",
}  # fmt: skip
_PUNCTUATION = {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-",
                "\u00a0": " ", "•": "·", "‧": "·", "・": "·", "．": "·"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded string; ``starts[i]`` is the raw offset of folded character ``i``, and one more
    entry gives the raw length."""

    text: str
    starts: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span of a folded one, without marks that follow its last letter."""
        return self.starts[start], self.starts[end - 1] + 1 if end > start else self.starts[start]


def fold(text: str) -> Folded:
    """Fold case, accents, Arabic spelling variants and typographic punctuation.

    Arabic vowel marks and tatweel vanish; every other character becomes exactly one, so that a
    span maps back letter by letter.
    """
    if text.isascii():
        return Folded(text.lower(), tuple(range(len(text) + 1)))
    out: list[str] = []
    starts: list[int] = []
    for at, char in enumerate(text):
        if char in _ARABIC_DROP:
            continue
        out.append(fold_char(char))
        starts.append(at)
    starts.append(len(text))
    return Folded("".join(out), tuple(starts))


@functools.cache
def fold_char(char: str) -> str:
    """Fold one character to exactly one."""
    if char.isascii():
        return char.lower()
    mapped = _ARABIC_MAP.get(char) or _PUNCTUATION.get(char)
    if mapped:
        return mapped
    if "\u4e00" <= char <= "\u9fff" or "\u0600" <= char <= "\u06ff":
        return char
    base = unicodedata.normalize("NFKD", char)[:1] or char
    folded = base.lower()
    return folded if len(folded) == 1 else char


class _Letters(dict[int, str]):
    """What each letter is folded to, filled as letters are met: a table for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = "" if char in _ARABIC_DROP else fold_char(char)
        return self[code]


_LETTERS = _Letters()


@functools.lru_cache(maxsize=65_536)
def fold_string(text: str) -> str:
    """Fold a name for comparison; see ``fold``."""
    return text.lower() if text.isascii() else text.translate(_LETTERS)
