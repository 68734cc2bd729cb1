"""Records as tables that fit the terminal, with Arabic and Chinese in their own direction and width."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069]")
_LETTER = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]"
# From the first right-to-left letter to the last, names in a list ("A, B → C") apart.
_RIGHT_TO_LEFT = re.compile(rf"{_LETTER}(?:[^,→A-Za-z\u4e00-\u9fff]*{_LETTER})?")
_ISOLATE, _POP = "\u2068", "\u2069"
_STATUS = {"actual": "green", "planned": "cyan", "possible": "blue", "cancelled": "yellow", "negated": "red"}
_WIDE = 120


def clean(text: str) -> str:
    """A text on one line without control characters and bidirectional marks, safe for a terminal."""
    return _CONTROL.sub(" ", text)


class Cell:
    """Text in a table's cell; each right-to-left stretch of a line is isolated.

    A terminal that reorders would else mix the cells of a row and the names of a list: what stands
    between them is neutral. The isolates (U+2068, U+2069; UAX #9) have no width.
    """

    def __init__(self, text: str, style: str = "") -> None:
        self.text = Text(clean(text), style=style)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self.text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.wrap(console, options.max_width, overflow="fold"):
            line.rstrip()
            line.plain = _RIGHT_TO_LEFT.sub(rf"{_ISOLATE}\g<0>{_POP}", line.plain)
            yield line


def new_table(*columns: tuple[str, int | None]) -> Table:
    """A table with (heading, width in cells) for each column; None shares what is left."""
    table = Table(header_style="bold", box=None, padding=(0, 2, 0, 0), expand=True)
    for heading, width in columns:
        table.add_column(heading, width=width, ratio=1 if width is None else None, overflow="fold")
    return table


def events_table(records: Sequence[Mapping[str, Any]], console: Console) -> Table:
    """Events: when, what, status, who to whom, where, and the article; with the trigger where there is room."""
    wide = console.width >= _WIDE
    table = new_table(("date", 13), ("event", 12), ("status", 9), ("who", None), ("where", 16 if wide else 10),
                      *([("trigger", 14)] if wide else []), ("article", 28 if wide else 14))  # fmt: skip
    for r in records:
        cells = [Cell(when(r)), Cell(kind(r)), Cell(r["status"], _STATUS.get(r["status"], "")), Cell(who(r)),
                 Cell(r["place"] or "")]  # fmt: skip
        cells += [Cell(r["trigger"])] if wide else []
        table.add_row(*cells, Cell(_source(r), "dim"))
    return table


def stories_table(records: Sequence[Mapping[str, Any]], console: Console) -> Table:
    """Stories: when, what, its changes of status, who, where, and in how many articles and which
    languages; with the id where there is room."""
    wide = console.width >= _WIDE
    table = new_table(("date", 13), ("event", 12), ("status", 11), ("who", None), ("where", 16 if wide else 10),
                      ("told", 10 if wide else 7), *([("story", 16)] if wide else []))  # fmt: skip
    for r in records:
        changes = [c["status"] for c in r["status_history"]] or [r["status"]]
        cells = [Cell(when(r)), Cell(kind(r)), Cell(" → ".join(changes), _STATUS.get(r["status"], "")), Cell(who(r)),
                 Cell(r["place"] or ""), Cell(" ".join([str(r["n_articles"]), *r["languages"]]))]  # fmt: skip
        table.add_row(*cells, *([Cell(r["story_id"], "dim")] if wide else []))
    return table


def who(record: Mapping[str, Any]) -> str:
    """The parties, and after an arrow those to whom something is said."""
    names = ", ".join([*record.get("speakers", ()), *record["participants"]])
    addressees = ", ".join(record.get("addressees", ()))
    return f"{names} → {addressees}".strip() if addressees else names


def kind(record: Mapping[str, Any]) -> str:
    """Type with mode: "meeting: visit"; both fit 12 cells, one below the other."""
    return str(record["type"]) if record["mode"] is None else f"{record['type']}: {record['mode']}"


def when(record: Mapping[str, Any]) -> str:
    """The time in few letters: 2026-03-14, 2026-03-12/14, 2025-10; with ``*`` where it is only the
    day of publication."""
    if record["date"] is None:
        return ""
    if record["time_start"] is None or record["date_source"] == "publication":
        return f"{record['date']}*"
    first, last = (date.fromisoformat(record[k] or record["time_start"]) for k in ("time_start", "time_end"))
    if first == last:
        return str(first)
    if (first.day, first.month, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year}"
    if (first.year, first.month) == (last.year, last.month):
        whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
        return f"{first:%Y-%m}" if whole else f"{first}/{last:%d}"
    return f"{first}/{last:%m-%d}" if first.year == last.year else f"{first}/{last}"


def _source(record: Mapping[str, Any]) -> str:
    return str(record["source"]) + (f"#{record['source_index']}" if record["source_index"] else "")


def note(shown: int, total: int, records: Sequence[Mapping[str, Any]]) -> str:
    """What stands under a table: how much of the answer it shows, and what ``*`` means."""
    parts = [f"{shown} of {total}; --limit 0 shows all" if shown < total else f"{total}"]
    if any(when(r).endswith("*") for r in records[:shown]):
        parts.append("* day of publication, the text names no time")
    return " · ".join(parts)
