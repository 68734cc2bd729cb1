"""Scores that say how often they are right: a logistic curve over the model's probabilities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt's scaling (1999) on the log odds of a probability, with an intercept for each method.

    An event that model and word lists both find is right more often than one of the model alone with
    the same probability, and a word of the lists that the model doubts more often than its doubt says.
    """

    slope: float
    intercepts: Mapping[str, float]

    def __call__(self, probability: float, method: str) -> float:
        """Return the calibrated probability, in [0, 1]; as it was for a method without intercept."""
        if method not in self.intercepts:
            return probability
        return 1.0 / (1.0 + math.exp(-(self.slope * log_odds(probability) + self.intercepts[method])))


def log_odds(probability: float) -> float:
    """Return ln(p / (1 - p)), with p kept 1e-6 off 0 and 1."""
    bounded = min(1.0 - _EDGE, max(_EDGE, probability))
    return math.log(bounded / (1.0 - bounded))
