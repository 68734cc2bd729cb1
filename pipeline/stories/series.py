"""Which of a series an event is: the number of a round of talks, by word list."""

from __future__ import annotations

import functools
import re

from pipeline.languages import load_topic
from pipeline.languages.entries import bounded

TOPIC = "series"
_REACH = 12


@functools.cache
def _rounds(language: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    flags = re.IGNORECASE if language == "en" else 0
    return tuple(
        (int(entry["number"]), re.compile(bounded(str(entry["pattern"]), language), flags))
        for entry in load_topic(language, TOPIC)["round"]
    )


def find_round(sentence: str, start: int, end: int, language: str) -> int | None:
    """The number of the round that a trigger at ``sentence[start:end]`` is of, or None.

    The number stands within 12 code points of the trigger ("the second round of indirect talks").
    """
    for number, pattern in _rounds(language):
        for match in pattern.finditer(sentence):
            if match.start("hit") <= end + _REACH and match.end("hit") >= start - _REACH:
                return number
    return None
