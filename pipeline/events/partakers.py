"""Who takes part in an Arabic meeting or call, where the sentence's grammar tells it.

Arabic names the parties behind the noun (لقاء الوزيرين, اتصال بين…) or the verb (يجتمع الوزيران), and
the verb of a clause with أن has its subject in the pronoun joined to it (قال إنه سيلتقي…). The model
takes in parties of the clause before, and loses the subject that only a pronoun repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.rows import Document, Sentence
from pipeline.entities.gender import pronoun_gender
from pipeline.events.parties import PartyResolver
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.languages.phrases import phrase
from pipeline.languages.triggers import find_triggers

_FAR, _SURE = 40, 0.9


def with_partakers(document: Document, proposals: Sequence[Proposal], resolver: PartyResolver) -> list[Proposal]:
    """Settle the participants of Arabic meetings and calls; other proposals stay as they are.

    ``proposals`` and the answer are in text order; the speakers of statements must be settled.
    """
    sentences = {s.sentence_id: s for s in document.sentences}
    answer: list[Proposal] = []
    for proposal in proposals:
        sentence = sentences[proposal.sentence_id]
        if proposal.type != "statement" and sentence.language == "ar":
            near = [p for p in answer if p.sentence_id == proposal.sentence_id]
            later = [p for p in proposals if p.sentence_id == proposal.sentence_id and p.start > proposal.start]
            proposal = _Gathering(document, sentence, proposal, (near, later), resolver).settled()
        answer.append(proposal)
    return answer


class _Gathering:
    """A word of meeting or calling in its sentence, with the events told before and after it there."""

    def __init__(
        self, document: Document, sentence: Sentence, proposal: Proposal,
        beside: tuple[Sequence[Proposal], Sequence[Proposal]], resolver: PartyResolver,
    ) -> None:  # fmt: skip
        self.document, self.sentence, self.proposal, self.resolver = document, sentence, proposal, resolver
        self.text = document.article.text
        self.earlier, self.later = beside
        start, end = proposal.start - sentence.start, proposal.end - sentence.start
        hit = next((h for h in find_triggers(sentence) if h.start < end and start < h.end), None)
        self.is_noun = hit is not None and hit.entry.pos == "noun"

    def settled(self) -> Proposal:
        """The proposal with the participants that the grammar allows and those that it adds."""
        mine = [a for a in self.proposal.arguments if a.role == "participant"]
        others = [a for a in self.proposal.arguments if a.role != "participant"]
        people = [a for a in others if a.role == "place" and self.resolver.is_person(a.start, a.end)]
        others = [a for a in others if a not in people]
        mine += [
            replace(a, role="participant") for a in people if not any(a.start < m.end and m.start < a.end for m in mine)
        ]
        mine = self._without_guesses(mine)
        mine = self._without_proposer(self._without_bystanders(mine))
        mine = self._with_subject(mine)
        mine += self._coordinated(mine, others)
        mine += self._host(mine)
        mine += self._partner(mine, others)
        mine += self._listener(mine)
        mine = self._with_shared_subject(mine)
        back = self._refers_back(mine)
        if back:
            mine = [
                a for a in mine
                if not self._is_guess(a) and (not self._beyond(a) or a.end <= self.proposal.start)
            ]  # fmt: skip
        arguments = (*sorted(mine, key=lambda a: a.start), *others)
        return replace(self.proposal, arguments=arguments, refers_back=back)

    def _refers_back(self, mine: Sequence[ProposedArgument]) -> bool:
        """Whether the word is a definite noun without parties of its own: المكالمة, هذا اللقاء, محادثات جنيف."""
        if not self.is_noun:
            return False
        own = self._own([a for a in mine if a.start >= self.proposal.end])
        if own:
            # لقاء حداد: with whom was told before.
            gap = self.text[self.proposal.end : own[0].start]
            return (
                len(mine) == 1
                and gap == " "
                and self.resolver.is_person(own[0].start, own[0].end)
                and (phrase("ar", "own_after").match(self.text, own[0].end) is None)
            )
        written = self.text[self.proposal.start : self.proposal.end]
        before = self.text[self.sentence.start : self.proposal.start]
        if not phrase("ar", "referring_noun").match(written) or phrase("ar", "partitive").search(before):
            return False
        after = self.text[self.proposal.end : self.sentence.end]
        if phrase("ar", "own_after").match(after):
            return False
        if written.startswith("ال"):
            return True
        return any(
            m.kind == "name" and m.label in ("GPE", "LOC") and m.start == self.proposal.end + 1
            and not self.resolver.is_country(m)
            for m in self.document.mentions
        )  # fmt: skip

    def _without_guesses(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """Without what the rules added from beyond a clause's edge, and without names in brackets behind another."""
        kept: list[ProposedArgument] = []
        for a in sorted(mine, key=lambda a: a.start):
            if self._is_guess(a) and (self._beyond(a) or self._speaks(a)):
                continue
            if kept and self.text[kept[-1].end : a.start] in (" (", "(") and self.text[a.end : a.end + 1] == ")":
                continue
            kept.append(a)
        return kept

    def _without_proposer(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """Without who only speaks of the meeting in a relative clause behind it: القمة التي اقترحها فلان بين…"""
        speakers = [
            a for p in self.later if p.type == "statement" for a in p.arguments
            if a.role == "speaker" and self.proposal.end < p.start < a.start
            and phrase("ar", "relative").search(self.text[self.proposal.end : p.start])
        ]  # fmt: skip
        kept = [a for a in mine if not any(s.start < a.end and a.start < s.end for s in speakers)]
        return kept if kept else list(mine)

    def _is_guess(self, argument: ProposedArgument) -> bool:
        """Whether only a rule gives a party of an event that the model knows."""
        return argument.score is None and self.proposal.score is not None

    def _beyond(self, argument: ProposedArgument) -> bool:
        first, last = sorted(((argument.start, argument.end), (self.proposal.start, self.proposal.end)))
        return phrase("ar", "clause").search(self.text[first[1] : last[0]]) is not None

    def _speaks(self, argument: ProposedArgument) -> bool:
        return any(
            a.role == "speaker" and a.start < argument.end and argument.start < a.end
            for p in self.earlier if p.type == "statement" for a in p.arguments
        )  # fmt: skip

    def _without_bystanders(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """Without parties before a word whose own parties stand behind it, unless a light verb leads there from them."""
        before = [a for a in mine if a.end <= self.proposal.start]
        behind = [a for a in mine if a.start >= self.proposal.end]
        own = self._own(behind)
        if self._complete(own):
            return [a for a in mine if a not in before or self._leads(a)]
        if own and self.is_noun and not self.text[self.proposal.end : own[0].start].strip():
            # لقاء الوزراء: theirs; what a rule adds from before is not.
            before = [a for a in before if not self._is_guess(a) or self._leads(a)]
            mine = [*before, *behind]
        return [
            a for a in mine
            if a not in before or a.score is None or a.score >= _SURE or self.proposal.start - a.end <= _FAR or not own
        ]  # fmt: skip

    def _complete(self, own: Sequence[ProposedArgument]) -> bool:
        """Whether the phrase behind the word names all who take part: بين زيد وعمرو, لقاء الوزيرين, يجتمع الوزيران.

        With مع, or behind a noun or verb that has an object (استقبال الوفود), somebody else takes part, too.
        """
        if not own:
            return False
        gap = self.text[self.proposal.end : own[0].start]
        several = len(own) >= 2 or self.resolver.is_plural(own[0].start, own[0].end)
        both = phrase("ar", "the_two").fullmatch(self.text[own[0].start : own[0].end]) is not None
        if both or phrase("ar", "between").search(gap):
            return several or both
        if gap.strip():
            return False
        if self.is_noun:
            return several and phrase("ar", "noun_of_object").match(self.text, self.proposal.start) is None
        if phrase("ar", "intransitive").search(self.text[self.proposal.start - 2 : self.proposal.end]):
            return several
        return (
            len(own) == 1
            and several
            and phrase("ar", "nominative").match(self.text[own[0].start : own[0].end]) is not None
        )

    def _own(self, behind: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """The parties of the phrase right behind the word."""
        own: list[ProposedArgument] = []
        for a in sorted(behind, key=lambda a: a.start):
            gap = self.text[(own[-1].end if own else self.proposal.end) : a.start]
            if phrase("ar", "clause").search(gap.replace("، و", " و")) or len(gap) > 60:
                break
            if not own and not (phrase("ar", "own_gap").fullmatch(gap) or phrase("ar", "between").search(gap)):
                break
            own.append(a)
        return own

    def _leads(self, argument: ProposedArgument) -> bool:
        """Whether a light verb makes a party before a noun its subject: استضافت الدوحة محادثات بين…"""
        gap = self.text[argument.end : self.proposal.start]
        before = self.text[max(self.sentence.start, argument.start - 30) : argument.start]
        return (
            not self._beyond(argument)
            and (phrase("ar", "light_verb").search(gap) or phrase("ar", "light_verb").search(before)) is not None
        )

    # Subjects

    def _with_subject(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        clause = self.text[max(self.sentence.start, self.proposal.start - 40) : self.proposal.start]
        if (pronoun := phrase("ar", "pronoun_subject").search(clause)) is not None:
            at = max(self.sentence.start, self.proposal.start - 40) + pronoun.start("suffix")
            return self._of_pronoun(mine, pronoun["suffix"], at)
        if phrase("ar", "chained").search(clause):
            return self._of_chain(mine)
        return self._of_other(mine)

    def _of_pronoun(self, mine: Sequence[ProposedArgument], suffix: str, at: int) -> list[ProposedArgument]:
        """With the speaker whom "he said that he will meet" repeats, and no other party before the word."""
        statement = next((p for p in reversed(self.earlier) if p.type == "statement"), None)
        speakers = [] if statement is None else [a for a in statement.arguments if a.role == "speaker"]
        if statement is None or len(speakers) != 1 or any(a.start <= at < a.end for a in mine):
            return list(mine)
        if phrase("ar", "that").search(self.text, statement.end, at - 1):
            return list(mine)  # "that the envoy left and that he will return": the envoy
        speaker = speakers[0]
        known = self.resolver.gender(speaker.start, speaker.end)
        if known is not None and known != pronoun_gender(suffix, "ar"):
            return list(mine)
        kept = [a for a in mine if a.start >= self.proposal.end]
        if any(a.start < speaker.end and speaker.start < a.end for a in kept):
            return kept
        return [ProposedArgument("participant", speaker.start, speaker.end, speaker.score), *kept]

    def _of_chain(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """With the subject of the meeting or call before: "called X before he met Y"."""
        before = [a for a in mine if a.end <= self.proposal.start]
        other = next((p for p in reversed(self.earlier) if p.type != "statement"), None)
        if (
            other is None
            or not before
            or not all(phrase("ar", "oblique").search(self.text[max(0, a.start - 40) : a.start]) for a in before)
        ):
            return list(mine)
        parties = [a for a in other.arguments if a.role == "participant"]
        subject = next(
            (a for a in parties if not phrase("ar", "oblique").search(self.text[max(0, a.start - 40) : a.start])), None
        )
        if subject is None:
            return list(mine)
        return [replace(subject, score=None), *(a for a in mine if a not in before)]

    def _of_other(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """With the subject of the meeting before, where a rule took its guest: "called X days after talks with Y"."""
        answer = []
        for a in mine:
            other = next(
                (
                    p for p in reversed(self.earlier) if p.type != "statement"
                    and any(o.role == "participant" and o.start < a.end and a.start < o.end for o in p.arguments)
                ),
                None,
            )  # fmt: skip
            if other is None or not self._is_guess(a) or not self._is_oblique(a):
                answer.append(a)
                continue
            subject = next((o for o in other.arguments if o.role == "participant" and not self._is_oblique(o)), None)
            answer.append(a if subject is None else replace(subject, score=None))
        return answer

    def _is_oblique(self, argument: ProposedArgument) -> bool:
        return phrase("ar", "oblique").search(self.text[max(0, argument.start - 40) : argument.start]) is not None

    def _with_shared_subject(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """With the subject that a verb joined by "and" shares with the one before: يزور الرئيس المدينة ويبحث مع العمدة."""
        joined = self.text[self.proposal.start - 1 : self.proposal.start] == "و"
        if self.is_noun or not joined or len(mine) != 1 or mine[0].start < self.proposal.end:
            return list(mine)
        other = next((p for p in reversed(self.earlier) if p.type != "statement"), None)
        if other is None or phrase("ar", "with_whom").search(self.text[self.proposal.end : mine[0].start]) is None:
            return list(mine)
        subject = next((a for a in other.arguments if a.role == "participant" and not self._is_oblique(a)), None)
        if subject is None or subject.end > self.proposal.start:
            return list(mine)
        return [replace(subject, score=None), *mine]

    # Added parties

    def _listener(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """Whom the caller told it: أبلغه في اتصال هاتفي."""
        before = self.text[max(self.sentence.start, self.proposal.start - 6) : self.proposal.start]
        if self.proposal.type != "call" or len(mine) != 1 or phrase("ar", "inside").search(before) is None:
            return []
        statement = next((p for p in reversed(self.earlier) if p.type == "statement"), None)
        if statement is None or phrase("ar", "clause").search(self.text[statement.end : self.proposal.start]):
            return []
        speakers = [a for a in statement.arguments if a.role == "speaker"]
        told = [a for a in statement.arguments if a.role == "addressee"]
        if len(told) != 1 or not any(a.start < mine[0].end and mine[0].start < a.end for a in speakers):
            return []
        return [ProposedArgument("participant", told[0].start, told[0].end)]

    def _host(self, mine: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """The city or state that hosts: استضافت الدوحة محادثات, المحادثات التي تستضيفها الدوحة."""
        if not self.is_noun:
            return []
        low, high = max(self.sentence.start, self.proposal.start - 40), min(self.sentence.end, self.proposal.end + 50)
        for m in self.document.mentions:
            if m.kind != "name" or m.label not in ("GPE", "ORG") or not low <= m.start < high:
                continue
            if any(a.start < m.end and m.start < a.end for a in mine):
                continue
            before = self.text[max(low, m.start - 20) : m.start]
            if m.end <= self.proposal.start:
                gap = self.text[m.end : self.proposal.start]
                hosts = phrase("ar", "host_gap").fullmatch(gap) or (
                    phrase("ar", "hosts").search(before) and not gap.strip()
                )
            else:
                gap = self.text[self.proposal.end : m.start]
                hosts = (
                    phrase("ar", "hosts").search(before)
                    and phrase("ar", "relative").search(gap)
                    and not phrase("ar", "and_clause").search(gap)
                )
            if hosts:
                return [ProposedArgument("participant", m.start, m.end)]
        return []

    def _partner(self, mine: Sequence[ProposedArgument], others: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """The person right behind "a call to" or "talks with", where the proposals lack one side."""
        if not self.is_noun or len(mine) != 1 or mine[0].start >= self.proposal.end:
            return []
        for m in self.document.mentions:
            if m.kind != "name" or m.label != "PER" or not self.proposal.end < m.start < self.proposal.end + 60:
                continue
            if any(a.start < m.end and m.start < a.end for a in (*mine, *others)):
                return []
            joined = phrase("ar", "with").fullmatch(self.text[self.proposal.end : m.start]) is not None
            return [ProposedArgument("participant", m.start, m.end)] if joined else []
        return []

    def _coordinated(
        self, mine: Sequence[ProposedArgument], others: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        """The name that "and" joins to the last participant: نظيريه التشيلي… والبوليفي…"""
        added: list[ProposedArgument] = []
        for a in mine:
            name = next(
                (
                    m for m in self.document.mentions
                    if m.kind == "name" and m.label == "PER" and a.end < m.start <= a.end + 30
                    and phrase("ar", "and").fullmatch(self.text[a.end : m.start])
                ),
                None,
            )  # fmt: skip
            if name is None or name.end > self.sentence.end or not self.resolver.is_person(a.start, a.end):
                continue
            if phrase("ar", "verb_next").match(self.text, name.end):
                continue  # the subject of the next clause
            if not any(o.start < name.end and name.start < o.end for o in (*mine, *others, *added)):
                added.append(ProposedArgument("participant", name.start, name.end))
        return added


__all__ = ["with_partakers"]
