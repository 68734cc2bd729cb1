"""Mentions of one article: what is weighed, and what joins."""

from dataclasses import replace

import pytest

from pipeline.stories.evidence import compare
from pipeline.stories.matching import ANOTHER, BESIDE, REFERS
from pipeline.stories.units import Cluster
from pipeline.stories.within import NEVER, log_odds, read_weights, within_article
from tests.stories.test_merge import ARICA, LIMA, mention


def talks(who, line, **more):
    return mention("a", who, type_="meeting", sentence=line, **({"trigger": "talks"} | more))


def joined(*mentions):
    return [[m.line for m in c.members] for c in within_article([Cluster([m]) for m in mentions])]


def odds(a, b):
    return log_odds([Cluster([a]), Cluster([b])])[0, 1]


def test_every_measure_has_a_weight():
    found = compare(talks("ana ben", 1), talks("", 2), between=0, mentions=2)
    assert list(found) == list(read_weights())


@pytest.mark.parametrize(
    ("groups", "mentions"),
    [
        # "The talks" of a later line, and of a line far down.
        ([[1, 2]], [talks("ana ben", 1, at=4), talks("", 2, cue=REFERS)]),
        ([[0, 1, 5]], [talks("ana ben", 0), talks("ana ben", 1, at=4), talks("", 5, cue=REFERS)]),
        # Two cities, two meetings.
        ([[1], [2]], [talks("ana ben", 1, place=ARICA), talks("ana cem", 2, place=LIMA)]),
        # Called off for the 10th, planned for the 17th, with the same company; with another.
        ([[1, 2]], [talks("ana ben", 1, at=10, status="cancelled"), talks("ana ben", 2, at=17, status="planned")]),
        ([[1], [2]], [talks("ana ben", 1, at=10, status="cancelled"), talks("ana cem", 2, at=17, status="planned")]),
        # Told by one side, denied by the other: the same company, the same day; with another, on another.
        ([[1, 6]], [talks("ana ben", 1, at=4), talks("ana ben", 6, at=4, status="negated")]),
        ([[1], [6]], [talks("ana ben", 1, at=4), talks("ana cem", 6, at=4, status="negated")]),
        ([[1], [6]], [talks("ana ben", 1, at=4), talks("ana ben", 6, at=8, status="negated")]),
        # Rounds of one series.
        ([[1], [2]], [talks("peru chile", 1, ordinal=1), talks("peru chile", 2, ordinal=2, cue=REFERS)]),
    ],
)  # fmt: skip
def test_joined(groups, mentions):
    assert joined(*mentions) == groups


def test_other_days_other_meetings():
    day = talks("ana ben", 1, at=4)
    assert odds(day, talks("ana ben", 2, at=9)) < odds(day, talks("ana ben", 2)) - 2
    assert odds(talks("ana ben", 1, ordinal=1), talks("ana ben", 2, ordinal=2)) == NEVER


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({"cue": REFERS}, {}),
        ({}, {"cue": ANOTHER}),
        ({"status": "actual"}, {"status": "possible"}),
        ({"trigger": "talks"}, {"trigger": "summit"}),
    ],
)
def test_what_speaks_for_one(more, less):
    first = talks("ana ben", 1, at=4)
    later = talks("", 3)
    assert odds(first, replace(later, **more)) > odds(first, replace(later, **less))


def test_a_journey_and_a_meeting_on_it():
    journey = talks("ana", 1, place=LIMA, visit=True, trigger="visit")
    meeting = talks("ana ben", 2, trigger="met")
    host = talks("ana ben", 1, place=LIMA, visit=True, trigger="visit")
    assert compare(journey, meeting, between=0, mentions=2)["visit_alone"] == 1
    assert compare(meeting, journey, between=0, mentions=2)["visit_alone"] == 1
    assert compare(host, meeting, between=0, mentions=2)["visit_alone"] == 0
    assert compare(journey, replace(meeting, parties=()), between=0, mentions=2)["visit_alone"] == 0
    assert odds(journey, meeting) < odds(replace(journey, visit=False), meeting)


def test_what_was_held_and_what_was_not_are_two():
    held = talks("peru chile", 1, at=4, ordinal=1)
    next_one = talks("peru chile", 6, at=20, status="planned", ordinal=2)
    unmet = replace(talks("", 1, status="negated", trigger="met"), sentence_id=held.sentence_id)
    assert sorted(joined(held, unmet, next_one)) == [[1], [1], [6]]
    assert len(joined(held, replace(unmet, status="actual", cue=REFERS))) == 1


def test_a_meeting_on_the_sidelines_is_not_the_summit():
    side = talks("ana ben", 1, at=20, status="planned", place=LIMA, trigger="meet")
    summit = replace(talks("", 1, at=20, status="planned", place=LIMA, trigger="summit", cue=BESIDE), sentence_id=1)
    assert odds(side, summit) == NEVER
    assert odds(side, replace(summit, cue=REFERS)) > NEVER
    assert odds(side, replace(summit, sentence_id=2)) > NEVER


def test_one_sentence_tells_of_two():
    first = talks("ana ben", 1)
    assert odds(first, talks("peru", 1)) < odds(first, replace(talks("peru", 1), sentence_id=2))
