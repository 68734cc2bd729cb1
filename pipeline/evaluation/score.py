"""Scores of extracted events against annotated ones.

A predicted event matches a gold one (one to one, best first) when both are of the same type in the
same line and their triggers overlap, or they share an overlapping participant or speaker and their
triggers stand within 60 code points. ``roles`` counts arguments of matched events with the same
role and an overlapping span, all others are errors; ``who`` the resolved parties; ``time`` the
resolved day or interval, where one that fell back on the publication date is no answer;
``stories`` the pairs of meeting and call mentions in different files that stand in one story.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from pipeline.core.rows import Argument, Article, Event
from pipeline.evaluation.gold import GoldArgument, GoldEvent, GoldText, Place

TYPES = ("meeting", "call", "statement")
PARTIES = ("participant", "speaker", "addressee")
_NEAR = 60
Locator = Callable[[Place], tuple[int, int] | None]


@dataclass(slots=True)
class Tally:
    """Hits, found and gold of one measure."""

    hits: int = 0
    found: int = 0
    gold: int = 0

    def figures(self) -> tuple[float, float, float]:
        """Precision, recall and F1."""
        p = self.hits / self.found if self.found else 0.0
        r = self.hits / self.gold if self.gold else 0.0
        return p, r, 2 * p * r / (p + r) if p + r else 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.hits + other.hits, self.found + other.found, self.gold + other.gold)


@dataclass(frozen=True, slots=True)
class FoundArgument:
    """A predicted argument."""

    role: str
    span: tuple[int, int] | None
    text: str
    name: str | None


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """A predicted event; ``line`` is the gold text's line that its trigger stands in."""

    type: str
    status: str
    span: tuple[int, int]
    line: int
    trigger: str
    story: str | None
    time: tuple[date, date] | None
    score: float | None
    method: str
    arguments: tuple[FoundArgument, ...]


@dataclass(frozen=True, slots=True)
class ScoredEvent:
    """A found event's score, what found it, and whether it is right."""

    score: float
    method: str
    right: bool


@dataclass(slots=True)
class Scores:
    """All counts; ``errors`` lists what went wrong, in text order; ``scored`` the found events that
    have a score."""

    tallies: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    status: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    stories: Tally = field(default_factory=Tally)
    lost: int = 0
    errors: list[tuple[str, ...]] = field(default_factory=list)
    scored: list[ScoredEvent] = field(default_factory=list)


def score_tables(
    gold: Sequence[GoldText], articles: Sequence[Article], events: Sequence[Event], arguments: Sequence[Argument]
) -> Scores:
    """Score the rows of a run over exactly the gold texts (found by file name in ``source``)."""
    scores = Scores()
    by_name = {article.source.rsplit("/", 1)[-1]: article for article in articles}
    rows_of: dict[str, list[Argument]] = defaultdict(list)
    for argument in arguments:
        rows_of[argument.event_id].append(argument)
    events_of: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        events_of[event.article_id].append(event)
    mentions: list[tuple[str, str, str | None]] = []
    for text in gold:
        article = by_name.get(text.file)
        if article is None:
            _lose(scores, text)
            continue
        starts = line_starts(text.lines, article.text)
        found = _found(text, starts, events_of[article.article_id], rows_of)
        _score_text(scores, text, starts, found, mentions)
    scores.stories = _score_stories(mentions)
    return scores


def line_starts(lines: Sequence[str], text: str) -> list[int | None]:
    starts: list[int | None] = []
    after = 0
    for line in lines:
        stripped = line.strip()
        at = text.find(stripped, after) if stripped else -1
        if at < 0 and stripped:
            at = text.find(stripped)
        if at < 0:
            starts.append(None)
            continue
        starts.append(at - (len(line) - len(line.lstrip())))
        after = at + len(stripped)
    return starts


def _lose(scores: Scores, text: GoldText) -> None:
    scores.lost += len(text.events)
    for event in text.events:
        scores.tallies[text.language, event.type].gold += 1
        _count_gold(scores, text.language, event)


def _count_gold(scores: Scores, language: str, event: GoldEvent) -> None:
    scores.tallies[language, "roles"].gold += len(event.arguments)
    for argument in event.arguments:
        if argument.role in PARTIES:
            scores.tallies[language, "who"].gold += len(argument.entity.split(" + "))
    scores.tallies[language, "time"].gold += _gold_time(event) is not None


def _gold_time(event: GoldEvent) -> str | None:
    return next((a.entity for a in event.arguments if a.role == "time" and a.entity), None)


def _found(
    text: GoldText, starts: Sequence[int | None], events: Sequence[Event], rows_of: dict[str, list[Argument]]
) -> list[FoundEvent]:
    bounds = [
        (i, at, at + len(line)) for i, (at, line) in enumerate(zip(starts, text.lines, strict=True)) if at is not None
    ]
    found: list[FoundEvent] = []
    for event in events:
        line = next((i for i, at, end in bounds if at <= event.start < end), None)
        if line is None:
            continue
        arguments = tuple(
            FoundArgument(a.role, None if a.start is None or a.end is None else (a.start, a.end), a.text, a.entity_name)
            for a in rows_of.get(event.event_id, ())
        )
        span = (event.start, event.end)
        story, time = event.story_id, _time(event)
        found.append(
            FoundEvent(
                event.type, event.status, span, line, event.trigger, story, time, event.score, event.method, arguments
            )
        )
    return found


def _time(event: Event) -> tuple[date, date] | None:
    if event.time_source == "publication" or event.time_start is None:
        return None
    return event.time_start, event.time_end or event.time_start


