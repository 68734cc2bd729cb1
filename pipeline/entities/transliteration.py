"""Whether two names in Latin, Arabic or Han script are one name.

Across scripts the letters are aligned with learned costs (``alignment``), and every word must agree,
not only the whole: a shared first name says little. Figures: docs/linking.md.
"""

from __future__ import annotations

import functools
from collections import Counter
from difflib import SequenceMatcher

from pipeline.core.folding import fold_string
from pipeline.entities.alignment import learned, word_scores, words_by_sound
from pipeline.entities.pinyin import official_pinyin, pinyin_of
from pipeline.entities.sound_keys import key_likeness, script_of, sound_key
from pipeline.entities.sounds import Sounds, pieces_of, sounds_of, turned

# Least agreement of the whole and of the worst word, most that one step may cost; chosen on the people table (docs/linking.md).
_THRESHOLDS = {"latin-arabic": (0.70, 0.65, 4.4), "latin-han": (0.65, 0.40, 4.4), "arabic-han": (0.65, 0.50, 4.0)}
SCRIPTS = ("latin", "arabic", "han")
_TURNED = 0.06
# What known words may add to the agreement of the whole; further below nothing is tried.
_REGAINED = 0.3
_SPELT, _WORD_SPELT, _WORD_SOUND, _WORD_STEM, _WORD_TAIL = 0.86, 0.7, 0.9, 6, 2


@functools.lru_cache(maxsize=65536)
def name_likeness(a: str, b: str) -> float:
    """By how much two full names pass (0 or more) or miss what spellings of one name must; at least -2.

    Every word must agree: one that shares only its first name or its surname is another's, and a
    name of one word never suffices. Within a script spelling decides, word by word; across scripts the learned costs do. The order
    of the words may differ (西雅尔多·彼得 for Péter Szijjártó), at a price.
    """
    # Most spellings are too far apart to ask for sounds.
    spelling = _spelling_likeness(a, b) if script_of(a) == script_of(b) else None
    if spelling == -2.0:
        return -2.0
    x, y = sounds_of(a), sounds_of(b)
    if len(set(x.words)) < 2 or len(set(y.words)) < 2:
        return -2.0
    if spelling is not None:
        return spelling
    scripts, changed = script_pair(x.script, y.script)
    if changed:
        a, b, x, y = b, a, y, x
    if x.script == "latin" and y.script == "han" and "·" not in b and (plain := official_pinyin(a)) is not None:
        # Official pinyin leaves no room: Liu He is not 李辉.
        joined = "".join(pinyin_of(b)).replace("ü", "v")
        return 0.3 if plain == joined else -2.0
    straight = _margin(x, y, scripts)
    if straight >= 0.0:
        return straight
    if not _crosses(x, y):
        return straight
    return max(straight, _margin(x, turned(y), scripts) - _TURNED)


@functools.lru_cache(maxsize=32768)
def word_likeness(a: str, b: str) -> float:
    """By how much two single words of different scripts pass (0 or more) or miss what words of one
    name must; at least -2. A surname alone says little: ask for other evidence beside it."""
    x, y = sounds_of(a), sounds_of(b)
    if not x.tokens or not y.tokens or x.script == y.script:
        return -2.0
    scripts, changed = script_pair(x.script, y.script)
    return _margin(y, x, scripts) if changed else _margin(x, y, scripts)


def least_tried(scripts: str) -> float:
    """The agreement of the whole below which two names of a pair of scripts are not looked at word by word."""
    return _THRESHOLDS[scripts][0] - _REGAINED


def least_whole(scripts: str) -> float:
    """The agreement of the whole that two names of a pair of scripts must have."""
    return _THRESHOLDS[scripts][0]


def share_known_word(a: str, b: str, scripts: str) -> bool:
    """Whether a word of one name is known to stand for one of the other, wherever the two stand."""
    known = learned(scripts)[1]
    theirs = _words_of(b)
    return any(not theirs.isdisjoint(known.get(word, ())) for word in _words_of(a))


