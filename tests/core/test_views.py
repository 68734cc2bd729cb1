"""Tables as DuckDB views: missing, empty, older and damaged ones."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.core import schemas
from pipeline.core.rows import Failure
from pipeline.core.views import TablesError, open_views

FAILURE = Failure("a.txt", None, "articles", "Empty", "there is nothing in it")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # Characters that mean something in SQL and in a glob.
    folder = tmp_path / "it's [here]*"
    (folder / "failures").mkdir(parents=True)
    pq.write_table(schemas.FAILURES.to_arrow([FAILURE]), folder / "failures" / "part-1.parquet")
    return folder


def test_tables_without_parts_are_empty(folder: Path) -> None:
    with open_views(folder, required=()) as tables:
        assert tables.sql("SELECT source, error FROM failures").fetchall() == [("a.txt", "Empty")]
        assert tables.sql("SELECT count(*) FROM events").fetchall() == [(0,)]
        assert tables.sql("FROM events").columns == [c.name for c in schemas.EVENTS.columns]


def test_what_an_older_part_lacks_is_null(folder: Path) -> None:
    older = schemas.FAILURES.to_arrow([FAILURE]).drop_columns(["stage"])
    pq.write_table(older, folder / "failures" / "part-1.parquet")
    with open_views(folder, required=()) as tables:
        assert tables.sql("SELECT source, stage FROM failures").fetchall() == [("a.txt", None)]


def test_a_missing_table_is_told(folder: Path) -> None:
    with pytest.raises(TablesError, match=r"no table .*articles.* communique extract --processed"):
        open_views(folder)
    with pytest.raises(TablesError, match=r"no table .*events"):
        open_views(folder, required={"events"})


def test_a_damaged_part_is_told(folder: Path) -> None:
    (folder / "failures" / "part-2.parquet").write_bytes(b"PAR1 no PAR1")
    with pytest.raises(TablesError, match="failures cannot be read"):
        open_views(folder, required=())
