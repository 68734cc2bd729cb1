"""Whose words an Arabic statement reports, where the verb's form and place tell it.

An Arabic verb agrees with its subject in gender and stands before it, or leaves it out and goes on
with the one before (وأضاف أن…); a participle (مشيراً إلى…) never has a subject of its own (Ryding,
A Reference Grammar of Modern Standard Arabic, 2005, chapters 4 and 5). The model looks at nearness
and takes a name from within the reported clause.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.core.rows import Document, Mention, Sentence
from pipeline.entities.gender import FEMALE, MALE
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.languages import load_topic
from pipeline.languages.phrases import phrase
from pipeline.languages.triggers import Hit, find_triggers

Gender = Callable[[int, int], "str | None"]
"""The gender of the party at a span, or None."""

_LETTERS = re.compile(r"[\u0621-\u0652]")
_PAST_FEMALE = re.compile(r"ت(?:ه|ها|هم|هما|نا|ني|ا)?$")
_ADVERB = re.compile(r"[\u064b-\u0652]+")
_NEAR = 40


def with_subjects(document: Document, proposals: Sequence[Proposal], gender: Gender) -> list[Proposal]:
    """Settle the speakers of Arabic statements; other proposals stay as they are.

    ``proposals`` and the answer are in text order. A speaker whose gender the verb excludes goes,
    or becomes the addressee where the verb has one; of several unconnected speakers one is left; a
    statement left without a speaker takes the nearest one before it in its sentence that agrees.
    """
    sentences = {s.sentence_id: s for s in document.sentences}
    answer: list[Proposal] = []
    for proposal in proposals:
        sentence = sentences[proposal.sentence_id]
        if proposal.type == "statement" and sentence.language == "ar":
            earlier = [p for p in answer if p.type == "statement" and p.sentence_id == proposal.sentence_id]
            proposal = _Verb(document, sentence, proposal, gender).settled(earlier)
        answer.append(proposal)
    return answer


def verb_agrees(
    document: Document, proposal: Proposal, sentence: Sentence, span: tuple[int, int], gender: Gender
) -> bool:
    """Whether an Arabic verb's form allows the party at a span as the subject that it leaves out."""
    return _Verb(document, sentence, proposal, gender).fits(*span)


def _is_pronoun(mention: Mention) -> bool:
    return mention.kind == "pronoun"


