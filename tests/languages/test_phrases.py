"""Every phrase fits its examples and refuses its counter-examples."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipeline
from pipeline.languages import LANGUAGES, load_topic
from pipeline.languages.phrases import TOPIC, phrase, phrase_anywhere

ENTRIES = [(language, name, entry) for language in LANGUAGES for name, entry in load_topic(language, TOPIC).items()]


@pytest.mark.parametrize(("language", "name", "entry"), ENTRIES, ids=[f"{e[0]}-{e[1]}" for e in ENTRIES])
def test_a_phrase_fits_its_examples_only(language: str, name: str, entry: dict) -> None:
    pattern = phrase(language, name)
    fits = pattern.fullmatch if entry.get("whole") else pattern.search
    assert entry["match"], "an entry has a stretch of text that it fits"
    assert entry["not"], "an entry has a stretch of text that it does not fit"
    assert [text for text in entry["match"] if not fits(text)] == []
    assert [text for text in entry["not"] if fits(text)] == []
    assert set(entry) <= {"words", "pattern", "whole", "match", "not"}
    assert ("words" in entry) != ("pattern" in entry)
    assert len(set(entry.get("words", ()))) == len(entry.get("words", ()))


@pytest.mark.parametrize("text", ["They met", "双方", "Both sides"])
def test_a_phrase_of_all_languages_needs_no_language(text: str) -> None:
    assert phrase_anywhere("several").match(text)


def test_every_phrase_is_asked_for() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(pipeline.__file__).parent.rglob("*.py"))
    idle = [e[:2] for e in ENTRIES if f'"{e[1]}"' not in code and not e[1].startswith("kind_")]
    assert idle == []
