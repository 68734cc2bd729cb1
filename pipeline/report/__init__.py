"""A self-contained HTML page of the tables: stories and what became of them, parties, events, articles."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.report.gather import gather
from pipeline.report.page import render
from pipeline.report.tables import ReportError

__all__ = ["ReportError", "Written", "write_report"]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where, its size in bytes, and the articles that it holds in full."""

    path: Path
    size: int
    articles: int
    of: int


def write_report(processed: Path, out: Path, *, limit: int | None = None) -> Written:
    """Write the page of the tables in ``processed`` to ``out``, whole or not at all.

    ``limit`` is the number of articles in full, 0 for all; ``None`` keeps the page near 5 MB at
    most. The same tables give the same bytes. Raises ``ReportError`` with what to do where the
    tables are missing or ``out`` cannot be written.
    """
    data = gather(processed, limit=limit)
    content = render(data, version=__version__).encode("utf-8")
    aside = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(out)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise ReportError(f"cannot write {out}: {error.strerror}; choose another place with --out") from error
    return Written(out, len(content), data["choice"]["articles"], data["choice"]["of"])
