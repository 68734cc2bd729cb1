"""Names to entities within one article."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.linking import ArticleLinker, split_names, unlisted_id

DAY = date(2024, 7, 25)


def _linker(*names: tuple[str, str], day: date | None = DAY) -> ArticleLinker:
    return ArticleLinker(load_lexicon(), names, day)


@pytest.mark.parametrize(
    ("label", "names", "wikidata_id"),
    [
        ("PER", ("Benjamin Netanyahu", "بنيامين نتنياهو", "内塔尼亚胡"), "Q43723"),
        ("GPE", ("Egypt", "مصر", "埃及"), "Q79"),
        ("GPE", ("Qatar", "قطر", "卡塔尔"), "Q846"),
    ],
)
def test_one_entity_in_three_languages(label: str, names: tuple[str, ...], wikidata_id: str) -> None:
    for name in names:
        found = _linker((name, label)).link(name, label)
        assert found is not None, name
        assert found.entity_id == wikidata_id, name


def test_a_person_without_wikidata_id_is_one_in_three_languages() -> None:
    found = {_linker((n, "PER")).link(n, "PER") for n in ("Joe Biden", "جو بايدن", "乔·拜登")}
    assert len(found) == 1
    assert None not in found


def test_a_short_name_is_the_longer_one_of_the_article() -> None:
    linker = _linker(("Mirela Sanders", "PER"), ("Sanders", "PER"))
    assert linker.link("Sanders", "PER") == linker.link("Mirela Sanders", "PER")


def test_a_short_name_with_two_longer_ones_is_neither() -> None:
    linker = _linker(("Mirela Sandoval", "PER"), ("Oskar Sandoval", "PER"), ("Sandoval", "PER"))
    found = linker.link("Sandoval", "PER")
    full = [linker.link(n, "PER") for n in ("Mirela Sandoval", "Oskar Sandoval")]
    assert found is None or found not in full


def test_an_unlisted_name_has_the_same_id_in_every_article() -> None:
    first = _linker(("Harbour Pilots League", "ORG")).link("Harbour Pilots League", "ORG")
    second = _linker(("Harbour Pilots League", "ORG"), day=None).link("Harbour Pilots League", "ORG")
    assert first is not None
    assert first == second
    assert first.entity_id == unlisted_id("Harbour Pilots League", "ORG")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Élodie Marchand", "PER"), ("ELODIE MARCHAND", "PER")),
        (("Jean-Luc Marchand", "PER"), ("Jean Luc Marchand", "PER")),
        (("Colchane", "GPE"), ("Colchane", "LOC")),
    ],
)
def test_spelling_does_not_change_the_id(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert unlisted_id(*one) == unlisted_id(*other)


@pytest.mark.parametrize(
    ("name", "label", "bare"),
    [
        ("للولايات المتحدة", "LOC", "الولايات المتحدة"),
        ("للصين", "LOC", "الصين"),
        ("ببريطانيا", "GPE", "بريطانيا"),
        ("وبنيامين نتنياهو", "PER", "بنيامين نتنياهو"),
        ("باكستان", "GPE", "باكستان"),
        ("لبنان", "GPE", "لبنان"),
    ],
)
def test_an_attached_word_is_no_part_of_a_listed_name(name: str, label: str, bare: str) -> None:
    found, wanted = _linker((name, label)).link(name, label), _linker((bare, label)).link(bare, label)
    assert found is not None
    assert found == wanted


def test_an_unlisted_name_keeps_its_first_letter() -> None:
    found = _linker(("بلسورة", "LOC")).link("بلسورة", "LOC")
    assert found is not None
    assert found.entity_id == unlisted_id("بلسورة", "LOC")


def test_a_person_and_an_organisation_of_one_name_stay_apart() -> None:
    assert unlisted_id("Marchand", "PER") != unlisted_id("Marchand", "ORG")


def test_a_person_is_never_linked_to_a_country() -> None:
    found = _linker(("Chad", "PER")).link("Chad", "PER")
    assert found is None or found.label == "PER"


def test_two_names_in_one_span_are_split() -> None:
    lexicon = load_lexicon()
    span = "كامالا هاريس نتنياهو"
    split = split_names(lexicon, span)
    assert split is not None
    assert (span[: split[0]], span[split[1] :]) == ("كامالا هاريس", "نتنياهو")
    assert split_names(lexicon, "كامالا هاريس") is None


@pytest.mark.parametrize(
    ("name", "home", "linked"),
    [
        # A foreign minister of Mauritania is no Palestinian, whose surname he has.
        ("马尔祖克", {"MR"}, False),
        ("马尔祖克", {"PS"}, True),
        ("马尔祖克", set(), True),
        # A full name is its bearer's, whatever office stands beside it.
        ("Benjamin Netanyahu", {"MR"}, True),
    ],
)
def test_a_surname_beside_another_countrys_office(name: str, home: set[str], linked: bool) -> None:
    found = ArticleLinker(load_lexicon(), [(name, "PER")], DAY, homes={name: home}).link(name, "PER")
    assert found is not None
    assert found.entity_id.startswith("x") is not linked