class _Verb:
    """A reporting word in its sentence."""

    def __init__(self, document: Document, sentence: Sentence, proposal: Proposal, gender: Gender) -> None:
        self.text, self.mentions = document.article.text, document.mentions
        self.sentence, self.proposal, self._gender = sentence, proposal, gender
        start, end = proposal.start - sentence.start, proposal.end - sentence.start
        hits = find_triggers(sentence)
        self.hit: Hit | None = next((h for h in hits if h.start < end and start < h.end), None)
        self.kind = self.hit.entry.pos if self.hit is not None else "verb"
        if self.kind == "verb" and phrase("ar", "participle").match(self._word()):
            self.kind = "participle"
        self.gender = word_gender(self._word(), self.kind)

    def _word(self) -> str:
        """The whole word, joined conjunction and object and all."""
        start, end = self.proposal.start, self.proposal.end
        while start > 0 and _LETTERS.match(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and _LETTERS.match(self.text[end]):
            end += 1
        return self.text[start:end]

    def settled(self, earlier: Sequence[Proposal]) -> Proposal:
        """The proposal with the speakers that the grammar allows; ``earlier`` are the sentence's statements before."""
        speakers = [a for a in self.proposal.arguments if a.role == "speaker"]
        others = tuple(a for a in self.proposal.arguments if a.role != "speaker")
        if self.kind == "preposition" or phrase("ar", "source").match(self._word()):
            return self.proposal
        speakers = self._without_guesses(speakers, earlier)
        if self.kind == "participle":
            chosen = self._inherited(earlier) or speakers
            return replace(self.proposal, arguments=(*chosen, *others))
        kept = [a for a in speakers if self._reachable(a)]
        if not kept and not self._inherited(earlier):
            kept = [a for a in speakers if a.score is not None]
        told: tuple[ProposedArgument, ...] = ()
        # A verb agrees with the first of several subjects.
        wrong = [a for group in self._groups(kept) if self._excluded(group[0]) for a in group]
        if wrong:
            sure = [a for a in kept if self._gender(a.start, a.end) == self.gender] or self._inherited(
                earlier, sure=True
            )
            if sure:
                told = tuple(replace(a, role="addressee") for a in wrong if self._is_object(a))[:1]
                kept = [a for a in kept if a not in wrong] or sure
        if len(kept) > 1 and self.kind == "verb":
            kept = self._connected(kept)
        if not kept:
            kept = self._own_pronoun() or self._inherited(earlier)
        if any(a.role == "addressee" for a in others):
            told = ()
        elif not told:
            told = self._object(kept, others)
        return replace(self.proposal, arguments=(*kept, *told, *others))

    def _without_guesses(
        self, speakers: Sequence[ProposedArgument], earlier: Sequence[Proposal]
    ) -> list[ProposedArgument]:
        """Without what only a rule gives to an event of the model's, where it stands before the verb of a chain,
        where the verb is of the other gender, or where it is told ("to") rather than telling."""
        kept: list[ProposedArgument] = []
        for a in speakers:
            guess = a.score is None and self.proposal.score is not None
            if guess and a.end <= self.proposal.start and earlier:
                continue
            if guess and self.kind == "verb" and not self.fits(a.start, a.end):
                continue
            if (
                guess
                and a.start >= self.proposal.end
                and phrase("ar", "told").search(self.text[self.proposal.end : a.start])
            ):
                continue
            kept.append(a)
        return kept

    def _object(
        self, speakers: Sequence[ProposedArgument], others: Sequence[ProposedArgument]
    ) -> tuple[ProposedArgument, ...]:
        """Whom a verb with an addressee names right behind its subject: دعت الهند الطرفين إلى…"""
        if self.hit is None or not self.hit.entry.addressee or self.kind != "verb" or len(speakers) != 1:
            return ()
        edge = speakers[0].end + 1
        if speakers[0].start < self.proposal.end or self.text[edge - 1 : edge] != " ":
            return ()
        found = next((m for m in self.mentions if m.start == edge and not _is_pronoun(m)), None)
        if found is None or any(a.start < found.end and found.start < a.end for a in others):
            return ()
        return (ProposedArgument("addressee", found.start, found.end),)

    def _excluded(self, argument: ProposedArgument) -> bool:
        """Whether the verb is of the other gender; who stands right behind it may be excluded as its object alone."""
        known = self._gender(argument.start, argument.end)
        if self.kind != "verb" or self.gender is None or known is None or known == self.gender:
            return False
        return not self._follows(argument) or self._is_object(argument)

    def _is_object(self, argument: ProposedArgument) -> bool:
        return self.hit is not None and self.hit.entry.addressee and self._follows(argument)

    def _follows(self, argument: ProposedArgument) -> bool:
        return 0 <= argument.start - self.proposal.end <= _NEAR and not phrase("ar", "reported_clause").search(
            self._gap(argument)
        )

    def _gap(self, argument: ProposedArgument) -> str:
        """What stands between the verb and a party behind it, the quotation marks of a name aside."""
        return self.text[self.proposal.end : argument.start].rstrip(' "«“')

    def _reachable(self, argument: ProposedArgument) -> bool:
        """Whether no word of the reported clause stands between; a rule's guess must not be an object either."""
        if argument.start < self.proposal.end:
            return True
        gap = self._gap(argument)
        if argument.score is None and phrase("ar", "told_to").search(self.text[self.proposal.end : argument.start]):
            return False
        return (self.kind != "verb" and argument.score is not None) or not phrase("ar", "reported_clause").search(gap)

    def _own_pronoun(self) -> list[ProposedArgument]:
        """The joined pronoun of a noun of saying: على حد قوله, انتقاداتها."""
        if (
            self.kind != "noun"
            or (suffix := phrase("ar", "joined_pronoun").search(self.text[self.proposal.start : self.proposal.end]))
            is None
        ):
            return []
        before = self.text[self.sentence.start : self.proposal.start]
        if phrase("ar", "his_word").match(self.text, self.proposal.start) and not phrase("ar", "to_his_word").search(
            before
        ):
            return []  # ما يمكن قوله: nobody's
        start = self.proposal.start + suffix.start()
        return [ProposedArgument("speaker", start, self.proposal.end)]

    def fits(self, start: int, end: int) -> bool:
        """Whether the verb's form allows the party at a span as its subject."""
        known = self._gender(start, end)
        return self.gender is None or known is None or known == self.gender

    def _connected(self, speakers: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """The speakers that one "and" joins: those right behind the verb, else the nearest before it."""
        groups = self._groups(speakers)
        behind = [g for g in groups if self._follows(g[0])]
        before = [g for g in groups if g[-1].end <= self.proposal.start]
        inside = [g for g in before if g[0].start >= self.sentence.start]
        if before and not inside and not behind:
            return max(before, key=lambda g: max(a.score or 0.0 for a in g))
        return (behind or inside[-1:] or before[-1:] or groups)[0]

    def _groups(self, speakers: Sequence[ProposedArgument]) -> list[list[ProposedArgument]]:
        """The speakers in the groups that "and" joins, in text order."""
        groups: list[list[ProposedArgument]] = []
        for argument in sorted(speakers, key=lambda a: a.start):
            gap = self.text[groups[-1][-1].end : argument.start] if groups else ""
            crosses = groups and groups[-1][-1].end <= self.proposal.start < argument.start
            if (
                groups
                and not crosses
                and (
                    phrase("ar", "coordinated").fullmatch(gap)
                    or phrase("ar", "including").search(gap)
                    or not gap.strip()
                )
            ):
                groups[-1].append(argument)
            else:
                groups.append([argument])
        return groups

    def _inherited(self, earlier: Sequence[Proposal], *, sure: bool = False) -> list[ProposedArgument]:
        """The speakers of the nearest statement before that agree; with ``sure`` only where their gender is known."""
        for other in reversed(earlier):
            speakers = [a for a in other.arguments if a.role == "speaker"]
            known = [self._gender(a.start, a.end) for a in speakers]
            if speakers and all(g == self.gender or (not sure and (g is None or self.gender is None)) for g in known):
                return [replace(a, score=None) for a in speakers]
        return []


def word_gender(word: str, kind: str) -> str | None:
    """The gender of the subject that a verb or participle agrees with; None where its form does not tell.

    >>> word_gender("وقالت", "verb"), word_gender("يؤكد", "verb"), word_gender("مشيرة", "participle")
    ('f', 'm', 'f')
    """
    bare = _ADVERB.sub("", word)
    if kind == "participle":
        if bare.endswith("ة"):
            return FEMALE
        return None if bare.endswith(("ين", "ون", "ان")) else MALE
    if kind != "verb":
        return None
    words = _verb_words()
    for joined in ("", "و", "ف"):
        stem = bare.removeprefix(joined)
        if stem in words["masculine"]:
            return MALE
        if stem in words["feminine"]:
            return FEMALE
    stem = bare[1:] if bare[:1] in "وف" and len(bare) > 3 else bare
    stem = stem.removeprefix("س") if stem[:2] in ("سي", "ست") else stem
    if stem.startswith("ي"):
        return None if stem.endswith(("ون", "ان", "ين", "وا")) else MALE
    if stem.startswith(("ن", "أ")) and not _PAST_FEMALE.search(stem):
        return None
    if stem.endswith(("وا", "تما", "تم", "نا")):
        return None
    if _PAST_FEMALE.search(stem) and len(stem) >= 4:
        return FEMALE
    return None if stem.startswith("ت") or stem.endswith("ت") or len(stem) < 3 else MALE


@functools.cache
def _verb_words() -> dict[str, frozenset[str]]:
    topic = load_topic("ar", "gender")
    return {kind: frozenset(topic[f"{kind}_verbs"].split()) for kind in ("masculine", "feminine")}


__all__ = ["Gender", "verb_agrees", "with_subjects", "word_gender"]
