"""Data-parallel training in single-threaded processes on one machine, through shared memory.

A thread pool waits for its slowest thread at every operation, so that one busy neighbour on a small
machine slows training many times over; processes that meet once a step lose only their share.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, multiprocessing

TIMEOUT_S = 900.0


class Peers:
    """The meeting point of `size` workers: averages gradients, shares rank 0's progress."""

    def __init__(self, rank: int, size: int, file: str, length: int, barrier: Any) -> None:
        self.rank = rank
        self.size = size
        self._barrier = barrier
        # Two sets of slots by turns: a slow reader is never overwritten.
        slots = torch.from_file(file, shared=True, size=2 * size * (length + 1))
        self._slots = slots.view(2, size, length + 1)
        self._turn = 0

    def wait(self) -> None:
        """Wait until all workers are here."""
        self._barrier.wait(TIMEOUT_S)

    def average(self, grads: Sequence[Tensor], progress: float) -> float:
        """Average float32 `grads` in place over the workers; return rank 0's progress."""
        self._turn ^= 1
        slots = self._slots[self._turn]
        at = 1
        slots[self.rank, 0] = progress
        for grad in grads:
            slots[self.rank, at : at + grad.numel()] = grad.flatten()
            at += grad.numel()
        self.wait()
        at = 1
        for grad in grads:
            mean = slots[:, at : at + grad.numel()].mean(0)
            grad.copy_(mean.view_as(grad))
            at += grad.numel()
        return float(slots[0, 0])


def _worker(
    rank: int, job: Callable[..., None], size: int, file: str, length: int, barrier: Any, arguments: dict[str, Any]
) -> None:
    torch.set_num_threads(1)
    job(Peers(rank, size, file, length, barrier), **arguments)


def run(job: Callable[..., None], size: int, length: int, arguments: dict[str, Any]) -> None:
    """Run `job(peers, **arguments)` in `size` processes; `length` bounds the gradients' floats."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(size)
    shared = Path("/dev/shm")
    with tempfile.NamedTemporaryFile(dir=shared if shared.is_dir() else None) as file:
        file.truncate(4 * 2 * size * (length + 1))
        multiprocessing.spawn(_worker, (job, size, file.name, length, barrier, arguments), nprocs=size)
