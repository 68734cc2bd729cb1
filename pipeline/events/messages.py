"""To whom a message is, which its speaker's sentence begins with: "In a letter to Rais, she said", 在给市长的信中，他说."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.rows import Document, Mention
from pipeline.events.proposals import Proposal, ProposedArgument

_TO = {
    "en": re.compile(
        r"\b(?:in|with)\s+(?:an?|his|her|their|its|the)\s+(?:[\w-]+\s+){0,2}(?:message|letter|e-?mail|note|memo|reply|telegram|cable)\s+"
        r"(?:sent\s+|written\s+|addressed\s+)?to\s+(?:(?:the|mrs?|ms|dr|sir|[a-z]+)\.?\s+){0,3}$",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"在(?:写|寫|发|發)?(?:给|給|致)[\u4e00-\u9fff]{0,8}?$"),
}
_AND_SAYS = {
    "en": re.compile(r"(?:\s+[\w\s'’-]{0,40})?,\s+(?:\w+\s+){1,4}$"),
    "zh": re.compile(
        r"的[^，。；]{0,16}(?:信|信函|邮件|郵件|信息|短信|电报|電報|回复)(?:里|中|上)[，,][^，。；]{0,12}$"
    ),
}


def with_addressees(proposals: Sequence[Proposal], document: Document) -> list[Proposal]:
    """Statements with the addressee of the message that their sentence begins with."""
    sentences = {s.sentence_id: s for s in document.sentences}
    text = document.article.text
    mentions: dict[int, list[Mention]] = {}
    for mention in document.mentions:
        mentions.setdefault(mention.sentence_id, []).append(mention)
    answer = []
    for proposal in proposals:
        sentence = sentences[proposal.sentence_id]
        if (
            proposal.type == "statement"
            and sentence.language in _TO
            and not any(a.role == "addressee" for a in proposal.arguments)
        ):
            for mention in mentions.get(proposal.sentence_id, ()):
                before, between = text[sentence.start : mention.start], text[mention.end : proposal.start]
                if (
                    mention.label == "PER"
                    and mention.kind != "pronoun"
                    and mention.end < proposal.start
                    and _TO[sentence.language].search(before)
                    and _AND_SAYS[sentence.language].fullmatch(between)
                    and not any(a.start < mention.end and mention.start < a.end for a in proposal.arguments)
                ):
                    addressee = ProposedArgument("addressee", mention.start, mention.end)
                    proposal = replace(proposal, arguments=(*proposal.arguments, addressee))
                    break
        answer.append(proposal)
    return answer


__all__ = ["with_addressees"]
