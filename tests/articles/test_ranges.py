"""Large files of records in ranges: the same articles as the whole, whatever is appended."""

import csv
import gzip
import json

import pandas as pd
import pytest

from pipeline.articles import read_articles
from pipeline.articles.ranges import Cutting, cut_ranges
from pipeline.core.config import Reading

READING = Reading()
CUTTING = Cutting(READING, records=10, size=2000, large=0)
TEXT = "Chile said on Monday that it would host talks with Peru."
ARABIC = "قال وزير الخارجية يوم الأحد إن المحادثات ستبدأ."


def records(count):
    """With ids that come again, one without an id, one without a text and one in Arabic."""
    for n in range(count):
        record = {"id": f"id{n % 23}", "text": f"{TEXT} Number {n}.", "date": "2025-03-03"}
        if n % 7 == 3:
            del record["id"]
        if n % 11 == 5:
            record["text"] = ""
        if n % 5 == 1:
            record["text"] = f'{ARABIC}\n"{n}", said he'
        yield record


def write_jsonl(path, count, opened=open):
    with opened(path, "wt", encoding="utf-8") as out:
        for n, record in enumerate(records(count)):
            out.write(json.dumps(record, ensure_ascii=False) + ("\r\n" if n % 3 else "\n\n"))
        out.write('{"text": \n[1]\n')


def write_csv(path, count, encoding="utf-8", end="\n"):
    with open(path, "w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, lineterminator=end)
        writer.writerow(["id", "text", "date"])
        for record in records(count):
            writer.writerow([record.get("id"), record["text"], record["date"]])


def write_parquet(path, count):
    pd.DataFrame(list(records(count))).to_parquet(path, row_group_size=7)


WRITERS = {
    "a.jsonl": write_jsonl,
    "a.jsonl.gz": lambda p, n: write_jsonl(p, n, gzip.open),
    "a.csv": write_csv,
    "b.csv": lambda p, n: write_csv(p, n, "utf-8-sig", "\r\n"),
    "c.csv": lambda p, n: write_csv(p, n, "utf-8", "\r"),
    "a.parquet": write_parquet,
}


def whole(path):
    return list(read_articles(path, source="x", config=READING))


def in_ranges(path, ranges):
    return [a for span, _ in ranges for a in read_articles(path, source="x", config=READING, span=span)]


@pytest.mark.parametrize("name", WRITERS)
def test_ranges_give_the_articles_of_the_whole(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](path, 120)
    ranges = cut_ranges(path, CUTTING)
    if name == "c.csv" and ranges is None:
        return
    assert len(ranges) > 5 or name == "c.csv"
    assert in_ranges(path, ranges) == whole(path)
    assert max(span.count for span, _ in ranges) <= 10 or name == "c.csv"
    ids = [a.article_id for a in whole(path) if hasattr(a, "article_id")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_what_is_appended_leaves_the_ranges_before(tmp_path, name):
    path = tmp_path / name
    (write_csv if name == "a.csv" else write_jsonl)(path, 60)
    before = cut_ranges(path, CUTTING)
    more = path.read_bytes() + (b"new,New text.,2025-03-03\n" if name == "a.csv" else b'{"text": "New text."}\n')
    path.write_bytes(more)
    after = cut_ranges(path, CUTTING)
    assert after[: len(before) - 1] == before[:-1]
    assert after != before


def test_a_change_in_the_middle_changes_its_range_alone_where_lengths_hold(tmp_path):
    path = tmp_path / "a.jsonl"
    write_jsonl(path, 60)
    before = cut_ranges(path, CUTTING)
    path.write_bytes(path.read_bytes().replace(b"Number 30.", b"Number 99."))
    after = cut_ranges(path, CUTTING)
    assert sum(a != b for a, b in zip(after, before, strict=True)) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"text"),
        ("a.jsonl", '{"text": "x"}\n'.encode("utf-16")),
        ("a.csv", b"name,place\n1,2\n"),
        ("a.csv", b""),
        ("a.parquet", b"PAR1 nothing"),
        ("a.jsonl.gz", b"\x1f\x8b\x08 broken"),
        ("a.jsonl", b""),
    ],
)
def test_what_cannot_be_cut_is_read_as_a_whole(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert cut_ranges(path, CUTTING) is None


def test_one_line_of_many_bytes_is_one_record(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT * 1000}) + "\n" + json.dumps({"text": TEXT}), encoding="utf-8")
    ranges = cut_ranges(path, CUTTING)
    assert [span.count for span, _ in ranges] == [1, 1]
    assert in_ranges(path, ranges) == whole(path)
