"""Whom a pronoun or description stands for, within one article.

A description is tried as an office ("the Israeli prime minister"), then by the titles that the
article gives to names. A pronoun takes the most salient party before it that fits in number and
gender: the last speaker, the subject of its own or an earlier sentence. Plurals are
``pipeline.entities.plurals``'s. What the events so far tell (who spoke last, who met) comes as
``Context``. Where nothing fits, the mention stays open.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.core.rows import Sentence
from pipeline.entities.gender import MALE, agreed, following_gender, name_gender, pronoun_gender, title_gender
from pipeline.entities.lexicon import Lexicon
from pipeline.entities.linking import Resolved
from pipeline.entities.nominals import Nominal
from pipeline.entities.offices import Named, Offices, Titled, identity
from pipeline.entities.sound_keys import script_of
from pipeline.languages.phrases import reference, reference_anywhere

_REACH = 900
_HAN = re.compile(r"[\u4e00-\u9fff]")
_QUOTED = re.compile(r"“[^“”\n]{3,}”?|\"[^\"\n]{3,}\"|«[^«»\n]{3,}»|「[^「」\n]{2,}」")

# Weights of the salience of a pronoun's candidates, chosen on the annotated training texts.
_PER_SENTENCE, _SUBJECT, _OBLIQUE, _INSIDE_QUOTE, _SPEAKER, _SAME_SENTENCE_SUBJECT = -1.0, 0.6, -0.5, -1.2, 1.3, 0.5


@dataclass(frozen=True, slots=True)
class Context:
    """What the events before tell: who spoke last and where, the parties of the last meeting or
    call and where; ``others`` are the entities that the event in hand has in other roles, which a
    pronoun of it does not mean; ``role`` the pronoun's own; ``voice`` who speaks the quotation around it."""

    speaker: Resolved | None = None
    parties: tuple[Resolved, ...] = ()
    speaker_at: int = -1
    parties_at: int = -1
    others: frozenset[str] = frozenset()
    role: str | None = None
    voice: Resolved | None = None


