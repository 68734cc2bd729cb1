"""Commands that make the tables: all stages, or one of them alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.cli.common import CONFIG, NER, Location, Remedied, Stopped, settings, with_options
from pipeline.core.config import ConfigError

STAGES = ("articles", "language", "entities", "events", "stories")
_RUN = with_options(
    (
        click.option("--raw", type=Location(), default=Path("data/raw"), show_default=True,
                     help="Folder, or a URL such as s3://bucket/raw, with the articles: .txt .md .html .jsonl .csv .parquet .warc .zip .tar, also .gz and .zst."),
        click.option("--processed", type=Location(), default=Path("data/processed"), show_default=True,
                     help="Folder of the tables, or a URL (docs/object-stores.md)."),
        CONFIG,
        click.option("--workers", type=click.IntRange(min=0), default=0, show_default=True,
                     help="Processes; 0 means one for each core."),
        click.option("--engine", type=click.Choice(["local", "ray"]), default=None,
                     help="Where the workers run: this machine, or a Ray cluster (docs/ray.md).  [default: local]"),
        NER,
        click.option("--min-score", type=click.FloatRange(0.0, 1.0), default=None,
                     help="Leave out events whose score lies under this; rules have no score and stay."),
        click.option("--quiet", is_flag=True, help="No progress bar and no summary, only the last line."),
    )
)  # fmt: skip


def _run(
    only: str | None, raw: Path | str, processed: Path | str, config_path: Path | None, workers: int,
    engine: str | None, ner: str | None, min_score: float | None, quiet: bool,
) -> None:  # fmt: skip
    from pipeline.core.forking import warm_up

    # On a second core only: where a run finds nothing to do, this is for nothing.
    if engine != "ray" and (os.cpu_count() or 1) > 1:
        warm_up()
    from pipeline.core.store import StoreError, WriteError
    from pipeline.run import runner as runs
    from pipeline.run.engine import EngineError
    from pipeline.run.plan import PlanError
    from pipeline.run.remote import staged
    from pipeline.run.summary import last_line, print_summary

    console = Console(stderr=True)
    try:
        config = settings(config_path, ner, min_score)
        if engine is not None:
            config = config.model_copy(update={"run": config.run.model_copy(update={"engine": engine})})
        with staged(raw, processed, staging=config.run.staging) as (articles, tables), Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=True, disable=quiet,
        ) as bar:  # fmt: skip
            task = bar.add_task(only or "extract", total=None)
            outcome = runs.run(
                raw=articles, processed=tables, config=config, only=only, engine=runs.build_engine(config, workers),
                on_progress=lambda p: bar.update(task, completed=p.done, total=p.total),
            )  # fmt: skip
    except (EngineError, WriteError) as error:
        raise Stopped(str(error)) from error
    except (ConfigError, PlanError, StoreError) as error:
        raise Remedied(str(error)) from error
    if not quiet:
        print_summary(tables, Console())
    click.echo(last_line(outcome, tables))


def _run_stories(processed: Path | str, config_path: Path | None) -> None:
    from pipeline.core.store import StoreError, WriteError
    from pipeline.run.over_all import run_stories
    from pipeline.run.plan import PlanError
    from pipeline.run.remote import staged

    try:
        config = settings(config_path, None, None)
        with staged(Path("data/raw"), processed, staging=config.run.staging) as (_, tables):
            stories = run_stories(processed=tables, config=config)
    except WriteError as error:
        raise Stopped(str(error)) from error
    except (ConfigError, PlanError, StoreError) as error:
        raise Remedied(str(error)) from error
    click.echo(f"{stories:,} stories in {processed}")


@click.command()
@_RUN
def extract(**options: Any) -> None:
    """Run all stages: read, detect language, find names, extract events, merge.

    Only what is new or changed is processed; what left the raw folder leaves the tables.

    Example: communique extract --raw data/raw --processed data/processed --workers 2
    """
    _run(None, **options)


@click.command()
@click.argument("name", type=click.Choice(STAGES))
@_RUN
def stage(name: str, **options: Any) -> None:
    """Run one stage alone, over the tables of the stage before.

    It works on the articles for which the stages before are up to date. Rows of later stages stay as
    they are, stale, except where they would point into a changed text; `status` lists them.

    `stories` reads nothing but the tables: of the options, --processed and --config matter to it.

    \b
    articles  read and clean the raw files
    language  languages and sentences, over `articles`
    entities  names and who they are, over `sentences`
    events    meetings, calls and statements, over `mentions`
    stories   who is who and which events are one, over all articles

    Example: communique stage entities --ner gazetteer
    """
    if name == "stories":
        _run_stories(options["processed"], options["config_path"])
    else:
        _run(name, **options)


def _shortcut(name: str) -> click.Command:
    def command(**options: Any) -> None:
        _run(name, **options)

    command.__doc__ = f"Short for: communique stage {name}\n\nExample: communique {name} --raw data/raw"
    return click.command(name, hidden=True)(_RUN(command))


SHORTCUTS = tuple(_shortcut(name) for name in ("articles", "language", "entities"))
"""The stages whose names mean nothing else; `events` and `stories` ask the tables."""
