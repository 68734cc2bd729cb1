"""Commands that read the tables."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from pipeline.cli.common import PROCESSED, Remedied


@click.command()
@click.argument("article")
@PROCESSED
@click.option("--color/--no-color", default=None, help="Coloured spans; by default where the terminal has colours.")
def show(article: str, processed: Path, color: bool | None) -> None:
    """Show an article with its events; ARTICLE is an id, its beginning, or part of the file's name.

    Example: communique show port-talks-1
    """
    from pipeline.show import NotFound, show_article

    try:
        show_article(article, processed, Console(force_terminal=color, no_color=color is False, highlight=False))
    except NotFound as error:
        raise Remedied(str(error)) from error
