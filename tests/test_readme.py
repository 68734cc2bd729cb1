"""What the README shows runs as it stands, and its tables are those of the code."""

import re
from pathlib import Path

import duckdb
import pytest

from pipeline.docs import SECTIONS, render
from pipeline.run import run

ROOT = Path(__file__).parents[1]


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)


@pytest.fixture
def tables(raw, tmp_path, small_config, monkeypatch):
    run(raw=raw, processed=tmp_path / "data" / "processed", config=small_config, workers=1)
    monkeypatch.chdir(tmp_path)


def test_python_blocks_run(tables):
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})


def test_sql_blocks_run(tables):
    assert blocks("sql")
    for block in blocks("sql"):
        duckdb.sql(block).fetchall()


@pytest.mark.parametrize("name", SECTIONS)
def test_printed_tables_are_those_of_the_code(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert render(text, SECTIONS[name]) == text
