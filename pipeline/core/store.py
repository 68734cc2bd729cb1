"""Parts on disk: each table is a folder of Parquet files, each part written aside and moved in.

A part's footer tells, for every source in it, the fingerprint of each stage that made its rows;
what is unchanged is known from the footers alone. A part goes to its place in one rename, after its
bytes are on the disk: a reader sees the old part or the new one, whenever the writer is killed.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core import schemas
from pipeline.core.schemas import Table

FOOTER_KEY = b"communique"
LOCK = ".lock"
WORKERS_LOCK = ".workers"
ASIDE = ".aside"
PIECES = ".pieces"
"""Folder of the parts of single files, while what ended a worker is looked for."""
_PATIENCE_SECONDS = 120.0
_FULL = (errno.ENOSPC, errno.EDQUOT)

Fingerprints = Mapping[str, Mapping[str, str]]
"""source -> stage -> fingerprint."""

Local = Mapping[str, Mapping[str, Sequence[int]]]
"""column -> value that the article's own stage gave -> rows where the stage over all articles put
another in its place."""


class StoreError(Exception):
    """The output folder cannot be used; the message says why and what to do."""


class WriteError(StoreError):
    """A run could not go on writing, for want of room mostly; what was done stays done."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it lies on disk: its rows, and what its footer tells of them."""

    data: pa.Table
    fingerprints: dict[str, dict[str, str]]
    local: dict[str, dict[str, list[int]]]

    def as_made(self) -> pa.Table:
        """The rows with the values that the article's own stages gave: entity ids that the stage
        over all articles joined stand apart again."""
        return restore(self.data, self.local)


def restore(data: pa.Table, local: Local) -> pa.Table:
    """Put the values of ``local`` back into the rows that they name."""
    for column, values in local.items():
        at = data.schema.get_field_index(column)
        if at >= 0:
            cells = data.column(at).to_pylist()
            for value, rows in values.items():
                for row in rows:
                    cells[row] = value
            data = data.set_column(at, data.schema.field(at), pa.array(cells, type=data.schema.field(at).type))
    return data


def canonical(table: str, data: pa.Table) -> pa.Table:
    """The same rows with the table's own columns, types and descriptions, in one piece: rows that
    were read back give the same bytes as rows that were just made.

    A part that an earlier version wrote lacks the columns that came since: they are null.
    """
    schema = schemas.by_name(table).schema
    arrays = [
        data.column(f.name).cast(f.type) if f.name in data.column_names else pa.nulls(len(data), f.type) for f in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema).combine_chunks()


