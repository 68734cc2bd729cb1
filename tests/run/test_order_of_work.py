"""The order in which chunks are given to workers: large ones first, and takers of rows before those they take from."""

from pathlib import Path

import pytest

from pipeline.run.plan import Chunk, Source
from pipeline.run.runner import _HELD_BACK, _small_ones_last, _together


def chunk(name, size=1, before=()):
    sources = tuple(Source(f"{name}{n}", Path(name), 1, "0") for n in range(size))
    return Chunk(name, sources, tuple(before))


def given(chunks):
    return [c.chunk_id for group in _small_ones_last(_together(chunks)) for c in group]


@pytest.mark.parametrize(
    ("chunks", "order"),
    [
        ([], ""),
        ([chunk("a", 1), chunk("b", 3), chunk("c", 2)], "bca"),
        ([chunk("a", 2), chunk("b", 2), chunk("c", 2)], "abc"),
        ([chunk("a", 9), chunk("b", 1, "a"), chunk("c", 5)], "bac"),
        ([chunk("a", 4), chunk("b", 1, "a"), chunk("c", 2, "a"), chunk("d", 8)], "dbca"),
        ([chunk("a", 1), chunk("b", 1, "x"), chunk("c", 3)], "cab"),
    ],
)
def test_small_chunks_come_last(chunks, order):
    assert "".join(given(chunks)) == order


def test_few_chunks_are_held_back():
    asked = []

    def coming():
        for n in range(100):
            asked.append(n)
            yield [chunk(f"{n:02}", n)]

    groups = _small_ones_last(coming())
    assert next(groups)[0].chunk_id == f"{_HELD_BACK:02}"
    assert len(asked) == _HELD_BACK + 1
    assert len(list(groups)) == 99
