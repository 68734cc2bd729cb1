"""Large files of many articles as ranges: where they are cut, and the bytes of one range.

A JSON Lines, CSV or TSV file (plain or compressed), a Parquet file, a web archive, a zipped folder or
a tar archive is cut after every so many records or bytes, counted from its beginning: what is
appended leaves the earlier ranges as they were (but for Parquet and zip, whose directory is at the
end). Each range is read alone, with as much memory as its own records take.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.articles.encoding import EncodingError
from pipeline.articles.files import (
    COMPRESSED,
    READ_ERRORS,
    RawFile,
    TooLargeError,
    kind_of,
    open_binary,
    refuse_swollen,
    unpacks_to_more,
)
from pipeline.core.config import Reading

VERSION = "4"
_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv")
_WARC = (".warc", ".wet")
_TAR = (".tar", ".tgz")
CUT = (*_LINES, *_TABLES, ".parquet", *_WARC, ".zip", *_TAR)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a file: the number of its first record, how many records, and its first and last
    byte (of the uncompressed stream; of the file itself for a web archive; 0 and 0 for Parquet and zip).

    ``seen`` are the records' own ids (or the members' names) that earlier ranges held, as digests,
    with how often.
    """

    first: int
    count: int
    start: int
    stop: int
    seen: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Cutting:
    """Which files are cut, those of more than ``large`` bytes once unpacked, and where ranges end: after ``records``
    records or ``size`` bytes, whichever comes first.

    ``before`` is the fingerprint of the cutting of the last run.
    """

    reading: Reading
    records: int = 2000
    size: int = 8 << 20
    large: int = 1 << 20
    before: str = ""

    def fingerprint(self) -> str:
        """Hash of all that decides where a file is cut."""
        return f"{VERSION}.{self.records}.{self.size}.{self.large}.{self.reading.fingerprint()}"

    def anew(self, path: Path, size: int) -> bool:
        """Whether a file of so many bytes must be cut anew though it has not changed."""
        return self.before != self.fingerprint() and (size > self.large or _is_packed(path))

    def takes(self, path: Path, size: int) -> bool:
        """Whether a file of so many bytes is cut: it is large, or is once it is unpacked."""
        return size > self.large or (_is_packed(path) and unpacks_to_more(path, self.large))


def _is_packed(path: Path) -> bool:
    """Whether a file of records is packed, so that its size does not tell how much it holds."""
    return path.suffix.lower() in (*COMPRESSED, ".tgz") and kind_of(path) in (*_LINES, *_TABLES, *_TAR)


class _Cutter:
    """Collects records into ranges, with a digest of each and of the records' ids.

    ``lead`` goes into every range's digest: the head of a table.
    """

    def __init__(self, cutting: Cutting) -> None:
        self.cutting = cutting
        self.done: list[tuple[Span, str]] = []
        self.ids = array("Q")
        self.counts: list[int] = []
        self.first = self.count = self.start = self.at = 0
        self.lead = b""
        self._hash = hashlib.sha256()

    def skip(self, lead: bytes) -> None:
        """Begin after the head of a table."""
        self.lead = lead
        self.start = self.at = len(lead)
        self._hash = hashlib.sha256(lead)

    def add(self, data: bytes) -> None:
        """Take up the bytes of a record, or a piece of them."""
        self._hash.update(data)
        self.at += len(data)

    def end_record(self, key: str | None, *, may_cut: bool = True) -> None:
        """Count a record; close the range where it is full."""
        self.count += 1
        self.ids.append(0 if key is None else int(key, 16))
        if may_cut and (self.count >= self.cutting.records or self.at - self.start >= self.cutting.size):
            self.close()

    def close(self) -> None:
        """End the range here."""
        if self.count or self.at > self.start:
            self.done.append((Span(self.first, self.count, self.start, self.at), self._hash.hexdigest()))
            self.counts.append(self.count)
        self.first += self.count
        self.count, self.start = 0, self.at
        self._hash = hashlib.sha256(self.lead)

    def ranges(self) -> list[tuple[Span, str]]:
        """The ranges, each with the digest of all that shapes its records."""
        seen = _seen_before(self.ids, self.counts)
        answer = []
        for (span, digest), before in zip(self.done, seen, strict=True):
            whole = f"{digest}\0{span.first}\0{before}"
            full = Span(span.first, span.count, span.start, span.stop, before)
            answer.append((full, hashlib.sha256(whole.encode()).hexdigest()))
        return answer


