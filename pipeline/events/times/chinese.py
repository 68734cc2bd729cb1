"""The grammar of Chinese time expressions."""

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
    third_of,
    week_of,
    weekday_near,
    weekend_of,
    year_of,
)  # fmt: skip
from pipeline.events.times.resolvers import (
    anchored,
    date_of,
    day_from_today,
    day_of_month,
    days_to,
    no_time,
    numeric_date,
    weekdays_to,
)
from pipeline.events.times.vocabulary import vocabulary

_V = vocabulary("zh")
_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一|三十|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_Y = r"(?:(?:1[89]|20)\d\d|[一二][〇零一二三四五六七八九]{3})"
_GAP = r"\s?"
_PART = rf"(?:{_V.any('day_part')})?"
_N = r"(?:\d+|[一二两兩三四五六七八九十]{1,3})"
_WD = r"(?:周|週|星期|礼拜|禮拜)"
_TO = r"\s?(?:至|到|—|－|-|–|~|～|和|、|与|及)\s?"
_YEAR = rf"(?:(?P<y>{_Y}){_GAP}年|(?P<yt>{_V.any('year_turn')}))"
# 日本 and 日报 begin with 日, a dateline ends in 电, 3日内 is a length of time.
_DAY_END = r"(?!(?<=[号號])[人球楼樓线線院文机機房案种種选選首车車馆館门門牌小台店厅井])(?![电電讯訊内間间])(?!本(?![周月年报報台次])|[报報](?![道导導])|元|夜|常|程|游|均)"
# 一周三次 is a count, 本周一直 is 本周 and 一直.
_WEEKDAY_STOP = re.compile(r"[一二三四五六日天](?:[次年场国方名度轮届]|大(?!约|約))|一[直些般共致再旦边起]")
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6}


def number(form: str | None) -> int | None:
    """The value of digits or of Chinese numerals below one hundred, or of a year digit by digit."""
    if not form:
        return None
    if form.isdigit() and form.isascii():
        return int(form)
    if len(form) == 4:
        return int("".join(str(_NUMERALS[c]) for c in form))
    tens, ten, ones = form.partition("十")
    if not ten:
        return _NUMERALS.get(form)
    return (_NUMERALS.get(tens, 1) if tens else 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)


def _rule(pattern: str, before: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<![\d.]){before}(?P<hit>{pattern})")


def _year_of(match: re.Match[str], moment: Moment) -> int | None:
    if match["y"]:
        return number(match["y"])
    turn = _V.number("year_turn", match["yt"])
    return None if turn is None or moment.day is None else moment.day.year + turn


def _dated(match: re.Match[str], moment: Moment) -> Interval | None:
    day, last, groups = number(match["d"]), number(match["d2"]), match.groupdict()
    month, last_month = number(groups.get("m")), number(groups.get("m2"))
    if day is None:
        return None
    if month is not None:
        year = _year_of(match, moment)
        if year is None and match["yt"]:
            return None
        first = date_of(moment, year, month, day)
    elif groups.get("mt") is not None:
        turn = _V.number("turn", groups["mt"])
        first = None if turn is None else day_of_month(moment, turn, day)
    else:
        first = day_number(moment, day)
    return days_to(first, last_month, last)


def _dated_range(match: re.Match[str], moment: Moment) -> Interval | None:
    """A date or a range of dates; 12至13日 has the day word only once."""
    first = _dated(match, moment)
    return first if first is None or match["dx"] is None else days_to(first.start, None, number(match["dx"]))


def _weekday(match: re.Match[str], moment: Moment) -> Interval | None:
    weekday, turn = _WEEKDAYS[match["wd"]], _V.number("turn", match["turn"])
    if moment.day is None:
        return None
    if turn is None:
        first = weekday_near(moment, weekday)
    elif turn == -1 and moment.day.weekday() == 6:
        # A Sunday's report counts the week that it ends as the last one (上周六 is the day before).
        first = weekday_near(moment, weekday, "past")
    else:
        first = week_of(moment.day, turn).start + weekday * DAY
    if match["wd2"] is None or first is None:
        return one_day(first)
    return days_between(*weekdays_to(moment, first, _WEEKDAYS[match["wd2"]], loose=turn is None), "relative")


def _day(match: re.Match[str], moment: Moment) -> Interval | None:
    return day_from_today(moment, _V.number("day_offset", match["rel"]))


def _period(match: re.Match[str], moment: Moment) -> Interval | None:
    turn = _V.number("turn", match["turn"])
    if turn is None:
        return None
    if match["end"]:
        return weekend_of(moment, turn)
    if not match["unit"].startswith("月"):
        return period(moment, "week", turn)
    return _in_month(period(moment, "month", turn), match["near"])


def _weekend(match: re.Match[str], moment: Moment) -> Interval | None:
    return weekend_of(moment, None)


def _month(match: re.Match[str], moment: Moment) -> Interval | None:
    month = number(match["m"])
    if month is None:
        return None
    year = _year_of(match, moment)
    if year is not None:
        return _in_month(month_of(year, month), match["near"])
    return None if match["yt"] else _in_month(month_near(moment, month), match["near"])


def _in_month(month: Interval | None, near: str | None) -> Interval | None:
    """Ten days where a 旬 is named; 初 and 底 are too loose to narrow a month down."""
    third = {"上旬": 1, "中旬": 2, "下旬": 3}.get(near or "")
    return month if third is None else third_of(month, third)


def _week_of_month(match: re.Match[str], moment: Moment) -> Interval | None:
    month, order, turn = number(match["m"]), number(match["order"]), _V.number("turn", match["turn"])
    whole = month_near(moment, month) if month else period(moment, "month", turn or 0)
    return None if order is None else part_of(whole, order, "week")


