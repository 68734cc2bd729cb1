"""Estimate how broken a text is: machine-made, glued together, or damaged by encodings.

Each sign of damage (a lower-case name, a capital inside a sentence, two words glued, an unpaired
quotation mark, mojibake, ...) has a weight; the score is ``1 - exp(-d / 6)`` where ``d`` is the
weight per hundred words (a Chinese character counts as 0.6 of a word). One slip in a clean article
stays below 0.1; two signs a sentence give more than 0.5. Measured in
``docs/language-identification.md``.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable

from pipeline.languages import load_topic

# UTF-8 read as windows-1252 or windows-1256, GBK read as UTF-8, and bytes that fit nowhere.
_MOJIBAKE = re.compile(
    r"\ufffd|[\ue000-\uf8ff]|[\x80-\x9f]|Ã[\x80-\xbf©¨¡¢£¤¥§ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿‚ƒ„…†‡ˆ‰Š‹Œ]|â€.|Â[\xa0-\xbf]"
    r"|[ØÙ][\x80-\xbf§±²³´µ¶·¸¹º»¼½¾„†‡ˆ‰Š‹Œ‚ƒ…]|ï»¿|锟斤拷|烫烫|屯屯|[طظ][\u00a0-\u00bf\u2020-\u203a]"
)
_GLUED_LOWER = re.compile(r"(?<![\w@#./])[a-z]{3,20}[A-Z][a-z]{2,20}(?!\w)")
_GLUED_UPPER = re.compile(r"(?<![\w@#./])[A-Z][a-z]{2,20}([A-Z][a-z]{1,20})(?!\w)")
_ODD_CAPITAL = re.compile(r"(?<=[a-z][ ])([A-Z][a-z]+)(?=[ ][a-z])")
_ODD_LINK = re.compile(
    r"(?<=[a-z] )(?:And|About|According|As|Between|But|By|Did|For|From|Has|Have|His|Her|Into|Its|Of|Send|Sent|Some|That"
    r"|Their|To|Was|Were|Which|Who|With)(?= [A-Z])|(?<=[a-z], )According(?= to)"
)
_ODD_ENDINGS = ("ed", "ly", "tion")
_LOWER_WORD = re.compile(r"(?<![\w@#./\-’'])[a-z]{3,}(?![\w@\-]|\.[a-z])")
_LOWER_START = re.compile(r"[a-z]{2,}\b(?!\.)")
_LOOSE_DASH = re.compile(r"(?<![\w\-–])-(?=[A-Za-z])[^\-\n]{2,80}(?<=[A-Za-z])-(?!\w)")
_NO_SPACE = re.compile(r"[a-z]{2}[,;!?][A-Za-z]{2}|[a-z]{2}\.[A-Z][a-z]|[a-z][“][A-Za-z]|[a-z]”[A-Za-z]")
# Spelt-out initials repeat short syllables in Arabic (سي إن إن); doubled names are capitalised.
_REPEATED = re.compile(r"(?<![\w'’])([a-z]{2,}|[\u0621-\u064a]{4,}) \1(?![\w'’])")
_ALLOWED_REPEATS = frozenset(("had", "that", "bye", "so", "very", "no", "ha", "knock", "boutros", "long", "جداً"))
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?")
_OPEN_END = re.compile(r"[,;،]$")

_ARABIC_WORD = re.compile(r"[\u0621-\u0652]+")
# ta marbuta and alef maksura end a word; alef with hamza below begins one after a clitic at most.
_GLUED_ARABIC = re.compile(
    r"[\u0621-\u064a]{2}[ةى][\u0621-\u064a]{2}|[\u0621-\u064a]{4}(?<![لوفبك])إ[\u0621-\u064a]{2}"
)
# Words with all their clitics seldom have more than a dozen letters.
_LONG_ARABIC = re.compile(r"[\u0621-\u064a]{15}")
_MIXED_ARABIC = re.compile(r"[A-Za-z][\u0621-\u064a]|[\u0621-\u064a][A-Za-z]")
_PRESENTATION = re.compile(r"[\ufb50-\ufdcf\ufe70-\ufefc]")
_ARABIC_NO_SPACE = re.compile(r"[\u0621-\u064a]{2}[.،؛؟!][\u0621-\u064a]{2}")

_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_SPACED = re.compile(r"[\u4e00-\u9fff] +(?=[\u4e00-\u9fff])")
_HAN_REPEATED = re.compile(r"([\u4e00-\u9fff]{2,6})\1|的的|了了|在在|是是")
_HAN_STOPS = re.compile(r"[\u4e00-\u9fff][,;?!:](?=[\u4e00-\u9fff])|[。，、]{2,}|[\u4e00-\u9fff]\.(?=[\u4e00-\u9fff])")
_HAN_LATIN = re.compile(r"(?<![A-Za-z])[a-z]{3,}(?:[ ][a-z]{3,})+")


def garbled_score(text: str, language: str) -> float:
    """Estimate from 0 (clean) to 1 how broken a text in English, Arabic or Chinese is.

    Other languages are only searched for mojibake.
    """
    weight, words = damage(text, language)
    return score_of(weight, words)


def score_of(weight: float, words: float) -> float:
    """Turn weighted signs of damage over a number of words into a score of 0 to 1."""
    return round(1.0 - math.exp(-(100.0 * weight / max(words, 20.0)) / 6.0), 4)


def damage(text: str, language: str) -> tuple[float, float]:
    """Weigh the signs of damage in one sentence, and count its words."""
    mojibake = 0 if text.isascii() else len(_MOJIBAKE.findall(text))
    if language == "en":
        weight, words = _english(text)
    elif language == "ar":
        weight, words = _arabic(text)
    elif language == "zh":
        weight, words = _chinese(text)
    else:
        weight, words = 0.0, float(len(text.split()))
    return weight + 1.5 * mojibake, words


@functools.cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    topic = load_topic("en", "garbled")
    return (
        frozenset(topic["names"]["words"]),
        frozenset(topic["lowered"]["words"]),
        frozenset(topic["joined"]["words"]),
    )


def _english(text: str) -> tuple[float, float]:
    names, lowered, joined = _lists()
    words = _LATIN_WORD.findall(text)
    capitals = sum(word[0].isupper() for word in words)
    weight = 0.0
    weight += 1.2 * len(_GLUED_LOWER.findall(text))
    weight += 1.2 * sum(half.lower() in joined for half in _GLUED_UPPER.findall(text))
    # In a headline in title case every word has its capital, and none of them is odd.
    if capitals < 0.5 * len(words):
        weight += 0.8 * sum(
            word.lower() in lowered or (word.endswith(_ODD_ENDINGS) and len(word) > 5)
            for word in _ODD_CAPITAL.findall(text)
        )
        weight += 0.8 * len(_ODD_LINK.findall(text))
    weight += 0.8 * sum(word in names for word in _LOWER_WORD.findall(text))
    if len(words) > 4 and _LOWER_START.match(text):
        weight += 0.5
    weight += 0.8 * len(_LOOSE_DASH.findall(text))
    weight += 0.6 * len(_NO_SPACE.findall(text))
    weight += 0.8 * _repeats(text)
    weight += 0.3 * _unpaired(text)
    if _OPEN_END.search(text):
        weight += 0.3
    return weight, float(len(words))


def _arabic(text: str) -> tuple[float, float]:
    words = _ARABIC_WORD.findall(text)
    weight = 1.0 * len(_GLUED_ARABIC.findall(text))
    weight += 0.8 * len(_LONG_ARABIC.findall(text))
    weight += 0.6 * len(_MIXED_ARABIC.findall(text))
    weight += 0.4 * len(_ARABIC_NO_SPACE.findall(text))
    weight += 0.1 * len(_PRESENTATION.findall(text))
    weight += 0.8 * _repeats(text)
    weight += 0.3 * _unpaired(text)
    return weight, float(len(words))


def _chinese(text: str) -> tuple[float, float]:
    # One blank between two clauses is how headlines are set.
    weight = 0.5 * max(0, len(_HAN_SPACED.findall(text)) - 1)
    weight += 0.8 * len(_HAN_REPEATED.findall(text))
    weight += 0.3 * len(_HAN_STOPS.findall(text))
    weight += 0.8 * len(_HAN_LATIN.findall(text))
    weight += 0.3 * _unpaired(text)
    return weight, 0.6 * len(_HAN.findall(text)) + len(_LATIN_WORD.findall(text))


def _repeats(text: str) -> int:
    return sum(word.lower() not in _ALLOWED_REPEATS for word in _REPEATED.findall(text))


def _unpaired(text: str) -> int:
    """Count quotation marks that do not pair inside a sentence, one at most for each kind.

    A quotation of several sentences leaves one open, so that the weight is small.
    """
    unpaired = text.count('"') % 2
    for opener, closer in (("“", "”"), ("«", "»"), ("「", "」"), ("(", ")"), ("（", "）")):
        unpaired += text.count(opener) != text.count(closer)
    return unpaired


def article_score(sentences: Iterable[tuple[str, str]]) -> float:
    """Score an article from its (text, language) sentences of prose."""
    total_weight = total_words = 0.0
    for text, language in sentences:
        weight, words = damage(text, language)
        total_weight += weight
        total_words += words
    return score_of(total_weight, total_words)
