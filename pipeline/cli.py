"""The command line: thin commands over the library, each with help and an example."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline import __version__
from pipeline.core.config import Config, ConfigError, load_config

EXIT_USAGE = 2


class _Remedied(click.ClickException):
    """An error whose message says what to do; shown in one line, exit code 2."""

    exit_code = EXIT_USAGE


def _options(command: Any) -> Any:
    """The options that every command of the run shares."""
    for option in reversed(
        (
            click.option("--raw", type=click.Path(path_type=Path), default=Path("data/raw"), show_default=True,
                         help="Folder with the articles: .txt .md .html .jsonl .csv .parquet, also .gz and .zst."),
            click.option("--processed", type=click.Path(path_type=Path), default=Path("data/processed"),
                         show_default=True, help="Folder for the tables."),
            click.option("--config", "config_path", type=click.Path(path_type=Path), default=None,
                         help="Configuration (TOML); communique.toml in this folder where there is one."),
            click.option("--workers", type=click.IntRange(min=0), default=0, show_default=True,
                         help="Processes; 0 means one for each core."),
            click.option("--ner", type=click.Choice(["multilingual", "spacy", "stanza", "gazetteer"]), default=None,
                         help="Engine for names; the configuration's where not given."),
            click.option("--min-score", type=click.FloatRange(0.0, 1.0), default=None,
                         help="Leave out events whose score lies under this; rules have no score and stay."),
            click.option("--quiet", is_flag=True, help="No progress bar and no summary, only the last line."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="communique")
def main() -> None:
    """Who met, called or said what to whom: from news in English, Arabic and Chinese to Parquet.

    Example: communique extract --raw data/raw --processed data/processed
    """


def _settings(config_path: Path | None, ner: str | None, min_score: float | None) -> Config:
    config = load_config(config_path)
    if ner is not None:
        config = config.model_copy(update={"entities": config.entities.model_copy(update={"engine": ner})})
    if min_score is not None:
        config = config.model_copy(update={"events": config.events.model_copy(update={"min_score": min_score})})
    return config


def _run(
    only: str | None, raw: Path, processed: Path, config_path: Path | None, workers: int,
    ner: str | None, min_score: float | None, quiet: bool,
) -> None:  # fmt: skip
    from pipeline.core.store import StoreError
    from pipeline.run import runner as runs
    from pipeline.run.plan import PlanError
    from pipeline.run.summary import last_line, print_summary

    console = Console(stderr=True)
    try:
        config = _settings(config_path, ner, min_score)
        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=True, disable=quiet,
        ) as bar:  # fmt: skip
            task = bar.add_task(only or "extract", total=None)
            outcome = runs.run(
                raw=raw, processed=processed, config=config, only=only, workers=workers,
                on_progress=lambda p: bar.update(task, completed=p.done, total=p.total),
            )  # fmt: skip
    except (ConfigError, PlanError, StoreError) as error:
        raise _Remedied(str(error)) from error
    if not quiet:
        print_summary(processed, Console())
    click.echo(last_line(outcome, processed))


@main.command()
@_options
def extract(**options: Any) -> None:
    """Run all stages: read, detect language, find names, extract events, merge.

    Only what is new or changed is processed; what left the raw folder leaves the tables.

    Example: communique extract --raw data/raw --processed data/processed --workers 2
    """
    _run(None, **options)


def _stage_command(name: str, text: str) -> None:
    def command(**options: Any) -> None:
        _run(name, **options)

    command.__doc__ = text
    main.command(name)(_options(command))


_stage_command(
    "articles",
    """Read and clean the raw files into `articles`.

    Example: communique articles --raw data/raw
    """,
)
_stage_command(
    "language",
    """Detect languages and split sentences, over `articles`.

    Example: communique language
    """,
)
_stage_command(
    "entities",
    """Find and link names, over `sentences`.

    Example: communique entities --ner gazetteer
    """,
)
_stage_command(
    "events",
    """Extract meetings, calls and statements, over `mentions`.

    Example: communique events --min-score 0.5
    """,
)


@main.command()
@click.argument("article")
@click.option("--processed", type=click.Path(path_type=Path), default=Path("data/processed"), show_default=True,
              help="Folder of the tables.")  # fmt: skip
@click.option("--color/--no-color", default=None, help="Coloured spans; by default where the terminal has colours.")
def show(article: str, processed: Path, color: bool | None) -> None:
    """Show an article with its events; ARTICLE is an id, its beginning, or part of the file's name.

    Example: communique show port-talks-1
    """
    from pipeline.show import NotFound, show_article

    try:
        show_article(article, processed, Console(force_terminal=color, no_color=color is False, highlight=False))
    except NotFound as error:
        raise _Remedied(str(error)) from error


@main.command()
@click.option(
    "--gold",
    type=click.Path(path_type=Path),
    required=True,
    help="Annotated events in the guideline's format (JSON lines), or a folder with events.jsonl and text/.",
)
@click.option(
    "--text",
    "text_dir",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the annotated texts, NAME.LANG.txt; by default text/ beside the gold file.",
)
@click.option(
    "--processed",
    type=click.Path(path_type=Path),
    default=None,
    help="Tables made of these texts; by default the texts are extracted now.",
)
@click.option(
    "--ner",
    type=click.Choice(["multilingual", "spacy", "stanza", "gazetteer"]),
    default=None,
    help="Engine for names, where the texts are extracted now.",
)
@click.option(
    "--events",
    type=click.Choice(["auto", "model", "rules"]),
    default=None,
    help="What extracts the events, where the texts are extracted now; auto joins model and rules.",
)
@click.option("--errors", type=click.IntRange(min=0), default=0, help="Print so many errors.")
@click.option("--reliability", is_flag=True, help="Print scores against the share of events that are right.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), default=None, help="Write the figures here, too.")
def evaluate(gold: Path, text_dir: Path | None, processed: Path | None, ner: str | None, events: str | None,
             errors: int, reliability: bool, json_path: Path | None) -> None:  # fmt: skip
    """Score extracted events against annotated text, per language and type.

    Example: communique evaluate --gold benchmarks/gold --errors 20
    """
    from pipeline.evaluation import EvaluationError, evaluate_gold

    try:
        config = _settings(None, ner, None)
        if events is not None:
            config = config.model_copy(update={"events": config.events.model_copy(update={"engine": events})})
        report = evaluate_gold(gold, text_dir=text_dir, processed=processed, config=config)
    except (EvaluationError, ConfigError) as error:
        raise _Remedied(str(error)) from error
    click.echo(report.table(errors=errors))
    if reliability:
        click.echo("\n" + report.reliability())
    if json_path is not None:
        report.write_json(json_path)


@main.group()
def models() -> None:
    """What models are installed, and whether they are whole.

    Example: communique models list
    """


@models.command("list")
def models_list() -> None:
    """List the engines for names and events with what each needs and whether it is there.

    Example: communique models list
    """
    from pipeline.models import print_models

    print_models(Console())


@models.command("verify")
def models_verify() -> None:
    """Hold the shipped model's files against their hashes: one line a problem, then exit code 2.

    Example: communique models verify
    """
    from pipeline.models import verify_models

    if verify_models(Console()):
        sys.exit(EXIT_USAGE)


@models.command("fetch")
@click.argument("engine", type=click.Choice(["stanza"]))
@click.option("--languages", default="en,ar,zh", show_default=True, help="Languages, with commas between.")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="Folder for the models; name it under [entities] stanza_dir.")  # fmt: skip
def models_fetch(engine: str, languages: str, folder: Path) -> None:
    """Download an optional engine's models; nothing else in Communique downloads anything.

    Example: communique models fetch stanza --languages en,ar,zh --to stanza_models
    """
    from pipeline.models import FetchError, fetch_stanza

    wanted = [language.strip() for language in languages.split(",") if language.strip()]
    if not wanted:
        raise _Remedied("--languages names none; give for example --languages en,ar,zh")
    try:
        codes = fetch_stanza(wanted, folder)
    except FetchError as error:
        raise _Remedied(str(error)) from error
    click.echo(f'{engine}: {", ".join(codes)} in {folder}; use it with [entities] stanza_dir = "{folder}"')


if __name__ == "__main__":
    sys.exit(main())
