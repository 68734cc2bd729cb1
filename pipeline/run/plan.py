"""Which inputs there are, and which belong together in a part.

Parts are cut by content-defined chunking (as in rsync and restic): the sorted list of sources is
cut after each source whose hash falls in a fixed class. The same set of inputs gives the same
parts whatever was there before, and a new input disturbs its own part only. With more files the
class gets narrower and the parts larger: nearly every cut that remains was one before,
so growing merges small parts. A large file of records is cut into ranges, each a part of its own.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat as modes
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.articles.ranges import Cutting, Span, cut_ranges
from pipeline.core.config import Config

MEAN_FILES = 64
MOST_FILES = 4
"""A part holds at most so many times the mean."""
LARGE_BYTES = 1 << 20
FULL_BYTES = 8 << 20
_STEPS = ((1 << 14, MEAN_FILES), (1 << 18, 4 * MEAN_FILES))
_FRESH_NS = 2_000_000_000


class PlanError(Exception):
    """The raw folder cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A raw file, or a range of one: ``name`` is its path under the raw folder with ``/``, ``sha256``
    of its bytes or None where it cannot be read.

    ``fresh``: it was written within two seconds of being hashed, so that a later change may leave
    size and time as they are; it is hashed again by the next run.
    """

    name: str
    path: Path
    size: int
    sha256: str | None
    error: str | None = None
    mtime_ns: int = 0
    fresh: bool = False
    span: Span | None = None

    def content(self, config: Config) -> str:
        """What stands for the content in fingerprints; the file's time counts where it is read."""
        if self.sha256 is None:
            return f"unreadable: {self.error}"
        return f"{self.sha256}@{self.mtime_ns}" if config.reading.file_time else self.sha256

    def is_still(self) -> bool:
        """Whether the file has the size and time that it had when it was hashed."""
        if self.sha256 is None:
            return True
        try:
            stat = self.path.stat()
        except OSError:
            return False
        return (stat.st_size, stat.st_mtime_ns) == (self.size, self.mtime_ns)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Sources that share a part of each table; ``before`` are earlier chunks that held some of them."""

    chunk_id: str
    sources: tuple[Source, ...]
    before: tuple[str, ...] = ()


class Known:
    """The sources of the last run, taken in the order of their names, and what is left over: removed."""

    def __init__(self, chunks: Iterable[Chunk] = ()) -> None:
        self._chunks = iter(chunks)
        self._next: list[tuple[str, Source]] = []
        self._origins: dict[str, tuple[str, ...]] = {}
        self.removed = 0
        self.first_removed: list[str] = []

    def take(self, name: str) -> tuple[str | None, list[Source]]:
        """The source's entries (several where it was cut in ranges) and its chunk, where it was there."""
        found: list[Source] = []
        origin: str | None = None
        while self._fill() and self._next[-1][1].name <= name:
            chunk_id, source = self._next.pop()
            if source.name == name:
                origin = chunk_id if source.span is None else None
                found.append(source)
            else:
                self._miss(source)
        return origin, found

    def rest(self) -> None:
        """Count what comes after the last source as removed."""
        while self._fill():
            self._miss(self._next.pop()[1])

    def origins(self, chunk_id: str) -> tuple[str, ...]:
        """The chunk itself and the earlier ones whose rows it was still to take over."""
        return (chunk_id, *self._origins.get(chunk_id, ()))

    def _miss(self, source: Source) -> None:
        if source.span is None or source.span.first == 0:
            self.removed += 1
            if len(self.first_removed) < 100:
                self.first_removed.append(source.name)

    def _fill(self) -> bool:
        while not self._next:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            if chunk.before:
                self._origins[chunk.chunk_id] = chunk.before
            self._next = [(chunk.chunk_id, s) for s in reversed(chunk.sources)]
        return True


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    path: Path
    error: str | None = None


def count_files(raw: Path) -> int:
    """Number of raw files; raises ``PlanError`` where ``raw`` is no folder."""
    return sum(1 for _ in _walk(raw))


