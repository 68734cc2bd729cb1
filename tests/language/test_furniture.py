from typing import Any

import pytest

from pipeline.language.furniture import furniture_of, line_kinds
from pipeline.languages import LANGUAGES, load_topic

ENTRIES = [(language, entry) for language in LANGUAGES for entry in load_topic(language, "furniture")["furniture"]]

PROSE = [
    "The ministers of Norway and Peru met on Monday.",
    "They spoke for two hours about fish.",
    "Both said that a text was near.",
    "The boats stay in port until Friday.",
    "A third round will follow in Lima.",
    "Nobody spoke of the price.",
]


@pytest.mark.parametrize(("language", "entry"), ENTRIES, ids=lambda value: str(value)[:50])
def test_word_list_examples(language: str, entry: dict[str, Any]) -> None:
    for line in entry["match"]:
        found = furniture_of(line)
        assert found is not None, line
        assert (found.kind, found.scope) == (entry.get("kind", "boilerplate"), entry.get("scope", "line")), line
    for line in entry["not"]:
        assert furniture_of(line) is None, line


def test_headline_subheads_and_captions() -> None:
    lines = [
        "Norway and Peru close in on a deal over fish",
        "Both sides see a text within reach after long talks in the port of Bergen.",
        *PROSE[:2],
        "Fishing boats of both countries lie side by side in the port of Bergen",
        *PROSE[2:4],
        "What comes next",
        *PROSE[4:],
    ]
    assert line_kinds(lines) == [
        "title", "body", "body", "body", "caption", "body", "body", "title", "body", "body",
    ]  # fmt: skip


def test_the_title_of_the_metadata_is_found_after_furniture() -> None:
    lines = ["原文链接", "", "部长们在卑尔根会面。", "两国部长周一举行会谈。", "会谈持续两小时。"]
    assert line_kinds(lines, "部长们在卑尔根会面。")[:3] == ["boilerplate", "body", "title"]


def test_footer_sections_take_everything_after_them() -> None:
    lines = [*PROSE, "Leave a Reply", "The ministers should have met before.", "Name", "Back to top button"]
    assert line_kinds(lines) == ["body"] * 6 + ["boilerplate"] * 4


def test_related_stories_after_the_end_are_all_furniture() -> None:
    lines = [
        "قال الوزير إن المحادثات فشلت في بيروت.",
        "وأضاف أن وفده سيعود إلى عمّان يوم الأحد.",
        "ولم يذكر الوزير موعد الجولة المقبلة.",
        "المصدر: صحيفة الميناء",
        "كلمات دلالية: بيروت عمّان",
        "إقرأ أيضاً:",
        "تونس توقع اتفاق الصيد",
        "وقعت تونس اليوم اتفاقاً مع إيطاليا حول الصيد.",
        "وقال وزير الصيد إن الاتفاق يدخل حيز التنفيذ غداً.",
    ]
    assert line_kinds(lines) == ["body"] * 3 + ["boilerplate"] * 6


def test_a_related_headline_inside_the_article_ends_with_itself() -> None:
    lines = [*PROSE[:3], "Read more:", "Peru sends two ships to the north", *PROSE[3:]]
    assert line_kinds(lines) == ["body"] * 3 + ["boilerplate"] * 2 + ["body"] * 3
    lines = [*PROSE[:3], "READ MORE: Peru sends two ships to the north", *PROSE[3:]]
    assert line_kinds(lines) == ["body"] * 3 + ["boilerplate"] + ["body"] * 3


def test_text_without_stops_keeps_its_lines() -> None:
    lines = [
        "ministers met on monday",
        "they spoke for two hours",
        "both said a text was near",
        "boats stay in port",
        "more soon",
    ]
    assert line_kinds(lines)[1:] == ["body"] * 4
