"""The options of the loader, checked and turned into SQL conditions with parameters."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pipeline.load.errors import LoadError

# As in pipeline.model.labels, whose package takes a second to import; a test holds the two together.
TYPES = ("meeting", "call", "statement")
STATUSES = ("actual", "planned", "cancelled", "negated", "possible")
ROLES = ("participant", "speaker", "addressee", "place", "time")
PARTY_ROLES = ("participant", "speaker", "addressee")
NAME_LANGUAGES = ("en", "ar", "zh")

One = str | Iterable[str] | None
Day = str | date | None

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class Conditions:
    """SQL conditions joined by AND, with the parameters that they name."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.parameters: dict[str, Any] = {}

    def add(self, condition: str, **parameters: Any) -> None:
        """Add a condition; its ``$name`` marks are bound to the parameters."""
        self._parts.append(condition)
        self.parameters.update(parameters)

    def among(self, column: str, values: One, allowed: tuple[str, ...] | None, *, option: str) -> None:
        """The column must hold one of the values; None lets all through."""
        chosen = choices(values, allowed, option=option)
        if chosen is not None:
            self.add(f"{column} IN (SELECT unnest($any_{option}))", **{f"any_{option}": chosen})

    def between(self, first: str, last: str, since: Day, until: Day) -> None:
        """The span of two date columns must touch the days from ``since`` to ``until``, both included."""
        begin, finish = first_day(since, option="since"), last_day(until, option="until")
        if begin is not None and finish is not None and finish < begin:
            raise LoadError(f"until ({finish}) lies before since ({begin}); swap them")
        if begin is not None:
            self.add(f"{last} >= $since", since=begin)
        if finish is not None:
            self.add(f"{first} <= $until", until=finish)

    @property
    def where(self) -> str:
        """All conditions as a WHERE clause; empty where there is none."""
        return "WHERE " + " AND ".join(f"({p})" for p in self._parts) if self._parts else ""


def choices(values: One, allowed: tuple[str, ...] | None, *, option: str) -> list[str] | None:
    """One value or several as a list; raises ``LoadError`` for one that is not allowed."""
    if values is None:
        return None
    chosen = [values] if isinstance(values, str) else list(values)
    for value in chosen:
        if allowed is not None and value not in allowed:
            raise LoadError(f"{option} must be one of {', '.join(allowed)}; not {value!r}")
    return chosen


def first_day(value: Day, *, option: str) -> date | None:
    """The first day of "2025", "2025-01" or "2025-01-31"; raises ``LoadError``."""
    return _day(value, option=option, last=False)


def last_day(value: Day, *, option: str) -> date | None:
    """The last day of "2025", "2025-01" or "2025-01-31"; raises ``LoadError``."""
    return _day(value, option=option, last=True)


def _day(value: Day, *, option: str, last: bool) -> date | None:
    if value is None or isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    match = _DAY.fullmatch(str(value).strip())
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if year is not None:
                month = month or (12 if last else 1)
                return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
        except ValueError:  # month 13, 30 February
            pass
    raise LoadError(f"{option} must be a year, a month or a day such as 2025, 2025-01 or 2025-01-31; not {value!r}")
