"""Annotated events in the guideline's format (docs/guideline.md), read and located in their texts."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_KEY = re.compile(r"(.*?)(?:#(\d+))?(?:@(\d+))?", re.S)
_FILE = re.compile(r"(.+)\.(en|ar|zh)\.txt")


class EvaluationError(Exception):
    """Gold or texts are missing or do not fit; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A span within one line of a text."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GoldArgument:
    """An annotated argument: role, span, its text, and the entity or ISO time that it stands for."""

    role: str
    place: Place
    text: str
    entity: str


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An annotated event mention."""

    event: str
    type: str
    status: str
    trigger: str
    place: Place
    arguments: tuple[GoldArgument, ...]


@dataclass(frozen=True, slots=True)
class GoldText:
    """One text in one language with its annotated events; ``lines`` are counted from 0."""

    document: str
    language: str
    lines: tuple[str, ...]
    events: tuple[GoldEvent, ...]

    @property
    def file(self) -> str:
        """The text's file name."""
        return f"{self.document}.{self.language}.txt"


def locate(lines: tuple[str, ...], line: int, key: str) -> Place:
    """Find an annotated string: ``said#2`` is the second in the line, ``Paris@3`` stands in line 3.

    Raises ``EvaluationError`` where it is not there.
    """
    match = _KEY.fullmatch(key)
    assert match is not None
    text, nth, other = match.group(1), int(match.group(2) or 1), match.group(3)
    line = line if other is None else int(other)
    at = -1
    for _ in range(nth):
        at = lines[line].find(text, at + 1) if line < len(lines) else -1
        if at < 0:
            raise EvaluationError(f"{key!r} is not in line {line}: gold and text do not fit")
    return Place(line, at, at + len(text))


def read_gold(gold: Path, text_dir: Path | None = None) -> list[GoldText]:
    """Read the annotations and their texts; texts without any event count, too.

    ``gold`` is the JSON-lines file or a folder with ``events.jsonl`` and ``text/``. Raises
    ``EvaluationError`` with the remedy.
    """
    file = gold / "events.jsonl" if gold.is_dir() else gold
    text_dir = text_dir or file.parent / "text"
    if not file.is_file():
        raise EvaluationError(f"there is no {file}; name the annotations with --gold")
    if not text_dir.is_dir():
        raise EvaluationError(f"there is no folder {text_dir}; name the texts' folder with --text")
    rows: dict[tuple[str, str], list[dict[str, object]]] = defaultdict(list)
    for number, raw in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if raw.strip():
            try:
                row = json.loads(raw)
                rows[row["doc"], row["lang"]].append(row)
            except (ValueError, KeyError, TypeError) as error:
                raise EvaluationError(f"{file}, line {number}: not an annotation ({error})") from error
    names = set(rows)
    for path in text_dir.iterdir():
        if match := _FILE.fullmatch(path.name):
            names.add((match.group(1), match.group(2)))
    return [_text(text_dir, document, language, rows[document, language]) for document, language in sorted(names)]


def _text(text_dir: Path, document: str, language: str, rows: list[dict[str, object]]) -> GoldText:
    path = text_dir / f"{document}.{language}.txt"
    try:
        lines = tuple(path.read_text(encoding="utf-8").split("\n"))
    except OSError as error:
        raise EvaluationError(f"cannot read {path}: {error.strerror}") from error
    return GoldText(document, language, lines, tuple(_event(lines, row) for row in rows))


def _event(lines: tuple[str, ...], row: dict[str, object]) -> GoldEvent:
    line = int(str(row["line"]))
    arguments = tuple(
        GoldArgument(str(role), locate(lines, line, str(text)), str(text), str(entity or ""))
        for role, text, entity in row["args"]  # type: ignore[attr-defined]
    )
    return GoldEvent(
        str(row["ev"]), str(row["type"]), str(row["status"]), str(row["trigger"]),
        locate(lines, line, str(row["trigger"])), arguments,
    )  # fmt: skip
