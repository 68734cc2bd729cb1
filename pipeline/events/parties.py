"""Which entities an argument's span stands for, with what the events before it tell."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.core.folding import fold_string
from pipeline.core.rows import Document, Mention, Sentence
from pipeline.entities.coreference import ArticleReferences, Context, is_first_person
from pipeline.entities.gender import FEMALE, MALE, pronoun_gender
from pipeline.entities.lexicon import Lexicon
from pipeline.entities.linking import Resolved
from pipeline.entities.nominals import Nominal, find_nominals
from pipeline.entities.offices import Named
from pipeline.entities.owned import find_owned, owned_end
from pipeline.entities.sound_keys import script_of
from pipeline.entities.spans import NameSpan
from pipeline.events.proposals import ProposedArgument
from pipeline.languages import LANGUAGES, load_topic
from pipeline.languages.entries import institution_forms, party_entries, whole_plurals
from pipeline.languages.phrases import phrase

PARTY_ROLES = frozenset({"participant", "speaker", "addressee"})
_MOSTLY = 0.6
_EDGES = ' \t\u00a0,;:،؛、，。；："“”«»「」()（）[]'
_WORDS_ONLY = re.compile(r"[\w’'\s-]*")
# A capital that speaks or negotiates is its government; Brussels is the Union's before Belgium's.
_UNION_SEAT, _UNION = "Q239", "European Union"


@functools.cache
def _arabic_institutions() -> frozenset[str]:
    """Arabic nouns for a country's bodies that a nationality follows (وفد, حكومة)."""
    return frozenset(f for e in party_entries("ar") if e.each and not e.plural for f in e.forms if " " not in f)


@functools.cache
def _titles_behind(language: str) -> frozenset[str]:
    """Titles that follow a name without a space."""
    return frozenset(load_topic(language, "titles").get("after_name", ())) if language == "zh" else frozenset()


