"""Name the language of lines and sentences.

The script decides first (Chinese without kana, Hangul, Hebrew, ...); function words tell English
among Latin lines, and letters and function words tell Arabic from Persian, Urdu and other
languages in its script. What is left goes to py3langid (LIUM/Lui's langid.py model) restricted to
the script's languages. A short line follows its neighbours. Measured in
``docs/language-identification.md``.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.languages import load_topic

UNDETERMINED = "und"

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_ARABIC_WORD = re.compile(
    r"[\u0620-\u0669\u066e-\u06d3\u06d5-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc\u064b-\u065f]+"
)
_LATIN_WORD = re.compile(r"[A-Za-z\u00aa-\u024f\u1e00-\u1eff]+(?:['’][A-Za-z\u00c0-\u024f]+)*")
_ASCII_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
_OTHER = (
    ("ja", re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")),
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("cyrillic", re.compile(r"[\u0400-\u052f]+")),
    ("he", re.compile(r"[\u05d0-\u05ea]+")),
    ("el", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]+")),
    ("hi", re.compile(r"[\u0900-\u097f]+")),
    ("th", re.compile(r"[\u0e01-\u0e5b]+")),
    ("bn", re.compile(r"[\u0980-\u09ff]+")),
    ("ta", re.compile(r"[\u0b80-\u0bff]+")),
    ("te", re.compile(r"[\u0c00-\u0c7f]+")),
    ("ml", re.compile(r"[\u0d00-\u0d7f]+")),
    ("gu", re.compile(r"[\u0a80-\u0aff]+")),
    ("pa", re.compile(r"[\u0a00-\u0a7f]+")),
    ("si", re.compile(r"[\u0d80-\u0dff]+")),
    ("my", re.compile(r"[\u1000-\u109f]+")),
    ("km", re.compile(r"[\u1780-\u17ff]+")),
    ("lo", re.compile(r"[\u0e80-\u0eff]+")),
    ("ka", re.compile(r"[\u10a0-\u10ff]+")),
    ("hy", re.compile(r"[\u0530-\u058f]+")),
    ("am", re.compile(r"[\u1200-\u137f]+")),
    ("bo", re.compile(r"[\u0f00-\u0fff]+")),
)
_ANY_OTHER = re.compile(r"[\u0370-\u05ea\u0900-\u1fff\u3041-\u30fa\uac00-\ud7a3]")

_LATIN_CODES = frozenset(
    ("af", "az", "ca", "cs", "cy", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "ha", "hr", "hu", "id", "is",
     "it", "ku", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "so", "sq", "sv", "sw", "tl", "tr", "uz", "vi")
)  # fmt: skip
_CYRILLIC_CODES = frozenset(("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn"))
_ARABIC_CODES = frozenset(("ar", "fa", "ur", "ps", "ckb", "ug", "sd"))

_ARABIC_ONLY = re.compile(r"[ةىيكأإؤئٱ]|[\u064b-\u0652]")
_MARKS = (
    ("ur", re.compile(r"[ٹڈڑںےۓہھ]"), 3.0),
    ("ps", re.compile(r"[ټډړښځڅۍېڼګ]"), 4.0),
    ("ckb", re.compile(r"[ڵێۆڕ]|ە"), 3.0),
    ("sd", re.compile(r"[ڄڃٻڀٿٺڪڱڻ]"), 4.0),
    ("ug", re.compile(r"[ۇۈۋڭ]|[ۆەې]"), 2.9),
    ("fa", re.compile(r"[پچژگکی]"), 0.7),
    ("ur", re.compile(r"[پچگکی]"), 0.5),
    ("ps", re.compile(r"[پچژی]"), 0.3),
    ("ckb", re.compile(r"[پچژگکی]"), 0.5),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A line's language, how sure that is (0 to 1), and how much of the line speaks for it.

    ``units`` counts words (a Chinese character counts as one half); ``script`` groups the languages
    that a short line may take from its neighbours.
    """

    language: str
    confidence: float
    units: float
    script: str


