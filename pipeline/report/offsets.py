"""Offsets for a browser: code points of Python become the UTF-16 units of JavaScript."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Utf16:
    """Turns code-point offsets into one text into UTF-16 offsets.

    A character beyond U+FFFF (an emoji, a rare Chinese surname) is one code point and two UTF-16
    units, so that every later span would slip by one.
    """

    wide: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Utf16:
        """Note where ``text`` has characters beyond U+FFFF."""
        return cls(() if text.isascii() else tuple(i for i, c in enumerate(text) if c > "\uffff"))

    def __call__(self, offset: int) -> int:
        """Map an offset in code points to one in UTF-16 units."""
        return offset + bisect_left(self.wide, offset)
