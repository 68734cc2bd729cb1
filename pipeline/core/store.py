"""Parts on disk: each table is a folder of Parquet files, each part written aside and moved in.

A part's footer tells, for every source in it, the fingerprint of each stage that made its rows;
what is unchanged is known from the footers alone. ``.manifest.json`` only remembers the answer, so
that a rerun with nothing new need not open every part; it may be deleted at any time.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.schemas import Table

FOOTER_KEY = b"communique"
MANIFEST = ".manifest.json"
LOCK = ".lock"
ASIDE = ".aside"

Fingerprints = Mapping[str, Mapping[str, str]]
"""source -> stage -> fingerprint."""

Local = Mapping[str, Mapping[str, Sequence[int]]]
"""column -> value that the article's own stage gave -> rows where the stage over all articles put
another in its place."""


class StoreError(Exception):
    """The output folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of tables."""

    folder: Path

    def prepare(self) -> None:
        """Create the folder; raises ``StoreError`` where that is not possible."""
        try:
            (self.folder / ASIDE).mkdir(parents=True, exist_ok=True)
            for stray in (self.folder / ASIDE).iterdir():
                stray.unlink()
        except OSError as error:
            raise StoreError(
                f"cannot write to {self.folder}: {error.strerror}; choose another folder with --processed"
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one run; raises ``StoreError`` where another run holds it."""
        self.prepare_parent()
        with open(self.folder / LOCK, "w", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StoreError(
                    f"another run is writing to {self.folder}; wait for it or choose another folder with --processed"
                ) from error
            self.prepare()
            yield

    def prepare_parent(self) -> None:
        """Create the folder itself; raises ``StoreError`` where that is not possible."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot write to {self.folder}: {error.strerror}; choose another folder with --processed"
            ) from error

    def part(self, table: str, chunk: str) -> Path:
        """Path of a chunk's part of a table."""
        return self.folder / table / f"part-{chunk}.parquet"

    def parts(self, table: str) -> list[Path]:
        """A table's parts in the order of their names."""
        return sorted((self.folder / table).glob("part-*.parquet"))

    def write(self, table: Table, chunk: str, items: Sequence[Any], fingerprints: Fingerprints) -> None:
        """Write a part beside its place and move it in; the same rows give the same bytes."""
        self.write_arrow(table.name, chunk, table.to_arrow(items), fingerprints)

    def write_arrow(
        self, table: str, chunk: str, data: pa.Table, fingerprints: Fingerprints, local: Local | None = None
    ) -> None:
        """Write an Arrow table as a part, as ``write`` does.

        ``local`` goes into the footer: what stood in the rows before the stage over all articles
        changed them, so that ``read_local`` can give it back.
        """
        content = {"fingerprints": fingerprints, "local": local} if local else {"fingerprints": fingerprints}
        footer = json.dumps(content, sort_keys=True, separators=(",", ":"))
        data = data.replace_schema_metadata({FOOTER_KEY: footer.encode()})
        place = self.part(table, chunk)
        place.parent.mkdir(parents=True, exist_ok=True)
        # A worker that was given up for lost may still write the part that another was given.
        aside = self.folder / ASIDE / f"{table}-{uuid.uuid4().hex}.parquet"
        aside.parent.mkdir(exist_ok=True)
        pq.write_table(data, aside, compression="zstd", write_statistics=True)
        aside.replace(place)

    def read(self, table: Table, chunk: str) -> list[Any]:
        """Rows of a part as its article's own stages made them; empty where there is no such part
        or it is damaged."""
        data = self.read_local(table.name, chunk)
        if data is None:
            return []
        for column in table.columns:
            # A part that an earlier version wrote lacks the columns that came since.
            if column.nullable and column.name not in data.column_names:
                data = data.append_column(table.schema.field(column.name), pa.nulls(len(data), column.type))
        return table.from_arrow(data)

    def read_arrow(self, table: str, chunk: str) -> pa.Table | None:
        """A part as an Arrow table, or None where it is not there or damaged."""
        try:
            return pq.read_table(self.part(table, chunk))
        except (OSError, pa.ArrowInvalid):
            return None

    def read_local(self, table: str, chunk: str, columns: Sequence[str] | None = None) -> pa.Table | None:
        """A part with the values that its article's own stages gave, or None as ``read_arrow``.

        Entity ids that the stage over all articles joined stand apart again: a rerun starts from
        the same rows as a run from nothing.
        """
        try:
            data = pq.read_table(self.part(table, chunk), columns=None if columns is None else list(columns))
        except (OSError, pa.ArrowInvalid):
            return None
        for column, values in self.local(table, chunk).items():
            at = data.schema.get_field_index(column)
            if at >= 0:
                cells = data.column(at).to_pylist()
                for value, rows in values.items():
                    for row in rows:
                        cells[row] = value
                data = data.set_column(at, data.schema.field(at), pa.array(cells, type=data.schema.field(at).type))
        return data

    def fingerprints(self, table: str, chunk: str) -> dict[str, dict[str, str]]:
        """What made a part, from its footer; empty where there is no such part or it is damaged."""
        answer: dict[str, dict[str, str]] = self._footer(table, chunk).get("fingerprints", {})
        return answer

    def local(self, table: str, chunk: str) -> dict[str, dict[str, list[int]]]:
        """The values that the stage over all articles replaced in a part, from its footer."""
        answer: dict[str, dict[str, list[int]]] = self._footer(table, chunk).get("local", {})
        return answer

    def _footer(self, table: str, chunk: str) -> dict[str, Any]:
        try:
            metadata = pq.read_schema(self.part(table, chunk)).metadata or {}
            answer = json.loads(metadata[FOOTER_KEY])
        except (OSError, pa.ArrowInvalid, KeyError, ValueError):
            return {}
        return answer if isinstance(answer, dict) else {}

    def keep_only(self, tables: Sequence[str], chunks: set[str]) -> int:
        """Remove the parts of other chunks; returns how many were removed."""
        removed = 0
        for table in tables:
            for path in self.parts(table):
                if path.stem.removeprefix("part-") not in chunks:
                    path.unlink()
                    removed += 1
        return removed


@dataclass(slots=True)
class Manifest:
    """What the last run knew: file hashes by size and time, and each chunk's fingerprint."""

    files: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    chunks: dict[str, str] = field(default_factory=dict)
    stories: str = ""

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read the manifest; an absent or damaged one is empty."""
        try:
            data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            return cls(
                {k: (int(v[0]), int(v[1]), str(v[2])) for k, v in data["files"].items()},
                dict(data["chunks"]),
                str(data["stories"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def save(self, folder: Path) -> None:
        """Write the manifest beside its place and move it in."""
        payload = json.dumps(
            {"files": self.files, "chunks": self.chunks, "stories": self.stories}, sort_keys=True, separators=(",", ":")
        )
        handle, name = tempfile.mkstemp(dir=folder / ASIDE)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(payload)
        Path(name).replace(folder / MANIFEST)
