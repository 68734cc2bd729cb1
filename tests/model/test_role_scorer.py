"""The role scorer in NumPy gives what the network that was trained gives."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.model.roles import DISTANCE_CLASSES, PAIR, RoleScorer, distance_classes


def test_distance_classes_are_signed_and_bounded() -> None:
    classes = distance_classes(50, 51, 120)
    assert classes[50] == classes[51] == 0
    assert len(set(classes[:50]) & set(classes[52:])) == 0
    assert classes.max() == DISTANCE_CLASSES - 1
    assert set(classes.tolist()) == set(range(DISTANCE_CLASSES))


def test_scores_are_those_of_the_trained_network() -> None:
    torch = pytest.importorskip("torch")
    heads_module = pytest.importorskip("training.heads")
    torch.manual_seed(3)
    heads = heads_module.Heads().eval()
    pairs = torch.randn(30, 2 * PAIR)
    first, last = 7, 8
    classes = torch.from_numpy(distance_classes(first, last, 30))
    expected = heads.role_scores(pairs[first : last + 1, :PAIR].mean(0).expand(30, PAIR), pairs[:, PAIR:], classes)
    found = RoleScorer(**heads.arrays()).scores(pairs.numpy(), first, last)
    np.testing.assert_allclose(found, expected.detach().numpy(), atol=1e-4)
