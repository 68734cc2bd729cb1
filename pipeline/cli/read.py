"""Commands that read the tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from pipeline.cli.common import PROCESSED, Remedied, with_options

_TYPES = ("meeting", "call", "statement")
_STATUSES = ("actual", "planned", "cancelled", "negated", "possible")
_SHOWN = 50
Records = list[dict[str, Any]]

FILTERS = (
    click.option("--party", multiple=True, metavar="NAME",
                 help="Who takes part: a name in any of the three languages, or an id; of several, all."),
    click.option("--type", "type_", multiple=True, type=click.Choice(_TYPES), help="May be given more than once."),
    click.option("--status", multiple=True, type=click.Choice(_STATUSES), help="May be given more than once."),
    click.option("--since", metavar="WHEN", help="First day: 2025, 2025-01 or 2025-01-31."),
    click.option("--until", metavar="WHEN", help="Last day, in the same forms; 2025 means its end."),
    click.option("--language", multiple=True, metavar="CODE", help="Told in that language: en, ar or zh."),
    click.option("--names", type=click.Choice(["en", "ar", "zh"]), default="en", show_default=True,
                 help="Language in which parties are named, where their name in it is known."),
    PROCESSED,
)  # fmt: skip
_OUTPUT = (
    click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N",
                 help=f"So many rows; 0 means all. By default {_SHOWN} in the terminal and all in JSON and CSV."),
    click.option("--json", "as_json", is_flag=True, help="A JSON list, one record a line (docs/queries.md)."),
    click.option("--csv", "as_csv", is_flag=True, help="CSV with a heading (docs/queries.md)."),
)  # fmt: skip


def _console(color: bool | None = None) -> Console:
    return Console(force_terminal=color, no_color=color is False, highlight=False)


@click.command()
@click.argument("article")
@PROCESSED
@click.option("--events-only", is_flag=True, help="Leave out the text.")
@click.option("--json", "as_json", is_flag=True, help="Article, mentions and events with their arguments as JSON.")
@click.option("--color/--no-color", default=None, help="Coloured spans; by default where the terminal has colours.")
def show(article: str, processed: Path, events_only: bool, as_json: bool, color: bool | None) -> None:
    """Show an article with its events; ARTICLE is an id, its beginning, or part of the file's name or title.

    Example: communique show ferry/held.en
    """
    from pipeline.load import LoadError, open_tables
    from pipeline.show import print_article, write_article

    try:
        view = open_tables(processed).article(article)
    except LoadError as error:
        raise Remedied(str(error)) from error
    if as_json:
        write_article(view, sys.stdout, events_only=events_only)
    else:
        print_article(view, _console(color), events_only=events_only)


@click.command()
@with_options((*FILTERS, *_OUTPUT))
def events(**options: Any) -> None:
    """List meetings, calls and statements as the articles tell them, each mention a row.

    \b
    Example: communique events --status cancelled --since 2026-03
    Example: communique events --party "Ingrid Solvang" --csv > solvang.csv
    """
    from pipeline.queries import EVENT_FIELDS, event_records
    from pipeline.queries.terminal import events_table

    _answer("events", event_records, EVENT_FIELDS, events_table, **options)


@click.command()
@with_options((*FILTERS, *_OUTPUT))
def stories(**options: Any) -> None:
    """List meetings, calls and statements over all articles, each real-world event a row.

    \b
    Example: communique stories --type meeting --status cancelled --since 2026-03
    Example: communique stories --party "Ingrid Solvang" --names zh --json
    """
    from pipeline.queries import STORY_FIELDS, story_records
    from pipeline.queries.terminal import stories_table

    _answer("stories", story_records, STORY_FIELDS, stories_table, **options)


def _answer(
    what: str, records_of: Callable[..., Records], fields: Sequence[Any], table_of: Callable[..., Any],
    *, limit: int | None, as_json: bool, as_csv: bool, **filters: Any,
) -> None:  # fmt: skip
    from pipeline.queries.files import write_csv, write_json
    from pipeline.queries.terminal import note

    if as_json and as_csv:
        raise Remedied("--json and --csv exclude each other; give one of them")
    records, nobody = ask(records_of, **filters)
    if as_json or as_csv:
        chosen = records[: limit or None]
        out = sys.stdout
        if as_json:
            write_json(chosen, out)
        else:
            write_csv(chosen, fields, out)
    elif not records:
        click.echo(f"no {what}: {nobody}" if nobody else f"no {what} answer to that")
    else:
        console = _console()
        chosen = records[: (_SHOWN if limit is None else limit) or None]
        console.print(table_of(chosen, console))
        console.print(note(len(chosen), len(records), chosen), style="dim", markup=False)
    if nobody and (as_json or as_csv):
        click.echo(f"no {what}: {nobody}", err=True)


def ask(
    records_of: Callable[..., Records], *, type_: Sequence[str], names: Any, processed: Path, **filters: Any
) -> tuple[Records, str | None]:
    """The records, and why there are none where a party is nobody in these tables."""
    from pipeline.load import LoadError, UnknownParty, open_tables
    from pipeline.queries import Query

    try:
        tables = open_tables(processed, names=names)
        return records_of(tables, Query(type=tuple(type_), **filters)), None
    except UnknownParty as error:
        return [], str(error)
    except LoadError as error:
        raise Remedied(str(error)) from error


@click.command()
@click.option(
    "--format",
    "what",
    type=click.Choice(["dyads", "events", "stories"]),
    default="dyads",
    show_default=True,
    help="dyads: a row a source and target actor, as in GDELT, ICEWS and POLECAT.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Where to write; the ending says what: .csv, .jsonl or .parquet.",
)
@with_options(FILTERS)
def export(what: str, out: Path, status: tuple[str, ...], **filters: Any) -> None:
    """Write events to a file for other programs.

    Of dyads only what happened is written (--status actual); ask for more with --status, and keep
    the column `status` apart when you count. Meetings and calls stand in both directions.

    Example: communique export --format dyads --out dyads.csv
    """
    from pipeline.export import FORMATS
    from pipeline.queries.files import FileError, check_ending, write_file

    records_of, fields = FORMATS[what]
    try:
        check_ending(out)
        records, nobody = ask(records_of, status=status or (("actual",) if what == "dyads" else ()), **filters)
        write_file(records, fields, out)
    except FileError as error:
        raise Remedied(str(error)) from error
    click.echo(f"{len(records):,} rows in {out}" + (f"; {nobody}" if nobody else ""))
