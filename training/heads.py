"""The model's heads: names, triggers, status, and roles as pairs of trigger and piece."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pipeline.model.labels import EVENT_TYPES, NAME_TYPES, ROLES, STATUSES
from pipeline.model.roles import DISTANCE_CLASSES, MIX, PAIR, SUM
from training.encoder import HIDDEN


class Heads(nn.Module):
    """All heads over the encoder's last states, in float32.

    `projected` is what the exported graph puts out; roles are scored from it (`role_scores`)
    exactly as `pipeline.model.roles.RoleScorer` does in NumPy.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names = nn.Linear(HIDDEN, 1 + 2 * len(NAME_TYPES))
        self.triggers = nn.Linear(HIDDEN, 1 + 2 * len(EVENT_TYPES))
        self.status = nn.Linear(HIDDEN, len(STATUSES))
        self.pairs = nn.Linear(HIDDEN, 2 * PAIR)
        self.distance = nn.Embedding(DISTANCE_CLASSES, SUM)
        self.mix = nn.Linear(PAIR, MIX)
        self.roles = nn.Linear(MIX, 1 + 2 * len(ROLES))
        nn.init.normal_(self.distance.weight, std=0.02)

    def projected(self, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return (names, triggers, status, pairs) of states (..., 384)."""
        return self.names(hidden), self.triggers(hidden), self.status(hidden), self.pairs(hidden)

    def role_scores(self, trigger: Tensor, pieces: Tensor, distance: Tensor) -> Tensor:
        """Score pairs: trigger and piece projections (n, PAIR), distance classes (n,)."""
        added = F.relu(trigger[:, :SUM] + pieces[:, :SUM] + self.distance(distance))
        both = torch.cat([added, trigger[:, SUM:] * pieces[:, SUM:]], dim=1)
        return self.roles(F.dropout(F.relu(self.mix(both)), 0.1, self.training))

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what the runtime's role scorer needs, as float32 arrays."""
        return {
            "distance": self.distance.weight.detach().numpy().copy(),
            "mix": self.mix.weight.detach().numpy().copy(),
            "mix_bias": self.mix.bias.detach().numpy().copy(),
            "weight": self.roles.weight.detach().numpy().copy(),
            "bias": self.roles.bias.detach().numpy().copy(),
        }
