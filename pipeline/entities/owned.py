"""What a person has that speaks for them: "Rais's office", 她的办公室, مكتب رويز are parties of their own."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from pipeline.languages import load_topic

_ENGLISH_OWNER = r"(?P<owner>[^\W\d_][\w’'.-]*(?:\s+[\w’'.-]+){0,4}?)['’](?:s\s+|\s+)|(?P<pronoun>his|her|their)\s+"


@dataclass(frozen=True, slots=True)
class Owned:
    """A possession: where its owner stands in the text it was looked for in, the English noun, and
    whether the owner is named there."""

    start: int
    end: int
    noun: str
    named: bool


def find_owned(text: str, language: str) -> Owned | None:
    """The possession that a party's whole span names, or None; offsets into the span's text."""
    nouns = _nouns(language)
    if not nouns:
        return None
    match = _pattern(language).fullmatch(text)
    if match is None:
        return None
    group = "owner" if match["owner"] else "pronoun"
    return Owned(match.start(group), match.end(group), nouns[match["noun"].lower()], group == "owner")


def owned_end(text: str, end: int) -> int:
    """Where an English span ends that a possession follows ("Rais's" of "Rais's office"); else ``end``."""
    pattern = rf"(?:(?<=['’]s)|(?<=s['’])|['’]s?)\s+(?:{_forms('en')})\b"
    match = re.compile(pattern, re.IGNORECASE).match(text, end)
    return end if match is None else match.end()


@functools.cache
def _nouns(language: str) -> dict[str, str]:
    entries = load_topic(language, "parties").get("owned", ())
    return {form: str(entry["noun"]) for entry in entries for form in entry["forms"]}


@functools.cache
def _forms(language: str) -> str:
    return "|".join(map(re.escape, sorted(_nouns(language), key=len, reverse=True)))


@functools.cache
def _pattern(language: str) -> re.Pattern[str]:
    noun = f"(?P<noun>{_forms(language)})"
    if language == "en":
        return re.compile(rf"(?:{_ENGLISH_OWNER}){noun}", re.IGNORECASE)
    if language == "zh":
        return re.compile(rf"(?:(?P<pronoun>[他她])|(?P<owner>[\w·•・]{{2,}}?))的?{noun}")
    return re.compile(rf"{noun}\s+(?P<owner>\S+(?:\s+\S+){{0,3}})(?P<pronoun>(?!))?")
