"""Publication dates as publishers write them: in metadata, in publishing lines, in file names.

A date is read as the publisher's clock shows it: a zone is left out, never converted. What is
ambiguous (03/04/2025), impossible (a year 20254) or only half there (Jan 13) gives None.
Hijri dates are converted with ``hijridate`` (Umm al-Qura calendar).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from hijridate import Hijri

from pipeline.languages import LANGUAGES, load_topic

DayOrder = Literal["day_first", "month_first"] | None

_DIGITS = {ord(a): str(i % 10) for i, a in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９")}
_DROPPED = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069\u0640\ufeff"))
_PUNCTUATION = str.maketrans("：，／－．（）\u00a0\u3000\u202f", ":,/-.()   ")
_ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
_UPDATED = re.compile(r"updat|modif|تحديث|تعديل|更新|修改")
_TRAILER = re.compile(
    r"(?:来源|來源|稿源|信息来源|作者|记者|編輯|编辑|责任编辑|字号|source\b|(?-i:by [A-Z])|\d+ min(?:ute)?s?\b|المصدر|بقلم|كتب)",
    re.I,
)
_PATH_DATE = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_./]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9]|[A-Za-z](?<!T))"
)
_PATH_MONTH = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)[-_/](0?[1-9]|1[0-2])(?![0-9A-Za-z])")
_PATH_YEAR = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, or a year and a month, that an address or a file name tells."""

    year: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class _Patterns:
    date: re.Pattern[str]
    time: re.Pattern[str]
    filler: re.Pattern[str]
    label: re.Pattern[str]
    datelines: tuple[re.Pattern[str], ...]
    months: Mapping[str, tuple[str, int]]


def parse_date(value: Any, *, order: DayOrder = None) -> datetime | None:
    """Read a metadata value: a string, a number of seconds or milliseconds, a date or a datetime.

    ``order`` reads numeric dates such as 03/04/2025, which else are None. Midnight stands for an
    unknown time of day.
    """
    if isinstance(value, datetime):
        return _bounded(value.replace(tzinfo=None, microsecond=0))
    if isinstance(value, date):
        return _bounded(datetime(value.year, value.month, value.day))
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _epoch(value)
    if isinstance(value, (list, tuple)):
        return parse_date(value[0], order=order) if value else None
    text = _normal(str(value))[:200].strip()
    if re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{13}", text):
        return _epoch(float(text))
    compact = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?Z?)?", text)
    if compact:
        return _build(*(int(part or 0) for part in compact.groups()))
    return _scan(text, order=order, strict=False)


def date_of_line(line: str, *, order: DayOrder = None) -> tuple[datetime, bool] | None:
    """Read a line that is nothing but a publishing line, such as "Published On 4 Feb 2025".

    Answers with the date and whether it is that of an update; None for any other line.
    """
    if len(line) > 200 or not any(char.isdigit() for char in line):
        return None
    text = _normal(line).strip()
    found = _scan(text, order=order, strict=True)
    return None if found is None else (found, _UPDATED.search(text.lower()) is not None)


def date_of_dateline(line: str, known: PartialDate | None) -> datetime | None:
    """Read the dateline that a report begins with, such as "LIMA, Jan 13, 2025 (Reuters) -".

    ``known`` supplies a year (and month) that the dateline leaves out; without it, None.
    """
    patterns = _patterns()
    head = _normal(line[:160]).lstrip()
    for pattern in patterns.datelines:
        found = pattern.match(head)
        if found is None:
            continue
        groups = found.groupdict()
        year = int(groups["y"]) if groups.get("y") else known.year if known else None
        name = groups.get("mon")
        month = patterns.months[_key(name)][1] if name else None
        if month is None and groups.get("m"):
            month = int(groups["m"])
        if month is None and known is not None:
            month = known.month
        if year is None or month is None:
            return None
        return _build(year, month, int(groups["d"]))
    return None


def date_of_path(path: str) -> datetime | None:
    """Read the date in a file's name, its folders or an address: 2024-07-26, 20240726, 2024/07/26."""
    for found in reversed(list(_PATH_DATE.finditer(path[-1000:]))):
        built = _build(int(found[1]), int(found[3]), int(found[4]))
        if built is not None:
            return built
    return None


def partial_date_of_path(path: str) -> PartialDate | None:
    """Read the year, or year and month, in a file's name or an address (news/2025/01/...)."""
    whole = date_of_path(path)
    if whole is not None:
        return PartialDate(whole.year, whole.month)
    months = _PATH_MONTH.findall(path[-1000:])
    if months:
        return PartialDate(int(months[-1][0]), int(months[-1][1]))
    years = set(_PATH_YEAR.findall(path[-1000:]))
    return PartialDate(int(years.pop())) if len(years) == 1 else None


