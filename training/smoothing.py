"""Channel scales that make the activations of each layer fit eight bits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from pipeline.model.pieces import MARK
from training.encoder import FORK, Branch, Encoder

STRENGTHS = (0.7, 0.8)
KEPT_ROWS = 6


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a linear layer is fed: largest magnitude of each channel, and some rows of it."""

    top: np.ndarray
    rows: np.ndarray


@torch.no_grad()
def watched(
    table: Tensor, encoder: Encoder, rows: Sequence[Sequence[int]], branch: Branch | None = None
) -> dict[str, Inputs]:
    """Return every linear layer's inputs over `rows` (marked ids with CLS and SEP), by its name.

    `table` holds the words' vectors; a branch's layers are named `branch.` and theirs. Of each row of
    pieces a few are kept, its first among them: CLS has the largest values of all.
    """
    top: dict[str, np.ndarray] = {}
    kept: dict[str, list[np.ndarray]] = {}

    def watch(name: str, layer: nn.Linear) -> None:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            values = inputs[0].flatten(0, -2).numpy()
            here = np.abs(values).max(axis=0)
            top[name] = np.maximum(top.get(name, here), here)
            kept.setdefault(name, []).append(values[:: max(1, len(values) // KEPT_ROWS)].copy())

        hooks.append(layer.register_forward_pre_hook(hook))

    hooks: list[torch.utils.hooks.RemovableHandle] = []
    modules = [*encoder.named_modules(), *(branch.named_modules(prefix="branch") if branch is not None else ())]
    for name, module in modules:
        if isinstance(module, nn.Linear):
            watch(name, module)
    for row in rows:
        ids = torch.tensor(row)[None]
        words, positions, mask = table[ids % MARK], torch.arange(ids.shape[1])[None], torch.zeros(1, 1, 1, ids.shape[1])
        states = encoder(words, positions, mask, FORK)
        if branch is not None:
            branch(states, ids, mask)
        for layer in encoder.layers[FORK:]:
            states = layer(states, mask)
    for handle in hooks:
        handle.remove()
    return {name: Inputs(top[name], np.concatenate(kept[name])) for name in top}


def _rounded(values: np.ndarray, step: np.ndarray | float) -> np.ndarray:
    return np.clip(np.rint(values / step), -127, 127) * step


def _error(inputs: Inputs, weight: np.ndarray, scales: np.ndarray) -> float:
    """Return the mean square error of the int8 product against the exact one, on the kept rows."""
    x = inputs.rows / scales
    w = weight * scales
    step = 2.0 * float((inputs.top / scales).max()) / 255.0
    w = _rounded(w, np.maximum(np.abs(w).max(axis=1, keepdims=True), 1e-8) / 127.0)
    return float(np.mean((_rounded(x, step) @ w.T - inputs.rows @ weight.T) ** 2))


def channel_scales(inputs: Inputs, weight: np.ndarray) -> np.ndarray:
    """Return what to divide each input channel by (and multiply its weights with), (in,).

    Where a few channels are far larger than the rest, one scale for all of them leaves the others
    few of the 256 steps; moving a part of the difference into the weights, which have a scale for
    each output, evens it out (Xiao et al. 2023, "SmoothQuant"). How much is moved is chosen for
    each layer by the error on sample rows, since one strength for all was measured to do harm.
    """
    strongest = np.maximum(np.abs(weight).max(axis=0), 1e-5)
    top = np.maximum(inputs.top, 1e-5)
    best = np.ones_like(top)
    least = _error(inputs, weight, best)
    for strength in STRENGTHS:
        scales = top**strength / strongest ** (1 - strength)
        scales = np.clip(scales / np.exp(np.log(scales).mean()), 0.01, 100.0)
        error = _error(inputs, weight, scales)
        if error < least:
            best, least = scales, error
    return best.astype(np.float32)


def sample(lines: Sequence[str], count: int, seed: int = 1) -> list[str]:
    """Return `count` of the lines, always the same ones."""
    return random.Random(seed).sample(list(lines), min(count, len(lines)))
