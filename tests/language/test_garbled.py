import time

import pytest

from pipeline.language.garbled import garbled_score
from pipeline.languages import load_topic

CLEAN = {
    "en": [
        "Both envoys will dine together on Friday evening, officials in the capital told two newspapers.",
        "“We have a deal,” Foreign Minister Kari Lund of Norway told The Harbour Post in Bergen on Monday.",
        "Netanyahu, Biden and Harris spoke by phone with the CIA's director, two people who were on the call said.",
    ],
    "ar": [
        "قال الوزير إن المحادثات مع نظيره التونسي فشلت في بيروت، وأضاف أن وفده سيعود إلى عمّان.",
        "وأكدت شبكة سي إن إن أن الاتصال استمر ساعة.",
    ],
    "zh": ["外长说，会谈已经结束，双方没有达成协议，但同意下周在利马再次会面。", "两国外长通电话 商定下周会面"],
}
BROKEN = {
    "en": [
        "Kari lund decided to go to Lima to meet with -Peru's Minister of Fish- ana duarte -Head of the Fleet- and tom haleSecretary.",
        "the Palace gave out A written notice which repeats Details for the paper About the dinner.",
        "Both sides Discarded the plan and Instructed the team to go to NorwayTwo days later.",
        "He said â€œthe talks are overâ€\x9d and that itâ€™s time to go home.",
        "The minister minister said said the talks had failed,",
    ],
    "ar": [
        "قالالوزير إن المحادثات معنظيرهالتونسي فشلتفيبيروت ووكالةأنباء الحكومةقالت ذلك.",
        "Ù‚Ø§Ù„ Ø§Ù„ÙˆØ²ÙŠØ±",
    ],
    "zh": ["外长外长说 会谈 已经 结束，，双方没有的的达成协议. the talks went on 在在利马。", "锟斤拷会谈锟斤拷结束"],
}


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in CLEAN.items() for text in texts])
def test_clean_text_scores_low(language: str, text: str) -> None:
    assert garbled_score(text, language) <= 0.1


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in BROKEN.items() for text in texts])
def test_broken_text_scores_high(language: str, text: str) -> None:
    assert garbled_score(text, language) >= 0.3


def test_word_list_examples() -> None:
    for entry in load_topic("en", "garbled").values():
        assert garbled_score(entry["match"], "en") > 0.3
        assert garbled_score(entry["not"], "en") < 0.1


def test_score_is_bounded_and_quick() -> None:
    started = time.perf_counter()
    for text in ("a" * 200_000, "aB" * 50_000, "ة" * 50_000, "-a" * 50_000, "的" * 50_000, "�" * 1000, ""):
        for language in ("en", "ar", "zh", "ru"):
            assert 0.0 <= garbled_score(text, language) <= 1.0
    assert time.perf_counter() - started < 10
