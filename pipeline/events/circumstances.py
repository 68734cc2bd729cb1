"""Where and when a meeting or call is, told from the places and days of something else.

The model takes the nearest: the sea that is talked about for the venue ("Black Sea mine talks"), the day
of calling off for the day that was fixed. And the present tense tells what is fixed for a day ahead
("flies to Baku on Saturday for talks"), as what has happened it would lie a week back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.core.rows import Document, Sentence
from pipeline.entities.lexicon import load_lexicon
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.events.times import TimeExpression, find_times, resolve_time
from pipeline.languages.phrases import phrase

_REACH = 60
# A weekday at most so many days ahead, and no fewer behind, is the coming one.
_AHEAD, _BEHIND = 4, 3


def with_circumstances(proposals: Sequence[Proposal], document: Document) -> list[Proposal]:
    """Meetings and calls with the place, the time and the status that their words tell; statements as they are."""
    sentences = {s.sentence_id: s for s in document.sentences}
    day = document.article.published_at.date() if document.article.published_at else None
    regions = _regions(document)
    answer = []
    for proposal in proposals:
        sentence = sentences[proposal.sentence_id]
        if proposal.type != "statement":
            text = document.article.text
            arguments = [a for a in proposal.arguments if not _is_topic(a, proposal, sentence, text, regions)]
            proposal = replace(proposal, arguments=tuple(_timed(arguments, proposal, sentence, text)))
            if day is not None and proposal.status == "actual" and _is_ahead(proposal, sentence, text, day):
                proposal = replace(proposal, status="planned")
        answer.append(proposal)
    return answer


def _regions(document: Document) -> frozenset[tuple[int, int]]:
    """Where seas, regions and countries stand, which are talked about oftener than met in."""
    by_id = load_lexicon().by_id
    return frozenset(
        (m.start, m.end) for m in document.mentions
        if m.kind == "name"
        and (m.label == "LOC" or ((known := by_id.get(m.entity_id or "")) is not None and known.kind == "country"))
    )  # fmt: skip


def _is_topic(
    argument: ProposedArgument, proposal: Proposal, sentence: Sentence, text: str, regions: frozenset[tuple[int, int]]
) -> bool:
    """Whether a place is only what is talked about."""
    if argument.role != "place":
        return False
    language = sentence.language
    if argument.start >= proposal.end:
        return language in ("en", "ar") and (
            phrase(language, "about_place").fullmatch(text, proposal.end, argument.start) is not None
        )
    if language not in ("en", "zh") or not any(s < argument.end and argument.start < e for s, e in regions):
        return False
    if language == "en" and phrase("en", "at_place").search(text[sentence.start : argument.start]):
        return False
    return phrase(language, "topic_noun").fullmatch(text, argument.end, proposal.start) is not None


def _timed(
    arguments: Sequence[ProposedArgument], proposal: Proposal, sentence: Sentence, text: str
) -> list[ProposedArgument]:
    """The arguments with the day that was fixed in place of the day of calling off, or of another sentence's."""
    if sentence.language in ("en", "ar"):
        # A visit begins on Sunday, during which talks are held: on what day is not told.
        arguments = [
            a for a in arguments
            if a.role != "time"
            or not a.end <= proposal.start
            or phrase(sentence.language, "in_its_course").search(text[a.end : proposal.start]) is None
        ]  # fmt: skip
    times = [a for a in arguments if a.role == "time"]
    if sentence.language != "en" or not times:
        return list(arguments)
    own = [a for a in times if sentence.start <= a.start < sentence.end]
    kept = [a for a in own if proposal.status != "cancelled" or not _is_of_calling_off(a, proposal, text)]
    if kept or (not own and not find_times(sentence)):
        return [a for a in arguments if a.role != "time" or a in (kept or times)]
    gone = {(a.start, a.end) for a in own}
    following = [
        t for t in find_times(sentence)
        if proposal.end <= t.start <= proposal.end + _REACH
        and not any(s < t.end and t.start < e for s, e in gone)
        and not any(mark in text[proposal.end : t.start] for mark in ",;")
    ]  # fmt: skip
    found = [ProposedArgument("time", following[0].start, following[0].end)] if following else []
    return [*(a for a in arguments if a.role != "time"), *found]


def _is_of_calling_off(argument: ProposedArgument, proposal: Proposal, text: str) -> bool:
    if argument.end <= proposal.start:
        return phrase("en", "called_off_then").match(text, argument.end) is not None
    return phrase("en", "was_called_off").search(text[proposal.end : argument.start]) is not None


def _is_ahead(proposal: Proposal, sentence: Sentence, text: str, day: date) -> bool:
    """Whether the day of what is told in the present lies ahead: "meets him on Saturday", read on a Friday."""
    if sentence.language not in ("en", "ar"):
        return False
    time = next((a for a in proposal.arguments if a.role == "time"), None)
    before = text[sentence.start : proposal.end]
    if time is None or not phrase(sentence.language, "timetable_verb").search(before):
        return False
    whole = next((t for t in find_times(sentence) if t.start < time.end and time.start < t.end), None)
    words = whole or TimeExpression(time.start, time.end)
    past, coming = (
        resolve_time(text[words.start : words.end], sentence.language, day=day, status=status)
        for status in ("actual", "planned")
    )
    if past is None or coming is None or coming.source != "relative":
        return False
    if past == coming:
        return coming.start > day
    return 1 <= (coming.start - day).days <= _AHEAD and (day - past.end).days >= _BEHIND


__all__ = ["with_circumstances"]
