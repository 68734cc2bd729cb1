"""Arguments as parties."""

import pytest

from pipeline.entities.lexicon import load_lexicon
from pipeline.stories.parties import PartyReader

UNLISTED = {"x1": ("Ana Quispe", "PER")}


@pytest.fixture(scope="module")
def reader():
    return PartyReader(load_lexicon(), UNLISTED)


def test_a_pronoun_names_no_country(reader):
    found = reader.parties([("x1", "us", 1.0)])
    assert [p.key for p, _ in found] == ["x1"]


@pytest.mark.parametrize("text", ["Mercosur foreign ministers", "وزراء ميركوسور", "南方共同市场外长"])
def test_a_bodys_people_stand_for_it(reader, text):
    body = next(iter(load_lexicon().named("Mercosur"))).entity_id
    assert [p.key for p, _ in reader.parties([(None, text, 1.0)])] == [body]
