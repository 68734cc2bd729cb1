"""Open raw files: plain, gzip or Zstandard, as bytes or as a stream, within limits."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, Protocol, cast

import zstandard

COMPRESSED = (".gz", ".zst")
READ_ERRORS = (OSError, EOFError, zlib.error, zstandard.ZstdError, zipfile.BadZipFile, tarfile.TarError)

MAX_SWELLING = 200
MIN_SWOLLEN_BYTES = 64 << 20

UNPACKED_FIRST_BYTES = 16 << 20
"""A packed file of records up to this size is unpacked once before it is read."""
MIN_SWOLLEN_RECORDS = 64 << 10
MIN_SWOLLEN_LINES = 32 << 10

_GZIP = (".gz", ".tgz")


class TooLargeError(Exception):
    """The file or record is larger than the configuration allows."""


class RawFile(Protocol):
    """What reading needs of a file: a ``pathlib.Path``, or a ``Member`` of an archive in memory."""

    @property
    def suffix(self) -> str:
        """The last part of the name, with its dot."""
        ...

    @property
    def suffixes(self) -> list[str]:
        """All such parts, in order."""
        ...

    def open(self, mode: Any = "rb") -> IO[Any]:
        """Open for reading, as bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """A file out of an archive, held in memory: nothing of an archive is ever written to disk."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        """See ``RawFile``."""
        return PurePosixPath(self.name).suffix

    @property
    def suffixes(self) -> list[str]:
        """See ``RawFile``."""
        return PurePosixPath(self.name).suffixes

    def open(self, mode: Any = "rb") -> IO[Any]:
        """See ``RawFile``."""
        return io.BytesIO(self.data)


def kind_of(path: RawFile) -> str:
    """Name the file's format suffix in lower case, without a compression suffix after it."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


class _Swollen(OSError):
    """Compressed data that unpack to more than any text does."""


class _Unpacked(io.RawIOBase):
    """An unpacked stream that ends with an error once it gives far more than went in.

    A file of records is read to its end whatever its length; a gigabyte of empty lines packs into one
    megabyte and would hold a run for minutes.
    """

    def __init__(self, stream: Any, packed: int) -> None:
        self._stream = stream
        self._left = max(MIN_SWOLLEN_BYTES, packed * MAX_SWELLING)

    def readable(self) -> bool:
        """See ``io.RawIOBase``."""
        return True

    def readinto(self, buffer: Any) -> int:
        """See ``io.RawIOBase``."""
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise _Swollen(f"it unpacks to more than {MAX_SWELLING} times its size")
        buffer[: len(data)] = data
        return len(data)


class Window(io.RawIOBase):
    """A stretch of a stream as a stream of its own, from byte ``start`` to before ``stop``.

    What lies before is passed over where the stream cannot seek; only one that can is seekable.
    """

    def __init__(self, stream: BinaryIO, start: int, stop: int) -> None:
        self._stream, self._start, self._stop = stream, start, stop
        self._can_seek = stream.seekable()
        self._at = start
        if self._can_seek:
            stream.seek(start)
        else:
            left = start
            while left and (skipped := stream.read(min(left, 1 << 20))):
                left -= len(skipped)

    def readable(self) -> bool:
        """See ``io.RawIOBase``."""
        return True

    def seekable(self) -> bool:
        """See ``io.RawIOBase``."""
        return self._can_seek

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """See ``io.RawIOBase``; a place behind the end counts, as in a file."""
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._at, io.SEEK_END: self._stop}[whence]
        self._at = self._stream.seek(max(base + offset, self._start))
        return self._at - self._start

    def readinto(self, buffer: Any) -> int:
        """See ``io.RawIOBase``."""
        data = self._stream.read(max(0, min(len(buffer), self._stop - self._at)))
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)


def unpacks_to_more(path: RawFile, limit: int) -> bool:
    """Whether a packed file holds more than so many bytes; a damaged one counts to where it can be read."""
    held = 0
    try:
        with open_binary(path) as stream:
            while held <= limit and (piece := stream.read(1 << 20)):
                held += len(piece)
    except READ_ERRORS:
        pass
    return held > limit


def refuse_swollen(path: RawFile) -> None:
    """Raise an ``OSError`` where a packed file of records unpacks to far more than text does.

    A kilobyte of gzip holds 170,000 rows of one word, ten hold a million: each would be an article,
    before the stream's own limit ends them. Where a row costs less than one packed byte, all say the
    same; a copy of an article of 2,000 characters still costs ten.
    """
    if path.suffix.lower() not in COMPRESSED:
        return
    with path.open("rb") as raw:
        packed = raw.seek(0, io.SEEK_END)
    if packed > UNPACKED_FIRST_BYTES:
        return
    held = lines = 0
    try:
        with open_binary(path) as stream:
            while piece := stream.read(1 << 20):
                held += len(piece)
                lines += piece.count(b"\n")
                if held > max(MIN_SWOLLEN_RECORDS, packed * MAX_SWELLING):
                    raise _Swollen(f"it unpacks to more than {MAX_SWELLING} times its size")
                if lines > max(MIN_SWOLLEN_LINES, packed):
                    raise _Swollen("it unpacks to more lines than it has bytes")
    except _Swollen:
        raise
    except READ_ERRORS:  # reading tells what is damaged, and where
        return


@contextmanager
def open_binary(path: RawFile) -> Iterator[BinaryIO]:
    """Open a file for reading, decompressed where its name ends in .gz, .tgz or .zst.

    Reading raises one of ``READ_ERRORS`` where the file or its compression is damaged, or where it
    swells beyond ``MAX_SWELLING`` times its size (and ``MIN_SWOLLEN_BYTES``).
    """
    suffix = path.suffix.lower()
    with path.open("rb") as raw:
        if suffix not in (*_GZIP, ".zst"):
            yield cast(BinaryIO, raw)
            return
        packed = raw.seek(0, io.SEEK_END)
        raw.seek(0)
        stream: Any
        if suffix in _GZIP:
            stream = gzip.GzipFile(fileobj=raw)
        else:
            stream = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(raw, read_across_frames=True)
        with stream:
            yield cast(BinaryIO, io.BufferedReader(_Unpacked(stream, packed), 1 << 16))


def read_all(path: RawFile, *, limit: int) -> bytes:
    """Read a whole file, decompressed. Raises ``TooLargeError`` beyond ``limit`` bytes."""
    with open_binary(path) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise TooLargeError(f"the file holds more than {limit:,} bytes (reading.max_bytes)")
    return data


def read_lines(stream: BinaryIO, *, limit: int) -> Iterator[bytes | None]:
    """Yield a stream's lines; None stands for a line of more than ``limit`` bytes, skipped."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
        yield None