def _walk(raw: Path) -> Iterator[_Found]:
    """Files in the order of their names; hidden files and folders and links to folders are passed over."""
    if not raw.is_dir():
        raise PlanError(f"there is no folder {raw}; put your articles there or name another with --raw")
    pending = [_Found("", raw)]
    while pending:
        item = pending.pop()
        if item.error is not None or not (item.name.endswith("/") or item.path == raw):
            yield item
            continue
        try:
            with os.scandir(item.path) as entries:
                inside = [_entry(item.name, e) for e in entries if not e.name.startswith(".")]
        except OSError as error:
            if item.path == raw:
                raise PlanError(f"cannot read the folder {raw}: {error.strerror}; name another with --raw") from error
            pending.append(_Found(item.name, item.path, f"the folder cannot be listed: {error.strerror}"))
            continue
        pending += sorted((e for e in inside if e is not None), key=lambda e: e.name, reverse=True)


def _entry(folder: str, entry: os.DirEntry[str]) -> _Found | None:
    # A name that is no UTF-8 keeps its bytes as \xNN: two such names stay two sources.
    name = folder + entry.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    try:
        is_folder = entry.is_dir()
        if is_folder and entry.is_symlink():
            return None
    except OSError:
        is_folder = False
    return _Found(name + "/" if is_folder else name, Path(entry.path))


def find_sources(raw: Path, known: Known, cutting: Cutting) -> Iterator[tuple[Source, tuple[str, ...]]]:
    """Stream the sources in the order of their names, each with the earlier chunks that may hold its rows.

    A file whose size and time are those that are known keeps its hash unread. Raises ``PlanError``
    where ``raw`` is no folder.
    """
    last = ""
    for found in _walk(raw):
        if found.name == last:
            continue
        last = found.name
        origin, before = known.take(found.name)
        origins = () if origin is None else known.origins(origin)
        for source in _sources(found, before, cutting):
            yield source, origins if source.span is None else ()
    known.rest()


def _sources(found: _Found, before: list[Source], cutting: Cutting) -> Iterator[Source]:
    if found.error is not None:
        yield Source(found.name, found.path, 0, None, found.error)
        return
    try:
        stat = found.path.stat()
        if not modes.S_ISREG(stat.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        same = (stat.st_size, stat.st_mtime_ns)
        if before and not cutting.anew(found.path, stat.st_size) and all(_holds(s, same, found.path) for s in before):
            yield from before
            return
        fresh = time.time_ns() - stat.st_mtime_ns < _FRESH_NS
        ranges = cut_ranges(found.path, cutting) if cutting.takes(found.path, stat.st_size) else None
        if ranges is None:
            with open(found.path, "rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            yield Source(found.name, found.path, stat.st_size, digest, None, stat.st_mtime_ns, fresh)
            return
    except OSError as error:
        yield Source(found.name, found.path, 0, None, error.strerror or str(error))
        return
    for span, digest in ranges:
        yield Source(found.name, found.path, stat.st_size, digest, None, stat.st_mtime_ns, fresh, span)


def _holds(source: Source, same: tuple[int, int], path: Path) -> bool:
    known = (source.size, source.mtime_ns) == same
    return known and not source.fresh and source.sha256 is not None and source.path == path


def mean_files(count: int) -> int:
    """How many files a part holds on average, of so many in all."""
    return next((mean for most, mean in _STEPS if count <= most), 16 * MEAN_FILES)


def cut_chunks(sources: Iterable[tuple[Source, tuple[str, ...]]], *, mean: int = MEAN_FILES) -> Iterator[Chunk]:
    """Cut the sorted sources into chunks of about ``mean``, a power of two; a large file stands alone."""
    current: list[Source] = []
    origins: dict[str, None] = {}
    size = 0
    taken: set[str] = set()

    def close() -> Iterator[Chunk]:
        nonlocal size
        if current:
            chunk_id = _chunk_id(current[0], taken)
            yield Chunk(chunk_id, tuple(current), tuple(o for o in origins if o != chunk_id))
            current.clear()
            origins.clear()
            size = 0

    for source, before in sources:
        alone = source.size > LARGE_BYTES or source.span is not None
        if alone:
            yield from close()
        current.append(source)
        origins.update(dict.fromkeys(before))
        size += source.size
        digest = hashlib.sha256(b"cut" + source.name.encode("utf-8", "surrogatepass")).digest()
        full = len(current) >= MOST_FILES * mean or size >= FULL_BYTES
        if alone or full or int.from_bytes(digest[:4], "big") % mean == 0:
            yield from close()
    yield from close()


def _chunk_id(first: Source, taken: set[str]) -> str:
    key = first.name if first.span is None or first.span.first == 0 else f"{first.name}\0{first.span.first}"
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    chunk_id = next(c for n in range(0, 48, 12) if (c := digest[n : n + 12]) not in taken)
    taken.add(chunk_id)
    return chunk_id
