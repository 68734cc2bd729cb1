"""Fit the calibration of event scores on annotated text: `python -m training.calibrate`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from pipeline.evaluation import evaluate_gold
from pipeline.evaluation.score import ScoredEvent
from pipeline.model import default_folder
from pipeline.model.calibration import log_odds
from pipeline.model.manifest import MANIFEST

STEPS = 50
# A penalty on the distance from "as it was" (slope 1, intercept 0): some methods have few events.
PRIOR = 1.0


def fit(scored: Sequence[ScoredEvent]) -> tuple[float, dict[str, float]]:
    """Return slope and intercepts by method that make the scores most probable (Newton's steps)."""
    methods = sorted({s.method for s in scored})
    x = np.zeros((len(scored), 1 + len(methods)))
    for row, event in zip(x, scored, strict=True):
        row[0] = log_odds(event.score)
        row[1 + methods.index(event.method)] = 1.0
    y = np.array([float(s.right) for s in scored])
    start = np.array([1.0] + [0.0] * len(methods))
    weights = start.copy()

    def loss(at: np.ndarray) -> float:
        odds = x @ at
        return float((np.logaddexp(0.0, odds) - y * odds).sum() + PRIOR * ((at - start) ** 2).sum() / 2)

    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-(x @ weights)))
        gradient = x.T @ (p - y) + PRIOR * (weights - start)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + PRIOR * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        # A full step overshoots where most scores lie near 1.
        size = next((s for s in (0.5**k for k in range(20)) if loss(weights - s * step) < loss(weights)), 0.0)
        weights = weights - size * step
    return float(weights[0]), dict(zip(methods, (float(w) for w in weights[1:]), strict=True))


@click.command()
@click.argument("gold", type=click.Path(exists=True, path_type=Path), nargs=-1, required=True)
@click.option("--model", "folder", type=click.Path(path_type=Path), default=None, help="default: the shipped one")
def main(*, gold: tuple[Path, ...], folder: Path | None) -> None:
    """Write slope and intercepts, fitted on the GOLD folders, into the model's manifest."""
    path = (folder or default_folder()) / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest.pop("calibration", None)
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    scored = [s for one in gold for s in evaluate_gold(one).scores.scored]
    slope, intercepts = fit(scored)
    manifest["calibration"] = {
        "slope": round(slope, 4),
        "intercepts": {method: round(value, 4) for method, value in intercepts.items()},
    }
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{len(scored)} events: {manifest['calibration']}")


if __name__ == "__main__":
    main()
