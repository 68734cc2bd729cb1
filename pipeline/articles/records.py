"""Files of records, one article each: JSON Lines, JSON, CSV, TSV and Parquet, read as streams."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.articles.build import (
    Facts,
    Origin,
    failure,
    guarded,
    looks_like_html,
    make_article,
    sha256,
)
from pipeline.articles.encoding import SAMPLE, EncodingError, decode, detect
from pipeline.articles.files import RawFile, kind_of, open_binary, read_all, read_lines
from pipeline.articles.web import fragment_text
from pipeline.core.config import FieldMap, Reading
from pipeline.core.rows import Article, Failure

_LISTS = ("articles", "data", "items", "results", "records", "documents", "docs", "entries", "news")
_SURROGATE = re.compile(r"[\udc80-\udcff]")
_BATCH_ROWS = 128

# A CSV cell holds a whole article; the csv module's own limit (128 KiB) is smaller than some.
csv.field_size_limit(1 << 28)


class _Reader:
    """Turns the records of one file into articles, and keeps their ids apart."""

    def __init__(self, *, source: str, config: Reading, path: RawFile, seconds: float | None) -> None:
        self._source = source
        self._config = config
        self._path = path
        self._seconds = seconds
        self._seen: dict[str, int] = {}

    def fail(self, index: int | None, error: str, message: str) -> Failure:
        return failure(self._source, index, error, message)

    def read(self, record: Any, index: int, raw: bytes | None = None) -> Article | Failure:
        return guarded(partial(self._read, record, index, raw), source=self._source, index=index, seconds=self._seconds)

    def _read(self, record: Any, index: int, raw: bytes | None) -> Article | Failure:
        if not isinstance(record, Mapping):
            return self.fail(index, "NotARecord", "the record is no object with named fields")
        lowered = {str(name).strip().lower(): value for name, value in record.items() if name}
        fields = self._config.fields
        text = _pick(lowered, fields.text)
        if isinstance(text, (list, tuple)):
            text = "\n".join(str(part) for part in text)
        if not isinstance(text, str) or not text.strip():
            names = ", ".join(fields.text)
            return self.fail(index, "NoText", f"no text in the record (looked for {names})")
        if _SURROGATE.search(text):
            try:
                text = decode(text.encode("utf-8", "surrogateescape"), self._config.encodings)
            except (EncodingError, UnicodeEncodeError):
                return self.fail(index, "BadEncoding", "the record's text is in no known encoding")
        markup: bool | None = None
        if looks_like_html(text):
            text = fragment_text(text)
            markup = False
        if raw is None:
            raw = canonical_json(record)
        origin = Origin(self._source, index, sha256(raw), self._path if isinstance(self._path, Path) else None)
        return make_article(
            text,
            origin=origin,
            facts=_facts(lowered, fields),
            config=self._config,
            key=self._key(_pick(lowered, fields.id)),
            markup=markup,
        )

    def _key(self, value: Any) -> str | None:
        """Make a record's own id unique in its file: a repeated id gets its count."""
        if value is None or isinstance(value, (dict, list)) or not str(value).strip():
            return None
        key = str(value).strip()
        count = self._seen[key] = self._seen.get(key, 0) + 1
        return key if count == 1 else f"{key}\0{count}"


def read_records(
    path: RawFile, *, source: str, config: Reading, seconds: float | None = None
) -> Iterator[Article | Failure]:
    """Stream the articles of a file of records; a bad record is a failure, the others go on.

    So is one that takes more than ``seconds``.

    Errors of the file itself (see ``files.READ_ERRORS``, ``EncodingError``, ``TooLargeError``) are
    raised to the caller.
    """
    reader = _Reader(source=source, config=config, path=path, seconds=seconds)
    kind = kind_of(path)
    if kind in (".jsonl", ".ndjson"):
        yield from _json_lines(reader, path, config)
    elif kind == ".json":
        yield from _json_file(reader, path, config)
    elif kind in (".csv", ".tsv"):
        yield from _table(reader, path, config, tabs=kind == ".tsv")
    else:
        yield from _parquet(reader, path, config)


