"""Chinese names as Arabic news writes them: 顾怀远, Gu Huaiyuan, قو هواي يوان.

Arabic agencies spell pinyin letter by letter, each syllable a word or several together. Sound costs learned
from names of all languages know little of it: ق stands for g, تش for zh, ch and q.
"""

from __future__ import annotations

import functools
import re

from pipeline.core.folding import fold_string
from pipeline.entities.pinyin import official_pinyin, pinyin_of

_LETTERS = re.compile(r"zh|ch|sh|ng|[bpmfdtnlgkhjqxrzcsyw]|[aeiouv]")
_CONSONANTS = {
    "b": "ب", "p": "ب", "m": "م", "f": "ف", "d": "د", "t": "ت", "n": "ن", "l": "ل", "g": "[قغجك]", "k": "ك",
    "h": "[هخح]", "j": "(?:ج|تش)", "q": "(?:تش|ش|ك|ق|ج)", "x": "[شس]", "zh": "(?:تش|ج|ز)", "ch": "(?:تش|ش)",
    "sh": "ش", "r": "[رج]", "z": "(?:تس|ز)", "c": "(?:تس|س)", "s": "س", "y": "ي", "w": "و", "ng": "ن[غجق]?",
}  # fmt: skip
_VOWELS = {"a": "[اه]?", "e": "[هيا]?", "i": "ي{0,2}", "o": "و?ه?", "u": "و{0,2}", "v": "[وي]{0,3}"}
# After these u is ü.
_FRONT = frozenset("jqxy")
# What so few Arabic letters spell may be anything.
_LEAST = 5
_NAME_OF_CHINA = re.compile(r"[\u4e00-\u9fff]{2,4}")


def spells(name: str, arabic: str) -> bool:
    """Whether an Arabic name spells a Chinese one, given in characters or in official pinyin."""
    pattern = _spelling(name)
    if pattern is None:
        return False
    letters = _joined(arabic)
    return len(letters) >= _LEAST and pattern.fullmatch(letters) is not None


def has_spelling(name: str) -> bool:
    """Whether a name is one that ``spells`` can answer for: Chinese characters or official pinyin."""
    return _spelling(name) is not None


@functools.lru_cache(maxsize=16384)
def _joined(arabic: str) -> str:
    return re.sub(r"[\s\-–]+", "", fold_string(arabic))


@functools.lru_cache(maxsize=16384)
def _spelling(name: str) -> re.Pattern[str] | None:
    native = _NAME_OF_CHINA.fullmatch(name) is not None
    pinyin = "".join(pinyin_of(name)) if native else official_pinyin(name) or ""
    found = _LETTERS.findall(pinyin)
    if not found or "".join(found) != pinyin:
        return None
    parts = []
    front = False
    for letter in found:
        if letter in _VOWELS:
            parts.append(_VOWELS["v" if letter == "u" and front else letter])
            continue
        front = letter in _FRONT
        parts.append(_CONSONANTS[letter])
    return re.compile("".join(parts))


__all__ = ["has_spelling", "spells"]
