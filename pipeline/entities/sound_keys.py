"""Names as strings of consonant classes: a coarse measure of how alike two names sound.

Latin, Arabic and Han letters are brought to classes of consonants and compared by weighted edit
distance, after Freeman, Condon and Ackerman (2006), "Cross linguistic name matching in English and
Arabic". It serves to find candidates and where a coarse answer is enough; ``transliteration``
decides. Figures for both: docs/linking.md.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from pipeline.entities.pinyin import pinyin_of

# A capital is the soft letter, before e and i.
_LATIN = {
    "tch": "C", "sch": "X", "tsch": "C", "sh": "X", "ch": "C", "kh": "K", "gh": "G", "ph": "F", "th": "T", "dj": "J", "zh": "J",
    "ts": "Z", "tz": "Z", "ck": "K", "qu": "K", "ng": "N", "x": "KS", "b": "P", "p": "P", "f": "F", "v": "F", "w": "W", "d": "D",
    "t": "T", "s": "S", "z": "Z", "j": "J", "g": "G", "k": "K", "q": "K", "c": "K", "h": "H", "l": "L", "r": "R", "m": "M",
    "n": "N", "y": "Y", "C": "S", "G": "J",
}  # fmt: skip
_LATIN_LETTERS = re.compile("|".join(_LATIN))
_SOFT_C, _SOFT_G = re.compile("c(?=[eiy])"), re.compile("(?<!n)g(?=[ei])")
_ARABIC = dict(zip("بپتثجچحخدذرزژسشصضطظعغفڤقكکگلمنهويى", "PPTSJCHKDZRZJSXSDTZ GFFKKKGLMNHWYY", strict=True))
_PINYIN = {
    "b": "P", "p": "P", "m": "M", "f": "F", "d": "D", "t": "T", "n": "N", "l": "L", "g": "G", "k": "K", "h": "H",
    "j": "J", "q": "C", "x": "X", "zh": "J", "ch": "C", "sh": "X", "r": "R", "z": "Z", "c": "Z", "s": "S", "y": "Y", "w": "W",
}  # fmt: skip
# Pairs that one writing takes for the other: how much of a whole edit they cost.
_CHEAP = {
    frozenset(pair): cost
    for pair, cost in (
        ("LR", 0.3), ("KG", 0.3), ("KC", 0.4), ("KH", 0.4), ("TD", 0.3), ("SZ", 0.2), ("SX", 0.3), ("XC", 0.4), ("JG", 0.3),
        ("JZ", 0.4), ("JX", 0.5), ("FW", 0.3), ("FP", 0.5), ("JY", 0.4), ("CZ", 0.4), ("HG", 0.5), ("HX", 0.6), ("TS", 0.6),
        ("ZD", 0.6), ("JC", 0.4), ("MN", 0.5), ("XZ", 0.5), ("TZ", 0.5), ("KJ", 0.6), ("GC", 0.6), ("CT", 0.6), ("PW", 0.5),
    )
}  # fmt: skip
_WEAK = {"W": 0.2, "Y": 0.2, "H": 0.35}
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ARABIC_LETTER = re.compile(r"[\u0600-\u06ff]")


def script_of(name: str) -> str:
    """The script of a name: han, arabic or latin."""
    return "han" if _HAN.search(name) else "arabic" if _ARABIC_LETTER.search(name) else "latin"


@functools.lru_cache(maxsize=65536)
def sound_key(name: str) -> str:
    """The consonant classes of a name, words joined; empty where it has no letter of the three scripts."""
    if _HAN.search(name):
        return _han_key(name)
    if _ARABIC_LETTER.search(name):
        words = [w.removeprefix("ال") for w in name.split()]
        return _squeeze("".join(_ARABIC.get(c, "").strip() for w in words for c in w))
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    words = [w for w in re.findall(r"[a-z]+", plain) if w not in ("al", "el", "bin", "ibn")]
    return _squeeze("".join(_latin_word(w) for w in words))


def _latin_word(word: str) -> str:
    found: list[str] = _LATIN_LETTERS.findall(_SOFT_G.sub("G", _SOFT_C.sub("C", word)))
    # A final h only lengthens the vowel: Abdullah, Noah.
    if found and found[-1] == "h" and word.endswith("h"):
        found.pop()
    return "".join([_LATIN[letters] for letters in found])


def _han_key(name: str) -> str:
    out = []
    for syllable in pinyin_of(name, other=_nothing):
        if syllable == "er":
            out.append("R")
            continue
        initial = syllable[:2] if syllable[:2] in _PINYIN else syllable[:1]
        out.append(_PINYIN.get(initial, ""))
        if syllable.endswith(("n", "ng")) and syllable not in ("n", "ng"):
            out.append("N")
    return _squeeze("".join(out))


def _nothing(_: str) -> str:
    return ""


def _squeeze(key: str) -> str:
    return re.sub(r"(.)\1+", r"\1", key)


def sound_likeness(a: str, b: str) -> float:
    """Likeness of two names from 0 to 1 by their sound keys; 0 where either is empty."""
    return key_likeness(sound_key(a), sound_key(b))


def ends_likeness(a: str, b: str) -> float:
    """The lesser likeness of the first and of the last words of two names: Albert Einstein is not
    Lloyd Austin, however alike the whole."""
    x, y = _words(a), _words(b)
    if not x or not y:
        return 0.0
    return min(sound_likeness(x[0], y[0]), sound_likeness(x[-1], y[-1]))


def _words(name: str) -> list[str]:
    parts = re.split(r"[\s·•・-]+", name)
    return [p for p in parts if p and p.lower() not in ("al", "el", "bin", "ibn", "jr", "بن", "ال")]


@functools.lru_cache(maxsize=65536)
def key_likeness(x: str, y: str) -> float:
    """Likeness of two sound keys, as ``sound_likeness``."""
    if not x or not y:
        return 0.0
    longest = max(key_weight(x), key_weight(y), 1.0)
    return max(0.0, 1.0 - _distance(x, y) / longest)


def key_weight(key: str) -> float:
    """How many consonants a key has; those that some scripts do not write count for less."""
    return sum(_WEAK.get(c, 1.0) for c in key)


def _distance(x: str, y: str) -> float:
    steps = _steps()
    gaps = steps[""]
    row = [0.0]
    for c in y:
        row.append(row[-1] + gaps[c])
    for a in x:
        swap = steps[a]
        own = swap[""]
        across = row[0]
        left = across + own
        after = [left]
        for b, up in zip(y, row[1:], strict=True):
            left = min(across + swap[b], up + own, left + gaps[b])
            after.append(left)
            across = up
        row = after
    return row[-1]


@functools.cache
def _steps() -> dict[str, dict[str, float]]:
    letters = ("", *KEY_LETTERS)
    return {a: {b: key_step(a, b) for b in letters} for a in letters}


KEY_LETTERS = "CDFGHJKLMNPRSTWXYZ"
"""The letters of sound keys."""


@functools.cache
def key_step(a: str, b: str) -> float:
    """What one letter of a key costs where the other name has another; ``""`` where it has none."""
    if not a or not b:
        # Chinese drops or adds n, l/r and s between consonants (特朗普: te-lang-pu).
        return _WEAK.get(a or b, {"N": 0.5, "R": 0.6, "L": 0.7}.get(a or b, 0.8))
    if a == b:
        return 0.0
    weak = "W" in (a, b) or "Y" in (a, b)
    return _CHEAP.get(frozenset((a, b)), max(key_step(a, ""), key_step("", b)) if weak else 1.0)
