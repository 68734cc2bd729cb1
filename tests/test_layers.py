"""Packages import only what stands before them in the flow, so that none needs what needs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PIPELINE = Path(__file__).parents[1] / "pipeline"
FLOW = (
    "core", "model", "languages", "articles", "language", "entities", "events", "stories",
    "load", "plots", "queries", "report", "run", "evaluation", "cli",
)  # fmt: skip


def imported(package: str) -> Iterator[tuple[str, str]]:
    """The packages of the pipeline that a package's modules import, each with the module."""
    for path in sorted((PIPELINE / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{a.name}" for a in node.names]
            for name in names:
                top, _, rest = name.partition(".")
                if top == "pipeline":
                    yield rest.split(".")[0], path.relative_to(PIPELINE).as_posix()


def test_the_flow_has_every_package() -> None:
    packages = {path.parent.name for path in PIPELINE.glob("*/__init__.py")}
    assert packages == set(FLOW)


@pytest.mark.parametrize("package", FLOW)
def test_imports_follow_the_flow(package: str) -> None:
    later = FLOW[FLOW.index(package) + 1 :]
    assert [(name, module) for name, module in imported(package) if name in later] == []
