"""What a run ends with: counts by language and type from the tables themselves."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from rich.console import Console
from rich.table import Table

from pipeline.run.runner import Outcome

_TYPES = ("meeting", "call", "statement")


def _column_counts(processed: Path, table: str, columns: list[str]) -> dict[tuple[str, ...], int]:
    folder = processed / table
    if not folder.is_dir():
        return {}
    data: pa.Table = ds.dataset(folder, format="parquet").to_table(columns=columns)
    grouped = data.group_by(columns).aggregate([([], "count_all")])
    keys = zip(*(grouped.column(c).to_pylist() for c in columns), strict=True)
    return dict(zip(keys, grouped.column("count_all").to_pylist(), strict=True))


def print_summary(processed: Path, console: Console) -> None:
    """Print articles, sentences, names and events by type for each language, and the failures."""
    articles = _column_counts(processed, "articles", ["language"])
    sentences = _column_counts(processed, "sentences", ["language"])
    names = _by_language(processed, "mentions", "kind")
    events = _by_language(processed, "events", "type")
    table = Table(title=None, header_style="bold", pad_edge=False, box=None)
    table.add_column("language")
    for head in ("articles", "sentences", "names", *(t + "s" for t in _TYPES)):
        table.add_column(head, justify="right")
    languages = sorted({k[0] for k in articles} | {k[0] for k in sentences}, key=lambda v: (v is None, v or ""))
    for language in languages:
        row = [articles.get((language,), 0), sentences.get((language,), 0), names.get((language, "name"), 0)]
        row += [events.get((language, t), 0) for t in _TYPES]
        table.add_row(language or "unknown", *(f"{n:,}" for n in row))
    if len(languages) > 1:
        totals = [sum(articles.values()), sum(sentences.values()),
                  sum(n for (_, kind), n in names.items() if kind == "name")]  # fmt: skip
        totals += [sum(n for (_, type_), n in events.items() if type_ == t) for t in _TYPES]
        table.add_row("all", *(f"{n:,}" for n in totals), style="bold")
    console.print(table)
    failures = _column_counts(processed, "failures", ["stage", "error"])
    for (stage, error), count in sorted(failures.items()):
        console.print(f"failed in {stage}: {count:,} x {error}", style="yellow", markup=False)


def _by_language(processed: Path, table: str, column: str) -> dict[tuple[str, str], int]:
    """Rows of a table by the language of their sentence and a column of theirs."""
    if not (processed / table).is_dir():
        return {}
    rows = ds.dataset(processed / table, format="parquet").to_table(columns=["article_id", "sentence_id", column])
    sentences = ds.dataset(processed / "sentences", format="parquet").to_table(
        columns=["article_id", "sentence_id", "language"]
    )
    joined = rows.join(sentences, ["article_id", "sentence_id"])
    grouped = joined.group_by(["language", column]).aggregate([([], "count_all")])
    counts = pc.cast(grouped.column("count_all"), pa.int64()).to_pylist()
    keys = zip(grouped.column("language").to_pylist(), grouped.column(column).to_pylist(), strict=True)
    return dict(zip(keys, counts, strict=True))


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
