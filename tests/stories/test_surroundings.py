"""Which articles of two people are compared."""

from collections import Counter
from datetime import date, timedelta

import pytest

from pipeline.stories.surroundings import BUCKET, MOST_ARTICLES, Buckets, Neighbours, Sharing, Surroundings

DAY = date(2026, 3, 5)
FAR = DAY + timedelta(days=BUCKET + 1)


@pytest.mark.parametrize(
    ("mine", "theirs", "least", "answer"),
    [
        ((DAY, "ab"), (DAY, "bc"), 1, True),
        ((DAY, "ab"), (DAY, "bc"), 2, False),
        ((DAY, "ab"), (FAR, "ab"), 1, False),
        ((None, "ab"), (FAR, "ab"), 2, True),
        ((DAY, "ab"), (None, "ab"), 2, True),
        ((DAY, ""), (DAY, ""), 1, False),
    ],
)
def test_articles_near_in_time_that_share_enough(mine, theirs, least, answer):
    around = {a: Surroundings(day, frozenset(names)) for a, (day, names) in (("x", mine), ("y", theirs))}
    neighbours = Neighbours(around, {})
    assert neighbours.share("p", ("x",), "q", ("y",), least) is answer
    assert neighbours.share("q", ("y",), "p", ("x",), least) is answer


@pytest.mark.parametrize(("other_pairs", "answer"), [(1, False), (2, True)])
def test_other_pairs_of_people_count_beside_the_pair_itself(other_pairs, answer):
    around = {a: Surroundings(DAY, frozenset()) for a in "xy"}
    assert Neighbours(around, Counter({("x", "y"): other_pairs})).share("p", ("x",), "q", ("y",), 1) is answer


@pytest.mark.parametrize(("before", "answer"), [(MOST_ARTICLES - 1, True), (MOST_ARTICLES, False)])
def test_whoever_stands_in_many_articles_is_compared_in_the_first_near_ones(before, answer):
    many = [f"m{n:03}" for n in range(before + 1)]
    around = {a: Surroundings(DAY, frozenset()) for a in many[:-1]} | {"x": Surroundings(DAY, frozenset("a"))}
    around |= {many[-1]: Surroundings(DAY, frozenset("a")), "away": Surroundings(FAR, frozenset("a"))}
    assert Neighbours(around, {}).share("p", ("x",), "q", ("away", "gone", *many), 1) is answer


@pytest.mark.parametrize(
    ("other", "people", "shares"),
    [
        ((DAY, "abcd"), {}, True),
        ((DAY, "abwz"), {}, True),
        ((DAY, "abvwz"), {}, False),
        ((DAY, "awz"), {}, False),
        ((DAY, "abvwz"), {"p": {"x", "y"}}, True),
        ((DAY, "abwz"), {"p": {"y"}}, False),
        ((FAR, "abcd"), {}, False),
        ((None, "abcd"), {}, True),
    ],
)
def test_articles_that_share_enough(other, people, shares):
    around = {"x": Surroundings(DAY, frozenset("abcde")), "y": Surroundings(other[0], frozenset(other[1]))}
    buckets = Buckets(around)
    sharing = Sharing(around, buckets, people, ["x"])
    assert sharing.with_any(["x"], buckets.of_all("xy")) == ({"y"} if shares else set())
