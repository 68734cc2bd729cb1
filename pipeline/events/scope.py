"""Which of the parties proposed for a trigger are its own, and which nouns refer back.

The model reads a whole line, and the rules reach over a clause: both take in parties of the
sentence behind, of the other half of a headline, of the verb beside it. What stands there belongs
to another event. A definite noun without parties of its own ("the talks will go on", 会谈结束后)
refers back to an event told before; ``pipeline.events.antecedents`` says to which.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.rows import Document, Mention, Sentence
from pipeline.entities.lexicon import load_lexicon
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.languages.phrases import phrase, phrase_anywhere

_ROLE = {"statement": "speaker", "meeting": "participant", "call": "participant"}
_PARTIES = frozenset({"participant", "speaker", "addressee"})
_SEGMENT = {"en": re.compile(r"\s*;\s+"), "zh": re.compile(r"(?<=[\u4e00-\u9fff”》）])\s+(?=[\u4e00-\u9fff“《])")}
_SHORTEST_SEGMENT = 4
_AT_END_EN = re.compile(r"[.\s]*")
_PUNCTUATION_ZH = re.compile(r"[，。；：？！]")


def scoped(proposals: Sequence[Proposal], document: Document) -> list[Proposal]:
    """Proposals with the parties that are their own, and marked where their noun refers back."""
    scope = _Scope(document, proposals)
    return [scope.settled(p) for p in proposals]


class _Scope:
    """The sentences, names and triggers of one document."""

    def __init__(self, document: Document, proposals: Sequence[Proposal]) -> None:
        self.text = document.article.text
        self.sentences = {s.sentence_id: s for s in document.sentences}
        self.gatherings: dict[int, list[Proposal]] = {}
        self.statements: dict[int, list[Proposal]] = {}
        for proposal in sorted(proposals, key=lambda p: p.start):
            kind = self.statements if proposal.type == "statement" else self.gatherings
            kind.setdefault(proposal.sentence_id, []).append(proposal)
        self.mentions = document.mentions
        self._starts = [m.start for m in document.mentions]

    def settled(self, proposal: Proposal) -> Proposal:
        """A proposal without the parties that are another's."""
        sentence = self.sentences[proposal.sentence_id]
        arguments = self._of_sentence(proposal, sentence, proposal.arguments)
        arguments = self._of_headline(proposal, sentence, arguments)
        back = False
        if proposal.type == "statement":
            arguments = self._without_possessed(sentence, self._inverted(proposal, sentence, arguments))
        else:
            arguments = self._without_possessor(sentence, arguments)
            arguments = self._without_circumstance(proposal, sentence, arguments)
            arguments = self._without_sides(proposal, sentence, arguments)
            if sentence.language != "ar":  # which puts the speaker behind the verb
                arguments = self._without_source(proposal, arguments)
            arguments = self._without_neighbours(proposal, sentence, arguments)
            arguments = self._of_possessor(proposal, sentence, arguments)
            back = self._refers_back(proposal, sentence)
            if back:
                arguments = self._on_its_side(proposal, sentence, arguments)
        return replace(proposal, arguments=tuple(arguments), refers_back=back)

    # Speakers and addressees

    def _inverted(
        self, proposal: Proposal, sentence: Sentence, arguments: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        """With the speaker behind the verb that ends an English sentence: "..., says the port"."""
        if sentence.language != "en" or not self.text[sentence.start : proposal.start].rstrip().endswith(
            (",", "”", '"', "'")
        ):
            return list(arguments)
        low, high = (bisect.bisect_left(self._starts, at) for at in (proposal.end, sentence.end))
        behind: Sequence[Mention] = self.mentions[low:high]
        behind = [
            m
            for m in behind
            if m.kind == "name"
            and m.end <= sentence.end
            and phrase("en", "article").fullmatch(self.text[proposal.end : m.start])
        ]
        if not behind or _AT_END_EN.fullmatch(self.text, behind[0].end, sentence.end) is None:
            return list(arguments)
        speaker = ProposedArgument("speaker", behind[0].start, behind[0].end)
        if any(a.role == "speaker" and a.start < speaker.end and speaker.start < a.end for a in arguments):
            return list(arguments)
        return [*(a for a in arguments if a.role != "speaker"), speaker]

    def _without_possessed(self, sentence: Sentence, arguments: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """Without an addressee of whose something is spoken: "called Norway's answer late"."""
        if sentence.language != "en":
            return list(arguments)
        return [
            a for a in arguments
            if a.role != "addressee" or not phrase("en", "possessed").match(self.text[a.end : a.end + 14])
        ]  # fmt: skip

    # What belongs elsewhere

    def _of_sentence(
        self, proposal: Proposal, sentence: Sentence, arguments: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        """Without parties of other sentences of the line, where the trigger's own has some."""
        role = _ROLE[proposal.type]
        own = sum(
            (2 if role == "participant" and self._is_several(a) else 1)
            for a in arguments
            if a.role == role and sentence.start <= a.start < sentence.end
        )
        return [
            a for a in arguments
            if a.role != role
            or sentence.start <= a.start < sentence.end
            or (a.start < sentence.start and own < (1 if role == "speaker" else 2))
            or (not own and role == "participant")
        ]  # fmt: skip

    def _of_headline(
        self, proposal: Proposal, sentence: Sentence, arguments: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        """Without parties of the other half of a headline: "ministers meet; Ruiz phones Okafor"."""
        mark = _SEGMENT.get(sentence.language)
        if mark is None or (sentence.kind != "title" and sentence.text.rstrip()[-1:] in '。！？.!?”"'):
            return list(arguments)
        cuts = [m.end() + sentence.start for m in mark.finditer(sentence.text)]
        edges = [sentence.start, *cuts, sentence.end]
        if not cuts or min(b - a for a, b in itertools.pairwise(edges)) < _SHORTEST_SEGMENT:
            return list(arguments)
        at = bisect.bisect_right(cuts, proposal.start)
        role = _ROLE[proposal.type]
        own = [a for a in arguments if a.role == role and bisect.bisect_right(cuts, a.start) == at]
        own = [a for a in own if not self._counts_sides(a, proposal)]
        return [a for a in arguments if a.role != role or not own or bisect.bisect_right(cuts, a.start) == at]

    def _counts_sides(self, argument: ProposedArgument, proposal: Proposal) -> bool:
        """Whether an argument only tells how many take part: 三方 in 三方视频通话."""
        return (
            phrase("zh", "sides").fullmatch(self.text[argument.start : argument.end]) is not None
            and argument.end == proposal.start
        )

    def _without_sides(
        self, proposal: Proposal, sentence: Sentence, arguments: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        others = [a for a in arguments if a.role == "participant" and not self._counts_sides(a, proposal)]
        if sentence.language != "zh" or not others:
            return list(arguments)
        return [a for a in arguments if a.role != "participant" or a in others]

    def _without_possessor(self, sentence: Sentence, arguments: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """Without the country of "Norway's Aune", where the person takes part."""
        if sentence.language != "en":
            return list(arguments)
        starts = {a.start for a in arguments if a.role == "participant"}
        return [
            a for a in arguments
            if a.role != "participant"
            or not re.search(r"['’]s?$", self.text[a.start : a.end])
            or not any(0 <= s - a.end <= 1 for s in starts)
        ]  # fmt: skip

    def _of_possessor(
        self, proposal: Proposal, sentence: Sentence, arguments: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        """With whose meeting it is, and no others before: "briefed the mayor on his meeting with the envoy"."""
        found = (
            phrase("en", "possessor").search(self.text[sentence.start : proposal.start])
            if sentence.language == "en" and phrase("en", "with_whom").match(self.text, proposal.end)
            else None
        )
        if found is None or not any(a.role == "participant" and a.start >= proposal.end for a in arguments):
            return list(arguments)
        low, high = (sentence.start + at for at in found.span("who"))
        kept = [a for a in arguments if a.role != "participant" or a.start >= low]
        if any(a.role == "participant" and a.start < high for a in kept):
            return kept
        return [ProposedArgument("participant", low, high), *kept]

    def _without_circumstance(
        self, proposal: Proposal, sentence: Sentence, arguments: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        """Without who does something else meanwhile: "their meeting comes amid strikes, with Keller urging calm"."""
        found = (
            phrase("en", "circumstance").search(self.text, proposal.end, sentence.end)
            if sentence.language == "en"
            else None
        )
        if found is None:
            return list(arguments)
        low, high = found.span("who")
        own = [a for a in arguments if a.role != "participant" or not low <= a.start < high]
        return own if any(a.role == "participant" for a in own) else list(arguments)

    def _without_source(self, proposal: Proposal, arguments: Sequence[ProposedArgument]) -> list[ProposedArgument]:
        """Without who only tells of a meeting of others: "according to the port, the two mayors met"."""
        spans = [
            (a.start, a.end, max(a.end, q.end))
            for q in self.statements.get(proposal.sentence_id, ()) if q.start < proposal.start
            for a in q.arguments if a.role == "speaker"
        ]  # fmt: skip
        mine = [a for a in arguments if a.role == "participant"]

        def told_of(source: ProposedArgument) -> bool:
            for start, end, edge in spans:
                behind = [b for b in mine if edge <= b.start and b.end <= proposal.start]
                enough = len(mine) > 2 or source.score is None or any(self._is_several(b) for b in behind)
                if start < source.end and source.start < end and behind and enough:
                    return True
            return False

        gone = {a for a in mine if told_of(a)}
        return [a for a in arguments if a not in gone]

    def _is_several(self, argument: ProposedArgument) -> bool:
        return phrase_anywhere("several").match(self.text, argument.start, argument.end) is not None

    def _without_neighbours(
        self, proposal: Proposal, sentence: Sentence, arguments: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        """Without parties that stand with the verb of another meeting or call of the sentence."""
        theirs = {"en": self._is_neighbours_en, "zh": self._is_neighbours_zh}.get(sentence.language)
        if theirs is None:
            return list(arguments)
        others = [
            q for q in self.gatherings.get(proposal.sentence_id, ())
            if q.end <= proposal.start or q.start >= proposal.end
        ]  # fmt: skip
        mine = [a for a in arguments if a.role == "participant"]
        gone = {a for a in mine if any(theirs(a, proposal, q, mine) for q in others)}
        if len(gone) == len(mine):
            gone = set()
        if sentence.language == "en":
            gone |= {a for a in mine if any(self._is_subject_before(a, proposal, q) for q in others)}
        if sentence.language == "en" and self._by_whom(proposal, sentence):
            gone |= {a for a in mine if a.end <= proposal.start}
        return [a for a in arguments if a not in gone]

    def _by_whom(self, proposal: Proposal, sentence: Sentence) -> bool:
        """Whether "by" names who takes part: "prepare a visit by port engineers"."""
        after = self.text[proposal.end : min(sentence.end, proposal.end + 40)]
        return phrase("en", "by_whom").match(after) is not None

    def _is_subject_before(self, argument: ProposedArgument, proposal: Proposal, other: Proposal) -> bool:
        """Whether an argument is the subject of a meeting told before a later one: "met ahead of talks"."""
        if not argument.end <= other.start or other.end > proposal.start:
            return False
        return phrase("en", "later").search(self.text[other.end : proposal.start]) is not None

    def _is_neighbours_en(
        self, argument: ProposedArgument, proposal: Proposal, other: Proposal, mine: Sequence[ProposedArgument]
    ) -> bool:
        """ "Telephoned Rais on Sunday and spoke to Lund": each verb has the object behind it."""
        if argument.start >= proposal.end:
            if not proposal.end <= other.start <= argument.start:
                return False
            return any(proposal.end <= a.start < other.start for a in mine)
        if not other.end <= argument.start < proposal.start or not any(a.start >= proposal.end for a in mine):
            return False
        return phrase("en", "conjoined").search(self.text[argument.end : proposal.start]) is not None

    def _is_neighbours_zh(
        self, argument: ProposedArgument, proposal: Proposal, other: Proposal, mine: Sequence[ProposedArgument]
    ) -> bool:
        """先同甲通话，随后会见乙: who stands between "with" and a verb belongs to that verb."""
        if argument.start >= proposal.end:
            gap = self.text[proposal.end : argument.start]
            behind = self.text[argument.end : other.start] if other.start >= argument.end else None
            return (
                _PUNCTUATION_ZH.search(gap) is not None
                and (behind is None or _PUNCTUATION_ZH.search(behind) is None)
                and other.start > proposal.end
            )
        if not argument.end <= other.start or other.end > proposal.start:
            return False
        if not any(a.start >= other.end for a in mine):
            return False
        gap = self.text[argument.end : other.start]
        before = self.text[max(0, argument.start - 12) : argument.start]
        return len(gap) <= 4 and not _PUNCTUATION_ZH.search(gap) and self._is_with(before)

    def _is_with(self, before: str) -> bool:
        """Whether "with" stands before a name, its office aside: 同外长 before the name."""
        return phrase("zh", "with").search(before) is not None

    # Referring back

    def _refers_back(self, proposal: Proposal, sentence: Sentence) -> bool:
        """Whether a trigger is a definite noun without parties of its own."""
        before = self.text[sentence.start : proposal.start]
        after = self.text[proposal.end : sentence.end]
        written = self.text[proposal.start : proposal.end]
        if sentence.language == "en":
            return _is_definite_en(written, before, after)
        if sentence.language == "zh" and phrase("zh", "referring_noun").fullmatch(written):
            return self._is_definite_zh(proposal, sentence, after)
        return False

    def _is_definite_zh(self, proposal: Proposal, sentence: Sentence, after: str) -> bool:
        start = proposal.start
        venue = self._venue(proposal)
        if venue is not None:
            start = venue.start
        elif self._own_party(proposal):
            return False
        clause = re.split(r"[，。；：？！“”「」]", self.text[sentence.start : start])[-1]
        if phrase("zh", "this").search(clause):
            return True
        if phrase("zh", "held").search(clause):
            return False
        return (
            phrase("zh", "dependent").match(after) is not None
            or phrase("zh", "opens_clause").match(clause) is not None
            or phrase("zh", "governs").search(clause) is not None
        )

    def _before(self, at: int) -> Iterator[Mention]:
        """The mentions that end before a point, the nearest first, within a line's reach."""
        for number in range(bisect.bisect_left(self._starts, at) - 1, -1, -1):
            mention = self.mentions[number]
            if at - mention.start > 60:
                return
            if mention.end <= at:
                yield mention

    def _venue(self, proposal: Proposal) -> Mention | None:
        """The town right before the noun, which is no party: 奈良会谈."""
        nearest = next(self._before(proposal.start), None)
        if nearest is None or nearest.label not in ("GPE", "LOC") or nearest.kind != "name":
            return None
        if phrase("zh", "town_gap").fullmatch(self.text[nearest.end : proposal.start]) is None:
            return None
        if any(k.kind == "country" for k in load_lexicon().named(nearest.text)):
            return None
        beside = self.text[max(0, nearest.start - 1) : nearest.start]
        return None if phrase("zh", "joins").fullmatch(beside) else nearest

    def _own_party(self, proposal: Proposal) -> bool:
        """Whether a party belongs to the noun: 甲与乙的会谈, 两国会谈."""
        near = [(m.start, m.end) for m in self._before(proposal.start)]
        near += [(a.start, a.end) for a in proposal.arguments if a.role == "participant" and a.end <= proposal.start]
        return any(phrase("zh", "of_the_noun").fullmatch(self.text[end : proposal.start]) for _, end in near)

    def _on_its_side(
        self, proposal: Proposal, sentence: Sentence, arguments: Sequence[ProposedArgument]
    ) -> list[ProposedArgument]:
        """Without what stands behind a noun that refers back; 在通话中感谢某人 names both parties."""
        if sentence.language == "zh" and self._is_during(proposal):
            return list(arguments)
        return [a for a in arguments if a.role != "participant" or a.start < proposal.start]

    def _is_during(self, proposal: Proposal) -> bool:
        before = self.text[max(0, proposal.start - 6) : proposal.start]
        behind = self.text[proposal.end : proposal.end + 1]
        return bool(phrase("zh", "during").search(before) and phrase("zh", "inside").fullmatch(behind))


def _is_definite_en(written: str, before: str, after: str) -> bool:
    definite = phrase("en", "definite").search(before)
    if (
        definite is None
        or phrase("en", "referring_noun").fullmatch(written) is None
        or phrase("en", "own_after").match(after)
    ):
        return False
    if definite["that"] and written.lower().endswith("s"):
        return False  # "said that talks would go on"
    return (
        phrase("en", "not_inside").search(definite["inner"]) is None
        and phrase("en", "held").search(before[: definite.start("inner")]) is None
    )


__all__ = ["scoped"]
