"""Which inputs there are, and which belong together in a part.

Parts are cut by content-defined chunking (as in rsync and restic): the sorted list of sources is
cut after each source whose hash falls in a fixed class. The same set of inputs gives the same
parts whatever was there before, and a new input disturbs its own part only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.store import Manifest

MEAN_FILES = 64
MOST_FILES = 256
LARGE_BYTES = 1 << 20


class PlanError(Exception):
    """The raw folder cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A raw file: ``name`` is its path under the raw folder with ``/``, ``sha256`` of its bytes or
    None where it cannot be read."""

    name: str
    path: Path
    size: int
    sha256: str | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Sources that share a part of each table."""

    chunk_id: str
    sources: tuple[Source, ...]


def find_sources(raw: Path, manifest: Manifest) -> list[Source]:
    """List the raw files in the order of their names, with hashes.

    Hidden files and folders are passed over. A file whose size and time are those of the manifest
    keeps its hash unread; the manifest is brought up to date. Raises ``PlanError`` where ``raw``
    is no folder.
    """
    if not raw.is_dir():
        raise PlanError(f"there is no folder {raw}; put your articles there or name another with --raw")
    sources: list[Source] = []
    known: dict[str, tuple[int, int, str]] = {}
    for folder, subfolders, files in os.walk(raw):
        subfolders[:] = sorted(s for s in subfolders if not s.startswith("."))
        for file in files:
            if file.startswith("."):
                continue
            path = Path(folder, file)
            name = path.relative_to(raw).as_posix().encode("utf-8", "replace").decode()
            sources.append(_source(name, path, manifest, known))
    manifest.files = known
    return sorted(sources, key=lambda s: s.name)


def _source(name: str, path: Path, manifest: Manifest, known: dict[str, tuple[int, int, str]]) -> Source:
    try:
        stat = path.stat()
        before = manifest.files.get(name)
        if before is not None and before[:2] == (stat.st_size, stat.st_mtime_ns):
            digest = before[2]
        else:
            with open(path, "rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        return Source(name, path, 0, None, error.strerror or str(error))
    known[name] = (stat.st_size, stat.st_mtime_ns, digest)
    return Source(name, path, stat.st_size, digest)


def cut_chunks(sources: Sequence[Source]) -> list[Chunk]:
    """Cut the sorted sources into chunks of about ``MEAN_FILES``; a large file stands alone."""
    chunks: list[Chunk] = []
    current: list[Source] = []

    def close() -> None:
        if current:
            first = hashlib.sha256(current[0].name.encode("utf-8", "surrogatepass")).hexdigest()
            chunks.append(Chunk(first[:12], tuple(current)))
            current.clear()

    for source in sources:
        large = source.size > LARGE_BYTES
        if large:
            close()
        current.append(source)
        digest = hashlib.sha256(b"cut" + source.name.encode("utf-8", "surrogatepass")).digest()
        if large or len(current) >= MOST_FILES or int.from_bytes(digest[:4], "big") % MEAN_FILES == 0:
            close()
    close()
    return chunks
