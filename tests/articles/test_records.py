import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from pipeline.articles import read_articles
from pipeline.core.config import FieldMap, Reading
from pipeline.core.rows import Article, Failure

RECORDS: list[dict[str, Any]] = [
    {"id": "a1", "title": "Talks fail", "body": "The minister said no.", "date": "2024-07-26T20:07:06Z", "lang": "en"},
    {
        "id": "a2",
        "title": "Talks go on",
        "body": "The minister said yes.",
        "date": None,
        "url": "https://example.org/2",
    },
    {"id": "a2", "title": "会谈结束", "body": "总理说，会谈已经结束。", "date": "2024年7月26日", "author": ["A", "B"]},
]


def write(path: Path) -> None:
    kind = "".join(path.suffixes)
    if kind.startswith((".jsonl", ".ndjson")):
        data = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in RECORDS).encode()
    elif kind.startswith(".json"):
        data = json.dumps({"articles": RECORDS}).encode()
    elif kind.startswith((".csv", ".tsv")):
        names = ["id", "title", "body", "date", "url", "author"]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(
                stream, names, extrasaction="ignore", delimiter="\t" if kind.startswith(".tsv") else ","
            )
            writer.writeheader()
            writer.writerows({**one, "author": ", ".join(one.get("author", []))} for one in RECORDS)
        data = path.read_bytes()
    else:
        pq.write_table(
            pa.Table.from_pylist([{"url": None, **one, "author": ", ".join(one.get("author", []))} for one in RECORDS]),
            path,
        )
        data = path.read_bytes()
    if kind.endswith(".gz"):
        data = gzip.compress(data)
    elif kind.endswith(".zst"):
        data = zstandard.compress(data)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "name",
    [
        "a.jsonl",
        "a.ndjson",
        "a.json",
        "a.csv",
        "a.tsv",
        "a.parquet",
        "a.jsonl.gz",
        "a.csv.zst",
        "a.parquet.gz",
        "a.json.zst",
    ],
)
def test_every_kind_gives_the_same_articles(name: str, tmp_path: Path) -> None:
    write(tmp_path / name)
    found = list(read_articles(tmp_path / name, source=name, config=Reading()))
    articles = [one for one in found if isinstance(one, Article)]
    assert len(articles) == len(found) == 3
    assert [one.text for one in articles] == [record["body"] for record in RECORDS]
    assert [one.title for one in articles] == [record["title"] for record in RECORDS]
    assert [one.source_index for one in articles] == [0, 1, 2]
    assert articles[0].published_at == datetime(2024, 7, 26, 20, 7, 6)
    assert articles[0].published_from == "record"
    assert articles[1].published_at is None
    assert articles[1].url == "https://example.org/2"
    assert articles[2].published_at == datetime(2024, 7, 26)
    assert len({one.article_id for one in articles}) == 3
    assert all(len(one.article_id) == 16 and len(one.raw_sha256) == 64 for one in articles)
    again = list(read_articles(tmp_path / name, source=name, config=Reading()))
    assert again == found


def test_ids_follow_the_record_not_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(one) for one in RECORDS[:2]]
    path.write_text("\n".join(lines))
    first = {
        one.title: one.article_id
        for one in read_articles(path, source="a", config=Reading())
        if isinstance(one, Article)
    }
    path.write_text("\n".join(reversed(lines)))
    second = {
        one.title: one.article_id
        for one in read_articles(path, source="a", config=Reading())
        if isinstance(one, Article)
    }
    assert first == second


def test_broken_lines_fail_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b'{"text": "The talks failed."}\n{"text": broken}\n\n[1, 2]\n{"none": 1}\n'
        + b"[" * 100_000
        + b'\n{"text": "\xff\xfe"}\n{"text": "The talks went on."}\n'
    )
    found = list(read_articles(path, source="a.jsonl", config=Reading()))
    assert [one.error if isinstance(one, Failure) else "" for one in found] == [
        "", "BadJson", "NotARecord", "NoText", "BadJson", "BadEncoding", "",
    ]  # fmt: skip
    assert [one.source_index for one in found] == list(range(7))


def test_text_column_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    [failure] = read_articles(path, source="a.csv", config=Reading())
    assert isinstance(failure, Failure)
    assert failure.error == "NoTextColumn"
    mapped = Reading(fields=FieldMap(text=("b",)))
    path.write_text("a,B\n1,The talks failed.\n")
    [article] = read_articles(path, source="a.csv", config=mapped)
    assert isinstance(article, Article)
    assert article.text == "The talks failed."


def test_old_encodings_and_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "قال الرئيس إن المحادثات مع الوزير فشلت في بيروت"
    path.write_bytes(f"id;text\n1;{text}\n2;{text} أمس\n".encode("windows-1256"))
    found = list(read_articles(path, source="a.csv", config=Reading()))
    assert [one.text for one in found if isinstance(one, Article)] == [text, f"{text} أمس"]


def test_parquet_times_lose_their_zone(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    moment = datetime(2024, 7, 26, 20, 7, 6, tzinfo=UTC)
    pq.write_table(pa.table({"text": ["The talks failed."], "published_at": [moment]}), path)
    [article] = read_articles(path, source="a.parquet", config=Reading())
    assert isinstance(article, Article)
    assert article.published_at == datetime(2024, 7, 26, 20, 7, 6)


def test_markup_in_a_record_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"content": "<p>The talks failed.</p><p>He left &amp; slept.</p>"}))
    [article] = read_articles(path, source="a.jsonl", config=Reading())
    assert isinstance(article, Article)
    assert article.text == "The talks failed.\nHe left & slept."


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.zst", "a.parquet", "a.parquet.zst", "a.json"])
def test_damaged_files_fail(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PAR1 this is not what the name says \x80")
    [failure] = read_articles(tmp_path / name, source=name, config=Reading())
    assert isinstance(failure, Failure)


def test_long_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "' + "x" * 500 + '"}\n{"text": "The talks failed."}\n')
    found = list(read_articles(path, source="a.jsonl", config=Reading(max_bytes=300)))
    assert isinstance(found[0], Failure)
    assert found[0].error == "TooLarge"
    assert isinstance(found[1], Article)
