"""The grammar of English time expressions."""

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
    day_number,
    days_between,
    month_near,
    month_of,
    one_day,
    part_of,
    period,
    season_of,
    shifted,
    week_of,
    weekday_near,
    weekend_of,
    year_of,
)  # fmt: skip
from pipeline.events.times.resolvers import (
    SHIFT,
    anchored,
    date_of,
    day_from_today,
    day_of_month,
    days_to,
    no_time,
    numeric_date,
    numeric_year,
    season_near,
    weekdays_to,
)
from pipeline.events.times.vocabulary import alternatives, vocabulary

_V = vocabulary("en")
_MONTHS = {form: n for form, n in _V.kinds["month"].items() if isinstance(n, int)}
# Months are read in capitals only: "may" and "march" are other words.
_CASED = [f for form in _MONTHS for f in (form.capitalize(), form.upper())]
_FULL = [max((f for f, n in _MONTHS.items() if n == number), key=len) for number in range(1, 13)]
_M = (
    rf"(?-i:{alternatives([f for f in _CASED if f.lower() in _FULL])}"
    rf"|{alternatives([f for f in _CASED if f.lower() not in _FULL])}\.?)"
)
_LONG = rf"(?-i:{alternatives([f for f in _CASED if len(f) > 4 or f.lower() in ('may', 'june', 'july')])})"
_WD = alternatives([f for f in _V.kinds["weekday"] if len(f) >= 6])
_WDS = rf"(?:{_WD}|(?-i:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\.?)"
_D = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d:%]|[.,]\d)"
_Y = r"(?:1[89]|20)\d\d(?![\d%-]|[.,]\d)"
_PART = rf"(?:\s+(?:{_V.any('day_part')}))?"
_NEAR = rf"(?:(?:{_V.any('near')})(?:\s+|-))?"
_TO = r"\s*(?:-|–|—|\bto\b|\band\b|\bthrough\b|\buntil\b)\s*"
_CUE = re.compile(
    r"(?:\b(?:in|since|of|by|until|till|from|for|to|and|or|last|next|this|early|late|mid|before|after|during|through|"
    r"between|coming)|mid-)\s*$", re.IGNORECASE,
)  # fmt: skip
_YEAR_CUE = re.compile(r"\b(?:in|since|by|until|during|from|of|year|early|late|before|after)\s+$", re.IGNORECASE)
_NUMBER_STOP = re.compile(r"\s*(?:$|[,.;:!?)\"”]|(?:and|to|in|at|for|with|but|when|that|after|before|on)\b)")


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?P<hit>{pattern})(?![\w]|-\w)", re.IGNORECASE)


def _month(form: str | None) -> int | None:
    return None if form is None else _MONTHS.get(form.lower().rstrip("."))


def _number(form: str | None) -> int | None:
    found = re.match(r"\d+", form or "")
    return int(found.group()) if found else None


def _dated(match: re.Match[str], moment: Moment) -> Interval | None:
    month, number, groups = _month(match["m"]), _number(match["d"]), match.groupdict()
    if month is None or number is None:
        return None
    first = date_of(moment, _number(groups.get("y")), month, number)
    return days_to(first, _month(groups.get("m2")), _number(groups.get("d2")))


def _month_first(match: re.Match[str], moment: Moment) -> Interval | None:
    month, number = _month(match["m"]), _number(match["d"])
    if month is None or number is None:
        return None
    first = date_of(moment, _number(match["y"]), month, number)
    return days_to(first, _month(match["m2"] or match["m3"]), _number(match["d2"] or match["d3"]))


def _weekday(match: re.Match[str], moment: Moment) -> Interval | None:
    turn = _V.word("turn", match["turn"])
    weekday = _V.number("weekday", match["wd"].rstrip("."))
    if moment.day is None or weekday is None:
        return None
    week = _V.word("turn", match["week"])
    if week is not None:
        return one_day(week_of(moment.day, SHIFT[week]).start + weekday * DAY)
    first = weekday_near(moment, weekday, turn)
    if match["wd2"] is None:
        return one_day(first)
    last = _V.number("weekday", match["wd2"])
    if first is None or last is None:
        return None
    first, end = weekdays_to(moment, first, last, loose=True)
    # "Monday and Thursday" are two days, not the four between them.
    return None if match["join"].strip() == "and" and (end - first).days > 1 else days_between(first, end, "relative")


def _day(match: re.Match[str], moment: Moment) -> Interval | None:
    return day_from_today(moment, _V.number("day_offset", match["rel"]), _V.number("weekday", match["wd"]))


def _period(match: re.Match[str], moment: Moment) -> Interval | None:
    return period(moment, _V.word("period", match["unit"]) or "", SHIFT[_V.word("turn", match["turn"]) or "present"])


def _season(match: re.Match[str], moment: Moment) -> Interval | None:
    first = _V.number("season", match["season"])
    year = _number(match["y"])
    if first is None:
        return None
    if year is not None:
        return season_of(year + (first == 12), first)
    return season_near(moment, first, _V.word("turn", match["turn"]))


