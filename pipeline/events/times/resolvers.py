"""What the grammars reckon alike: forms of time expression that every language has."""

from __future__ import annotations

import re
from datetime import date

from pipeline.events.times.model import (
    DAY,
    Interval,
    Moment,
    Resolver,
    anchored_day,
    day_in_month,
    days_between,
    make_date,
    one_day,
    period,
    season_of,
    year_of,
)
from pipeline.events.times.vocabulary import Vocabulary

SHIFT = {"past": -1, "present": 0, "future": 1}
"""How many weeks, months or years last, this and next are off."""


def no_time(match: re.Match[str], moment: Moment) -> Interval | None:
    """A time that cannot be worked out, or a length of time that tells none."""
    return None


def numeric_date(match: re.Match[str], moment: Moment) -> Interval | None:
    """A date in digits; groups ``y``, ``m`` and ``d``."""
    return one_day(make_date(int(match["y"]), int(match["m"]), int(match["d"])), "explicit")


def numeric_year(match: re.Match[str], moment: Moment) -> Interval | None:
    """A year in digits; group ``y``."""
    return year_of(int(match["y"]))


def anchored(words: Vocabulary) -> Resolver:
    """Reckon from a day told before ("the next day"); the word stands in the group ``word``."""

    def resolve(match: re.Match[str], moment: Moment) -> Interval | None:
        offset = words.number("anchored", match["word"])
        return None if offset is None else anchored_day(moment, offset)

    return resolve


def day_from_today(moment: Moment, offset: int | None, weekday: int | None = None) -> Interval | None:
    """Today, yesterday, the day after tomorrow, with the weekday that may stand beside it.

    The weekday is the surer where the publication date is off by one.
    """
    if moment.day is None or offset is None:
        return None
    day = moment.day + offset * DAY
    if weekday is not None:
        day = next((d for d in (day, day - DAY, day + DAY) if d.weekday() == weekday), day)
    return one_day(day)


def date_of(moment: Moment, year: int | None, month: int, number: int) -> date | None:
    """A day and month with their year, or the fitting one without."""
    return make_date(year, month, number) if year else day_in_month(moment, month, number)


def day_of_month(moment: Moment, shift: int, number: int) -> date | None:
    """A day by its number in this month (0), the last (-1) or the next (1)."""
    month = period(moment, "month", shift)
    return None if month is None else make_date(month.start.year, month.start.month, number)


def days_to(first: date | None, month: int | None, number: int | None) -> Interval | None:
    """The days from a date to a day of the same month or of a later one; the date alone without ``number``."""
    if first is None or number is None:
        return one_day(first, "explicit")
    last = month or first.month
    return days_between(first, make_date(first.year + (last < first.month), last, number), "explicit")


def weekdays_to(moment: Moment, first: date, weekday: int, *, loose: bool) -> tuple[date, date]:
    """The days from a date to the next such weekday.

    A ``loose`` range, one without last or next, that would reach beyond today lies a week before
    where it tells of what happened.
    """
    last = first + ((weekday - first.weekday()) % 7) * DAY
    if loose and moment.day is not None and moment.direction < 0 and last > moment.day:
        return first - 7 * DAY, last - 7 * DAY
    return first, last


def season_near(moment: Moment, first_month: int, turn: str | None) -> Interval | None:
    """A season without a year: by the word last, next or this, else by the status."""
    if moment.day is None:
        return None
    options = [season_of(moment.day.year + n, first_month) for n in (-1, 0, 1)]
    if turn == "past":
        return next((s for s in reversed(options) if s.end <= moment.day), None)
    if turn == "future":
        return next((s for s in options if s.start > moment.day), None)
    if turn == "present":
        return options[1]
    if moment.direction < 0:
        return next((s for s in reversed(options) if s.start <= moment.day), None)
    return next((s for s in options if s.end >= moment.day), None)