def encode(table: str, data: pa.Table, fingerprints: Fingerprints, local: Local | None = None) -> memoryview:
    """The bytes of a part: a function of its rows and footer alone."""
    content = {"fingerprints": fingerprints, "local": local} if local else {"fingerprints": fingerprints}
    footer = json.dumps(content, sort_keys=True, separators=(",", ":"))
    sink = pa.BufferOutputStream()
    rows = canonical(table, data).replace_schema_metadata({FOOTER_KEY: footer.encode()})
    pq.write_table(rows, sink, compression="zstd", write_statistics=True)
    return memoryview(sink.getvalue())


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of tables."""

    folder: Path

    def prepare(self) -> None:
        """Create the folder and clear what a killed run left aside; raises ``StoreError``."""
        with self._writing():
            (self.folder / ASIDE).mkdir(parents=True, exist_ok=True)
            for stray in (self.folder / ASIDE).iterdir():
                stray.unlink()
            self.clear_pieces()

    def clear_pieces(self) -> None:
        """Remove the folder of pieces, where there is one."""
        shutil.rmtree(self.folder / PIECES, ignore_errors=True)

    def prepare_parent(self) -> None:
        """Create the folder itself; raises ``StoreError`` where that is not possible."""
        with self._writing():
            self.folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one run; raises ``StoreError`` where another run holds it.

        The lock is the system's own, on ``.lock``: it ends with the process however that ends, so a
        killed run leaves none behind. Where workers of a killed run still finish a part, this waits
        for them.
        """
        self.prepare_parent()
        with self._writing():
            handle = (self.folder / LOCK).open("a+", encoding="utf-8")
        with handle:
            if not _try_lock(handle, self.folder):
                handle.seek(0)
                who = handle.read(200).strip() or "a process"
                raise StoreError(
                    f"another run is writing to {self.folder} ({who}); "
                    "wait for it or choose another folder with --processed"
                )
            with suppress(OSError):
                handle.truncate(0)
                handle.write(f"process {os.getpid()}, since {time.strftime('%Y-%m-%d %H:%M:%S')}\n")
                handle.flush()
            self._await_workers()
            self.prepare()
            yield

    def is_locked(self) -> bool:
        """Whether a run holds the folder now; nothing is written."""
        try:
            with (self.folder / LOCK).open(encoding="utf-8") as handle:
                return not _try_lock(handle, self.folder, exclusive=False)
        except (OSError, StoreError):
            return False

    def _await_workers(self) -> None:
        self.join(exclusive=True).close()

    def join(self, *, exclusive: bool = False) -> IO[str]:
        """Count as a worker of this folder until the answer is closed: no new run begins before.

        ``exclusive`` waits until there is no worker. Raises ``StoreError`` after two minutes.
        """
        with self._writing():
            handle = (self.folder / WORKERS_LOCK).open("a", encoding="utf-8")
        until = time.monotonic() + _PATIENCE_SECONDS
        while not _try_lock(handle, self.folder, exclusive=exclusive):
            if time.monotonic() > until:
                handle.close()
                raise StoreError(f"workers of an earlier run still write to {self.folder}; end them and try again")
            time.sleep(0.02)
        return handle

    def part(self, table: str, chunk: str) -> Path:
        """Path of a chunk's part of a table."""
        return self.folder / table / f"part-{chunk}.parquet"

    def parts(self, table: str) -> list[Path]:
        """A table's parts in the order of their names."""
        return sorted((self.folder / table).glob("part-*.parquet"))

    def stamps(self, table: str) -> dict[str, str]:
        """Size and time of each part of a table, by chunk: what tells whether one was touched."""
        answer: dict[str, str] = {}
        try:
            with os.scandir(self.folder / table) as entries:
                for entry in entries:
                    if entry.name.startswith("part-") and entry.name.endswith(".parquet"):
                        stat = entry.stat()
                        answer[entry.name[5:-8]] = f"{stat.st_size}.{stat.st_mtime_ns}"
        except FileNotFoundError:
            return {}
        return answer

    def write(self, table: Table, chunk: str, items: Sequence[Any], fingerprints: Fingerprints) -> None:
        """Write a part beside its place and move it in; the same rows give the same bytes."""
        self.write_arrow(table.name, chunk, table.to_arrow(items), fingerprints)

    def write_arrow(
        self, table: str, chunk: str, data: pa.Table, fingerprints: Fingerprints, local: Local | None = None
    ) -> None:
        """Write an Arrow table as a part, as ``write`` does.

        ``local`` goes into the footer: what stood in the rows before the stage over all articles
        changed them, so that ``read_local`` can give it back. Raises ``WriteError``.
        """
        self.put([(self.part(table, chunk), (encode(table, data, fingerprints, local),))])

    def put(self, files: Sequence[tuple[Path, Iterable[memoryview | bytes]]]) -> None:
        """Put files in their places: all written aside and flushed to the disk, then moved in one by one.

        A file's content is given piece by piece. Raises ``WriteError``; where there was no room,
        every place is as it was and nothing is aside.
        """
        asides: list[tuple[Path, Path]] = []
        with self._writing(WriteError):
            try:
                self._write_aside(files, asides)
                _move_all(asides)
            except OSError:
                _unlink_all(asides)
                raise

    def _write_aside(
        self, files: Sequence[tuple[Path, Iterable[memoryview | bytes]]], asides: list[tuple[Path, Path]]
    ) -> None:
        for place, content in files:
            place.parent.mkdir(parents=True, exist_ok=True)
            # A worker that was given up for lost may still write the part that another was given.
            aside = self.folder / ASIDE / uuid.uuid4().hex
            aside.parent.mkdir(exist_ok=True)
            asides.append((aside, place))
            with open(aside, "wb") as out:
                _write_all(out, content)

    @contextmanager
    def together(self) -> Iterator[Batch]:
        """Give a store whose parts go to their places together, in their order, as the block ends.

        Until then readers (and that store itself) see the parts of before. Where the block raises,
        or there is no room, they stay.
        """
        batch = Batch(self.folder)
        try:
            yield batch
            with self._writing(WriteError):
                _move_all(batch.asides)
        except BaseException:
            _unlink_all(batch.asides)
            raise

    def drop(self, table: str, chunk: str) -> bool:
        """Remove a part; tells whether there was one. Raises ``WriteError``."""
        with self._writing(WriteError):
            try:
                _remove(self.part(table, chunk))
            except FileNotFoundError:
                return False
        return True

    @contextmanager
    def _writing(self, kind: type[StoreError] = StoreError) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                raise WriteError(
                    f"no room left on the disk of {self.folder}: free some and run again; "
                    "what is done stays done, and no half part was left"
                ) from error
            raise kind(
                f"cannot write to {self.folder}: {error.strerror or error}; "
                "make it writable or choose another folder with --processed"
            ) from error

    def read(self, table: Table, chunk: str) -> list[Any]:
        """Rows of a part as its article's own stages made them; empty where there is no such part
        or it is damaged."""
        part = self.read_part(table.name, chunk)
        return [] if part is None else table.from_arrow(canonical(table.name, part.as_made()))

    def read_part(self, table: str, chunk: str) -> Part | None:
        """A part with its footer, both of the same file; None where it is not there or damaged."""
        try:
            with pq.ParquetFile(self.part(table, chunk)) as file:
                footer = _footer(file.schema_arrow.metadata)
                data = canonical(table, file.read().replace_schema_metadata(None))
        except (OSError, pa.ArrowException, UnicodeDecodeError):
            return None
        return Part(data, footer.get("fingerprints", {}), footer.get("local", {}))

    def read_arrow(self, table: str, chunk: str) -> pa.Table | None:
        """A part as an Arrow table, or None where it is not there or damaged."""
        try:
            return _read(self.part(table, chunk))
        except (OSError, pa.ArrowException):
            return None

    def read_local(self, table: str, chunk: str, columns: Sequence[str] | None = None) -> pa.Table | None:
        """A part with the values that its article's own stages gave, or None as ``read_arrow``.

        Entity ids that the stage over all articles joined stand apart again: a rerun starts from
        the same rows as a run from nothing.
        """
        try:
            data = _read(self.part(table, chunk), columns)
        except (OSError, pa.ArrowException):
            return None
        return restore(data, self.local(table, chunk))

    def fingerprints(self, table: str, chunk: str) -> dict[str, dict[str, str]]:
        """What made a part, from its footer; empty where there is no such part or it is damaged."""
        answer: dict[str, dict[str, str]] = self._read_footer(table, chunk).get("fingerprints", {})
        return answer

    def local(self, table: str, chunk: str) -> dict[str, dict[str, list[int]]]:
        """The values that the stage over all articles replaced in a part, from its footer."""
        answer: dict[str, dict[str, list[int]]] = self._read_footer(table, chunk).get("local", {})
        return answer

    def _read_footer(self, table: str, chunk: str) -> dict[str, Any]:
        try:
            return _footer(pq.read_schema(self.part(table, chunk)).metadata)
        except (OSError, pa.ArrowException):
            return {}

    def count_rows(self, table: str) -> int:
        """Rows of a table, from the parts' footers; a damaged part counts none."""
        total = 0
        for path in self.parts(table):
            with suppress(OSError, pa.ArrowException):
                total += pq.read_metadata(path).num_rows
        return total