def _bare_month(match: re.Match[str], moment: Moment) -> Interval | None:
    month, year = _month(match["m"]), _number(match["y"])
    if month is None:
        return None
    if year is not None:
        return month_of(year, month)
    named = _V.word("turn", match["year"])
    if named is not None and moment.day is not None:
        return month_of(moment.day.year + SHIFT[named], month)
    return month_near(moment, month, _V.word("turn", match["turn"]))


def _month_range(match: re.Match[str], moment: Moment) -> Interval | None:
    last, year = _month(match["m2"]), _number(match["y"])
    end = None if last is None else month_of(year, last) if year else month_near(moment, last)
    first = _month(match["m"])
    if end is None or first is None or last is None:
        return None
    start = month_of(end.start.year - (first > last), first)
    return Interval(start.start, end.end, "days", "explicit")


def _ago(match: re.Match[str], moment: Moment) -> Interval | None:
    count = _number(match["n"]) or _V.number("number", match["n"])
    unit = _V.word("unit", match["unit"]) or ""
    if not count:
        return None
    if unit == "fortnight":
        unit, count = "week", count * 2
    return shifted(moment, unit, -count)


def _ahead(match: re.Match[str], moment: Moment) -> Interval | None:
    count = _number(match["n"]) or _V.number("number", match["n"])
    # In a report of what happened, "in two days" tells how long it took.
    if not count or moment.direction <= 0:
        return None
    return shifted(moment, _V.word("unit", match["unit"]) or "", count)


def _part_of(match: re.Match[str], moment: Moment) -> Interval | None:
    order = _V.number("ordinal", match["order"])
    month, year, turn = _month(match["m"]), _number(match["y"] or match["y2"]), _V.word("turn", match["turn"])
    whole: Interval | None = None
    if month is not None:
        whole = month_of(year, month) if year else month_near(moment, month)
    elif year is not None:
        whole = year_of(year)
    else:
        whole = period(moment, _V.word("period", match["unit"]) or "", SHIFT[turn or "present"])
    return None if order is None else part_of(whole, order, match["part"].lower())


def _on_the(match: re.Match[str], moment: Moment) -> Interval | None:
    number, turn = _number(match["d"]), _V.word("turn", match["turn"])
    if number is None:
        return None
    if turn is None:
        return one_day(day_number(moment, number), "explicit")
    return one_day(day_of_month(moment, SHIFT[turn], number), "explicit")


def _month_stands_alone(match: re.Match[str]) -> bool:
    """A bare month needs a cue where it may be a name (April Jones) or another word (May, March)."""
    if any(match[g] for g in ("near", "turn", "y", "year")) or _CUE.search(match.string[: match.start("hit")]):
        return True
    form = match["m"].lower()
    return form not in ("may", "march") and not re.match(r"\s+[A-Z]", match.string[match.end("hit") :])


