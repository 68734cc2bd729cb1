"""Places that are only talked about, days of calling off, and the present tense that tells what is fixed."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.core.rows import Article, Document, Mention, Sentence
from pipeline.events.circumstances import with_circumstances
from pipeline.events.proposals import Proposal, ProposedArgument

FRIDAY = datetime(2026, 6, 12)


def _settled(
    language: str, text: str, trigger: str, arguments: list[tuple[str, str]], status: str = "actual", label: str = "LOC"
) -> tuple[list[tuple[str, str]], str]:
    article = Article(
        "a", "a.txt", 0, None, None, None, None, FRIDAY, None, language, (language,), text, "", "", None, 1
    )
    sentences, at = [], 0
    for number, line in enumerate(text.split("\n")):
        sentences.append(Sentence("a", number, at, at + len(line), language, "body", line))
        at += len(line) + 1
    spans = [ProposedArgument(role, text.index(w), text.index(w) + len(w), 0.9) for role, w in arguments]
    places = [a for a in spans if a.role == "place"]
    mentions = tuple(
        Mention(f"m{a.start}", "a", 0, a.start, a.end, text[a.start : a.end], label, "name", None, None, "test")
        for a in places
    )
    start = text.index(trigger)
    number = text.count("\n", 0, start)
    proposal = Proposal(number, "meeting", start, start + len(trigger), status, tuple(spans), 0.9, "model")
    answer = with_circumstances([proposal], Document(article, tuple(sentences), mentions))[0]
    return [(a.role, text[a.start : a.end]) for a in answer.arguments], answer.status


@pytest.mark.parametrize(
    ("language", "text", "trigger", "place", "label", "kept"),
    [
        ("en", "Envoys held talks on mines in the Black Sea.", "talks", "Black Sea", "LOC", True),
        ("en", "Envoys held talks on Black Sea mines.", "talks", "Black Sea", "LOC", False),
        ("en", "Envoys held talks over the future of the Lower Delta.", "talks", "Lower Delta", "LOC", False),
        ("en", "Black Sea mine talks begin.", "talks", "Black Sea", "LOC", False),
        ("en", "Upper Valley talks begin.", "talks", "Upper Valley", "LOC", True),
        ("en", "Oslo peace talks begin.", "talks", "Oslo", "GPE", True),
        ("en", "In the Black Sea mine talks began.", "talks", "Black Sea", "LOC", True),
        ("ar", "عقد اجتماع بشأن ألغام البحر الأسود.", "اجتماع", "البحر الأسود", "LOC", False),
        ("ar", "عقد اجتماع بشأن الألغام في البحر الأسود.", "اجتماع", "البحر الأسود", "LOC", True),
        ("zh", "双方举行黑海扫雷问题三方会谈。", "会谈", "黑海", "LOC", False),
        ("zh", "双方在黑海举行会谈。", "会谈", "黑海", "LOC", True),
    ],
)
def test_a_place_that_is_only_talked_about(
    language: str, text: str, trigger: str, place: str, label: str, kept: bool
) -> None:
    arguments, _ = _settled(language, text, trigger, [("place", place)], label=label)
    assert arguments == ([("place", place)] if kept else [])


@pytest.mark.parametrize(
    ("text", "trigger", "time", "status", "expected"),
    [
        ("Oslo on Friday called off the talks it was to host next week.", "talks", "Friday", "cancelled", ["next week"]),
        ("Oslo on Friday called off the talks.", "talks", "Friday", "cancelled", []),
        ("The talks were called off on Friday.", "talks", "Friday", "cancelled", []),
        ("The talks planned for Friday were called off.", "talks", "Friday", "cancelled", ["Friday"]),
        ("The talks were put off until Friday.", "talks", "Friday", "cancelled", ["Friday"]),
        ("Oslo on Friday hosted the talks.", "talks", "Friday", "actual", ["Friday"]),
        # The day of the sentence before, where this one has its own.
        ("She called last Sunday.\nA call set for Tuesday did not come.", "call set", "last Sunday", "actual", ["Tuesday"]),
        ("She called last Sunday.\nThe call set nerves at ease.", "call set", "last Sunday", "actual", ["last Sunday"]),
        ("She begins a visit on Sunday during which she will hold talks.", "talks", "Sunday", "planned", []),
        ("She will hold talks on Sunday during the fair.", "talks", "Sunday", "planned", ["Sunday"]),
    ],
)  # fmt: skip
def test_the_day_that_was_fixed(text: str, trigger: str, time: str, status: str, expected: list[str]) -> None:
    arguments, _ = _settled("en", text, trigger, [("time", time)], status)
    assert [written for role, written in arguments if role == "time"] == expected


def test_talks_in_the_course_of_an_arabic_visit_have_no_day() -> None:
    text = "يبدأ الوزير الأحد زيارة يجري خلالها محادثات مع العمدة."
    assert _settled("ar", text, "محادثات", [("time", "الأحد")], "planned")[0] == []
    assert _settled("ar", text, "زيارة", [("time", "الأحد")], "planned")[0] == [("time", "الأحد")]


@pytest.mark.parametrize(
    ("language", "text", "trigger", "time", "expected"),
    [
        ("en", "The minister flies north on Saturday for talks.", "talks", "Saturday", "planned"),
        ("en", "The minister meets the mayor on Monday.", "meets", "Monday", "planned"),
        ("en", "The minister flew north on Saturday for talks.", "talks", "Saturday", "actual"),
        # Yesterday, and today: news tells of them in the present, too.
        ("en", "Minister meets mayor Thursday.", "meets", "Thursday", "actual"),
        ("en", "Minister meets mayor Friday.", "meets", "Friday", "actual"),
        ("en", "Minister meets mayor in May.", "meets", "May", "actual"),
        ("ar", "الوزير يزور المدينة الأحد", "يزور", "الأحد", "planned"),
        ("ar", "الوزير زار المدينة الأحد", "زار", "الأحد", "actual"),
        ("ar", "الوزير يزور المدينة الخميس", "يزور", "الخميس", "actual"),
    ],
)
def test_the_present_tells_what_is_fixed(language: str, text: str, trigger: str, time: str, expected: str) -> None:
    assert _settled(language, text, trigger, [("time", time)])[1] == expected
