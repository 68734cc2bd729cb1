"""Whether a trigger tells of a journey to someone, not of a meeting there: they are two stories."""

from __future__ import annotations

import functools
import re

from pipeline.languages import load_topic


@functools.cache
def _pattern(language: str) -> re.Pattern[str] | None:
    pattern = load_topic(language, "modes").get("meeting", {}).get("visit")
    return None if pattern is None else re.compile(pattern, re.IGNORECASE)


@functools.lru_cache(maxsize=4096)
def is_visit(trigger: str, language: str) -> bool:
    """Whether the trigger is a word of the visit mode: "visited", زيارة, 访问."""
    pattern = _pattern(language)
    return pattern is not None and pattern.search(trigger) is not None
