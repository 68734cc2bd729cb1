"""Every word-list entry finds its examples and refuses its counter-examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import pytest

from pipeline.core.rows import Sentence
from pipeline.entities.nominals import find_nominals
from pipeline.languages import LANGUAGES, load_topic
from pipeline.languages.entries import (
    PartyEntry,
    StatusCue,
    TriggerEntry,
    bounded,
    party_entries,
    status_cues,
    trigger_entries,
)

_STATUSES = {"actual", "planned", "cancelled", "negated", "possible"}


def _has(language: str, topic: str) -> bool:
    return resources.files("pipeline.languages").joinpath(language, f"{topic}.toml").is_file()


def _languages(topic: str) -> list[str]:
    return [language for language in LANGUAGES if _has(language, topic)]


def _split(example: str) -> tuple[str, tuple[int, int]]:
    """The plain text of a ``match`` example and the span of its bracketed hit."""
    start, end = example.index("⟦"), example.index("⟧") - 1
    return example.replace("⟦", "").replace("⟧", ""), (start, end)


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span("hit") for match in pattern.finditer(text)]


def _nominal_spans(language: str, entry: PartyEntry, text: str) -> list[tuple[int, int]]:
    sentence = Sentence("a", 0, 0, len(text), language, "body", text)
    return [(n.start, n.end) for n in find_nominals(sentence, ()) if n.entry == entry]


def _pattern_entries() -> Iterator[tuple[str, str, TriggerEntry | StatusCue]]:
    for language in _languages("triggers"):
        for trigger in trigger_entries(language):
            yield language, "trigger", trigger
    for language in _languages("status"):
        for cue in status_cues(language):
            yield language, "cue", cue


def _parties() -> Iterator[tuple[str, PartyEntry]]:
    for language in _languages("parties"):
        for entry in party_entries(language):
            yield language, entry


PATTERN_MATCH = [(lang, e, x) for lang, _, e in _pattern_entries() for x in e.match]
PATTERN_NOT = [(lang, e, x) for lang, _, e in _pattern_entries() for x in e.no_match]
PARTY_MATCH = [(lang, e, x) for lang, e in _parties() for x in e.match]
PARTY_NOT = [(lang, e, x) for lang, e in _parties() for x in e.no_match]


def _ids(cases: list[tuple[str, object, str]]) -> list[str]:
    return [f"{language}-{number}" for number, (language, _, _) in enumerate(cases)]


@pytest.mark.parametrize(("language", "entry", "example"), PATTERN_MATCH, ids=_ids(PATTERN_MATCH))
def test_pattern_finds_its_example(language: str, entry: TriggerEntry | StatusCue, example: str) -> None:
    text, expected = _split(example)
    assert _spans(entry.pattern, text) == [expected], (language, text)


@pytest.mark.parametrize(("language", "entry", "example"), PATTERN_NOT, ids=_ids(PATTERN_NOT))
def test_pattern_refuses_its_counter_example(language: str, entry: TriggerEntry | StatusCue, example: str) -> None:
    assert _spans(entry.pattern, example) == [], (language, example)


@pytest.mark.parametrize(("language", "entry", "example"), PARTY_MATCH, ids=_ids(PARTY_MATCH))
def test_party_finds_its_example(language: str, entry: PartyEntry, example: str) -> None:
    text, expected = _split(example)
    assert _nominal_spans(language, entry, text) == [expected]


@pytest.mark.parametrize(("language", "entry", "example"), PARTY_NOT, ids=_ids(PARTY_NOT))
def test_party_refuses_its_counter_example(language: str, entry: PartyEntry, example: str) -> None:
    assert _nominal_spans(language, entry, example) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["triggers", "parties", "status"])
def test_every_entry_has_examples_of_both_kinds(language: str, topic: str) -> None:
    if not _has(language, topic):
        pytest.skip(f"no {topic} list for {language}")
    rows = next(iter(load_topic(language, topic).values()))
    bare = [row for row in rows if not row.get("match") or not row.get("not")]
    assert bare == []


@pytest.mark.parametrize("language", _languages("triggers"))
def test_trigger_fields_are_known_values(language: str) -> None:
    for entry in trigger_entries(language):
        assert entry.type in {"meeting", "call", "statement"}
        assert entry.pos in {"verb", "participle", "noun", "preposition"}
        assert entry.status is None or entry.status in _STATUSES


@pytest.mark.parametrize("language", _languages("status"))
def test_cue_fields_are_known_values(language: str) -> None:
    for cue in status_cues(language):
        assert cue.status in _STATUSES
        assert cue.side in {"before", "after"}
        assert cue.window > 0
        assert cue.types <= {"meeting", "call", "statement"}


@pytest.mark.parametrize("language", _languages("parties"))
def test_no_form_stands_in_two_party_entries(language: str) -> None:
    forms = [form for entry in party_entries(language) for form in set(entry.forms)]
    assert sorted(form for form in set(forms) if forms.count(form) > 1) == []


@pytest.mark.parametrize("language", _languages("titles"))
def test_titles_are_listed_once(language: str) -> None:
    titles = load_topic(language, "titles")["before_name"]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("language", _languages("fragments"))
@pytest.mark.parametrize("part", ["fragments", "suffixes"])
def test_fragments_name_their_example_only(language: str, part: str) -> None:
    entry = load_topic(language, "fragments")[part]
    words = entry["words"].split()
    assert not entry["match"] or entry["match"] in words
    assert not entry["not"] or entry["not"] not in words


@pytest.mark.parametrize("language", _languages("lookalikes"))
@pytest.mark.parametrize("part", ["none", "talk", "means", "idiom"])
def test_lookalike_words_match_their_examples_only(language: str, part: str) -> None:
    entry = load_topic(language, "lookalikes")[part]
    pattern = re.compile(bounded(entry["pattern"], language), re.IGNORECASE)
    assert [s for s in entry["match"] if not pattern.search(s)] == []
    assert [s for s in entry["not"] if pattern.search(s)] == []
