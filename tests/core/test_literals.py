"""Screens: what is left out cannot match, whatever the pattern."""

from __future__ import annotations

import re

import pytest

from pipeline.core.literals import Screen, needed_strings
from pipeline.events.times import arabic, chinese, english
from pipeline.languages.entries import trigger_entries


@pytest.mark.parametrize(
    ("pattern", "flags", "needed"),
    [
        (r"\bmet\b", 0, {"met"}),
        (r"(?<!not )(?P<hit>met|meets?)(?!\w)", re.IGNORECASE, {"met", "meet"}),
        (r"(?P<hit>says?|said) (?:to|that)", re.IGNORECASE, {"say to", "say that", "says to", "says that", "said to", "said that"}),
        (r"\d+ days", 0, {" days"}),
        (r"(?:in )?\w+ (?:week|month)s?", 0, {" week", " month"}),
        (r"(?:a|bc)?def+", 0, {"de"}),
        (r"会[谈談晤]", 0, {"会谈", "会談", "会晤"}),
        (r"قال(?:ت|وا)?", 0, {"قال"}),
        (r"Éric", re.IGNORECASE, {"ric"}),
        (r"(?-i:May) \d", re.IGNORECASE, {"may "}),
        (r"\d{4}", 0, None),
        (r"(?:a|\d)", 0, None),
        (r"(?:abc)*", 0, None),
    ],
)  # fmt: skip
def test_the_strings_that_a_pattern_needs(pattern: str, flags: int, needed: set[str] | None) -> None:
    assert needed_strings(re.compile(pattern, flags)) == needed


TEXTS = (
    "The ministers MET in Geneva on 3 May 2024 and said that talks would go on next week.",
    "وقال وزير الخارجية بعد لقائه نظيره في القاهرة يوم الثلاثاء إن الجانبين بحثا الأوضاع",
    "发言人星期三表示，两国部长5月3日在日内瓦举行会谈，双方通电话。",
    "SAİD he ſaid, the kıng SAID",
    "",
)


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_screen_leaves_out_no_match(language: str) -> None:
    entries = trigger_entries(language)
    grammar = {"en": english, "ar": arabic, "zh": chinese}[language].grammar()
    texts = [*TEXTS, *(text for entry in entries for text in (*entry.match, *entry.no_match))]
    for patterns in ([e.pattern for e in entries], [r.pattern for r in grammar.rules]):
        screen = Screen((pattern, n) for n, pattern in enumerate(patterns))
        for text in texts:
            likely = screen(text)
            assert list(likely) == sorted(likely)
            assert not [n for n, p in enumerate(patterns) if p.search(text) and n not in likely]


def test_letters_of_odd_case_are_not_screened() -> None:
    screen = Screen([(re.compile("said", re.IGNORECASE), "said"), (re.compile("met"), "met")])
    assert list(screen("he ſaid")) == ["said", "met"]
    assert list(screen("he SAID")) == ["said"]
