"""The rows that the page shows, fit to be shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from pipeline.core import schemas
from pipeline.core.views import TablesError, open_views

# Overrides make letters run against their script, C0 and C1 controls are never text; a sign of the
# same length stands in, so that offsets stay and the reader sees that something was there.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e]")


class ReportError(Exception):
    """The report cannot be made; the message says why and what to do."""


def connect(processed: Path) -> duckdb.DuckDBPyConnection:
    """Open a connection with a view for each table of ``processed``.

    Raises ``ReportError`` where the folder holds no articles or a part cannot be read.
    """
    try:
        connection = open_views(processed, required={schemas.ARTICLES.name})
    except TablesError as error:
        raise ReportError(str(error)) from error
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET threads = 2")
    return connection


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None
) -> list[dict[str, Any]]:
    """Run a query and return each row by column name, its texts as ``clean`` gives them."""
    cursor = connection.execute(query, parameters or [])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, map(_cleaned, row), strict=True)) for row in cursor.fetchall()]


def clean(text: str) -> str:
    """Put a visible sign in the place of each control character and bidirectional override."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    return [_cleaned(item) for item in value] if isinstance(value, list) else value
