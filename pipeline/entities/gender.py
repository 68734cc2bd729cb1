"""Whether a person is a woman or a man, as far as given name, title or an article's words tell.

A pronoun never stands for a person of the other gender ("she" after "Donald Trump" is someone
else); where nothing tells, a person fits either.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.core.folding import fold_string
from pipeline.entities.sound_keys import script_of
from pipeline.languages import load_topic

FEMALE, MALE = "f", "m"
TOPIC = "gender"
_LANGUAGE_OF = {"latin": "en", "arabic": "ar", "han": "zh"}
_SEPARATORS = re.compile(r"[\s·•‧・]+")
_BEFORE = 24


@dataclass(frozen=True, slots=True)
class _Words:
    """One language's words that tell: given names, titles, pronouns."""

    names: dict[str, str]
    titles: dict[str, str]
    pronouns: dict[str, str]
    endings: frozenset[str]


@functools.cache
def _words(language: str) -> _Words:
    topic = load_topic(language, TOPIC)

    def both(kind: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for gender, key in ((FEMALE, f"female_{kind}"), (MALE, f"male_{kind}")):
            value = topic[key]
            for word in value.split() if isinstance(value, str) else value:
                found[fold_string(word)] = gender
        return found

    return _Words(both("names"), both("titles"), both("pronouns"), frozenset(topic.get("female_endings", "")))


def pronoun_gender(written: str, language: str) -> str | None:
    """The gender of a third-person pronoun, or None."""
    return _words(language).pronouns.get(fold_string(written))


def name_gender(name: str) -> str | None:
    """The gender that a full name tells by its given name; None for a bare surname.

    In Chinese a transcribed given name, or the last character of a name of two or more.
    """
    script = script_of(name)
    words = _words(_LANGUAGE_OF[script])
    parts = [p for p in _SEPARATORS.split(fold_string(name)) if p]
    if len(parts) > 1:
        if found := words.names.get(parts[0]):
            return found
        if "-" in parts[0] and (found := words.names.get(parts[0].split("-")[0])):
            return found
        return FEMALE if script == "han" and parts[0][-1] in words.endings else None
    if script == "han" and len(name) == 3:
        return FEMALE if name[-1] in words.endings else None
    return None


def title_gender(text: str, start: int, language: str) -> str | None:
    """The gender that the words right before a name tell: "Mrs", الوزيرة, or after it: 女士."""
    words = _words(language)
    line = text.rfind("\n", 0, start) + 1
    before = fold_string(text[max(line, start - _BEFORE) : start])
    if language == "zh":
        return next((g for t, g in words.titles.items() if before.endswith(t)), None)
    last = before.split()[-2:]
    for word in reversed(last):
        if found := words.titles.get(word.strip(",،")):
            return found
        # Titles of women end in the feminine ة, folded to ه; nationality words between agree with them.
        if language == "ar" and len(word) > 4 and word.startswith("ال") and word.endswith("ه"):
            return FEMALE
    return None


def following_gender(text: str, end: int, language: str) -> str | None:
    """The gender that a title behind a Chinese name tells (沃伦女士)."""
    if language != "zh":
        return None
    after = fold_string(text[end : end + 4])
    return next((g for t, g in _words("zh").titles.items() if after.startswith(t)), None)


def agreed(genders: Iterable[str | None]) -> str | None:
    """What the evidence says where it does not contradict itself."""
    found = {g for g in genders if g is not None}
    return found.pop() if len(found) == 1 else None
