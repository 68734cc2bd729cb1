"""The command line: thin commands over the library, each with help and an example."""

from __future__ import annotations

import click

from pipeline import __version__
from pipeline.cli import page, quality, read, run, status


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="communique")
def main() -> None:
    """Who met, called or said what to whom: from news in English, Arabic and Chinese to Parquet.

    Example: communique extract --raw data/raw --processed data/processed
    """


for _command in (
    run.extract,
    status.status,
    read.show,
    read.events,
    read.stories,
    read.export,
    page.report,
    run.stage,
    *run.SHORTCUTS,
    quality.evaluate,
    quality.models,
):
    main.add_command(_command)
