"""Whom a pronoun or description stands for, within one article.

A description is tried as an office ("the Israeli prime minister"), then by the titles that the
article gives to names, then by nearness. Plurals ("the two leaders", الجانبان, 双方) take the
parties named before. What the events so far tell (who spoke last, who met) comes as ``Context``.
Where nothing fits, the mention stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FIRST_PERSON = frozenset(
    {"i", "we", "my", "our", "us", "me", "you", "your", "我", "我们", "咱们", "نحن", "أنا", "نا", "ي"}
)
_PARTIES = ("PER", "GPE", "ORG")
# Plurals that point back at parties; "officials", "reporters", 专家 do not.
_POINTS_BACK = {
    "en": re.compile(r"(?:two |both |three )?(?:sides|leaders|presidents|premiers|ministers|foreign ministers|prime ministers|"
                     r"heads of state|men|women|counterparts|parties|governments|countries|nations|delegations|teams|"
                     r"capitals|neighbou?rs|allies|pair|duo|they|them|their|theirs)", re.IGNORECASE),
    "ar": re.compile(r"ال[\u0621-\u064a]+(?:ان|ين)|هما|هم|كلاهما|(?:وزيرا|وزيري|رئيسا|رئيسي|زعيما|زعيمي)[\u0621-\u064a ]*"),
    "zh": re.compile(r"[双雙两兩三二].*|他们|她们|他們|她們|彼此"),
}  # fmt: skip
_DEFINITE_BEFORE = {
    "en": re.compile(r"(?:\b(?:the|his|her|their|its|that|this)|['’]s?)(?:\s+[\w-]+){0,2}\s+$", re.IGNORECASE),
    "ar": re.compile(r""),
    "zh": re.compile(r"(?:该|這位|这位|此|这名|这|其)$"),
}
_INDEFINITE_BEFORE = {
    "en": re.compile(
        r"\b(?:an?|another|one|some|any|every|each|former|senior|top)(?:\s+[\w-]+){0,2}\s+$", re.IGNORECASE
    ),
    "ar": re.compile(r"(?:أحد|بعض)\s+$"),
    "zh": re.compile(r"(?:一名|一位|某|多名|数名|有|前)[^，。]{0,6}$"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A name mention with its entity."""

    start: int
    end: int
    label: str
    resolved: Resolved


@dataclass(frozen=True, slots=True)
class Context:
    """What the events before tell: who spoke last, and the parties of the last meeting or call."""

    speaker: Resolved | None = None
    parties: tuple[Resolved, ...] = ()


@dataclass(frozen=True, slots=True)
class _Titled:
    entry: PartyEntry
    resolved: Resolved
    countries: frozenset[str]
    start: int


