"""One run in a process of its own, its figures as a line of JSON: what ``benchmarks.throughput`` measures.

python -m benchmarks.one_run RAW PROCESSED --workers 2
"""

from __future__ import annotations

import cProfile
import json
import pstats
import time
from pathlib import Path

import click

from pipeline.core.config import load_config
from pipeline.run import Progress, run

LINES = 45


@click.command()
@click.argument("raw", type=click.Path(path_type=Path))
@click.argument("processed", type=click.Path(path_type=Path))
@click.option("--workers", default=1)
@click.option("--only", default=None)
@click.option("--profile", is_flag=True)
def main(raw: Path, processed: Path, workers: int, only: str | None, profile: bool) -> None:
    """Run once; prints seconds, counts, and when each part of the files was done (``marks``)."""
    began = time.time()
    marks: list[tuple[float, int]] = []

    def note(progress: Progress) -> None:
        marks.append((time.time(), progress.done))

    # The processor's time, not the clock's: other processes do not blur it.
    profiler = cProfile.Profile(time.process_time) if profile else None
    if profiler:
        profiler.enable()
    outcome = run(raw=raw, processed=processed, config=load_config(), only=only, workers=workers, on_progress=note)
    if profiler:
        profiler.disable()
        statistics = pstats.Stats(profiler).strip_dirs()
        statistics.sort_stats("tottime").print_stats(LINES)
        statistics.sort_stats("cumtime").print_stats(LINES)
    found = {"seconds": outcome.seconds, "files": outcome.files, "processed": outcome.processed,
             "failures": outcome.failures, "began": began, "marks": marks}  # fmt: skip
    click.echo(json.dumps(found))


if __name__ == "__main__":
    main()
