"""The time words of a language, read from its word lists ``times`` and ``calendar``."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.languages import load_topic

_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９")}
# آ stays: without it آب (August) would be أب (father).
_LETTERS = {
    ord("أ"): "ا",
    ord("إ"): "ا",
    ord("ٱ"): "ا",
    ord("ى"): "ي",
    ord("ة"): "ه",
    ord("\u00a0"): " ",
    ord("\u202f"): " ",
}
_DROPPED = frozenset("\u0640\u200c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\ufeff") | {
    chr(c) for c in range(0x64B, 0x653)
}

_UNLIKE = re.compile("[" + re.escape("".join((*map(chr, (*_DIGITS, *_LETTERS)), *sorted(_DROPPED)))) + "]")


def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Text for matching, and for each of its characters (and its end) the place in the original.

    ASCII digits; Arabic without vowel signs, hamza on alef, ta marbuta and dotless ya.
    """
    if not _UNLIKE.search(text):
        return text, tuple(range(len(text) + 1))
    kept = [(i, c) for i, c in enumerate(text) if c not in _DROPPED]
    folded = "".join(c for _, c in kept).translate(_DIGITS).translate(_LETTERS)
    return folded, (*(i for i, _ in kept), len(text))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Forms of each kind of time word with their values."""

    language: str
    kinds: dict[str, dict[str, str | int]]

    def any(self, kind: str) -> str:
        """A pattern for every form of a kind, the longest first."""
        return alternatives(self.kinds.get(kind, {}))

    def value(self, kind: str, form: str | None) -> str | int | None:
        """What a form of a kind stands for, or None."""
        return None if form is None else self.kinds.get(kind, {}).get(_key(form))

    def number(self, kind: str, form: str | None) -> int | None:
        """What a form of a kind stands for, where that is a number."""
        found = self.value(kind, form)
        return found if isinstance(found, int) else None

    def word(self, kind: str, form: str | None) -> str | None:
        """What a form of a kind stands for, where that is a word."""
        found = self.value(kind, form)
        return found if isinstance(found, str) else None


def alternatives(forms: Iterable[str]) -> str:
    """Forms as one pattern, the longest first."""
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    return "(?:" + "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in ordered) + ")" if ordered else r"(?!)"


def _key(form: str) -> str:
    return re.sub(r"\s+", " ", fold(form)[0].strip().lower())


@functools.cache
def vocabulary(language: str) -> Vocabulary:
    """The time words of a language: those of ``times.toml`` by kind, and the months and weekdays of
    ``calendar.toml`` (Hijri months as kind ``hijri_month``)."""
    kinds: dict[str, dict[str, str | int]] = {}
    for entry in load_topic(language, "times")["word"]:
        table = kinds.setdefault(entry["kind"], {})
        for form in entry.get("forms", ()):
            table[_key(form)] = entry.get("value", form)
        for form, value in entry.get("values", {}).items():
            table[_key(form)] = value
    months = load_topic(language, "calendar")
    for entry in months.get("month", ()):
        table = kinds.setdefault("hijri_month" if entry["calendar"] == "hijri" else "month", {})
        table.update({_key(form): entry["number"] for form in entry["forms"]})
    for entry in months.get("weekday", ()):
        kinds.setdefault("weekday", {}).update({_key(form): entry["number"] for form in entry["forms"]})
    return Vocabulary(language, kinds)