class ArticleReferences:
    """Resolves the nouns and pronouns of one article."""

    def __init__(
        self, lexicon: Lexicon, text: str, named: Iterable[Named], nominals: Iterable[Nominal], day: date | None
    ) -> None:
        self.lexicon, self.text, self.day = lexicon, text, day
        self.named = sorted(named, key=lambda n: n.start)
        by_start = {n.start: n for n in self.named}
        self.titled = [
            _Titled(nominal.entry, name.resolved, self._countries(nominal.start, nominal.end, name.start), name.start)
            for nominal in nominals
            if nominal.title_of is not None and (name := by_start.get(nominal.title_of.start)) is not None
        ]

    def resolve(self, nominal: Nominal, sentence: Sentence, context: Context | None = None) -> tuple[Resolved, ...]:
        """The entities of a noun or pronoun; none where it stays open."""
        context = context or Context()
        entry = nominal.entry
        if entry.plural:
            return self._plural(nominal, sentence, context)
        if entry.kind == "pronoun":
            found = self._pronoun(nominal.start, sentence, entry.label, context)
        elif entry.label == "PER":
            found = self._described(nominal, sentence)
        else:
            found = None
        return () if found is None else (found,)

    def pronoun(self, start: int, end: int, sentence: Sentence, context: Context) -> tuple[Resolved, ...]:
        """The entities of a pronoun that no list has, such as a joined Arabic one (لقائه, أبلغهم)."""
        written = self.text[start:end]
        if written in ("هما", "هم", "هن"):
            return context.parties or self._last_parties(start, ("PER",))[:2]
        found = self._pronoun(start, sentence, "PER", context)
        return () if found is None else (found,)

    def _pronoun(self, start: int, sentence: Sentence, label: str, context: Context) -> Resolved | None:
        end = next((m.end() for m in _WORD.finditer(self.text, start, start + 8)), start + 1)
        if self.text[start:end].lower() in _FIRST_PERSON or self.text[start : start + 1] == "我":
            return context.speaker
        if label != "PER":
            before = [n for n in self.named if n.label in ("ORG", "GPE") and start - _REACH < n.start < start]
            same = [n for n in before if n.start >= sentence.start]
            return same[0].resolved if same else (before[-1].resolved if before else None)
        same = [n for n in self.named if n.label == "PER" and sentence.start <= n.start < start]
        if same:
            return same[0].resolved
        if context.speaker is not None and context.speaker.label == "PER":
            return context.speaker
        return self._first_of_sentence_before(sentence.start)

    def _first_of_sentence_before(self, start: int) -> Resolved | None:
        """The person who stands first in the nearest line before: the subject more often than not
        (the backward-looking centre of Grosz, Joshi and Weinstein 1995)."""
        before = [n for n in self.named if n.label == "PER" and start - _REACH < n.start < start]
        if not before:
            return None
        line = self.text.rfind("\n", 0, before[-1].start)
        return next(n for n in before if n.start > line).resolved

    def _described(self, nominal: Nominal, sentence: Sentence) -> Resolved | None:
        """The person of a description that is definite: "the envoy", نظيره, 该发言人, or an office."""
        language = sentence.language
        before = self.text[max(sentence.start, nominal.start - 30) : nominal.start]
        if _INDEFINITE_BEFORE[language].search(before):
            return None
        if nominal.entry.office is not None:
            return self._by_office(nominal) or self._by_title(nominal)
        written = self.text[nominal.start : nominal.end]
        definite = (
            written.startswith("ال") or written.endswith(("ه", "ها", "هم"))
            if language == "ar"
            else bool(_DEFINITE_BEFORE[language].search(before))
        )
        return (self._by_title(nominal) or self._last_of_country(nominal)) if definite else None

    def _countries(self, start: int, end: int, after: int | None = None) -> frozenset[str]:
        """ISO codes of nationality words and country names that touch a description."""
        line = self.text.rfind("\n", 0, start) + 1
        left = self.text[max(line, start - 28) : start]
        right = self.text[end : max(end, after) if after is not None else end + 24].split("\n")[0]
        found: set[str] = set()
        if _HAN.search(self.text[start:end]):
            folded = fold_string(left)
            for size in range(min(8, len(folded)), 0, -1):
                if code := self._country(folded[-size:]):
                    return frozenset({code})
            return frozenset()
        for stretch in (left, right):
            words = [fold_string(w) for w in _WORD.findall(stretch)]
            chosen = words[-3:] if stretch is left else words[:2]
            for size in (1, 2, 3):
                for at in range(len(chosen) - size + 1):
                    if code := self._country(" ".join(chosen[at : at + size])):
                        found.add(code)
        return frozenset(found)

    def _country(self, folded: str) -> str | None:
        if code := self.lexicon.demonyms.get(folded):
            return code
        return next((k.country for k in self.lexicon.named(folded) if k.kind == "country"), None)

    def _by_office(self, nominal: Nominal) -> Resolved | None:
        """The holder of an office on the article's day, where country and office say who."""
        countries = self._countries(nominal.start, nominal.end)
        if len(countries) != 1 or nominal.entry.office is None:
            return None
        return _one(self.lexicon.holders(next(iter(countries)), nominal.entry.office, self.day))

    def _by_title(self, nominal: Nominal) -> Resolved | None:
        """The person whom the article gave this title, the last before the description."""
        countries = self._countries(nominal.start, nominal.end)
        same = [
            t for t in self.titled
            if (t.entry == nominal.entry or (t.entry.office and t.entry.office == nominal.entry.office))
            and (not countries or countries & (t.countries | self._home(t.resolved)))
        ]  # fmt: skip
        before = [t for t in same if t.start < nominal.start]
        if before:
            return before[-1].resolved
        distinct = {t.resolved.entity_id: t.resolved for t in same}
        return next(iter(distinct.values())) if len(distinct) == 1 else None

    def _last_of_country(self, nominal: Nominal) -> Resolved | None:
        """For "his Turkish counterpart", نظيره المصري: the last person of that country named."""
        countries = self._countries(nominal.start, nominal.end)
        if not countries or nominal.entry.office is not None:
            return None
        theirs = {t.resolved.entity_id for t in self.titled if t.countries & countries}
        for name in reversed([n for n in self.named if n.label == "PER" and n.start < nominal.start]):
            if name.resolved.entity_id in theirs or countries & self._home(name.resolved):
                return name.resolved
        return None

    def _home(self, resolved: Resolved) -> frozenset[str]:
        known = self.lexicon.by_id.get(resolved.entity_id)
        return frozenset() if known is None or known.country is None else frozenset({known.country})

    def _plural(self, nominal: Nominal, sentence: Sentence, context: Context) -> tuple[Resolved, ...]:
        """The holders of an office in the countries named beside it, else the parties of the last
        meeting or call where they fit, else the two named last."""
        written = self.text[nominal.start : nominal.end]
        if written.lower() in _FIRST_PERSON:
            return ()
        holders = self._holders_listed(nominal, sentence)
        if len(holders) >= 2:
            return holders
        if not _POINTS_BACK[sentence.language].fullmatch(written):
            return ()
        wanted = ("PER",) if nominal.entry.label == "PER" and nominal.entry.kind == "nominal" else _PARTIES
        fits = tuple(p for p in context.parties if p.label in wanted)
        if len(fits) >= 2:
            return fits
        return self._last_parties(nominal.start, wanted)

    def _holders_listed(self, nominal: Nominal, sentence: Sentence) -> tuple[Resolved, ...]:
        """For "the presidents of Chile and Bolivia", 智利、秘鲁两国外长: one person a country."""
        if nominal.entry.office is None:
            return ()
        if sentence.language == "zh":
            stretch = self.text[max(sentence.start, nominal.start - 24) : nominal.start]
        else:
            stretch = self.text[max(sentence.start, nominal.start - 30) : min(sentence.end, nominal.end + 40)]
        found: dict[str, Resolved] = {}
        for country in self._listed_countries(stretch, sentence.language):
            holder = _one(self.lexicon.holders(country, nominal.entry.office, self.day)) or next(
                (t.resolved for t in reversed(self.titled) if t.entry.office == nominal.entry.office
                 and country in t.countries | self._home(t.resolved)), None)  # fmt: skip
            if holder is None:
                return ()
            found[holder.entity_id] = holder
        return tuple(found.values())

    def _listed_countries(self, stretch: str, language: str) -> list[str]:
        if language == "zh":
            parts = [p for p in re.split(r"[、和与及，两三国兩與]", stretch) if p]
        else:
            words = [fold_string(w) for w in _WORD.findall(stretch)]
            words += [w[1:] for w in words if language == "ar" and w.startswith("و")]
            parts = words + [" ".join(words[i : i + 2]) for i in range(len(words) - 1)]
        return list(dict.fromkeys(code for p in parts if (code := self._country(fold_string(p)))))

    def _last_parties(self, start: int, wanted: Sequence[str]) -> tuple[Resolved, ...]:
        seen: dict[str, Resolved] = {}
        for name in reversed([n for n in self.named if start - _REACH < n.start < start]):
            if name.label in wanted and name.resolved.entity_id not in seen:
                seen[name.resolved.entity_id] = name.resolved
                if len(seen) == 2:
                    return tuple(reversed(seen.values()))
        return ()


def is_first_person(written: str) -> bool:
    """Whether a pronoun is the speaker's own."""
    return written.lower() in _FIRST_PERSON


def _one(candidates: Sequence[Known]) -> Resolved | None:
    if len({c.entity_id for c in candidates}) != 1:
        return None
    known = candidates[0]
    return Resolved(known.entity_id, known.name_en, known.label)
