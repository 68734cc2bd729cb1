"""Hostile inputs by the thousand through the whole pipeline, with what must hold checked on each batch.

python benchmarks/fuzz.py --inputs 10000

Inputs come from ``fuzz_inputs``. Each batch is a raw folder of its own; ``communique``'s run reads it
in a child process. What must hold: the child lives, no article meets the time limit, memory stays
bounded, nothing is written outside the output folder, every file gives an article or a failure, and
every offset points at the text that the row says.
"""

from __future__ import annotations

import collections
import io
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import click
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fuzz_inputs import Input, giants, inputs
from pipeline.core.config import Config, Entities, Events, Run
from pipeline.run import run

RULES = (Entities(engine="gazetteer"), Events(engine="rules"))
MODEL = (Entities(engine="multilingual"), Events(engine="auto"))
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")


@dataclass(slots=True)
class Report:
    """What a batch, or all of them, came to."""

    inputs: int = 0
    articles: int = 0
    sentences: int = 0
    events: int = 0
    seconds: float = 0.0
    peak_mb: int = 0
    slowest: tuple[float, str] = (0.0, "")
    failures: collections.Counter[str] = field(default_factory=collections.Counter)
    defects: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take another report into this one."""
        self.inputs += other.inputs
        self.articles += other.articles
        self.sentences += other.sentences
        self.events += other.events
        self.seconds += other.seconds
        self.peak_mb = max(self.peak_mb, other.peak_mb)
        self.slowest = max(self.slowest, other.slowest)
        self.failures += other.failures
        self.defects += other.defects


def check_batch(batch: list[Input], folder: Path, *, model: bool = False, seconds: float = 30.0) -> Report:
    """Run a batch in ``folder`` and check everything that must hold of its tables."""
    raw, processed = folder / "raw", folder / "processed"
    raw.mkdir(parents=True)
    for one in batch:
        (raw / one.name).write_bytes(one.data)
    entities, events = MODEL if model else RULES
    config = Config(entities=entities, events=events, run=Run(workers=1, seconds_per_article=seconds))
    began = time.monotonic()
    run(raw=raw, processed=processed, config=config, workers=1)
    report = Report(inputs=len(batch), seconds=time.monotonic() - began)
    report.slowest = (report.seconds / len(batch), batch[0].name)
    report.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _check_tables(report, {one.name for one in batch}, processed)
    strays = sorted(p.name for p in folder.iterdir() if p.name not in ("raw", "processed"))
    report.defects += [f"a file beside the output: {name}" for name in strays]
    changed = [one.name for one in batch if (raw / one.name).read_bytes() != one.data]
    report.defects += [f"an input was changed: {name}" for name in changed]
    return report


def _rows(processed: Path, table: str) -> list[dict[str, Any]]:
    return [
        row for part in sorted((processed / table).glob("part-*.parquet")) for row in pq.read_table(part).to_pylist()
    ]


def _check_tables(report: Report, names: set[str], processed: Path) -> None:
    articles = {row["article_id"]: row for row in _rows(processed, "articles")}
    failures = _rows(processed, "failures")
    report.articles = len(articles)
    for row in failures:
        report.failures[row["error"]] += 1
        if row["error"] == "TimeLimit":
            report.defects.append(f"{row['source']}: TimeLimit in {row['stage']}")
        # Kinds that the readers name are answers; a bare exception of Python is a bug that was caught.
        if row["error"] in _BUGS:
            report.defects.append(f"{row['source']}: {row['error']} in {row['stage']}: {row['message'][:150]}")
    told = {row["source"] for row in articles.values()} | {row["source"] for row in failures}
    report.defects += [f"{name}: neither an article nor a failure" for name in sorted(names - told)]
    spans = {"sentences": (("start", "end", "text"),), "mentions": (("start", "end", "text"),),
             "events": (("start", "end", "trigger"), ("quote_start", "quote_end", "quote")),
             "arguments": (("start", "end", "text"),)}  # fmt: skip
    for table, columns in spans.items():
        rows = _rows(processed, table)
        if table in ("sentences", "events"):
            setattr(report, table, len(rows))
        for row in rows:
            article = articles.get(row["article_id"])
            if article is None:
                report.defects.append(f"{table}: a row of no article")
                continue
            for start, end, text in columns:
                if row[start] is not None and article["text"][row[start] : row[end]] != row[text]:
                    report.defects.append(f"{article['source']}: {table}.{text} is not the text at its offsets")
    for row in _rows(processed, "sentences"):
        if "\n" in row["text"] or not row["text"].strip():
            report.defects.append(f"{articles[row['article_id']]['source']}: an empty sentence, or one over a line")


_BUGS = frozenset(
    ("AttributeError", "TypeError", "KeyError", "IndexError", "AssertionError", "ZeroDivisionError", "UnboundLocalError", "NameError",
     "UnicodeEncodeError", "UnicodeDecodeError", "OverflowError", "ArrowInvalid", "ArrowTypeError", "StopIteration", "RecursionError",
     "MemoryError", "error", "ValueError", "LookupError", "NotImplementedError", "RuntimeError", "SystemError", "XMLSyntaxError")
)  # fmt: skip


def _is_within(path: str, folder: Path) -> bool:
    return path == os.devnull or Path(os.path.normpath(Path.cwd() / path)).is_relative_to(folder)


def _watch_writes(allowed: Path, seen: list[str]) -> None:
    """Note every file that Python code opens for writing, makes, moves or removes elsewhere."""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            if not (isinstance(mode, str) and set(mode) & set("wax+")) and not (mode is None and flags & WRITES):
                return
            paths: tuple[Any, ...] = (path,)
        elif event in _CHANGES:
            paths = args[:2]
        else:
            return
        for path in paths:
            if isinstance(path, (str, bytes, os.PathLike)) and not _is_within(os.fsdecode(path), allowed):
                seen.append(f"{event}: {os.fsdecode(path)!r}")

    sys.addaudithook(hook)


def _child(pipe: Connection, home: Path, model: bool) -> None:
    os.chdir(home)
    os.environ.update(HOME=str(home), TMPDIR=str(home))
    sys.stderr = io.StringIO()
    written: list[str] = []
    _watch_writes(home, written)
    while (job := pipe.recv()) is not None:
        number, batch, seconds = job
        try:
            report = check_batch(batch, home / str(number), model=model, seconds=seconds)
        except BaseException as error:
            report = Report(
                inputs=len(batch), defects=[f"the run ended with {type(error).__name__}: {str(error)[:300]}"]
            )
        strays = [p.name for p in home.iterdir() if not p.name.isdigit()]
        report.defects += [f"written outside: {one}" for one in (*written, *strays)]
        written.clear()
        pipe.send(report)


class Runner:
    """Hands batches to a child process; a batch that kills or holds it is cut down to the culprit."""

    def __init__(self, *, model: bool, seconds: float) -> None:
        self._model, self._seconds = model, seconds
        self._home = tempfile.TemporaryDirectory(prefix="fuzz-")
        self._number = 0
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_child, args=(theirs, Path(self._home.name), self._model), daemon=True)
        self._process.start()

    def check(self, batch: list[Input], patience: float) -> Report:
        """Check a batch; the child may take ``patience`` seconds for it."""
        self._number += 1
        began = time.monotonic()
        self._pipe.send((self._number, batch, self._seconds))
        fate = "hangs"
        if self._pipe.poll(patience):
            try:
                report: Report = self._pipe.recv()
                ended = [one for one in report.defects if one.startswith("the run ended")]
                if not ended or len(batch) == 1:
                    return report
                fate = ended[0]
            except EOFError:
                fate = "dies"
        if not fate.startswith("the run"):
            self._process.kill()
            self._process.join()
            fate += f" (exit code {self._process.exitcode}, {time.monotonic() - began:.0f} s)"
            self._start()
        if len(batch) == 1:
            return Report(inputs=1, defects=[f"{batch[0].name}: the process {fate}"])
        halves = Report()
        for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]):
            halves.add(self.check(half, patience / 2))
        halves.defects = halves.defects or [f"the process {fate} on a batch from {batch[0].name}, not on its halves"]
        return halves

    def close(self) -> None:
        """End the child and remove what it wrote."""
        self._pipe.send(None)
        self._process.join(10)
        self._process.kill()
        self._home.cleanup()


def batches(source: Iterator[Input], size: int) -> Iterator[list[Input]]:
    """Cut a stream of inputs into batches."""
    while batch := list(islice(source, size)):
        yield batch


@click.command()
@click.option("--inputs", "count", type=click.IntRange(min=1), default=10_000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--batch", "size", type=click.IntRange(min=1), default=50, show_default=True, help="Files in a run.")
@click.option("--model-share", type=click.FloatRange(0, 1), default=0.05, show_default=True,
              help="Share of the batches that go through the real model.")  # fmt: skip
@click.option("--giants/--no-giants", "with_giants", default=True, help="Also some inputs of up to 100 MB.")
@click.option("--keep", type=click.Path(path_type=Path), default=None, help="Write the inputs of defects here.")
@click.option("--seconds", type=float, default=30.0, show_default=True, help="Time limit an article and stage.")
def main(
    count: int, seed: int, size: int, model_share: float, with_giants: bool, keep: Path | None, seconds: float
) -> None:
    """Send hostile inputs through the pipeline and print what came of them; exit code 1 with a defect.

    Example: python benchmarks/fuzz.py --inputs 10000
    """
    total = Report()
    every = round(1 / model_share) if model_share else 0
    kinds: dict[bool, Runner] = {}
    began = time.monotonic()

    def take(batch: list[Input], model: bool, patience: float) -> None:
        if model not in kinds:
            kinds[model] = Runner(model=model, seconds=seconds)
        report = kinds[model].check(batch, patience)
        if report.defects:
            click.echo("\n".join(f"  {'model' if model else 'rules'} {one}" for one in report.defects))
            for one in batch if keep else ():
                if any(one.name in defect for defect in report.defects):
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / one.name).write_bytes(one.data)
        total.add(report)

    for number, batch in enumerate(batches(inputs(count, seed), size)):
        model = bool(every) and number % every == every - 1
        take(batch, model, 120 + seconds * len(batch))
        if number % 4 == 3:
            click.echo(
                f"{total.inputs:,} inputs, {time.monotonic() - began:.0f} s, peak {total.peak_mb:,} MB, {len(total.defects)} defects"
            )
    if with_giants:
        for one in giants():
            at = time.monotonic()
            before = total.articles
            take([one], False, 3600)
            click.echo(
                f"{one.name}: {len(one.data):,} bytes, {time.monotonic() - at:.1f} s, {'article' if total.articles > before else 'failure'}"
            )
    for runner in kinds.values():
        runner.close()
    click.echo(
        f"inputs {total.inputs:,}, articles {total.articles:,}, sentences {total.sentences:,}, events {total.events:,}"
    )
    click.echo("failures " + ", ".join(f"{kind} {n:,}" for kind, n in total.failures.most_common()))
    click.echo(
        f"seconds {time.monotonic() - began:.0f}, slowest batch {total.slowest[0]:.2f} s an input (from {total.slowest[1]}), peak {total.peak_mb:,} MB"
    )
    click.echo(f"defects {len(total.defects)}")
    sys.exit(1 if total.defects else 0)


if __name__ == "__main__":
    main()