def _year(match: re.Match[str], moment: Moment) -> Interval | None:
    year = _year_of(match, moment)
    if year is None:
        return None
    whole = year_of(year, "explicit" if match["y"] else "relative")
    if match["half"]:
        return part_of(whole, 1 if match["half"] == "上半年" else 2, "half")
    season = _V.number("season", match["season"])
    if season is not None:
        return season_of(year + (season == 12), season)
    return whole


def _ago(match: re.Match[str], moment: Moment) -> Interval | None:
    count, unit = number(match["n"]), _V.word("unit", match["unit"]) or ""
    if not count:
        return None
    if match["side"] == "前":
        return shifted(moment, unit, -count)
    return shifted(moment, unit, count) if moment.direction > 0 else None


@functools.cache
def grammar() -> Grammar:
    """The rules of Chinese, the bounds 以来, 前 and 后, and what only looks like a time."""
    near, turn = _V.any("near"), _V.any("turn")
    paren = rf"(?:\s?[（(]\s?(?:{_WD})[一二三四五六日天]\s?[)）])?"
    tail = rf"(?:{_GAP}[日号號])"
    span = rf"(?:{_TO}(?:(?P<m2>{_M}){_GAP}月{_GAP})?(?P<d2>{_D}){tail})?"
    rules = (
        Rule(_rule(r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)"), numeric_date),
        Rule(_rule(rf"(?:{_YEAR}{_GAP})?(?P<m>{_M}){_GAP}月{_GAP}(?P<d>{_D})(?:{tail}{span}|(?=\s?[至到—-])(?:{_TO}(?P<d3>{_D}){tail}))".replace("(?P<d3>", "(?P<dx>") + rf"{_DAY_END}{paren}{_PART}"), _dated_range),
        Rule(_rule(rf"(?:(?P<mt>{turn})(?:个|個)?月)?(?P<d>{_D})(?:{tail}{span}|{_TO}(?P<dx>{_D}){tail}){_DAY_END}{paren}{_PART}", r"(?<![一二三四五六七八九十百千月年第近期续后过])(?<!最近)"), _dated_range),
        Rule(_rule(rf"(?:(?P<turn>{turn})(?:个|個)?)?{_WD}(?P<wd>[一二三四五六日天])(?:{_TO}{_WD}?(?P<wd2>[一二三四五六日天]))?{_PART}", r"(?<![每一两几数])"), _weekday, lambda m: _WEEKDAY_STOP.match(m.string[m.start("wd") :]) is None),
        Rule(_rule(rf"(?P<rel>{_V.any('day_offset')}){_PART}"), _day),
        Rule(_rule(r"(?P<turn>)月(?:底|初|末)", r"(?<![\d一二三四五六七八九十个個本上下这這该該当當年岁歲几每])"), lambda m, moment: period(moment, "month", 0)),
        Rule(_rule(rf"(?P<turn>{turn})(?:个|個)?(?:(?P<unit>周|週|星期|礼拜|禮拜|月份?)(?P<end>(?<!月)末)?)(?P<near>{near})?", r"(?<![以日])"), _period, lambda m: re.match(r"[一二三四五六日天]", m.string[m.end("unit") :]) is None or _WEEKDAY_STOP.match(m.string[m.end("unit") :]) is not None),
        Rule(_rule(r"(?:这个|本)?[周週]末", r"(?<![每上下])"), _weekend),
        Rule(_rule(rf"(?:{_YEAR}{_GAP})?(?P<m>{_M}){_GAP}月份?(?!{_GAP}(?:{_D}){_GAP}[日号])(?P<near>{near})?", r"(?<![一二三四五六七八九十个個几])"), _month),
        Rule(_rule(rf"(?:(?P<m>{_M})月份?|(?P<turn>{turn})个?月)的?第(?P<order>[一二三四1-4])(?:个|個)?(?:周|週|星期)"), _week_of_month),
        Rule(_rule(rf"{_YEAR}(?:(?P<half>[上下]半年)|(?:的)?(?P<season>{_V.any('season')})(?!节)|{near})?(?![前后来多间])"), _year),
        Rule(_rule(rf"(?P<n>{_N}){_GAP}(?:多)?(?P<unit>{_V.any('unit')})(?:之|以)?(?P<side>[前后後])(?!往|来|來|续|續|外长|总统|总理)", r"(?<![一二三四五六七八九十百第月])"), _ago, lambda m: m["unit"] != "日" or not m["n"].isdigit()),
        Rule(_rule(rf"(?P<word>{_V.any('anchored')}){_PART}"), anchored(_V)),
        Rule(_rule(_V.any("vague")), no_time),
    )  # fmt: skip
    bounds = (
        Bound(re.compile(r"(?P<pad>^|.*[^起])(?:自从|自|从)$", re.DOTALL), "before", "from"),
        Bound(re.compile(r"(?:以来|起|至今|开始至今)"), "after", "since"),
        Bound(
            re.compile(
                r"(?:以前|之前|以后|以後|之后|之後|前|后|後)(?!总统|总理|部长|任|排|外长|往|续|来|者|果|方|首相|主席|夕)"
            ),
            "after",
            "open",
        ),
    )
    dateline = re.compile(
        rf"(?:本报|本報|新华社|新華社|中新社|中新网|法新社|路透社|社|报|網|网)[^，。；,;]{{0,16}}?(?:{_Y}年)?(?:{_M}月)?{_D}日(?:电|電|讯|訊)"
    )
    return Grammar(rules, bounds, (dateline, re.compile(_V.any("name"))))
