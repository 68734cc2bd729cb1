"""The country of people that no table has, by the office that stands beside their name.

"Tunisian Transport Minister Salma Ben Youssef", وزيرة النقل التونسية سلمى بن يوسف,
突尼斯交通部长萨勒玛: a word for a country and one for an office, with no other name between. What most
mentions of a person say holds; it lets "the two countries' ministers" be the two that are named.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from pipeline.core.folding import fold_string
from pipeline.languages import LANGUAGES, load_topic
from pipeline.languages.entries import party_entries

_BEFORE = {"en": 60, "ar": 45, "zh": 14}
_AFTER = {"en": 50, "ar": 50, "zh": 0}
_STOP = re.compile(r"[.;:!?؛؟。；：！？\n\"“”«»「」]")
_WORDS = re.compile(r"\w+(?:['’]s\b)?")
_MOST_WORDS = 7
_CLITICS = ("وال", "لل", "ال", "و")
_LONGEST_HAN = 8


@cache
def _offices(language: str) -> frozenset[str]:
    forms = (f for e in party_entries(language) if e.title for f in e.forms)
    return frozenset(fold_string(f) for f in (*forms, *load_topic(language, "references")["bare_office"]["words"]))


class Nationalities:
    """Collects what the words beside names say; ``country`` gives the ISO code of a folded word for a
    country or its people, or None."""

    def __init__(self, country: Callable[[str], str | None]) -> None:
        self._country = country
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, entity_id: str, sentence: str, start: int, end: int, language: str, others: Iterable[int]) -> None:
        """Look at the words around a person's name at ``sentence[start:end]``; ``others`` are the
        ends and starts of other people's names, which cut the view."""
        if language not in LANGUAGES:
            return
        cuts = sorted(others)
        low = max([start - _BEFORE[language], 0, *(c for c in cuts if c <= start)])
        high = min([end + _AFTER[language], len(sentence), *(c for c in cuts if c >= end)])
        before = _STOP.split(sentence[low:start])[-1]
        after = _STOP.split(sentence[end:high])[0]
        found = self._read(before, language)
        if found is None and after.lstrip().startswith((",", "،")):
            found = self._read(after, language)
        if found is not None:
            self._votes[entity_id][found] += 1

    def _read(self, text: str, language: str) -> str | None:
        """The one country of a phrase that also names an office."""
        if language == "zh":
            return self._read_han(text)
        words = [fold_string(w.removesuffix("'s").removesuffix("’s")) for w in _WORDS.findall(text)][-_MOST_WORDS:]
        if language == "ar":
            words = [w for word in words for w in _bare(word)]
        phrases = [" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)]
        if not any(p in _offices(language) for p in phrases):
            return None
        codes = {code for p in phrases if (code := self._country(p)) is not None}
        return next(iter(codes)) if len(codes) == 1 else None

    def _read_han(self, text: str) -> str | None:
        if not any(o in text for o in _offices("zh")):
            return None
        codes: set[str] = set()
        at = 0
        while at < len(text):
            for size in range(min(_LONGEST_HAN, len(text) - at), 1, -1):
                code = self._country(fold_string(text[at : at + size]))
                if code is not None:
                    codes.add(code)
                    at += size
                    break
            else:
                at += 1
        return next(iter(codes)) if len(codes) == 1 else None

    def votes(self) -> Iterator[tuple[str, str, int]]:
        """How often the words beside each person's name said a country."""
        for entity_id, counts in self._votes.items():
            for country, count in counts.items():
                yield entity_id, country, count


def countries(votes: Iterable[tuple[str, str, int]]) -> Mapping[str, str]:
    """Each person's country, where more than half of what was found says so."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entity_id, country, count in votes:
        counts[entity_id][country] += count
    best = {e: min(v, key=lambda c: (-v[c], c)) for e, v in counts.items()}
    return {e: c for e, c in sorted(best.items()) if 2 * counts[e][c] > counts[e].total()}


def _bare(word: str) -> list[str]:
    """An Arabic word as it stands, and without what is joined to it."""
    return [word, *(word.removeprefix(c) for c in _CLITICS if word.startswith(c) and len(word) > len(c) + 2)]
