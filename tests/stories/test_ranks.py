"""Heads of state and government are told from those who negotiate for them."""

import pytest

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import load_lexicon
from pipeline.stories.matching import likeness
from pipeline.stories.parties import PartyReader
from pipeline.stories.ranks import BELOW, CHIEF, rank_held, rank_of


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("Peruvian envoys", BELOW),
        ("the presidents of Peru and Chile", CHIEF),
        ("the president's special envoy", BELOW),
        ("Peru's prime minister", CHIEF),
        ("the deputy prime minister", BELOW),
        ("foreign ministers of Peru", BELOW),
        ("Peruvian delegation", None),
        ("Peruvian officials", None),
        ("مبعوث الرئيس", BELOW),
        ("رئيس وزراء بيرو", CHIEF),
        ("وزيري خارجية بيرو", BELOW),
        ("وفد بيرو", None),
        ("总统特使", BELOW),
        ("秘鲁总统", CHIEF),
        ("秘鲁外长", BELOW),
        ("秘鲁代表团", None),
    ],
)
def test_rank_of_a_description(words, rank):
    assert rank_of(fold_string(words)) == rank


def test_envoys_are_not_their_president():
    lexicon = load_lexicon()
    president = next(k for k in lexicon.by_id.values() if k.country == "KG" and rank_held(k) == CHIEF)
    reader = PartyReader(lexicon, {})
    ((person, _),) = reader.parties([(president.entity_id, president.name_en, 1.0)])

    def described(words):
        ((party, _),) = reader.parties([(None, words, 1.0)])
        return likeness(person, party)

    assert described("Kyrgyz envoys") == 0
    assert described("the Kyrgyz president") > 0
    assert described("the Kyrgyz delegation") > 0
