"""What kind of word a trigger is: whether it tells of a journey to someone, not of a meeting there (they
are two stories), and whether it is a verb, which does not refer back as "the talks" does."""

from __future__ import annotations

import functools
import re

from pipeline.languages import load_topic
from pipeline.languages.entries import trigger_entries


@functools.cache
def _pattern(language: str) -> re.Pattern[str] | None:
    pattern = load_topic(language, "modes").get("meeting", {}).get("visit")
    return None if pattern is None else re.compile(pattern, re.IGNORECASE)


@functools.lru_cache(maxsize=4096)
def is_visit(trigger: str, language: str) -> bool:
    """Whether the trigger is a word of the visit mode: "visited", زيارة, 访问."""
    pattern = _pattern(language)
    return pattern is not None and pattern.search(trigger) is not None


def is_verb(text: str, start: int, end: int, language: str) -> bool:
    """Whether the trigger at ``text[start:end]`` is a verb by the word lists; a word that is a noun too
    ("talks") is none. What follows tells "met with the envoys" from "met the target"."""
    alone = _parts_of_speech(text[start:end], language)
    if alone:
        return "verb" in alone and "noun" not in alone
    for entry in trigger_entries(language):
        if entry.type != "statement" and entry.pos == "verb":
            found = entry.pattern.match(text, start)
            if found is not None and found.end("hit") >= end:
                return True
    return False


@functools.lru_cache(maxsize=4096)
def _parts_of_speech(trigger: str, language: str) -> frozenset[str]:
    return frozenset(e.pos for e in trigger_entries(language) if e.type != "statement" and e.pattern.fullmatch(trigger))