class PartyResolver:
    """Resolves argument spans of one document."""

    def __init__(self, document: Document, lexicon: Lexicon, names: dict[str, str]) -> None:
        self.document, self.lexicon, self.names = document, lexicon, names
        self.text = document.article.text
        self.mentions = list(document.mentions)
        self._starts = [m.start for m in self.mentions]
        self._sentence_starts = [s.start for s in document.sentences]
        day: date | None = document.article.published_at.date() if document.article.published_at else None
        nominals = self._nominals()
        self._nominals_by_sentence = nominals
        named = [
            Named(m.start, m.end, m.label, self._resolved(m)) for m in self.mentions if m.kind == "name" and m.entity_id
        ]
        flat = [n for found in nominals.values() for n in found]
        self._references = ArticleReferences(lexicon, self.text, named, flat, day, self._sentence_starts)

    def _nominals(self) -> dict[int, list[Nominal]]:
        spans: dict[int, list[NameSpan]] = {}
        for m in self.mentions:
            if m.kind == "name" and not self._is_description(m):
                spans.setdefault(m.sentence_id, []).append(NameSpan(m.start, m.end, m.label, m.score, m.recognizer))
        return {
            s.sentence_id: list(find_nominals(s, spans.get(s.sentence_id, ())))
            for s in self.document.sentences
            if s.kind != "boilerplate"
        }

    def _is_description(self, mention: Mention) -> bool:
        """Whether a name is a country's noun that the model took for one (阿、乌两国代表团, وفداً روسياً)."""
        if not (mention.entity_id or "").startswith("x") or mention.label == "PER":
            return False
        if mention.text.split()[0] in _arabic_institutions():
            return len(mention.text.split()) == 2 and fold_string(mention.text.split()[1]) in self.lexicon.demonyms
        return any(mention.text.endswith(form) and mention.text != form for form in institution_forms())

    # Spans

    def settled(self, arguments: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """Arguments whose spans are whole names or phrases, one for each party of a list.

        A span cut within a name or a title grows to it ("Celso" of "Celso Amorim"), a mere article
        to the noun behind it, "Iran and Pakistan" becomes two; an article without a noun goes.
        """
        answer: list[ProposedArgument] = []
        for argument in arguments:
            if argument.role not in PARTY_ROLES:
                answer.append(argument)
                continue
            for start, end in self._settled(*self._widened(argument, arguments)):
                grown = replace(argument, start=start, end=end)
                if not any(a.role == grown.role and a.start < end and start < a.end for a in answer):
                    answer.append(grown)
        return [a for a in answer if not self._is_title_of_another(a, answer)]

    def _settled(self, start: int, end: int) -> list[tuple[int, int]]:
        text = self.text
        while start < end and text[start] in _EDGES:
            start += 1
        while end > start and text[end - 1] in _EDGES:
            end -= 1
        # A preposition at the end leads to what is no part of the party: السفارة النرويجية في.
        if (hanging := phrase("ar", "hanging").search(text, start, end)) is not None:
            end = hanging.start()
        if (hanging := phrase("zh", "hanging").search(text, start, end)) is not None:
            end = hanging.start()
        if end - start > 2 and phrase("zh", "certain").match(text, start):
            start += 1
        if (hanging := phrase("en", "hanging").search(text, start, end)) is not None:
            end = hanging.start()
        # به, عنهم: the pronoun behind the preposition is meant.
        if (joined := phrase("ar", "preposition_with_pronoun").match(text, start, end)) is not None:
            start = joined.end()
        sentence = self._sentence(start)
        if sentence is None or start >= end:
            return []
        if sentence.language == "ar" and self._begins(start + 1, sentence) and not self._begins(start, sentence):
            start += 1  # بقادة المنطقة: the preposition is not the leaders'
        names = [m for m in self._overlapping(start, end) if m.kind == "name"]
        for name in names:
            if name.start < start < name.end or name.start < end < name.end:
                start, end = min(start, name.start), max(end, name.end)
        nominals = self._nominals_by_sentence.get(sentence.sentence_id, [])
        for nominal in nominals:
            if (nominal.start <= start and end <= nominal.end) or (nominal.start < end < nominal.end and not names):
                start, end = min(start, nominal.start), max(end, nominal.end)
        if sentence.language == "en" and not names:
            words = text[start:end].lower().split()
            bare = all(phrase("en", "determiner").fullmatch(word) for word in words)
            if not any(n.start < end and start < n.end for n in nominals) and (
                bare or phrase("en", "title_modifier").fullmatch(words[-1])
            ):
                ends = [n.end for n in nominals if end <= n.start <= end + 30 and n.end <= sentence.end
                        and _WORDS_ONLY.fullmatch(text[end : n.start])]  # fmt: skip
                if ends:
                    return [(start, ends[0])]
                return [] if bare else [(start, end)]
        parts = self._listed(names, start, end, sentence.language)
        if not parts and sentence.language == "ar":
            parts = self._joined_by_and(names, nominals, start, end)
        return parts or [(start, end)]

    def _widened(self, argument: ProposedArgument, others: Sequence[ProposedArgument]) -> tuple[int, int]:
        """A span grown over what belongs to it: the countries of a list, a speaker's office."""
        sentence = self._sentence(argument.start)
        if argument.role == "speaker" and sentence is not None and sentence.language == "en":
            return argument.start, owned_end(self.text, argument.end)
        if sentence is not None and sentence.language == "zh" and phrase("zh", "side").match(self.text, argument.end):
            argument = self._side(argument)
        return self._with_list(argument, others)

    def _side(self, argument: ProposedArgument) -> ProposedArgument:
        """A lone 智 of 智方, whole."""
        grown = replace(argument, end=argument.end + 1)
        return grown if self._references.side(self.text[grown.start : grown.end]) else argument

    def _begins(self, at: int, sentence: Sentence) -> bool:
        """Whether a name or a noun for a party begins at a point, a joined particle before it."""
        if phrase("ar", "joined_before").fullmatch(self.text[at - 1 : at]) is None:
            return False
        nominals = self._nominals_by_sentence.get(sentence.sentence_id, ())
        return any(m.start == at and m.kind == "name" for m in self._overlapping(at, at + 1)) or any(
            n.start == at for n in nominals
        )

    def _joined_by_and(
        self, names: Sequence[Mention], nominals: Sequence[Nominal], start: int, end: int
    ) -> list[tuple[int, int]]:
        """The two parts of "a name and his counterparts" (فلان ونظيريه), "the states of a region and a country"."""
        for match in phrase("ar", "and_then").finditer(self.text, start, end):
            cut = match.end()
            before = [m for m in names if m.end <= match.start()]
            behind = next((n for n in nominals if n.start == cut), None)
            if behind is not None and (behind.entry.stands == "counterparts" or (before and before[0].start <= start)):
                return [(start, match.start()), (cut, end)]
            region = (
                before
                and before[-1].label == "LOC"
                and before[0].start > start
                and phrase("ar", "adjective_gap").fullmatch(self.text, before[-1].end, match.start())
            )
            if region and any(m.start == cut and m.end == end and m.label == "GPE" for m in names):
                return [(start, match.start()), (cut, end)]
        return []

    def _with_list(self, argument: ProposedArgument, others: Sequence[ProposedArgument]) -> tuple[int, int]:
        """A Chinese span grown over the countries that share its noun: 智利、秘鲁 before 两国外长."""
        start, end = argument.start, argument.end
        sentence = self._sentence(start)
        if sentence is None or sentence.language != "zh":
            return start, end
        spans = sorted({(a.start, a.end) for a in others if a.role == argument.role})
        for first, last in reversed(spans):
            if last < start and self._shares_noun(last, start, end):
                start = first
        for first, last in spans:
            if first > end and self._shares_noun(end, first, last):
                end = last
        return start, end

    def _shares_noun(self, edge: int, start: int, end: int) -> bool:
        """Whether a country before ``edge`` stands in one list with the span, whose noun is all's."""
        names = [m for m in self._overlapping(edge - 1, edge) if m.kind == "name" and m.end == edge]
        if not any(m.label == "GPE" for m in names) or not phrase("zh", "list_mark").fullmatch(self.text[edge:start]):
            return False
        return self._is_countrys_noun(start, end)

    def _is_countrys_noun(self, start: int, end: int) -> bool:
        """Whether a Chinese span is a country with a noun of its bodies or offices: 秘鲁外长."""
        sentence = self._sentence(start)
        nominals = () if sentence is None else self._nominals_by_sentence.get(sentence.sentence_id, ())
        written = self.text[start:end]
        if any(n.end == end and start < n.start and (n.entry.each or n.entry.office) for n in nominals):
            return True
        return any(written.endswith(form) and written != form for form in institution_forms())

    def _listed(self, names: Sequence[Mention], start: int, end: int, language: str) -> list[tuple[int, int]]:
        """The names of a span that is nothing but a list of names."""
        if len(names) < 2 or language not in LANGUAGES:
            return []
        edge = start
        for number, name in enumerate(names):
            gap = self.text[edge : name.start]
            if not (phrase(language, "list_gap").fullmatch(gap) if number else not gap.strip()):
                return []
            if number and not gap.strip() and language != "ar":
                return []
            edge = name.end
        if language == "zh" and names[0].label == "GPE" and self._is_countrys_noun(names[-1].start, names[-1].end):
            return []
        return [(m.start, m.end) for m in names] if not self.text[edge:end].strip() else []

    def _is_title_of_another(self, argument: ProposedArgument, others: Sequence[ProposedArgument]) -> bool:
        """Whether a span is only the title before a name that is an argument in the same role."""
        sentence = self._sentence(argument.start)
        nominals = () if sentence is None else self._nominals_by_sentence.get(sentence.sentence_id, ())
        names = [
            n.title_of for n in nominals if n.title_of is not None and n.start < argument.end and argument.start < n.end
        ]
        return any(
            other is not argument and other.role == argument.role and name.start < other.end and other.start < name.end
            and argument.end <= name.start
            for name in names for other in others
        )  # fmt: skip

    # Entities

    def resolve(self, start: int, end: int, context: Context) -> tuple[Resolved, ...]:
        """The entities of a span; none where it stays open.

        A name that heads the span is meant; otherwise the noun that heads it ("Bolivia's top
        diplomat" is a diplomat, not Bolivia), and where that stays open, so does the span.
        """
        sentence = self._sentence(start)
        if sentence is None:
            return ()
        owned = find_owned(self.text[start:end], sentence.language)
        if owned is not None:
            # "Her office" stays as printed, and so does that of someone without a name in Latin letters.
            owner = self.resolve(start + owned.start, start + owned.end, replace(context, role=None))
            if owned.named and len(owner) == 1 and owner[0].label == "PER" and script_of(owner[0].name) == "latin":
                return (Resolved("", f"{owner[0].name}'s {owned.noun}", "ORG"),)
            return ()
        near = self._overlapping(start, end)
        if sentence.language == "zh":
            written = self.text[start:end]
            if country := self._references.short_list(written) or self._references.side(written):
                return country
        names = [m for m in near if m.kind == "name" and not self._is_description(m)]
        best = max(names, key=lambda m: min(m.end, end) - max(m.start, start), default=None)
        heads = [
            n for n in self._nominals_by_sentence.get(sentence.sentence_id, ()) if n.start < end and start < n.end
        ]  # fmt: skip
        if best is not None and self._heads(best, start, end, sentence.language, heads):
            return (self._acting(self._resolved(best), context.role),) if best.entity_id else ()
        if heads:
            # The head stands last in English and Chinese, first in Arabic.
            head = self._head(heads, sentence.language)
            if head.title_of is not None:
                title_of = head.title_of
                whom = next((m for m in self.mentions if m.start == title_of.start and m.kind == "name"), None)
                return (self._resolved(whom),) if whom is not None and whom.entity_id else ()
            return self._references.resolve(head, sentence, context, (start, end))
        if phrase("ar", "suffix").fullmatch(self.text[start:end]):
            return self._references.pronoun(start, end, sentence, context)
        if self.text[start:end].lower() in whole_plurals(sentence.language):
            return self._references.people(start, context)
        return ()

    def _head(self, nominals: Sequence[Nominal], language: str) -> Nominal:
        """The noun that heads a phrase: the last in Chinese, the first in Arabic; in English the last
        but for what "of" or "from" brings in ("delegations from the two countries")."""
        if language != "en" or len(nominals) == 1:
            return nominals[0 if language == "ar" else -1]
        head = nominals[0]
        for following in nominals[1:]:
            if phrase("en", "of_gap").fullmatch(self.text[head.end : following.start]):
                break
            head = following
        return head

    def _heads(self, name: Mention, start: int, end: int, language: str, nominals: Sequence[Nominal]) -> bool:
        """Whether a name is the span's head, not a modifier of the noun that is."""
        if name.start <= start and end <= name.end:
            return True
        if language == "en" and phrase("en", "possessive_word").match(self.text, name.end, end):
            return False
        if name.label == "PER" and name.start <= start and self.text[name.end : end] in _titles_behind(language):
            return True  # 王毅外长
        share = (min(name.end, end) - max(name.start, start)) / (end - start)
        if name.label == "PER":
            return share >= _MOSTLY or not any(n.title_of is None for n in nominals)
        if language == "ar":
            return name.start <= start + 2 and share >= _MOSTLY
        tail = self.text[name.end : end].strip(" '’s.,")
        if any(n.start >= name.end for n in nominals):
            return False
        return share >= _MOSTLY and len(tail) < (2 if language == "zh" else 4)

    def _acting(self, party: Resolved, role: str | None) -> Resolved:
        """The country whose capital acts: "Doha said", واشنطن in talks."""
        known = self.lexicon.by_id.get(party.entity_id)
        if role not in PARTY_ROLES or known is None or known.kind != "capital" or known.country is None:
            return party
        if known.entity_id == _UNION_SEAT:
            acting = next(iter(self.lexicon.named(_UNION)), None)
        else:
            acting = self.lexicon.country_entity.get(known.country)
        return party if acting is None else Resolved(acting.entity_id, acting.shown, acting.label)

    def in_quote(self, at: int) -> bool:
        """Whether a point lies between quotation marks."""
        return self._references.in_quote(at)

    def is_pronoun(self, start: int, end: int) -> bool:
        """Whether a span is a pronoun, which names nobody by itself."""
        if phrase("ar", "suffix").fullmatch(self.text[start:end]) or is_first_person(self.text[start:end]):
            return True
        sentence = self._sentence(start)
        nominals = () if sentence is None else self._nominals_by_sentence.get(sentence.sentence_id, ())
        return any(n.entry.kind == "pronoun" and n.start <= start and end <= n.end for n in nominals)

    def is_name(self, start: int, end: int) -> bool:
        """Whether a span is a name, which stands for itself."""
        names = [m for m in self._overlapping(start, end) if m.kind == "name"]
        return any(m.start <= start and end <= m.end for m in names)

    def label(self, start: int, end: int) -> str:
        """PER, ORG or GPE by the noun of a description; PER where no list has it."""
        sentence = self._sentence(start)
        nominals = () if sentence is None else self._nominals_by_sentence.get(sentence.sentence_id, ())
        heads = [n for n in nominals if n.start < end and start < n.end]
        if not heads or sentence is None:
            return "PER"
        return (heads[0] if sentence.language == "ar" else heads[-1]).entry.label

    def is_person(self, start: int, end: int) -> bool:
        """Whether a span is one person's name."""
        names = [m for m in self._overlapping(start, end) if m.kind == "name"]
        return len(names) == 1 and names[0].label == "PER"

    def is_country(self, mention: Mention) -> bool:
        """Whether a name is a country's, as the tables have it."""
        known = self.lexicon.by_id.get(mention.entity_id or "")
        return known is not None and known.kind == "country"

    def is_plural(self, start: int, end: int) -> bool:
        """Whether a noun for several parties heads a span."""
        sentence = self._sentence(start)
        nominals = () if sentence is None else self._nominals_by_sentence.get(sentence.sentence_id, ())
        head = next((n for n in nominals if n.start < end and start < n.end), None)
        return head is not None and head.entry.plural

    def gender(self, start: int, end: int) -> str | None:
        """The gender of the one person at a span, by name, titles or noun; None where nothing tells."""
        names = [m for m in self._overlapping(start, end) if m.kind == "name"]
        if names:
            whole = [m for m in names if m.label == "PER" and m.entity_id]
            return self._references.gender(self._resolved(whole[0])) if len(names) == 1 and whole else None
        sentence = self._sentence(start)
        nominals = () if sentence is None else self._nominals_by_sentence.get(sentence.sentence_id, ())
        head = next((n for n in nominals if n.start < end and start < n.end), None)
        if head is None or head.entry.label != "PER" or head.entry.plural:
            return None
        if head.entry.kind == "pronoun" and sentence is not None:
            return pronoun_gender(self.text[head.start : head.end], sentence.language)
        first = self.text[head.start : head.end].split()[0]
        return FEMALE if first.endswith(("ة", "ته", "تها")) else MALE

    def _sentence(self, start: int) -> Sentence | None:
        at = bisect.bisect_right(self._sentence_starts, start) - 1
        return self.document.sentences[at] if at >= 0 else None

    def _overlapping(self, start: int, end: int) -> Sequence[Mention]:
        low = bisect.bisect_left(self._starts, start - 120)
        high = bisect.bisect_left(self._starts, end)
        return [m for m in self.mentions[low:high] if m.end > start]

    def _resolved(self, mention: Mention) -> Resolved:
        entity_id = mention.entity_id or ""
        return Resolved(entity_id, self.names.get(entity_id, mention.text), mention.label)
