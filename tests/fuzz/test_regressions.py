"""Inputs that once broke something, made by code. Each names what it did."""

import gzip
import io
import random
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from benchmarks.fuzz import check_batch
from benchmarks.fuzz_inputs import FAMILIES, Input
from pipeline.articles import read_articles
from pipeline.articles.files import Member, open_binary
from pipeline.core.config import Reading
from pipeline.core.rows import Article, Failure


def read(name: str, data: bytes) -> list[Article | Failure]:
    return list(read_articles(Member(name, data), source=name, config=Reading()))


def parquet(columns: Sequence[pa.Array], names: Sequence[str]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(list(columns), names=list(names)), out)
    return out.getvalue()


def test_a_time_that_python_cannot_hold_costs_no_row() -> None:
    """It was an OverflowError for the whole file."""
    data = parquet(
        [
            pa.array(["The minister met nobody.", "Nobody came."]),
            pa.array([2**62, 86_400_000 * 20_000], pa.timestamp("ms")),
        ],
        ("text", "date"),
    )
    found = read("a.parquet", data)
    assert [isinstance(one, Article) and one.published_at for one in found] == [None, datetime(2024, 10, 4)]


def test_a_long_text_that_many_rows_share_is_in_memory_once() -> None:
    """It took its length for each of 128 rows, twice."""
    column = pa.DictionaryArray.from_arrays(
        pa.array([0] * 300, pa.int32()), pa.array(["The minister said no. " * 150_000])
    )
    before = pa.total_allocated_bytes()
    top = 0
    for one in read_articles(Member("a.parquet", parquet([column], ("text",))), source="a", config=Reading()):
        assert isinstance(one, Failure)
        assert one.error == "TooLong"
        top = max(top, pa.total_allocated_bytes() - before)
    assert top < 64 << 20


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b"\n\n"),
        ("a.json", b"[]"),
        ("a.json", b'{"articles": []}'),
        ("a.csv", b"title,text\n"),
        ("a.parquet", parquet([pa.array([], pa.string())], ("text",))),
        ("a.warc", b""),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18),
    ],
)
def test_a_file_without_any_article_is_a_failure(name: str, data: bytes, tmp_path: Path) -> None:
    """It left neither an article nor a failure."""
    assert check_batch([Input(name, data, "test")], tmp_path / "x").defects == []
    [found] = read(name, data)
    assert isinstance(found, Failure)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.csv", b"title,name\xff\xfe\xed\xa0\x80\nx,y\n" + "et après, voilà é à ü\n".encode() * 30, "NoTextColumn"),
        ("a.jsonl", b'{"text": "The minister met nobody.", "id": "\\ud800\\udfff\\udc80"}', None),
        ("a.jsonl", b'{"text": "The minister met nobody.", "title": "\\ud800 talks", "date": "\\udfff", "url": "http://x/\\ud800"}', None),
        ("a.jsonl", b'{"text": "The minister met nobody.", "id": 1' + b"0" * 5000 + b"}", "BadJson"),
        ("a.zip", None, "Unsupported"),
    ],
)  # fmt: skip
def test_odd_characters_in_what_a_row_says(name: str, data: bytes | None, error: str | None, tmp_path: Path) -> None:
    """A lone surrogate in a failure's message ended the whole run: Arrow's strings are UTF-8."""
    if data is None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("\u202e\x1b[31m.exe", b"x")
        data = out.getvalue()
    report = check_batch([Input(name, data, "test")], tmp_path / "x")
    assert report.defects == []
    assert list(report.failures) == ([error] if error else [])


def test_a_page_of_nothing_but_tags_is_refused_at_once() -> None:
    """A megabyte of them took eleven seconds."""
    [found] = read("a.html", b"<p>" * 350_000)
    assert isinstance(found, Failure)
    assert (found.error, "tags" in found.message) == ("NoText", True)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_gigabyte_of_empty_lines_is_no_hour_of_reading(suffix: str, tmp_path: Path) -> None:
    """A file of records was read to its end, whatever it unpacked to: minutes for 4 MB."""
    lines = b"\n" * (80 << 20)
    data = gzip.compress(lines, 1) if suffix == ".gz" else zstandard.compress(lines)
    [found] = read(f"a.csv{suffix}", data)
    assert isinstance(found, Failure)
    with pytest.raises(OSError, match="200 times"), open_binary(Member(f"a.jsonl{suffix}", data)) as stream:
        list(iter(lambda: len(stream.read(1 << 20)), 0))


def test_names_that_stand_for_each_other_in_a_circle(tmp_path: Path) -> None:
    """It was a RecursionError in linking."""
    suffix, data = FAMILIES["sentences"](random.Random("7:6629"))
    report = check_batch([Input(f"a{suffix}", data, "sentences")], tmp_path, model=False, seconds=30)
    assert not report.defects
