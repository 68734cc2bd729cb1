"""Web archives (WARC): the HTML pages in them become articles, record by record.

The framing is our own: a gzip member or a record that is damaged costs that record alone, which no
library offers. What stands inside a record (its header, HTTP, chunks, content encodings) is read
with ``warcio``. Format: ISO 28500:2017 (WARC 1.1).
"""

from __future__ import annotations

import io
import re
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import IO, Any, BinaryIO, cast

from pipeline.articles.build import Origin, failure, guarded, sha256
from pipeline.articles.dates import parse_date
from pipeline.articles.encoding import EncodingError
from pipeline.articles.files import RawFile, Window, open_binary
from pipeline.articles.ranges import Cutting, Span, digest_of, ranges_of
from pipeline.articles.single import read_page, read_text, text_limit
from pipeline.core.config import Reading
from pipeline.core.rows import Article, Failure

WARC = (".warc", ".wet")

MAX_DAMAGED = 1000
"""So many damaged records end the reading of a file: it is no web archive then."""

_BLOCK = 1 << 16
_MAX_HEADER = 1 << 18
_MAGIC = b"\x1f\x8b\x08"
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$", re.I | re.M)
_ID = re.compile(rb"^warc-record-id[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.I | re.M)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-:.]{2,30})", re.I)


@dataclass(frozen=True, slots=True)
class _Record:
    """The bytes of a record, or why they cannot be had; ``cut`` where it is longer than the limit.

    ``own`` is its WARC-Record-ID, ``start`` where it (or its gzip member) begins in the file.
    """

    data: bytes = b""
    cut: bool = False
    damage: str | None = None
    own: str = ""
    start: int = 0


def read_warc(
    path: RawFile, *, source: str, config: Reading, seconds: float | None = None, span: Span | None = None
) -> Iterator[Article | Failure]:
    """Stream the articles of a web archive, or of a range of one; ``source_index`` is the record's number in it.

    Responses and resources that are HTML, and the plain texts of a WET file, become articles; other
    records are passed over. A damaged record is a failure, and so is one that takes more than
    ``seconds``; the reading goes on after it.
    """
    index = -1 if span is None else span.first - 1
    damaged = 0
    seen: dict[str, int] = dict(span.seen) if span else {}
    for record in _records(path, _limit(config), span):
        index += 1
        count = 1
        if record.own:
            own = digest_of(record.own)
            count = seen[own] = seen.get(own, 0) + 1
        if record.damage is not None:
            damaged += 1
            yield failure(source, index, "BadWarc", record.damage)
            if damaged >= MAX_DAMAGED:
                yield failure(source, None, "BadWarc", f"{damaged:,} damaged records: the rest is not read")
                return
            continue
        found = guarded(
            partial(_article, record, source, index, config, count), source=source, index=index, seconds=seconds
        )
        if found is not None:
            yield found


def _limit(config: Reading) -> int:
    return max(min(config.max_bytes, config.max_html_bytes), text_limit(config)) + _MAX_HEADER


def cut_warc(path: RawFile, cutting: Cutting) -> list[tuple[Span, str]] | None:
    """Cut a web archive into ranges of whole records, or of whole gzip members, each with its digest.

    None where it must be read as a whole: it cannot be entered in the middle, it holds no article, or
    so much damage that reading ends early. Raises as ``read_warc`` does for the file itself.
    """
    if path.suffix.lower() not in (".gz", *WARC):
        return None
    starts, counts, ids = [0], [0], array("Q")
    before = _Record()
    damaged = 0
    promising = False
    for record in _records(path, _limit(cutting.reading)):
        whole = before.damage is None and record.damage is None and record.start > before.start
        if whole and (counts[-1] >= cutting.records or record.start - starts[-1] >= cutting.size):
            starts.append(record.start)
            counts.append(0)
        counts[-1] += 1
        ids.append(int(digest_of(record.own), 16) if record.own else 0)
        damaged += record.damage is not None
        promising = promising or _promises(record)
        before = record
    if len(starts) == 1 or damaged >= MAX_DAMAGED or not promising:
        return None
    return ranges_of(path, starts, counts, ids)


