"""That readings from the package's data are pypinyin's."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.constants import PHRASES_DICT

from pipeline.entities.han_readings import readings_by_piece
from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.pinyin import pinyin_of, readings_of
from pipeline.entities.sound_keys import script_of
from training.han_readings import FILE, content

# The last two are left as they are: all of them begins a phrase, so no phrase is looked for within.
WRITTEN = (
    "",
    "陈美玲",
    "曾庆红",
    "朝阳区",
    "A·B",
    "伊尔卡 Brandvold",
    "〇七",
    "㐀",
    "龦",
    "单于",
    "重庆",
    "一丘之",
    "不可同日",
)


def _expected(text: str, other: Callable[[str], str] | None) -> list[str]:
    found: list[str] = lazy_pinyin(text, style=Style.NORMAL, errors=other or "default")
    return found


def _nothing(_: str) -> str:
    return ""


def test_the_file_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == content(), "run python -m training.han_readings"


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("other", [None, _nothing, str.lower])
def test_names_are_read_as_pypinyin_reads_them(text: str, other: Callable[[str], str] | None) -> None:
    if "·" not in text and " " not in text:
        assert pinyin_of(text, other=other) == _expected(text, other)


def test_listed_names_and_phrases_beside_each_other() -> None:
    choose = random.Random(7)
    phrases = sorted(PHRASES_DICT)
    names = [n for e in load_lexicon().by_id.values() for n in e.names() if script_of(n) == "han"][::7]
    mixed = ["".join(choose.choice(phrases)[: choose.randint(1, 4)] for _ in range(3)) for _ in range(2_000)]
    for text in [*names, *mixed]:
        found = readings_by_piece(text, str)
        assert found is None or [r[0] for r in found] == _expected(text, None), text


@pytest.mark.parametrize("text", ["曾单", "朝阳", "仇解乐", "〇单"])
def test_all_readings(text: str) -> None:
    answers = {""}
    for syllables in pinyin(text, style=Style.NORMAL, heteronym=True):
        answers = {a + s for a in answers for s in syllables}
    assert readings_of(text) == answers


@pytest.mark.parametrize("text", ["〇七", "㐀", "\uf900", "\ue815", "\U00020000"])
def test_rare_characters_are_left_to_pypinyin(text: str) -> None:
    assert readings_by_piece(text, str) is None
