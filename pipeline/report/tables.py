"""The tables as DuckDB views, whatever version of Communique wrote the parts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pipeline.core import schemas

# Overrides make letters run against their script, C0 and C1 controls are never text; a sign of the
# same length stands in, so that offsets stay and the reader sees that something was there.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e]")


class ReportError(Exception):
    """The report cannot be made; the message says why and what to do."""


def connect(processed: Path) -> duckdb.DuckDBPyConnection:
    """Open a connection with a view for each table of ``processed``.

    A table without parts is an empty view, a column that an older part lacks is null. Raises
    ``ReportError`` where the folder holds no articles or a part cannot be read.
    """
    if not (processed / schemas.ARTICLES.name).is_dir():
        raise ReportError(
            f"there is no table {processed / schemas.ARTICLES.name}; run: communique extract --processed {processed}"
        )
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET threads = 2")
    for table in schemas.TABLES:
        _view(connection, processed, table)
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


def _view(connection: duckdb.DuckDBPyConnection, processed: Path, table: schemas.Table) -> None:
    parts = sorted((processed / table.name).glob("*.parquet"))
    try:
        present = {name for part in parts for name in pq.read_schema(part).names}
    except (OSError, ValueError) as error:
        raise ReportError(f"cannot read {processed / table.name}: {error}; run communique extract again") from error
    if not parts:
        connection.register(f"{table.name}_rows", table.to_arrow(()))
        connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM {table.name}_rows")
        return
    columns = ", ".join(f'"{c.name}"' if c.name in present else f'NULL AS "{c.name}"' for c in table.columns)
    names = ", ".join("'" + str(part).replace("'", "''") + "'" for part in parts)
    connection.execute(
        f"CREATE VIEW {table.name} AS SELECT {columns} FROM read_parquet([{names}], union_by_name = true)"
    )
