"""Marks of known words: where they begin and end, of which kind, in Chinese and Arabic."""

from __future__ import annotations

from pathlib import Path

import marisa_trie
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import default_folder, lexicon
from pipeline.model.encoding import Encoder
from pipeline.model.lexicon import COUNT, KINDS, Lexicon, plain
from pipeline.model.manifest import LEXICON, VOCABULARY
from pipeline.model.pieces import MARK, Vocabulary

PLACE, PERSON, ORGANISATION, _, NOUN, VERB, WORD = range(len(KINDS))
ENTRIES = {
    "北京": [(PLACE, -9.0)],
    "京都": [(PLACE, -12.0)],
    "外交部": [(ORGANISATION, -9.5)],
    "外交": [(NOUN, -9.0)],
    "会见": [(VERB, -9.0)],
    "在": [(WORD, -4.0)],
    "لندن": [(PLACE, -13.0)],
    "علي": [(PERSON, -11.1)],
    "الرياض": [(PLACE, -13.0)],
    "نيو يورك": [(PLACE, -30.0)],
    "جورج": [(PLACE, -14.0), (PERSON, -14.0)],
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path: Path = tmp_path_factory.mktemp("lexicon") / LEXICON
    marisa_trie.RecordTrie(lexicon.RECORD, [(w, r) for w, rows in ENTRIES.items() for r in rows]).save(str(path))
    return Lexicon(path)


def _han(kind: int) -> tuple[int, int, int]:
    return 1 + 3 * kind, 2 + 3 * kind, 3 + 3 * kind


ALONE = 1 + 3 * len(KINDS)
PHRASE = ALONE + 1
WORDS = PHRASE + 6


def _known(*kinds: int, common: bool = False) -> int:
    return WORDS + 2 * (sum(1 << k for k in kinds) - 1) + common


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("北京", [_han(PLACE)[0], _han(PLACE)[2]]),
        # The likelier cut wins: 北京|都, not 北|京都.
        ("北京都", [_han(PLACE)[0], _han(PLACE)[2], ALONE]),
        ("外交部", list(_han(ORGANISATION))),
        ("在外交", [ALONE, _han(NOUN)[0], _han(NOUN)[2]]),
        ("馬", [ALONE]),
        ("北 京", [ALONE, 0, ALONE]),
        ("لندن", [_known(PLACE)] * 4),
        ("ولندن", [0, *[_known(PLACE)] * 4]),
        ("وبلندن", [0, 0, *[_known(PLACE)] * 4]),
        ("للرياض", [0, *[_known(PLACE)] * 5]),
        ("عَلِي", [_known(PERSON, common=True)] * 5),
        ("على", [_known(PERSON, common=True)] * 3),
        ("جورج", [_known(PLACE, PERSON)] * 4),
        ("نيو يورك", [*[PHRASE] * 3, 0, *[PHRASE + 1] * 4]),
        ("في نيو", [0] * 6),
        ("London", [0] * 6),
        ("", []),
    ],
)
def test_marks(small: Lexicon, text: str, marks: list[int]) -> None:
    assert small.marks(text) == marks


@pytest.mark.parametrize(("word", "form"), [("إسْرائيل", "اسرائيل"), ("مصطفى", "مصطفي"), ("القاهرة", "القاهرة")])
def test_arabic_spellings_meet(word: str, form: str) -> None:
    assert plain(word) == form


@given(st.text(alphabet="北京都外交部会见在 وبلندنالرياضعلي\u064e·aZ.\u0640\U00020000"))
def test_every_code_point_has_a_mark_that_the_model_knows(text: str) -> None:
    marks = Lexicon(default_folder() / LEXICON).marks(text)
    assert len(marks) == len(text)
    assert all(0 <= mark < COUNT for mark in marks)


def test_pieces_carry_the_mark_of_their_first_character(small: Lexicon) -> None:
    vocabulary = Vocabulary.load(default_folder() / VOCABULARY)
    text = "外交部 said ولندن"
    bare, marked = Encoder(vocabulary).encode(text), Encoder(vocabulary, small).encode(text)
    assert (marked.starts, marked.ends) == (bare.starts, bare.ends)
    assert tuple(piece % MARK for piece in marked.ids) == bare.ids
    marks = small.marks(text)
    assert [piece // MARK for piece in marked.ids] == [marks[start] for start in marked.starts]
    assert marked.ids != bare.ids
