"""The screen leaves out no pair of names that the exact comparison would look at."""

import itertools

import numpy as np
import pytest

from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.screen import keys_within_reach, within_reach, words_within_reach
from pipeline.entities.sound_keys import key_likeness, script_of, sound_key
from pipeline.entities.transliteration import name_likeness, word_likeness


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
        for other, near in zip(theirs, within_reach([(name, t) for t in theirs]), strict=True):
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
    assert within_reach([(name, other)]) == [near]


def test_no_others():
    assert within_reach([]) == []


@pytest.mark.parametrize("pair", list(itertools.permutations(("latin", "arabic", "han"), 2)))
def test_words_that_are_left_out_are_least_alike(names, pair):
    mine, theirs = ([n.replace("·", " ").split()[-1] for n in names[script]][:40] for script in pair)
    words = [*mine, *theirs]
    first, second = np.divmod(np.arange(len(mine) * len(theirs)), len(theirs))
    near = words_within_reach(words, first, second + len(mine))
    for a, b, kept in zip(first, second + len(mine), near, strict=True):
        assert kept or word_likeness(words[a], words[b]) == -2.0, (words[a], words[b])
    assert near.sum() < 0.6 * len(near)


@pytest.mark.parametrize("least", [0.7, 0.9])
def test_keys_that_are_left_out_are_unlike(names, least):
    keys = sorted({sound_key(n) for script in names for n in names[script][:25]} | {""})
    first, second = np.divmod(np.arange(len(keys) ** 2), len(keys))
    near = keys_within_reach(keys, first, second, least)
    for a, b, kept in zip(first, second, near, strict=True):
        assert kept == (key_likeness(keys[a], keys[b]) >= least), (keys[a], keys[b])


@pytest.mark.parametrize("pair", list(itertools.permutations(("latin", "arabic", "han"), 2)))
def test_what_is_left_out_is_below_what_is_asked_for(names, pair):
    mine, theirs = names[pair[0]][:25], names[pair[1]][:60]
    for name in mine:
        for other, near in zip(theirs, within_reach([(name, t) for t in theirs], least=-0.05), strict=True):
            assert near or name_likeness(name, other) < -0.05, (name, other)
