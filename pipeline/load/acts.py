"""What kind of statement a trigger makes: praise, thanks, warning, accusation, demand ..."""

from __future__ import annotations

import functools
import re

import pandas as pd

from pipeline.languages import LANGUAGES, load_topic

ACTS = (
    "praise", "thanks", "apology", "promise", "warning", "accusation", "criticism", "demand", "denial", "other",
)  # fmt: skip
"""Of ``pipeline/languages/*/acts.toml``; ``other`` for neutral words of saying."""

# In Arabic "and", "so", the future and the letters of the present tense are written to the verb.
_BEFORE = {"en": "", "ar": "[وف]?س?[يتن]?", "zh": ""}


def acts(events: pd.DataFrame) -> pd.Series[str]:
    """Give the act of each statement by its trigger's word list; null for meetings and calls.

    A categorical over ``ACTS`` with the index of ``events``, which must have the columns ``type``,
    ``trigger`` and ``language``. It is the verb that the reporter chose, not a measure of mood;
    "declined to comment" and other statements not made (``status`` negated) keep their verb's act.
    """
    words = zip(events.type, events.trigger, events.language, strict=True)
    found = [find_act(trigger, language) if kind == "statement" else None for kind, trigger, language in words]
    return pd.Series(pd.Categorical(found, categories=list(ACTS)), index=events.index, name="act")


@functools.lru_cache(maxsize=65536)
def find_act(trigger: str, language: str) -> str:
    """The act of one trigger; ``other`` where no list has it."""
    if language in LANGUAGES:
        for act, pattern in _patterns(language):
            if pattern.match(trigger):
                return act
    return "other"


@functools.cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (act, re.compile(f"{_BEFORE[language]}(?:{entry['pattern']})", re.IGNORECASE))
        for act, entry in load_topic(language, "acts").items()
    )
