"""Files of records, one article each: JSON Lines, JSON, CSV, TSV and Parquet, read as streams."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from pipeline.articles.files import RawFile, kind_of, open_binary, read_all, read_lines, refuse_swollen
from pipeline.articles.ranges import Span, digest_of, read_range
from pipeline.articles.web import fragment_text
from pipeline.core.config import FieldMap, Reading
from pipeline.core.rows import Article, Failure

_LISTS = ("articles", "data", "items", "results", "records", "documents", "docs", "entries", "news")
_SURROGATE = re.compile(r"[\udc80-\udcff]")
_BATCH_ROWS = 128
BLANK = b" \t\r\n\xef\xbb\xbf"

# A CSV cell holds a whole article; the csv module's own limit (128 KiB) is smaller than some.
csv.field_size_limit(1 << 28)


class _Reader:
    """Turns the records of one file into articles, and keeps their ids apart."""

    def __init__(
        self, *, source: str, config: Reading, path: RawFile, seconds: float | None, seen: Mapping[str, int]
    ) -> None:
        self._source = source
        self._config = config
        self._path = path
        self._seconds = seconds
        self._seen = dict(seen)

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
        if len(text) > self._config.max_chars:
            message = f"the text has {len(text):,} characters, more than reading.max_chars"
            return self.fail(index, "TooLong", f"{message} ({self._config.max_chars:,})")
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
        key = _own_id(value)
        if key is None:
            return None
        digest = digest_of(key)
        count = self._seen[digest] = self._seen.get(digest, 0) + 1
        return key if count == 1 else f"{key}\0{count}"


def _own_id(value: Any) -> str | None:
    if value is None or isinstance(value, (dict, list)) or not str(value).strip():
        return None
    return str(value).strip()


def key_of_record(record: Any, config: Reading) -> str | None:
    """Digest (16 hex digits) of the id that a record would be known by, or None where it has none."""
    if not isinstance(record, Mapping):
        return None
    lowered = {str(name).strip().lower(): value for name, value in record.items() if name}
    key = _own_id(_pick(lowered, config.fields.id)) if _pick(lowered, config.fields.text) else None
    return None if key is None else digest_of(key)


def key_of_line(line: bytes, config: Reading) -> str | None:
    """The same of a line of a JSON Lines file."""
    try:
        return key_of_record(json.loads(decode(line, config.encodings), strict=False), config)
    except (EncodingError, ValueError, RecursionError):
        return None


def key_of_row(row: Sequence[str], names: Sequence[str], config: Reading) -> str | None:
    """The same of a row of a table."""
    return key_of_record({name: cell for name, cell in zip(names, row, strict=False) if cell}, config)


def read_records(
    path: RawFile, *, source: str, config: Reading, seconds: float | None = None, span: Span | None = None
) -> Iterator[Article | Failure]:
    """Stream the articles of a file of records, or of a range of one; a bad record is a failure.

    So is one that takes more than ``seconds``.

    Errors of the file itself (see ``files.READ_ERRORS``, ``EncodingError``, ``TooLargeError``) are
    raised to the caller.
    """
    seen = dict(span.seen) if span else {}
    reader = _Reader(source=source, config=config, path=path, seconds=seconds, seen=seen)
    kind = kind_of(path)
    if span is None:
        refuse_swollen(path)
    if kind in (".jsonl", ".ndjson"):
        yield from _json_lines(reader, path, config, span)
    elif kind == ".json":
        yield from _json_file(reader, path, config)
    elif kind in (".csv", ".tsv"):
        yield from _table(reader, path, config, span, tabs=kind == ".tsv")
    else:
        yield from _parquet(reader, path, config, span)


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


def _json_lines(reader: _Reader, path: RawFile, config: Reading, span: Span | None) -> Iterator[Article | Failure]:
    with open_binary(path) as stream:
        head = stream.read(4)
        wide = b"\0" in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    with open_binary(path) if span is None else read_range(path, span) as stream:
        lines: Iterable[bytes | None] = read_lines(stream, limit=config.max_bytes)
        if wide:
            text = decode(read_all(path, limit=config.max_bytes), config.encodings)
            lines = (line.encode() for line in text.split("\n"))
        index = -1 if span is None else span.first - 1
        for line in lines:
            if line is not None and not line.strip(BLANK):
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


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a table, and how to read the others."""

    text: str
    names: tuple[str, ...]
    delimiter: str
    encoding: str
    errors: str


