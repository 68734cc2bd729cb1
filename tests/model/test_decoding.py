"""BIO decoding: valid paths only, scores are probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.model.decoding import bio_labels, decode

TYPES = ("A", "B")  # labels: O, B-A, I-A, B-B, I-B


def scores(*labels: int, second: dict[int, int] | None = None) -> np.ndarray:
    found = np.zeros((len(labels), 5), np.float32)
    for i, label in enumerate(labels):
        found[i, label] = 6.0
    for i, label in (second or {}).items():
        found[i, label] = 5.0
    return found


@pytest.mark.parametrize(
    ("labels", "second", "spans"),
    [
        ((0, 0), None, []),
        ((1, 2, 0), None, [(0, 1, "A")]),
        ((1, 1, 2), None, [(0, 0, "A"), (1, 2, "A")]),
        ((1, 4, 0), {1: 2}, [(0, 1, "A")]),
        ((0, 2, 2), {1: 1}, [(1, 2, "A")]),
        ((3, 4, 1), None, [(0, 1, "B"), (2, 2, "A")]),
        ((2,), {0: 1}, [(0, 0, "A")]),
    ],
)
def test_decode(labels: tuple[int, ...], second: dict[int, int] | None, spans: list) -> None:
    found = decode(scores(*labels, second=second), TYPES)
    assert [(s.first, s.last, s.label) for s in found] == spans
    assert all(0.0 < s.score <= 1.0 for s in found)


def test_no_pieces_give_no_spans() -> None:
    assert decode(np.zeros((0, 5), np.float32), TYPES) == []


def test_labels_have_a_begin_and_an_inside_for_each_type() -> None:
    assert bio_labels(TYPES) == ("O", "B-A", "I-A", "B-B", "I-B")
