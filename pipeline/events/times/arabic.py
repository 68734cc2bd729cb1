"""The grammar of Arabic time expressions (over folded text: no vowel signs, ا for أ and إ, ه for ة)."""

from __future__ import annotations

import functools
import re

from pipeline.events.times.model import (
    DAY,
    Bound,
    Grammar,
    Interval,
    Moment,
    Rule,
    day_in_month,
    days_between,
    hijri_day,
    hijri_month,
    make_date,
    month_near,
    month_of,
    one_day,
    part_of,
    period,
    shifted,
    week_of,
    weekday_near,
    weekend_of,
)  # fmt: skip
from pipeline.events.times.resolvers import (
    SHIFT,
    anchored,
    day_from_today,
    day_of_month,
    no_time,
    numeric_date,
    numeric_year,
    season_near,
    weekdays_to,
)
from pipeline.events.times.vocabulary import alternatives, vocabulary

_V = vocabulary("ar")
_LETTER = r"\u0621-\u064a"
_WD = _V.any("weekday")
_BARE_WD = alternatives([f[2:] for f in _V.kinds["weekday"]])
_M = alternatives([*_V.kinds["month"], *_V.kinds["hijri_month"]])
_TURN = _V.any("turn")
_D = r"(?:3[01]|[12]\d|0?[1-9])(?![\d.,]\d|\d)"
_Y = r"(?:1[89]|20)\d\d(?!\d)"
_HY = r"1[345]\d\d(?!\d)"
_ORDINAL = _V.any("ordinal")
_PART = rf"(?:{_V.any('day_part')}\s+)?"
_DAYWORD = r"(?:(?:يوم|نهار|ليوم)\s+)?"
_CUE = re.compile(
    r"(?:^|\s)(?:و|ف)?(?:في|خلال|منذ|شهر|منتصف|اواخر|اوائل|مطلع|نهايه|بدايه|حتي|من|الي|قبل|بعد|اواسط|بحلول|بين)\s+$"
)
_MONTH_PAIR = rf"(?P<m>{_M})(?:\s*[/(]\s*(?P<mm>{_M})\s*\)?)?"
_OF_YEAR = (
    rf"(?:\s*[،,]?\s*(?:من\s+)?(?:(?:العام|السنه)\s+(?P<yt>{_TURN})|هذا\s+(?P<this>العام)|(?:(?:عام|سنه|للعام|العام)\s+)?"
    rf"(?P<y>{_Y}|{_HY}))(?:\s*(?:م|هـ|ه|هجري|هجريه|ميلادي|ميلاديه)(?![{_LETTER}]))?|\s+(?P<turn>{_TURN}))?"
)


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![{_LETTER}\d])(?:[وف]?(?:لل|[بلك])?)(?P<hit>{pattern})(?![{_LETTER}\d])")


def _number(form: str | None) -> int | None:
    return int(form) if form and form.isdigit() else None


def _day_of(form: str | None) -> int | None:
    number = _number(form)
    return number if number is not None else _V.number("ordinal", form)


def _months_day(match: re.Match[str], moment: Moment, number: int | None) -> Interval | None:
    """The day of a month that is named, with its year or with last or next."""
    year, turn, form = _number(match["y"]), _V.word("turn", match["turn"]), match["m"]
    if number is None or number < 1:
        return None
    month = _V.number("month", form)
    if month is None:
        hijri = _V.number("hijri_month", form)
        return None if hijri is None else one_day(hijri_day(moment, year, hijri, number), "explicit")
    if year is not None:
        return one_day(make_date(year, month, number), "explicit")
    whole = _named_year(match, moment, month)
    if whole is None and turn is not None:
        # "18 June next" is the coming 18 June, and "22 January current" that of this month.
        status = {"past": "actual", "future": "planned"}.get(turn)
        if status is not None:
            return one_day(day_in_month(Moment(moment.day, status), month, number), "explicit")
        whole = month_near(moment, month, turn)
    if whole is not None:
        return one_day(make_date(whole.start.year, month, number), "explicit")
    return one_day(day_in_month(moment, month, number), "explicit")


def _named_year(match: re.Match[str], moment: Moment, month: int) -> Interval | None:
    turn = "present" if match["this"] else _V.word("turn", match["yt"])
    return None if turn is None or moment.day is None else month_of(moment.day.year + SHIFT[turn], month)


def _dated(match: re.Match[str], moment: Moment) -> Interval | None:
    return _months_day(match, moment, _day_of(match["d"]))


def _dates(match: re.Match[str], moment: Moment) -> Interval | None:
    first = _months_day(match, moment, _day_of(match["d"]))
    last = _months_day(match, moment, _day_of(match["d2"]))
    if first is None or last is None:
        return None
    return days_between(first.start, last.start, "explicit")


def _of_this_month(match: re.Match[str], moment: Moment) -> Interval | None:
    number, turn = _day_of(match["d"]), _V.word("turn", match["turn"] or match.groupdict().get("turn2")) or "present"
    return None if number is None else one_day(day_of_month(moment, SHIFT[turn], number), "explicit")


