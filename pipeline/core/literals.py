"""Which of many patterns can match a text at all, by the plain strings that each of them needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Strings = frozenset[str]
# A pattern that would need more strings than these is tried on every text.
_MOST = 512
_NOTHING: Strings = frozenset({""})
# Letters that `re.IGNORECASE` takes for i and s, though `str.lower` does not.
_ODD_CASE = re.compile("[\u0130\u0131\u017f]")


class Screen(Generic[T]):
    """Patterns with something that belongs to each; a call gives those that may match a text.

    Python's `re` walks a text once for every pattern. Most trigger words and time expressions are in
    few sentences, and a search for a plain string costs a fiftieth of a pattern's walk. What is left
    out cannot match; what is given may or may not.
    """

    def __init__(self, patterns: Iterable[tuple[re.Pattern[str], T]]) -> None:
        self._items: list[T] = []
        self._always: list[int] = []
        self._by_string: dict[str, list[int]] = {}
        for n, (pattern, item) in enumerate(patterns):
            self._items.append(item)
            needed = needed_strings(pattern)
            if needed is None:
                self._always.append(n)
            for string in sorted(needed or ()):
                self._by_string.setdefault(string, []).append(n)

    def __call__(self, text: str) -> Sequence[T]:
        """Return what belongs to the patterns that may match, in the order given at first."""
        if _ODD_CASE.search(text):
            return self._items
        lower = text.lower()
        found = set(self._always)
        for string, at in self._by_string.items():
            if string in lower:
                found.update(at)
        return [self._items[n] for n in sorted(found)]


def needed_strings(pattern: re.Pattern[str]) -> Strings | None:
    """Return lower-case strings of which every text that `pattern` matches has one; None for no such."""
    found = _needed(_parser.parse(pattern.pattern, pattern.flags), bool(pattern.flags & re.IGNORECASE))
    kept: list[str] = []
    for string in sorted(found or (), key=lambda s: (len(s), s)):
        if not any(shorter in string for shorter in kept):
            kept.append(string)
    return frozenset(kept) if kept else None


def _needed(sequence: Iterable[tuple[Any, Any]], ignore: bool) -> Strings | None:
    """The best set of strings that any stretch of the sequence must spell, or one of its parts needs."""
    best: Strings | None = None
    run = _NOTHING
    for code, value in sequence:
        spelled = _spelled(code, value, ignore)
        grown = None if spelled is None else _joined(run, spelled)
        if grown is not None:
            run = grown
            continue
        best = _better(best, run)
        run = _NOTHING if spelled is None else spelled
        if spelled is None:
            best = _better(best, _inside(code, value, ignore))
    return _better(best, run)


def _better(one: Strings | None, other: Strings | None) -> Strings | None:
    """The set whose shortest string is longer; one with an empty string asks for nothing."""
    if other is None or "" in other or len(other) > _MOST:
        return one
    return other if one is None or min(map(len, other)) > min(map(len, one)) else one


def _joined(heads: Strings, tails: Strings) -> Strings | None:
    if len(heads) * len(tails) > _MOST:
        return None
    return frozenset(head + tail for head in heads for tail in tails)


def _spelled(code: Any, value: Any, ignore: bool) -> Strings | None:
    """Every string that a node of a parsed pattern can stand for, in lower case; None for too many."""
    if code is op.LITERAL:
        character = chr(value)
        # Beyond ASCII, what counts as one letter in two cases differs between `re` and `str.lower`.
        return None if ignore and not character.isascii() and character.lower() != character.upper() else frozenset(
            {character.lower()}
        )  # fmt: skip
    if code in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return _NOTHING
    if code is op.IN:
        kinds = {kind for kind, _ in value}
        if kinds != {op.LITERAL}:
            return None
        return _union(_spelled(kind, character, ignore) for kind, character in value)
    if code is op.BRANCH:
        return _union(_sequence(branch, ignore) for branch in value[1])
    if code is op.SUBPATTERN:
        _, added, removed, inner = value
        return _sequence(inner, (ignore or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and value[1] == 1:
        once = _sequence(value[2], ignore)
        return once if once is None or value[0] == 1 else once | _NOTHING
    return None


def _sequence(sequence: Iterable[tuple[Any, Any]], ignore: bool) -> Strings | None:
    run: Strings | None = _NOTHING
    for code, value in sequence:
        spelled = _spelled(code, value, ignore)
        run = None if spelled is None or run is None else _joined(run, spelled)
        if run is None:
            return None
    return run


def _union(parts: Iterable[Strings | None]) -> Strings | None:
    total: Strings = frozenset()
    for part in parts:
        if part is None:
            return None
        total |= part
    return total if len(total) <= _MOST else None


def _inside(code: Any, value: Any, ignore: bool) -> Strings | None:
    """What a node needs that can stand for too many strings."""
    if code is op.SUBPATTERN:
        _, added, removed, inner = value
        return _needed(inner, (ignore or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE)
    if code is op.BRANCH:
        return _union(_needed(branch, ignore) for branch in value[1])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] >= 1:
        return _needed(value[2], ignore)
    return None
