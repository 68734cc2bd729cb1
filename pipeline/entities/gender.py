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
_TITLE_WORDS = 6


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
    if language == "ar":
        return _arabic_title(text[line:start])
    last = before.split()[-2:]
    return next((found for word in reversed(last) if (found := words.titles.get(word.strip(",")))), None)


def _arabic_title(before: str) -> str | None:
    """The gender of the noun that heads an Arabic title: وزيرة الخارجية is a woman, المتحدث باسم الوزارة a man.

    The nouns behind the head and the nationality words tell nothing: الخارجية and الطاقة end in ة, too.
    """
    heads = _arabic_heads()
    for word in reversed(re.split(r"[\s\"«»]+", before.strip())[-_TITLE_WORDS:]):
        if word.endswith((".", ":", "؛")):
            return None
        for joined in ("", "و", "ل", "ب", "ف"):
            if word.startswith(joined) and (found := heads.get(fold_string(word[len(joined) :].strip("،")))):
                return found
    return None


@functools.cache
def _arabic_heads() -> dict[str, str]:
    """First words of the Arabic titles with their gender: those of women end in ة."""
    from pipeline.languages.entries import party_entries

    found: dict[str, str] = {}
    for entry in party_entries("ar"):
        for form in entry.forms if entry.title and not entry.plural and entry.label == "PER" else ():
            head = form.split()[0]
            found[fold_string(head)] = FEMALE if head.endswith(("ة", "ته", "تها")) else MALE
    return found | _words("ar").titles


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
