"""Copies of an article are found, and articles on the same news are not."""

from datetime import date

import pytest

from pipeline.stories.duplicates import ArticleText, find_duplicates, first_of, sketch

BASE = (
    "The harbour ministers of Peru and Chile opened three days of talks in Arica on Monday on a shared pilot service. "
    "Officials on both sides said that the draft ran to forty pages and left the question of tariffs to a later round. "
    "A spokesman for the port of Callao said that pilots had been asked to send two delegates each to the working group. "
    "Shipping lines have waited since the spring for a decision, and freight rates on the coast rose by a tenth in May."
)
REWRITE = BASE.replace("three days of talks", "three days of discussions").replace("by a tenth", "by 10 percent")
SAME_NEWS = (
    "Chile's harbour minister flew to Arica to see his Peruvian colleague about pilots for the southern ports. "
    "The visit had been put off twice, and neither delegation would say how long the conversation might last. "
    "Port workers in Iquique held a short strike in the morning to remind the ministers of their own demands. "
    "A joint statement is expected before the weekend, according to two people who have read a draft of the text."
)
CHINESE = "秘鲁和智利两国港口部长星期一在阿里卡开始为期三天的会谈，讨论共同引航服务。双方官员表示，草案共四十页，关税问题留待下一轮讨论。卡亚俄港发言人说，引航员协会已受邀各派两名代表参加工作组。航运公司从春天起一直在等待决定。"


def article(article_id, text, day=1, language="en", digest=None):
    return sketch(ArticleText(article_id, language, date(2026, 3, day) if day else None, digest or article_id, text))


@pytest.mark.parametrize(
    ("first", "second", "copy"),
    [
        (BASE, REWRITE, True),
        (BASE, BASE[: int(len(BASE) * 0.85)], True),
        (BASE, "PORT WIRE - " + BASE, True),
        (BASE, SAME_NEWS, False),
        (CHINESE, CHINESE.replace("星期一", "周一"), True),
        ("A short note.", "A short note!", False),
    ],
)
def test_copies(first, second, copy):
    language = "zh" if first is CHINESE else "en"
    found = find_duplicates([article("b", second, 2, language), article("a", first, 1, language)])
    assert found == ({"b": "a"} if copy else {})


def test_the_same_text_is_a_copy_at_any_length_and_age():
    found = find_duplicates([article("a", "Short.", 1, digest="x"), article("b", "Short.", 28, digest="x")])
    assert found == {"b": "a"}


def test_a_like_text_of_another_month_is_none():
    assert find_duplicates([article("a", BASE, 1), article("b", REWRITE, 28)]) == {}
    assert find_duplicates([article("a", BASE, 1), article("b", REWRITE, None)]) == {"b": "a"}


def test_a_copy_of_a_copy_points_at_the_first():
    found = find_duplicates([article("c", BASE + " More.", 3), article("b", REWRITE, 2), article("a", BASE, 1)])
    assert found == {"b": "a", "c": "a"}
    assert first_of("c", found) == first_of("a", found) == "a"
