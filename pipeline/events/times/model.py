"""What the time grammars share: intervals, the moment of reading, and calendar arithmetic."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from hijridate import Gregorian, Hijri

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Where a time expression stands: code points into the article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Interval:
    """The days from ``start`` to ``end``, both included.

    ``precision`` is day, days, week, month, season or year; ``source`` is explicit (a calendar date
    is named), relative (reckoned from the publication date or another day) or publication.
    """

    start: date
    end: date
    precision: str
    source: str


@dataclass(frozen=True, slots=True)
class Moment:
    """From where an expression is read: publication day, status of the event, a day told before."""

    day: date | None
    status: str
    anchor: date | None = None

    @property
    def direction(self) -> int:
        """-1 where the event lies in the past, 1 in the future, 0 where either may be meant.

        A cancelled meeting "was to be held on Friday" before or after the report: the nearer counts.
        """
        return {"actual": -1, "negated": -1, "planned": 1, "possible": 1}.get(self.status, 0)


Resolver = Callable[[re.Match[str], Moment], Interval | None]
Guard = Callable[[re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of time expression: its pattern and how it is reckoned.

    ``guard`` looks at what stands around a match inside a sentence; it is not asked where the
    match is all there is.
    """

    pattern: re.Pattern[str]
    resolve: Resolver
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A word beside an expression that changes what it tells: since opens an interval that runs to
    the publication day; before and after leave the day unknown."""

    pattern: re.Pattern[str]
    side: str
    kind: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """The rules of one language; ``blockers`` are names and datelines that only look like times."""

    rules: tuple[Rule, ...]
    bounds: tuple[Bound, ...]
    blockers: tuple[re.Pattern[str], ...]


def one_day(day: date | None, source: str = "relative") -> Interval | None:
    """The interval of a single day."""
    return None if day is None else Interval(day, day, "day", source)


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def anchored_day(moment: Moment, offset: int) -> Interval | None:
    """The day ``offset`` days from the anchor; None without one, or where what happened would lie
    after the report (the anchor was then not the day meant)."""
    if moment.anchor is None:
        return None
    day = moment.anchor + offset * DAY
    return None if moment.direction < 0 and moment.day is not None and day > moment.day else one_day(day)


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """Year and month ``count`` months on."""
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1


def month_of(year: int, month: int, source: str = "explicit") -> Interval:
    """A calendar month."""
    last = calendar.monthrange(year, month)[1]
    return Interval(date(year, month, 1), date(year, month, last), "month", source)


def year_of(year: int, source: str = "explicit") -> Interval:
    """A calendar year."""
    return Interval(date(year, 1, 1), date(year, 12, 31), "year", source)


def week_of(day: date, shift: int = 0) -> Interval:
    """The week, Monday to Sunday (ISO 8601), ``shift`` weeks after that of ``day``."""
    monday = day - day.weekday() * DAY + shift * 7 * DAY
    return Interval(monday, monday + 6 * DAY, "week", "relative")


def third_of(whole: Interval | None, third: int) -> Interval | None:
    """The first, second or last ten days (旬) of a month: 1 to 3."""
    if whole is None or whole.precision != "month":
        return None
    first = whole.start + (third - 1) * 10 * DAY
    return Interval(first, whole.end if third == 3 else first + 9 * DAY, "days", whole.source)


def weekend_of(moment: Moment, shift: int | None) -> Interval | None:
    """The Saturday and Sunday of this week (0), the last (-1) or the next (1).

    None as ``shift`` lets the status choose: the one gone by, or the coming one, today included.
    """
    if moment.day is None:
        return None
    saturday = week_of(moment.day).start + 5 * DAY
    if shift is not None:
        saturday += shift * 7 * DAY
    elif (moment.direction < 0 and moment.day < saturday) or (moment.direction == 0 and moment.day.weekday() < 2):
        saturday -= 7 * DAY
    return Interval(saturday, saturday + DAY, "days", "relative")


def season_of(year: int, first_month: int) -> Interval:
    """Three months from ``first_month`` (June for summer; winter begins in December of the year before)."""
    if first_month == 12:
        year -= 1
    last = month_of(*add_months(year, first_month, 2))
    return Interval(date(year, first_month, 1), last.end, "season", "relative")


def weekday_near(moment: Moment, weekday: int, turn: str | None = None) -> date | None:
    """The date of a weekday: by the status, or by the word last, next or this.

    A weekday that is that of publication means the same day, but with last or next a week off.
    """
    if moment.day is None:
        return None
    back = (moment.day.weekday() - weekday) % 7
    if turn == "past":
        return moment.day - (back or 7) * DAY
    if turn == "future":
        return moment.day + (7 - back) * DAY
    ahead = (7 - back) % 7
    if moment.direction < 0 or (moment.direction == 0 and back <= 3):
        return moment.day - back * DAY
    return moment.day + ahead * DAY


def day_number(moment: Moment, number: int) -> date | None:
    """The date of a bare day of the month: the nearest in the direction of the status."""
    if moment.day is None:
        return None
    options = []
    for shift in (-2, -1, 0, 1, 2):
        found = make_date(*add_months(moment.day.year, moment.day.month, shift), number)
        if found is not None:
            options.append(found)
    return _choose(options, moment)


def day_in_month(moment: Moment, month: int, number: int) -> date | None:
    """The date of a day and month without a year.

    What "happened" ten months or more ago but would lie within two months ahead is taken to lie
    ahead: reports leave the year out only of dates nearby.
    """
    if moment.day is None:
        return None
    options = [d for y in (-1, 0, 1) if (d := make_date(moment.day.year + y, month, number)) is not None]
    best = _choose(options, moment)
    if best is not None and abs((best - moment.day).days) > 300:
        return min(options, key=lambda d: abs((d - moment.day).days) if moment.day else 0)
    return best


def _choose(options: list[date], moment: Moment) -> date | None:
    day = moment.day
    if day is None or not options:
        return None
    side = [d for d in options if (d - day).days * moment.direction >= 0]
    return min(side or options, key=lambda d: abs((d - day).days))


def month_near(moment: Moment, month: int, turn: str | None = None) -> Interval | None:
    """A month without a year: by the word last, next or this, else by the status."""
    if moment.day is None:
        return None
    gap = (moment.day.month - month) % 12
    if turn == "past":
        shift = -(gap or 12)
    elif turn == "future":
        shift = (-gap) % 12 or 12
    elif turn == "present":
        shift = month - moment.day.month
    elif moment.direction < 0 or (moment.direction == 0 and gap <= 6):
        shift = -gap
    else:
        shift = (-gap) % 12
    return month_of(*add_months(moment.day.year, moment.day.month, shift))


def days_between(first: date | None, last: date | None, source: str) -> Interval | None:
    """The days from ``first`` to ``last``; None where one is unknown or they stand the wrong way."""
    if first is None or last is None or last < first:
        return None
    return Interval(first, last, "day" if first == last else "days", source)


def shifted(moment: Moment, unit: str, count: int) -> Interval | None:
    """The day, month or year ``count`` units from publication ("two days ago").

    Weeks are counted in days; hours and minutes are not resolved.
    """
    if moment.day is None:
        return None
    if unit in ("day", "week"):
        return one_day(moment.day + count * (7 if unit == "week" else 1) * DAY)
    if unit == "month":
        return month_of(*add_months(moment.day.year, moment.day.month, count), "relative")
    return year_of(moment.day.year + count, "relative") if unit == "year" else None


def period(moment: Moment, unit: str, shift: int) -> Interval | None:
    """This (0), the last (-1) or the next (1) week, weekend, month or year."""
    if moment.day is None:
        return None
    if unit == "weekend":
        return weekend_of(moment, shift)
    if unit == "week":
        return week_of(moment.day, shift)
    if unit == "month":
        return month_of(*add_months(moment.day.year, moment.day.month, shift), "relative")
    return year_of(moment.day.year + shift, "relative") if unit == "year" else None


def part_of(whole: Interval | None, order: int, unit: str) -> Interval | None:
    """The first, second ... (or last: -1) week of a month, or half of a year."""
    if whole is None:
        return None
    if unit == "week" and whole.precision == "month":
        if order == -1:
            return Interval(whole.end - 6 * DAY, whole.end, "week", whole.source)
        start = whole.start + (order - 1) * 7 * DAY
        return Interval(start, min(start + 6 * DAY, whole.end), "week", whole.source) if order <= 4 else None
    if unit == "half" and whole.precision == "year" and order in (1, 2):
        year = whole.start.year
        if order == 1:
            return Interval(date(year, 1, 1), date(year, 6, 30), "season", whole.source)
        return Interval(date(year, 7, 1), date(year, 12, 31), "season", whole.source)
    return None


def until_now(interval: Interval | None, moment: Moment) -> Interval | None:
    """The interval that "since" opens: to the end of the publication's day, month or year, in the
    unit that the expression is given in ("since 1962" in 2018: 1962 to 2018)."""
    if interval is None or moment.day is None or interval.start > moment.day:
        return None
    end = moment.day
    if interval.precision == "year":
        end = date(end.year, 12, 31)
    elif interval.precision == "month":
        end = month_of(end.year, end.month).end
    return Interval(
        interval.start, end, interval.precision if interval.precision in ("month", "year") else "days", interval.source
    )


def hijri_day(moment: Moment, year: int | None, month: int, number: int) -> date | None:
    """A Hijri date (Umm al-Qura calendar); without a year, the nearest to publication."""
    if year is not None:
        return _from_hijri(year, month, number)
    if moment.day is None:
        return None
    now = _hijri_year(moment.day)
    options = [d for y in (now - 1, now, now + 1) if (d := _from_hijri(y, month, number)) is not None]
    return _choose(options, moment)


def hijri_month(moment: Moment, year: int | None, month: int, turn: str | None = None) -> Interval | None:
    """A Hijri month as Gregorian days; without a year, by last or next, else by the status."""
    direction = {"past": -1, "future": 1}.get(turn or "", moment.direction)
    first = hijri_day(Moment(moment.day, {-1: "actual", 0: "cancelled", 1: "planned"}[direction]), year, month, 1)
    if first is None:
        return None
    for length in (30, 29):
        last = first + (length - 1) * DAY
        if Gregorian(last.year, last.month, last.day).to_hijri().month == month:
            return Interval(first, last, "month", "explicit")
    return None


def _hijri_year(day: date) -> int:
    try:
        return int(Gregorian(day.year, day.month, day.day).to_hijri().year)
    except (ValueError, OverflowError):
        return day.year - 579


def _from_hijri(year: int, month: int, number: int) -> date | None:
    try:
        found = Hijri(year, month, number).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day)
