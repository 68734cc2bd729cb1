"""Which of a series an event is, by word list: the number of a round, and whether words beside the
trigger refer back ("these talks") or to another event ("a further meeting", "their last meeting")."""

from __future__ import annotations

import functools
import re

from pipeline.languages import load_topic
from pipeline.languages.entries import bounded

TOPIC = "series"
_REACH = 12
# "The talks between A and B in their second round": what owns the round may stand far before it.
_FAR = 120
_BESIDE = 40


@functools.cache
def _rounds(language: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    flags = re.IGNORECASE if language == "en" else 0
    return tuple(
        (int(entry["number"]), re.compile(bounded(str(entry["pattern"]), language), flags))
        for entry in load_topic(language, TOPIC)["round"]
    )


def find_round(sentence: str, start: int, end: int, language: str) -> int | None:
    """The number of the round that a trigger at ``sentence[start:end]`` is of, or None.

    The number stands within 12 code points of the trigger ("the second round of indirect talks"), or behind
    it with a pronoun for it ("in its second round", في جولتها الثانية). The nearest counts.
    """
    best: tuple[int, int] | None = None
    for number, pattern in _rounds(language):
        for match in pattern.finditer(sentence):
            gap = max(match.start("hit") - end, start - match.end("hit"), 0)
            reach = _FAR if match.groupdict().get("own") and match.start("hit") >= end else _REACH
            if gap <= reach and (best is None or gap < best[0]):
                best = (gap, number)
    return None if best is None else best[1]


@functools.cache
def _cues(language: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    flags = re.IGNORECASE if language == "en" else 0
    return tuple(
        (entry["kind"], entry["side"], re.compile(entry["pattern"] + ("$" if entry["side"] == "before" else ""), flags))
        for entry in load_topic(language, TOPIC)["cue"]
    )


def find_cue(sentence: str, start: int, end: int, language: str) -> str | None:
    """What the words beside a trigger at ``sentence[start:end]`` say: "refers", "another", "earlier" or None.

    The first entry of the list that fits decides: "the next meeting" is another one.
    """
    for kind, side, pattern in _cues(language):
        if side == "before":
            found = pattern.search(sentence[max(0, start - _BESIDE) : start])
        elif side == "after":
            found = pattern.match(sentence[end : end + _BESIDE])
        else:
            found = pattern.match(sentence[start:end])
        if found is not None:
            return kind
    return None
