"""Channel scales: outlying channels lose their hold on the step of all others."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from training.smoothing import Inputs, _error, channel_scales


def test_scales_lower_the_error_where_one_channel_is_far_larger() -> None:
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(200, 64)).astype(np.float32)
    rows[:, 5] *= 80
    weight = rng.normal(size=(32, 64)).astype(np.float32) * 0.1
    inputs = Inputs(np.abs(rows).max(axis=0), rows)
    scales = channel_scales(inputs, weight)
    assert scales[5] > 3 * np.median(scales)
    assert _error(inputs, weight, scales) < 0.5 * _error(inputs, weight, np.ones(64))


def test_the_exact_product_is_unchanged() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(50, 16)).astype(np.float32)
    weight = rng.normal(size=(8, 16)).astype(np.float32)
    scales = channel_scales(Inputs(np.abs(rows).max(axis=0), rows), weight)
    np.testing.assert_allclose((rows / scales) @ (weight * scales).T, rows @ weight.T, atol=1e-4)
