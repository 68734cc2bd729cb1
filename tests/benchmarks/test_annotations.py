"""The annotated sets are sound: every string stands where it is said to, and every value is one of the guideline's."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluation.gold import locate

ROOT = Path(__file__).resolve().parents[2] / "benchmarks"
ROLES = {
    "meeting": {"participant", "place", "time"},
    "call": {"participant", "place", "time"},
    "statement": {"speaker", "addressee", "place", "time"},
}
STATUSES = {"actual", "planned", "cancelled", "negated", "possible"}
LETTER = {"M": "meeting", "C": "call", "S": "statement"}


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(params=["gold", "unseen"])
def folder(request: pytest.FixtureRequest) -> Path:
    """Each annotated set."""
    return ROOT / str(request.param)


def test_each_raw_article_is_its_text_with_the_date_above(folder: Path) -> None:
    documents = {(m["doc"], m["lang"]): m["published"] for m in _rows(folder, "meta.jsonl")}
    names = {f"{doc}.{lang}.txt" for doc, lang in documents}
    assert names == {p.name for p in (folder / "text").iterdir()} == {p.name for p in (folder / "raw").iterdir()}
    for (doc, lang), published in documents.items():
        text = (folder / "text" / f"{doc}.{lang}.txt").read_text(encoding="utf-8")
        raw = (folder / "raw" / f"{doc}.{lang}.txt").read_text(encoding="utf-8")
        assert raw.strip() == f"---\ndate: {published}\n---\n\n{text}".strip()


def test_each_annotation_points_into_its_text(folder: Path) -> None:
    order: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in _rows(folder, "events.jsonl"):
        text = (folder / "text" / f"{row['doc']}.{row['lang']}.txt").read_text(encoding="utf-8")
        lines = tuple(text.split("\n"))
        trigger = locate(lines, row["line"], row["trigger"])
        order[row["doc"], row["lang"]].append((trigger.line, trigger.start))
        for _, mention, _ in row["args"]:
            locate(lines, row["line"], mention)
    if folder.name == "unseen":
        assert all(places == sorted(places) for places in order.values())


def test_each_annotation_has_the_guidelines_values(folder: Path) -> None:
    for row in _rows(folder, "events.jsonl"):
        assert row["status"] in STATUSES
        assert {role for role, _, _ in row["args"]} <= ROLES[row["type"]], row
        assert LETTER[row["ev"].rsplit("-", 1)[-1][0]] == row["type"]
        for role, _, entity in row["args"]:
            if role != "time":
                assert entity
            elif entity:
                assert re.fullmatch(r"\d{4}(-\d\d(-\d\d(/\d{4}-\d\d-\d\d)?)?)?", entity), row
                assert [date.fromisoformat(day) for day in entity.split("/")] if len(entity) > 7 else True
