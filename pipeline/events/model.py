"""Events that the model proposes, brought from its lines to the article's sentences."""

from __future__ import annotations

import bisect

from pipeline.core.rows import Document, Mention
from pipeline.entities.engines.multilingual import ArticleAnalysis
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.events.spans import tidied, whole_words

METHOD = "model"
# Found by a trigger word; type from the list, status, arguments and score from the model.
HINTED = "rules"
# A trigger word that the model gives less than this is a look-alike (docs/events.md).
_LEAST_HINT = {"meeting": 0.05, "call": 0.02, "statement": 0.02}
# An argument that the model gives less than this is more often wrong than right (docs/events.md).
_LEAST = {"participant": 0.65, "speaker": 0.65, "addressee": 0.65, "place": 0.6, "time": 0.0}

# In Arabic the grammar weeds the speakers afterwards (``subjects``); participants are likelier another event's.
_LEAST_IN = {"ar": {"speaker": 0.5, "participant": 0.75}}


def propose(document: Document, analysis: ArticleAnalysis, *, hints: bool = True) -> list[Proposal]:
    """Turn the model's answer for a document into proposals, in text order.

    ``hints`` False leaves out what trigger words alone suggested. An event whose trigger lies in furniture or outside every sentence is dropped.
    """
    sentences = document.sentences
    starts = [s.start for s in sentences]
    names: dict[int, list[Mention]] = {}
    for mention in document.mentions:
        if mention.kind == "name":
            names.setdefault(mention.sentence_id, []).append(mention)
    proposals: list[Proposal] = []
    for offset, line in zip(analysis.starts, analysis.lines, strict=True):
        hinted = (e for e in line.hinted if hints and e.score >= _LEAST_HINT[e.type])
        for event, method in (*((e, METHOD) for e in line.events), *((e, HINTED) for e in hinted)):
            start, end = offset + event.start, offset + event.end
            at = bisect.bisect_right(starts, start) - 1
            if at < 0 or sentences[at].kind == "boilerplate" or end > sentences[at].end:
                continue
            words = document.article.text if sentences[at].language == "en" else None
            start, end = whole_words(words, start, end)
            sentence = sentences[at]
            least = _LEAST_IN.get(sentence.language, {})
            arguments = tidied(
                [
                    ProposedArgument(a.role, offset + a.start, offset + a.end, a.score)
                    for a in event.arguments
                    if a.score >= least.get(a.role, _LEAST[a.role])
                ],
                text=document.article.text,
                names=names.get(sentence.sentence_id, ()),
                language=sentence.language,
                within=(sentence.start, sentence.end),
            )
            sentence_id, score = sentences[at].sentence_id, event.score
            proposals.append(
                Proposal(
                    sentence_id,
                    event.type,
                    start,
                    end,
                    event.status,
                    arguments,
                    score,
                    method,
                    status_score=event.status_score,
                )
            )
    return proposals
