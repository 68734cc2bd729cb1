"""Time expressions: the word lists' own sentences, spans, and days in three languages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.core.rows import Sentence
from pipeline.events.times import Interval, find_anchor, find_times, resolve_time
from pipeline.languages import LANGUAGES, load_topic

WEDNESDAY = date(2025, 7, 9)


def spans(text: str, language: str, *, start: int = 0) -> list[str]:
    sentence = Sentence("a", 0, start, start + len(text), language, "body", text)
    return [text[t.start - start : t.end - start] for t in find_times(sentence)]


def days(text: str, language: str, status: str, day: date | None, anchor: date | None = None) -> str | None:
    found = resolve_time(text, language, day=day, status=status, anchor=anchor)
    if found is None:
        return None
    return f"{found.start}" if found.start == found.end else f"{found.start}/{found.end}"


WORDS = [(language, entry) for language in LANGUAGES for entry in load_topic(language, "times")["word"]]


@pytest.mark.parametrize(("language", "entry"), WORDS)
def test_a_word_list_entry_matches_its_sentences_and_no_others(language: str, entry: dict[str, Any]) -> None:
    assert entry["match"]
    assert entry["not"]
    for marked in entry["match"]:
        expected = re.findall("⟦(.*?)⟧", marked)
        assert expected
        assert spans(re.sub("[⟦⟧]", "", marked), language) == expected
    for text in entry["not"]:
        assert spans(text, language) == []


# expression, status, days when published on Wednesday 9 July 2025
ENGLISH = [
    ("today", "actual", "2025-07-09"), ("tonight", "planned", "2025-07-09"), ("this morning", "actual", "2025-07-09"),
    ("yesterday", "actual", "2025-07-08"), ("last night", "actual", "2025-07-08"),
    ("late yesterday", "actual", "2025-07-08"), ("tomorrow", "planned", "2025-07-10"),
    ("tomorrow afternoon", "planned", "2025-07-10"), ("the day after tomorrow", "planned", "2025-07-11"),
    ("the day before yesterday", "actual", "2025-07-07"),
    ("Tuesday", "actual", "2025-07-08"), ("on Tuesday", "actual", "2025-07-08"), ("Wednesday", "actual", "2025-07-09"),
    ("Wednesday", "planned", "2025-07-09"), ("Thursday", "actual", "2025-07-03"),
    ("Thursday", "planned", "2025-07-10"), ("Thursday", "possible", "2025-07-10"),
    ("Thursday", "cancelled", "2025-07-10"), ("Monday", "cancelled", "2025-07-07"), ("Monday", "negated", "2025-07-07"),
    ("Monday night", "actual", "2025-07-07"), ("early Tuesday", "actual", "2025-07-08"),
    ("late on Tuesday", "actual", "2025-07-08"), ("the evening of Thursday", "planned", "2025-07-10"),
    ("last Monday", "actual", "2025-07-07"), ("last Wednesday", "actual", "2025-07-02"),
    ("next Wednesday", "planned", "2025-07-16"), ("next Thursday", "planned", "2025-07-10"),
    ("this Friday", "planned", "2025-07-11"), ("Thursday last week", "actual", "2025-07-03"),
    ("Thursday of next week", "planned", "2025-07-17"), ("Sunday and Monday", "actual", "2025-07-06/2025-07-07"),
    ("Monday to Wednesday", "planned", "2025-07-14/2025-07-16"), ("Monday and Thursday", "planned", None),
    ("this week", "planned", "2025-07-07/2025-07-13"), ("next week", "planned", "2025-07-14/2025-07-20"),
    ("last week", "actual", "2025-06-30/2025-07-06"), ("the weekend", "planned", "2025-07-12/2025-07-13"),
    ("the weekend", "actual", "2025-07-05/2025-07-06"), ("this weekend", "possible", "2025-07-12/2025-07-13"),
    ("last weekend", "actual", "2025-07-05/2025-07-06"), ("next month", "planned", "2025-08-01/2025-08-31"),
    ("last month", "actual", "2025-06-01/2025-06-30"), ("later this month", "planned", "2025-07-01/2025-07-31"),
    ("earlier this month", "actual", "2025-07-01/2025-07-31"), ("the end of the month", "planned", "2025-07-01/2025-07-31"),
    ("last year", "actual", "2024-01-01/2024-12-31"), ("earlier this year", "actual", "2025-01-01/2025-12-31"),
    ("July 17", "planned", "2025-07-17"), ("Jan. 22", "planned", "2026-01-22"), ("Jan. 22", "actual", "2025-01-22"),
    ("July 17", "actual", "2025-07-17"), ("22 January 2026", "planned", "2026-01-22"),
    ("22nd of January 2026", "planned", "2026-01-22"), ("January 22, 2024", "actual", "2024-01-22"),
    ("Tuesday, July 8", "actual", "2025-07-08"), ("Sept 29-30", "planned", "2025-09-29/2025-09-30"),
    ("29-30 September", "planned", "2025-09-29/2025-09-30"), ("March 6 to 10", "actual", "2025-03-06/2025-03-10"),
    ("28 June to 2 July", "actual", "2025-06-28/2025-07-02"), ("June 28 - July 2", "actual", "2025-06-28/2025-07-02"),
    ("the 5 and 6 of December", "planned", "2025-12-05/2025-12-06"), ("February 30", "actual", None),
    ("on the 13th", "planned", "2025-07-13"), ("on the 13th", "actual", "2025-06-13"),
    ("the 13th of next month", "planned", "2025-08-13"), ("2025-07-13", "planned", "2025-07-13"),
    ("September", "planned", "2025-09-01/2025-09-30"), ("September", "actual", "2024-09-01/2024-09-30"),
    ("July", "actual", "2025-07-01/2025-07-31"), ("November", "actual", "2024-11-01/2024-11-30"),
    ("May", "actual", "2025-05-01/2025-05-31"), ("last November", "actual", "2024-11-01/2024-11-30"),
    ("next June", "planned", "2026-06-01/2026-06-30"), ("late August", "planned", "2025-08-01/2025-08-31"),
    ("mid-June", "actual", "2025-06-01/2025-06-30"), ("June 2018", "actual", "2018-06-01/2018-06-30"),
    ("November last year", "actual", "2024-11-01/2024-11-30"), ("2018", "actual", "2018-01-01/2018-12-31"),
    ("early 2018", "actual", "2018-01-01/2018-12-31"), ("since 2003", "negated", "2003-01-01/2025-12-31"),
    ("since Monday", "actual", "2025-07-07/2025-07-09"), ("since May", "actual", "2025-05-01/2025-07-31"),
    ("the first week of August", "planned", "2025-08-01/2025-08-07"),
    ("the last week of August", "planned", "2025-08-25/2025-08-31"),
    ("the second half of 2026", "planned", "2026-07-01/2026-12-31"),
    ("two days ago", "actual", "2025-07-07"), ("a week ago", "actual", "2025-07-02"),
    ("about ten days ago", "actual", "2025-06-29"), ("three months ago", "actual", "2025-04-01/2025-04-30"),
    ("two years ago", "actual", "2023-01-01/2023-12-31"), ("in two weeks", "planned", "2025-07-23"),
    ("last summer", "actual", "2024-06-01/2024-08-31"), ("this autumn", "planned", "2025-09-01/2025-11-30"),
    ("recently", "actual", None), ("the coming days", "planned", None), ("a few days ago", "actual", None),
    ("three days later", "actual", None), ("the day before", "actual", None), ("later in the day", "actual", None),
    ("5000 years ago", "actual", None), ("before Friday", "planned", None), ("within the next two weeks", "planned", None),
    ("in two days", "actual", None), ("nothing of the kind", "actual", None), ("", "actual", None),
]  # fmt: skip

# expression, status, days when published on Wednesday 9 July 2025 (14 Muharram 1447)
ARABIC = [
    ("اليوم", "actual", "2025-07-09"), ("اليوم الأربعاء", "actual", "2025-07-09"), ("أمس", "actual", "2025-07-08"),
    ("امس", "actual", "2025-07-08"), ("مساء أمس الثلاثاء", "actual", "2025-07-08"), ("غداً", "planned", "2025-07-10"),
    ("غدًا", "planned", "2025-07-10"), ("غدا الخميس", "planned", "2025-07-10"), ("بعد غد الجمعة", "planned", "2025-07-11"),
    ("أول أمس", "actual", "2025-07-07"), ("أول من أمس الاثنين", "actual", "2025-07-07"), ("أمس الأول", "actual", "2025-07-07"),
    ("أمس (الثلاثاء)", "actual", "2025-07-08"), ("صباح اليوم", "actual", "2025-07-09"), ("الليلة الماضية", "actual", "2025-07-08"),
    ("الاثنين", "actual", "2025-07-07"), ("الإثنين", "actual", "2025-07-07"), ("يوم الاثنين", "actual", "2025-07-07"),
    ("يوم اثنين", "actual", "2025-07-07"), ("مساء الاثنين", "actual", "2025-07-07"), ("السبت", "planned", "2025-07-12"),
    ("الجمعة", "cancelled", "2025-07-11"), ("الأربعاء", "actual", "2025-07-09"), ("الأربعاء الماضي", "actual", "2025-07-02"),
    ("الخميس المقبل", "planned", "2025-07-10"), ("الأربعاء القادم", "planned", "2025-07-16"), ("الأحد الفائت", "actual", "2025-07-06"),
    ("هذا الخميس", "planned", "2025-07-10"), ("الاثنين من الأسبوع المقبل", "planned", "2025-07-14"),
    ("يومي الأحد والاثنين", "actual", "2025-07-06/2025-07-07"), ("بين السبت والاثنين", "planned", "2025-07-12/2025-07-14"),
    ("الأسبوع المقبل", "planned", "2025-07-14/2025-07-20"), ("الأسبوع الماضي", "actual", "2025-06-30/2025-07-06"),
    ("هذا الأسبوع", "actual", "2025-07-07/2025-07-13"), ("الأسبوع الجاري", "planned", "2025-07-07/2025-07-13"),
    ("الشهر الماضي", "actual", "2025-06-01/2025-06-30"), ("الشهر المقبل", "planned", "2025-08-01/2025-08-31"),
    ("العام الماضي", "actual", "2024-01-01/2024-12-31"), ("عطلة نهاية الأسبوع", "planned", "2025-07-12/2025-07-13"),
    ("وقت سابق من هذا الشهر", "actual", "2025-07-01/2025-07-31"), ("مطلع هذا العام", "actual", "2025-01-01/2025-12-31"),
    ("22 كانون الثاني/يناير 2026", "planned", "2026-01-22"), ("22 كانون الثاني/يناير", "actual", "2025-01-22"),
    ("١٧ تموز", "planned", "2025-07-17"), ("17 جويلية", "planned", "2025-07-17"), ("3 أوت المقبل", "planned", "2025-08-03"),
    ("4 فيفري", "actual", "2025-02-04"), ("22 تموز/يوليو الجاري", "planned", "2025-07-22"),
    ("الثلاثاء 8 تموز (يوليو)", "actual", "2025-07-08"), ("18 حزيران (يونيو) الماضي", "actual", "2025-06-18"),
    ("الثامن من تموز", "actual", "2025-07-08"), ("الحادي والعشرين من يوليو", "planned", "2025-07-21"),
    ("الثامن من الشهر الجاري", "actual", "2025-07-08"), ("20 من الشهر المقبل", "planned", "2025-08-20"),
    ("بين 18 و20 كانون الأول", "planned", "2025-12-18/2025-12-20"), ("21 و22 نوفمبر القادم", "planned", "2025-11-21/2025-11-22"),
    ("22/1/2026", "planned", "2026-01-22"), ("أواخر أغسطس", "planned", "2025-08-01/2025-08-31"),
    ("نوفمبر الماضي", "actual", "2024-11-01/2024-11-30"), ("تشرين الثاني/نوفمبر 2023", "actual", "2023-11-01/2023-11-30"),
    ("مارس من العام الماضي", "actual", "2024-03-01/2024-03-31"), ("آب", "planned", "2025-08-01/2025-08-31"),
    ("عام 2018", "actual", "2018-01-01/2018-12-31"), ("منذ عام 1962", "negated", "1962-01-01/2025-12-31"),
    ("منذ الاثنين", "actual", "2025-07-07/2025-07-09"), ("قبل يومين", "actual", "2025-07-07"),
    ("قبل ثلاثة أيام", "actual", "2025-07-06"), ("منذ ثلاثة أيام", "actual", "2025-07-06"), ("قبل أسبوع", "actual", "2025-07-02"),
    ("قبل نحو عشرة أيام", "actual", "2025-06-29"), ("قبل عامين", "actual", "2023-01-01/2023-12-31"),
    ("بعد ثلاثة أيام", "planned", "2025-07-12"), ("الأسبوع الأول من آب", "planned", "2025-08-01/2025-08-07"),
    ("الخريف المقبل", "planned", "2025-09-01/2025-11-30"), ("10 محرم", "actual", "2025-07-05"),
    ("1 رمضان 1446", "actual", "2025-03-01"), ("12 رمضان 1446 هـ", "actual", "2025-03-12"),
    ("شهر صفر", "planned", "2025-07-26/2025-08-23"),
    ("الأيام المقبلة", "planned", None), ("مؤخراً", "actual", None), ("قبل أيام", "actual", None), ("منذ ثمانية أشهر", "actual", None),
    ("اليوم نفسه", "actual", None), ("بعد خمسة أيام", "actual", None), ("مرحلة ما", "planned", None),
]  # fmt: skip

# expression, status, days when published on Wednesday 9 July 2025
CHINESE = [
    ("今天", "actual", "2025-07-09"), ("今日", "actual", "2025-07-09"), ("今晚", "planned", "2025-07-09"),
    ("今天上午", "actual", "2025-07-09"), ("昨天", "actual", "2025-07-08"), ("昨晚", "actual", "2025-07-08"),
    ("明天", "planned", "2025-07-10"), ("前天", "actual", "2025-07-07"), ("后天", "planned", "2025-07-11"),
    ("8日", "actual", "2025-07-08"), ("８日", "actual", "2025-07-08"), ("当地时间8日晚", "actual", "2025-07-08"),
    ("8日上午", "actual", "2025-07-08"), ("15日", "planned", "2025-07-15"), ("15日", "actual", "2025-06-15"),
    ("10日", "cancelled", "2025-07-10"), ("8号", "actual", "2025-07-08"), ("十五日", "planned", "2025-07-15"),
    ("二十一日", "planned", "2025-07-21"), ("本月20日", "planned", "2025-07-20"), ("上月20日", "actual", "2025-06-20"),
    ("下个月3日", "planned", "2025-08-03"), ("12日至13日", "planned", "2025-07-12/2025-07-13"),
    ("12至13日", "planned", "2025-07-12/2025-07-13"), ("30日至8月2日", "planned", "2025-07-30/2025-08-02"),
    ("6月2日至3日", "actual", "2025-06-02/2025-06-03"), ("1月22日", "planned", "2026-01-22"), ("1月22日", "actual", "2025-01-22"),
    ("七月一日", "actual", "2025-07-01"), ("2026年1月22日", "planned", "2026-01-22"), ("去年11月5日", "actual", "2024-11-05"),
    ("7月8日（星期二）", "actual", "2025-07-08"), ("2026年1月", "planned", "2026-01-01/2026-01-31"),
    ("去年11月", "actual", "2024-11-01/2024-11-30"), ("今年6月", "actual", "2025-06-01/2025-06-30"),
    ("6月", "actual", "2025-06-01/2025-06-30"), ("6月", "planned", "2026-06-01/2026-06-30"),
    ("九月份", "planned", "2025-09-01/2025-09-30"), ("八月末", "planned", "2025-08-01/2025-08-31"),
    ("6月下旬", "actual", "2025-06-21/2025-06-30"), ("本月中旬", "planned", "2025-07-11/2025-07-20"),
    ("周二", "actual", "2025-07-08"), ("星期二", "actual", "2025-07-08"), ("礼拜三", "actual", "2025-07-09"),
    ("周四", "planned", "2025-07-10"), ("周日", "actual", "2025-07-06"), ("星期天", "planned", "2025-07-13"),
    ("周四", "cancelled", "2025-07-10"), ("本周三", "actual", "2025-07-09"), ("本周五", "planned", "2025-07-11"),
    ("上周五", "actual", "2025-07-04"), ("下周四", "planned", "2025-07-17"), ("下週四", "planned", "2025-07-17"),
    ("周六至周日", "planned", "2025-07-12/2025-07-13"), ("本周", "planned", "2025-07-07/2025-07-13"),
    ("下周", "planned", "2025-07-14/2025-07-20"), ("上周", "actual", "2025-06-30/2025-07-06"),
    ("上个星期", "actual", "2025-06-30/2025-07-06"), ("周末", "planned", "2025-07-12/2025-07-13"),
    ("周末", "actual", "2025-07-05/2025-07-06"), ("上周末", "actual", "2025-07-05/2025-07-06"),
    ("上月", "actual", "2025-06-01/2025-06-30"), ("下个月初", "planned", "2025-08-01/2025-08-31"),
    ("本月初", "actual", "2025-07-01/2025-07-31"), ("今年", "actual", "2025-01-01/2025-12-31"),
    ("去年", "actual", "2024-01-01/2024-12-31"), ("2018年", "actual", "2018-01-01/2018-12-31"),
    ("2018年初", "actual", "2018-01-01/2018-12-31"), ("明年上半年", "planned", "2026-01-01/2026-06-30"),
    ("去年夏天", "actual", "2024-06-01/2024-08-31"), ("从2003年起", "negated", "2003-01-01/2025-12-31"),
    ("周一以来", "actual", "2025-07-07/2025-07-09"), ("三天前", "actual", "2025-07-06"), ("两周前", "actual", "2025-06-25"),
    ("3个月前", "actual", "2025-04-01/2025-04-30"), ("两年前", "actual", "2023-01-01/2023-12-31"),
    ("三天后", "planned", "2025-07-12"), ("2月第一周", "planned", "2026-02-01/2026-02-07"),
    ("近日", "planned", None), ("日前", "actual", None), ("最近", "actual", None), ("当天", "actual", None),
    ("同日", "actual", None), ("三天后", "actual", None), ("未来", "planned", None), ("2月30日", "actual", None),
    ("9999年前", "actual", None),
]  # fmt: skip

CASES = [(language, *case) for language, table in (("en", ENGLISH), ("ar", ARABIC), ("zh", CHINESE)) for case in table]


@pytest.mark.parametrize(("language", "text", "status", "expected"), CASES)
def test_an_expression_means_these_days(language: str, text: str, status: str, expected: str | None) -> None:
    assert days(text, language, status, WEDNESDAY) == expected


@pytest.mark.parametrize(
    ("language", "text", "precision", "source"),
    [
        ("en", "Thursday", "day", "relative"), ("en", "July 8", "day", "explicit"), ("en", "next week", "week", "relative"),
        ("en", "the weekend", "days", "relative"), ("en", "June", "month", "explicit"), ("en", "last month", "month", "relative"),
        ("en", "last summer", "season", "relative"), ("en", "2018", "year", "explicit"), ("ar", "أمس", "day", "relative"),
        ("ar", "العام الماضي", "year", "relative"), ("zh", "12日至13日", "days", "explicit"), ("zh", "上周", "week", "relative"),
    ],
)  # fmt: skip
def test_precision_and_source(language: str, text: str, precision: str, source: str) -> None:
    found = resolve_time(text, language, day=WEDNESDAY, status="actual")
    assert found is not None
    assert (found.precision, found.source) == (precision, source)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "22 January 2026", "2026-01-22"), ("en", "June 2018", "2018-06-01/2018-06-30"), ("en", "Thursday", None),
        ("en", "yesterday", None), ("en", "in June", None), ("en", "next week", None), ("en", "since 2003", None),
        ("en", "last summer", None), ("en", "on the 13th", None), ("ar", "أمس", None), ("ar", "12 رمضان 1446", "2025-03-12"),
        ("ar", "10 محرم", None), ("ar", "الأسبوع المقبل", None), ("zh", "2026年1月22日", "2026-01-22"), ("zh", "15日", None),
        ("zh", "去年11月", None), ("zh", "下周四", None), ("zh", "三天前", None),
    ],
)  # fmt: skip
def test_without_a_publication_day_only_whole_dates_are_known(language: str, text: str, expected: str | None) -> None:
    assert days(text, language, "actual", None) == expected


@pytest.mark.parametrize("language", [None, "fr", ""])
def test_other_languages_have_no_times(language: Any) -> None:
    assert spans("on 9 July 2025", language) == []
    assert resolve_time("9 July 2025", language, day=WEDNESDAY, status="actual") is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "LIMA, Jan 13 - Peru's envoy met Cruz on Monday night, aides said Tuesday.", ["Monday night", "Tuesday"]),
        ("en", "The visit, due on Friday, was put off to 3 May 2026.", ["Friday", "3 May 2026"]),
        ("en", "Talks may march on; April Jones met August Cruz.", []),
        ("en", "He spoke in May and in March.", ["May", "March"]),
        ("en", "After Saturday's call they met.", ["Saturday"]),
        ("en", "They will decide before Friday.", ["before Friday"]),
        ("en", "They met 30 ministers, 12 envoys and 2018 guests.", []),
        ("en", "She won 4.5 per cent in 2018-built towns.", []),
        ("en", "On July 17, 40 people came.", ["July 17"]),
        ("en", "He left on 30th September. He met her in Sept. 2020.", ["30th September", "Sept. 2020"]),
        ("zh", "2号人物与17号球员见面。", []),
        ("en", "The 13th president met the third envoy.", []),
        ("ar", "قال الوزير أمس إن اللقاء سيعقد يوم الخميس المقبل.", ["أمس", "يوم الخميس المقبل"]),
        ("ar", "التقى نظيره وبالأمس تحدث إليه.", ["الأمس"]),
        ("ar", "مارس الوزير ضغوطاً على نيسان للسيارات.", []),
        ("ar", "تحدث أب لثلاثة أطفال عن مساء الخير.", []),
        ("ar", "تأجل اللقاء للخميس المقبل.", ["خميس المقبل"]),
        ("zh", "本报利马7月8日电 外长8日会见大使。", ["8日"]),
        ("zh", "会谈为期三日，共3个月，十多年来首次。", []),
        ("zh", "他每周三去，一周三次。", []),
        ("zh", "他将于16日前往芜湖。", ["16日"]),
        ("zh", "他基本周一直在开会。", ["本周"]),
        ("zh", "3日本公司与15日报道。", ["15日"]),
    ],
)  # fmt: skip
def test_spans_in_a_sentence(language: str, text: str, expected: list[str]) -> None:
    assert spans(text, language) == expected


def test_offsets_count_from_the_article_and_keep_vowel_signs() -> None:
    text = "قَالَ الوَزِيرُ غَدًا الثُّلاثاءَ سيصل"
    sentence = Sentence("a", 3, 100, 100 + len(text), "ar", "body", text)
    (found,) = find_times(sentence)
    assert text[found.start - 100 : found.end - 100].startswith("غَدًا")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "the same day", "2025-07-06"), ("en", "later that day", "2025-07-06"), ("en", "the day before", "2025-07-05"),
        ("en", "the following day", "2025-07-07"), ("ar", "اليوم نفسه", "2025-07-06"), ("ar", "اليوم التالي", "2025-07-07"),
        ("zh", "当天", "2025-07-06"), ("zh", "当晚", "2025-07-06"), ("zh", "次日", "2025-07-07"), ("zh", "前一天", "2025-07-05"),
        ("en", "yesterday", "2025-07-08"),
    ],
)  # fmt: skip
def test_the_same_day_is_that_of_the_text_before(language: str, text: str, expected: str) -> None:
    assert days(text, language, "actual", WEDNESDAY, anchor=date(2025, 7, 6)) == expected


def test_an_anchor_after_publication_is_not_the_day_of_what_happened() -> None:
    assert days("the same day", "en", "actual", WEDNESDAY, anchor=date(2025, 7, 20)) is None
    assert days("the same day", "en", "planned", WEDNESDAY, anchor=date(2025, 7, 20)) == "2025-07-20"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "They met on Monday. Then", date(2025, 7, 7)), ("en", "They met. Then", None),
        ("en", "They met on Monday and again the next day.", date(2025, 7, 8)), ("en", "They met last week.", None),
        ("ar", "التقيا أمس.", date(2025, 7, 8)), ("zh", "外长8日会见大使。", date(2025, 7, 8)),
        ("zh", "代表团将于10日抵达，", date(2025, 7, 10)), (None, "8日", None),
    ],
)  # fmt: skip
def test_the_last_single_day_is_the_anchor(language: str | None, text: str, expected: date | None) -> None:
    assert find_anchor(text, language, day=WEDNESDAY) == expected


@pytest.mark.parametrize(("status", "expected"), [("actual", date(2025, 7, 7)), ("planned", date(2025, 7, 14))])
def test_the_anchor_of_what_is_planned_lies_ahead(status: str, expected: date) -> None:
    assert find_anchor("They meet on Monday. Later", "en", day=WEDNESDAY, status=status) == expected


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("status", ["actual", "planned", "cancelled", "negated", "possible"])
def test_a_weekday_lies_within_a_week_on_the_side_of_its_status(weekday: int, status: str) -> None:
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    for offset in range(7):
        day = WEDNESDAY + timedelta(days=offset)
        found = resolve_time(names[weekday], "en", day=day, status=status)
        assert found is not None
        assert found.start.weekday() == weekday
        gap = (found.start - day).days
        low, high = {"actual": (-6, 0), "negated": (-6, 0), "cancelled": (-3, 3)}.get(status, (0, 6))
        assert low <= gap <= high


def test_on_a_sunday_the_week_that_ends_is_the_last_one() -> None:
    assert days("上周一", "zh", "actual", date(2025, 7, 13)) == "2025-07-07"


def test_a_weekday_beside_today_outweighs_a_publication_date_off_by_one() -> None:
    assert days("اليوم الثلاثاء", "ar", "actual", WEDNESDAY) == "2025-07-08"
    assert days("اليوم الأحد", "ar", "actual", WEDNESDAY) == "2025-07-09"


def test_a_long_line_and_odd_input_are_survived() -> None:
    assert len(spans("on Monday " * 5000, "en")) == 200
    for language in LANGUAGES:
        assert resolve_time("\x00٣٣ 99 99日 ()[]", language, day=WEDNESDAY, status="unknown") is None


def test_interval_is_hashable_and_frozen() -> None:
    found = resolve_time("today", "en", day=WEDNESDAY, status="actual")
    assert found == Interval(WEDNESDAY, WEDNESDAY, "day", "relative")
    assert hash(found)


def test_the_next_season_is_not_the_one_that_begins_today() -> None:
    assert days("next summer", "en", "planned", date(2025, 6, 1)) == "2026-06-01/2026-08-31"
    assert days("الصيف المقبل", "ar", "planned", date(2025, 6, 1)) == "2026-06-01/2026-08-31"
    assert days("next summer", "en", "planned", date(2025, 5, 31)) == "2025-06-01/2025-08-31"