def canonical_json(record: Any) -> bytes:
    """Write a record as JSON with sorted keys, so that the same values give the same bytes."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _pick(record: Mapping[str, Any], names: Iterable[str]) -> Any:
    for name in names:
        value = record.get(name.lower())
        if value is not None and value == value and value != "":
            return value
    return None


def _facts(record: Mapping[str, Any], fields: FieldMap) -> Facts:
    return Facts(
        kind="record",
        title=_pick(record, fields.title),
        author=_pick(record, fields.author),
        publisher=_pick(record, fields.publisher),
        url=_pick(record, fields.url),
        published=_pick(record, fields.published),
    )


def _json_lines(reader: _Reader, path: RawFile, config: Reading) -> Iterator[Article | Failure]:
    with open_binary(path) as stream:
        head = stream.read(4)
        wide = b"\0" in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    with open_binary(path) as stream:
        lines: Iterable[bytes | None] = read_lines(stream, limit=config.max_bytes)
        if wide:
            text = decode(read_all(path, limit=config.max_bytes), config.encodings)
            lines = (line.encode() for line in text.split("\n"))
        index = -1
        for line in lines:
            if line is not None and not line.strip(b" \t\r\n\xef\xbb\xbf"):
                continue
            index += 1
            if line is None:
                yield reader.fail(index, "TooLarge", "the line is longer than reading.max_bytes")
                continue
            try:
                # JSON is UTF-8 by its standard; a line that is not is judged by itself.
                record = json.loads(decode(line, config.encodings), strict=False)
            except EncodingError as error:
                yield reader.fail(index, "BadEncoding", str(error).replace("file", "line", 1))
                continue
            except (ValueError, RecursionError) as error:
                yield reader.fail(index, "BadJson", f"the line is no JSON: {error}")
                continue
            yield reader.read(record, index, line.strip())
        if index < 0:
            yield reader.fail(None, "Empty", "the file is empty")


def _json_file(reader: _Reader, path: RawFile, config: Reading) -> Iterator[Article | Failure]:
    data = read_all(path, limit=config.max_bytes)
    if not data.strip():
        yield reader.fail(None, "Empty", "the file is empty")
        return
    try:
        content = json.loads(decode(data, config.encodings), strict=False)
    except (ValueError, RecursionError) as error:
        yield reader.fail(None, "BadJson", f"the file is no JSON: {error}")
        return
    if isinstance(content, Mapping):
        lists = [content[name] for name in _LISTS if isinstance(content.get(name), list)]
        text = _pick({str(k).lower(): v for k, v in content.items()}, config.fields.text)
        if isinstance(text, str) or not lists:
            yield reader.read(content, 0)
            return
        content = lists[0]
    if not isinstance(content, list):
        yield reader.fail(None, "NotARecord", "the file holds no list of records")
        return
    for index, record in enumerate(content):
        yield reader.read(record, index)


def _table(reader: _Reader, path: RawFile, config: Reading, *, tabs: bool) -> Iterator[Article | Failure]:
    encoding = _encoding_of(path, config)
    with open_binary(path) as stream:
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        wrapped = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
        head = wrapped.readline(1 << 20).lstrip("\ufeff")
        if not head.strip():
            yield reader.fail(None, "Empty", "the file is empty")
            return
        delimiter = "\t" if tabs else max(",;\t|", key=head.count)
        names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter))]
        if not set(names) & {name.lower() for name in config.fields.text}:
            message = f"no column for the text among: {', '.join(names)[:200]}"
            yield reader.fail(None, "NoTextColumn", f"{message} (see reading.fields.text)")
            return
        rows = csv.reader(wrapped, delimiter=delimiter)
        index = -1
        while True:
            try:
                row = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                index += 1
                yield reader.fail(index, "BadCsv", f"line {rows.line_num + 1}: {error}")
                continue
            if not any(cell.strip() for cell in row):
                continue
            index += 1
            if len(row) > len(names):
                message = f"the row has {len(row)} cells, the header has {len(names)}"
                yield reader.fail(index, "BadCsv", message)
                continue
            record = {name: cell for name, cell in zip(names, row, strict=False) if cell}
            yield reader.read(record, index)


def _parquet(reader: _Reader, path: RawFile, config: Reading) -> Iterator[Article | Failure]:
    source: Any = path if isinstance(path, Path) else path.open("rb")
    if path.suffix.lower() != ".parquet":
        source = pa.BufferReader(read_all(path, limit=config.max_bytes))
    try:
        with pq.ParquetFile(source) as table:
            names = {name.lower() for name in table.schema_arrow.names}
            if not names & {name.lower() for name in config.fields.text}:
                message = f"no column for the text among: {', '.join(sorted(names))[:200]}"
                yield reader.fail(None, "NoTextColumn", f"{message} (see reading.fields.text)")
                return
            index = 0
            for batch in table.iter_batches(batch_size=_BATCH_ROWS):
                for record in batch.to_pylist():
                    yield reader.read(record, index)
                    index += 1
    except (pa.ArrowException, ValueError) as error:
        yield reader.fail(None, "BadParquet", f"the file is no readable Parquet: {error}")


def _encoding_of(path: RawFile, config: Reading) -> str:
    """Find a file's encoding by its first part."""
    with open_binary(path) as stream:
        sample = stream.read(SAMPLE)
        complete = not stream.read(1)
    return detect(sample, config.encodings, complete=complete)
