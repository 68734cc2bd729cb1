"""The same person in several scripts is one entity; people with like names are not."""

from datetime import date

import pytest

from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.linking import unlisted_id
from pipeline.stories.identities import PersonMention, Surroundings, join_people
from pipeline.stories.name_pairs import Likenesses, NameScreen

DAY = date(2026, 3, 5)
AROUND = frozenset({"Q298", "Q750", "Q419"})


def joined(*names, days=None, around=None):
    """Join names that each stand in an article of their own."""
    mentions, surroundings = [], {}
    for n, name in enumerate(names):
        mentions.append(PersonMention(unlisted_id(name, "PER"), name, f"a{n}"))
        day = days[n] if days else DAY
        surroundings[f"a{n}"] = Surroundings(day, around[n] if around else AROUND)
    answer = join_people(mentions, surroundings, load_lexicon())
    return [answer.get(m.entity_id, m.entity_id) for m in mentions]


@pytest.mark.parametrize(
    "names",
    [
        ("Rosalva Quintero", "روسالفا كينتيرو", "罗萨尔瓦·金特罗"),
        ("Dmitri Kovalchenko", "دميتري كوفالتشينكو", "德米特里·科瓦尔琴科"),
        ("Tomas Lindqvist", "توماس ليندكفيست"),
        ("Shen Yuqing", "沈雨晴"),
        ("Yuqing Shen", "沈雨晴"),
        ("Mirela Kovachevska", "Mirela Kovacevska"),
        ("Tomas Lindqvist", "托马斯·林德奎斯特", "托馬斯·林德奎斯特"),
        ("德米特里·科瓦尔琴科", "德米特里·科瓦爾琴科"),
        ("Dmitri Kovalchenko", "德米特里科瓦尔琴科"),
    ],
)
def test_one_person(names):
    assert set(joined(*names)) == {unlisted_id(names[0], "PER")} or len(set(joined(*names))) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("Rosalva Quintero", "روبرتو كالديرا"),
        ("Tomas Lindqvist", "托马斯·林德曼"),
        ("Anna Petrova", "إيفان بيتروف"),
        ("Shen Yuqing", "沈雨明"),
        ("张伟", "張偉"),
        ("Tomas Lindqvist", "托马斯林德曼"),
        ("Dmitri Kovalchenko", "斯米尔诺夫斯基"),
    ],
)
def test_different_people(names):
    assert len(set(joined(*names))) == len(names)


def test_likeness_alone_is_not_enough():
    apart = joined("Rosalva Quintero", "روسالفا كينتيرو", around=[AROUND, frozenset({"Q16", "Q30"})])
    assert len(set(apart)) == 2
    long_ago = joined("Rosalva Quintero", "روسالفا كينتيرو", days=[DAY, date(2024, 1, 1)])
    assert len(set(long_ago)) == 2


def test_a_surname_goes_to_the_one_who_bears_it_nearby():
    full, alone = joined("Rosalva Quintero", "金特罗")
    assert full == alone == unlisted_id("Rosalva Quintero", "PER")


def test_a_surname_that_two_may_bear_stays():
    assert len(set(joined("Rosalva Quintero", "Mateo Quintero", "金特罗"))) == 3


def test_the_order_of_mentions_does_not_matter():
    names = ("Rosalva Quintero", "روسالفا كينتيرو", "罗萨尔瓦·金特罗", "Tomas Lindqvist", "金特罗")
    one = dict(zip(names, joined(*names), strict=True))
    assert dict(zip(names[::-1], joined(*names[::-1]), strict=True)) == one


KNOWN_PEOPLE = (
    "Rosalva Quintero", "روسالفا كينتيرو", "罗萨尔瓦·金特罗", "Dmitri Kovalchenko", "Tomas Lindqvist", "توماس ليندكفيست",
    "Shen Yuqing", "Mirela Kovachevska", "帕斯",
)  # fmt: skip
NEW_PEOPLE = ("دميتري كوفالتشينكو", "沈雨晴", "Mirela Kovacevska", "托马斯·林德奎斯特")


def test_what_the_last_run_found_changes_no_answer_and_is_not_worked_out_again(monkeypatch):
    def answer(names, likenesses):
        mentions = [PersonMention(unlisted_id(n, "PER"), n, f"a{at}") for at, n in enumerate(names)]
        around = {m.article_id: Surroundings(DAY, AROUND) for m in mentions}
        return join_people(mentions, around, load_lexicon(), likenesses)

    looked_at = []
    likely = NameScreen.likely

    def count(screen, first, second):
        looked_at.append(len(first))
        return likely(screen, first, second)

    monkeypatch.setattr(NameScreen, "likely", count)
    whole = answer([*KNOWN_PEOPLE, *NEW_PEOPLE], fresh := Likenesses())
    all_pairs = sum(looked_at)
    answer(KNOWN_PEOPLE, first := Likenesses())
    looked_at.clear()
    assert answer([*KNOWN_PEOPLE, *NEW_PEOPLE], again := Likenesses(first.used, first.unlike())) == whole
    assert sum(looked_at) < all_pairs
    assert again.used == fresh.used
    assert (again.unlike() == fresh.unlike()).all()
    looked_at.clear()
    assert answer([*KNOWN_PEOPLE, *NEW_PEOPLE], Likenesses(again.used, again.unlike())) == whole
    assert sum(looked_at) == len(again.used)
