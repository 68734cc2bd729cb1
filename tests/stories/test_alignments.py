"""Alignments that are remembered spare work and change nothing."""

import random

import pytest

from pipeline.stories import alignments
from pipeline.stories.alignments import Alignments
from pipeline.stories.translations import align, find_translations
from tests.stories.test_translations import DAY, PARAGRAPHS, outline


@pytest.fixture
def aligned(monkeypatch):
    pairs = []

    def counting(base, other):
        pairs.append((base.article_id, other.article_id))
        return align(base, other)

    monkeypatch.setattr(alignments, "align", counting)
    return pairs


def reports(random_, number):
    """Reports of a few events, each in one of three languages, with a name more or less."""
    for n in range(number):
        event = random_.randrange(4)
        paragraphs = [{f"Q{event}{name}" for name in p if random_.random() < 0.9} for p in PARAGRAPHS]
        day = DAY.replace(day=5 + random_.randrange(2))
        yield outline(f"a{n:02}", random_.choice(("en", "ar", "zh")), paragraphs, day=day)


@pytest.mark.parametrize("seed", range(4))
def test_as_without_memory_whatever_came_and_changed(aligned, seed):
    random_ = random.Random(seed)
    content, spared = None, 0
    there = {o.article_id: o for o in reports(random_, 20)}
    for _ in range(5):
        memory = Alignments("same", content)
        aligned.clear()
        assert find_translations(there.values(), memory.of) == find_translations(there.values())
        spared += content is not None and len(aligned) < 40
        content = memory.content()
        changed = list(reports(random_, 3))
        there.update((o.article_id, o) for o in changed)
        there.pop(random_.choice(sorted(there)))
    assert spared


@pytest.mark.parametrize(("settings", "again"), [("same", 0), ("other", 2)])
def test_what_is_as_it_was_is_not_aligned_again(aligned, settings, again):
    versions = [outline("a", "en"), outline("b", "zh"), outline("c", "ar", PARAGRAPHS[::-1])]
    first = Alignments("same")
    expected = find_translations(versions, first.of)
    assert len(aligned) == 2
    aligned.clear()
    assert find_translations(versions, Alignments(settings, first.content()).of) == expected
    assert len(aligned) == again


def test_an_article_that_says_something_else_is_aligned_anew(aligned):
    first = Alignments()
    find_translations([outline("a", "en"), outline("b", "zh")], first.of)
    aligned.clear()
    later = outline("b", "zh", (*PARAGRAPHS[:-1], {"Q9"}))
    find_translations([outline("a", "en"), later], Alignments("", first.content()).of)
    assert aligned == [("a", "b")]
