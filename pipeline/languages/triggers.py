"""Trigger words in a sentence, by the word lists ``triggers``.

The names engine asks for them as hints to the model, the events stage as events of its own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.core.additions import per_additions
from pipeline.core.literals import Screen
from pipeline.core.rows import Sentence
from pipeline.languages.entries import TriggerEntry, trigger_entries


@dataclass(frozen=True, slots=True)
class Hit:
    """A trigger word in a sentence; offsets into the sentence's text."""

    entry: TriggerEntry
    start: int
    end: int


def find_triggers(sentence: Sentence) -> list[Hit]:
    """Trigger words of a sentence, left to right; the longest wins where two overlap."""
    kept = _finder(sentence.language)(sentence.text)
    return [h for n, h in enumerate(kept) if not _repeats(sentence, h, kept[:n])]


@per_additions
def _finder(language: str) -> Callable[[str], tuple[Hit, ...]]:
    """The trigger words of a text; both stages that ask come upon the same sentences."""
    likely = Screen((e.pattern, e) for e in trigger_entries(language))

    @functools.lru_cache(maxsize=16_384)
    def find(text: str) -> tuple[Hit, ...]:
        hits = [Hit(e, m.start("hit"), m.end("hit")) for e in likely(text) for m in e.pattern.finditer(text)]
        hits.sort(key=lambda h: h.start - h.end)
        kept: list[Hit] = []
        for hit in hits:
            if all(hit.end <= k.start or hit.start >= k.end for k in kept):
                kept.append(hit)
        kept.sort(key=lambda h: h.start)
        return tuple(kept)

    return find


def _repeats(sentence: Sentence, hit: Hit, before: Sequence[Hit]) -> bool:
    """Whether a word of saying only carries on the one before it in the same clause.

    أفادت الشركة قائلة reports once, by its first verb, and 据X说 by its preposition.
    """
    if hit.entry.type != "statement" or sentence.language not in ("ar", "zh"):
        return False
    if sentence.language == "ar" and not sentence.text.startswith("قائل", hit.start):
        return False
    for other in before:
        if other.entry.type != "statement":
            continue
        gap = sentence.text[other.end : hit.start]
        if sentence.language == "zh":
            if other.entry.pos == "preposition" and not re.search(r"[，。；：？！]", gap):
                return True
        elif not re.search(r"[،؛:.؟\"«»]", gap):
            return True
    return False
