"""The plots of the documentation, drawn anew from the tables: ``make pictures``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
from matplotlib.figure import Figure

from pipeline import plots
from pipeline.load import LoadError, Tables, acts, open_tables

_DPI = 130


def _network(tables: Tables) -> Figure:
    return plots.network(tables.dyads(type=["meeting", "call"]))


def _pairs(tables: Tables) -> Figure:
    return plots.pairs_over_time(tables.dyads(type=["meeting", "call"]))


def _life(tables: Tables) -> Figure:
    return plots.story_life(plots.richest(tables.stories()), tables.events())


def _speakers(tables: Tables) -> Figure:
    said = tables.events(type="statement")
    said["act"] = acts(said)
    speakers = said[said.act != "other"].explode("speakers").dropna(subset="speakers")
    return plots.shares(speakers, "speakers", "act", title="Speakers and their verbs", label="statements")


def _scores(tables: Tables) -> Figure:
    return plots.scores(tables.events())


PICTURES: dict[str, Callable[[Tables], Figure]] = {
    "who-met-whom": _network, "pairs-over-time": _pairs, "story": _life, "speakers": _speakers, "scores": _scores,
}  # fmt: skip


def draw(processed: Path, to: Path) -> list[Path]:
    """Draw every picture as PNG into the folder ``to``; the same tables give the same bytes."""
    tables = open_tables(processed)
    to.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, figure in PICTURES.items():
        paths.append(to / f"{name}.png")
        # Without the version of the library in the file.
        figure(tables).savefig(paths[-1], dpi=_DPI, metadata={"Software": None})
    return paths


@click.command()
@click.option("--processed", type=click.Path(path_type=Path), default=Path("data/processed"), show_default=True)
@click.option("--to", type=click.Path(path_type=Path), default=Path("docs/images"), show_default=True)
def main(processed: Path, to: Path) -> None:
    """Draw the plots of the documentation from the tables.

    Example: python -m pipeline.plots.pictures --processed data/processed --to docs/images
    """
    try:
        paths = draw(processed, to)
    except LoadError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo("\n".join(str(path) for path in paths))


if __name__ == "__main__":
    main()
