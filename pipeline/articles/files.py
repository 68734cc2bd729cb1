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


@contextmanager
def open_binary(path: RawFile) -> Iterator[BinaryIO]:
    """Open a file for reading, decompressed where its name ends in .gz, .tgz or .zst.

    Reading raises one of ``READ_ERRORS`` where the file or its compression is damaged.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as raw:
        if suffix in _GZIP:
            with gzip.GzipFile(fileobj=raw) as stream:
                yield cast(BinaryIO, stream)
        elif suffix == ".zst":
            decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
            with decompressor.stream_reader(raw, read_across_frames=True) as reader:
                yield cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, reader), 1 << 16))
        else:
            yield cast(BinaryIO, raw)


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
