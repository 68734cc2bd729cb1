"""Large files of records in ranges: the same articles as the whole, whatever is appended."""

import csv
import gzip
import io
import json
import tarfile
import warnings
import zipfile

import pandas as pd
import pytest

from pipeline.articles import read_articles
from pipeline.articles.archive import MOST_RANGES
from pipeline.articles.files import refuse_swollen
from pipeline.articles.ranges import Cutting, cut_ranges
from pipeline.core.config import Reading
from pipeline.core.rows import Article
from tests.articles.test_warc import record

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


PAGE = "<html><body><article><h1>Talks {n}</h1><p>{text} They spoke about fish and ships.</p></article></body></html>"


def warc_records(count, *, packed=False):
    """With ids that come again, also among records that are no page."""
    yield record(1000, b"software: test", kind="warcinfo", content_type="application/warc-fields", packed=packed)
    for n in range(count):
        kind = "image/png" if n % 6 == 4 else "text/html"
        yield record(n % 23, PAGE.format(n=n, text=TEXT).encode(), content_type=kind, packed=packed)


def write_warc(path, count):
    made = list(warc_records(count))
    if count > 40:
        made[37] = made[37].replace(b"Content-Length: ", b"Content-Length: 9", 1)
    path.write_bytes(b"".join(made))


def write_warc_gz(path, count):
    made = list(warc_records(count, packed=True))
    made[50] = made[50][:60] + b"damage" + made[50][66:]
    made[55] += b"\0" * 100
    path.write_bytes(b"".join(made))


def members(count):
    """Names that come again, that are unsafe, hidden, of no known kind, folders; texts and pages."""
    for n in range(count):
        name = f"day-{n % 40:03}/{n}.{('txt', 'md', 'html', 'pdf')[n % 4]}"
        odd = {9: "../escape.txt", 17: ".hidden.txt", 33: "day-001/1.md", 34: "day-001/1.md", 41: "empty/", 52: "a.zip"}
        text = PAGE.format(n=n, text=TEXT) if name.endswith("html") else f"{TEXT} Number {n}.\n"
        yield odd.get(n, name), ("" if n == 41 else text).encode()


def write_zip(path, count):
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        warnings.simplefilter("ignore")
        for name, data in members(count):
            out.writestr(name, data)


def write_tar(path, count, mode="w"):
    with tarfile.open(path, mode) as out:
        for n, (name, data) in enumerate(members(count)):
            info = tarfile.TarInfo(("long-" * 30 if n % 10 == 6 else "") + name)
            info.size = len(data)
            if n == 70:
                info.type, info.linkname, info.size = tarfile.SYMTYPE, "day-001/1.md", 0
            out.addfile(info, io.BytesIO(data))


WRITERS = {
    "a.warc": write_warc,
    "a.warc.gz": write_warc_gz,
    "a.zip": write_zip,
    "a.tar": write_tar,
    "a.tar.gz": lambda p, n: write_tar(p, n, "w:gz"),
    "a.tgz": lambda p, n: write_tar(p, n, "w:gz"),
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
    assert sum(isinstance(a, Article) for a in whole(path)) > 80
    assert max(span.count for span, _ in ranges) <= 12 or name == "c.csv"
    ids = [a.article_id for a in whole(path) if hasattr(a, "article_id")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.tar"])
def test_records_that_are_appended_leave_the_ranges_before(tmp_path, name):
    for count in (60, 80):
        WRITERS[name](tmp_path / f"{count}-{name}", count)
    before, after = (cut_ranges(tmp_path / f"{count}-{name}", CUTTING) for count in (60, 80))
    assert len(after) > len(before) > 3
    assert after[: len(before) - 1] == before[:-1]


def test_archives_whose_members_cannot_be_counted_are_read_as_a_whole(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out, tarfile.open(tmp_path / "a.tar", "w") as tape:
        for n in range(50):
            out.writestr(f"{n}.txt", TEXT)
            tape.addfile(tarfile.TarInfo(f"{n}.txt"))
        out.writestr("lines.jsonl", "{}\n{}\n")
        tape.addfile(tarfile.TarInfo("lines.jsonl"))
    assert cut_ranges(tmp_path / "a.zip", CUTTING) is None
    assert cut_ranges(tmp_path / "a.tar", CUTTING) is None


def test_what_one_gzip_member_holds_is_one_range(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"".join(warc_records(60)), mtime=0))
    assert cut_ranges(tmp_path / "a.warc.gz", CUTTING) is None


def test_a_zip_has_a_limited_number_of_ranges(tmp_path):
    write_zip(tmp_path / "a.zip", 200)
    assert len(cut_ranges(tmp_path / "a.zip", Cutting(READING, records=1, size=1, large=0))) <= MOST_RANGES


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
        ("a.warc", b"no record"),
        ("a.warc.gz", b"\x1f\x8b\x08 broken"),
        ("a.zip", b"PK\x03\x04 broken"),
        ("a.tar", b"no tape" * 1000),
        ("a.tar.gz", b"\x1f\x8b\x08 broken"),
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


def test_what_is_large_only_once_unpacked_is_cut(tmp_path):
    cutting = Cutting(READING, large=20_000)
    write_jsonl(tmp_path / "a.jsonl.gz", 400, gzip.open)
    write_jsonl(tmp_path / "b.jsonl.gz", 20, gzip.open)
    for name, wanted in (("a.jsonl.gz", True), ("b.jsonl.gz", False)):
        size = (tmp_path / name).stat().st_size
        assert size < cutting.large
        assert cutting.takes(tmp_path / name, size) is wanted


@pytest.mark.parametrize(("name", "line"), [("a.csv.gz", b"text,\n"), ("a.jsonl.gz", b'{"text": "x"}\n')])
def test_a_million_rows_of_one_word_in_ten_kilobytes_are_one_failure(tmp_path, name, line):
    path = tmp_path / name
    # The fastest compression keeps the first of them under 200 times its size, with 13 rows to a packed byte.
    for size, level in ((8_000_000, 1), (8_000_000, 9), (1_000_000, 9)):
        path.write_bytes(gzip.compress(line * (size // len(line)), level, mtime=0))
        assert cut_ranges(path, CUTTING) is None
        assert [one.error for one in whole(path)] == ["Unreadable"]


@pytest.mark.parametrize(
    "lines",
    [
        [json.dumps({"id": n, "text": "No comment."}) for n in range(40_000)],
        [json.dumps({"text": " ".join(f"Talks number {n} failed." for n in range(80))})] * 40_000,
    ],
    ids=["one short text under 40,000 ids", "40,000 copies of one article"],
)
def test_what_repeats_itself_in_earnest_is_not_refused(tmp_path, lines):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    refuse_swollen(path)
