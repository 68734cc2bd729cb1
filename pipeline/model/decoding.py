"""From label scores of pieces to spans: constrained Viterbi over BIO."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PieceSpan:
    """A labelled run of pieces [first, last], with the model's probability for it."""

    first: int
    last: int
    label: str
    score: float


def bio_labels(types: Sequence[str]) -> tuple[str, ...]:
    """Return ("O", "B-X", "I-X", ...) in the order that the model's head has."""
    return ("O", *(f"{prefix}-{name}" for name in types for prefix in "BI"))


def log_softmax(scores: Floats) -> Floats:
    """Return the log probabilities over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


@functools.cache
def _transitions(types: int) -> NDArray[np.bool_]:
    n = 1 + 2 * types
    allowed = np.ones((n, n), dtype=bool)
    for k in range(types):
        inside = 2 + 2 * k
        allowed[:, inside] = False
        allowed[[inside - 1, inside], inside] = True
    return allowed


@functools.cache
def _starts(labels: int) -> NDArray[np.bool_]:
    return np.array([label == 0 or label % 2 == 1 for label in range(labels)])


def decode(scores: Floats, types: Sequence[str], *, lift: float = 0.0) -> list[PieceSpan]:
    """Return the spans of the best valid BIO path through `scores` (pieces, 1 + 2 * types).

    An I- label may follow only its own B- or I-. `lift` is added to the log probability of every
    label but O while the path is sought: above 0 more spans are found, below 0 fewer. A span's
    score is the geometric mean of the probabilities of its pieces' labels, without the lift.
    """
    n = len(scores)
    if n == 0:
        return []
    logs = log_softmax(scores.astype(np.float32))
    # Most sentences' best labels are a valid path already; then no search is needed.
    lifted = logs.copy()
    lifted[:, 1:] += lift
    path = lifted.argmax(axis=1)
    allowed = _transitions(len(types))
    start_ok = _starts(logs.shape[1])
    if not (start_ok[path[0]] and allowed[path[:-1], path[1:]].all()):
        path = _viterbi(lifted, allowed, start_ok)
    spans: list[PieceSpan] = []
    first = -1
    for i in range(n + 1):
        label = int(path[i]) if i < n else 0
        if first >= 0 and (label == 0 or label % 2 == 1):
            chosen = logs[np.arange(first, i), path[first:i]]
            kind = types[(int(path[first]) - 1) // 2]
            spans.append(PieceSpan(first, i - 1, kind, float(np.exp(chosen.mean()))))
            first = -1
        if label % 2 == 1:
            first = i
    return spans


def _viterbi(logs: Floats, allowed: NDArray[np.bool_], start_ok: NDArray[np.bool_]) -> NDArray[np.int64]:
    n, labels = logs.shape
    penalty = np.where(allowed, 0.0, -1e9).astype(np.float32)
    best = logs[0] + np.where(start_ok, 0.0, -1e9).astype(np.float32)
    back = np.zeros((n, labels), dtype=np.int64)
    for i in range(1, n):
        options = best[:, None] + penalty
        back[i] = options.argmax(axis=0)
        best = options.max(axis=0) + logs[i]
    path = np.zeros(n, dtype=np.int64)
    path[-1] = int(best.argmax())
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path
