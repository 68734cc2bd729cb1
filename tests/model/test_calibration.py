"""The calibration of scores."""

from __future__ import annotations

import random

import pytest

from pipeline.evaluation.score import ScoredEvent
from pipeline.model.calibration import Calibration, log_odds
from training.calibrate import fit


def test_a_neutral_curve_changes_nothing() -> None:
    neutral = Calibration(1.0, {"model": 0.0})
    assert neutral(0.3, "model") == pytest.approx(0.3)
    assert neutral(0.3, "rules") == 0.3


def test_certainty_stays_a_probability() -> None:
    assert 0.0 < Calibration(2.0, {"model": 1.0})(1.0, "model") <= 1.0
    assert log_odds(0.0) == pytest.approx(-log_odds(1.0))


def test_fit_finds_what_scores_mean() -> None:
    draw = random.Random(3)
    scored = []
    for _ in range(4000):
        score = draw.uniform(0.05, 0.95)
        scored.append(ScoredEvent(score, "model", draw.random() < score))
        scored.append(ScoredEvent(score, "rules", draw.random() < 0.8))
    curve = Calibration(*fit([s for s in scored if s.method == "model"]))
    assert curve(0.7, "model") == pytest.approx(0.7, abs=0.05)
    slope, intercepts = fit(scored)
    assert intercepts["rules"] > intercepts["model"]
    assert 0 < slope < 1
