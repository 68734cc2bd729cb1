"""Sentences to training batches: several sentences share a row, walled off by the mask."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from pipeline.model.pieces import CLS, PAD, SEP

IGNORED = -100
# (row length, rows): both hold 1,024 pieces a worker.
SHAPES = ((128, 8), (256, 4))


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence: piece ids with CLS and SEP, and its targets (any aligned per-piece labels)."""

    ids: np.ndarray
    labels: np.ndarray
    extra: object = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Packed rows: ids, positions, labels (b, t); additive mask (b, 1, t, t) in bfloat16.

    `places` holds (item, row, column of the item's CLS).
    """

    ids: Tensor
    positions: Tensor
    labels: Tensor
    mask: Tensor
    places: tuple[tuple[Item, int, int], ...]


def _packed(rows: list[list[Item]], length: int) -> Batch:
    count = len(rows)
    ids = np.full((count, length), PAD, dtype=np.int64)
    positions = np.zeros((count, length), dtype=np.int64)
    labels = np.full((count, length), IGNORED, dtype=np.int64)
    owner = np.zeros((count, length), dtype=np.int32)
    places: list[tuple[Item, int, int]] = []
    for r, row in enumerate(rows):
        at = 0
        for k, item in enumerate(row, start=1):
            n = len(item.ids)
            ids[r, at : at + n] = item.ids
            positions[r, at : at + n] = np.arange(n)
            labels[r, at : at + n] = item.labels
            owner[r, at : at + n] = k
            places.append((item, r, at))
            at += n
    seen = torch.from_numpy(owner[:, :, None] == owner[:, None, :])[:, None]
    mask = torch.zeros(seen.shape, dtype=torch.bfloat16).masked_fill_(~seen, -1e4)
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(positions),
        torch.from_numpy(labels),
        mask,
        tuple(places),
    )


def wrap(ids: Iterable[int]) -> np.ndarray:
    """Put CLS and SEP around piece ids."""
    return np.array([CLS, *ids, SEP], dtype=np.int64)


def pack(items: Iterable[Item], rng: random.Random, pool: int = 1500) -> Iterator[Batch]:
    """Fill rows from pools of `pool` items, longest first, and yield shuffled batches.

    Items longer than the longest row must have been cut before. Rows left over at the end of a
    pool go into the next one.
    """
    waiting: list[Item] = []
    for item in items:
        waiting.append(item)
        if len(waiting) < pool:
            continue
        waiting.sort(key=lambda i: -len(i.ids))
        batches: list[Batch] = []
        left: list[Item] = []
        for length, count in reversed(SHAPES):
            long = length == SHAPES[-1][0]
            rows: list[list[Item]] = []
            room: list[int] = []
            rest: list[Item] = []
            for candidate in waiting:
                n = len(candidate.ids)
                spot = next((k for k, free in enumerate(room) if free >= n), None)
                if spot is not None:
                    rows[spot].append(candidate)
                    room[spot] -= n
                elif not long or n > SHAPES[0][0]:
                    rows.append([candidate])
                    room.append(length - n)
                else:
                    rest.append(candidate)
            rng.shuffle(rows)
            whole = len(rows) // count * count
            batches += [_packed(rows[k : k + count], length) for k in range(0, whole, count)]
            left += [i for row in rows[whole:] for i in row]
            waiting = rest
        waiting = left
        rng.shuffle(batches)
        yield from batches