def _weekday(match: re.Match[str], moment: Moment) -> Interval | None:
    weekday, turn = _weekday_number(match["wd"]), _V.word("turn", match["turn"])
    if moment.day is None or weekday is None:
        return None
    week = "present" if match["this"] else _V.word("turn", match["week"])
    if week is not None:
        return one_day(week_of(moment.day, SHIFT[week]).start + weekday * DAY)
    return one_day(weekday_near(moment, weekday, turn))


def _weekdays(match: re.Match[str], moment: Moment) -> Interval | None:
    weekday, last = _weekday_number(match["wd"]), _weekday_number(match["wd2"])
    if moment.day is None or weekday is None or last is None:
        return None
    first = weekday_near(moment, weekday, _V.word("turn", match["turn"]))
    if first is None:
        return None
    return days_between(*weekdays_to(moment, first, last, loose=match["turn"] is None), "relative")


def _weekday_number(form: str | None) -> int | None:
    return None if form is None else _V.number("weekday", form if form.startswith("ال") else "ال" + form)


def _day(match: re.Match[str], moment: Moment) -> Interval | None:
    return day_from_today(moment, _V.number("day_offset", match["rel"]), _weekday_number(match["wd"]))


def _period(match: re.Match[str], moment: Moment) -> Interval | None:
    turn = "present" if match["this"] else _V.word("turn", match["turn"])
    unit = _V.word("period", match["unit"]) or ""
    if turn is None:
        return weekend_of(moment, None) if unit == "weekend" else None
    return period(moment, unit, SHIFT[turn])


def _season(match: re.Match[str], moment: Moment) -> Interval | None:
    first, turn = _V.number("season", match["season"]), _V.word("turn", match["turn"])
    return None if first is None else season_near(moment, first, turn or "present")


def _bare_month(match: re.Match[str], moment: Moment) -> Interval | None:
    year, turn = _number(match["y"]), _V.word("turn", match["turn"])
    month = _V.number("month", match["m"])
    if month is None:
        hijri = _V.number("hijri_month", match["m"])
        if hijri is None:
            return None
        if match["yt"] is not None:
            return None
        return hijri_month(moment, year, hijri, turn)
    if year is not None:
        return month_of(year, month)
    return _named_year(match, moment, month) or month_near(moment, month, turn)


def _ago(match: re.Match[str], moment: Moment) -> Interval | None:
    if match["dual"]:
        count, unit = 2, _V.word("dual", match["dual"]) or ""
    else:
        unit = _V.word("unit", match["unit"]) or ""
        form = match["n"]
        # "a day ago" has no number; "days ago" names none.
        count = (
            (_number(form) or _V.number("number", form) or 0)
            if form
            else int(match["unit"] in ("يوم", "اسبوع", "شهر", "عام", "سنه"))
        )
    if not count:
        return None
    if match["side"] == "بعد":
        return shifted(moment, unit, count) if moment.direction > 0 else None
    if match["side"] == "منذ" and unit in ("month", "year"):
        return None
    return shifted(moment, unit, -count)


def _part_of(match: re.Match[str], moment: Moment) -> Interval | None:
    order, month = _V.number("ordinal", match["order"]), _V.number("month", match["m"])
    turn, year = _V.word("turn", match["turn"]) or "present", _number(match["y"])
    if month is not None:
        whole: Interval | None = month_of(year, month) if year else month_near(moment, month)
    else:
        whole = period(moment, "month", SHIFT[turn])
    return None if order is None else part_of(whole, order, "week")


def _month_stands_alone(match: re.Match[str]) -> bool:
    """آب, مارس, رمضان and others are other words or names unless a cue stands by them."""
    form = re.sub(r"\s+", " ", match["m"])
    if form not in _V.kinds["needs_cue"] or any(match[g] for g in ("mm", "y", "yt", "this", "turn", "near", "word")):
        return True
    return _CUE.search(match.string[: match.start("hit")]) is not None


def _month_day_guard(match: re.Match[str]) -> bool:
    return re.search(r"\d\s*[-/:.]\s*$", match.string[: match.start("hit")]) is None


