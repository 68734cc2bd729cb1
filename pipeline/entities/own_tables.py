"""A user's own people, organisations and places: a CSV file with some of the packaged tables' columns."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping

from pipeline.core.additions import AddedFile
from pipeline.core.config import ConfigError

COLUMNS = (
    "entity_id", "label", "name_en", "name_ar", "name_zh", "aliases_en", "aliases_ar", "aliases_zh",
    "country", "role", "start", "end", "wikidata_id", "ambiguous",
)  # fmt: skip
"""What a file may have; one of the names is enough. Their meaning: ``tables/README.md``."""

_LABELS = ("PER", "ORG", "GPE", "LOC")
_DAYS = re.compile(r"(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?")


def read_own_table(file: AddedFile) -> Iterator[dict[str, str]]:
    """Rows with all the columns of the packaged tables.

    Without an id, a row gets its Wikidata id or one made from its name. Raises ``ConfigError`` with
    the file, the line and what to change.
    """
    path = file.path
    reader = csv.DictReader(io.StringIO(file.text(), newline=""))
    unknown = [c for c in reader.fieldnames or () if c not in (*COLUMNS, "checked")]
    if unknown or not reader.fieldnames:
        raise ConfigError(
            f"{path} has the unknown column {(unknown or ['(none)'])[0]!r}; known are {', '.join(COLUMNS)}"
        )
    for row in reader:
        full = {column: (row.get(column) or "").strip() for column in COLUMNS}
        problem = _problem(row, full)
        if problem:
            raise ConfigError(f"{path}, line {reader.line_num}: {problem}")
        full["label"] = full["label"] or "PER"
        full["name_en"] = full["name_en"] or full["name_ar"] or full["name_zh"]
        full["entity_id"] = full["entity_id"] or full["wikidata_id"] or _own_id(full["name_en"])
        yield full


def _problem(row: Mapping[str | None, object], full: Mapping[str, str]) -> str | None:
    if row.get(None):
        return "has more cells than the heading; names with commas need quotes"
    if not (full["name_en"] or full["name_ar"] or full["name_zh"]):
        return "has no name; give name_en, name_ar or name_zh"
    if full["label"] not in ("", *_LABELS):
        return f"label is {full['label']!r}; it must be one of {', '.join(_LABELS)}"
    if full["country"] and not re.fullmatch(r"[A-Z]{2}", full["country"]):
        return f"country is {full['country']!r}; it must be an ISO code of two letters such as EG"
    if full["entity_id"].startswith("x") or re.search(r"\s", full["entity_id"]):
        return f"entity_id is {full['entity_id']!r}; it must not begin with x nor hold spaces"
    for column in ("start", "end"):
        wrong = next((d for d in full[column].split("|") if not _DAYS.fullmatch(d.strip())), None)
        if wrong is not None:
            return f"{column} is {wrong!r}; it must be a day, month or year such as 2025-03-01, 2025-03 or 2025"
    return None


def _own_id(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "own-" + re.sub(r"[\W_]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
