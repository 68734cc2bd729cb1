"""What a Chinese clause tells about the parties of its verb.

A clause without a subject goes on with the one before it (甲说，……，并要求……; 甲会见乙，并将访问……), and
what a clause only mentions (应该负责谈判) has no parties but its noun's own. The model takes the name that
stands nearest, the rules all names of the clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.rows import Document, Sentence
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.languages.phrases import phrase

_CLAUSE = re.compile(r"[，。；：？！“”「」]")


def with_chinese_clauses(proposals: Sequence[Proposal], document: Document) -> list[Proposal]:
    """Proposals of Chinese sentences with the parties that their clauses tell; others stay as they are."""
    sentences = {s.sentence_id: s for s in document.sentences}
    text = document.article.text
    answer: list[Proposal] = []
    here: dict[int, list[Proposal]] = {}
    for proposal in sorted(proposals, key=lambda p: (p.start, p.end)):
        sentence = sentences[proposal.sentence_id]
        if sentence.language == "zh":
            earlier = [p for p in here.get(proposal.sentence_id, ()) if p.end <= proposal.start]
            arguments = (_statement if proposal.type == "statement" else _gathering)(text, sentence, proposal, earlier)
            if proposal.type != "statement":
                arguments = _without_nationality(text, proposal, arguments, document)
                arguments = _with_earlier_subject(text, sentence, proposal, arguments, document)
            proposal = replace(proposal, arguments=tuple(arguments))
            here.setdefault(proposal.sentence_id, []).append(proposal)
        answer.append(proposal)
    return answer


def _clause(text: str, sentence: Sentence, at: int) -> str:
    """The words of a point's clause before it."""
    return _CLAUSE.split(text[sentence.start : at])[-1]


def _leads_to_noun(clause: str) -> bool:
    """Whether a verb makes who stands before it a party of the noun behind it: 甲乙两方举行会谈."""
    return bool(phrase("zh", "held").search(clause) or phrase("zh", "begun").search(clause))


def _statement(
    text: str, sentence: Sentence, proposal: Proposal, earlier: Sequence[Proposal]
) -> Sequence[ProposedArgument]:
    """A verb of saying that goes on (但拒绝透露) has the speaker of the one before, whose words it does
    not belong to."""
    clause = _clause(text, sentence, proposal.start)
    if not phrase("zh", "goes_on").fullmatch(clause) or not phrase("zh", "must_go_on").match(clause):
        return proposal.arguments
    for other in reversed(earlier):
        speakers = [a for a in other.arguments if a.role == "speaker" and a.end <= other.start]
        if other.type == "statement" and speakers and sentence.start <= speakers[0].start:
            own = [a for a in proposal.arguments if a.role == "speaker"]
            if any(a.start < other.end for a in own):
                return proposal.arguments
            rest = [a for a in proposal.arguments if a.role != "speaker"]
            return [*rest, *(replace(a, score=None) for a in speakers)]
    return proposal.arguments


def _gathering(
    text: str, sentence: Sentence, proposal: Proposal, earlier: Sequence[Proposal]
) -> Sequence[ProposedArgument]:
    arguments = [
        a
        for a in proposal.arguments
        if a.role != "participant" or not phrase("zh", "paper").fullmatch(text[a.start : a.end])
    ]
    clause = _clause(text, sentence, proposal.start)
    written = text[proposal.start : proposal.end]
    if phrase("zh", "meeting_noun").fullmatch(written) and (spoilt := _spoilt_from(text, clause, proposal.start)):
        return [a for a in arguments if a.role != "participant" or spoilt <= a.start < proposal.start]
    sure = [a for a in arguments if a.role == "participant" and a.score is not None]
    if not sure and phrase("zh", "goes_on").fullmatch(clause):
        subject = _subject(text, sentence, earlier)
        if subject is not None:
            behind = [a for a in arguments if a.role != "participant" or a.start >= proposal.end]
            return [*behind, replace(subject, score=None)]
    if proposal.score is not None and phrase("zh", "meeting_noun").fullmatch(written) and not _leads_to_noun(clause):
        return [
            a for a in arguments
            if a.role != "participant" or a.score is not None
            or (a.end <= proposal.start and phrase("zh", "of_the_noun").fullmatch(text[a.end : proposal.start]))
            or phrase("zh", "leads_to").search(text[sentence.start : a.start])
        ]  # fmt: skip
    return arguments


def _spoilt_from(text: str, clause: str, at: int) -> int | None:
    """Where the words of the noun at a point begin, whose clause tells that somebody would spoil it; else None.

    Neither who would, nor whom the sentence names behind it, is told to take part: 否认甲市有意破坏会议，并感谢乙市.
    """
    spoilers = list(phrase("zh", "spoils").finditer(clause))
    if not spoilers or phrase("zh", "held").search(clause, spoilers[-1].end()):
        return None
    return at - len(clause) + spoilers[-1].end()


def _without_nationality(
    text: str, proposal: Proposal, arguments: Sequence[ProposedArgument], document: Document
) -> Sequence[ProposedArgument]:
    """Without the country whose office stands before a party's name: 阿根廷渔业国务秘书某某."""
    places = {(m.start, m.end) for m in document.mentions if m.kind == "name" and m.label == "GPE"}
    people = {m.start for m in document.mentions if m.kind == "name" and m.label == "PER"}
    parties = [a for a in arguments if a.role == "participant"]
    gone = [
        a for a in parties
        if (a.start, a.end) in places
        and any(
            b.start in people and a.end < b.start and not a.end <= proposal.start < b.start
            and phrase("zh", "office_before_name").fullmatch(text, a.end, b.start) is not None
            for b in parties
        )
    ]  # fmt: skip
    return [a for a in arguments if a not in gone]


def _with_earlier_subject(
    text: str, sentence: Sentence, proposal: Proposal, arguments: Sequence[ProposedArgument], document: Document
) -> Sequence[ProposedArgument]:
    """With the one person whom the clause before has as its subject, where this one begins with "with":
    甲上周出访期间，没有同乙会面."""
    parties = [a for a in arguments if a.role == "participant"]
    cuts = [m.end() for m in _CLAUSE.finditer(text, sentence.start, proposal.start)]
    if not cuts or len(parties) != 1 or not cuts[-1] < parties[0].start < proposal.start:
        return arguments
    if phrase("zh", "with_first").match(text[cuts[-1] : parties[0].start]) is None:
        return arguments
    start = cuts[-2] if len(cuts) > 1 else sentence.start
    people = [
        m for m in document.mentions
        if m.kind == "name" and m.label == "PER" and start <= m.start and m.end < cuts[-1]
    ]  # fmt: skip
    if len(people) != 1 or phrase("zh", "title_only").fullmatch(text, start, people[0].start) is None:
        return arguments
    if phrase("zh", "says").match(text[people[0].end : cuts[-1]]) is not None:
        return arguments
    return [ProposedArgument("participant", people[0].start, people[0].end), *arguments]


def _subject(text: str, sentence: Sentence, earlier: Sequence[Proposal]) -> ProposedArgument | None:
    """The subject of the last meeting or call of the sentence that stands before its verb."""
    for other in reversed(earlier):
        if other.type == "statement":
            continue
        before = [
            a for a in other.arguments
            if a.role == "participant" and sentence.start <= a.start and a.end <= other.start and a.score is not None
            and not phrase("zh", "leads_to").search(text[sentence.start : a.start])
        ]  # fmt: skip
        if before:
            return before[0]
    return None


__all__ = ["with_chinese_clauses"]
