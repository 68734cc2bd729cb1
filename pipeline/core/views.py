"""The tables as DuckDB views, whatever version of Communique wrote the parts."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from pipeline.core import schemas

ALL = frozenset(table.name for table in schemas.TABLES)


class TablesError(ValueError):
    """A table is missing or cannot be read; the message says what to do."""


def open_views(folder: Path, *, required: Collection[str] = ALL) -> duckdb.DuckDBPyConnection:
    """Open DuckDB with every table of a folder as a view of its name.

    A table without parts is an empty view, a column that an older part lacks is null. Raises
    ``TablesError`` where a ``required`` table has no folder or a part cannot be read.
    """
    connection = duckdb.connect()
    for table in schemas.TABLES:
        place = folder / table.name
        if table.name in required and not place.is_dir():
            raise TablesError(
                f"there is no table {place}; run make extract first, or: communique extract --processed {folder}"
            )
        connection.execute(f"CREATE VIEW {table.name} AS {_select(table, place, connection)}")
    return connection


def _select(table: schemas.Table, place: Path, connection: duckdb.DuckDBPyConnection) -> str:
    parts = sorted(place.glob("part-*.parquet"))
    if not parts:
        connection.register(f"no_{table.name}", table.schema.empty_table())
        return f"SELECT * FROM no_{table.name}"
    files = ", ".join(f"'{_glob_escaped(p)}'" for p in parts)
    scan = f"read_parquet([{files}], union_by_name=true, hive_partitioning=false)"
    try:
        present = set(connection.sql(f"FROM {scan}").columns)
    except duckdb.Error as error:
        raise TablesError(
            f"{place} cannot be read ({str(error).splitlines()[0]}); "
            f"remove the folder and run: communique extract --processed {place.parent}"
        ) from error
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    if not {c.name for c in table.columns} <= present:
        # Parts that an earlier version wrote lack the columns that came since.
        connection.register(f"no_{table.name}", table.schema.empty_table())
        scan = f"(FROM no_{table.name} UNION ALL BY NAME FROM {scan})"
    return f"SELECT {columns} FROM {scan}"


def _glob_escaped(path: Path) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path)).replace("'", "''")
