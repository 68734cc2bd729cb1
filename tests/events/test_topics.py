"""Topics: every entry's own sentences, in three languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.core.rows import Sentence
from pipeline.events.topics import find_topic
from pipeline.languages import LANGUAGES, load_topic

ENTRIES = [(language, name, entry) for language in LANGUAGES for name, entry in load_topic(language, "topics").items()]


@pytest.mark.parametrize(("language", "name", "entry"), ENTRIES, ids=lambda v: v if isinstance(v, str) else "")
def test_an_entry_matches_its_sentences_and_no_others(language: str, name: str, entry: dict[str, Any]) -> None:
    pattern = re.compile(entry["pattern"], re.IGNORECASE)
    assert entry["match"]
    assert entry["not"]
    assert all(pattern.search(text) for text in entry["match"])
    assert not any(pattern.search(text) for text in entry["not"])
    for text in entry["match"]:
        assert find_topic(Sentence("a", 0, 0, len(text), language, "body", text)) == name


def test_all_languages_have_the_same_topics_in_the_same_order() -> None:
    assert len({tuple(load_topic(language, "topics")) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("language", [None, "fr"])
def test_other_languages_have_no_topic(language: str) -> None:
    assert find_topic(Sentence("a", 0, 0, 9, language, "body", "ceasefire")) is None


def test_the_topic_with_most_words_wins() -> None:
    text = "The border police said tariffs on exports and imports would rise."
    assert find_topic(Sentence("a", 0, 0, len(text), "en", "body", text)) == "trade"
