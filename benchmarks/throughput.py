"""Throughput of the whole run: the sample articles repeated to a number, each stage timed.

python benchmarks/throughput.py --articles 5000 --workers 2
"""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from pathlib import Path

import click
import pyarrow.dataset as ds

from pipeline.core.config import Config, load_config
from pipeline.run import run
from pipeline.run.stages import PER_ARTICLE


def repeat_samples(samples: Path, folder: Path, count: int) -> None:
    """Fill ``folder`` with ``count`` texts: the sample articles over and over, each with a line of its own."""
    texts = ds.dataset(samples / "articles", format="parquet").to_table(columns=["text", "published_at"]).to_pylist()
    for n in range(count):
        row = texts[n % len(texts)]
        head = f"---\ndate: {row['published_at']:%Y-%m-%d}\n---\n\n" if row["published_at"] else ""
        (folder / f"{n:06}.txt").write_text(f"{head}{row['text']}\n\nCopy {n}\n", encoding="utf-8")


def count_words(processed: Path) -> int:
    """Words of all texts: runs of letters, and each Han character as six tenths of one."""
    import re

    words = 0
    for batch in ds.dataset(processed / "articles", format="parquet").to_batches(columns=["text"]):
        for text in batch.column("text").to_pylist():
            han = len(re.findall(r"[\u4e00-\u9fff]", text))
            words += len(re.findall(r"[^\W\u4e00-\u9fff]+", text)) + han * 6 // 10
    return words


@click.command()
@click.option("--articles", default=5000, show_default=True, help="How many articles.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--raw", type=click.Path(path_type=Path), default=Path("data/raw"), show_default=True, help="Samples.")
@click.option("--ner", default=None, help="Engine for names.")
@click.option("--stages/--no-stages", default=False, help="Time each stage alone, too.")
def main(articles: int, workers: int, raw: Path, ner: str | None, stages: bool) -> None:
    """Measure articles and words a second of the whole run, and the cost of a rerun."""
    config = load_config()
    if ner:
        config = Config.model_validate(
            {**config.model_dump(), "entities": {**config.entities.model_dump(), "engine": ner}}
        )
    work = Path(tempfile.mkdtemp(prefix="communique-benchmark-"))
    try:
        run(raw=raw, processed=work / "samples", config=config, only="articles")
        (work / "raw").mkdir()
        repeat_samples(work / "samples", work / "raw", articles)
        if stages:
            for stage in PER_ARTICLE:
                began = time.monotonic()
                run(raw=work / "raw", processed=work / "staged", config=config, only=stage, workers=workers)
                click.echo(f"{stage:<10}{time.monotonic() - began:8.1f} s")
        began = time.monotonic()
        run(raw=work / "raw", processed=work / "out", config=config, workers=workers)
        whole = time.monotonic() - began
        began = time.monotonic()
        run(raw=work / "raw", processed=work / "out", config=config, workers=workers)
        again = time.monotonic() - began
        words = count_words(work / "out")
        peak = max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        click.echo(f"{articles:,} articles, {words:,} words, {workers} workers, names: {config.entities.engine}")
        click.echo(f"whole run  {whole:8.1f} s  {articles / whole:8.1f} articles/s  {words / whole:10,.0f} words/s")
        click.echo(f"rerun      {again:8.1f} s  with nothing new")
        click.echo(f"peak memory of one process {peak:,.0f} MiB")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