# A Chinese stop, or a particle between two words, frames foreign names and mottos in Chinese.
_CHINESE_FRAME = re.compile(r"[。！？]|[A-Za-z] ?[的在是和与對对将把被向从]")
_PLAIN_ENGLISH = frozenset(("the", "of", "and", "to", "that", "is", "was", "for"))

_EMPTY = Guess(UNDETERMINED, 0.0, 0.0, "")


def guess(text: str) -> Guess:
    """Guess the language of a line or sentence by itself."""
    if text.isascii():
        return _latin(text, _ASCII_WORD.findall(text))
    han = len(_HAN.findall(text))
    arabic = _ARABIC_WORD.findall(text)
    latin = _LATIN_WORD.findall(text)
    weights = {"han": han * 0.5, "arabic": float(len(arabic)), "latin": float(len(latin))}
    if _ANY_OTHER.search(text):
        for name, pattern in _OTHER:
            found = pattern.findall(text)
            if not found:
                continue
            if name in ("ja", "ko") and len(found) >= 0.08 * han:
                return Guess(name, 1.0, 0.5 * (len(found) + han), "han")
            if name in ("th", "lo", "km", "my", "bo"):
                weights[name] = sum(map(len, found)) / 4
            elif name not in ("ja", "ko"):
                weights[name] = float(len(found))
    # A Chinese sentence full of foreign names is Chinese: names are words, its own are characters.
    if han >= 4 and weights["han"] * 2 >= max(weights["latin"], weights["arabic"]):
        english = sum(word.lower() in _lists().english for word in latin)
        if english < 0.2 * len(latin) or weights["han"] >= weights["latin"]:
            return Guess("zh", min(1.0, han / 6), weights["han"], "han")
    if han >= 2 and _CHINESE_FRAME.search(text) and not any(w in _PLAIN_ENGLISH for w in latin):
        return Guess("zh", 0.7, max(1.0, weights["han"]), "han")
    if arabic and latin and not any(word.lower() in _lists().english for word in latin):
        # Latin names in an Arabic line ("المصدر: CNN Arabic") do not make it English.
        weights["arabic"] *= 2
    script = max(weights, key=lambda name: weights[name])
    units = weights[script]
    if not units:
        return _EMPTY
    if script == "latin":
        return _latin(text, latin)
    if script == "arabic":
        return _arabic(text, arabic)
    if script == "han":
        return Guess("zh", min(1.0, han / 6), units, "han")
    if script == "cyrillic":
        return Guess(_classify(text, "cyrillic"), min(1.0, units / 5), units, script)
    return Guess(script, min(1.0, units / 2), units, script)


def languages_of(texts: Sequence[str], *, prior: str | None = None) -> list[str]:
    """Name the language of each text of an article, in order; ``und`` where nothing tells.

    Sure texts are named first; an unsure one (a short headline, a line of names) takes the language
    of the sure texts in its script, or ``prior`` where that fits its script.
    """
    guesses = [guess(text) for text in texts]
    votes: dict[str, Counter[str]] = {}
    for one in guesses:
        if one.confidence >= 0.6 and one.language != UNDETERMINED:
            votes.setdefault(one.script, Counter())[one.language] += max(1, round(one.units))
    main: Counter[str] = Counter()
    for counter in votes.values():
        main.update(counter)
    fallback = prior or (main.most_common(1)[0][0] if main else UNDETERMINED)
    nearest = _nearest(guesses)
    named: list[str] = []
    for position, one in enumerate(guesses):
        if one.confidence >= 0.6:
            named.append(one.language)
        elif not one.units:
            named.append(nearest[position] or fallback)
        elif one.script in votes:
            named.append(_of_script(votes[one.script], guesses, position, one))
        elif prior is not None and script_of(prior) == one.script:
            named.append(prior)
        else:
            named.append(one.language)
    return named


def _of_script(votes: Counter[str], guesses: Sequence[Guess], position: int, one: Guess) -> str:
    """An unsure line takes the nearest sure language of its script if that is common there."""
    if one.confidence >= 0.45 and votes.get(one.language):
        return one.language
    for distance in range(1, 4):
        for near in (position - distance, position + distance):
            if 0 <= near < len(guesses):
                other = guesses[near]
                if other.script == one.script and other.confidence >= 0.6:
                    return other.language
    return votes.most_common(1)[0][0]