def _score_text(
    scores: Scores, text: GoldText, starts: Sequence[int | None], found: Sequence[FoundEvent],
    mentions: list[tuple[str, str, str | None]],
) -> None:  # fmt: skip
    language = text.language

    def absolute(place: Place) -> tuple[int, int] | None:
        start = starts[place.line]
        return None if start is None else (start + place.start, start + place.end)

    matched = _match(text.events, found, absolute)
    for number, event in enumerate(text.events):
        if event.type != "statement":
            name = event.event if re.match(r"X|story", event.event) else f"{text.document}:{event.event}"
            mentions.append((text.file, name, found[matched[number]].story if number in matched else None))
    for prediction in found:
        scores.tallies[language, prediction.type].found += 1
        parties = [a for a in prediction.arguments if a.role in PARTIES]
        scores.tallies[language, "roles"].found += len(
            {(a.role, a.span) for a in prediction.arguments if a.role in (*PARTIES, "place", "time")}
        )
        scores.tallies[language, "who"].found += len({(a.role, a.name or a.text) for a in parties})
        scores.tallies[language, "time"].found += prediction.time is not None
    for number, event in enumerate(text.events):
        scores.tallies[language, event.type].gold += 1
        _count_gold(scores, language, event)
        if number not in matched:
            scores.errors.append((language, "missed", event.type, text.document, str(event.place.line), event.trigger))
            continue
        _score_match(scores, text, event, found[matched[number]], absolute)
    taken = set(matched.values())
    scores.scored += [ScoredEvent(p.score, p.method, n in taken) for n, p in enumerate(found) if p.score is not None]
    for number, prediction in enumerate(found):
        if number not in taken:
            scores.errors.append(
                (language, "false", prediction.type, text.document, str(prediction.line), prediction.trigger)
            )


def _match(events: Sequence[GoldEvent], found: Sequence[FoundEvent], absolute: Locator) -> dict[int, int]:
    pairs: list[tuple[int, int, int, int]] = []
    for i, event in enumerate(events):
        span = absolute(event.place)
        if span is None:
            continue
        spans = [(a.role, absolute(a.place)) for a in event.arguments]
        for j, prediction in enumerate(found):
            if prediction.type != event.type or prediction.line != event.place.line:
                continue
            shared = [role for role, s in spans for a in prediction.arguments
                      if role == a.role and s and a.span and _overlap(s, a.span)]  # fmt: skip
            if _overlap(prediction.span, span):
                pairs.append((2, len(shared), i, j))
            elif abs(prediction.span[0] - span[0]) <= _NEAR and {"participant", "speaker"} & set(shared):
                pairs.append((1, len(shared), i, j))
    pairs.sort(key=lambda p: (-p[0], -p[1]))
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in pairs:
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched


def _score_match(scores: Scores, text: GoldText, event: GoldEvent, found: FoundEvent, absolute: Locator) -> None:
    language = text.language
    where = (event.type, text.document, str(event.place.line))
    scores.tallies[language, event.type].hits += 1
    scores.status[language][0] += found.status == event.status
    scores.status[language][1] += 1
    if found.status != event.status:
        scores.errors.append((language, f"status {found.status} for {event.status}", *where, event.trigger))
    used: set[int] = set()
    for argument in event.arguments:
        span = absolute(argument.place)
        hit = next((k for k, a in enumerate(found.arguments)
                    if k not in used and a.role == argument.role and span and a.span and _overlap(span, a.span)), None)  # fmt: skip
        if hit is None:
            scores.errors.append((language, f"no {argument.role}", *where, f"{event.trigger} / {argument.text}"))
        else:
            used.add(hit)
            scores.tallies[language, "roles"].hits += 1
    scores.tallies[language, "who"].hits += _who(event.arguments, found.arguments)
    gold_time = _gold_time(event)
    if gold_time is not None and found.time is not None:
        first, _, last = gold_time.partition("/")
        wanted = (pd.Period(first[:10]).start_time.date(), pd.Period((last or first)[:10]).end_time.date())
        scores.tallies[language, "time"].hits += found.time == wanted


def _who(gold: Sequence[GoldArgument], found: Sequence[FoundArgument]) -> int:
    open_parties = sorted({(a.role, a.name or a.text) for a in found if a.role in PARTIES})
    hits = 0
    for argument in gold:
        if argument.role not in PARTIES:
            continue
        parts = argument.entity.split(" + ")
        for part in parts:
            text = argument.text if len(parts) == 1 else part
            hit = next((p for p in open_parties if p[0] == argument.role and same_party(p[1], part, text)), None)
            if hit is not None:
                open_parties.remove(hit)
                hits += 1
    return hits


def same_party(found: str, gold: str, gold_text: str) -> bool:
    """Whether a found name is the gold entity or its text, whole or as its last words."""
    mine = _words(found)
    for name in (_words(gold), _words(gold_text)):
        if mine and name and (mine == name or mine == name[-len(mine) :] or name == mine[-len(name) :]):
            return True
    return False


def _words(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", name or "").casefold()
    folded = re.sub(r"^(the|a|an)\s+", "", folded)
    return re.sub(r"[^\w\s\u0600-\u06ff\u4e00-\u9fff]", " ", folded).split()


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _score_stories(mentions: Sequence[tuple[str, str, str | None]]) -> Tally:
    tally = Tally()
    for number, (file, event, story) in enumerate(mentions):
        for other_file, other_event, other_story in mentions[:number]:
            if file != other_file:
                same_gold, same_found = event == other_event, story is not None and story == other_story
                tally += Tally(same_gold and same_found, same_found, same_gold)
    return tally
