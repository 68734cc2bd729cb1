"""Lines of an article to windows of pieces: neighbours share a window as each other's context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model.pieces import CLS, SEP

LONGEST = 254
# A window of a long line begins this many pieces before the last one ends.
OVERLAP = 64


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces [begin, end) of line `line`, standing at `column` of a window."""

    line: int
    begin: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Window:
    """One row for the encoder: ids with CLS first and SEP after each part."""

    ids: tuple[int, ...]
    parts: tuple[Part, ...]


def _groups(sizes: Sequence[int], longest: int) -> list[list[int]]:
    """Fill groups of consecutive lines evenly, none above `longest` pieces and separators."""
    total = sum(size + 1 for size in sizes)
    target = total / max(1, -(-total // longest))
    groups: list[list[int]] = []
    filled = 0
    for i, size in enumerate(sizes):
        if groups and filled + size + 1 <= longest and filled + (size + 1) / 2 <= target:
            groups[-1].append(i)
            filled += size + 1
        else:
            groups.append([i])
            filled = size + 1
    return groups


def windows(lines: Sequence[Sequence[int]], *, consecutive: bool) -> list[Window]:
    """Lay the piece ids of lines out in windows of at most LONGEST + 2 ids.

    Consecutive lines share windows; a line longer than a window is cut into overlapping ones.
    Lines without pieces get no window.
    """
    filled = [i for i, ids in enumerate(lines) if ids]
    short = [i for i in filled if len(lines[i]) < LONGEST]
    result: list[Window] = []
    runs: list[list[int]] = []
    for i in short:
        if consecutive and runs and all(not lines[k] for k in range(runs[-1][-1] + 1, i)):
            runs[-1].append(i)
        else:
            runs.append([i])
    for run in runs:
        for group in _groups([len(lines[i]) for i in run], LONGEST):
            ids = [CLS]
            parts: list[Part] = []
            for k in group:
                line = lines[run[k]]
                parts.append(Part(run[k], 0, len(line), len(ids)))
                ids += [*line, SEP]
            result.append(Window(tuple(ids), tuple(parts)))
    for i in filled:
        if len(lines[i]) >= LONGEST:
            for begin in range(0, max(len(lines[i]) - OVERLAP, 1), LONGEST - OVERLAP):
                end = min(begin + LONGEST, len(lines[i]))
                ids = [CLS, *lines[i][begin:end], SEP]
                result.append(Window(tuple(ids), (Part(i, begin, end, 1),)))
    return result
