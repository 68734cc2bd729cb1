"""Offices and countries of one article: who holds what, by its titles and by the tables.

A title that the article gives to a name decides before the tables' holder of the office on the
article's day. A person's country is the tables', else the one named beside the title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import Known, Lexicon
from pipeline.entities.linking import Resolved
from pipeline.entities.nationality import load_countries
from pipeline.entities.sound_keys import script_of
from pipeline.languages.entries import PartyEntry
from pipeline.languages.phrases import reference, reference_anywhere

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")
# An office that "leader", "head of state" and the like may mean.
CHIEFS = frozenset(
    {"president", "prime minister", "chancellor", "king", "emir", "sultan", "crown prince", "supreme leader"}
)
_MINISTERS = frozenset(
    {
        "foreign minister",
        "defence minister",
        "interior minister",
        "finance minister",
        "trade minister",
        "secretary of state",
    }
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name mention with its entity."""

    start: int
    end: int
    label: str
    resolved: Resolved


@dataclass(frozen=True, slots=True)
class Titled:
    """A title that the article gives to a name, with the countries named beside it."""

    entry: PartyEntry
    resolved: Resolved
    countries: frozenset[str]
    start: int


def identity(party: Resolved) -> str:
    """What tells a party from others: its id, or the words of one that no entity is known for."""
    return party.entity_id or party.name


