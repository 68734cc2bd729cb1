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


@functools.lru_cache(maxsize=4096)
def is_verb(trigger: str, language: str) -> bool:
    """Whether the trigger is a verb by the word lists; a word that is a noun too ("talks") is none."""
    found = {e.pos for e in trigger_entries(language) if e.type != "statement" and e.pattern.fullmatch(trigger)}
    return "verb" in found and "noun" not in found
