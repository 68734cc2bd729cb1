"""A few inputs of 20 to 100 MB, or that unpack to more."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from benchmarks.fuzz_inputs.common import SENTENCES, Input, encode

SLOW_PIECES = (" ", "a", "A ", "Ab ", "1", "1 ", '"', "“a” ", "(", "a-", "a, ", "said ", "He said. ", "of the Ministry of ", "王", "会见", "、王", "و", "قال ", "، ", "\u0301", "\u202e", "*", "[a](", "<b>", "# a\n", "a\n", "\n\na", "http://a.b/", "March 3, ")  # fmt: skip


def giants() -> Iterator[Input]:
    """A few inputs of 20 to 100 MB, or that unpack to more: too slow for the thousands."""

    def one(name: str, data: bytes) -> Input:
        return Input(f"giant-{name}", data, "giant")

    line = encode(SENTENCES[0])
    yield one("line.txt", line * (100_000_000 // len(line)))
    yield one("line-4-bytes.txt", encode("\U0001f600") + line * (100_000_000 // len(line)))
    yield one(
        "line.jsonl",
        b'{"text": "' + b"The minister said no. " * 4_700_000 + b'"}\n{"text": "Nobody came to the talks."}\n',
    )
    yield one(
        "line.csv", b'title,text\nx,"' + b"The minister said no. " * 4_700_000 + b'"\ny,Nobody came to the talks.\n'
    )
    yield one("line.html", b"<p>" + b"The minister said no. " * 4_700_000)
    yield one(
        "columns.csv", b"text," + b",".join(b"c%d" % n for n in range(1_000_000)) + b"\nNobody came." + b"," * 1_000_000
    )
    yield one("column.json", json.dumps({f"k{n}": n for n in range(1_000_000)} | {"text": "Nobody came."}).encode())
    yield one("nested.html", b"<div>" * 100_000 + line + b"</div>" * 100_000)
    yield one("nested.json", b"[" * 10_000_000)
    yield one("longest.txt", encode("\n".join(SENTENCES[n % 6] for n in range(15_000))))
    yield one("longest-line.txt", encode("".join(SENTENCES[n % 6] for n in range(15_000))))
    yield one(
        "longest-page.html", b"<html><body>" + b"".join(b"<p>%s</p>" % encode(SENTENCES[n % 6]) for n in range(50_000))
    )
    yield one("bomb.txt.gz", gzip.compress(b"\0" * 1_000_000_000, 1, mtime=0))
    yield one("bomb.jsonl.gz", gzip.compress(b"\n" * 1_000_000_000, 1, mtime=0))
    yield one("bomb.json.zst", zstandard.compress(b"[" * 1_000_000_000))
    yield one("bomb.warc.gz", gzip.compress(b"WARC/1.0\r\n" + b"A: b\r\n" * 100_000_000, 1, mtime=0))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for number in range(20):
            # With a date of its own: without one, the bytes would tell the time of day.
            info = zipfile.ZipInfo(f"{number}.txt", (2025, 1, 1, 0, 0, 0))
            packed.writestr(info, b"\0" * 100_000_000, zipfile.ZIP_DEFLATED, 1)
    yield one("bomb.zip", out.getvalue())
    column = pa.DictionaryArray.from_arrays(
        pa.array([0] * 2000, pa.int32()), pa.array(["The minister said no. " * 450_000])
    )
    out = io.BytesIO()
    pq.write_table(pa.table({"text": column}), out)
    yield one("repeated.parquet", out.getvalue())
    for size in (10_000, 100_000, 1_000_000):
        for number, piece in enumerate(SLOW_PIECES):
            yield one(f"{size}-{number:02}.txt", encode(piece * (size // len(piece))))
