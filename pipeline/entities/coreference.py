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
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.core.folding import fold_string
from pipeline.core.rows import Sentence
from pipeline.entities.gender import MALE, agreed, following_gender, name_gender, pronoun_gender, title_gender
from pipeline.entities.lexicon import Known, Lexicon
from pipeline.entities.linking import Resolved
from pipeline.entities.nationality import load_countries
from pipeline.entities.nominals import Nominal
from pipeline.entities.sound_keys import script_of
from pipeline.languages.entries import PartyEntry

_REACH = 900
_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_QUOTED = re.compile(r"“[^“”\n]{3,}”?|\"[^\"\n]{3,}\"|«[^«»\n]{3,}»|「[^「」\n]{2,}」")
_FIRST_PERSON = frozenset(
    {"i", "we", "my", "our", "us", "me", "我", "我们", "我們", "咱们", "نحن", "أنا", "نا", "ي", "ني"}
)
_DEFINITE_BEFORE = {
    "en": re.compile(r"(?:\b(?:the|his|her|their|its|that|this)|['’]s?)(?:\s+[\w-]+){0,2}\s+$", re.IGNORECASE),
    "ar": re.compile(r""),
    "zh": re.compile(r"(?:该|該|這位|这位|此|这名|這名|这|其)$"),
}
_INDEFINITE_BEFORE = {
    "en": re.compile(
        r"\b(?:an?|another|one|some|any|every|each|former|senior|top)(?:\s+[\w-]+){0,2}\s+$", re.IGNORECASE
    ),
    "ar": re.compile(r"(?:أحد|بعض)\s+$"),
    "zh": re.compile(r"(?:一名|一位|某|多名|数名|有|前)[^，。]{0,6}$"),
}
_OBLIQUE_BEFORE = {
    "en": re.compile(
        r"\b(?:in|at|of|from|to|into|on|about|by|near|for|against|over|after|like|than|with|between|and)\s+"
        r"(?:[\w'’.-]+\s+){0,3}$"
    ),
    "ar": re.compile(
        r"(?<![ء-ي])(?:في|من|إلى|على|عن|ضد|حول|بشأن|لدى|مع|بين)\s+(?:[ء-ي]+\s+){0,2}$|(?<![ء-ي])(?:لل|ل|ب)$"
    ),
    "zh": re.compile(r"(?:对|對|向|就|与|與|同|跟|给|給|把|将|將|被|由|为|為|和|关于|针对)[\u4e00-\u9fff]{0,6}$"),
}
_POSSESSIVE_AFTER = {"en": re.compile(r"['’]s?\s"), "ar": re.compile(r"(?!)"), "zh": re.compile("的")}
_DUAL_AR = re.compile(r"(?:[\u0621-\u064a]{3}(?:ان|ين))\Z")
_SIDE_ZH = re.compile(r"([\u4e00-\u9fff])方")
_COUNTERPART = re.compile(r"counterpart|نظير(?:ه|ها|ته|تها)|对方|對方")
_BACK_EN = re.compile(r"\b(?:both|two|three|the)\s+(?:countries|nations|sides|states|governments)\b", re.IGNORECASE)
_FILL_ZH = re.compile(r"[该這这位此名其双雙方两兩三国國的现任現任新]")
_NOT_IN_OFFICE = re.compile(r"(?:当选|當選|候任|前任?|原|卸任|已故)$")
# An office that "leader", "head of state" and the like may mean.
_CHIEFS = frozenset(
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
_MINISTER = re.compile(r"minister|(?:ال)?وزيرة?|部长|部長|大臣")
_HEAD_OF_STATE = re.compile(r"head of state|رئيس الدولة|رئيسة الدولة|国家元首|國家元首|元首")
_LEADER = re.compile(r"leader|زعيم|قائد|领导人|領導人|领袖|領袖")

# Weights of the salience of a pronoun's candidates, chosen on the annotated training texts.
_PER_SENTENCE, _SUBJECT, _OBLIQUE, _INSIDE_QUOTE, _SPEAKER, _SAME_SENTENCE_SUBJECT = -1.0, 0.6, -0.5, -1.2, 1.3, 0.5


@dataclass(frozen=True, slots=True)
class Named:
    """A name mention with its entity."""

    start: int
    end: int
    label: str
    resolved: Resolved


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


class ArticleReferences:
    """Resolves the nouns and pronouns of one article; ``starts`` are its sentences' offsets."""

    def __init__(
        self, lexicon: Lexicon, text: str, named: Iterable[Named], nominals: Iterable[Nominal], day: date | None,
        starts: Sequence[int] = (),
    ) -> None:  # fmt: skip
        from pipeline.entities.plurals import Plurals

        self.lexicon, self.text, self.day = lexicon, text, day
        self.countries = load_countries(lexicon)
        self.named = sorted(named, key=lambda n: n.start)
        self._named_starts = [n.start for n in self.named]
        self._starts = list(starts) or [0, *(m.end() for m in re.finditer("\n", text))]
        self._genders: dict[str, str | None] = {}
        self._favoured: Counter[str] | None = None
        self._plans: dict[str, bool] = {}
        self._quotes = [m.span() for m in _QUOTED.finditer(text)]
        by_start = {n.start: n for n in self.named}
        nominals = list(nominals)
        self._duals = [
            n
            for n in nominals
            if n.entry.plural and n.entry.kind != "pronoun" and _DUAL_AR.search(text, n.start, n.end)
        ]
        self.titled = [
            Titled(
                nominal.entry, name.resolved, self.countries_beside(nominal.start, nominal.end, name.start), name.start
            )
            for nominal in nominals
            if nominal.title_of is not None
            and (name := by_start.get(nominal.title_of.start)) is not None
            and not _NOT_IN_OFFICE.search(text[max(0, nominal.start - 4) : nominal.start])
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
        if written == "هما" and (dual := self._dual_before(start, sentence)) is not None:
            return self.resolve(dual, sentence, context)
        if written in ("هما", "هم", "هن"):
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
            of = re.match(r"\s+(?:of|from|for|in|at)\s+(.*)", after, re.DOTALL)
            return bool(of and not self.countries.find(of[1], "en") and not _BACK_EN.search(of[1]))
        if language == "zh":
            rest = _FILL_ZH.sub("", before)
            for found in reversed(self.countries.find(rest, "zh")):
                rest = rest[: found.start] + rest[found.end :]
            rest = rest.strip("、和与與及 ")
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
        match = _SIDE_ZH.fullmatch(written)
        if match is None or match[1] in "对對双雙各三多我己官军軍警":
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
            self._plans[written] = re.search(rf"\b(?i:his|her|their|our|its)\s+{written}\b", self.text) is not None
        return self._plans[written]

    def _is_oblique(self, name: Named, language: str) -> bool:
        before = self.text[max(self.text.rfind("\n", 0, name.start) + 1, name.start - 40) : name.start]
        after = self.text[name.end : name.end + 3]
        return bool(_OBLIQUE_BEFORE[language].search(before) or _POSSESSIVE_AFTER[language].match(after))

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
        if _INDEFINITE_BEFORE[language].search(before):
            return None
        written = self.text[nominal.start : nominal.end]
        if _COUNTERPART.search(written.lower()):
            return self._counterpart(nominal, sentence, context)
        offices = self.offices_meant(nominal.entry, written)
        if offices:
            return self._officeholder(nominal, sentence, context, offices)
        definite = (
            written.startswith("ال") or written.endswith(("ه", "ها", "هم"))
            if language == "ar"
            else bool(_DEFINITE_BEFORE[language].search(before))
        )
        if not definite:
            return None
        return self._by_title(nominal, sentence, context) or self._last_of_country(nominal)

    def offices_meant(self, entry: PartyEntry, written: str) -> frozenset[str]:
        """The offices that a description may mean; empty for a mere role ("the envoy")."""
        if _HEAD_OF_STATE.search(written.lower()):
            return frozenset({"president", "king", "emir", "sultan"})
        if entry.office is not None:
            return frozenset({entry.office})
        if _LEADER.search(written.lower()):
            return _CHIEFS
        return _MINISTERS if _MINISTER.fullmatch(written.lower()) else frozenset()

    def _officeholder(
        self, nominal: Nominal, sentence: Sentence, context: Context, offices: frozenset[str]
    ) -> Resolved | None:
        """The holder of an office: whom the article calls so, else who held it on the article's day."""
        countries = self.countries_beside(nominal.start, nominal.end)
        if len(countries) == 1:
            country = next(iter(countries))
            return self.chief(country) if offices == _CHIEFS else self.holder(country, offices)
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
        return bool(_DEFINITE_BEFORE[sentence.language].search(before))

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
        return _CHIEFS

    def bearers_offices(self) -> list[frozenset[str]]:
        """The offices of each person of the article."""
        people = {n.resolved.entity_id: n.resolved for n in self.named if n.label == "PER"}
        return [self.all_offices(p) for p in people.values()]

    def _entry_offices(self, entry: PartyEntry) -> frozenset[str]:
        if entry.office is not None:
            return frozenset({entry.office})
        return _CHIEFS if any(_LEADER.search(f.lower()) for f in entry.forms) else frozenset()

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
            if name.label == "PER" and country in self.home(name.resolved) and self.offices_of(name.resolved) & _CHIEFS:
                return name.resolved
        titled = [
            t for t in self.titled
            if self._entry_offices(t.entry) & _CHIEFS and country in t.countries | self.home(t.resolved)
        ]  # fmt: skip
        return titled[0].resolved if titled else None

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

    def all_offices(self, party: Resolved) -> frozenset[str]:
        """A person's offices, by the article's titles and by the tables."""
        titles = [self._entry_offices(t.entry) for t in self.titled if t.resolved.entity_id == party.entity_id]
        return self.offices_of(party).union(*titles)

    # Countries

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
        near = [f for f in near if not re.search(r"[.;:،؛]|,\s+the", stretch[f.end :])]
        codes |= {f.country for f in near[-1:]}
        words = [m.end() for m in _WORD.finditer(right)]
        stretch = right[: words[3 if language == "en" else 1]] if len(words) > (3 if language == "en" else 1) else right
        if language == "ar" or re.match(r"\s+(?:of|for)\b", stretch):
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


def is_first_person(written: str) -> bool:
    """Whether a pronoun is the speaker's own."""
    return written.lower() in _FIRST_PERSON


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
