"""What the last run noted of merging spares work and changes nothing."""

import random
from dataclasses import replace

import pytest

from pipeline.stories import merge
from pipeline.stories.merge import Stories, merge_events
from pipeline.stories.replay import Replay
from pipeline.stories.translations import Translation
from tests.stories.test_increments import make_articles


def told(merged):
    return [([m.event_id for m in s.members], [m.event_id for m in s.founders]) for s in merged]


def changed(mentions, random_):
    """The mentions of an article with something else told."""
    at = random_.randrange(len(mentions))
    status = random_.choice(("actual", "planned", "cancelled"))
    return [replace(m, status=status, trust=()) if n == at else m for n, m in enumerate(mentions)]


@pytest.fixture
def counted(monkeypatch):
    counts = {"scored": 0}
    score = Stories._score

    def counting(self, event, story):
        counts["scored"] += 1
        return score(self, event, story)

    monkeypatch.setattr(Stories, "_score", counting)
    return counts


@pytest.mark.parametrize("most", [120, 4])
@pytest.mark.parametrize("seed", range(8))
def test_as_from_nothing_whatever_came_changed_and_went(monkeypatch, counted, seed, most):
    monkeypatch.setattr(merge, "_MOST_CANDIDATES", most)
    random_ = random.Random(seed)
    articles = dict(enumerate(make_articles(seed)))
    there = dict(random_.sample(sorted(articles.items()), 25))
    known = {f"a{n:02}": frozenset(random_.sample("QRSTUVW", random_.randint(0, 6))) for n in articles}
    content, spared, all_ = None, 0, 0
    for _ in range(7):
        translations = {
            f"a{n:02}": Translation(f"a{n - 1:02}", {k: k for k in range(4)}) for n in there if n % 5 == 4 and n - 1 in there
        }  # fmt: skip
        mentions = [m for article in there.values() for m in article]
        counted["scored"] = 0
        expected = told(merge_events(mentions, known, translations))
        all_ += counted["scored"]
        spared += counted["scored"]
        counted["scored"] = 0
        replay = Replay(known, "same", content)
        assert told(merge_events(mentions, known, translations, replay=replay)) == expected
        spared -= counted["scored"]
        content = replay.content()
        # Some articles come, go, tell something else, or are found to speak of others.
        for n in random_.sample(sorted(articles), 3):
            there[n] = articles[n]
        there.pop(random_.choice(sorted(there)))
        n = random_.choice(sorted(there))
        there[n] = changed(there[n], random_)
        known[f"a{random_.choice(sorted(there)):02}"] = frozenset("QRS")
    assert spared > 0.3 * all_ or most < 120
    assert spared > 0


@pytest.mark.parametrize("settings", ["same", "other"])
def test_what_is_as_it_was_is_not_scored_again(counted, settings):
    mentions = [m for article in make_articles(3) for m in article]
    first = Replay({}, "same")
    expected = told(merge_events(mentions, {}, replay=first))
    counted["scored"] = 0
    again = Replay({}, settings, first.content())
    assert told(merge_events(mentions, {}, replay=again)) == expected
    # Two stories that become one are compared anew: that is seldom.
    assert (counted["scored"] < 10) == (settings == "same")
    assert settings != "same" or again.content() == first.content()
