"""Fitting the weights by which mentions of an article are joined."""

from __future__ import annotations

import numpy as np

from training.merging import fit, fit_some


def _data() -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    random = np.random.default_rng(7)
    x = np.column_stack([np.ones(4000), random.normal(size=(4000, 3))])
    odds = x @ np.array([-1.0, 1.5, -0.5, 0.0])
    return x, (random.random(4000) < 1 / (1 + np.exp(-odds))).astype(float)


def test_all_weights_are_found() -> None:
    assert np.allclose(fit(*_data()), [-1.0, 1.5, -0.5, 0.0], atol=0.15)


def test_only_the_chosen_weight_is_fitted() -> None:
    x, y = _data()
    weights = fit_some(x, y, [False, False, True, False], [-1.0, 1.5, 9.0, 0.25])
    assert weights[[0, 1, 3]].tolist() == [-1.0, 1.5, 0.25]
    assert abs(weights[2] + 0.5) < 0.15


def test_a_kept_weight_that_is_wrong_is_not_mended() -> None:
    x, y = _data()
    assert fit_some(x, y, [False, False, True, False], [-1.0, -1.5, 0.0, 0.0])[1] == -1.5
