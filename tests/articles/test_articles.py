import gzip
import time
from datetime import datetime
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import SUPPORTED, is_supported, read_articles
from pipeline.core.config import Reading
from pipeline.core.rows import Article, Failure

BILINGUAL = """---
title: 部长们在卑尔根会面
date: 2024-07-26T20:07:06.684Z
author: desk
---

[原文链接](https://example.org/fish)

部长们在卑尔根会面

两国部长周一在卑尔根举行会谈。

---

 **The ministers** of Norway and Peru met on Monday in [Bergen](https://example.org/bergen).

[Source Link](https://example.org/fish)
"""


def read_one(path: Path, config: Reading | None = None, source: str | None = None) -> Article | Failure:
    [found] = read_articles(path, source=source or path.name, config=config or Reading())
    return found


def read_article(path: Path, config: Reading | None = None, source: str | None = None) -> Article:
    found = read_one(path, config, source)
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_front_matter_and_markdown(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.txt{suffix}"
    data = BILINGUAL.replace("\n", "\r\n").encode()
    if suffix == ".gz":
        data = gzip.compress(data)
    elif suffix == ".zst":
        data = zstandard.compress(data)
    path.write_bytes(data)
    article = read_article(path, source="desk/a.txt")
    assert article.title == "部长们在卑尔根会面"
    assert article.author == "desk"
    assert article.url == "https://example.org/fish"
    assert article.published_at == datetime(2024, 7, 26, 20, 7, 6)
    assert article.published_from == "front_matter"
    assert "The ministers of Norway and Peru met on Monday in Bergen." in article.text.split("\n")
    assert "原文链接" in article.text.split("\n")
    assert not set("*[]\r") & set(article.text)
    assert "---" not in article.text
    assert (article.language, article.languages, article.n_sentences, article.garbled) == (None, (), 0, None)


def test_plain_text_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    body = "Talks fail\n\n- He said:  “no”…\n* not a list  \n1. Nor this\n\u3000\u3000两国部长会谈。"
    path.write_text(body, encoding="utf-8")
    article = read_article(path)
    assert article.text.split("\n") == [
        "Talks fail",
        "",
        "- He said:  “no”…",
        "* not a list",
        "1. Nor this",
        "两国部长会谈。",
    ]
    assert article.title == "Talks fail"
    assert article.published_at is None
    assert article.published_from is None


def test_sources_of_the_date(tmp_path: Path) -> None:
    body = "Talks fail in Lima\nThe minister said no.\n"
    path = tmp_path / "desk_2024-07-26.txt"
    path.write_text(body)
    assert read_article(path).published_from == "file_name"
    path.write_text(body.replace("\n", "\nPublished On 4 Feb 20254 Feb 2025\n", 1))
    assert read_article(path).published_at == datetime(2025, 2, 4)
    assert read_article(path).published_from == "text"
    path.write_text(f"---\nurl: https://example.org/2023/05/06/talks\n---\n{body}")
    found = read_article(path)
    assert (found.published_at, found.published_from) == (datetime(2023, 5, 6), "front_matter")
    plain = tmp_path / "a.txt"
    plain.write_text(body)
    assert read_article(plain).published_at is None
    assert read_article(plain, Reading(file_time=True)).published_from == "file_time"


def test_an_address_under_source_is_the_url(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("---\nsource: https://example.org/2023/05/06/talks\n---\nThe minister said no.\n")
    found = read_article(path)
    assert (found.url, found.publisher) == ("https://example.org/2023/05/06/talks", None)
    assert found.published_at == datetime(2023, 5, 6)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.txt", b"", "Empty"),
        ("a.txt", b" \n\n ", "Empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "BadEncoding"),
        ("a.txt", b"--- *** ---", "NoText"),
        ("a.md", b"---\ntitle: x\n---\n", "NoText"),
        ("a.txt.gz", b"not gzip at all", "Unreadable"),
        ("a.txt.gz", gzip.compress(b"The talks failed. " * 500)[:60], "Unreadable"),
        ("a.txt.zst", b"not zstandard at all", "Unreadable"),
        ("a.pdf", b"%PDF", "Unsupported"),
        ("a.html", b"<html></html>", "NoText"),
    ],
)
def test_bad_input_is_a_failure(name: str, data: bytes, error: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = read_one(path)
    assert isinstance(found, Failure)
    assert (found.stage, found.error, found.source) == ("articles", error, name)
    assert found.message
    assert "\n" not in found.message


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    missing = read_one(tmp_path / "gone.txt")
    assert isinstance(missing, Failure)
    assert missing.error == "Unreadable"
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    assert isinstance(read_one(folder), Failure)


def test_twenty_megabytes_in_one_line_end_quickly(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"The minister said no. " * 950_000)
    started = time.perf_counter()
    found = read_one(path)
    assert time.perf_counter() - started < 5
    assert isinstance(found, Failure)
    assert found.error == "TooLong"


def test_limits(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The minister said no.")
    found = read_one(path, Reading(max_bytes=5))
    assert isinstance(found, Failure)
    assert found.error == "TooLarge"


def test_names() -> None:
    assert all(is_supported(Path("x" + suffix)) for suffix in SUPPORTED)
    assert is_supported(Path("News.2024.TXT.GZ"))
    assert not is_supported(Path("a.pdf"))
    assert not is_supported(Path("txt"))
    assert not is_supported(Path("a.gz"))


@settings(max_examples=120, deadline=None)
@given(
    data=st.binary(max_size=400),
    name=st.sampled_from([f"a{suffix}" for suffix in SUPPORTED if "parquet" not in suffix]),
)
def test_reading_never_raises_on_bytes(data: bytes, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    for found in read_articles(path, source=name, config=Reading()):
        assert isinstance(found, (Article, Failure))


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=300), name=st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_reading_text_is_stable_and_clean(text: str, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = read_one(path)
    assert found == read_one(path)
    if isinstance(found, Article):
        assert all(line == line.strip() for line in found.text.split("\n"))
        assert not any(ord(char) < 32 and char not in "\n\t" for char in found.text)