@functools.cache
def grammar() -> Grammar:
    """The rules of Arabic, the bounds منذ, قبل and بعد, and what only looks like a time."""
    day = rf"(?P<d>{_D}|{_ORDINAL})"
    opening = rf"{_PART}{_DAYWORD}(?:{_WD}\s*[،,]?\s*(?:في\s+)?)?(?:الموافق\s+)?"
    of_month = rf"\s*(?:من\s+)?(?:شهر\s+)?{_MONTH_PAIR}{_OF_YEAR}"
    unit, month_word = _V.any("period"), r"(?:هذا\s+)?الشهر"
    near = rf"(?P<near>{_V.any('near')}\s+)?"
    about = r"(?:(?:نحو|حوالي|قرابه|اكثر\s+من|زهاء)\s+)?"
    rules = (
        Rule(_rule(rf"{opening}{day}{of_month}"), _dated, _month_day_guard),
        Rule(_rule(rf"(?:(?:يومي|ايام|بين|من|الفتره\s+من)\s+)?{day}\s*(?:-|–|و|الي\s|حتي\s)\s*(?P<d2>{_D}){of_month}"), _dates, _month_day_guard),
        Rule(_rule(rf"{opening}{day}\s+(?:(?:من\s+)?{month_word}(?:\s+(?P<turn>{_TURN}))?|من\s+(?P<turn2>{_TURN}))"), _of_this_month),
        Rule(_rule(rf"{_DAYWORD}(?P<d>{_D})\s+(?P<turn>{_V.any('turn')})"), _of_this_month),
        Rule(_rule(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})"), numeric_date),
        Rule(_rule(r"(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})"), numeric_date),
        Rule(_rule(rf"{_PART}{_DAYWORD}(?:(?P<this>هذا)\s+)?(?P<wd>{_WD})(?:\s+(?P<turn>{_TURN})|\s+(?:من\s+)?الاسبوع\s+(?P<week>{_TURN}))?"), _weekday),
        Rule(_rule(rf"(?:يوم|مساء|صباح|ليله|فجر)\s+(?P<this>)(?P<wd>{_BARE_WD})(?P<turn>)(?P<week>)"), _weekday),
        Rule(_rule(rf"(?:(?:يومي|ايام|بين|من|{_V.any('day_part')})\s+)?(?P<wd>{_WD})\s+(?:و|الي\s+|حتي\s+)(?P<wd2>{_WD})(?:\s+(?P<turn>{_TURN})(?:ين)?)?"), _weekdays),
        Rule(_rule(rf"{_PART}(?:يوم\s+)?(?P<rel>{_V.any('day_offset')})(?:\s*[(،,]?\s*(?P<wd>{_WD})\s*\)?)?"), _day),
        Rule(re.compile(rf"(?<![{_LETTER}])[وف]?لل(?P<hit>(?P<this>)(?P<wd>{_BARE_WD})(?:\s+(?P<turn>{_TURN}))?(?P<week>))(?![{_LETTER}])"), _weekday),
        Rule(_rule(rf"{_PART}اليوم\s+و\s*(?:غدا|الغد)(?:\s+{_WD})?"), lambda m, moment: None if moment.day is None else days_between(moment.day, moment.day + DAY, "relative")),
        Rule(_rule(rf"{near}(?:(?P<this>هذا|هذه)\s+)?(?P<unit>{unit})(?:\s+(?P<turn>{_TURN}))?"), _period, lambda m: bool(m["this"] or m["turn"] or "نهايه الاسبوع" in m["unit"] or "عطله" in m["unit"])),
        Rule(_rule(rf"{near}(?:(?P<this>هذا)\s+)?(?P<season>{_V.any('season')})(?:\s+(?P<turn>{_TURN}))?"), _season, lambda m: bool(m["this"] or m["turn"])),
        Rule(_rule(rf"{near}(?:(?P<word>شهر)\s+)?{_MONTH_PAIR}{_OF_YEAR}"), _bare_month, _month_stands_alone),
        Rule(_rule(rf"(?P<side>قبل|منذ|بعد)\s+{about}(?:(?P<dual>{_V.any('dual')})|(?:(?P<n>\d+|{_V.any('number')})\s+)?(?P<unit>{_V.any('unit')}))(?!\s+(?:من|علي))"), _ago),
        Rule(_rule(rf"الاسبوع\s+(?P<order>{_ORDINAL})\s+من\s+(?:(?:شهر\s+)?(?P<m>{_M})(?:\s+(?P<y>{_Y}))?|{month_word}(?:\s+(?P<turn>{_TURN}))?)"), _part_of),
        Rule(_rule(rf"{near}(?:العام|عام|سنه)\s+(?P<y>{_Y})"), numeric_year),
        Rule(re.compile(rf"(?<![{_LETTER}])(?:في|منذ)\s+(?P<hit>(?P<y>{_Y}))(?![\w/.-]*\d)"), numeric_year),
        Rule(_rule(rf"{_PART}(?P<word>{_V.any('anchored')})"), anchored(_V)),
        Rule(_rule(_V.any("vague")), no_time),
    )  # fmt: skip
    bounds = (
        Bound(re.compile(rf"(?P<pad>^|.*[^{_LETTER}])(?:و|ف)?منذ\s+$"), "before", "since"),
        Bound(re.compile(rf"(?P<pad>^|.*[^{_LETTER}])(?:و|ف)?(?:قبل|بعد)\s+$"), "before", "open"),
    )
    return Grammar(rules, bounds, (re.compile(rf"(?<![{_LETTER}])[لبو]?{_V.any('name')}(?![{_LETTER}])"),))
