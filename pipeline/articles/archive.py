"""Zipped folders and tar archives: each member is read in memory as a file of its own.

Nothing is ever unpacked to disk, so a member's name cannot lead anywhere; a name that tries, a link,
an encrypted or nested member and one that swells beyond the limits is a failure, and the rest is read.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import tarfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import IO, Any, BinaryIO, cast

from pipeline.articles.build import failure
from pipeline.articles.files import Member, RawFile, TooLargeError, Window, kind_of, open_binary
from pipeline.articles.ranges import Cutting, Span, digest_of, ranges_of
from pipeline.core.config import Reading
from pipeline.core.rows import Article, Failure

ARCHIVES = (".zip", ".tar", ".tgz")

MIN_RATIO_BYTES = 1 << 20
"""Below this size a member may be packed as tightly as it likes."""

MOST_RANGES = 64

Reader = Callable[[Member, str], Iterable[Article | Failure]]
"""Reads a member, given the source that it would have as a file beside the archive."""

_NESTED = frozenset(
    (
        ".zip",
        ".tar",
        ".tgz",
        ".tbz",
        ".tbz2",
        ".txz",
        ".7z",
        ".rar",
        ".jar",
        ".cab",
        ".iso",
        ".cpio",
        ".ar",
        ".deb",
        ".rpm",
    )
)
_DRIVE = re.compile(r"^[A-Za-z]:")
_ODD = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_MAX_NAME = 1000
_MAX_TAR_HEADER = 1 << 20
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _RefusedError(Exception):
    """A member that is not read: the kind of failure and why."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(slots=True)
class _Budget:
    """How many bytes may still come out of the archive."""

    left: int

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooLargeError("the archive holds more than reading.max_archive_bytes, or is packed too tightly")


def read_archive(
    path: RawFile, *, source: str, config: Reading, read: Reader, span: Span | None = None
) -> Iterator[Article | Failure]:
    """Stream the articles of an archive's members: of a .zip in the order of their names, of a .tar
    in the archive's own order. ``span``: those of a range of it alone.

    ``source`` of every article and failure is the archive; ``source_index`` counts them through.
    ``article_id`` is made of the member's name, so that it stays when other members come or go. A
    failure's message begins with the member's name. Raises ``TooLargeError`` where the members
    together exceed ``reading.max_archive_bytes`` or ``reading.max_ratio`` times the archive, and
    ``zipfile.BadZipFile`` or ``tarfile.TarError`` where the archive itself cannot be read.
    """
    index = -1 if span is None else span.first - 1
    members = _zip_members(path, config, span) if kind_of(path) == ".zip" else _tar_members(path, config, span)
    for name, member in members:
        shown = _ODD.sub("\N{REPLACEMENT CHARACTER}", name[:200])
        found: Iterable[Article | Failure]
        if isinstance(member, _RefusedError):
            found = [failure(source, None, member.kind, str(member))]
        else:
            found = read(member, f"{source}/{_ODD.sub('_', name)}")
        for one in found:
            index += 1
            if isinstance(one, Failure):
                message = f"{shown}: {one.message}"[:500]
                yield replace(one, source=source, source_index=index, message=message)
            else:
                yield replace(one, source=source, source_index=index)
    if index < 0 and span is None:
        yield failure(source, None, "Empty", "the archive holds no file")


def _check_name(name: str, seen: set[str]) -> None:
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(name) or "\0" in name or len(name) > _MAX_NAME:
        raise _RefusedError("UnsafeName", "the member's name is no path inside the archive")
    digest = digest_of(name)
    if digest in seen:
        raise _RefusedError("DuplicateName", "the archive holds a member of this name already")
    seen.add(digest)
    suffixes = [part.lower() for part in re.findall(r"\.[^./]+", parts[-1])[-2:]]
    if _NESTED & set(suffixes):
        raise _RefusedError("NestedArchive", "an archive inside an archive is not read")


def _is_hidden(name: str) -> bool:
    """Hidden files are passed over, as in the raw folder, and the shadow files that macOS adds."""
    parts = re.split(r"[/\\]", name)
    return any(part.startswith(".") and part not in (".", "..") for part in parts) or "__MACOSX" in parts


