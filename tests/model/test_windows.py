"""Windows: every piece of every line in one at least, neighbours together, none too long."""

from __future__ import annotations

import random

import pytest

from pipeline.model.pieces import CLS, SEP
from pipeline.model.windows import LONGEST, windows


@pytest.mark.parametrize("consecutive", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_every_piece_is_covered_at_its_place(seed: int, consecutive: bool) -> None:
    rng = random.Random(seed)
    lines = [
        [rng.randint(10, 99) for _ in range(rng.choice((0, 1, 5, 60, 120, 253, 254, 255, 700)))] for _ in range(12)
    ]
    seen: set[tuple[int, int]] = set()
    for window in windows(lines, consecutive=consecutive):
        assert window.ids[0] == CLS
        assert window.ids[-1] == SEP
        assert len(window.ids) <= LONGEST + 2
        assert consecutive or len(window.parts) == 1
        for part in window.parts:
            inside = window.ids[part.column : part.column + part.end - part.begin]
            assert list(inside) == lines[part.line][part.begin : part.end]
            assert window.ids[part.column + part.end - part.begin] == SEP
            seen |= {(part.line, k) for k in range(part.begin, part.end)}
    assert seen == {(i, k) for i, line in enumerate(lines) for k in range(len(line))}


def test_short_neighbours_share_a_window() -> None:
    assert len(windows([[5] * 50, [6] * 50, [7] * 50], consecutive=True)) == 1
    assert len(windows([[5] * 50, [6] * 50, [7] * 50], consecutive=False)) == 3


def test_nothing_gives_no_window() -> None:
    assert windows([], consecutive=True) == []
    assert windows([[], []], consecutive=True) == []