def table_head(path: RawFile, config: Reading, *, tabs: bool) -> Head | None:
    """Read the head of a CSV or TSV file; None where it is empty or names no column for the text."""
    head = _head(path, config, tabs=tabs)
    return head if head is not None and set(head.names) & {n.lower() for n in config.fields.text} else None


def _head(path: RawFile, config: Reading, *, tabs: bool) -> Head | None:
    encoding = _encoding_of(path, config)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    with open_binary(path) as stream:
        wrapped = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
        text = wrapped.readline(1 << 20)
    head = text.lstrip("\ufeff")
    if not head.strip():
        return None
    delimiter = "\t" if tabs else max(",;\t|", key=head.count)
    names = tuple(name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter)))
    return Head(head, names, delimiter, encoding, errors)


def _table(
    reader: _Reader, path: RawFile, config: Reading, span: Span | None, *, tabs: bool
) -> Iterator[Article | Failure]:
    head = _head(path, config, tabs=tabs)
    if head is None:
        yield reader.fail(None, "Empty", "the file is empty")
        return
    names, delimiter = head.names, head.delimiter
    if not set(names) & {name.lower() for name in config.fields.text}:
        message = f"no column for the text among: {', '.join(names)[:200]}"
        yield reader.fail(None, "NoTextColumn", f"{message} (see reading.fields.text)")
        return
    with open_binary(path) if span is None else read_range(path, span) as stream:
        wrapped = io.TextIOWrapper(stream, encoding=head.encoding, errors=head.errors, newline="")
        if span is None:
            wrapped.readline(1 << 20)
        rows = csv.reader(wrapped, delimiter=delimiter)
        index = -1 if span is None else span.first - 1
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


def _parquet(reader: _Reader, path: RawFile, config: Reading, span: Span | None) -> Iterator[Article | Failure]:
    source: Any = path if isinstance(path, Path) else path.open("rb")
    if path.suffix.lower() != ".parquet":
        source = pa.BufferReader(read_all(path, limit=config.max_bytes))
    try:
        with pq.ParquetFile(source) as table:
            schema = table.schema_arrow
        # Kept as dictionaries, a long text that a thousand rows share stands in memory once.
        shared = [
            field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        with pq.ParquetFile(source, read_dictionary=shared) as table:
            names = {name.lower() for name in schema.names}
            if not names & {name.lower() for name in config.fields.text}:
                message = f"no column for the text among: {', '.join(sorted(names))[:200]}"
                yield reader.fail(None, "NoTextColumn", f"{message} (see reading.fields.text)")
                return
            first, stop = (0, table.metadata.num_rows) if span is None else (span.first, span.first + span.count)
            groups, index = _row_groups(table, first, stop)
            for batch in table.iter_batches(batch_size=_BATCH_ROWS, row_groups=groups):
                wanted = batch.slice(max(0, first - index), max(0, stop - max(first, index)))
                for row in range(wanted.num_rows):
                    cells = zip(schema.names, wanted.columns, strict=True)
                    record = {name: _cell(column[row]) for name, column in cells}
                    yield reader.read(record, max(first, index) + row)
                index += len(batch)
                if index >= stop:
                    return
    except (pa.ArrowException, ValueError) as error:
        yield reader.fail(None, "BadParquet", f"the file is no readable Parquet: {error}")


def _row_groups(table: pq.ParquetFile, first: int, stop: int) -> tuple[list[int], int]:
    """The row groups that hold the rows from ``first`` to before ``stop``, and the first's first row."""
    groups: list[int] = []
    begins = at = 0
    for group in range(table.metadata.num_row_groups):
        size = table.metadata.row_group(group).num_rows
        if at < stop and at + size > first:
            begins = begins if groups else at
            groups.append(group)
        at += size
    return groups, begins


def _cell(value: Any) -> Any:
    """A value as Python's own, or None where Python has none: a time in the year 300000."""
    try:
        return value.as_py()
    except (OverflowError, ValueError, pa.ArrowException):
        return None


def _encoding_of(path: RawFile, config: Reading) -> str:
    """Find a file's encoding by its first part."""
    with open_binary(path) as stream:
        sample = stream.read(SAMPLE)
        complete = not stream.read(1)
    return detect(sample, config.encodings, complete=complete)
