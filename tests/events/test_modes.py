"""Modes of meetings, calls and statements: every entry's own sentences, and the order of looking."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.core.rows import Argument, Sentence
from pipeline.events.modes import find_mode
from pipeline.events.proposals import Proposal
from pipeline.languages import LANGUAGES, load_topic

EXAMPLES = [(language, example) for language in LANGUAGES for example in load_topic(language, "modes")["example"]]


def first_mode(language: str, type_: str, text: str) -> str | None:
    table = load_topic(language, "modes")[type_]
    return next((mode for mode, pattern in table.items() if re.search(pattern, text, re.IGNORECASE)), None)


@pytest.mark.parametrize(("language", "example"), EXAMPLES)
def test_an_entry_matches_its_sentences_and_no_others(language: str, example: dict[str, Any]) -> None:
    assert all(first_mode(language, example["type"], text) == example["mode"] for text in example["match"])
    assert not any(first_mode(language, example["type"], text) == example["mode"] for text in example["not"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mode_has_an_example(language: str) -> None:
    modes = load_topic(language, "modes")
    told = {(example["type"], example["mode"]) for example in modes["example"]}
    assert told == {(type_, mode) for type_ in ("meeting", "call", "statement") for mode in modes[type_]}


def mode_of(text: str, trigger: str, type_: str, *, parties: int = 2) -> str | None:
    start = text.index(trigger)
    sentence = Sentence("a", 0, 0, len(text), "en", "body", text)
    role = "speaker" if type_ == "statement" else "participant"
    arguments = [Argument("e", "a", role, n, n + 1, f"P{n}", f"Q{n}", None) for n in range(parties)]
    proposal = Proposal(0, type_, start, start + len(trigger), "actual", (), None, "rules")
    return find_mode(proposal, sentence, arguments, text)


@pytest.mark.parametrize(
    ("text", "trigger", "type_", "parties", "mode"),
    [
        ("The king will visit Oslo for talks.", "visit", "meeting", 2, "visit"),
        ("The emir met the king during a visit.", "met", "meeting", 2, "visit"),
        ("The emir met the king.", "met", "meeting", 2, None),
        ("The emir met the king and the sultan.", "met", "meeting", 3, "multilateral"),
        ("They held a video call.", "call", "call", 2, "video"),
        ("They said so.", "said", "statement", 2, "joint"),
        ("She said so.", "said", "statement", 1, None),
    ],
)
def test_the_trigger_decides_before_its_surroundings(
    text: str, trigger: str, type_: str, parties: int, mode: str | None
) -> None:
    assert mode_of(text, trigger, type_, parties=parties) == mode
