"""Whom a pronoun or description stands for, within one article.

A description is tried as an office ("the Israeli prime minister"), then as a title that the
article gave to a name, then by nearness. Plurals ("the two leaders", الجانبان, 双方) take the
parties named before. Where nothing fits, the mention stays open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.core.folding import fold_string
from pipeline.core.rows import Sentence
from pipeline.entities.lexicon import Known, Lexicon
from pipeline.entities.linking import Resolved
from pipeline.entities.nominals import Nominal
from pipeline.languages.entries import PartyEntry

_REACH = 700
_WORD = re.compile(r"\w+")
_EN_SPEAKER_PRONOUNS = frozenset({"i", "we", "my", "our", "us", "me", "you", "your"})


@dataclass(frozen=True, slots=True)
class Named:
    """A name mention with its entity."""

    start: int
    end: int
    label: str
    resolved: Resolved


class ArticleReferences:
    """Resolves the nouns and pronouns of one article, in text order."""

    def __init__(
        self, lexicon: Lexicon, text: str, named: Sequence[Named], nominals: Sequence[Nominal], day: date | None
    ) -> None:
        self.lexicon, self.text, self.day = lexicon, text, day
        self.named = sorted(named, key=lambda n: n.start)
        self.titles: list[tuple[PartyEntry, Resolved, frozenset[str]]] = []
        by_start = {n.start: n for n in self.named}
        for nominal in nominals:
            if nominal.title_of is not None and (name := by_start.get(nominal.title_of.start)):
                self.titles.append((nominal.entry, name.resolved, self._countries_near(nominal, name.end)))

    def resolve(self, nominal: Nominal, sentence: Sentence) -> tuple[Resolved, ...]:
        """The entities of a noun or pronoun; none where it stays open."""
        if nominal.entry.plural:
            return self._plural(nominal)
        if nominal.entry.kind == "pronoun":
            if self.text[nominal.start : nominal.end].lower() in _EN_SPEAKER_PRONOUNS:
                return ()
            found = self._nearest(nominal, sentence, frozenset({nominal.entry.label}))
            return () if found is None else (found,)
        if nominal.entry.label != "PER":
            return ()
        found = self._by_office(nominal) or self._by_title(nominal)
        return () if found is None else (found,)

    def _countries_near(self, nominal: Nominal, end: int | None = None) -> frozenset[str]:
        """ISO codes of nationality words and country names that touch a description."""
        around = self.text[max(0, nominal.start - 25) : nominal.start] + " " + self.text[nominal.end : (end or nominal.end + 22)]
        words = [fold_string(w) for w in _WORD.findall(around)]
        found = {self.lexicon.demonyms[w] for w in words if w in self.lexicon.demonyms}
        before = fold_string(self.text[max(0, nominal.start - 8) : nominal.start])
        for size in range(1, 7):
            for known in self.lexicon.named(before[-size:]) if len(before) >= size else ():
                if known.kind == "country" and known.country:
                    found.add(known.country)
        return frozenset(found)

    def _by_office(self, nominal: Nominal) -> Resolved | None:
        """The holder of an office on the article's day, where country and office say who."""
        countries = self._countries_near(nominal)
        if len(countries) != 1:
            return None
        (country,) = countries
        if nominal.entry.office is None:
            return None
        return _one(self.lexicon.holders(country, nominal.entry.office, self.day))

    def _by_title(self, nominal: Nominal) -> Resolved | None:
        """The last person whom the article gave this title before the description."""
        countries = self._countries_near(nominal)
        fits = [
            resolved for entry, resolved, theirs in self.titles
            if entry == nominal.entry and (not countries or not theirs or countries & theirs)
        ]  # fmt: skip
        distinct = {r.entity_id: r for r in fits}
        return next(iter(distinct.values())) if len(distinct) == 1 else None

    def _nearest(self, nominal: Nominal, sentence: Sentence, labels: frozenset[str]) -> Resolved | None:
        """The person who stands first in the nearest sentence before, else before in this one.

        First mention of the sentence before is the subject more often than not (Hobbs 1978; the
        backward-looking centre of Grosz, Joshi and Weinstein 1995).
        """
        same = [n for n in self.named if n.label in labels and sentence.start <= n.start < nominal.start]
        if same:
            return same[0].resolved
        before = [n for n in self.named if n.label in labels and nominal.start - _REACH < n.start < sentence.start]
        if not before:
            return None
        last_line = self.text.rfind("\n", 0, before[-1].start)
        tail = [n for n in before if n.start > last_line]
        return (tail or before)[0 if len(tail) <= 2 else -1].resolved

    def _plural(self, nominal: Nominal) -> tuple[Resolved, ...]:
        """The two parties named last before the plural, people first."""
        before = [n for n in self.named if nominal.start - _REACH < n.start < nominal.start]
        wanted = ("PER",) if nominal.entry.label == "PER" else ("PER", "GPE", "ORG")
        seen: dict[str, Resolved] = {}
        for name in reversed(before):
            if name.label in wanted and name.resolved.entity_id not in seen:
                seen[name.resolved.entity_id] = name.resolved
                if len(seen) == 2:
                    return tuple(reversed(seen.values()))
        return ()


def _one(candidates: Sequence[Known]) -> Resolved | None:
    if len({c.entity_id for c in candidates}) != 1:
        return None
    known = candidates[0]
    return Resolved(known.entity_id, known.name_en, known.label)
