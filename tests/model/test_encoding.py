"""Pieces and their offsets: every visible character once, spans where the languages need them."""

from __future__ import annotations

import pytest

from pipeline.model import default_folder
from pipeline.model.encoding import Encoder
from pipeline.model.manifest import VOCABULARY
from pipeline.model.pieces import UNKNOWN, Vocabulary


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(Vocabulary.load(default_folder() / VOCABULARY))


TEXTS = [
    "The minister, Ana-Lucía O'Brien (61), said: “No deal!” — at 10:30 on 2024-07-25.",
    "austinSecretary met mr.LI at U.N. H.Q.",
    "وَقَالَ الوزيرُ إنّ لقاءهُ بالرئيس لــم يُعقد، وللحكومة رأي آخر.",
    "外交部發言人𠮷田（女）於２０２４年表示：「會談Trump」已取消。",
    "  leading\u00a0and\u200b hidden \ufeff marks\u00ad here \n",
    "😀 mixed 你好 مرحبا ok ﷲ ﬁne ½",
    "",
    " \n\t",
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_visible_character_is_in_exactly_one_piece(encoder: Encoder, text: str) -> None:
    encoded = encoder.encode(text)
    covered: list[int] = []
    for start, end in zip(encoded.starts, encoded.ends, strict=True):
        assert 0 <= start < end <= len(text)
        covered += range(start, end)
    assert covered == sorted(set(covered))
    silent = set("\u00ad\u200b\ufeff\u0640") | {chr(c) for c in range(0x064B, 0x0660)}
    for i, character in enumerate(text):
        if not character.isspace() and character not in silent:
            assert i in covered, (i, character)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("وقال", ["و", "قال"]),
        ("وأضاف", ["و", "أضاف"]),
        ("لبايدن", ["ل", "بايدن"]),
        ("للرئيس", ["لل", "رئيس"]),
        ("وبالرئيس", ["و", "ب", "الرئيس"]),
        ("بلقاء", ["ب", "لقاء"]),
        ("لقائه", ["لقائ", "ه"]),
        ("زيارتها", ["زيارت", "ها"]),
        ("وزير", ["وزير"]),
        ("لبنان", ["لبنان"]),
        ("فرنسا", ["فرنسا"]),
        ("بغداد", ["بغداد"]),
        ("وكالة", ["وكالة"]),
        ("الله", ["الله"]),
        ("كتاب", ["كتاب"]),
    ],
)
def test_arabic_clitics_begin_and_end_pieces(encoder: Encoder, word: str, parts: list[str]) -> None:
    encoded = encoder.encode(word)
    bounds = {0, len(word)}
    at = 0
    for part in parts:
        at += len(part)
        bounds.add(at)
    edges = {0, *encoded.ends}
    assert bounds <= edges
    if len(parts) == 1:
        assert 1 not in edges


def test_chinese_gives_a_piece_a_character(encoder: Encoder) -> None:
    text = "習近平主席会见拜登总统"
    encoded = encoder.encode(text)
    assert [text[s:e] for s, e in zip(encoded.starts, encoded.ends, strict=True)] == list(text)
    assert UNKNOWN not in encoded.ids


def test_vowel_signs_and_tatweel_do_not_change_the_pieces(encoder: Encoder) -> None:
    assert encoder.encode("وَقَالَ").ids == encoder.encode("وقال").ids
    assert encoder.encode("مـحـمـد").ids == encoder.encode("محمد").ids


def test_glued_words_part_at_the_capital(encoder: Encoder) -> None:
    text = "austinSecretary"
    assert 6 in encoder.encode(text).starts


def test_an_unlisted_character_is_one_unknown_piece(encoder: Encoder) -> None:
    encoded = encoder.encode("田\U0002f9f4中")
    assert len(encoded) == 3
