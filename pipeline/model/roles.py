"""The pairwise role scorer: from a trigger's pieces to every piece of its line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
# Upper ends of the distance classes, in pieces; one class for the trigger itself, then one a side.
DISTANCES = (1, 2, 3, 4, 6, 9, 14, 22, 35)
DISTANCE_CLASSES = 1 + 2 * (len(DISTANCES) + 1)
SUM, PRODUCT, MIX = 192, 128, 128
PAIR = SUM + PRODUCT
# Rows of a product that stays below OpenBLAS's threshold for threads (262,144 multiplications).
ROWS = 262_144 // (PAIR * MIX)


def distance_classes(first: int, last: int, length: int) -> NDArray[np.int64]:
    """Return each piece's class of signed distance to the trigger [first, last], (length,)."""
    at = np.arange(length)
    before, after = first - at, at - last
    away = np.maximum(np.maximum(before, after), 0)
    size = np.searchsorted(DISTANCES, away, side="left")
    side = np.where(before > 0, 1, 1 + len(DISTANCES) + 1)
    result: NDArray[np.int64] = np.where(away == 0, 0, side + size)
    return result


def _product(rows: Floats, weight: Floats) -> Floats:
    """Return rows @ weight.T a few rows at a time.

    OpenBLAS gives larger products to all cores and spins until each is done; beside busy
    processes that takes 60 times as long as one core alone, which this size keeps to.
    """
    return np.concatenate([rows[k : k + ROWS] @ weight.T for k in range(0, len(rows), ROWS)])


@dataclass(frozen=True, slots=True)
class RoleScorer:
    """A two-layer network over sum and product of two projections, with a distance term.

    `distance` is (classes, SUM), `mix` (MIX, PAIR) with `mix_bias` (MIX,), `weight` (labels, MIX)
    with `bias` (labels,). The projections themselves are outputs of the encoder graph: the first
    PAIR columns as trigger, the next as piece.
    """

    distance: Floats
    mix: Floats
    mix_bias: Floats
    weight: Floats
    bias: Floats

    @classmethod
    def load(cls, path: Path) -> RoleScorer:
        """Read the arrays from an `.npz` file; raises KeyError when one is missing."""
        with np.load(path) as stored:
            return cls(*(stored[field.name] for field in fields(cls)))

    def scores(self, pairs: Floats, first: int, last: int) -> Floats:
        """Return label scores (pieces, labels) for the trigger [first, last] of this line.

        `pairs` is (pieces, 2 * PAIR), the graph's output for the pieces of the line.
        """
        trigger = pairs[first : last + 1, :PAIR].mean(axis=0)
        pieces = pairs[:, PAIR:]
        near = self.distance[distance_classes(first, last, len(pairs))]
        added = np.maximum(trigger[:SUM] + pieces[:, :SUM] + near, 0.0)
        product = trigger[SUM:] * pieces[:, SUM:]
        mixed = _product(np.concatenate([added, product], axis=1), self.mix) + self.mix_bias
        result: Floats = np.maximum(mixed, 0.0) @ self.weight.T + self.bias
        return result
