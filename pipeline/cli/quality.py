"""Commands about quality and models."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from pipeline.cli.common import EXIT_USAGE, Remedied, settings
from pipeline.core.config import ConfigError


@click.command()
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
        config = settings(None, ner, None)
        if events is not None:
            config = config.model_copy(update={"events": config.events.model_copy(update={"engine": events})})
        report = evaluate_gold(gold, text_dir=text_dir, processed=processed, config=config)
    except (EvaluationError, ConfigError) as error:
        raise Remedied(str(error)) from error
    click.echo(report.table(errors=errors))
    if reliability:
        click.echo("\n" + report.reliability())
    if json_path is not None:
        report.write_json(json_path)


@click.group()
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
        raise Remedied("--languages names none; give for example --languages en,ar,zh")
    try:
        codes = fetch_stanza(wanted, folder)
    except FetchError as error:
        raise Remedied(str(error)) from error
    click.echo(f'{engine}: {", ".join(codes)} in {folder}; use it with [entities] stanza_dir = "{folder}"')
