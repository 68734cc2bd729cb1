"""Plural descriptions and the parties they stand for: "the two leaders", الجانبان, 双方.

A plural beside a list of countries ("the presidents of Chile and Bolivia", 阿、乌两国代表团) is one
party a country. Without a list it points back: to the parties of the last meeting or call where
they fit its noun, else to the people, sides or countries named before. Where two cannot be told
with reason, it stays open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.core.rows import Sentence
from pipeline.entities.linking import Resolved
from pipeline.entities.nominals import Nominal
from pipeline.languages.phrases import reference, reference_anywhere

if TYPE_CHECKING:
    from pipeline.entities.coreference import ArticleReferences, Context


_NEVER = re.compile(r"(?!)")
_HAN, _ARABIC = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u0621-\u064a]")
# The article's main countries are named this much oftener than the next.
_STANDS_OUT = 1.5
_FIRST_LINES = 3


class Plurals:
    """Resolves the plural nouns and pronouns of one article."""

    def __init__(self, references: ArticleReferences) -> None:
        self._article = references
        self._text = references.text
        self._coupled: tuple[str, ...] | None = None

    def resolve(
        self, nominal: Nominal, sentence: Sentence, context: Context, span: tuple[int, int]
    ) -> tuple[Resolved, ...]:
        """The parties of a plural noun or pronoun; none where it stays open."""
        entry = nominal.entry
        language = sentence.language
        if entry.kind == "pronoun":
            return self.people(nominal.start, context)
        countries = self.listed_countries(nominal, sentence)
        if len(countries) >= 2 and entry.stands == "counterparts":
            return self._counterparts_of(nominal, language, context, countries)
        if len(countries) >= 2:
            return self.one_each(nominal, countries)
        if entry.stands == "listed" or (entry.stands is None and entry.each is None and entry.office is None):
            return ()
        if not self._points_back(nominal, sentence, span) or (countries and entry.stands != "countries"):
            return ()
        written = self._text[nominal.start : nominal.end]
        count = (
            3
            if reference_anywhere("three").search(self._text[max(sentence.start, nominal.start - 8) : nominal.end])
            else 2
        )
        if entry.stands == "counterparts":
            return self._counterparts(nominal, language, context)
        if entry.stands == "people":
            return self.people(nominal.start, context, count)
        if entry.stands == "countries":
            return self.entities(self.country_pair(nominal.start, context, count))
        if entry.stands == "sides":
            return self._sides(nominal.start, context, count)
        if entry.each is not None and entry.label == "ORG":
            pair = self.country_pair(nominal.start, context, count)
            return tuple(self._article.institution(c, entry.each) for c in pair)
        offices = self._offices(nominal, written)
        return self._officeholders(nominal, offices, context, count, language)

    def _points_back(self, nominal: Nominal, sentence: Sentence, span: tuple[int, int]) -> bool:
        """Whether the plural is definite: "the two ministers", الوزيران; not "officials", 专家."""
        written = self._text[nominal.start : nominal.end]
        if sentence.language == "zh":
            return bool(reference("zh", "points_back").match(written) or reference("zh", "both_people").search(written))
        if sentence.language == "ar":
            return reference("ar", "points_back").search(written) is not None
        before = self._text[max(sentence.start, min(nominal.start, span[0]) - 24) : nominal.start]
        if reference("en", "back_after").match(self._text, nominal.end, sentence.end):
            return True  # "delegations from the two countries"
        return reference("en", "counts").match(written) is not None or bool(
            reference("en", "points_back").search(before)
        )

    # Lists of countries

    def listed_countries(self, nominal: Nominal, sentence: Sentence) -> list[str]:
        """Codes of the countries that stand in a list right before or behind the noun."""
        language = sentence.language
        left = self._text[sentence.start : nominal.start]
        found = self._article.countries.find(left, language)
        run: list[str] = []
        edge, gap = len(left), _NEVER if language == "ar" else reference(language, "before_head")
        for country in reversed(found):
            if not gap.fullmatch(left[country.end : edge]):
                break
            run.insert(0, country.country)
            edge, gap = country.start, reference(language, "list_gap")
        if len(set(run)) >= 2 or (run and language != "ar" and nominal.entry.stands == "countries"):
            return list(dict.fromkeys(run))
        if language == "zh" and not run and (short := reference("zh", "short_list").search(left)):
            for size in (len(short[1]), 3, 2):
                codes = self._article.countries.find_short(short[1][-size:], self._article.favoured())
                if len(codes) >= 2:
                    return codes
        right = self._text[nominal.end : min(sentence.end, nominal.end + 160)]
        edge, gap = 0, _NEVER if language == "zh" else reference(language, "after_head")
        after: list[str] = []
        for country in self._article.countries.find(right, language):
            between = right[edge : country.start]
            if language == "ar" and after:
                between = between.removesuffix("و") if between.endswith("و") else between
            if not gap.fullmatch(between):
                break
            after.append(country.country)
            edge, gap = country.end, reference(language, "list_gap")
        return list(dict.fromkeys(after)) if len(set(after)) >= 2 else list(dict.fromkeys(run))

    def one_each(self, nominal: Nominal, countries: Sequence[str]) -> tuple[Resolved, ...]:
        """One party a country: the holder of the office there, or the institution."""
        entry = nominal.entry
        if entry.stands in ("countries", "sides", "listed"):
            return self.entities(countries)
        if entry.label == "PER" or entry.plural:
            # "The transport ministers of Peru and Chile", whom the article names with that title.
            noun = self._text[nominal.start : nominal.end].lower().split()[-1].removesuffix("s")
            named = [self._article.titled_person(c, noun) for c in countries]
            if all(named):
                return tuple(p for p in named if p is not None)
        if entry.each is not None:
            return tuple(self._article.institution(c, entry.each) for c in countries)
        offices = self._offices(nominal, self._text[nominal.start : nominal.end])
        answer = []
        for country in countries:
            holder = (
                self._article.holder(country, offices) if entry.stands != "leaders" else self._article.chief(country)
            )
            if holder is None and entry.office is not None:
                holder = self._article.institution(country, entry.office, label="PER")
            if holder is None:
                return ()
            answer.append(holder)
        return tuple(dict.fromkeys(answer))

    def _offices(self, nominal: Nominal, written: str) -> frozenset[str]:
        entry = nominal.entry
        if entry.office is not None:
            return frozenset({entry.office, *({"secretary of state"} if entry.office == "foreign minister" else set())})
        if entry.stands == "leaders":
            return self._article.chief_offices
        if entry.stands == "ministers":
            return frozenset(
                o for t in self._article.bearers_offices() for o in t if o.endswith(("minister", "secretary of state"))
            ) - {"prime minister"}
        return frozenset()

    def _two(self, parties: tuple[Resolved, ...], start: int, count: int) -> tuple[Resolved, ...]:
        """The parties, or of more than a dual means the two named last."""
        if count != 2 or len(parties) <= 2 or not reference_anywhere("dual").search(self._text[start : start + 24]):
            return parties
        keys = {_key(p) for p in parties}
        last = dict.fromkeys(
            n.resolved.entity_id
            for n in reversed(self._article.named)
            if n.start < start and n.resolved.entity_id in keys
        )
        chosen = set(list(last)[:2])
        return tuple(p for p in parties if _key(p) in chosen) if len(chosen) == 2 else parties

    # What points back

    def people(self, start: int, context: Context, count: int = 2) -> tuple[Resolved, ...]:
        """The people meant by "they", هما, 两人: who met or spoke last, else the two most salient."""
        met = tuple(p for p in context.parties if p.label == "PER")
        others = tuple(p for p in met if _key(p) not in context.others)
        if len(others) >= 2:
            return self._two(others, start, count)
        if len(met) < 2 and len(context.parties) >= 2 and not met:
            return context.parties
        return self._last_parties(start, ("PER",), count)

    def _sides(self, start: int, context: Context, count: int) -> tuple[Resolved, ...]:
        parties = tuple(p for p in context.parties if _key(p) not in context.others)
        # Both sides are urged by a third: they are the countries, whoever of them met last.
        if len(parties) >= 2 and (context.role != "addressee" or all(p.label != "PER" for p in parties)):
            return self._two(parties, start, count)
        pair = self.country_pair(start, context, count)
        return self.entities(pair) or self._last_parties(start, ("PER", "GPE", "ORG"), count)

    def _officeholders(
        self, nominal: Nominal, offices: frozenset[str], context: Context, count: int, language: str
    ) -> tuple[Resolved, ...]:
        fits = self._article.bearers(offices) if offices else {}
        met = tuple(p for p in context.parties if p.label == "PER" and (_key(p) in fits or not offices))
        if len(met) >= count:
            return self._two(met, nominal.start, count)
        if not offices:
            return self.people(nominal.start, context, count)
        ranked = [p for p in self._article.salient(nominal.start, language, ("PER",), context) if _key(p) in fits]
        if len(ranked) < count:
            ranked += [p for key, p in fits.items() if key not in {_key(r) for r in ranked}]
        if len(ranked) > count:
            main = set(self.country_pair(nominal.start, context, count))
            at_home = [p for p in ranked if self._article.home(p) & main]
            ranked = at_home if len(at_home) >= count else ranked
        chosen = _of_different_countries(ranked, count, self._article)
        if len(chosen) == count:
            return chosen
        # The article names none of them yet, as a headline does: the holders in its two countries.
        pair = self.country_pair(nominal.start, context, count)
        holders = [self._article.holder(c, offices) for c in pair]
        if len(pair) == count and all(holders):
            return tuple(h for h in holders if h is not None)
        return () if fits else self.people(nominal.start, context, count)

    def _counterparts_of(
        self, nominal: Nominal, language: str, context: Context, countries: Sequence[str]
    ) -> tuple[Resolved, ...]:
        """The holders of one's office in each of several countries: "his Russian and Ukrainian counterparts"."""
        own = self._whose(nominal, language, context)
        offices = self._article.all_offices(own) if own is not None else frozenset[str]()
        holders = [self._article.holder(c, offices) for c in countries] if offices else []
        return tuple(h for h in holders if h is not None) if holders and all(holders) else ()

    def _whose(self, nominal: Nominal, language: str, context: Context) -> Resolved | None:
        """Of whom the counterparts are: the event's other party, else the most salient person before."""
        people = self._article.salient(nominal.start, language, ("PER",), replace(context, others=frozenset()))
        return next((p for p in people if _key(p) in context.others), people[0] if people else None)

    def _counterparts(self, nominal: Nominal, language: str, context: Context) -> tuple[Resolved, ...]:
        own = self._whose(nominal, language, context)
        if own is None:
            return ()
        fits = self._article.bearers(self._article.all_offices(own))
        left = tuple(p for key, p in fits.items() if key != _key(own))
        return left if len(left) == 2 else ()

    # Countries

    def country_pair(self, start: int, context: Context, count: int = 2) -> tuple[str, ...]:
        """The countries that "the two countries" means: those of the people who are the event's other parties
        ("the two leaders praised the two countries' teams"), else those that the article couples most ("Peru
        and Chile"), else those that it names most, where they stand out, else those of the last parties,
        else those named last."""
        told = list(dict.fromkeys(c for p in context.parties for c in self._article.home(p)))
        people = {_key(p) for p in context.parties if p.label == "PER"}
        if len(told) == count and people and people == context.others:
            return tuple(told)
        if count == 2 and (coupled := self._coupled_countries()):
            return coupled
        ranked = sorted(((n, c) for c, n in self._article.favoured().items()), key=lambda r: (-r[0], r[1]))
        top = tuple(c for _, c in ranked[:count])
        third = ranked[count][0] if len(ranked) > count else 0
        if len(top) == count and ranked[count - 1][0] >= _STANDS_OUT * third and ranked[count - 1][0] > third:
            return top
        if len(told) == count:
            return tuple(told)
        last = self._last_countries(start, count)
        return last if len(last) == count else ()

    def _coupled_countries(self) -> tuple[str, ...]:
        """The two countries that the article names side by side oftener than any others: twice, or once
        in its first lines. Longer lists do not count."""
        if self._coupled is None:
            counts: Counter[tuple[str, ...]] = Counter()
            early: set[tuple[str, ...]] = set()
            lines = [line for line in self._text.split("\n") if line.strip()]
            for number, line in enumerate(lines):
                language = "zh" if _HAN.search(line) else "ar" if _ARABIC.search(line) else "en"
                for codes in self._lists(line, language):
                    if len(codes) == 2 and codes[0] != codes[1]:
                        pair = tuple(sorted(codes))
                        counts[pair] += 1
                        if number < _FIRST_LINES:
                            early.add(pair)
            ranked = counts.most_common(2)
            clear = bool(ranked) and (len(ranked) == 1 or ranked[0][1] > ranked[1][1])
            self._coupled = ranked[0][0] if clear and (ranked[0][1] >= 2 or ranked[0][0] in early) else ()
        return self._coupled

    def _lists(self, line: str, language: str) -> list[list[str]]:
        """The countries of a line, those side by side together."""
        lists: list[list[str]] = []
        edge = -1
        for found in self._article.countries.find(line, language):
            gap = line[edge : found.start]
            if language == "ar" and line[found.start] == "و":
                gap += "و"  # joined to the name
            if lists and (reference(language, "couple").fullmatch(gap) or (language != "zh" and gap.strip() == ",")):
                lists[-1].append(found.country)
            else:
                lists.append([found.country])
            edge = found.end
        return lists

    def _last_countries(self, start: int, count: int) -> tuple[str, ...]:
        low = max(0, start - 500)
        script = "zh" if re.search(r"[\u4e00-\u9fff]", self._text[low:start]) else None
        language = script or ("ar" if re.search(r"[\u0621-\u064a]", self._text[low:start]) else "en")
        seen: list[str] = []
        for found in reversed(self._article.countries.find(self._text[low:start], language)):
            if found.country not in seen:
                seen.insert(0, found.country)
            if len(seen) == count:
                break
        return tuple(seen)

    def entities(self, countries: Iterable[str]) -> tuple[Resolved, ...]:
        """The countries themselves; none where the tables lack one."""
        answer = []
        for country in countries:
            known = self._article.lexicon.country_entity.get(country)
            if known is None:
                return ()
            answer.append(Resolved(known.entity_id, known.name_en, known.label))
        return tuple(answer)

    def _last_parties(self, start: int, wanted: Sequence[str], count: int) -> tuple[Resolved, ...]:
        seen: dict[str, Resolved] = {}
        for name in reversed([n for n in self._article.named if start - 700 < n.start < start]):
            if name.label in wanted and name.resolved.entity_id not in seen:
                seen[name.resolved.entity_id] = name.resolved
                if len(seen) == count:
                    return tuple(reversed(seen.values()))
        return ()


def _key(party: Resolved) -> str:
    return party.entity_id or party.name


def _of_different_countries(people: Sequence[Resolved], count: int, article: ArticleReferences) -> tuple[Resolved, ...]:
    """The first people of a ranked list that come from different countries."""
    chosen: list[Resolved] = []
    taken: set[str] = set()
    for person in people:
        home = article.home(person)
        if home & taken:
            continue
        chosen.append(person)
        taken |= home
        if len(chosen) == count:
            break
    return tuple(chosen)
