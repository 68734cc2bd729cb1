"""Spans of names: cut where they hold two, grown from a full name to its bearer's other mentions."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Article, Document, Sentence
from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.separate import separated, with_places_as_places, with_repeated, with_surnames_as_people
from pipeline.entities.spans import NameSpan


def _document(text: str, language: str = "ar") -> Document:
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, language, (language,), text, "", "", None, 1)
    return Document(article, (Sentence("a", 0, 0, len(text), language, "body", text),))


def _names(text: str, names: list[str], label: str = "PER") -> list[NameSpan]:
    return [NameSpan(text.index(n), text.index(n) + len(n), label, 0.9, "test") for n in names]


def _texts(text: str, names: list[NameSpan]) -> list[str]:
    return [text[n.start : n.end] for n in names]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        # "And" joins two people whom the article names in full.
        (
            "وصل سمير حداد ونبيل الجزائري. والتقى حداد والجزائري مساء.",
            ["سمير حداد", "نبيل الجزائري", "حداد والجزائري"],
            ["سمير حداد", "نبيل الجزائري", "حداد", "الجزائري"],
        ),
        # Nobody vouches for the second: the span stays as it is.
        ("التقى حداد ووردك مساء.", ["حداد ووردك"], ["حداد ووردك"]),
        # No space before إن and قائلاً: no letter of the name.
        ("قال روبن هاركرإن الأمر صعب.", ["روبن هاركرإن"], ["روبن هاركر"]),
        ("أضاف روبن هاركرقائلا ذلك.", ["روبن هاركرقائلا"], ["روبن هاركر"]),
        # A title and a nationality are nobody's name.
        ("استقبل الرئيس الكيني ضيفه أوين هاركر.", ["الرئيس الكيني", "أوين هاركر"], ["أوين هاركر"]),
        # Letters that only look like it stay: a final أن belongs to the name, as does a bare ان.
        ("قال روبن هاركران ذلك.", ["روبن هاركران"], ["روبن هاركران"]),
    ],
)
def test_names_that_an_engine_ran_together(text, names, expected):
    assert _texts(text, list(separated(_names(text, names), text, load_lexicon()))) == expected


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        # The surname alone, behind joined particles too.
        (
            "قال سمير القرمزي ذلك. وشكر نبيل القرمزي، ثم لقاء حداد والقرمزي.",
            ["سمير القرمزي"],
            ["سمير القرمزي", "القرمزي", "القرمزي"],
        ),
        # A country and a name of several words; a city's one word may be another.
        ("تلتقي تشيلي ومالطا. ورفضت تشيلي ذلك.", ["تشيلي"], ["تشيلي", "تشيلي"]),
        ("قالت نقابة البحارة ذلك. ونفت نقابة البحارة غيره.", ["نقابة البحارة"], ["نقابة البحارة", "نقابة البحارة"]),
        # Behind a noun with the article it is an adjective.
        ("قال سمير القرمزي إن الثوب القرمزي جميل.", ["سمير القرمزي"], ["سمير القرمزي"]),
        # A given name, a title or a nationality tells nothing, nor does part of a word.
        ("قال سمير حسن إن حسن النية مطلوب.", ["سمير حسن"], ["سمير حسن"]),
        ("قال سمير الوزير إنه سأل الوزير.", ["سمير الوزير"], ["سمير الوزير"]),
        ("قال سمير الكيني ذلك، وغضب الكيني.", ["سمير الكيني"], ["سمير الكيني"]),
        ("قال سمير هاركر ذلك في هاركرفيل.", ["سمير هاركر"], ["سمير هاركر"]),
    ],
)
def test_a_surname_is_found_wherever_it_stands(text, names, expected):
    assert _texts(text, with_repeated(_names(text, names), _document(text), load_lexicon())) == expected


def test_surnames_are_sought_in_arabic_alone():
    text = "Oona Larkwell left. Larkwell said so."
    assert len(with_repeated(_names(text, ["Oona Larkwell"]), _document(text, "en"), load_lexicon())) == 1


@pytest.mark.parametrize(
    ("text", "people", "other", "label"),
    [
        ("Gu Huaiming left. Gu is to fly north.", ["Gu Huaiming"], "Gu", "PER"),
        ("Oona Larkwell left. Larkwell said so.", ["Oona Larkwell"], "Larkwell", "PER"),
        # A known place, another word, and a name that no full name vouches for.
        ("Oona Paris left. Paris was cold.", ["Oona Paris"], "Paris", "LOC"),
        ("Oona Larkwell left. Larkville was cold.", ["Oona Larkwell"], "Larkville", "LOC"),
        ("Larkwell said so. Larkwell left.", [], "Larkwell", "LOC"),
    ],
)
def test_a_surname_taken_for_a_place_is_its_bearer(text, people, other, label):
    at = text.rindex(other)
    names = [*_names(text, people), NameSpan(at, at + len(other), "LOC", 0.9, "test")]
    assert with_surnames_as_people(names, text, load_lexicon())[-1].label == label


@pytest.mark.parametrize(
    ("text", "people", "other", "label"),
    [
        ("The weavers of Kandy struck.", [], "Kandy", "GPE"),
        ("He was born in Kandy.", [], "Kandy", "GPE"),
        # No preposition of place; a name that no table has; a person of the article; a person of the tables.
        ("On Friday Kandy said no.", [], "Kandy", "PER"),
        ("The weavers of Tuvandria struck.", [], "Tuvandria", "PER"),
        ("Mira Kandy spoke. The aides of Kandy left.", ["Mira Kandy"], "Kandy", "PER"),
        ("The aides of Netanyahu left.", [], "Netanyahu", "PER"),
    ],
)
def test_a_place_taken_for_a_person_is_the_place_behind_a_preposition(text, people, other, label):
    at = text.rindex(other)
    names = [*_names(text, people), NameSpan(at, at + len(other), "PER", 0.9, "test")]
    assert with_places_as_places(names, text, load_lexicon())[-1].label == label


@pytest.mark.parametrize(("name", "kept"), [("十", False), ("12", False), ("三星", True)])
def test_a_bare_number_is_no_name(name, kept):
    found = list(separated(_names(f"{name}国代表", [name], "ORG"), f"{name}国代表", load_lexicon()))
    assert bool(found) is kept
