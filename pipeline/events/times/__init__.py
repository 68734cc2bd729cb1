"""Time expressions in English, Arabic and Chinese: where they stand, and the days that they mean.

Each language has a grammar: patterns over its time words, each with its arithmetic. The longest
match wins. What cannot be worked out is None, never a guess.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date

from pipeline.core.literals import Screen
from pipeline.core.rows import Sentence
from pipeline.events.times import arabic, chinese, english
from pipeline.events.times.model import Grammar, Interval, Moment, Rule, TimeExpression, until_now
from pipeline.events.times.vocabulary import fold

__all__ = ["Interval", "TimeExpression", "find_anchor", "find_times", "resolve_time"]

_GRAMMARS = {"en": english.grammar, "ar": arabic.grammar, "zh": chinese.grammar}
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    rule: Rule
    match: re.Match[str]
    bound: str | None


def find_times(sentence: Sentence) -> tuple[TimeExpression, ...]:
    """Find the time expressions of a sentence in text order, none overlapping.

    Offsets are code points into the article's text. Vague expressions ("recently", 近日) are found
    too. Empty for languages without a grammar. Datelines and names (Sunday Times) are passed over.
    """
    return tuple(
        TimeExpression(sentence.start + found.start, sentence.start + found.end)
        for found in _parse(sentence.text[:_LONGEST], sentence.language)
    )


def resolve_time(
    text: str, language: str | None, *, day: date | None, status: str, anchor: date | None = None
) -> Interval | None:
    """Work out the days that a time expression means.

    ``day`` is the publication day; ``status`` (actual, planned, cancelled, negated, possible) tells
    whether "Thursday" lies behind or ahead; ``anchor`` is the day that the text before speaks of, which
    "the same day" and 当天 refer to. None where the days are unknown. Where the text holds several
    expressions the longest counts.
    """
    found = max(_parse(text[:_LONGEST], language), key=lambda f: f.end - f.start, default=None)
    return None if found is None else _resolve(found, Moment(day, status, anchor))


def find_anchor(text: str, language: str | None, *, day: date | None, status: str = "actual") -> date | None:
    """Find the single day that a text last speaks of: what "the same day" after it refers to.

    Weekdays are read as past, since a report names the days of what it tells, or as ahead for what is
    planned or possible (``status``); days of the month as the nearest. None where no expression of the text means one day.
    """
    anchor: date | None = None
    for found in _parse(text[-_LONGEST:], language):
        interval = _resolve(found, Moment(day, status if status in ("planned", "possible") else "actual", anchor))
        if interval is not None and interval.source == "explicit":
            interval = _resolve(found, Moment(day, "cancelled", anchor))
        if interval is not None and interval.start == interval.end:
            anchor = interval.start
    return anchor


def _resolve(found: _Found, moment: Moment) -> Interval | None:
    if found.bound == "open":
        return None
    try:
        interval = found.rule.resolve(found.match, moment)
        return until_now(interval, moment) if found.bound == "since" else interval
    except (ValueError, OverflowError):
        # Reckoned out of the calendar: "5000 years ago".
        return None


@functools.cache
def _likely(language: str) -> Screen[tuple[int, Rule]]:
    """A grammar's rules that can match a text, each with its place."""
    return Screen((rule.pattern, (order, rule)) for order, rule in enumerate(_GRAMMARS[language]().rules))


@functools.lru_cache(maxsize=512)
def _parse(text: str, language: str | None) -> tuple[_Found, ...]:
    make = _GRAMMARS.get(language or "")
    if make is None:
        return ()
    grammar = make()
    folded, places = fold(text)
    whole = (len(folded) - len(folded.lstrip()), len(folded.rstrip()))
    blocked = [m.span() for pattern in grammar.blockers for m in pattern.finditer(folded)]
    matches: list[tuple[int, int, int, Rule, re.Match[str]]] = []
    for order, rule in _likely(language or "")(folded):
        for match in rule.pattern.finditer(folded):
            start, end = match.span("hit")
            if start == end or any(start < b and a < end for a, b in blocked):
                continue
            if rule.guard is None or (start, end) == whole or rule.guard(match):
                matches.append((start - end, order, start, rule, match))
    matches.sort(key=lambda item: item[:3])
    kept: list[tuple[int, int, Rule, re.Match[str]]] = []
    for _, _, start, rule, match in matches:
        end = match.end("hit")
        if all(end <= a or start >= b for a, b, *_ in kept):
            kept.append((start, end, rule, match))
    results = []
    for start, end, rule, match in sorted(kept, key=lambda item: item[0]):
        start, end, bound = _bounded(grammar, folded, start, end)
        results.append(_Found(places[start], places[end], rule, match, bound))
    return tuple(results)


def _bounded(grammar: Grammar, text: str, start: int, end: int) -> tuple[int, int, str | None]:
    """Take in a word such as "since" that stands beside the expression."""
    for bound in grammar.bounds:
        if bound.side == "before":
            found = bound.pattern.search(text[max(0, start - 24) : start])
            if found is not None and _fits(bound.kind, text, end):
                return start - (len(found.group()) - len(found.group("pad"))), end, bound.kind
        else:
            found = bound.pattern.match(text, end)
            if found is not None:
                return start, found.end(), bound.kind
    return start, end, None


def _fits(kind: str, text: str, end: int) -> bool:
    """Whether "before" and "after" rule the time itself: not so in "after Tuesday's talks"."""
    return (
        kind == "since"
        or re.match(r"\s*(?:$|[,.;:!?،؛。，)\"”»]|(?:and|or|but|that|if|when)\b)", text[end:]) is not None
    )
