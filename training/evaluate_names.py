"""Exact-span figures of the shipped model on the name corpora: `make evaluate-names`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from pipeline.model import Model
from pipeline.model.labels import NAME_TYPES
from training import corpora

BARS = {
    "en.conll": 0.90,
    "en.politics": 0.84,
    "en.ewt": 0.75,
    "zh.msra": 0.92,
    "zh.gsd": 0.75,
    "ar.newsfane": 0.85,
    "ar.wojood": 0.83,
}


def _f1(right: int, found: int, gold: int) -> float:
    return 2 * right / (found + gold) if found + gold else 0.0


def figures(model: Model, sentences: list[corpora.Sentence]) -> dict[str, tuple[float, ...]]:
    """Return {class or "all": (precision, recall, F1)} of exact spans; each text stands alone."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    predicted = model.names([s.text for s in sentences], consecutive=False)
    for sentence, names in zip(sentences, predicted, strict=True):
        ours = {(n.start, n.end, n.label) for n in names}
        theirs = set(sentence.spans)
        for label in NAME_TYPES:
            mine = {s for s in ours if s[2] == label}
            true = {s for s in theirs if s[2] == label}
            for key in (label, "all"):
                right[key] += len(mine & true)
                found[key] += len(mine)
                gold[key] += len(true)
    return {
        key: (
            right[key] / max(found[key], 1),
            right[key] / max(gold[key], 1),
            _f1(right[key], found[key], gold[key]),
        )
        for key in (*NAME_TYPES, "all")
    }


@click.command()
@click.argument("corpora_dir", type=click.Path(exists=True, path_type=Path))
@click.option("--model", "folder", type=click.Path(path_type=Path), help="default: the shipped one")
@click.option("--threads", type=int, default=None, help="default: all")
@click.option("--limit", type=int, default=None, help="at most so many sentences of each set")
@click.option("--json", "json_out", type=click.Path(path_type=Path), help="write figures here too")
def main(
    *,
    corpora_dir: Path,
    folder: Path | None,
    threads: int | None,
    limit: int | None,
    json_out: Path | None,
) -> None:
    """Print F1 for each development set in CORPORA_DIR, per class, beside the bar to reach."""
    model = Model.load(folder, threads=threads)
    columns = "".join(f"{label:>8}" for label in NAME_TYPES)
    click.echo(f"{'set':<12}{columns}{'P':>8}{'R':>8}{'F1':>8}{'bar':>7}")
    result = {}
    for name in corpora.SETS:
        found = figures(model, corpora.read(corpora_dir, "dev", name)[:limit])
        cells = "".join(f"{found[label][2]:8.3f}" for label in NAME_TYPES)
        p, r, f = found["all"]
        click.echo(f"{name:<12}{cells}{p:8.3f}{r:8.3f}{f:8.3f}{BARS[name]:7.2f}")
        result[name] = {k: dict(zip(("p", "r", "f1"), v, strict=True)) for k, v in found.items()}
    if json_out:
        json_out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
