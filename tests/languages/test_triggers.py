"""Trigger words of a sentence."""

from __future__ import annotations

import itertools

import pytest

from pipeline.core.rows import Sentence
from pipeline.languages.triggers import find_triggers


def _found(text: str, language: str) -> list[str]:
    return [text[h.start : h.end] for h in find_triggers(Sentence("a", 0, 0, len(text), language, "body", text))]


def test_triggers_do_not_overlap_and_come_in_order() -> None:
    text = "They held talks, then a phone call, and said so."
    sentence = Sentence("a", 0, 0, len(text), "en", "body", text)
    hits = find_triggers(sentence)
    assert [text[h.start : h.end] for h in hits] == ["held talks", "phone call", "said"]
    assert all(a.end <= b.start for a, b in itertools.pairwise(hits))


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("أفادت الشركة قائلة إن الخط يعمل.", "ar", ["أفادت"]),
        ("据部长说，谈判已经结束。", "zh", ["据"]),
        ("据部长说，总理表示谈判已经结束。", "zh", ["据", "表示"]),
    ],
)
def test_a_word_of_saying_that_carries_on_is_none(text: str, language: str, found: list[str]) -> None:
    assert [word for word in _found(text, language) if word not in ("谈判", "报道")] == found