def pieces_of(store: Store) -> Store:
    """The store of the folder of pieces, inside another's folder."""
    return Store(store.folder / PIECES)


@dataclass(frozen=True, slots=True)
class Batch(Store):
    """See ``Store.together``; ``asides`` are the files written so far, with their places."""

    asides: list[tuple[Path, Path]] = field(default_factory=list)

    def put(self, files: Sequence[tuple[Path, Iterable[memoryview | bytes]]]) -> None:
        """Write aside; see ``Store.put``."""
        with self._writing(WriteError):
            self._write_aside(files, self.asides)

    @contextmanager
    def share(self) -> Iterator[Batch]:
        """Give a batch of its own to a process beside this one, whose files ``take`` takes up; where the block
        raises, nothing of it is left aside."""
        batch = Batch(self.folder)
        try:
            yield batch
        except BaseException:
            _unlink_all(batch.asides)
            raise

    def take(self, asides: Iterable[tuple[Path, Path]]) -> None:
        """Count files that another process wrote aside as this batch's."""
        self.asides.extend(asides)


def _move_all(asides: Sequence[tuple[Path, Path]]) -> None:
    for aside, place in asides:
        _move(aside, place)


def _unlink_all(asides: Sequence[tuple[Path, Path]]) -> None:
    for aside, _ in asides:
        with suppress(OSError):
            aside.unlink()


def _read(part: Path, columns: Sequence[str] | None = None) -> pa.Table:
    # pyarrow.parquet.read_table would load pandas along with pyarrow.dataset, a quarter of a second.
    with pq.ParquetFile(part) as file:
        return file.read(columns=None if columns is None else list(columns))


def _footer(metadata: Mapping[bytes, bytes] | None) -> dict[str, Any]:
    try:
        answer = json.loads((metadata or {})[FOOTER_KEY])
    except (KeyError, ValueError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _try_lock(handle: IO[str], folder: Path, *, exclusive: bool = True) -> bool:
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise StoreError(
            f"cannot lock {folder}: {error.strerror}; choose a folder on a file system with locks"
        ) from error
    return True


def _write_all(out: IO[bytes], content: Iterable[memoryview | bytes]) -> None:
    for piece in content:
        out.write(piece)
    out.flush()
    os.fsync(out.fileno())


def _move(aside: Path, place: Path) -> None:
    aside.replace(place)


def _remove(place: Path) -> None:
    place.unlink()
