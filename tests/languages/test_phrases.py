"""Every phrase fits its examples and refuses its counter-examples."""

from __future__ import annotations

import pytest

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
