"""Records as JSON, CSV and Parquet: the same fields in the same order, the same bytes for the same records."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.queries.records import Field

ENDINGS = (".csv", ".jsonl", ".parquet")
_CHANGE = pa.struct(
    [(name, pa.timestamp("ms") if name == "published_at" else pa.string()) for name in
     ("published_at", "status", "article_id", "source")]
)  # fmt: skip


class FileError(Exception):
    """A file cannot be written; the message says what to do."""


def write_json(records: Sequence[Mapping[str, Any]], out: TextIO) -> None:
    """A JSON list, one record a line."""
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    out.write("[" + ",".join(f"\n{line}" for line in lines) + ("\n" if records else "") + "]\n")


def write_jsonl(records: Sequence[Mapping[str, Any]], out: TextIO) -> None:
    """JSON lines, one record a line."""
    out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def write_csv(records: Sequence[Mapping[str, Any]], fields: Sequence[Field], out: TextIO) -> None:
    """CSV with a heading; lists with ``; `` between, a history as "2026-03-05 planned; 2026-03-09 actual"."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f.name for f in fields])
    writer.writerows([_cell(record[f.name], f.kind) for f in fields] for record in records)


def _cell(value: Any, kind: str) -> Any:
    if kind == "list":
        return "; ".join(value)
    if kind == "history":
        return "; ".join(f"{(change['published_at'] or '')[:10]} {change['status']}".strip() for change in value)
    return str(value).lower() if kind == "flag" else value


def arrow_table(records: Sequence[Mapping[str, Any]], fields: Sequence[Field]) -> pa.Table:
    """An Arrow table with days and moments as such, each field with its description as metadata."""
    arrays, schema = [], []
    for field in fields:
        values = [record[field.name] for record in records]
        kind = _arrow_type(field)
        if field.kind in ("day", "moment"):
            array = pa.array(values, pa.string()).cast(kind)
        elif field.kind == "history":
            moments = [[c | {"published_at": _moment(c["published_at"])} for c in value] for value in values]
            array = pa.array(moments, kind)
        else:
            array = pa.array(values, kind)
        arrays.append(array)
        schema.append(pa.field(field.name, kind, metadata={"doc": field.doc}))
    return pa.Table.from_arrays(arrays, schema=pa.schema(schema))


def _moment(value: str | None) -> Any:
    return None if value is None else pa.scalar(value).cast(pa.timestamp("ms")).as_py()


def _arrow_type(field: Field) -> pa.DataType:
    if field.kind == "number":
        return pa.float64() if field.name == "score" else pa.int64()
    kinds = {
        "list": pa.list_(pa.string()), "day": pa.date32(), "moment": pa.timestamp("ms"), "flag": pa.bool_(),
        "history": pa.list_(_CHANGE),
    }  # fmt: skip
    return kinds.get(field.kind, pa.string())


def check_ending(path: Path) -> None:
    """Raise ``FileError`` where the name ends in none of ``ENDINGS``."""
    if path.suffix not in ENDINGS:
        raise FileError(f"{path} ends in none of {', '.join(ENDINGS)}, which say what kind of file to write")


def write_file(records: Sequence[Mapping[str, Any]], fields: Sequence[Field], path: Path) -> None:
    """Write CSV, JSON lines or Parquet, as the ending says, beside its place and move it in.

    Raises ``FileError`` where the ending is another or the place cannot be written.
    """
    check_ending(path)
    aside = path.with_name(f".{path.name}.aside")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            pq.write_table(arrow_table(records, fields), aside, compression="zstd")
        else:
            with open(aside, "w", encoding="utf-8", newline="") as out:
                if path.suffix == ".csv":
                    write_csv(records, fields, out)
                else:
                    write_jsonl(records, out)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise FileError(f"cannot write {path}: {error.strerror}; choose another place with --out") from error
