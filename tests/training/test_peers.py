"""Workers average their gradients, step after step, and share the first one's progress."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from training.peers import Peers  # noqa: E402


def test_every_worker_gets_the_mean(tmp_path: Path) -> None:
    size, length = 2, 7
    file = tmp_path / "slots"
    file.write_bytes(bytes(4 * 2 * size * (length + 1)))
    barrier = threading.Barrier(size)
    seen: dict[tuple[int, int], tuple[list[float], float]] = {}

    def work(rank: int) -> None:
        us = Peers(rank, size, str(file), length, barrier)
        for step in range(5):
            grads = [torch.full((2, 3), float(rank + step)), torch.full((1,), float(10 * rank))]
            progress = us.average(grads, 0.1 * step if rank == 0 else -1.0)
            seen[rank, step] = (torch.cat([g.flatten() for g in grads]).tolist(), progress)

    threads = [threading.Thread(target=work, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for step in range(5):
        for rank in range(size):
            values, progress = seen[rank, step]
            assert values == [step + 0.5] * 6 + [5.0]
            assert progress == pytest.approx(0.1 * step)
