"""The memory and processor time of a process and of those that it started, from /proc (Linux)."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
MIB = 1024 * 1024


@dataclass(slots=True)
class Watch:
    """Samples while it is open: ``with Watch(pid) as watch``.

    ``series`` has, for each process, (time, resident bytes, processor seconds so far); shared pages
    count in each process.
    """

    root: int
    every: float = 0.5
    series: dict[int, list[tuple[float, int, float]]] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Watch:
        """Begin to sample."""
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Sample no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _loop(self) -> None:
        while not self._stop.wait(self.every):
            now = time.time()
            for pid, parent in _family(self.root).items():
                try:
                    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
                except (OSError, IndexError, ValueError):
                    continue
                self.parents[pid] = parent
                self.series.setdefault(pid, []).append((now, pages * PAGE, sum(map(int, ticks)) / TICK))

    def workers(self) -> list[int]:
        """The worker processes: children of the run's own children, or the run itself without any."""
        grand = [pid for pid, parent in self.parents.items() if parent not in (0, self.root) and pid != self.root]
        return sorted(grand) or [self.root]

    def peak(self, pids: list[int]) -> float:
        """The largest memory of any of these processes, in MiB."""
        return max((size for pid in pids for _, size, _ in self.series.get(pid, ())), default=0) / MIB

    def processor(self, moment: float | None = None) -> float:
        """Processor seconds of all processes together, until a moment or the end."""
        total = 0.0
        for samples in self.series.values():
            until = [s[2] for s in samples if moment is None or s[0] <= moment]
            total += until[-1] if until else 0.0
        return total

    def around(self, pids: list[int], moment: float) -> float:
        """Mean memory of these processes at a moment, in MiB."""
        near = [min(self.series[p], key=lambda s: abs(s[0] - moment))[1] for p in pids if self.series.get(p)]
        return sum(near) / max(1, len(near)) / MIB


def _family(root: int) -> dict[int, int]:
    """A process and its descendants, each with its parent (0 for the first)."""
    parents: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                stat = Path(entry.path, "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {root: 0}
    grown = True
    while grown:
        more = {pid: parent for pid, parent in parents.items() if parent in found and pid not in found}
        found |= more
        grown = bool(more)
    return found
