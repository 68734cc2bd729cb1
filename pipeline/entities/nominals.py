"""Nouns and pronouns that may stand for a party: "the prime minister", الجانبان, 双方, he."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.additions import per_additions
from pipeline.core.rows import Sentence
from pipeline.entities.spans import NameSpan
from pipeline.languages.entries import PartyEntry, bounded, party_entries

_BETWEEN = {
    "en": re.compile(r"\s*,?\s*$"),
    # "الرئيس الأمريكي، جو بايدن": an adjective or two and a comma may stand between.
    "ar": re.compile(r"^[\s،]*(?:[\u0621-\u064a]+[\s،]+){0,2}$"),
    "zh": re.compile(r"^$"),
}


@dataclass(frozen=True, slots=True)
class Nominal:
    """A noun or pronoun for a party, with offsets into the article's text."""

    start: int
    end: int
    entry: PartyEntry
    title_of: NameSpan | None = None


@per_additions
def _finder(language: str) -> Callable[[str], tuple[tuple[int, int, PartyEntry], ...]]:
    """The words for parties in a text, with their offsets; several steps ask for those of a sentence."""
    entries = {
        (form.lower() if language == "en" else form): entry for entry in party_entries(language) for form in entry.forms
    }
    forms = sorted((re.escape(f) for f in entries), key=len, reverse=True)
    pattern = bounded("|".join(forms), language)
    # 他 stands inside 其他 ("other") and 他国 ("other countries").
    if language == "zh":
        pattern = f"(?<!其){pattern}(?!国|人的)"
    compiled = re.compile(pattern, re.IGNORECASE if language == "en" else 0)

    @functools.lru_cache(maxsize=4_096)
    def find(text: str) -> tuple[tuple[int, int, PartyEntry], ...]:
        matches = (
            (m, entries.get(m["hit"].lower() if language == "en" else m["hit"])) for m in compiled.finditer(text)
        )
        return tuple((*m.span("hit"), entry) for m, entry in matches if entry is not None)

    return find


def find_nominals(sentence: Sentence, names: Sequence[NameSpan]) -> Iterator[Nominal]:
    """Find the nouns and pronouns that stand for a party in a sentence.

    A title right before a name ("Prime Minister Keir Starmer", الرئيس بايدن, 总统拜登) belongs to
    the name: it comes with ``title_of`` set and is no mention of its own. A word inside a name
    is passed over.
    """
    if sentence.language not in _BETWEEN:
        return
    for first, last, entry in _finder(sentence.language)(sentence.text):
        start, end = sentence.start + first, sentence.start + last
        if any(n.start < end and start < n.end for n in names):
            continue
        name = _name_after(sentence, end, names) if entry.title else None
        yield Nominal(start, end, entry, name)


def _name_after(sentence: Sentence, end: int, names: Sequence[NameSpan]) -> NameSpan | None:
    for name in names:
        if name.label == "PER" and end <= name.start <= end + 25 and name.end <= sentence.end:
            between = sentence.text[end - sentence.start : name.start - sentence.start]
            return name if _BETWEEN[sentence.language].match(between) else None
    return None
