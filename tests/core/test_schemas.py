"""Row classes and table schemas say the same."""

import dataclasses
from datetime import date, datetime

import pytest

from pipeline.core import rows, schemas


@pytest.mark.parametrize("table", schemas.TABLES, ids=lambda t: t.name)
def test_row_class_has_the_columns_in_order(table):
    assert [f.name for f in dataclasses.fields(table.row)] == [c.name for c in table.columns]


@pytest.mark.parametrize("table", schemas.TABLES, ids=lambda t: t.name)
def test_every_column_is_documented(table):
    assert all(len(c.doc) > 3 for c in table.columns)
    assert all(f.metadata[b"doc"].decode() for f in table.schema)


def test_rows_survive_the_way_to_arrow_and_back():
    story = rows.Story(
        "s1", "meeting", None, "actual", (rows.StatusChange(datetime(2026, 1, 2, 3), "planned", "a"),),
        date(2026, 1, 2), None, "Doha", None, ("A", "B"), 2, 1, ("en",), datetime(2026, 1, 2), None,
    )  # fmt: skip
    table = schemas.STORIES.to_arrow([story])
    assert table.schema.equals(schemas.STORIES.schema)
    assert schemas.STORIES.from_arrow(table) == [story]


def test_empty_tables_keep_their_schema():
    for table in schemas.TABLES:
        assert table.to_arrow([]).schema.equals(table.schema)


def test_unknown_table_is_an_error():
    with pytest.raises(KeyError):
        schemas.by_name("nothing")
