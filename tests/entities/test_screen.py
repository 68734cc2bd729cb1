"""The screen leaves out no pair of names that the exact comparison would look at."""

import itertools

import pytest

from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.screen import within_reach
from pipeline.entities.sound_keys import script_of
from pipeline.entities.transliteration import name_likeness


@pytest.fixture(scope="module")
def names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"latin": [], "arabic": [], "han": []}
    for entity in itertools.islice((e for e in load_lexicon().by_id.values() if e.label == "PER"), 0, None, 60):
        for name in entity.names():
            found[script_of(name)].append(name)
    return found


@pytest.mark.parametrize("pair", list(itertools.permutations(("latin", "arabic", "han"), 2)))
def test_what_is_left_out_is_least_alike(names, pair):
    mine, theirs = names[pair[0]][:25], names[pair[1]][:60]
    kept = 0
    for name in mine:
        for other, near in zip(theirs, within_reach(name, theirs), strict=True):
            kept += near
            assert near or name_likeness(name, other) == -2.0, (name, other)
    assert kept < 0.5 * len(mine) * len(theirs)


@pytest.mark.parametrize(
    ("name", "other", "near"),
    [
        ("Emmanuel Macron", "إيمانويل ماكرون", True),
        ("سيرغي لافروف", "Sergey Lavrov", True),
        ("西雅尔多·彼得", "Péter Szijjártó", True),
        ("Wang Yi", "王毅", True),
        ("Emmanuel Macron", "محمد بن سلمان", False),
        ("Macron", "إيمانويل ماكرون", False),
        ("谢尔盖·拉夫罗夫", "Emmanuel Macron", False),
    ],
)
def test_examples(name, other, near):
    assert within_reach(name, [other]) == [near]


def test_no_others():
    assert within_reach("Emmanuel Macron", []) == []