@functools.lru_cache(maxsize=32768)
def _words_of(name: str) -> frozenset[tuple[str, ...]]:
    return frozenset(words_by_sound(sounds_of(name)))


def script_pair(a: str, b: str) -> tuple[str, bool]:
    """The name that ``learned`` has for two scripts, and whether they must change places for it."""
    changed = SCRIPTS.index(a) > SCRIPTS.index(b)
    return (f"{b}-{a}" if changed else f"{a}-{b}"), changed


def _crosses(x: Sounds, y: Sounds) -> bool:
    """Whether the first word of each may be the last of the other, by their first consonants."""
    (x_first, x_last), (y_first, y_last) = (_starts(s.tokens, s.words) for s in (x, y))
    return key_likeness(x_first, y_last) > 0.0 and key_likeness(x_last, y_first) > 0.0


@functools.lru_cache(maxsize=32768)
def _starts(tokens: tuple[str, ...], words: tuple[int, ...]) -> tuple[str, str]:
    """The consonant classes of the first and of the last word, two each."""
    ends = [[t for t, w in zip(tokens, words, strict=True) if w == word] for word in (words[0], words[-1])]
    first, last = ("".join(sound_key(t.strip("^_'$")) or "" for t in end)[:2] for end in ends)
    return first, last


def _margin(x: Sounds, y: Sounds, scripts: str) -> float:
    costs, known = learned(scripts)
    least_whole, least_word, most_step = _THRESHOLDS[scripts]
    whole, words, worst = word_scores(x, y, costs, known, least_tried(scripts))
    if not words or worst > most_step:
        return -2.0
    return min(whole - least_whole, min(words) - least_word)


def _spelling_likeness(a: str, b: str) -> float:
    if abs(len(a) - len(b)) > max(4, len(a) // 3):
        return -2.0
    x, y = _spelt(a), _spelt(b)
    if len(x) != len(y) or _ratio_at_most(" ".join(x), " ".join(y)) < _SPELT:
        return -2.0
    whole = SequenceMatcher(None, " ".join(x), " ".join(y), autojunk=False).ratio()
    script = script_of(a)
    if whole < _SPELT or not all(_spelt_alike(v, w, script) for v, w in zip(x, y, strict=True)):
        return -2.0
    return whole - _SPELT


def _ratio_at_most(a: str, b: str) -> float:
    """The most that the ratio of matching letters can be: were those in common in one order, whatever theirs is."""
    length = len(a) + len(b)
    if 2.0 * min(len(a), len(b)) < _SPELT * length:
        return 0.0
    theirs = _letters(b)
    return 2.0 * sum(min(times, theirs.get(letter, 0)) for letter, times in _letters(a).items()) / length


@functools.lru_cache(maxsize=32768)
def _letters(text: str) -> Counter[str]:
    return Counter(text)


@functools.lru_cache(maxsize=32768)
def _spelt(name: str) -> tuple[str, ...]:
    return tuple(pieces_of(fold_string(name), script_of(name)))


def _spelt_alike(v: str, w: str, script: str) -> bool:
    if v == w:
        return True
    short, long = sorted((v, w), key=len)
    if script == "han":
        # Han names are spelt by sound: 谢尔盖 and 谢尔蓋 are one, 王毅 and 王伟 are not.
        return len(long) > 1 and pinyin_of(v) == pinyin_of(w)
    if _partners(v) and _partners(w) and not _partners(v) & _partners(w):
        return False
    if script == "arabic" and len(short) < 5:
        return False
    if long.startswith(short) and len(short) >= _WORD_STEM and len(long) - len(short) <= _WORD_TAIL:
        return True
    alike = SequenceMatcher(None, v, w, autojunk=False).ratio()
    return alike >= _WORD_SPELT and key_likeness(sound_key(v), sound_key(w)) >= _WORD_SOUND


def _partners(word: str) -> frozenset[tuple[str, ...]]:
    """What stands for a known word in the other of Latin and Arabic script."""
    return learned("latin-arabic")[1].get(sounds_of(word).tokens, frozenset())
