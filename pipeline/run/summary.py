"""What a run ends with: counts by language and type from the tables themselves."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.core.views import TablesError, open_views
from pipeline.run.runner import Outcome

_TYPES = ("meeting", "call", "statement")
_OF_SENTENCE = "LEFT JOIN sentences s USING (article_id, sentence_id)"
_COUNTS = {
    "articles": "SELECT language, count(*) FROM articles GROUP BY ALL",
    "sentences": "SELECT language, count(*) FROM sentences GROUP BY ALL",
    "names": f"SELECT s.language, count(*) FROM mentions m {_OF_SENTENCE} WHERE m.kind = 'name' GROUP BY ALL",
    **{
        f"{kind}s": f"SELECT s.language, count(*) FROM events e {_OF_SENTENCE} WHERE e.type = '{kind}' GROUP BY ALL"
        for kind in _TYPES
    },
}
"""What is counted by language; that of a name or an event is its sentence's."""
_FAILURES = "SELECT stage, error, count(*) FROM failures GROUP BY ALL ORDER BY stage, error"


def print_summary(processed: Path, console: Console) -> None:
    """Print articles, sentences, names and events by type for each language, and the failures."""
    try:
        with open_views(processed, required=()) as tables:
            counts = {what: dict(tables.execute(query).fetchall()) for what, query in _COUNTS.items()}
            failures = tables.execute(_FAILURES).fetchall()
    except TablesError as error:
        console.print(f"no summary: {error}", style="yellow", markup=False)
        return
    table = Table(title=None, header_style="bold", pad_edge=False, box=None)
    table.add_column("language")
    for head in _COUNTS:
        table.add_column(head, justify="right")
    languages = sorted({*counts["articles"], *counts["sentences"]}, key=lambda v: (v is None, v or ""))
    for language in languages:
        table.add_row(language or "unknown", *(f"{of.get(language, 0):,}" for of in counts.values()))
    if len(languages) > 1:
        table.add_row("all", *(f"{sum(of.values()):,}" for of in counts.values()), style="bold")
    console.print(table)
    for stage, kind, count in failures:
        console.print(f"failed in {stage}: {count:,} x {kind}", style="yellow", markup=False)


def last_line(outcome: Outcome, processed: Path) -> str:
    """One line on what the run did, the last that it prints."""
    failures = (
        "no failures"
        if not outcome.failures
        else (f"{outcome.failures:,} failure{'s' if outcome.failures != 1 else ''} (see {processed / 'failures'})")
    )
    return (
        f"{outcome.processed:,} of {outcome.files:,} files processed, {outcome.reused:,} unchanged, "
        f"{failures}, {outcome.seconds:.1f} s"
    ) + ("; entities and stories are those of before: communique stage stories" if outcome.stories_stale else "")
