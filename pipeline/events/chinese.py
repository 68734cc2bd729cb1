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

_CLAUSE = re.compile(r"[，。；：？！“”「」]")
# What may stand before the verb of a clause without a subject of its own.
_GOES_ON = re.compile(
    r"(?:但|并|並|并且|而且|同时|同時|还|還|也|又|随后|隨後|之后|此外|另外|然后|再|将|將|拟|已|曾|则|仍|于\S{0,8}|拒绝|拒絕|未|没有|不愿|不肯|计划|打算|预计|準備|准备){1,5}"
    r"(?:下周|本周|下月|明天|次日|\d+[日月年](?:至\d+日)?|周[一二三四五六日]|[上下]午){0,3}"
)
_MUST_GO_ON = re.compile(r"但|并|並|同时|同時|还|還|随后|隨後|又|则")
_WITH = re.compile(r"(?:与|與|同|和|跟|对|對|向|给|給|为|為)[\u4e00-\u9fff·]{0,9}$")
_HELD = re.compile(
    r"举行|舉行|进行|進行|召开|召開|展开|展開|举办|舉辦|主持|出席|参加|參加|参与|參與|恢复|恢復|重启|重啟|继续|繼續|安排|开始|開始|结束|結束|达成|展開"
)
_NOUN = re.compile(r"[^，。]{0,4}(?:会谈|會談|会晤|會晤|谈判|談判|峰会|峰會|会议|會議|磋商)")
_OWN = re.compile(r"(?:的|之间的?|之間的?)?[^，。；：、“”在将將于於对對就的与與同和]{0,5}")
# Papers are no parties, though they "say": 公报, 声明.
_PAPER = re.compile(r"(?:公报|公報|声明|聲明|消息|报道|報道|報導|通报|通報|公告|报告|報告|文件)")


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
            proposal = replace(proposal, arguments=tuple(arguments))
            here.setdefault(proposal.sentence_id, []).append(proposal)
        answer.append(proposal)
    return answer


def _clause(text: str, sentence: Sentence, at: int) -> str:
    """The words of a point's clause before it."""
    return _CLAUSE.split(text[sentence.start : at])[-1]


def _statement(
    text: str, sentence: Sentence, proposal: Proposal, earlier: Sequence[Proposal]
) -> Sequence[ProposedArgument]:
    """A verb of saying that goes on (但拒绝透露) has the speaker of the one before, whose words it does
    not belong to."""
    clause = _clause(text, sentence, proposal.start)
    if not _GOES_ON.fullmatch(clause) or not _MUST_GO_ON.match(clause):
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
        a for a in proposal.arguments if a.role != "participant" or not _PAPER.fullmatch(text[a.start : a.end])
    ]
    clause = _clause(text, sentence, proposal.start)
    sure = [a for a in arguments if a.role == "participant" and a.score is not None]
    if not sure and _GOES_ON.fullmatch(clause):
        subject = _subject(text, sentence, earlier)
        if subject is not None:
            behind = [a for a in arguments if a.role != "participant" or a.start >= proposal.end]
            return [*behind, replace(subject, score=None)]
    written = text[proposal.start : proposal.end]
    if proposal.score is not None and _NOUN.fullmatch(written) and not _HELD.search(clause):
        return [
            a for a in arguments
            if a.role != "participant" or a.score is not None
            or (a.end <= proposal.start and _OWN.fullmatch(text[a.end : proposal.start]))
            or _WITH.search(text[sentence.start : a.start])
        ]  # fmt: skip
    return arguments


def _subject(text: str, sentence: Sentence, earlier: Sequence[Proposal]) -> ProposedArgument | None:
    """The subject of the last meeting or call of the sentence that stands before its verb."""
    for other in reversed(earlier):
        if other.type == "statement":
            continue
        before = [
            a for a in other.arguments
            if a.role == "participant" and sentence.start <= a.start and a.end <= other.start and a.score is not None
            and not _WITH.search(text[sentence.start : a.start])
        ]  # fmt: skip
        if before:
            return before[0]
    return None


__all__ = ["with_chinese_clauses"]
