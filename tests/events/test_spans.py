"""Argument spans grow to what a reader would mark."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Mention
from pipeline.events.proposals import ProposedArgument
from pipeline.events.spans import tidied


def _at(text: str, written: str) -> tuple[int, int]:
    start = text.index(written)
    return start, start + len(written)


def _name(text: str, written: str) -> Mention:
    start, end = _at(text, written)
    return Mention("m", "a", 0, start, end, written, "PER", "name", None, None, "test")


@pytest.mark.parametrize(
    ("language", "text", "names", "given", "expected"),
    [
        ("en", "Talks with Oona Larkwell ended.", ["Oona Larkwell"], ["Larkw"], ["Oona Larkwell"]),
        ("en", "Talks with Oona Larkwell ended.", ["Oona Larkwell"], ["Oona", "Larkwell"], ["Oona Larkwell"]),
        ("en", "The envoy said so.", [], ["The"], []),
        ("en", "They said so.", [], ["They"], ["They"]),
        ("en", "The former harbour chief spoke.", [], ["The former", "harbour chief"], ["The former harbour chief"]),
        ("en", "Larkwell, Brand and others met.", ["Larkwell", "Brand"], ["Larkwell", "Brand"], ["Larkwell", "Brand"]),
        ("ar", "وقال سلمان الدرويش إن", ["سلمان الدرويش"], ["الدرو"], ["سلمان الدرويش"]),
        ("ar", "وأعلن المتحدثون ذلك", [], ["المتح"], ["المتحدثون"]),
        ("ar", "التقى بنظيره أمس", [], ["نظير"], ["نظير"]),
        ("ar", "استقبل الرئيس نظيره", [], ["الرئيس", "نظيره"], ["الرئيس", "نظيره"]),
        ("ar", "أكد مصدراً حكومياً ذلك", [], ["مصدراً حكومي"], ["مصدراً حكومياً"]),
        ("ar", "قال ب ذلك", [], ["ب"], []),
        ("zh", "总统林若海表示", ["林若海"], ["总统", "林若海"], ["总统林若海"]),
        ("zh", "中美举行会谈", ["中", "美"], ["中", "美"], ["中", "美"]),
        ("zh", "有记者问及此事", [], ["有", "记者"], ["记者"]),
        ("zh", "他说", [], ["他"], ["他"]),
    ],
)
def test_tidied(language: str, text: str, names: list[str], given: list[str], expected: list[str]) -> None:
    arguments = [ProposedArgument("speaker", *_at(text, g), 0.9) for g in given]
    found = tidied(arguments, text=text, names=[_name(text, n) for n in names], language=language)
    assert [text[a.start : a.end] for a in found] == expected


def test_roles_are_not_joined_and_times_stay() -> None:
    text = "Larkwell told Brand on Friday."
    arguments = [
        ProposedArgument("speaker", *_at(text, "Larkwell")),
        ProposedArgument("addressee", *_at(text, "Brand")),
        ProposedArgument("time", *_at(text, "Fri")),
    ]
    names = [_name(text, "Larkwell"), _name(text, "Brand")]
    assert tidied(arguments, text=text, names=names, language="en") == tuple(arguments)


def test_one_place_and_one_time_the_most_probable() -> None:
    text = "Brand told a gathering in Asuncion on Monday that they met in Iquique on Friday."
    arguments = [
        ProposedArgument("place", *_at(text, "Asuncion"), 0.9),
        ProposedArgument("place", *_at(text, "Iquique"), 0.7),
        ProposedArgument("time", *_at(text, "Monday"), 0.4),
        ProposedArgument("time", *_at(text, "Friday"), 0.6),
    ]
    found = tidied(arguments, text=text, names=[], language="en")
    assert [text[a.start : a.end] for a in found] == ["Asuncion", "Friday"]


def test_a_place_of_the_triggers_own_sentence_goes_first() -> None:
    text = "The ship stays in Arica. They will meet in Lima."
    far = ProposedArgument("place", 18, 23, 0.97)
    near = ProposedArgument("place", 43, 47, 0.9)
    options = {"text": text, "names": (), "language": "en"}
    assert tidied([far, near], within=(25, 48), **options) == (near,)
    assert tidied([far, near], **options) == (far,)
    assert tidied([far], within=(25, 48), **options) == (far,)


@pytest.mark.parametrize("word", ["Yes", "yeah"])
def test_a_word_of_assent_is_no_party(word: str) -> None:
    text = f"Ana Quispe {word} spoke"
    assert tidied([ProposedArgument("participant", 11, 11 + len(word), 0.7)], text=text, names=(), language="en") == ()
