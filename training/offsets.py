"""Annotations of other people's texts: kept as offsets with the text's hash, never with the text.

    python -m training.offsets pack EVENTS.jsonl TEXTS OUT.jsonl
    python -m training.offsets unpack OFFSETS.jsonl TEXTS EVENTS.jsonl

``pack`` turns the guideline's JSON lines into one line a text: {"doc", "lang", "sha256", "events":
[{"ev", "type", "status", "trigger": [line, start, end], "args": [[role, line, start, end, entity]]}]},
offsets in code points of the line. ``unpack`` turns them back, for texts whose hash fits.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import click

from pipeline.evaluation.gold import locate


def pack(annotations: Path, texts: Path) -> list[dict[str, Any]]:
    """Turn annotations into offsets; raises ``EvaluationError`` where text and annotation do not fit."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for raw in annotations.read_text(encoding="utf-8").splitlines():
        if raw.strip():
            row = json.loads(raw)
            rows[row["doc"], row["lang"]].append(row)
    packed = []
    for doc, lang in sorted(rows):
        data = (texts / f"{doc}.{lang}.txt").read_bytes()
        lines = tuple(data.decode("utf-8").split("\n"))
        events = []
        for row in rows[doc, lang]:
            trigger = locate(lines, row["line"], row["trigger"])
            arguments = [
                [role, place.line, place.start, place.end, entity]
                for role, key, entity in row["args"]
                for place in [locate(lines, row["line"], key)]
            ]
            events.append(
                {
                    "ev": row["ev"],
                    "type": row["type"],
                    "status": row["status"],
                    "trigger": [trigger.line, trigger.start, trigger.end],
                    "args": arguments,
                }
            )
        packed.append({"doc": doc, "lang": lang, "sha256": hashlib.sha256(data).hexdigest(), "events": events})
    return packed


def unpack(offsets: Path, texts: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Turn offsets back into the guideline's lines; the names of texts that are missing or differ
    come second."""
    events: list[dict[str, Any]] = []
    unfit: list[str] = []
    for raw in offsets.read_text(encoding="utf-8").splitlines():
        row = json.loads(raw)
        path = texts / f"{row['doc']}.{row['lang']}.txt"
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != row["sha256"]:
            unfit.append(path.name)
            continue
        lines = data.decode("utf-8").split("\n")
        for event in row["events"]:
            line, start, end = event["trigger"]
            arguments = [
                [role, _key(lines, at, first, last) + ("" if at == line else f"@{at}"), entity]
                for role, at, first, last, entity in event["args"]
            ]
            events.append(
                {
                    "doc": row["doc"],
                    "lang": row["lang"],
                    "line": line,
                    "ev": event["ev"],
                    "type": event["type"],
                    "trigger": _key(lines, line, start, end),
                    "status": event["status"],
                    "args": arguments,
                }
            )
    return events, unfit


def _key(lines: list[str], line: int, start: int, end: int) -> str:
    """The string at a span, with ``#n`` where it is not the first such in its line."""
    text = lines[line][start:end]
    nth, at = 1, lines[line].find(text)
    while at != start:
        nth, at = nth + 1, lines[line].find(text, at + 1)
    return text if nth == 1 else f"{text}#{nth}"


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


@click.group()
def main() -> None:
    """Annotations as offsets, and back."""


@main.command("pack")
@click.argument("annotations", type=click.Path(path_type=Path, exists=True))
@click.argument("texts", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
def pack_command(annotations: Path, texts: Path, out: Path) -> None:
    """Turn the guideline's JSON lines into offsets with the texts' hashes."""
    rows = pack(annotations, texts)
    _write(out, rows)
    click.echo(f"{len(rows)} texts, {sum(len(r['events']) for r in rows)} events")


@main.command("unpack")
@click.argument("offsets", type=click.Path(path_type=Path, exists=True))
@click.argument("texts", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
def unpack_command(offsets: Path, texts: Path, out: Path) -> None:
    """Turn offsets back into the guideline's JSON lines."""
    events, unfit = unpack(offsets, texts)
    _write(out, events)
    click.echo(f"{len(events)} events; {len(unfit)} texts missing or different: {', '.join(unfit[:5])}")


if __name__ == "__main__":
    main()