class ArticleReferences(Offices):
    """Resolves the nouns and pronouns of one article; ``starts`` are its sentences' offsets."""

    def __init__(
        self, lexicon: Lexicon, text: str, named: Iterable[Named], nominals: Iterable[Nominal], day: date | None,
        starts: Sequence[int] = (),
    ) -> None:  # fmt: skip
        from pipeline.entities.plurals import Plurals

        super().__init__(lexicon, text, sorted(named, key=lambda n: n.start), day)
        self._named_starts = [n.start for n in self.named]
        self._starts = list(starts) or [0, *(m.end() for m in re.finditer("\n", text))]
        self._genders: dict[str, str | None] = {}
        self._plans: dict[str, bool] = {}
        self._quotes = [m.span() for m in _QUOTED.finditer(text)]
        by_start = {n.start: n for n in self.named}
        nominals = list(nominals)
        self._duals = [
            n
            for n in nominals
            if n.entry.plural
            and n.entry.kind != "pronoun"
            and reference("ar", "dual_noun").search(text, n.start, n.end)
        ]
        self.titled = [
            Titled(
                nominal.entry, name.resolved, self.countries_beside(nominal.start, nominal.end, name.start), name.start
            )
            for nominal in nominals
            if nominal.title_of is not None
            and (name := by_start.get(nominal.title_of.start)) is not None
            and not reference("zh", "not_in_office").search(text[max(0, nominal.start - 4) : nominal.start])
        ]
        self._plurals = Plurals(self)

    def resolve(
        self, nominal: Nominal, sentence: Sentence, context: Context | None = None, span: tuple[int, int] | None = None
    ) -> tuple[Resolved, ...]:
        """The entities of a noun or pronoun; none where it stays open.

        ``span`` is the whole phrase that the noun heads, where it is known.
        """
        context = context or Context()
        entry = nominal.entry
        written = self.text[nominal.start : nominal.end]
        if is_first_person(written):
            return (context.speaker,) if context.speaker is not None else ()
        if span is not None and entry.kind != "pronoun" and self._modified(nominal, sentence, span):
            return ()
        if entry.plural:
            return self._plurals.resolve(nominal, sentence, context, span or (nominal.start, nominal.end))
        if sentence.language == "zh" and (entry.each or entry.office):
            # Chinese marks no plural: 阿富汗与乌兹别克斯坦外长 are two ministers.
            listed = self._plurals.listed_countries(nominal, sentence)
            if len(listed) >= 2:
                return self._plurals.one_each(nominal, listed)
        if entry.kind == "pronoun":
            found = self._pronoun(nominal.start, nominal.end, sentence, entry.label, context)
        elif entry.label == "PER":
            found = self._described(nominal, sentence, context)
            if found is not None and self._is_hers(written, sentence) and self.gender(found) == MALE:
                found = None
        elif side := self.side(written):
            return side
        else:
            countries = self.countries_beside(nominal.start, nominal.end)
            found = self.institution(next(iter(countries)), entry.each) if entry.each and len(countries) == 1 else None
        return () if found is None else (found,)

    def pronoun(self, start: int, end: int, sentence: Sentence, context: Context) -> tuple[Resolved, ...]:
        """The entities of a pronoun that no list has, such as a joined Arabic one (لقائه, أبلغهم)."""
        written = self.text[start:end]
        if is_first_person(written):
            return (context.speaker,) if context.speaker is not None else ()
        if (
            reference("ar", "two_of_them").fullmatch(written)
            and (dual := self._dual_before(start, sentence)) is not None
        ):
            return self.resolve(dual, sentence, context)
        if reference("ar", "they").fullmatch(written):
            return self._plurals.people(start, context)
        found = self._pronoun(start, end, sentence, "PER", context)
        return () if found is None else (found,)

    def _is_hers(self, written: str, sentence: Sentence) -> bool:
        """Whether an Arabic description is a woman's: رئيسة وزراء. The masculine may stand for either."""
        return sentence.language == "ar" and written.split()[0].endswith("ة")

    def _dual_before(self, start: int, sentence: Sentence) -> Nominal | None:
        """The dual noun of the same sentence that "the two of them" repeats, where no two people are named behind it."""
        duals = [
            n for n in self._duals if sentence.start <= n.start and n.end <= start
            and len({identity(p.resolved) for p in self.named if p.label == "PER" and n.end <= p.start < start}) < 2
        ]  # fmt: skip
        return duals[-1] if duals else None

    def _modified(self, nominal: Nominal, sentence: Sentence, span: tuple[int, int]) -> bool:
        """Whether a description says more than country and office: "leaders of the most vulnerable
        countries", 南方共同市场成员国外长. Whom it means, the noun alone does not tell."""
        language = sentence.language
        before, after = self.text[span[0] : nominal.start], self.text[nominal.end : span[1]]
        if language == "en":
            of = reference("en", "of_which").match(after)
            return bool(of and not self.countries.find(of[1], "en") and not reference("en", "of_several").search(of[1]))
        if language == "zh":
            rest = reference("zh", "filler").sub("", before)
            for found in reversed(self.countries.find(rest, "zh")):
                rest = rest[: found.start] + rest[found.end :]
            rest = reference("zh", "list_edge").sub("", rest)
            return len(rest) >= 2 and not self.countries.find_short(rest, self.favoured())
        return False

    def people(self, start: int, context: Context) -> tuple[Resolved, ...]:
        """The people whom a bare plural ("the two", هما) means."""
        return self._plurals.people(start, context)

    def short_list(self, written: str) -> tuple[Resolved, ...]:
        """The countries of a Chinese short form of two or more (阿乌, 中美); none where it is a name."""
        if len(written) > 5 or self.lexicon.named(written):
            return ()
        codes = self.countries.find_short(written, self.favoured())
        return self._plurals.entities(codes) if len(codes) >= 2 else ()

    def side(self, written: str) -> tuple[Resolved, ...]:
        """The country of a Chinese 中方, 摩方; none where the character is no country of the article."""
        match = reference("zh", "side").fullmatch(written)
        if match is None or reference("zh", "no_side").fullmatch(match[1]):
            return ()
        return self._plurals.entities(self.countries.find_short(match[1], self.favoured()))

    # Pronouns

    def _pronoun(self, start: int, end: int, sentence: Sentence, label: str, context: Context) -> Resolved | None:
        labels = ("PER",) if label == "PER" else ("ORG", "GPE")
        gender = pronoun_gender(self.text[start:end], sentence.language) if label == "PER" else None
        ranked = self.salient(start, sentence.language, labels, context, gender=gender)
        return ranked[0] if ranked else None

    def salient(
        self, start: int, language: str, labels: Sequence[str], context: Context, *, gender: str | None = None
    ) -> list[Resolved]:
        """The parties before a point that a pronoun there may mean, the most salient first.

        Recency counts by sentences; the subject is likelier than the object, the last speaker
        likelier still, a name within a quotation unlikely outside it (the backward-looking centre
        of Grosz, Joshi and Weinstein 1995, with the parallelism of reporting chains).
        """
        here, quoted = self._sentence_at(start), self.in_quote(start)
        scores: dict[str, tuple[float, Resolved]] = {}

        def offer(party: Resolved, value: float) -> None:
            key = identity(party)
            if key not in context.others and value > scores.get(key, (-99.0, party))[0]:
                scores[key] = (value, party)

        low, high = (
            bisect.bisect_left(self._named_starts, start - _REACH),
            bisect.bisect_left(self._named_starts, start),
        )
        seen: set[int] = set()
        for name in self.named[low:high]:
            if name.label not in labels or name.end > start or self._is_plan(name):
                continue
            sentence = self._sentence_at(name.start)
            value = _PER_SENTENCE * (here - sentence) - (start - name.start) / 4000
            inside = self.in_quote(name.start)
            oblique = self._is_oblique(name, language)
            if oblique:
                value += _OBLIQUE
            elif sentence not in seen and not (inside and not quoted):
                seen.add(sentence)
                value += _SUBJECT + (_SAME_SENTENCE_SUBJECT if sentence == here else 0.0)
            if inside and not quoted:
                value += _INSIDE_QUOTE
            if gender and "PER" in labels and (known := self.gender(name.resolved)) and known != gender:
                continue
            offer(name.resolved, value)
        speaker = context.speaker
        if speaker is not None and context.speaker_at >= 0 and context.speaker_at < start:
            fits = speaker.label in labels
            if gender and fits and (known := self.gender(speaker)) and known != gender:
                fits = False
            if fits:
                gap = max(here - self._sentence_at(context.speaker_at), 0)
                base = scores.get(identity(speaker), (_PER_SENTENCE * gap, speaker))[0]
                if gap <= 4:
                    offer(speaker, max(base, _PER_SENTENCE * gap) + _SPEAKER)
        elif speaker is not None and context.speaker_at < 0 and speaker.label in labels:
            offer(speaker, _SPEAKER)
        return [party for _, party in sorted(scores.values(), key=lambda s: -s[0])]

    def _is_plan(self, name: Named) -> bool:
        """Whether a single English word that was taken for a person is none: "her Ashridge plan"."""
        written = name.resolved.name
        if name.label != "PER" or not name.resolved.entity_id.startswith("x") or not written.isalpha():
            return False
        if not written.isascii():
            return False
        if written not in self._plans:
            whose = reference("en", "possessor").pattern
            self._plans[written] = re.search(rf"\b(?i:{whose})\s+{written}\b", self.text) is not None
        return self._plans[written]

    def _is_oblique(self, name: Named, language: str) -> bool:
        before = self.text[max(self.text.rfind("\n", 0, name.start) + 1, name.start - 40) : name.start]
        after = self.text[name.end : name.end + 3]
        if reference(language, "oblique").search(before):
            return True
        return language != "ar" and reference(language, "possessive_after").match(after) is not None

    def _sentence_at(self, at: int) -> int:
        return bisect.bisect_right(self._starts, at)

    def in_quote(self, at: int) -> bool:
        """Whether a point lies between quotation marks."""
        number = bisect.bisect_right(self._quotes, (at, len(self.text)))
        return number > 0 and self._quotes[number - 1][0] <= at < self._quotes[number - 1][1]

    def gender(self, party: Resolved) -> str | None:
        """The gender of a person by the tables' name, the article's names and the titles beside them."""
        key = identity(party)
        if key not in self._genders:
            known = self.lexicon.by_id.get(party.entity_id)
            evidence: list[str | None] = []
            if known is not None:
                evidence += [g for n in (known.name_en, known.name_ar, known.name_zh) if n and (g := name_gender(n))][
                    :1
                ]
            else:
                mine = [n for n in self.named if n.resolved.entity_id == party.entity_id]
                written = {self.text[n.start : n.end] for n in mine} | {party.name}
                evidence = [name_gender(w) for w in sorted(written)]
                for n in mine:
                    language = {"latin": "en", "arabic": "ar", "han": "zh"}[script_of(self.text[n.start : n.end])]
                    evidence.append(title_gender(self.text, n.start, language))
                    evidence.append(following_gender(self.text, n.end, language))
            self._genders[key] = agreed(evidence)
        return self._genders[key]

    # Descriptions

    def _described(self, nominal: Nominal, sentence: Sentence, context: Context) -> Resolved | None:
        """The person of a description that is definite: "the envoy", نظيره, 该发言人, or an office."""
        language = sentence.language
        before = self.text[max(sentence.start, nominal.start - 30) : nominal.start]
        if reference(language, "indefinite_before").search(before):
            return None
        written = self.text[nominal.start : nominal.end]
        if reference_anywhere("counterpart").search(written.lower()):
            return self._counterpart(nominal, sentence, context)
        offices = self.offices_meant(nominal.entry, written)
        if offices:
            return self._officeholder(nominal, sentence, context, offices)
        definite = (
            written.startswith("ال") or written.endswith(("ه", "ها", "هم"))
            if language == "ar"
            else bool(reference(language, "definite_before").search(before))
        )
        if not definite:
            return None
        return self._by_title(nominal, sentence, context) or self._last_of_country(nominal)

    def _officeholder(
        self, nominal: Nominal, sentence: Sentence, context: Context, offices: frozenset[str]
    ) -> Resolved | None:
        """The holder of an office: whom the article calls so, else who held it on the article's day."""
        countries = self.countries_beside(nominal.start, nominal.end)
        if len(countries) == 1:
            country = next(iter(countries))
            return self.chief(country) if offices == self.chief_offices else self.holder(country, offices)
        if countries or (nominal.entry.office is None and not self._is_definite(nominal, sentence)):
            return None
        if context.voice is not None and len(home := self.home(context.voice)) == 1:
            own = self.holder(next(iter(home)), offices)
            if own is not None and identity(own) not in context.others:
                return own
        fits = self.bearers(offices)
        ranked = [p for p in self.salient(nominal.start, sentence.language, ("PER",), context) if identity(p) in fits]
        if ranked:
            return ranked[0]
        left = [p for key, p in fits.items() if key not in context.others]
        return left[0] if len(left) == 1 else None

    def _is_definite(self, nominal: Nominal, sentence: Sentence) -> bool:
        if sentence.language == "ar":
            return self.text.startswith("ال", nominal.start)
        before = self.text[max(sentence.start, nominal.start - 30) : nominal.start]
        return bool(reference(sentence.language, "definite_before").search(before))

    def _by_title(self, nominal: Nominal, sentence: Sentence, context: Context) -> Resolved | None:
        """The person whom the article gave this title, the most salient before the description."""
        countries = self.countries_beside(nominal.start, nominal.end)
        same = {
            identity(t.resolved): t.resolved for t in self.titled
            if t.entry == nominal.entry and (not countries or countries & (t.countries | self.home(t.resolved)))
        }  # fmt: skip
        ranked = [p for p in self.salient(nominal.start, sentence.language, ("PER",), context) if identity(p) in same]
        if ranked:
            return ranked[0]
        left = [p for key, p in same.items() if key not in context.others]
        return left[0] if len(left) == 1 else None

    def _last_of_country(self, nominal: Nominal) -> Resolved | None:
        """For "the Turkish envoy": the last person of that country named."""
        countries = self.countries_beside(nominal.start, nominal.end)
        if not countries:
            return None
        theirs = {t.resolved.entity_id for t in self.titled if t.countries & countries}
        for name in reversed([n for n in self.named if n.label == "PER" and n.start < nominal.start]):
            if name.resolved.entity_id in theirs or countries & self.home(name.resolved):
                return name.resolved
        return None

    def _counterpart(self, nominal: Nominal, sentence: Sentence, context: Context) -> Resolved | None:
        """For "his Turkish counterpart", نظيره: who holds the same office elsewhere.

        The one whose counterpart it is stands in another role of the event, else is the most
        salient person before; without a country, the other party of the last meeting or call.
        """
        people = self.salient(
            nominal.start, sentence.language, ("PER",), Context(context.speaker, speaker_at=context.speaker_at)
        )
        own = next((p for p in people if identity(p) in context.others), people[0] if people else None)
        countries = self.countries_beside(nominal.start, nominal.end)
        offices = self.all_offices(own) if own is not None else frozenset[str]()
        if len(countries) == 1:
            country = next(iter(countries))
            return (self.holder(country, offices) if offices else None) or self._last_of_country(nominal)
        if own is None or countries:
            return None
        taken = context.others | {identity(own)}
        same = {key: p for key, p in self.bearers(offices).items() if key not in taken} if offices else {}
        if len(same) == 1:
            return next(iter(same.values()))
        met = [p for p in context.parties if p.label == "PER" and identity(p) not in taken]
        met = [p for p in met if identity(p) in same] or ([] if same else met)
        return met[0] if len(met) == 1 else None


def is_first_person(written: str) -> bool:
    """Whether a pronoun is the speaker's own."""
    return reference_anywhere("first_person").fullmatch(written.lower()) is not None
