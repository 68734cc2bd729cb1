"""An article with its events in the terminal, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.load import ArticleView
from pipeline.queries.files import write_json
from pipeline.queries.records import EVENT_FIELDS, Field, Record, as_records
from pipeline.queries.terminal import Cell, clean, kind, new_table, when, who

_NAMES = {"PER": "cyan", "ORG": "magenta", "GPE": "green", "LOC": "green"}
_KINDS = {"boilerplate": "dim", "title": "bold"}
_TRIGGERS = {
    "meeting": "bold black on yellow",
    "call": "bold black on bright_cyan",
    "statement": "bold black on white",
}
_ROLES = {"participant": "underline", "speaker": "underline", "addressee": "italic underline", "time": "blue"}
_SIGN = "\N{REPLACEMENT CHARACTER}"
# All control characters but the line break, bidirectional overrides and isolates, line and paragraph separators.
_CONTROL = dict.fromkeys(
    (*range(10), *range(11, 32), *range(127, 160), *range(0x2028, 0x202F), *range(0x2066, 0x206A)), _SIGN
) | {9: " ", 13: " "}
_ARTICLE = (
    Field("article_id", "text", ""), Field("source", "text", ""), Field("source_index", "number", ""),
    Field("title", "text", ""), Field("author", "text", ""), Field("publisher", "text", ""), Field("url", "text", ""),
    Field("published_at", "moment", ""), Field("published_from", "text", ""), Field("language", "text", ""),
    Field("languages", "list", ""), Field("duplicate_of", "text", ""), Field("text", "text", ""),
)  # fmt: skip
_SPAN = (Field("start", "number", ""), Field("end", "number", ""))
_MENTION = (
    *_SPAN, Field("text", "text", ""), Field("label", "text", ""), Field("kind", "text", ""),
    Field("entity_id", "text", ""), Field("name", "text", ""), Field("score", "number", ""),
)  # fmt: skip
_ARGUMENT = (
    Field("role", "text", ""), *_SPAN, Field("text", "text", ""), Field("entity_id", "text", ""), Field("name", "text", ""),
)  # fmt: skip


def print_article(view: ArticleView, console: Console, *, events_only: bool = False) -> None:
    """Print an article's text with coloured names, roles and triggers, then its events.

    Control characters and bidirectional overrides become visible signs, one for one, so that every
    span stays put; markup is text. The paragraphs' direction is left to the terminal, the cells of
    the table are isolated.
    """
    row = as_records(view.row.to_frame().T, _ARTICLE)[0]
    published = "date unknown" if row["published_at"] is None else row["published_at"][:10]
    title = row["title"] or row["source"]
    if events_only or not view.text.startswith(title):
        console.print(Text(clean(title), style="bold"))
    about = f"{row['article_id']}  {clean(row['source'])}  {published}  {', '.join(row['languages'])}"
    console.print(Text(about, style="dim"))
    if not events_only:
        console.print()
        console.print(painted(view))
        if console.color_system is not None:
            console.print()
            console.print(_legend())
    console.print()
    events = _events(view)
    if not events:
        console.print("no meetings, calls or statements")
        return
    console.print(_table(events))
    if any(when(e).endswith("*") for e in events):
        console.print(Text("* day of publication, the text names no time", style="dim"))


def write_article(view: ArticleView, out: TextIO, *, events_only: bool = False) -> None:
    """Write the article as JSON: its row and text, the mentions, and the events with their arguments
    (all offsets are code points of the text); ``events_only`` gives a list of the events."""
    if events_only:
        write_json(_events(view), out)
        return
    whole = {
        "article": as_records(view.row.to_frame().T, _ARTICLE)[0],
        "mentions": as_records(view.mentions, _MENTION),
        "events": _events(view),
    }
    out.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")


def painted(view: ArticleView) -> Text:
    """The text with a style for each span; later ones lie over earlier ones."""
    text = Text(view.text)
    for start, end, style in _styles(view):
        text.stylize(style, start, end)
    text.plain = text.plain.translate(_CONTROL)
    return text


def _styles(view: ArticleView) -> Iterator[tuple[int, int, str]]:
    for start, end, what in _spans(view.sentences, "kind"):
        if what in _KINDS:
            yield start, end, _KINDS[what]
    for start, end, what in _spans(view.mentions[view.mentions["kind"] == "name"], "label"):
        yield start, end, _NAMES.get(what, "green")
    for start, end, what in _spans(view.arguments[view.arguments["start"].notna()], "role"):
        if what in _ROLES:
            yield start, end, _ROLES[what]
    for start, end, what in _spans(view.events, "type"):
        yield start, end, _TRIGGERS[what]


def _spans(frame: pd.DataFrame, column: str) -> Iterator[tuple[int, int, str]]:
    starts, ends, values = (frame[name].tolist() for name in ("start", "end", column))
    for start, end, value in zip(starts, ends, values, strict=True):
        yield int(start), int(end), str(value)


def _legend() -> Text:
    parts: list[str | tuple[str, str]] = []
    for label, style in (("person", "cyan"), ("organisation", "magenta"), ("place", "green"), ("party", "underline"),
                         ("addressee", "italic underline"), ("time", "blue"), *_TRIGGERS.items()):  # fmt: skip
        parts += [(label, style), "  "]
    return Text.assemble(*parts)


def _events(view: ArticleView) -> list[Record]:
    records = as_records(view.events, (*EVENT_FIELDS, *_SPAN))
    arguments: dict[str, list[Record]] = {}
    for event_id, argument in zip(view.arguments["event_id"], as_records(view.arguments, _ARGUMENT), strict=True):
        arguments.setdefault(str(event_id), []).append(argument)
    return [record | {"arguments": arguments.get(record["event_id"], [])} for record in records]


def _table(events: Sequence[Mapping[str, object]]) -> Table:
    table = new_table(("date", 13), ("event", 12), ("status", 9), ("trigger", 12), ("who", None), ("where", 10))
    for e in events:
        cells = (when(e), kind(e), e["status"], e["trigger"], who(e), e["place"] or "")
        table.add_row(*(Cell(str(c)) for c in cells))
    return table
