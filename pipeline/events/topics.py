"""What an event is about, by the topic words of its sentence."""

from __future__ import annotations

import functools
import re

from pipeline.core.rows import Sentence
from pipeline.languages import load_topic


@functools.cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(entry["pattern"], re.IGNORECASE)) for name, entry in load_topic(language, "topics").items()
    )


@functools.lru_cache(maxsize=256)
def _topic(language: str, text: str) -> str | None:
    counts = [(len(pattern.findall(text)), name) for name, pattern in _patterns(language)]
    most = max((n for n, _ in counts), default=0)
    return next((name for n, name in counts if n == most), None) if most else None


def find_topic(sentence: Sentence) -> str | None:
    """The topic whose words occur most in the sentence, the earlier in the list on a tie; None
    where none occurs or the language has no list."""
    if sentence.language not in ("en", "ar", "zh"):
        return None
    return _topic(sentence.language, sentence.text)
