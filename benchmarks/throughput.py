"""Throughput, memory and rerun costs of the whole pipeline on generated articles.

python -m benchmarks.throughput --articles 2000 --workers 2
python -m benchmarks.throughput --articles 100000 --part whole --part reruns
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pyarrow.dataset as ds

from benchmarks.templates import write_files
from benchmarks.watch import Watch
from pipeline.run.stages import PER_ARTICLE

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\u4e00-\u9fff]+")
SPEED_UP, WORKER_MIB = 1.8, 2048
TENTHS = 2_000
"""Below so many articles a tenth is a chunk or two, and says nothing."""


def count_words(processed: Path) -> int:
    """Words of all texts: runs of letters, and each Han character as six tenths of one."""
    words = 0
    for batch in ds.dataset(processed / "articles", format="parquet").to_batches(columns=["text"]):
        for text in batch.column("text").to_pylist():
            words += len(_WORD.findall(text)) + len(_HAN.findall(text)) * 6 // 10
    return words


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: its wall-clock time from the process's start to its end, its own report, its memory."""

    wall: float
    report: dict[str, Any]
    watch: Watch

    @property
    def chunks(self) -> float:
        """Seconds of the stages over each article; the rest is planning, start-up and merging."""
        marks = self.report["marks"]
        return float(marks[-1][0] - marks[0][0]) if marks else 0.0

    def moment(self, share: float) -> tuple[float, int]:
        """When so great a share of the files was first done, and how many were."""
        wanted = share * self.report["files"]
        return next((t, n) for t, n in self.report["marks"] if n >= wanted and n > 0)

    @property
    def busy(self) -> float:
        """Processor seconds of all processes; other work on the machine does not stretch them much."""
        return self.watch.processor()

    @property
    def chunks_busy(self) -> float:
        """Processor seconds while the stages ran over each article."""
        marks = self.report["marks"]
        return self.watch.processor(marks[-1][0]) - self.watch.processor(marks[0][0])

    def per_article(self, start: float, end: float) -> tuple[float, float]:
        """Milliseconds for each article between two shares of the run: wall-clock, processor time."""
        (t0, n0), (t1, n1) = self.moment(start), self.moment(end)
        busy = self.watch.processor(t1) - self.watch.processor(t0)
        return 1000 * (t1 - t0) / max(1, n1 - n0), 1000 * busy / max(1, n1 - n0)


def measure(raw: Path, processed: Path, *options: str) -> Measured:
    """Run once in a new process and watch it; raises ``ClickException`` where the run fails."""
    command = [sys.executable, "-m", "benchmarks.one_run", str(raw), str(processed), *options]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, Watch(process.pid) as watch:
        output, _ = process.communicate()
    wall = time.monotonic() - began
    if process.returncode:
        raise click.ClickException(f"the run failed with exit code {process.returncode}")
    *before, last = output.strip().split("\n")
    if before:
        click.echo("\n".join(before))
    return Measured(wall, json.loads(last), watch)


def line(name: str, value: str, note: str = "") -> None:
    """Print a figure."""
    click.echo(f"{name:<34}{value:>22}   {note}".rstrip())


def rates(name: str, seconds: float, articles: int, words: int, note: str = "") -> None:
    """Print a time with articles and words a second."""
    line(name, f"{seconds:,.1f} s", f"{articles / seconds:7,.1f} articles/s {words / seconds:9,.0f} words/s  {note}")


def start_up(work: Path) -> None:
    """One article, cold, in a process of its own."""
    write_files(work / "one", 0, 1)
    line("start-up and one article", f"{measure(work / 'one', work / 'one-out').wall:.1f} s")


def stages(work: Path, raw: Path, workers: int, articles: int, words: int) -> None:
    """Each stage alone, over the tables of the one before."""
    for stage in PER_ARTICLE:
        found = measure(raw, work / "staged", "--only", stage, "--workers", str(workers))
        rates(f"stage {stage}", found.wall, articles, words, f"{found.busy:.1f} s of processor time; start-up is in")


def whole(work: Path, raw: Path, workers: int) -> Measured:
    """All stages from nothing; prints time, memory and evenness."""
    found = measure(raw, work / "out", "--workers", str(workers))
    articles, words = found.report["files"], count_words(work / "out")
    click.echo(f"\n{articles:,} articles, {words:,} words, {workers} workers")
    rates("whole run", found.wall, articles, words)
    rates("  processor time", found.busy, articles, words)
    rates("  stages over each article", found.chunks, articles, words)
    rates("    processor time", found.chunks_busy, articles, words)
    line("  planning, start-up, merging", f"{found.wall - found.chunks:,.1f} s")
    crew = found.watch.workers()
    early, late = (found.watch.around(crew, found.moment(s)[0]) for s in (0.1, 0.95))
    line("peak memory of one worker", f"{found.watch.peak(crew):,.0f} MiB", f"wanted: under {WORKER_MIB} MiB")
    line("  after a tenth, near the end", f"{early:,.0f}, {late:,.0f} MiB")
    line("peak memory of the command", f"{found.watch.peak([found.watch.root]):,.0f} MiB")
    (first, first_busy), (last, last_busy) = found.per_article(0.0, 0.1), found.per_article(0.9, 1.0)
    line("each article, first tenth", f"{first:.2f} ms", f"{first_busy:.2f} ms of processor time")
    line("each article, last tenth", f"{last:.2f} ms", f"{last_busy:.2f} ms of processor time")
    if articles >= TENTHS and first and first_busy:
        line("  change", f"{100 * (last / first - 1):+.1f} %",
             f"{100 * (last_busy / first_busy - 1):+.1f} % of processor time; wanted: within 10 %")  # fmt: skip
    return found