@functools.cache
def grammar() -> Grammar:
    """The rules of English, the bounds since, before and after, and what only looks like a time."""
    turn, period_word, number = _V.any("turn"), _V.any("period"), rf"(?:\d+|{_V.any('number')})"
    weekday_first = rf"(?:{_WDS},?\s+)?"
    about = r"(?:(?:about|nearly|almost|around|over|just|roughly|more than)\s+)?"
    year_turn = rf"(?:\s+(?:of\s+)?(?P<year>{turn})\s+year|,?\s+(?:of\s+)?(?P<y>{_Y}))?"
    rules = (
        Rule(_rule(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"), numeric_date),
        Rule(_rule(rf"{weekday_first}{_NEAR}(?:the\s+)?(?P<d>{_D})(?:{_TO}(?:the\s+)?(?P<d2>{_D}))?\s+(?:of\s+)?(?P<m>{_M})(?:,?\s+(?P<y>{_Y}))?{_PART}"), _dated),
        Rule(_rule(rf"(?:the\s+)?(?P<d>{_D})\s+(?:of\s+)?(?P<m>{_M}){_TO}(?P<d2>{_D})\s+(?:of\s+)?(?P<m2>{_M})(?:,?\s+(?P<y>{_Y}))?"), _dated),
        Rule(_rule(rf"{weekday_first}{_NEAR}(?P<m>{_M})\s+(?:the\s+)?(?P<d>{_D})(?:\s*[-–—]\s*(?:(?P<m2>{_M})\s+)?(?P<d2>{_D})|\s+(?:to|through)\s+(?:(?P<m3>{_M})\s+)?(?P<d3>{_D}))?(?:,?\s+(?P<y>{_Y}))?{_PART}"), _month_first),
        Rule(_rule(rf"(?P<m>{_M})\s+(?P<d>{_D})\s+and\s+(?P<d2>{_D})(?:,?\s+(?P<y>{_Y}))?(?=\s*(?:$|[,.;]|in\b|at\b|for\b|to\b))"), _dated, lambda m: _number(m["d2"]) == (_number(m["d"]) or 0) + 1),
        Rule(_rule(rf"(?:(?:the\s+)?{_V.any('day_part')}\s+of\s+)?{_NEAR}(?:(?P<turn>{turn})\s+)?(?P<wd>{_WD})(?:(?P<join>{_TO})(?P<wd2>{_WD})|{_PART}(?:\s+(?:of\s+)?(?P<week>{turn})\s+week)?)"), _weekday),
        Rule(_rule(rf"{_NEAR}(?P<rel>{_V.any('day_offset')}){_PART}(?:,?\s+\(?(?P<wd>{_WD})\)?)?"), _day),
        Rule(_rule(rf"{_NEAR}(?:the\s+)?(?P<turn>{turn})\s+(?P<unit>{period_word})"), _period),
        Rule(_rule(r"(?:over\s+)?(?:the|at the|at) (?P<unit>weekend)"), lambda m, moment: weekend_of(moment, None)),
        Rule(_rule(rf"(?:later|earlier|the end of|the start of|the beginning of)\s+(?P<turn>)the\s+(?P<unit>{period_word})"), _period),
        Rule(_rule(rf"(?:(?P<turn>{turn}|the|in)\s+)(?P<season>{_V.any('season')})(?:\s+(?:of\s+)?(?P<y>{_Y}))?"), _season, lambda m: m["turn"].lower() not in ("the", "in") or bool(m["y"]) or m["season"].lower() not in ("fall", "spring")),
        Rule(_rule(rf"(?P<near>{_V.any('near')}(?:\s+|-))?(?:(?P<turn>{turn})\s+)?(?P<m>{_LONG}){year_turn}"), _bare_month, _month_stands_alone),
        Rule(_rule(rf"(?P<m>{_M})\s+(?P<y>{_Y})(?P<near>)(?P<turn>)(?P<year>)"), _bare_month),
        Rule(_rule(rf"(?P<m>{_LONG})\s*(?:-|–|\bto\b|\band\b)\s*(?P<m2>{_LONG})(?:,?\s+(?P<y>{_Y}))?"), _month_range, lambda m: bool(_CUE.search(m.string[: m.start("hit")]))),
        Rule(_rule(rf"{about}(?P<n>{number})\s+(?P<unit>{_V.any('unit')})\s+ago"), _ago),
        Rule(_rule(rf"in\s+{about}(?P<n>{number})\s+(?P<unit>{_V.any('unit')})(?:['’]\s+time)?(?!\s+of)"), _ahead, lambda m: m["n"].lower() not in ("a", "an", "one")),
        Rule(_rule(rf"(?P<n>{number})\s+(?P<unit>{_V.any('unit')})\s+from\s+now"), _ahead),
        Rule(_rule(rf"(?:within|over|in|during|for)\s+(?:the\s+)?(?:(?:last|past|next|coming)\s+)(?:{number}\s+)?(?:days|weeks|months|years|hours|24 hours|48 hours)"), no_time),
        Rule(_rule(rf"(?P<n>{number})\s+(?:{_V.any('unit')})\s+(?:later|earlier|before|after)"), no_time),
        Rule(_rule(rf"(?:the\s+)?(?P<order>{_V.any('ordinal')})\s+(?P<part>week|half)\s+of\s+(?:(?P<m>{_LONG})(?:,?\s+(?P<y>{_Y}))?|(?P<y2>{_Y})|(?:the\s+)?(?:(?P<turn>{turn})\s+)?(?P<unit>month|year))"), _part_of),
        Rule(re.compile(rf"\bon\s+(?P<hit>the\s+(?P<d>\d{{1,2}}(?:st|nd|rd|th)))(?:\s+of\s+(?P<turn>{turn})\s+month)?(?![\w-])", re.IGNORECASE), _on_the, lambda m: m["turn"] is not None or _NUMBER_STOP.match(m.string[m.end() :]) is not None),
        Rule(_rule(rf"the\s+(?P<d>\d{{1,2}}(?:st|nd|rd|th))\s+of\s+(?P<turn>{turn})\s+month"), _on_the),
        Rule(_rule(rf"(?P<word>{_V.any('anchored')})"), anchored(_V)),
        Rule(_rule(_V.any("vague")), no_time),
        Rule(_rule(rf"(?:(?:the\s+)?(?:{_V.any('near')}|the\s+year)\s+)?(?P<y>{_Y})"), numeric_year, lambda m: bool(_YEAR_CUE.search(m.string[: m.start("y")]))),
    )  # fmt: skip
    bounds = (
        Bound(re.compile(r"(?P<pad>^|.*[\s(,“\"])since\s+(?:the\s+year\s+)?$", re.IGNORECASE), "before", "since"),
        Bound(
            re.compile(r"(?P<pad>^|.*[\s(,“\"])(?:before|after|ahead\s+of|following)\s+$", re.IGNORECASE),
            "before",
            "open",
        ),
    )
    # A line such as "SANTIAGO, Jan 13 -" tells where and when the report was filed, not what it reports.
    dateline = re.compile(
        rf"^[A-Z][\w .,'/]{{1,40}}?[,.]?\s{_M}\s\d{{1,2}}(?:,?\s\d{{4}})?\s?(?:\([\w /.]+\)\s?)?[-–—]"
    )
    names = re.compile(rf"(?<!\w){_V.any('name')}(?!\w)", re.IGNORECASE)
    return Grammar(rules, bounds, (dateline, names))
