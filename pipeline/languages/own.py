"""Checks of a user's own word lists, before the first article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.core.additions import active_additions
from pipeline.core.config import ConfigError
from pipeline.languages import own_entries
from pipeline.languages.entries import bounded, read_cue, read_party, read_trigger

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "triggers": ("pattern", "type", "pos"), "parties": ("forms", "kind"), "status": ("pattern", "status"),
}  # fmt: skip
_MAY: Mapping[str, tuple[str, ...]] = {
    "triggers": ("mode", "status", "addressee", "follows", "not_after", "not_right_before", "needs_after"),
    "parties": ("label", "plural", "title", "office"),
    "status": ("side", "window", "types"),
}
_VALUES: Mapping[str, frozenset[str]] = {
    "type": frozenset({"meeting", "call", "statement"}),
    "pos": frozenset({"verb", "participle", "noun", "preposition"}),
    "status": frozenset({"actual", "planned", "cancelled", "negated", "possible"}),
    "kind": frozenset({"nominal", "pronoun"}),
    "label": frozenset({"PER", "ORG", "GPE", "LOC"}),
    "side": frozenset({"before", "after"}),
}


def check_own_words() -> None:
    """Hold the user's entries against the known keys and values, and against their own examples.

    Raises ``ConfigError`` with the file, the entry and what is wrong.
    """
    for file in active_additions().words:
        language, _, topic = file.kind.partition("/")
        for entry in own_entries(language, topic):
            problem = _problem(language, topic, entry)
            if problem:
                raise ConfigError(f"{file.path}: {_name(entry)}: {problem}")


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("pattern") or entry.get("forms") or "an entry without 'pattern' or 'forms'")


def _problem(language: str, topic: str, entry: Mapping[str, Any]) -> str | None:
    lacking = [key for key in _NEEDS[topic] if key not in entry]
    if lacking:
        return f"lacks {', '.join(lacking)}"
    unknown = sorted(set(entry) - {*_NEEDS[topic], *_MAY[topic], "match", "not", "own"})
    if unknown:
        return f"has the unknown key {unknown[0]}; known are {', '.join(_NEEDS[topic] + _MAY[topic])}, match, not"
    for key, values in _VALUES.items():
        if key in entry and entry[key] not in values:
            return f"{key} is {entry[key]!r}; it must be one of {', '.join(sorted(values))}"
    try:
        pattern, match, no_match = _pattern(language, topic, entry)
    except (re.error, ValueError, TypeError) as error:
        return f"cannot be used: {error}"
    for example in match:
        found = [m.span("hit") for m in pattern.finditer(example.replace("⟦", "").replace("⟧", ""))]
        if "⟦" in example and (example.index("⟦"), example.index("⟧") - 1) not in found:
            return f"does not match what stands between ⟦ and ⟧ in its example: {example}"
        if not found:
            return f"does not match its example: {example}"
    wrong = next((example for example in no_match if pattern.search(example)), None)
    return None if wrong is None else f"matches what it must not: {wrong}"


def _pattern(
    language: str, topic: str, entry: Mapping[str, Any]
) -> tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]]:
    if topic == "parties":
        party = read_party(entry)
        forms = "|".join(sorted(map(re.escape, party.forms), key=len, reverse=True))
        return re.compile(bounded(forms, language), re.IGNORECASE), party.match, party.no_match
    read = read_trigger(language, entry) if topic == "triggers" else read_cue(language, entry)
    return read.pattern, read.match, read.no_match


__all__ = ["check_own_words"]