def _nearest(guesses: Sequence[Guess]) -> list[str | None]:
    """For each text, the language of the last text before it that has words, else of the next."""
    nearest: list[str | None] = []
    last: str | None = None
    for one in guesses:
        if one.units:
            last = one.language
        nearest.append(last)
    first = next((one.language for one in guesses if one.units), None)
    return [name or first for name in nearest]


def script_of(language: str) -> str:
    """Name the script that a language is written in, as ``Guess.script`` names it."""
    if language in _ARABIC_CODES:
        return "arabic"
    if language in _CYRILLIC_CODES:
        return "cyrillic"
    return "han" if language in ("zh", "ja", "ko") else "latin"


def _latin(text: str, words: Sequence[str]) -> Guess:
    if not words:
        return _EMPTY
    count = len(words)
    lowered = [word.lower() for word in words]
    lists = _lists()
    english = sum(word in lists.english for word in lowered)
    foreign = sum(word in lists.rivals for word in lowered)
    if english >= 2 and english >= 3 * foreign and english >= 0.12 * count:
        return Guess("en", min(1.0, 0.6 + english / count), float(count), "latin")
    if count < 3:
        return Guess("en", 0.2, float(count), "latin")
    best = _classify(text if len(text) <= 1000 else text[:1000], "latin")
    if count < 6 and foreign < 2:
        confidence = 0.3 if foreign == 0 else 0.5
    elif best == "en":
        confidence = 0.65 if english > foreign else 0.5
    else:
        # A line of English headline words without function words looks like anything.
        confidence = 0.8 if foreign > english and foreign >= 2 else 0.5
        if english == 0 and foreign == 0 and count >= 8:
            confidence = 0.65
    return Guess(best, confidence, float(count), "latin")


def _arabic(text: str, words: Sequence[str]) -> Guess:
    known = _lists().arabic
    scores: dict[str, float] = dict.fromkeys(_ARABIC_CODES, 0.0)
    head = words[:200]
    for word in head:
        for language in known.get(word, ()):
            scores[language] += 2.0
        if word.startswith(("ال", "وال", "بال", "لل")) and len(word) > 4:
            scores["ar"] += 0.7
    joined = " ".join(head)
    scores["ar"] += 0.25 * len(_ARABIC_ONLY.findall(joined))
    for language, pattern, weight in _MARKS:
        scores[language] += weight * len(pattern.findall(joined))
    best = max(scores, key=lambda name: (scores[name], name == "ar"))
    others = max(score for name, score in scores.items() if name != best)
    total = scores[best] + others
    if total == 0:
        return Guess("ar", 0.3, float(len(words)), "arabic")
    sure = (scores[best] - others) / total * min(1.0, total / 4)
    return Guess(best, 0.4 + 0.6 * sure if len(words) > 1 else 0.4, float(len(words)), "arabic")


@dataclass(frozen=True, slots=True)
class _Lists:
    english: frozenset[str]
    rivals: frozenset[str]
    arabic: dict[str, tuple[str, ...]]


@functools.cache
def _lists() -> _Lists:
    latin = load_topic("en", "function_words")
    found: dict[str, list[str]] = {}
    for language, entry in load_topic("ar", "function_words").items():
        for word in entry["words"].split():
            found.setdefault(word, []).append(language)
    return _Lists(
        english=frozenset(latin["own"]["words"].split()),
        rivals=frozenset(latin["rivals"]["words"].split()),
        arabic={word: tuple(languages) for word, languages in found.items()},
    )


@functools.cache
def _identifier(script: str) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = set(identifier.labels)
    codes = {"latin": _LATIN_CODES, "cyrillic": _CYRILLIC_CODES}[script]
    identifier.set_languages(sorted(codes & known))
    return identifier


def _classify(text: str, script: str) -> str:
    """Ask the library, which knows no prior and errs on lines in capitals."""
    language, _ = _identifier(script).classify(text.lower() if text.isupper() else text)
    return str(language)
