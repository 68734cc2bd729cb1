"""Every phrase fits its examples and refuses its counter-examples."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipeline
from pipeline.languages import LANGUAGES, load_topic
from pipeline.languages.phrases import PHRASES, REFERENCES, phrase, phrase_anywhere, reference

READ = {PHRASES: phrase, REFERENCES: reference}
ENTRIES = [(topic, lang, name, entry) for topic in READ for lang in LANGUAGES
           for name, entry in load_topic(lang, topic).items()]  # fmt: skip


@pytest.mark.parametrize(("topic", "language", "name", "entry"), ENTRIES, ids=["-".join(e[:3]) for e in ENTRIES])
def test_a_phrase_fits_its_examples_only(topic: str, language: str, name: str, entry: dict) -> None:
    pattern = READ[topic](language, name)
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
    idle = [e[:3] for e in ENTRIES if f'"{e[2]}"' not in code and not e[2].startswith("kind_")]
    assert idle == []
