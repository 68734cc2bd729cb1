"""Open raw files: plain, gzip or Zstandard, as bytes or as a stream, within limits."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

COMPRESSED = (".gz", ".zst")
READ_ERRORS = (OSError, EOFError, zlib.error, zstandard.ZstdError)


class TooLargeError(Exception):
    """The file or record is larger than the configuration allows."""


def kind_of(path: Path) -> str:
    """Name the file's format suffix in lower case, without a compression suffix after it."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


@contextmanager
def open_binary(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading, decompressed where its name ends in .gz or .zst.

    Reading raises one of ``READ_ERRORS`` where the file or its compression is damaged.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as raw:
        if suffix == ".gz":
            with gzip.GzipFile(fileobj=raw) as stream:
                yield cast(BinaryIO, stream)
        elif suffix == ".zst":
            decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
            with decompressor.stream_reader(raw, read_across_frames=True) as reader:
                yield cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, reader), 1 << 16))
        else:
            yield raw


def read_all(path: Path, *, limit: int) -> bytes:
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
