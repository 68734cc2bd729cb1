"""An article with its events in the terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.core import schemas
from pipeline.core.rows import Argument, Article, Event, Mention, Sentence

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STYLES = {"PER": "cyan", "ORG": "magenta", "GPE": "green", "LOC": "green"}
_KINDS = {"boilerplate": "dim", "title": "bold"}
_TRIGGERS = {
    "meeting": "bold black on yellow",
    "call": "bold black on bright_cyan",
    "statement": "bold underline yellow",
}


class NotFound(Exception):
    """No article, or more than one, answers to what was asked."""


def show_article(article: str, processed: Path, console: Console) -> None:
    """Print an article's text with coloured names and triggers, then its events.

    ``article`` is an id, the beginning of one, or part of a file name or title. Raises
    ``NotFound`` with what to do.
    """
    row = _find(article, processed)
    rows: dict[str, list[Any]] = {}
    for table in (schemas.SENTENCES, schemas.MENTIONS, schemas.EVENTS, schemas.ARGUMENTS):
        if not (processed / table.name).is_dir():
            raise NotFound(f"{processed} lacks {table.name}; run: communique extract --processed {processed}")
        wanted = ds.field("article_id") == row.article_id
        rows[table.name] = table.from_arrow(
            ds.dataset(processed / table.name, format="parquet").to_table(filter=wanted)
        )
    published = "date unknown" if row.published_at is None else f"{row.published_at:%Y-%m-%d}"
    console.print(Text(clean(row.title or row.source), style="bold"))
    console.print(Text(f"{row.article_id}  {clean(row.source)}  {published}  {', '.join(row.languages)}", style="dim"))
    console.print()
    console.print(_painted(row.text, rows["sentences"], rows["mentions"], rows["events"]))
    console.print()
    console.print(_event_table(rows["events"], rows["arguments"]))


def clean(text: str) -> str:
    """A text without control characters and bidirectional overrides, safe for a terminal."""
    return _CONTROL.sub("", text)


def _find(article: str, processed: Path) -> Article:
    if not (processed / "articles").is_dir():
        raise NotFound(f"there is no table {processed / 'articles'}; run: communique extract --processed {processed}")
    dataset = ds.dataset(processed / "articles", format="parquet")
    keys = dataset.to_table(columns=["article_id", "source", "title"]).to_pylist()
    wanted = article.casefold()
    found = [k for k in keys if k["article_id"].startswith(article)] or [
        k for k in keys if wanted in k["source"].casefold() or wanted in (k["title"] or "").casefold()
    ]
    if not found:
        raise NotFound(f"no article has {article!r} in its id, file name or title")
    if len(found) > 1:
        names = "; ".join(f"{k['article_id']} {clean(k['source'])}" for k in found[:5])
        raise NotFound(f"{len(found)} articles answer to {article!r}, name one: {names}")
    row = dataset.to_table(filter=ds.field("article_id") == found[0]["article_id"])
    answer: Article = schemas.ARTICLES.from_arrow(row)[0]
    return answer


def _painted(text: str, sentences: list[Sentence], mentions: list[Mention], events: list[Event]) -> Text:
    painted = Text(text)
    for s in sentences:
        if s.kind in _KINDS:
            painted.stylize(_KINDS[s.kind], s.start, s.end)
    for m in mentions:
        if m.kind == "name":
            painted.stylize(_STYLES.get(m.label, "green"), m.start, m.end)
    for e in events:
        painted.stylize(_TRIGGERS[e.type], e.start, e.end)
    # A control character becomes a visible sign of the same length, so that every span stays put.
    painted.plain = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", painted.plain)
    return painted


def _event_table(events: list[Event], arguments: list[Argument]) -> Table:
    table = Table(header_style="bold", pad_edge=False)
    for column in ("event", "status", "trigger", "who", "to whom", "when", "where"):
        table.add_column(column, overflow="fold")
    of: dict[str, list[Argument]] = {}
    for argument in arguments:
        of.setdefault(argument.event_id, []).append(argument)
    for e in sorted(events, key=lambda e: e.start):
        rows = of.get(e.event_id, [])
        cells = (
            e.type if e.mode is None else f"{e.type} ({e.mode})", e.status, e.trigger,
            _names(rows, ("participant", "speaker")), _names(rows, ("addressee",)), _when(e), _names(rows, ("place",)),
        )  # fmt: skip
        table.add_row(*(Text(clean(c)) for c in cells))
    return table


def _names(arguments: list[Argument], roles: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(a.entity_name or a.text for a in arguments if a.role in roles))


def _when(event: Event) -> str:
    if event.time_start is None:
        return event.time_text or ""
    end = event.time_end
    text = f"{event.time_start}" if end in (None, event.time_start) else f"{event.time_start} to {end}"
    return text + (" (published)" if event.time_source == "publication" else "")
