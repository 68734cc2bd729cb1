"""Stories do not depend on how the articles came: in any order and any increments, as from nothing."""

import random
from datetime import date, timedelta

import pytest

from pipeline.stories.matching import COUNTRY, PERSON, EventMention, Party, Place
from pipeline.stories.merge import merge_events, story_id

PEOPLE = [Party(f"p{n}", f"N{n % 4}", PERSON, f"name{n}", True, False, (f"N{n % 4}",)) for n in range(8)]
COUNTRIES = [Party(f"c{n}", f"N{n}", COUNTRY, "", True, False, (f"N{n}",)) for n in range(4)]
PLACES = [None, Place("city0", "N0", "city"), Place("city1", "N1", "city")]
FIRST = date(2026, 3, 1)


def make_articles(seed):
    """Forty articles of one to four mentions, told with slips: parties, days and places come and go."""
    random_ = random.Random(seed)
    articles = []
    for n in range(40):
        published = FIRST + timedelta(days=random_.randrange(20))
        mentions = []
        for at in range(random_.randint(1, 4)):
            parties = tuple(sorted(random_.sample(PEOPLE + COUNTRIES, random_.randint(0, 3)), key=lambda p: p.key))
            day = published + timedelta(days=random_.randint(-2, 3)) if random_.random() < 0.5 else None
            mentions.append(
                EventMention(
                    f"a{n:02}-{at}", f"a{n:02}", at, at * 50, random_.choice(("meeting", "call")), None,
                    random_.choice(("actual", "planned", "cancelled")), parties, day, day, published,
                    random_.choice(PLACES), trigger=random_.choice(("talks", "met", "call")), line=at,
                    trust=tuple(round(random_.uniform(0.4, 1), 2) for _ in parties),
                )
            )  # fmt: skip
        articles.append(mentions)
    return articles


def stories_of(articles):
    merged = merge_events([m for a in articles for m in a], {})
    return {story_id(m.members[0].event_id): [e.event_id for e in m.members] for m in merged}


@pytest.mark.parametrize("seed", range(6))
def test_any_order_gives_the_same_stories(seed):
    articles = make_articles(seed)
    expected = stories_of(articles)
    random.Random(seed).shuffle(articles)
    assert stories_of(articles) == expected
    assert sorted(e for members in expected.values() for e in members) == sorted(
        m.event_id for a in articles for m in a
    )


@pytest.mark.parametrize("seed", range(6))
def test_an_id_of_any_increment_leads_to_the_story_of_today(seed):
    """In order of publication, as news comes: every id that a run gave lives on or is superseded."""
    articles = sorted(make_articles(seed), key=lambda a: (a[0].published, a[0].article_id))
    final = merge_events([m for a in articles for m in a], {})
    lives = {story_id(f.event_id) for m in final for f in m.founders}
    for upto in range(5, len(articles), 7):
        assert set(stories_of(articles[:upto])) <= lives