def _zip_members(path: RawFile, config: Reading, span: Span | None) -> Iterator[tuple[str, Member | _RefusedError]]:
    with path.open("rb") as raw:
        stream, size = _seekable(path, raw, config)
        budget = _Budget(_zip_limit(size, config))
        seen: set[str] = set()
        with _open_zip(stream) as archive:
            for number, info in enumerate(_shown(archive)):
                if span is not None and not span.first <= number < span.first + span.count:
                    # Names that come again are refused, in whatever range.
                    with suppress(_RefusedError):
                        _check_name(info.orig_filename, seen)
                    continue
                try:
                    _check_name(info.orig_filename, seen)
                    yield info.filename, Member(info.filename, _zip_data(archive, info, config, budget))
                except _RefusedError as refused:
                    yield info.filename, refused


def _zip_limit(size: int, config: Reading) -> int:
    return min(config.max_archive_bytes, max(size * config.max_ratio, MIN_RATIO_BYTES))


def _shown(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = (info for info in archive.infolist() if not (info.is_dir() or _is_hidden(info.filename)))
    return sorted(members, key=lambda info: info.filename)


def cut_zip(path: RawFile, cutting: Cutting) -> list[tuple[Span, str]] | None:
    """Cut a zipped folder into ranges of members, at most ``MOST_RANGES``, each with its digest.

    None where it must be read as a whole: a member holds many articles, so that the numbers of those
    after it are not known, or all together swell beyond the limits. Raises as ``read_archive`` does.
    """
    if path.suffix.lower() != ".zip":
        return None
    raw: Any
    with path.open("rb") as raw:
        whole = hashlib.file_digest(raw, "sha256").hexdigest()
        size = raw.seek(0, io.SEEK_END)
        with _open_zip(raw) as archive:
            members = [(info.filename, info.file_size) for info in _shown(archive)]
    total = sum(unpacked for _, unpacked in members)
    if total > _zip_limit(size, cutting.reading) or not all(_is_one(name) for name, _ in members):
        return None
    # Each range reads the archive's directory anew.
    most = max(cutting.records, -(-len(members) // MOST_RANGES))
    full = max(cutting.size, -(-total // MOST_RANGES))
    counts = [0]
    held = 0
    for _, unpacked in members:
        if counts[-1] >= most or held >= full:
            counts.append(0)
            held = 0
        counts[-1] += 1
        held += unpacked
    if len(counts) == 1:
        return None
    firsts = [0, *accumulate(counts)]
    return [
        (Span(first, count, 0, 0), hashlib.sha256(f"{whole}\0{first}\0{count}".encode()).hexdigest())
        for first, count in zip(firsts, counts, strict=False)
    ]


def _is_one(name: str) -> bool:
    """Whether a member of this name gives one article or one failure, whatever is in it."""
    from pipeline.articles import RECORDS
    from pipeline.articles.warc import WARC

    return kind_of(Member(name, b"")) not in (*RECORDS, *WARC)


def _open_zip(stream: IO[Any]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    # zipfile lets through what struct, its extra fields and odd versions raise.
    except (struct.error, NotImplementedError, ArithmeticError, LookupError, ValueError) as error:
        raise zipfile.BadZipFile(f"the archive's directory is damaged: {error}") from error


def _seekable(path: RawFile, raw: IO[Any], config: Reading) -> tuple[IO[Any], int]:
    """A zip's directory stands at its end; one that is itself compressed is unpacked in memory."""
    if path.suffix.lower() == ".zip":
        return raw, raw.seek(0, io.SEEK_END)
    with open_binary(path) as stream:
        data = stream.read(config.max_bytes + 1)
    if len(data) > config.max_bytes:
        raise TooLargeError(f"the file holds more than {config.max_bytes:,} bytes (reading.max_bytes)")
    return io.BytesIO(data), len(data)


def _zip_data(archive: zipfile.ZipFile, info: zipfile.ZipInfo, config: Reading, budget: _Budget) -> bytes:
    if info.flag_bits & 0x1:
        raise _RefusedError("Encrypted", "the member is encrypted")
    if (info.external_attr >> 16) & 0o170000 not in (0, 0o100000):
        raise _RefusedError("NotAFile", "the member is a link or another special file")
    if info.compress_type not in _PLAIN_METHODS:
        raise _RefusedError("Unsupported", f"compression method {info.compress_type} is not read")
    if info.file_size > max(config.max_ratio * max(info.compress_size, 1), MIN_RATIO_BYTES):
        raise _RefusedError("ArchiveBomb", f"packed more tightly than 1:{config.max_ratio} (reading.max_ratio)")
    if info.file_size > config.max_bytes:
        raise _RefusedError("TooLarge", f"more than {config.max_bytes:,} bytes (reading.max_bytes)")
    try:
        with archive.open(info) as stream:
            data = stream.read(config.max_bytes + 1)
    # A directory that lies about its members makes zipfile and zlib fail in their own ways.
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise _RefusedError("Unreadable", f"the member cannot be read: {error}") from error
    budget.take(len(data))
    return data


class _TarInfo(tarfile.TarInfo):
    """Refuses extended headers that would be read into memory whole, whatever size they claim."""

    def _check(self) -> None:
        if self.size > _MAX_TAR_HEADER:
            raise tarfile.ReadError("an extended header of more than 1 MiB")

    def _proc_pax(self, tar: Any) -> Any:
        self._check()
        return super()._proc_pax(tar)  # type: ignore[misc]

    def _proc_gnulong(self, tar: Any) -> Any:
        self._check()
        return super()._proc_gnulong(tar)  # type: ignore[misc]


def _tar_limit(path: RawFile, config: Reading) -> int:
    packed = path.suffix.lower() != ".tar"
    with path.open("rb") as raw:
        size = raw.seek(0, io.SEEK_END)
    limit = max(size * config.max_ratio, MIN_RATIO_BYTES) if packed else config.max_archive_bytes
    return min(config.max_archive_bytes, limit)


def _tar_members(path: RawFile, config: Reading, span: Span | None) -> Iterator[tuple[str, Member | _RefusedError]]:
    budget = _Budget(_tar_limit(path, config))
    seen = {digest for digest, _ in span.seen} if span else set()
    with open_binary(path) as stream:
        if span is not None:
            stream = cast(BinaryIO, io.BufferedReader(Window(stream, span.start, span.stop), tarfile.RECORDSIZE))
        for archive, info in _tar_infos(stream, budget):
            try:
                _check_name(info.name, seen)
                if not info.isreg() or info.sparse is not None:
                    raise _RefusedError("NotAFile", "the member is a link or another special file")
                if info.size > config.max_bytes:
                    raise _RefusedError("TooLarge", f"more than {config.max_bytes:,} bytes (reading.max_bytes)")
                content = archive.extractfile(info)
                data = content.read(config.max_bytes + 1) if content is not None else b""
                yield info.name, Member(info.name, data)
            except _RefusedError as refused:
                yield info.name, refused


def _tar_infos(stream: BinaryIO, budget: _Budget) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """The headers of the members that count, one by one, each with the archive to read it from."""
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_TarInfo) as archive:
        for info in archive:
            # What is skipped is unpacked, too.
            budget.take(info.size if info.isreg() else 0)
            if not (info.isdir() or _is_hidden(info.name.removeprefix("./"))):
                yield archive, info
            # The list of members read so far would hold every header of the archive.
            archive.members = []  # type: ignore[attr-defined]


def cut_tar(path: RawFile, cutting: Cutting) -> list[tuple[Span, str]] | None:
    """Cut a tar archive, also a compressed one, into ranges of members, each with its digest.

    None where it must be read as a whole: a member holds many articles, a header counts for all that
    follow, the members swell beyond the limits. Raises as ``read_archive`` does.
    """
    starts, counts, ids = [0], [0], array("Q")
    names: set[str] = set()
    with open_binary(path) as stream:
        end = 0
        for archive, info in _tar_infos(stream, _Budget(_tar_limit(path, cutting.reading))):
            if archive.pax_headers or not _is_one(info.name):
                return None
            if counts[-1] >= cutting.records or info.offset - starts[-1] >= cutting.size:
                starts.append(info.offset)
                counts.append(0)
            counts[-1] += 1
            ids.append(_name_key(info.name, names))
            end = info.offset_data + -(-info.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
    return ranges_of(path, starts, counts, ids, end) if len(starts) > 1 else None


def _name_key(name: str, seen: set[str]) -> int:
    """What stands for a member's name among those that must not come again; 0 for one that is refused."""
    try:
        _check_name(name, seen)
    except _RefusedError as refused:
        if refused.kind == "UnsafeName":
            return 0
    return int(digest_of(name), 16)
