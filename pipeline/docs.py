"""Prints the tables that the documentation shows, from the code itself: ``make docs``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pipeline.core.schemas import markdown, overview
from pipeline.events.codes import CODES
from pipeline.export import DYAD_FIELDS
from pipeline.queries.records import EVENT_FIELDS, STORY_FIELDS, Field


def codes_markdown() -> str:
    """The CAMEO and PLOVER codes of each combination of type, mode and status."""
    lines = ["| type | mode | status | CAMEO | PLOVER |", "|---|---|---|---|---|"]
    lines += [f"| {c.type} | {c.mode or '-'} | {c.status} | {c.cameo or '-'} | {c.plover or '-'} |" for c in CODES]
    return "\n".join(lines) + "\n"


def fields_markdown(fields: Sequence[Field]) -> str:
    """The fields of a record, as a table."""
    lines = ["| field | kind | holds |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{f.name}` | {f.kind} | {f.doc} |" for f in fields)]) + "\n"


SECTIONS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"tables": overview},
    "docs/schema.md": {"tables": markdown},
    "docs/codes.md": {"codes": codes_markdown},
    "docs/queries.md": {
        "events": lambda: fields_markdown(EVENT_FIELDS),
        "stories": lambda: fields_markdown(STORY_FIELDS),
    },
    "docs/other-datasets.md": {"dyads": lambda: fields_markdown(DYAD_FIELDS)},
}
"""File -> marker -> what stands between ``<!-- begin MARKER -->`` and ``<!-- end MARKER -->``."""


def render(text: str, sections: Mapping[str, Callable[[], str]]) -> str:
    """Put each section anew between its markers; raises ``ValueError`` where a marker is missing."""
    for marker, make in sections.items():
        pattern = re.compile(rf"(<!-- begin {marker} -->\n).*?(<!-- end {marker} -->)", re.S)
        match = pattern.search(text)
        if match is None:
            raise ValueError(f"no markers for {marker}")
        before, after = text[: match.start()], text[match.end() :]
        text = before + match.group(1) + make() + match.group(2) + after
    return text


def main(root: Path = Path()) -> None:
    """Write the sections into their files under ``root``."""
    for name, sections in SECTIONS.items():
        path = root / name
        path.write_text(render(path.read_text(encoding="utf-8"), sections), encoding="utf-8")


if __name__ == "__main__":
    main()
