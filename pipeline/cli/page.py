"""The command that writes the report page."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import PROCESSED, Remedied


@click.command()
@PROCESSED
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    help="The HTML file to write.",
)
@click.option("--limit", type=click.IntRange(min=0), default=None,
              help="Articles in full, 0 for all; by default as many as keep the page near 5 MB.")  # fmt: skip
def report(processed: Path, out: Path, limit: int | None) -> None:
    """Write the tables as one HTML page: stories over time, network, events, articles.

    Example: communique report --processed data/processed --out report.html
    """
    from pipeline.report import ReportError, write_report

    try:
        written = write_report(processed, out, limit=limit)
    except ReportError as error:
        raise Remedied(str(error)) from error
    click.echo(
        f"{written.path}: {written.size / 1e6:.1f} MB, {written.articles} of {written.of} articles in full; "
        "open it in a browser"
    )
