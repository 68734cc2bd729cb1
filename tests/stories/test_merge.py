"""Mentions of one meeting or call become one story, in any language; others stay apart."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.stories.matching import BODY, COUNTRY, DESCRIBED, EARLIER, PERSON, REFERS, EventMention, Party, Place
from pipeline.stories.merge import merge_events, story_id

PARTIES = {
    "ana": Party("p1", "PE", PERSON, "ana", True, False, ("PE", "~N")),
    "ben": Party("p2", "CL", PERSON, "ben", True, False, ("CL", "~PN")),
    "cem": Party("p3", "TR", PERSON, "cem", True, False, ("TR", "~KM")),
    "peru": Party("q1", "PE", COUNTRY, "", True, False, ("PE",)),
    "chile": Party("q2", "CL", COUNTRY, "", True, False, ("CL",)),
    "team": Party("d1", None, DESCRIBED, "", False, True, ("d1",)),
    "bloc": Party("b1", None, BODY, "", True, False, ("b1",)),
}  # fmt: skip
ARICA, LIMA = Place("arica", "CL", "city"), Place("lima", "PE", "city")
_COUNT = iter(range(10**6))


def mention(article, who, *, published=5, at=None, type_="call", status="actual", place=None, sentence=1, **more):
    """A mention; ``published`` and ``at`` are days of March 2026, ``at`` may be a pair."""
    days = at if isinstance(at, tuple) else (at, at)
    n = next(_COUNT)
    return EventMention(
        event_id=f"{article}-{n:06}", article_id=article, sentence_id=sentence, start=n, type=type_, mode=None,
        status=status, parties=tuple(sorted((PARTIES[w] for w in who.split()), key=lambda p: p.key)),
        time_start=None if at is None else date(2026, 3, days[0]),
        time_end=None if at is None else date(2026, 3, days[1]),
        published=date(2026, 3, published), place=place, line=sentence, **more,
    )  # fmt: skip


def count(*mentions, context=None):
    return len(merge_events(mentions, context or {}))


@pytest.mark.parametrize(
    ("stories", "first", "second"),
    [
        # "During their last meeting", of no day, is not what another article tells as news.
        (2, {"cue": EARLIER}, {}),
        (2, {"cue": EARLIER}, {"status": "possible"}),
        (1, {"cue": EARLIER}, {"cue": EARLIER}),
        (1, {"cue": REFERS}, {}),
        (1, {"cue": EARLIER, "at": 4}, {"at": 4}),
        (1, {"cue": EARLIER, "status": "planned"}, {"status": "planned"}),
    ],
)
def test_a_meeting_before_is_not_the_news(stories, first, second):
    mentions = (mention("a", "ana ben", type_="meeting", **first), mention("b", "ana ben", type_="meeting", **second))
    assert count(*mentions) == stories
    assert count(*reversed(mentions)) == stories


@pytest.mark.parametrize(
    ("stories", "mentions"),
    [
        (1, [mention("a", "ana ben", at=4), mention("b", "ben ana", published=8, at=4)]),
        (2, [mention("a", "ana ben", at=4), mention("b", "ana ben", published=8, at=7)]),
        (2, [mention("a", "ana ben", at=4), mention("b", "ana cem", at=4)]),
        (2, [mention("a", "ana ben", at=4), mention("b", "ana ben", at=4, type_="meeting")]),
        # A country stands for its leader.
        (1, [mention("a", "ana ben", at=4), mention("b", "peru chile", at=4)]),
        # Planned, then held; told without a date shortly after.
        (1, [mention("a", "ana ben", at=9, status="planned"), mention("b", "ana ben", published=10)]),
        (2, [mention("a", "ana ben", at=9, status="planned"), mention("b", "ana ben", published=25)]),
        # Reported, then denied.
        (1, [mention("a", "ana ben", at=4), mention("b", "ana ben", published=6, at=4, status="negated")]),
        # Held, and the next one planned.
        (2, [mention("a", "ana ben"), mention("b", "ana ben", published=7, status="planned")]),
        # Other cities.
        (2, [mention("a", "ana ben", at=4, type_="meeting", place=ARICA),
             mention("b", "ana ben", at=4, type_="meeting", place=LIMA)]),
        # A visit, and the talks during it.
        (2, [mention("a", "ana", at=4, type_="meeting", place=ARICA, visit=True),
             mention("b", "ana ben", at=4, type_="meeting", place=ARICA)]),
        # Rounds of one series.
        (2, [mention("a", "peru chile", at=(4, 6), type_="meeting", ordinal=1),
             mention("b", "peru chile", at=(5, 6), type_="meeting", ordinal=2)]),
    ],
)  # fmt: skip
def test_over_articles(stories, mentions):
    assert count(*mentions) == stories
    assert count(*reversed(mentions)) == stories


@pytest.mark.parametrize(
    ("stories", "mentions"),
    [
        # "Their call", "the talks": no party of their own.
        (1, [mention("a", "ana ben", at=4), mention("a", "", sentence=2)]),
        # The headline tells the newest of two calls.
        (2, [mention("a", "ana ben", sentence=0), mention("a", "ana ben", at=1, sentence=4),
             mention("a", "ana ben", at=5, sentence=2)]),
        # Put off from the 10th to the 17th.
        (1, [mention("a", "ana ben", at=10, status="cancelled", trigger="call"),
             mention("a", "ana ben", at=17, status="planned", sentence=2, trigger="call", cue=REFERS)]),
        (2, [mention("a", "ana ben", at=3), mention("a", "ana ben", at=17, status="planned")]),
        # What is done and what lies ahead.
        (2, [mention("a", "ana ben"), mention("a", "ana ben", status="planned", sentence=9)]),
    ],
)  # fmt: skip
def test_within_an_article(stories, mentions):
    assert count(*mentions) == stories


def test_put_off_over_articles_and_held():
    told = [
        mention("a", "ana ben", published=1, at=10, status="planned"),
        mention("b", "ana ben", published=8, at=10, status="cancelled"),
        mention("c", "ana ben", published=9, at=17, status="planned"),
        mention("d", "ana ben", published=18, at=17),
    ]
    assert count(*told) == 1


def test_the_day_that_was_called_off_is_not_the_newest():
    told = [
        mention("a", "ana ben", published=1, at=10, status="planned"),
        mention("b", "ana ben", published=8, at=10, status="cancelled"),
        mention("b", "ana ben", published=8, at=17, status="planned", sentence=2),
        mention("c", "ana ben", published=9, at=10, status="cancelled"),
        mention("d", "ana ben", published=18, at=17),
    ]
    assert count(*told) == 1
    assert count(*told[:-1], replace(told[-1], time_start=date(2026, 3, 13), time_end=date(2026, 3, 13))) == 2


def test_a_mention_with_its_day_alone_joins_what_its_like_tell_of_that_day():
    summit = mention("a", "peru chile", at=20, type_="meeting", status="planned", place=LIMA)
    bare = mention("b", "", at=20, type_="meeting", status="planned", published=7)
    like = {"a": frozenset("pqrs"), "b": frozenset("pqrt")}
    assert count(summit, bare, context=like) == 1
    assert count(bare, replace(summit, published=date(2026, 3, 9)), context=like) == 1
    assert count(summit, mention("b", "", at=21, type_="meeting", status="planned"), context=like) == 2
    assert count(summit, bare, context={"a": frozenset("pqrs"), "b": frozenset("wxyz")}) == 2


@pytest.mark.parametrize(
    ("published", "wanted", "stories"),
    [
        # Called for, then set; set, and talks called for none the less.
        (3, "peru chile", 1),
        (8, "peru chile", 2),
        (8, "ana ben", 2),
    ],
)
def test_talks_that_are_called_for_when_a_meeting_is_set_are_others(published, wanted, stories):
    plan = mention("a", "ana ben", published=6, at=20, type_="meeting", status="planned")
    wish = mention("b", wanted, published=published, type_="meeting", status="possible")
    like = {"a": frozenset("pqrs"), "b": frozenset("pqrt")}
    assert count(plan, wish, context=like) == stories


def test_the_number_of_a_round_tells_which_however_long_ago():
    like = {"a": frozenset("pqrs"), "b": frozenset("pqrs")}
    first = mention("a", "peru chile", at=4, type_="meeting", place=LIMA, ordinal=1)
    again = mention("b", "", published=20, type_="meeting", ordinal=1)
    assert count(first, again, context=like) == 1
    assert count(first, replace(again, ordinal=2), context=like) == 2
    assert count(first, replace(again, ordinal=None), context=like) == 2


def test_one_party_needs_place_or_like_articles():
    alone = [mention("a", "bloc", at=4, type_="meeting"), mention("b", "bloc peru", at=4, type_="meeting")]
    assert count(*alone) == 2
    known = frozenset({"q1", "b1", "q9", "q8"})
    assert count(*alone, context={"a": known, "b": known}) == 1
    here = [mention("a", "bloc", at=4, type_="meeting", place=LIMA),
            mention("b", "bloc peru", at=4, type_="meeting", place=LIMA)]  # fmt: skip
    assert count(*here) == 1


def visit(article, who, **more):
    return mention(article, who, type_="meeting", visit=True, **({"place": ARICA} | more))


@pytest.mark.parametrize(
    ("stories", "mentions"),
    [
        # "Ana flew to Arica on Ben's invitation", "Ana and Ben met in Arica".
        (1, [visit("a", "ana ben", at=4), mention("b", "ana ben", at=4, type_="meeting", place=ARICA)]),
        # A journey of days, or to a country, holds its meetings.
        (2, [visit("a", "ana ben", at=(3, 6)), mention("b", "ana ben", at=4, type_="meeting", place=ARICA)]),
        (2, [visit("a", "ana chile", at=4), mention("b", "ana ben", at=4, type_="meeting", place=ARICA)]),
        # Two hosts.
        (2, [visit("a", "ana ben", at=4), mention("b", "ana cem", at=4, type_="meeting", place=ARICA)]),
    ],
)  # fmt: skip
def test_a_visit_to_somebody_is_their_meeting(stories, mentions):
    assert count(*mentions) == stories


def test_one_person_with_two_others():
    told = [mention("a", "ana ben", sentence=1, trigger="met"), mention("a", "ana cem", sentence=2, trigger="met"),
            mention("a", "ana cem", sentence=3, trigger="meeting", cue=REFERS)]  # fmt: skip
    assert count(*told) == 2


def test_a_page_in_two_languages_tells_everything_twice():
    told = [mention("a", "ana ben", sentence=1, trigger="会面"), mention("a", "ana ben", sentence=9, trigger="met")]
    assert count(*told, context={"a": frozenset("pqrs")}) == 1


def test_an_article_without_a_date_joins_what_its_like_tell():
    told = mention("a", "ana ben", type_="meeting", place=ARICA)
    undated = replace(mention("b", "ana ben", type_="meeting", place=ARICA), published=None)
    like = {"a": frozenset("pqrs"), "b": frozenset("pqrt")}
    assert count(told, undated, context=like) == 1
    assert count(told, replace(undated, place=None), context={"a": frozenset("pqrs"), "b": frozenset("wxyz")}) == 2


def test_later_mentions_do_not_change_the_id():
    first = [mention("a", "ana ben", at=4), mention("b", "ana ben", at=4, published=6)]
    more = [*first, mention("c", "ana ben", at=4, published=9)]
    ids = {story_id(g.members[0].event_id) for g in merge_events(first, {})}
    assert ids == {story_id(g.members[0].event_id) for g in merge_events(more, {})}
