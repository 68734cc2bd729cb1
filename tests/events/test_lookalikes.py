"""Look-alikes are dropped, and talks by telephone are calls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.core.rows import Article, Document, Sentence
from pipeline.events.lookalikes import checked
from pipeline.events.proposals import Proposal


def _document(text: str, language: str) -> Document:
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, language, (language,), text, "", "", None, 1)
    return Document(article, (Sentence("a", 0, 0, len(text), language, "body", text),))


def _proposal(text: str, trigger: str, type_: str) -> Proposal:
    start = text.index(trigger)
    return Proposal(0, type_, start, start + len(trigger), "actual", (), 0.9, "model")


@pytest.mark.parametrize(
    ("language", "text", "trigger", "type_", "expected"),
    [
        ("en", "The national soccer team meets Fiji on Friday.", "meets", "meeting", None),
        ("en", "The technical team met Fiji's envoys on Friday.", "met", "meeting", "meeting"),
        ("en", "The ministers discussed grain by telephone on Friday.", "discussed", "meeting", "call"),
        ("en", "The ministers met. Grain was discussed later by phone.", "met", "meeting", "meeting"),
        ("en", "The ministers met, and telephoned home.", "met", "meeting", "meeting"),
        ("en", "The ministers said so by phone.", "said", "statement", "statement"),
        ("en", "Fiji calls off the summit.", "calls", "statement", None),
        ("en", "Fiji calls for a summit.", "calls", "statement", "statement"),
        ("zh", "会议室已经订好", "会议", "meeting", None),
        ("zh", "两国元首共同会见了记者。", "会见", "meeting", None),
        ("zh", "部长会见了记者协会主席。", "会见", "meeting", "meeting"),
        ("ar", "بحث الوزيران ملف القمح هاتفياً يوم الجمعة", "بحث", "meeting", "call"),
        ("ar", "التقى الوزيران في عمان يوم الجمعة", "التقى", "meeting", "meeting"),
        ("ar", "يستعد النادي للقائه الودي مع الضيوف", "لقائه", "meeting", None),
        ("ar", "سيستقبل الوزير ضيفه", "سي", "meeting", None),
        ("zh", "双方通过电话讨论了粮食问题", "讨论", "meeting", "call"),
        ("zh", "双方讨论了粮食问题", "讨论", "meeting", "meeting"),
        ("zh", "两队将在友谊赛中会面", "会面", "meeting", None),
        ("zh", "可以直接对话时", "对", "meeting", None),
    ],
)
def test_checked(language: str, text: str, trigger: str, type_: str, expected: str | None) -> None:
    found = checked([_proposal(text, trigger, type_)], [], _document(text, language))
    assert [p.type for p in found] == ([] if expected is None else [expected])


def test_a_short_word_that_a_list_vouches_for_stays() -> None:
    text = "他说会来"
    statement = _proposal(text, "说", "statement")
    assert checked([statement], [statement], _document(text, "zh")) == [statement]
    assert checked([statement], [], _document(text, "zh")) == []


@pytest.mark.parametrize(
    ("language", "trigger", "score", "vouched", "kept"),
    [
        ("ar", "انتاب", 0.8, False, False),
        ("ar", "انتاب", 0.95, False, True),
        ("ar", "انتاب", 0.8, True, True),
        ("ar", "وفق", 0.7, False, True),
        ("en", "gripped", 0.8, False, True),
    ],
)
def test_what_the_model_alone_doubts_is_dropped_in_arabic(
    language: str, trigger: str, score: float, vouched: bool, kept: bool
) -> None:
    text = f"{trigger} الوزير قلق"
    proposal = replace(_proposal(text, trigger, "statement"), score=score)
    found = checked([proposal], [proposal] if vouched else [], _document(text, language))
    assert bool(found) == kept


def test_an_arabic_trigger_ends_with_its_word() -> None:
    text = "استؤنفت المحادثات أمس"
    word = _proposal(text, "المحادثات", "meeting")
    (found,) = checked([replace(word, end=word.start + 3)], [word], _document(text, "ar"))
    assert text[found.start : found.end] == "المحادثات"


def test_two_pieces_of_one_word_are_one_event() -> None:
    text = "部长会见市长。"
    whole = _proposal(text, "会见", "meeting")
    pieces = [replace(_proposal(text, piece, "meeting"), score=score) for piece, score in (("会", 0.4), ("见", 0.9))]
    found = checked(pieces, [whole], _document(text, "zh"))
    assert [(p.start, p.end, p.score) for p in found] == [(whole.start, whole.end, 0.9)]
