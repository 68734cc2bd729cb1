"""Places that words describe are the places that they mean."""

import pytest

from pipeline.entities.lexicon import load_lexicon
from pipeline.stories.matching import fit_places
from pipeline.stories.parties import PartyReader


@pytest.fixture(scope="module")
def reader():
    return PartyReader(load_lexicon(), {})


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("the Peruvian capital", "Lima"),
        ("العاصمة البيروفية", "ليما"),
        ("秘鲁首都", "利马"),
        ("the Mar-a-Lago estate", "Mar-a-Lago"),
        ("the city of Oshkuy", "Oshkuy"),
        ("مدينة أوشكوي", "أوشكوي"),
        ("奥什奎市", "奥什奎"),
    ],
)
def test_a_description_is_the_place(reader, text, other):
    named = next((k.entity_id for k in load_lexicon().named(other)), None)
    assert fit_places([reader.place(None, text)], [reader.place(named, other)]) == 1.0


@pytest.mark.parametrize(
    ("text", "other"),
    [("the Peruvian capital", "Oslo"), ("the Norwegian port of Vadro", "Lima"), ("秘鲁首都", "奥斯陆")],
)
def test_it_is_no_other(reader, text, other):
    named = next(k.entity_id for k in load_lexicon().named(other))
    assert fit_places([reader.place(None, text)], [reader.place(named, other)]) == -1.0


@pytest.mark.parametrize("text", ["here", "هنا", "这里", ""])
def test_here_is_no_place(reader, text):
    assert reader.place(None, text) is None
