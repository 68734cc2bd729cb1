"""Phrases of a clause's grammar that tell whose party a name is: the topic ``phrases`` of each language.

An entry has ``words``, any of which fits, or a ``pattern``; ``whole`` where it must be all of the stretch
of text that is held against it, as between a name and a verb. ``match`` and ``not`` are such stretches.
"""

from __future__ import annotations

import functools
import re

from pipeline.languages import LANGUAGES, load_topic

TOPIC = "phrases"


@functools.cache
def phrase(language: str, name: str) -> re.Pattern[str]:
    """Compile a phrase of a language; raises ``KeyError`` where its list has none of that name."""
    return re.compile(_pattern(language, name))


@functools.cache
def phrase_anywhere(name: str) -> re.Pattern[str]:
    """Compile a phrase as all languages have it, for words whose language does not matter."""
    patterns = [_pattern(language, name) for language in LANGUAGES if name in load_topic(language, TOPIC)]
    return re.compile("|".join(patterns))


def _pattern(language: str, name: str) -> str:
    entry = load_topic(language, TOPIC)[name]
    return "|".join(map(re.escape, entry["words"])) if "words" in entry else str(entry["pattern"])
