from datetime import date, datetime
from typing import Any

import pytest

from pipeline.articles.dates import (
    PartialDate,
    date_of_dateline,
    date_of_line,
    date_of_path,
    date_of_text,
    parse_date,
    partial_date_of_path,
)
from pipeline.languages import LANGUAGES, load_topic

JULY = datetime(2024, 7, 26)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-07-26T20:07:06.684Z", datetime(2024, 7, 26, 20, 7, 6)),
        ("2024-07-26T20:07:06+08:00", datetime(2024, 7, 26, 20, 7, 6)),
        ("Fri, 26 Jul 2024 20:07:06 GMT", datetime(2024, 7, 26, 20, 7, 6)),
        ("July 26, 2024 8:07 pm EDT", datetime(2024, 7, 26, 20, 7)),
        ("12:05 a.m. July 26, 2024", datetime(2024, 7, 26, 0, 5)),
        ("2024-07-26", JULY),
        ("2024/7/26", JULY),
        ("20240726", JULY),
        ("26th July 2024", JULY),
        ("2024年7月26日 20:07", datetime(2024, 7, 26, 20, 7)),
        ("2024年7月26日下午8时07分", datetime(2024, 7, 26, 20, 7)),
        ("٢٦ تموز/يوليو ٢٠٢٤", JULY),
        ("26 جويلية 2024", JULY),
        ("20 محرم 1446 هـ", JULY),
        (1722024426, datetime(2024, 7, 26, 20, 7, 6)),
        ("1722024426000", datetime(2024, 7, 26, 20, 7, 6)),
        (date(2024, 7, 26), JULY),
        (["2024-07-26"], JULY),
        ("26/04/2025", datetime(2025, 4, 26)),
        ("03/04/2025", None),
        ("20254-01-02", None),
        ("4 Feb 20254", None),
        ("2024-13-45", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        ("0000-00-00", None),
    ],
)
def test_metadata_values(value: object, expected: datetime | None) -> None:
    assert parse_date(value) == expected


def test_numeric_dates_follow_the_configured_order() -> None:
    assert parse_date("03/04/2025", order="day_first") == datetime(2025, 4, 3)
    assert parse_date("03/04/2025", order="month_first") == datetime(2025, 3, 4)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Published On 4 Feb 20254 Feb 2025", datetime(2025, 2, 4)),
        ("Published On 4 Feb 20254", None),
        ("2024年07月26日 20:07 来源：新华网", datetime(2024, 7, 26, 20, 7)),
        ("نشر في: 26/07/2024", JULY),
        ("الخميس 20 محرم 1446 هـ - 26 يوليو 2024 م", JULY),
        ("Friday, 26 July 2024", JULY),
        ("4 Feb 2025 was a cold day.", None),
        ("He met her on 4 Feb 2025", None),
        ("The talks failed.", None),
    ],
)
def test_publishing_lines(line: str, expected: datetime | None) -> None:
    found = date_of_line(line)
    assert (found[0] if found else None) == expected


@pytest.mark.parametrize(
    ("line", "known", "expected"),
    [
        ("LIMA, Jan 13, 2025 (Reuters) - Peru closed its border.", None, datetime(2025, 1, 13)),
        ("LIMA, Jan 13 - Peru closed its border.", None, None),
        ("LIMA, Jan 13 - Peru closed its border.", PartialDate(2026), datetime(2026, 1, 13)),
        ("新华社北京2025年2月4日电 外交部发言人表示欢迎。", None, datetime(2025, 2, 4)),
        ("本报北京5月7日电 外长会见来宾。", None, None),
        ("本报北京7日电 外长会见来宾。", PartialDate(2026, 5), datetime(2026, 5, 7)),
        ("عمّان في 13 يناير 2025 (رويترز) - أغلق الأردن معبراً.", None, datetime(2025, 1, 13)),
        ("ROME — Italy said no.", PartialDate(2025), None),
        ("On Jan 13, 2025 Peru closed its border.", None, None),
    ],
)
def test_datelines(line: str, known: PartialDate | None, expected: datetime | None) -> None:
    assert date_of_dateline(line, known) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2024/07/26/x.txt", JULY),
        ("desk_20240726.txt", JULY),
        ("x-2024-07-26T2007.json", JULY),
        ("000_72c8eb30d1f8ef68.txt", None),
        ("x20241399.txt", None),
        ("id_1202407261.txt", None),
    ],
)
def test_paths(path: str, expected: datetime | None) -> None:
    assert date_of_path(path) == expected


def test_partial_paths() -> None:
    assert partial_date_of_path("news/2025/01/a.md") == PartialDate(2025, 1)
    assert partial_date_of_path("desk-2025.txt") == PartialDate(2025)
    assert partial_date_of_path("from 2024 to 2025.txt") is None


def test_published_counts_before_updated_and_never_inside_prose() -> None:
    text = "Talks fail\nUpdated: 5 Feb 2025\nPublished: 4 Feb 2025\nThe minister left on 1 Feb 2025 for Lima."
    assert date_of_text(text) == datetime(2025, 2, 4)
    assert date_of_text("Talks fail\nThe minister left on 1 Feb 2025 for Lima.") is None


ENTRIES = [
    (language, name, entry)
    for language in LANGUAGES
    for name, entries in load_topic(language, "calendar").items()
    for entry in entries
]


@pytest.mark.parametrize(("language", "name", "entry"), ENTRIES, ids=lambda value: str(value)[:40])
def test_word_list_examples(language: str, name: str, entry: dict[str, Any]) -> None:
    for line in entry["match"]:
        found = date_of_dateline(line, None) if name == "agency" else date_of_line(line)
        assert found is not None, line
        if name == "month" and entry["calendar"] == "gregorian":
            assert isinstance(found, tuple)
            assert found[0].month == entry["number"], line
        if name == "weekday":
            assert isinstance(found, tuple)
            assert found[0].weekday() == entry["number"], line
    for line in entry["not"]:
        assert date_of_text(line) is None, line
