"""What looks like an event and is none, and talks that are calls: checks on the proposals.

Some words decide by their surroundings: teams that "meet in a friendly" play, ministers who "discussed
it by phone" called. The cues are data (`lookalikes.toml` of each language).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.core.rows import Document
from pipeline.events.model import METHOD as MODEL
from pipeline.events.proposals import Proposal
from pipeline.events.rules import is_sports_report
from pipeline.languages import load_topic
from pipeline.languages.entries import bounded
from pipeline.languages.phrases import phrase

# The model marks pieces of words; a trigger of so few letters that no word list vouches for is such
# a piece: سي of سيستقبل, 对 of 对话.
_LEAST_LETTERS = {"en": 3, "ar": 3, "zh": 2}
# The Arabic word lists know nearly every word: what the model alone finds and gives less than this was
# right in one case of eleven on the development gold. "According to" has more forms than the lists.
_LEAST_ALONE = {"ar": 0.9}
_REACH = 45
_CLAUSE_END = re.compile(r"[;؛。；]|[.?!؟]\s")


@dataclass(frozen=True, slots=True)
class _Words:
    none: re.Pattern[str]
    talk: re.Pattern[str]
    means: re.Pattern[str]
    idiom: re.Pattern[str]


@functools.cache
def _words(language: str) -> _Words:
    topic = load_topic(language, "lookalikes")
    none, talk, means, idiom = (
        re.compile(bounded(topic[part]["pattern"], language), re.IGNORECASE)
        for part in ("none", "talk", "means", "idiom")
    )
    return _Words(none, talk, means, idiom)


def checked(proposals: Sequence[Proposal], vouched: Sequence[Proposal], document: Document) -> list[Proposal]:
    """Drop look-alikes and turn talks by telephone or video into calls.

    ``vouched`` are the proposals of the word lists: a trigger that overlaps one of them is a word, and
    a mere piece of it grows to it. In a report of sport only these count as meetings and calls: they
    are checked for people.
    """
    answer: dict[tuple[str, int], Proposal] = {}
    for proposal in _checked(proposals, vouched, document):
        # Two pieces that the model marked (会 and 见) may grow to one word.
        place = (proposal.type, proposal.start)
        if place not in answer or (answer[place].score or 0.0) < (proposal.score or 0.0):
            answer[place] = proposal
    return list(answer.values())


def _checked(proposals: Sequence[Proposal], vouched: Sequence[Proposal], document: Document) -> Iterator[Proposal]:
    sentences = {s.sentence_id: s for s in document.sentences}
    text = document.article.text
    for proposal in proposals:
        sentence = sentences[proposal.sentence_id]
        language = sentence.language
        if language not in _LEAST_LETTERS:
            yield proposal
            continue
        word = next((v for v in vouched if v.start < proposal.end and proposal.start < v.end), None)
        alone = word is None and proposal.method == MODEL and not phrase("ar", "according").match(text, proposal.start)
        if alone and proposal.score is not None and proposal.score < _LEAST_ALONE.get(language, 0.0):
            continue
        if proposal.end - proposal.start < _LEAST_LETTERS[language]:
            if word is None:
                continue
            proposal = replace(proposal, start=word.start, end=word.end)
        elif word is not None and language == "ar" and word.start <= proposal.start and proposal.end < word.end:
            # الم of المحادثات: an Arabic trigger ends with its word.
            proposal = replace(proposal, end=word.end)
        if word is None and proposal.type != "statement" and is_sports_report(document):
            continue
        words = _words(language)
        if words.idiom.match(text, proposal.start, sentence.end):
            continue
        if proposal.type != "meeting":
            yield proposal
            continue
        before = text[max(sentence.start, proposal.start - _REACH) : proposal.start]
        after = text[proposal.end : min(sentence.end, proposal.end + _REACH)]
        near = (_CLAUSE_END.split(before)[-1], _CLAUSE_END.split(after)[0])
        if any(words.none.search(side) for side in near):
            continue
        talk = words.talk.search(text[proposal.start : proposal.end])
        if talk and any(words.means.search(side) for side in near):
            proposal = replace(proposal, type="call", mode=None)
        yield proposal
