"""To whom a message is, which its speaker's sentence begins with: "In a letter to Rais, she said", 在给市长的信中，他说."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.rows import Document, Mention
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.languages.phrases import phrase

_LANGUAGES = frozenset({"en", "zh"})


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
            and sentence.language in _LANGUAGES
            and not any(a.role == "addressee" for a in proposal.arguments)
        ):
            for mention in mentions.get(proposal.sentence_id, ()):
                before, between = text[sentence.start : mention.start], text[mention.end : proposal.start]
                if (
                    mention.label == "PER"
                    and mention.kind != "pronoun"
                    and mention.end < proposal.start
                    and phrase(sentence.language, "message_to").search(before)
                    and phrase(sentence.language, "message_says").fullmatch(between)
                    and not any(a.start < mention.end and mention.start < a.end for a in proposal.arguments)
                ):
                    addressee = ProposedArgument("addressee", mention.start, mention.end)
                    proposal = replace(proposal, arguments=(*proposal.arguments, addressee))
                    break
        answer.append(proposal)
    return answer


__all__ = ["with_addressees"]