def reruns(work: Path, raw: Path, workers: int, full: Measured) -> None:
    """Again with nothing new, then with one article in a hundred new."""
    articles = full.report["files"]
    again = measure(raw, work / "out", "--workers", str(workers))
    line("rerun, nothing new", f"{again.wall:.1f} s", f"{again.busy:.1f} s of processor time; wanted: under 10 s")
    more = max(1, articles // 100)
    write_files(raw, articles, articles + more)
    grown = measure(raw, work / "out", "--workers", str(workers))
    limit = 0.03 * full.wall + 10
    processed = grown.report["processed"]
    line("rerun, 1 % new", f"{grown.wall:.1f} s",
         f"{grown.busy:.1f} s of processor time, {processed:,} processed; wanted: under {limit:.1f} s")  # fmt: skip


def beside_spacy(work: Path, workers: int, articles: int) -> None:
    """English articles: the whole pipeline, and spaCy's small pipeline alone, in turn."""
    raw = work / "english"
    write_files(raw, 0, articles, language="en")
    ours = measure(raw, work / "english-out", "--workers", str(workers))
    words = count_words(work / "english-out")
    command = [sys.executable, "-m", "benchmarks.spacy_small", str(raw), "--processes", str(workers)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    click.echo(f"\n{articles:,} English articles, {words:,} words, {workers} processes")
    rates("whole run, start-up and merging in", ours.wall, articles, words)
    rates("  processor time", ours.busy, articles, words)
    rates("  stages over each article", ours.chunks, articles, words)
    rates("    processor time", ours.chunks_busy, articles, words)
    if answer.returncode:
        line("spaCy's small English pipeline", "not measured")
        return
    theirs = json.loads(answer.stdout.strip().split("\n")[-1])
    rates("spaCy's small English pipeline", theirs["seconds"], articles, words, "loaded before")
    rates("  processor time", theirs["busy"], articles, words)
    line("stages beside spaCy", f"{theirs['seconds'] / ours.chunks:.2f} times its speed",
         f"{theirs['busy'] / ours.chunks_busy:.2f} times by processor time")  # fmt: skip


def speed_up(work: Path, raw: Path) -> None:
    """One worker, then two, over the same articles."""
    times = [measure(raw, work / f"workers-{n}", "--workers", str(n)) for n in (1, 2)]
    click.echo(f"\n{times[0].report['files']:,} articles, one worker and two")
    for name, time_ in zip(("one worker", "two workers"), times, strict=True):
        line(name, f"{time_.wall:.1f} s", f"stages {time_.chunks:.1f} s; {time_.busy:.1f} s of processor time")
    line("two workers are", f"{times[0].wall / times[1].wall:.2f} times one",
         f"stages {times[0].chunks / times[1].chunks:.2f} times; wanted: {SPEED_UP}")  # fmt: skip


PARTS = ("start", "stages", "whole", "reruns", "workers", "spacy")


@click.command()
@click.option("--articles", type=click.IntRange(min=10), default=2000, show_default=True, help="How many articles.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Processes.")
@click.option("--part", "parts", type=click.Choice(PARTS), multiple=True, help="Measure this only; may be repeated.")
@click.option("--profile", is_flag=True, help="Print where the processor's time goes, with one worker.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=None,
    help="Work here and leave it; else in a temporary folder.",
)
def main(articles: int, workers: int, parts: Iterable[str], profile: bool, folder: Path | None) -> None:
    """Measure the whole run, its stages, memory, reruns, and spaCy's small pipeline on the same articles.

    Example: python -m benchmarks.throughput --articles 2000
    """
    parts = tuple(parts) or PARTS
    work = folder or Path(tempfile.mkdtemp(prefix="communique-benchmark-"))
    click.echo(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    try:
        raw = work / "raw"
        if {"stages", "whole", "reruns", "workers"} & set(parts) or profile:
            write_files(raw, 0, articles)
        if profile:
            measure(raw, work / "profiled", "--profile")
            return
        if "start" in parts:
            start_up(work)
        if "workers" in parts:
            speed_up(work, raw)
        full = whole(work, raw, workers) if {"whole", "reruns", "stages"} & set(parts) else None
        if full and "stages" in parts:
            stages(work, raw, workers, articles, count_words(work / "out"))
        if full and "reruns" in parts:
            reruns(work, raw, workers, full)
        if "spacy" in parts:
            beside_spacy(work, workers, articles)
    finally:
        if folder is None:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
