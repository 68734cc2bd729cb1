"""Rounds of talks are told apart by their number."""

import pytest

from pipeline.languages import LANGUAGES, load_topic
from pipeline.stories.series import find_cue, find_round

ENTRIES = [(lang, e["number"], m, n) for lang in LANGUAGES for e in load_topic(lang, "series")["round"]
           for m, n in zip(e["match"], e["not"], strict=False)]  # fmt: skip


@pytest.mark.parametrize(("language", "number", "match", "other"), ENTRIES)
def test_entries(language, number, match, other):
    start, end = match.index("⟦"), match.index("⟧") - 1
    text = match.replace("⟦", "").replace("⟧", "")
    assert find_round(text, start, end, language) == number
    assert find_round(other, 0, len(other), language) is None


def test_a_number_far_from_the_trigger_is_not_its_own():
    text = "They met in Rabat, and long before anybody had thought of it a first round of voting was held."
    assert find_round(text, 5, 8, "en") is None


@pytest.mark.parametrize(
    ("language", "text", "trigger", "number"),
    [
        ("en", "The talks between the ports of Arica and Iquique, in their second round, ended.", "talks", 2),
        ("en", "The talks between the ports of Arica and Iquique ended before a second round began.", "talks", None),
        ("en", "A second round of talks opened a month after the first round.", "talks", 2),
        ("ar", "بدأت المحادثات بين الميناءين الكبيرين في جولتها الثانية بعد شهر من الجولة الأولى.", "المحادثات", 2),
        ("ar", "بدأت المحادثات بين الميناءين الكبيرين بعد شهر من انتهاء الجولة الأولى.", "المحادثات", None),
        ("ar", "بدأت المحادثات بين الميناءين الكبيرين في جولتها الثانية بعد شهر من الجولة الأولى.", "الجولة", 1),
    ],
)
def test_the_round_that_is_the_triggers_own(language, text, trigger, number):
    start = text.index(trigger)
    assert find_round(text, start, start + len(trigger), language) == number


CUES = [(lang, e["kind"], s, fits) for lang in LANGUAGES for e in load_topic(lang, "series")["cue"]
        for fits in (True, False) for s in e["match" if fits else "not"]]  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "sentence", "fits"), CUES)
def test_cues(language, kind, sentence, fits):
    start, end = sentence.index("⟦"), sentence.index("⟧") - 1
    text = sentence.replace("⟦", "").replace("⟧", "")
    assert (find_cue(text, start, end, language) == kind) is fits
