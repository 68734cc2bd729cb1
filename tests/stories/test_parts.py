"""Talks held during a visit are part of it."""

from datetime import date

import pytest

from pipeline.core.rows import StatusChange, Story
from pipeline.stories.table import Told, add_parts
from tests.stories.test_merge import ARICA, LIMA, mention


def story(name, days, mode, status="actual"):
    first, last = (date(2026, 3, d) for d in days)
    return Story(
        story_id=name, type="meeting", mode=mode, status=status, status_history=(StatusChange(None, status, "a"),),
        time_start=first, time_end=last, place=None, place_entity_id=None, participants=(), n_mentions=1, n_articles=1,
        languages=("en",), first_published=None, last_published=None, supersedes=(),
    )  # fmt: skip


def part_of(visit, talks, *, visitors="ana", parties="ana ben", status="actual", mode="visit"):
    """Whether the talks (days, place) are part of the visit (days, place)."""
    outer = mention("a", visitors, at=visit[0], type_="meeting", place=visit[1], visit=mode == "visit", status=status)
    inner = mention("a", parties, at=talks[0], type_="meeting", place=talks[1])
    told = {m.event_id: Told(None, None, tuple(p.key for p in m.parties)) for m in (outer, inner)}
    stories = [story("outer", visit[0], mode, status), story("inner", talks[0], None)]
    found = {s.story_id: s.part_of for s in add_parts(stories, {"outer": [outer], "inner": [inner]}, told)}
    assert found["outer"] is None
    return found["inner"] == "outer"


@pytest.mark.parametrize(
    ("held", "visit", "talks", "more"),
    [
        (True, ((3, 6), ARICA), ((4, 4), ARICA), {}),
        # Talks at the ministry, of which no place is told.
        (True, ((3, 6), ARICA), ((4, 4), None), {}),
        # Another city, another day, other company; a visit that was called off.
        (False, ((3, 6), ARICA), ((4, 4), LIMA), {}),
        (False, ((3, 6), ARICA), ((12, 12), ARICA), {}),
        (False, ((3, 6), ARICA), ((4, 4), ARICA), {"parties": "ben cem"}),
        (False, ((3, 6), ARICA), ((4, 4), ARICA), {"status": "cancelled"}),
        # On the sidelines of a summit, by two of its parties; by a stranger.
        (True, ((3, 6), ARICA), ((4, 4), ARICA), {"mode": "multilateral", "visitors": "ana ben cem"}),
        (False, ((3, 6), ARICA), ((4, 4), ARICA), {"mode": "multilateral", "visitors": "ana cem"}),
    ],
)
def test_part_of(held, visit, talks, more):
    assert part_of(visit, talks, **more) is held
