"""Words of grammar: those that tell whose party a name is (the topic ``phrases`` of each language), and
those that tell whom a pronoun or description means (``references``, which the stage of names reads, too).

An entry has ``words``, any of which fits, or a ``pattern``; ``whole`` where it must be all of the stretch
of text that is held against it, as between a name and a verb. ``match`` and ``not`` are such stretches.
"""

from __future__ import annotations

import functools
import re

from pipeline.languages import LANGUAGES, load_topic

PHRASES, REFERENCES = "phrases", "references"


@functools.cache
def phrase(language: str, name: str) -> re.Pattern[str]:
    """Compile a phrase of a language; raises ``KeyError`` where its list has none of that name."""
    return re.compile(_pattern(language, PHRASES, name))


@functools.cache
def phrase_anywhere(name: str) -> re.Pattern[str]:
    """Compile a phrase as all languages have it, for words whose language does not matter."""
    return _anywhere(PHRASES, name)


@functools.cache
def reference(language: str, name: str) -> re.Pattern[str]:
    """Compile words of reference of a language; raises ``KeyError`` where its list has none of that name."""
    return re.compile(_pattern(language, REFERENCES, name))


@functools.cache
def reference_anywhere(name: str) -> re.Pattern[str]:
    """Compile words of reference as all languages have them."""
    return _anywhere(REFERENCES, name)


def _anywhere(topic: str, name: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(_pattern(language, topic, name) for language in LANGUAGES if name in load_topic(language, topic))
    )


def _pattern(language: str, topic: str, name: str) -> str:
    entry = load_topic(language, topic)[name]
    return "|".join(map(re.escape, entry["words"])) if "words" in entry else str(entry["pattern"])