def date_of_text(
    text: str, *, known: PartialDate | None = None, order: DayOrder = None, depth: int = 8
) -> datetime | None:
    """Find the publication date in an article's first and last ``depth`` lines.

    A publishing line counts before a dateline, a publication before an update, the head before the
    end. Dates inside sentences are never taken.
    """
    head = _first_lines(text[:20_000], depth)
    tail = list(reversed(_first_lines("\n".join(reversed(text[-5_000:].split("\n"))), depth)))
    update: datetime | None = None
    for line in (*head, *(line for line in tail if line not in head)):
        found = date_of_line(line, order=order)
        if found is None:
            continue
        if not found[1]:
            return found[0]
        update = update or found[0]
    if update is not None:
        return update
    for line in head:
        dated = date_of_dateline(line, known)
        if dated is not None:
            return dated
    return None


def _first_lines(text: str, count: int) -> list[str]:
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if line][:count]


def _normal(text: str) -> str:
    return text.translate(_DIGITS).translate(_DROPPED).translate(_PUNCTUATION)


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name.lower().rstrip("."))


def _bounded(value: datetime) -> datetime | None:
    return value if 1800 <= value.year <= 2100 else None


def _build(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime | None:
    try:
        return _bounded(datetime(year, month, day, hour, minute, min(second, 59)))
    except ValueError:
        return None


def _epoch(value: float) -> datetime | None:
    seconds = value / 1000 if abs(value) > 1e11 else value
    if not 0 < seconds < 4.2e9:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    return moment.replace(tzinfo=None)


@functools.cache
def _patterns() -> _Patterns:
    months: dict[str, tuple[str, int]] = {}
    labels: list[str] = []
    weekdays: list[str] = []
    agencies: dict[str, list[str]] = {}
    for language in LANGUAGES:
        topic = load_topic(language, "calendar")
        for entry in topic.get("month", ()):
            for form in entry["forms"]:
                months[form] = (entry["calendar"], entry["number"])
        labels += [form for entry in topic["label"] for form in entry["forms"]]
        weekdays += [form for entry in topic["weekday"] for form in entry["forms"]]
        agencies[language] = [form for entry in topic["agency"] for form in entry["forms"]]
    month = rf"(?:{_any(months)})(?![^\W\d_])\.?"
    year = rf"(?:1[345]\d\d|(?:19|20)\d\d)(?:(?!\d)|(?=\d{{1,2}}\s(?:{_any(months)})))"
    zone = r"(?:z\b|utc|gmt|est|edt|pst|pdt|cet|cest|bst|ist|msk|北京时间)?(?:\s*[+-]\d\d:?\d\d)?"
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    forms = (
        r"(?<!\d)(?P<y1>(?:19|20)\d\d)(?P<s>[-/.])(?P<m1>\d{1,2})(?P=s)(?P<d1>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y2>(?:19|20)\d\d)\s?年\s?(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?[日号]",
        rf"(?P<d3>{day})[\s\-]*(?:of\s)?(?P<n3>{month})"
        rf"(?:\s*[/(]\s*(?:{_any(months)})\s*\)?)?[\s,.،\-]*(?P<y3>{year})",
        rf"(?<![^\W\d_])(?P<n4>{month})\s*(?P<d4>{day})\s*,?\s+(?P<y4>{year})",
        r"(?<!\d)(?P<a5>\d{1,2})(?P<t>[-/.])(?P<b5>\d{1,2})(?P=t)(?P<y5>(?:19|20)\d\d)(?!\d)",
    )
    time = (
        r"(?:t|at|@|الساعة)?\s*(?<!\d)(?P<hour>[01]?\d|2[0-4])(?::|时|點|点|h)(?P<minute>[0-5]\d)分?"
        r"(?::(?P<second>[0-6]\d)(?:[.,]\d+)?秒?)?"
        r"\s*(?P<half>[ap]\.?\s?m\b\.?|صباحا?ً?|مساءً?|ص(?!\w)|م(?!\w))?"
        rf"\s*\(?{zone}\)?(?!\d)"
    )
    filler = (
        rf"[\s,;:|·•()\[\]،/*\-–—]+|(?:{_any(weekdays)})\.?(?![^\W\d_])|(?:on|at|the|في|يوم)(?!\w)"
        r"|(?:هجرية|هجري|ميلادية|ميلادي|هـ|ه|م)(?!\w)|上午|下午|凌晨|晚"
    )
    city = r"[A-Z][\w.'’/\-]*(?: [A-Z][\w.'’/\-]*){0,3}"
    dateline_month = rf"(?i:(?P<mon>{_any(months)}))(?![^\W\d_])\.?"
    gap = r"[,.]?\s+"
    close = (
        rf"(?:\s*,?\s*[(/](?:[^()\n]{{0,20}}\b)?(?i:{_any(agencies['en'])})\b[^()\n]{{0,20}}[)/]|\s*,?\s*(?:--?|—|–)\s)"
    )
    english_place = rf"(?:{city}(?:,\s{city}){{0,2}})"
    arabic_place = r"[\u0621-\u0652]+(?: [\u0621-\u0652]+){0,3}"
    arabic_close = rf"\s*(?:[(/\-]\s?(?:{_any(agencies['ar'])})\s?[)/\-]|\s[-–—]\s)"
    datelines = (
        rf"{english_place}{gap}{dateline_month}\s*(?P<d>\d{{1,2}})(?:{gap}(?P<y>{year}))?{close}",
        rf"{english_place}{gap}(?P<d>\d{{1,2}})\s+{dateline_month}(?:{gap}(?P<y>{year}))?{close}",
        rf"{arabic_place}\s?(?:[،,\-]\s?|\sفي\s|\s)(?P<d>\d{{1,2}})\s(?P<mon>{_any(months)})"
        rf"(?:\s?/\s?(?:{_any(months)}))?(?:[\s،,]+(?P<y>{year}))?{arabic_close}",
        rf"[(（【]?(?:{_any(agencies['zh'])})[\u4e00-\u9fff·]{{0,14}}?"
        r"(?:(?P<y>(?:19|20)\d\d)年)?(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})日(?:[\u4e00-\u9fff]{0,4})?(?:电|電|讯|訊)",
    )
    return _Patterns(
        date=re.compile("|".join(forms), re.I),
        time=re.compile(time, re.I),
        filler=re.compile(filler, re.I),
        label=re.compile(rf"(?:{_any(labels)})(?![^\W\d_])", re.I),
        datelines=tuple(re.compile(pattern) for pattern in datelines),
        months=months,
    )


def _any(words: Any) -> str:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def _scan(text: str, *, order: DayOrder, strict: bool) -> datetime | None:
    """Consume labels, weekdays, dates and times from the left.

    ``strict``: nothing else may stand in the line but a source or an editor after the date. Else
    unknown words are passed over (a metadata value such as "Fri, 26 Jul 2024 by the desk").
    """
    patterns = _patterns()
    dates: list[tuple[bool, datetime]] = []
    clock: tuple[int, int, int] | None = None
    at = 0
    while at < len(text):
        found = patterns.date.match(text, at)
        if found is not None:
            built = _date_of_match(found, patterns.months, order, text)
            if built is None:
                return None
            dates.append(built)
            at = found.end()
            continue
        timed = patterns.time.match(text, at)
        if timed is not None:
            clock = clock or _clock(timed, text[:at])
            at = timed.end()
            continue
        other = patterns.filler.match(text, at) or patterns.label.match(text, at)
        if other is not None and other.end() > at:
            at = other.end()
            continue
        if strict:
            if dates and _TRAILER.match(text, at) and len(text) - at <= 80:
                break
            return None
        word = re.compile(r"[^\W\d_]+|.").match(text, at)
        if dates or word is None or word.group().isdigit():
            break
        at = word.end()
    if not dates:
        return None
    chosen = next((moment for hijri, moment in dates if not hijri), dates[0][1])
    if clock is not None:
        return chosen.replace(hour=clock[0], minute=clock[1], second=clock[2])
    return chosen


def _date_of_match(
    found: re.Match[str], months: Mapping[str, tuple[str, int]], order: DayOrder, text: str
) -> tuple[bool, datetime] | None:
    groups = found.groupdict()
    hijri = False
    if groups["y1"] or groups["y2"]:
        suffix = "1" if groups["y1"] else "2"
        built = _build(*(int(groups[part + suffix]) for part in "ymd"))
    elif groups["n3"] or groups["n4"]:
        suffix = "3" if groups["n3"] else "4"
        calendar, month = months[_key(groups["n" + suffix])]
        year, day = int(groups["y" + suffix]), int(re.sub(r"\D", "", groups["d" + suffix]))
        hijri = calendar == "hijri"
        built = _from_hijri(year, month, day) if hijri else _build(year, month, day)
    else:
        built = _numeric(int(groups["a5"]), int(groups["b5"]), int(groups["y5"]), order, text)
    return None if built is None else (hijri, built)


def _numeric(a: int, b: int, year: int, order: DayOrder, text: str) -> datetime | None:
    """Read a/b/year: by the numbers where they allow one reading, as day/month in Arabic."""
    if a > 12 or a == b or order == "day_first":
        return _build(year, b, a)
    if b > 12 or order == "month_first":
        return _build(year, a, b)
    return _build(year, b, a) if _ARABIC_LETTER.search(text) else None


def _from_hijri(year: int, month: int, day: int) -> datetime | None:
    try:
        converted = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return datetime(converted.year, converted.month, converted.day)


def _clock(found: re.Match[str], before: str) -> tuple[int, int, int] | None:
    hour, minute = int(found["hour"]), int(found["minute"])
    half = (found["half"] or "").lower()
    afternoon = half.startswith(("p", "مساء", "م")) or before.rstrip().endswith(("下午", "晚"))
    if afternoon and hour < 12:
        hour += 12
    elif half.startswith(("a", "ص")) and hour == 12:
        hour = 0
    return (hour % 24, minute, min(int(found["second"] or 0), 59))