class Offices:
    """The people of one article with their offices, and the countries that it names."""

    def __init__(self, lexicon: Lexicon, text: str, named: Sequence[Named], day: date | None) -> None:
        self.lexicon, self.text, self.named, self.day = lexicon, text, named, day
        self.countries = load_countries(lexicon)
        self.titled: list[Titled] = []
        self._favoured: Counter[str] | None = None

    def offices_meant(self, entry: PartyEntry, written: str) -> frozenset[str]:
        """The offices that a description may mean; empty for a mere role ("the envoy")."""
        if reference_anywhere("head_of_state").search(written.lower()):
            return frozenset({"president", "king", "emir", "sultan"})
        if entry.office is not None:
            return frozenset({entry.office})
        if reference_anywhere("leader").search(written.lower()):
            return CHIEFS
        return _MINISTERS if reference_anywhere("minister").fullmatch(written.lower()) else frozenset()

    def bearers(self, offices: frozenset[str]) -> dict[str, Resolved]:
        """People of the article who hold one of the offices, by its titles or by the tables."""
        found = {identity(t.resolved): t.resolved for t in self.titled if self._entry_offices(t.entry) & offices}
        for name in self.named:
            if name.label == "PER" and offices & self.offices_of(name.resolved):
                found.setdefault(identity(name.resolved), name.resolved)
        return found

    @property
    def chief_offices(self) -> frozenset[str]:
        """Offices that "leader" may mean."""
        return CHIEFS

    def bearers_offices(self) -> list[frozenset[str]]:
        """The offices of each person of the article."""
        people = {n.resolved.entity_id: n.resolved for n in self.named if n.label == "PER"}
        return [self.all_offices(p) for p in people.values()]

    def _entry_offices(self, entry: PartyEntry) -> frozenset[str]:
        if entry.office is not None:
            return frozenset({entry.office})
        return CHIEFS if any(reference_anywhere("leader").search(f.lower()) for f in entry.forms) else frozenset()

    def offices_of(self, party: Resolved) -> frozenset[str]:
        """Offices that the tables say a person held on the article's day ("foreign minister")."""
        known = self.lexicon.by_id.get(party.entity_id)
        if known is None:
            return frozenset()
        return frozenset(
            fold_string(term.office).split(" of ")[0]
            if " of state" not in fold_string(term.office)
            else "secretary of state"
            for term in known.terms
            if term.covers(self.day)
        )

    def holder(self, country: str, offices: frozenset[str]) -> Resolved | None:
        """The person of a country whom the article gives an office, else its holder on the day."""
        titled = [
            t for t in self.titled
            if self._entry_offices(t.entry) & offices and country in t.countries | self.home(t.resolved)
        ]  # fmt: skip
        if titled:
            return titled[-1].resolved
        for name in self.named:
            if name.label == "PER" and country in self.home(name.resolved) and self.offices_of(name.resolved) & offices:
                return name.resolved
        # 首相 without a country, of one person alone: in an article on another prime minister it says whose.
        alone = {
            identity(t.resolved): t.resolved for t in self.titled
            if self._entry_offices(t.entry) == offices and not t.countries | self.home(t.resolved)
        }  # fmt: skip
        if len(alone) == 1:
            return next(iter(alone.values()))
        if len(offices & {"foreign minister", "secretary of state"}) == len(offices) or len(offices) == 1:
            found = (_one(self.lexicon.holders(country, office, self.day)) for office in sorted(offices))
            return next((holder for holder in found if holder is not None), None)
        return None

    def titled_person(self, country: str, noun: str) -> Resolved | None:
        """The one person of a country whom the article gives a title of the noun ("envoy")."""
        found = {
            identity(t.resolved): t.resolved for t in self.titled
            if country in t.countries | self.home(t.resolved)
            and any(noun in form.lower().split() or form == noun for form in t.entry.forms)
        }  # fmt: skip
        return next(iter(found.values())) if len(found) == 1 else None

    def chief(self, country: str) -> Resolved | None:
        """The head of state or government of a country whom the article names, else none."""
        for name in self.named:
            if name.label == "PER" and country in self.home(name.resolved) and self.offices_of(name.resolved) & CHIEFS:
                return name.resolved
        titled = [
            t for t in self.titled
            if self._entry_offices(t.entry) & CHIEFS and country in t.countries | self.home(t.resolved)
        ]  # fmt: skip
        return titled[0].resolved if titled else None

    def all_offices(self, party: Resolved) -> frozenset[str]:
        """A person's offices, by the article's titles and by the tables."""
        titles = [self._entry_offices(t.entry) for t in self.titled if t.resolved.entity_id == party.entity_id]
        return self.offices_of(party).union(*titles)

    def favoured(self) -> Counter[str]:
        """How often the article names each country."""
        if self._favoured is None:
            language = {"latin": "en", "arabic": "ar", "han": "zh"}[_main_script(self.text)]
            self._favoured = self.countries.count([(self.text, language)])
        return self._favoured

    def countries_beside(self, start: int, end: int, after: int | None = None) -> frozenset[str]:
        """ISO codes of nationality words and country names that touch a description.

        Before it the country nearest to it counts; of a right-hand stretch, up to ``after``, two words.
        """
        line = self.text.rfind("\n", 0, start) + 1
        left = self.text[max(line, start - 28) : start]
        right = self.text[end : max(end, after) if after is not None else end + 24].split("\n")[0]
        if _HAN.search(self.text[start:end]):
            found = [f for f in self.countries.find(left, "zh") if len(left) - f.end <= 4]
            found = [f for f in found if not re.search("[。；，]", left[f.end :])]
            if found:
                return frozenset({found[-1].country})
            short = self.countries.find_short(left[-1:], self.favoured()) if left else []
            return frozenset(short)
        language = "ar" if script_of(self.text[start:end]) == "arabic" else "en"
        codes: set[str] = set()
        words = [m.start() for m in _WORD.finditer(left)]
        stretch = left[words[-3] :] if len(words) > 3 else left
        near = self.countries.find(stretch, language)
        # A clause's end parts them: "in Chile, the president".
        near = [f for f in near if not reference("en", "parted").search(stretch[f.end :])]
        codes |= {f.country for f in near[-1:]}
        words = [m.end() for m in _WORD.finditer(right)]
        stretch = right[: words[3 if language == "en" else 1]] if len(words) > (3 if language == "en" else 1) else right
        if language == "ar" or reference("en", "of_after").match(stretch):
            codes |= {f.country for f in self.countries.find(stretch, language)[:1]}
        return frozenset(codes)

    def institution(self, country: str, noun: str, label: str = "ORG") -> Resolved:
        """What a country's noun names ("Uzbek Foreign Ministry", "Italian delegation"): the tables'
        entity of that name, else the words alone, the same from every language."""
        adjective = self.countries.adjective.get(country)
        if adjective is None:
            known = self.lexicon.country_entity.get(country)
            adjective = known.name_en if known is not None else country
        name = f"{adjective} {noun}"
        listed = [k for k in self.lexicon.named(name) if k.label == label]
        if len(listed) == 1:
            return Resolved(listed[0].entity_id, listed[0].shown, label)
        return Resolved("", name, label)

    def home(self, resolved: Resolved) -> frozenset[str]:
        """The country of a person or of a country itself, by the tables or the article's titles."""
        known = self.lexicon.by_id.get(resolved.entity_id)
        if known is not None and known.country is not None:
            return frozenset({known.country}) if self._serves_home(known) else frozenset()
        return frozenset(c for t in self.titled if t.resolved.entity_id == resolved.entity_id for c in t.countries)

    def _serves_home(self, known: Known) -> bool:
        """Whether a person's offices are a country's; the UN's secretary-general speaks for none."""
        held = [fold_string(t.office) for t in known.terms if t.covers(self.day)]
        entity = self.lexicon.country_entity.get(known.country or "")
        if not held or entity is None:
            return True
        names = {fold_string(n) for n in entity.names()}
        return any(o.split(" of ")[-1].removeprefix("the ") in names or " of " not in o for o in held)


def _main_script(text: str) -> str:
    head = text[:2000]
    han, arabic = len(_HAN.findall(head)), len(re.findall(r"[\u0621-\u064a]", head))
    latin = len(re.findall(r"[A-Za-z]", head))
    return max((han * 2, "han"), (arabic, "arabic"), (latin, "latin"))[1]


def _one(candidates: Sequence[Known]) -> Resolved | None:
    if len({c.entity_id for c in candidates}) != 1:
        return None
    known = candidates[0]
    return Resolved(known.entity_id, known.shown, known.label)