def _promises(block: _Record) -> bool:
    """Whether a record gives an article or a failure."""
    try:
        return block.damage is not None or _wanted(block) is not None
    except _stumbles():
        return True


def _wanted(block: _Record) -> Any | None:
    """What warcio makes of a record, or None where it is no page and no text."""
    # Loaded here, for it brings fsspec with it, which nobody needs who has no web archives.
    from warcio.archiveiterator import ArchiveIterator

    record = next(iter(ArchiveIterator(io.BytesIO(block.data))), None)
    return record if record is not None and _is_wanted(record) else None


def _stumbles() -> tuple[type[Exception], ...]:
    """What warcio raises inside a damaged record, which is more than it names: AttributeError on a
    header that ends early, OverflowError on a length of twenty digits."""
    from warcio.exceptions import ArchiveLoadFailed

    return (ArchiveLoadFailed, AttributeError, ValueError, LookupError, ArithmeticError, OSError, zlib.error)


def _article(block: _Record, source: str, index: int, config: Reading, count: int) -> Article | Failure | None:
    try:
        record = _wanted(block)
        if record is None:
            return None
        plain = record.rec_type == "conversion"
        limit = text_limit(config) if plain else min(config.max_bytes, config.max_html_bytes)
        payload = record.content_stream().read(limit + 1)
    except _stumbles() as error:
        return failure(source, index, "BadWarc", f"the record cannot be read: {error}")
    if block.cut or len(payload) > limit:
        return failure(source, index, "TooLarge", f"the record holds more than {limit:,} bytes")
    headers = record.rec_headers
    own = block.own
    origin = Origin(source, index, sha256(payload), fetched=_fetched(headers.get_header("WARC-Date")))
    url = (headers.get_header("WARC-Target-URI") or "").strip(" <>") or None
    key = None if not own else own if count == 1 else f"{own}\0{count}"
    try:
        if plain:
            return read_text(payload, origin=origin, config=config, markup=False, url=url, key=key)
        charset = _CHARSET.search(_content_type(record))
        return read_page(
            payload, origin=origin, config=config, charset=charset[1] if charset else None, url=url, key=key
        )
    except EncodingError as error:
        return failure(source, index, "BadEncoding", str(error).replace("file", "record"))


def _fetched(value: str | None) -> datetime | None:
    """WARC-Date is UTC; it is kept as written, as all dates are."""
    return parse_date(value) if value else None


def _is_wanted(record: Any) -> bool:
    """Tell pages from pictures, scripts, redirects and what else a crawler keeps."""
    kind = record.rec_type
    if kind == "conversion":
        return _content_type(record).startswith("text/plain")
    if kind == "response":
        if record.http_headers is None or record.http_headers.get_statuscode() != "200":
            return False
    elif kind != "resource":
        return False
    return _content_type(record).startswith(_HTML_TYPES)


def _content_type(record: Any) -> str:
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    return (headers.get_header("Content-Type") or "").strip().lower()


def _records(path: RawFile, limit: int, span: Span | None = None) -> Iterator[_Record]:
    """Yield the records' bytes, of each at most ``limit`` after its header; all, or those of a range."""
    if path.suffix.lower() != ".gz":
        with open_binary(path) as stream:
            if span is not None:
                stream = cast(BinaryIO, io.BufferedReader(Window(stream, span.start, span.stop), _BLOCK))
            yield from _frame(stream, limit)
        return
    with path.open("rb") as raw:
        first, stop = (0, None) if span is None else (span.start, span.stop)
        at: int | None = first if raw.read(1) else None
        while at is not None and (stop is None or at < stop):
            member = _Member(raw, at)
            for record in _frame(cast(BinaryIO, io.BufferedReader(member, _BLOCK)), limit):
                yield replace(record, start=at)
            start = _after(raw, member.end) if member.end is not None else None
            if member.end is not None and start is None:
                return
            at = start if start is not None else _next_member(raw, at + 1)


