"""Which names are offered for a closer comparison, and that the file of the known names' keys is up to date."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from pipeline.entities.sound_table import SoundTable, class_counts
from training.sound_keys import FILE, sound_keys

NAMES = (
    ("Ilka Brandvold", "Q1"),
    ("Mei Ling Tan", "Q2"),
    ("إيلكا براندفولد", "Q1"),
    ("伊尔卡·布兰德沃尔", "Q1"),
    ("Brandvold", "Q3"),
)


def test_keys_of_the_known_names_are_up_to_date() -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        written = dict(csv.reader(file))
    assert written == sound_keys(), "people.csv or the sound keys changed: run python -m training.sound_keys"


@pytest.mark.parametrize(
    ("key", "singles", "pairs"),
    [
        ("", {}, 0),
        ("W", {}, 0),
        ("LL", {0: 4}, 1),
        ("LWT", {0: 2, 2: 2}, 1),
        ("H", {1: 1, 3: 1}, 0),
        ("KMN", {1: 2, 5: 2, 6: 2}, 2),
    ],
)
def test_counts(key: str, singles: dict[int, int], pairs: int) -> None:
    other, row = class_counts(["TKPT", key])
    assert {at: int(n) for at, n in enumerate(row[:7]) if n} == singles
    assert row[7:].sum() == pairs
    assert np.array_equal(class_counts([key])[0], row)
    assert other.sum() == 11


@pytest.mark.parametrize(
    ("name", "script", "first"),
    [
        ("Ilka Brandwold", "latin", "Q1"),
        ("إيلكا براندفولت", "latin", "Q1"),
        ("伊尔卡·布兰德沃德", "han", "Q1"),
        ("陈美玲", "latin", "Q2"),
        ("Wu Ai", "latin", None),
    ],
)
def test_nearest(name: str, script: str, first: str | None) -> None:
    found = SoundTable(NAMES).nearest(name, script=script)
    assert (found[0][1] if found else None) == first


def test_names_of_one_word_are_not_offered() -> None:
    assert "Q3" not in {bearer for _, bearer in SoundTable(NAMES).nearest("Ilka Brandvold", script="latin")}
    assert SoundTable([("Brandvold", "Q3")]).nearest("Ilka Brandvold", script="latin") == []