def digest_of(key: str) -> str:
    """A record's own id, or a member's name, in 16 hex digits."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def ranges_of(
    path: RawFile, starts: Sequence[int], counts: Sequence[int], ids: array[int], stop: int | None = None
) -> list[tuple[Span, str]]:
    """The ranges that begin at these bytes and hold so many records each, with digests.

    ``stop`` None: the bytes are those of the file as it lies on the disk, to its end; else those of
    the unpacked stream, to there.
    """
    answer = []
    first = 0
    with path.open("rb") if stop is None else open_binary(path) as stream:
        stops = [*starts[1:], stream.seek(0, io.SEEK_END) if stop is None else stop]
        if stop is None:
            stream.seek(0)
        for start, end, count, seen in zip(starts, stops, counts, _seen_before(ids, counts), strict=True):
            digest = hashlib.sha256()
            left = end - start
            while left and (piece := stream.read(min(left, 1 << 20))):
                digest.update(piece)
                left -= len(piece)
            whole = f"{digest.hexdigest()}\0{first}\0{seen}"
            answer.append((Span(first, count, start, end, seen), hashlib.sha256(whole.encode()).hexdigest()))
            first += count
    return answer


def _seen_before(ids: array[int], counts: Sequence[int]) -> list[tuple[tuple[str, int], ...]]:
    """For each range, the ids in it that earlier ranges held, with how often."""
    values = np.frombuffer(ids, dtype=np.uint64) if len(ids) else np.zeros(0, dtype=np.uint64)
    unique, times = np.unique(values, return_counts=True)
    repeated = set(unique[times > 1].tolist()) - {0}
    answer: list[tuple[tuple[str, int], ...]] = []
    so_far: dict[int, int] = {}
    at = 0
    for count in counts:
        here = [v for v in values[at : at + count].tolist() if v in repeated] if repeated else []
        answer.append(tuple(sorted((f"{v:016x}", so_far[v]) for v in set(here) if v in so_far)))
        for value in here:
            so_far[value] = so_far.get(value, 0) + 1
        at += count
    return answer


def cut_ranges(path: Path, cutting: Cutting) -> list[tuple[Span, str]] | None:
    """Cut a file into ranges, each with its digest; None where it must be read as a whole.

    That is a file of another kind, one in UTF-16 or UTF-32, a damaged one, one without the columns
    that reading needs: reading the whole then tells what is wrong. Raises ``OSError``.
    """
    kind = kind_of(path)
    if kind not in CUT:
        return None
    try:
        refuse_swollen(path)
        return _cut(path, kind, cutting)
    except OSError:
        with open(path, "rb"):  # an unreadable file is one; damaged compression is for the reader to tell
            return None
    except (*READ_ERRORS, EncodingError, TooLargeError, csv.Error, pa.ArrowException, ValueError):
        return None


def _cut(path: Path, kind: str, cutting: Cutting) -> list[tuple[Span, str]] | None:
    from pipeline.articles import archive, warc

    if kind == ".parquet":
        return _cut_parquet(path, cutting) if path.suffix.lower() == ".parquet" else None
    if kind in _WARC:
        return warc.cut_warc(path, cutting)
    if kind == ".zip":
        return archive.cut_zip(path, cutting)
    if kind in _TAR:
        return archive.cut_tar(path, cutting)
    cutter = _Cutter(cutting)
    if not (_cut_lines(path, cutter) if kind in _LINES else _cut_table(path, cutter, kind)):
        return None
    cutter.close()
    return cutter.ranges() or None


def _cut_lines(path: Path, cutter: _Cutter) -> bool:
    from pipeline.articles.records import BLANK, key_of_line

    config = cutter.cutting.reading
    with open_binary(path) as stream:
        first = True
        for line in iter(lambda: stream.readline(config.max_bytes + 1), b""):
            if first and (b"\0" in line[:4] or line.startswith(_WIDE)):
                return False
            first = False
            cutter.add(line)
            if len(line) > config.max_bytes:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(1 << 20)
                    cutter.add(line)
                cutter.end_record(None)
            elif line.strip(BLANK):
                cutter.end_record(key_of_line(line, config))
    return True


class _Lines:
    """Text lines for the csv module, with the byte offset after the last that it took."""

    def __init__(self, stream: BinaryIO, encoding: str, errors: str, cutter: _Cutter) -> None:
        self._stream, self._encoding, self._errors, self._cutter = stream, encoding, errors, cutter
        self.pending: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.pending:
            line = self._stream.readline()
            if not line:
                raise StopIteration
            self._cutter.add(line)
            text = line.decode(self._encoding, self._errors)
            # A carriage return alone ends a line, too, for the csv module's reader of whole files.
            self.pending = [text] if "\r" not in text[:-2] else re.split(r"(?<=\r)(?!\n)", text)[::-1]
        return self.pending.pop()


def _cut_table(path: Path, cutter: _Cutter, kind: str) -> bool:
    from pipeline.articles.records import key_of_row, table_head

    config = cutter.cutting.reading
    head = table_head(path, config, tabs=kind == ".tsv")
    if head is None or head.encoding.startswith(("utf-16", "utf-32")):
        return False
    with open_binary(path) as stream:
        line = stream.readline(config.max_bytes)
        if line.decode(head.encoding, head.errors).lstrip("\ufeff") != head.text:
            return False
        cutter.skip(line)
        lines = _Lines(stream, head.encoding, head.errors, cutter)
        rows = csv.reader(lines, delimiter=head.delimiter)
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return True
            except csv.Error:
                cutter.end_record(None, may_cut=False)
                continue
            if any(cell.strip() for cell in row):
                cutter.end_record(key_of_row(row, head.names, config), may_cut=not lines.pending)


def _cut_parquet(path: Path, cutting: Cutting) -> list[tuple[Span, str]] | None:
    from pipeline.articles.records import key_of_record

    with open(path, "rb") as handle:
        whole = hashlib.file_digest(handle, "sha256").hexdigest()
    ids, counts = array("Q"), []
    wanted = {name.lower() for name in (*cutting.reading.fields.id, *cutting.reading.fields.text)}
    with pq.ParquetFile(path) as table:
        if not {n.lower() for n in table.schema_arrow.names} & {n.lower() for n in cutting.reading.fields.text}:
            return None
        total = table.metadata.num_rows
        mean = max(1, path.stat().st_size // max(1, total))
        step = max(1, min(cutting.records, cutting.size // mean))
        columns = [n for n in table.schema_arrow.names if n.lower() in wanted]
        for batch in table.iter_batches(batch_size=128, columns=columns):
            for record in batch.to_pylist():
                key = key_of_record(record, cutting.reading)
                ids.append(0 if key is None else int(key, 16))
    for first in range(0, total, step):
        counts.append(min(step, total - first))
    spans = []
    for n, seen in enumerate(_seen_before(ids, counts)):
        span = Span(n * step, counts[n], 0, 0, seen)
        spans.append((span, hashlib.sha256(f"{whole}\0{span.first}\0{span.count}\0{seen}".encode()).hexdigest()))
    return spans or None


def read_range(path: RawFile, span: Span) -> io.BytesIO:
    """The bytes of a range of lines; of a compressed file, what lies before is passed over."""
    with open_binary(path) as stream:
        if path.suffix.lower() in (".gz", ".zst"):
            left = span.start
            while left and (skipped := stream.read(min(left, 1 << 20))):
                left -= len(skipped)
        else:
            stream.seek(span.start)
        pieces = []
        left = span.stop - span.start
        while left and (piece := stream.read(min(left, 1 << 22))):
            pieces.append(piece)
            left -= len(piece)
    return io.BytesIO(b"".join(pieces))
