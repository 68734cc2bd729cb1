"""Offices and teams that speak for a person."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.entities.owned import find_owned, owned_end
from pipeline.languages import LANGUAGES, load_topic


def _entries() -> list[tuple[str, dict[str, Any]]]:
    return [(language, e) for language in LANGUAGES for e in load_topic(language, "parties").get("owned", ())]


@pytest.mark.parametrize(("language", "entry"), _entries())
def test_entries_find_their_examples(language: str, entry: dict[str, Any]) -> None:
    for example in entry["match"]:
        owned = find_owned(re.split("[⟦⟧]", example)[1], language)
        assert owned is not None
        assert owned.noun == entry["noun"]
    for example in entry["not"]:
        words = re.split(r"[\s.。，]+", example)
        spans = [" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
        assert all((found := find_owned(s, language)) is None or found.noun != entry["noun"] for s in spans), example


@pytest.mark.parametrize(
    ("language", "span", "owner", "named"),
    [
        ("en", "Omar Lund's press office", "Omar Lund", True),
        ("en", "Her office", "Her", False),
        ("zh", "鲁伊斯的办公室", "鲁伊斯", True),
        ("zh", "她的办公室", "她", False),
        ("ar", "مكتب عمر لوند", "عمر لوند", True),
    ],
)
def test_the_owner(language: str, span: str, owner: str, named: bool) -> None:
    found = find_owned(span, language)
    assert found is not None
    assert (span[found.start : found.end], found.named) == (owner, named)


@pytest.mark.parametrize(
    ("text", "end", "grown"),
    [
        ("Lund's office said so.", 4, 13),
        ("Lund's office said so.", 6, 13),
        ("Lund's brother said so.", 4, 4),
        ("The port's office said so.", 8, 17),
        ("Lund said so.", 4, 4),
    ],
)
def test_an_english_span_grows_over_the_possession(text: str, end: int, grown: int) -> None:
    assert owned_end(text, end) == grown
