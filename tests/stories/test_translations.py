"""Translations of one report are found and aligned; their mentions answer to each other."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.stories.matching import COUNTRY, EventMention, Party
from pipeline.stories.statements import StatementMention, merge_statements
from pipeline.stories.translations import Outline, Translation, find_translations, numbers, pool

DAY = date(2026, 3, 5)
PARAGRAPHS = ({"Q1", "Q2"}, {"Q1", "#12"}, {"Q3"}, {"Q2", "Q4", "#2030"}, set())


def outline(name, language, paragraphs=PARAGRAPHS, *, day=DAY, letters=100):
    length = {"en": letters, "ar": int(letters * 0.85), "zh": int(letters * 0.3)}[language]
    return Outline(name, language, day, tuple(frozenset(p) for p in paragraphs), (length,) * len(paragraphs))


def test_translations_are_aligned_by_paragraph():
    found = find_translations([outline("a", "en"), outline("b", "zh"), outline("c", "ar")])
    assert {k: v.of for k, v in found.items()} == {"b": "a", "c": "a"}
    assert dict(found["b"].lines) == {n: n for n in range(5)}


def test_a_paragraph_that_one_version_lacks():
    found = find_translations([outline("a", "en"), outline("b", "zh", (*PARAGRAPHS[:2], *PARAGRAPHS[3:]))])
    assert {k: v for k, v in found["b"].lines.items() if k < 3} == {0: 0, 1: 1, 2: 3}


def test_what_is_no_translation():
    other = outline("b", "zh", ({"Q7"}, {"Q8", "#12"}, {"Q3"}, {"Q9"}, {"Q5"}))
    same_language = outline("b", "en")
    later = outline("b", "zh", day=date(2026, 3, 9))
    backwards = outline("b", "zh", PARAGRAPHS[::-1])
    for version in (other, same_language, later, backwards):
        assert find_translations([outline("a", "en"), version]) == {}


LONG = (*PARAGRAPHS, {"Q5"}, {"Q6", "#40"}, {"Q7"}, {"Q1"}, {"Q8"})
LOOSE = ({"Q1"}, {"#12", "Q9"}, {"Q3"}, {"Q2", "#2030"}, set(), {"Q5"}, {"Q6"}, {"Q11"}, {"Q1"}, {"Q12"})


@pytest.mark.parametrize(
    ("base", "other", "days", "found"),
    [
        (LONG, LOOSE, 0, True),
        # The more days between, and the shorter the report, the more alike.
        (LONG, LOOSE, 2, False),
        (LONG[5:], LOOSE[5:], 0, False),
        (PARAGRAPHS, PARAGRAPHS, 2, True),
    ],
)
def test_how_alike_a_translation_must_be(base, other, days, found):
    later = outline("b", "zh", other, day=date(2026, 3, 5 + days))
    assert bool(find_translations([outline("a", "en", base), later])) is found


@pytest.mark.parametrize(("statuses", "units"), [(("negated", "negated"), 1), (("negated", "possible"), 2)])
def test_mentions_that_tell_nothing_but_another_status_do_not_answer(statuses, units):
    one, other = (
        EventMention(f"{a}-1", a, 1, 0, "meeting", None, status, (), None, None, DAY, None, line=1)
        for a, status in zip("ab", statuses, strict=True)
    )
    assert len(pool([one], [(Translation("a", {1: 1}), [other])])) == units


def test_numbers_in_any_digits():
    assert numbers("12 of 2,030, 7") == frozenset({"#12", "#2030"})
    assert numbers("٢٠٣٠") == frozenset({"#2030"})


def mention(event_id, article, line, parties, start=0):
    found = tuple(Party(p, p, COUNTRY, "", True, False, (p,)) for p in parties.split())
    return EventMention(
        event_id, article, line, start, "meeting", None, "actual", found, None, None, DAY, None, line=line
    )


def test_mentions_of_one_paragraph_answer_by_their_parties():
    base = [mention("e1", "a", 1, "PE CL", 10), mention("e2", "a", 1, "FR", 40)]
    other = [mention("f1", "b", 2, "FR", 5), mention("f2", "b", 2, "PE CL", 20), mention("f3", "b", 4, "PE", 60)]
    units = pool(base, [(Translation("a", {2: 1, 4: 4}), other)])
    assert [sorted(m.event_id for m in u.members) for u in units] == [["e1", "f2"], ["e2", "f1"], ["f3"]]


def said(event_id, article, language, line, anchors="", quote="we will meet at the harbour on the second of May"):
    return StatementMention(event_id, article, 0, ("Q9",), quote, DAY, language, line, frozenset(anchors.split()))


def ids(groups):
    return [sorted(s.event_id for s in g) for g in groups]


def test_statements_over_languages():
    english = said("e", "a", "en", 1, "#12 #2030 Q1")
    chinese = said("z", "b", "zh", 2, "#12 #2030 Q1", "我们五月二日在港口会面，然后谈一谈船票的价格")
    assert ids(merge_statements([english, chinese])) == [["e", "z"]]
    for other in (replace(chinese, anchors=frozenset({"#12", "Q5", "Q6"})), replace(chinese, speakers=("Q8",)),
                  replace(chinese, published=date(2026, 3, 20))):  # fmt: skip
        assert merge_statements([english, other]) == []


def test_statements_of_translations():
    english, chinese = said("e", "a", "en", 1), said("z", "b", "zh", 2, quote="我们五月二日在港口会面，然后谈一谈")
    assert ids(merge_statements([english, chinese], {"b": Translation("a", {2: 1})})) == [["e", "z"]]
    assert merge_statements([english, chinese], {"b": Translation("a", {2: 3})}) == []
    assert merge_statements([english, chinese]) == []
