"""Chinese names as Arabic news spells them."""

from __future__ import annotations

import pytest

from pipeline.entities.pinyin_arabic import spells
from pipeline.entities.sound_keys import script_of
from pipeline.stories.identities import PersonMention, Surroundings, join_people


@pytest.mark.parametrize(
    ("name", "arabic", "same"),
    [
        ("习近平", "شي جين بينغ", True),
        ("Xi Jinping", "شي جين بينغ", True),
        ("李强", "لي تشيانغ", True),
        ("毛宁", "ماو نينغ", True),
        ("赵乐际", "تشاو له جي", True),
        ("耿爽", "قنغ شوانغ", True),
        ("Ding Xuexiang", "دينغ شيويه شيانغ", True),
        ("沈玉清", "شن يوتشينغ", True),
        # Another name, a part of one, another language's, and too few letters to tell.
        ("李强", "لي شي", False),
        ("王毅", "وانغ وي", False),
        ("张伟", "تشانغ", False),
        ("Martin Lee", "مارتن لي", False),
        ("李毅", "ليي", False),
        ("约瑟夫·韦坎亚", "جوزيف ويكانيا", False),
    ],
)
def test_spells(name: str, arabic: str, same: bool) -> None:
    assert spells(name, arabic) is same


@pytest.mark.parametrize(("arabic", "joined"), [("قو هواي مينغ", True), ("قاو هونغ مين", False)])
def test_an_arabic_spelling_is_the_same_person(arabic: str, joined: bool) -> None:
    from pipeline.entities.lexicon import load_lexicon

    names = {"x1": "Gu Huaiming", "x2": arabic, "x3": "顾怀明"}
    mentions = [PersonMention(key, name, script_of(name)) for key, name in names.items()]
    around = {script_of(name): Surroundings(None, frozenset({"Q148", "Q912"})) for name in names.values()}
    answer = join_people(mentions, around, load_lexicon())
    assert answer.get("x3") == "x1"
    assert (answer.get("x2") == "x1") is joined
