"""The tables as typed pandas frames with names joined in: the one place that joins tables.

    from pipeline import load

    tables = load.open_tables()                        # data/processed
    tables.events(party="Netanyahu", status="cancelled", since="2025-01")
    tables.dyads(type=["meeting", "call"])             # who met or called whom
    tables.article("ferry/held.en").events

Every function of ``Tables`` is here by its own name too, with the folder as ``processed``. DuckDB
reads the Parquet files and takes only the rows and columns asked for. Without Python the tables
open as they are, names not joined (docs/notebooks.md):

    R       arrow::open_dataset("data/processed/events") |> dplyr::collect()
    Polars  pl.read_parquet("data/processed/events/*.parquet")
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.load.acts import acts
from pipeline.load.errors import LoadError, UnknownParty
from pipeline.load.tables import ArticleView, Tables, open_tables

DEFAULT = Path("data/processed")

__all__ = [
    "ArticleView", "LoadError", "Tables", "UnknownParty", "acts", "arguments", "article", "articles", "dyads",
    "entities", "events", "failures", "open_tables", "stories",
]  # fmt: skip


def articles(*, processed: str | Path = DEFAULT, **options: Any) -> pd.DataFrame:
    """Give the articles; options as in ``Tables.articles``."""
    return open_tables(processed).articles(**options)


def events(*, processed: str | Path = DEFAULT, **options: Any) -> pd.DataFrame:
    """Give the events with names, place, sentence and article; options as in ``Tables.events``."""
    return open_tables(processed).events(**options)


def arguments(*, processed: str | Path = DEFAULT, **options: Any) -> pd.DataFrame:
    """Give the parties, addressees, places and times of the events; options as in ``Tables.arguments``."""
    return open_tables(processed).arguments(**options)


def stories(*, processed: str | Path = DEFAULT, **options: Any) -> pd.DataFrame:
    """Give the stories with their status history; options as in ``Tables.stories``."""
    return open_tables(processed).stories(**options)


def dyads(*, processed: str | Path = DEFAULT, **options: Any) -> pd.DataFrame:
    """Give the pairs of parties; options as in ``Tables.dyads``."""
    return open_tables(processed).dyads(**options)


def entities(*, processed: str | Path = DEFAULT, **options: Any) -> pd.DataFrame:
    """Give the people, organisations, countries and places; options as in ``Tables.entities``."""
    return open_tables(processed).entities(**options)


def failures(*, processed: str | Path = DEFAULT) -> pd.DataFrame:
    """Give the inputs that could not be processed."""
    return open_tables(processed).failures()


def article(wanted: str, *, processed: str | Path = DEFAULT) -> ArticleView:
    """Give one article with its sentences, mentions, events and arguments; see ``Tables.article``."""
    return open_tables(processed).article(wanted)