def _frame(stream: BinaryIO, limit: int) -> Iterator[_Record]:
    """Cut a stream into records; a stretch of other bytes is one damaged record.

    A record is given only when what follows it was read: a gzip member's checksum comes at its end.
    """
    ready: _Record | None = None
    odd = False
    fresh = True
    try:
        while line := stream.readline(_BLOCK):
            if not (fresh and line.startswith(b"WARC/")):
                if not odd and line.strip(b" \t\r\n\0") and (ready is None or ready.damage is None):
                    odd = True
                    if ready is not None:
                        yield ready
                    ready = _Record(damage="bytes that are no record")
                fresh = line.endswith(b"\n")
                continue
            if ready is not None:
                yield ready
            start = stream.tell() - len(line) if stream.seekable() else 0
            ready = replace(_record(stream, line, limit), start=start)
            odd, fresh = False, True
    except (zlib.error, EOFError, OSError) as error:
        ready = _Record(damage=f"damaged compression: {error}")
    if ready is not None:
        yield ready


def _record(stream: BinaryIO, first: bytes, limit: int) -> _Record:
    """Read a record after its first line; after a damaged one the stream stands behind its header."""
    lines = [first]
    size = len(first)
    while (line := stream.readline(_MAX_HEADER)).strip():
        lines.append(line)
        size += len(line)
        if size > _MAX_HEADER:
            return _Record(damage="a header without an end")
    header = b"".join((*lines, line))
    found = _LENGTH.search(header)
    if found is None:
        return _Record(damage="a record without a length")
    length = int(found[1])
    begin = stream.tell() if stream.seekable() else None
    data = stream.read(min(length, limit))
    if _passed(stream, length - len(data)) and _ends_well(stream):
        own = _ID.search(header)
        return _Record(header + data, cut=length > limit, own=own[1].decode("utf-8", "replace") if own else "")
    if begin is not None:
        # The length lies: what it took for its own may be the next records.
        stream.seek(begin)
    return _Record(damage="the record does not end where its header says")


def _passed(stream: BinaryIO, count: int) -> bool:
    """Pass over so many bytes; tells whether they were there."""
    if count and stream.seekable():
        end = stream.seek(0, io.SEEK_CUR) + count
        return stream.seek(0, io.SEEK_END) >= end and stream.seek(end) == end
    while count and (piece := stream.read(min(count, _BLOCK))):
        count -= len(piece)
    return not count


def _ends_well(stream: BinaryIO) -> bool:
    """A record is followed by an empty line, or by the end of the file or member."""
    return not stream.readline(3).strip(b"\r\n")


class _Member(io.RawIOBase):
    """One member of a gzip file as a stream; ``end`` is where it ended in the file, None before."""

    def __init__(self, raw: IO[bytes], start: int) -> None:
        raw.seek(start)
        self.end: int | None = None
        self._raw = raw
        self._engine = zlib.decompressobj(wbits=31)
        self._pending = b""

    def readable(self) -> bool:
        """See ``io.RawIOBase``."""
        return True

    def readinto(self, buffer: Any) -> int:
        """See ``io.RawIOBase``; raises ``zlib.error`` or ``EOFError`` where the member is damaged."""
        while not self._engine.eof:
            if not self._pending:
                self._pending = self._raw.read(_BLOCK)
            if not self._pending:
                raise EOFError("the file ends inside a compressed record")
            data = self._engine.decompress(self._pending, len(buffer))
            self._pending = self._engine.unconsumed_tail
            if self._engine.eof:
                self.end = self._raw.tell() - len(self._engine.unused_data)
            if data:
                buffer[: len(data)] = data
                return len(data)
        return 0


def _after(raw: IO[bytes], end: int) -> int | None:
    """Where the next member begins after one that ended well; zeros may fill the space between."""
    raw.seek(end)
    while piece := raw.read(_BLOCK):
        rest = piece.lstrip(b"\0")
        if rest:
            return raw.tell() - len(rest)
    return None


def _next_member(raw: IO[bytes], start: int) -> int | None:
    """Find the next gzip member that begins like a record, after a damaged one."""
    while True:
        raw.seek(start)
        piece = raw.read(1 << 20)
        at = piece.find(_MAGIC)
        while at >= 0:
            raw.seek(start + at)
            try:
                if zlib.decompressobj(wbits=31).decompress(raw.read(4096), 5) == b"WARC/":
                    return start + at
            except zlib.error:
                pass
            at = piece.find(_MAGIC, at + 1)
        if len(piece) < 1 << 20:
            return None
        start += len(piece) - len(_MAGIC) + 1
