"""Names as sequences of sounds, letter by letter, from Latin, Arabic and Han script.

Finer than ``sound_keys``: vowels count, and every sound knows the word that it belongs to.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from pipeline.entities.pinyin import pinyin_of, two_parts
from pipeline.entities.sound_keys import script_of

_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "s", "ı": "i", "æ": "e", "œ": "e", "þ": "t", "ð": "d", "ş": "sh", "š": "sh",
     "ș": "sh", "ç": "ch", "č": "ch", "ć": "ch", "ž": "zh", "ż": "zh", "ź": "zh", "ğ": "gh", "ñ": "ny", "ń": "ny",
     "ț": "ts", "ţ": "ts", "ř": "rz", "x": "ks"}
)  # fmt: skip
_GRAPHEMES = re.compile(
    r"tsch|tch|sch|ch|sh|kh|gh|ph|th|dj|dz|zh|ts|tz|cz|sz|rz|ck|qu|ng|c(?=[eiy])|g(?=[eiy])|"
    r"ou|oo|ee|ei|ai|ay|ey|au|aw|eu|ew|ow|oe|ea|oa|ie|ia|io|[a-z]"
)
_ALIKE = {"tsch": "ch", "tch": "ch", "sch": "sh", "ph": "f", "tz": "ts", "ck": "k", "ay": "ai", "ey": "ei", "aw": "au"}
_ARABIC_ALIKE = str.maketrans("ىئؤٱپچڤگکیه", "يءءابچفگكيه")
_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]")
_PARTICLES = frozenset(["al", "el", "jr", "sr", "ال", "آل", "الابن"])
# Son of: between two names it is often left out; at an end it is a name (Ben Cardin, Liu Bin).
_SON_OF = frozenset(["bin", "ibn", "ben", "bint", "بن", "ابن", "بنت", "本", "伊本"])
_VOWELS = frozenset(["a", "e", "i", "o", "u", "y", "ia", "ا", "ي", "و", "ة"])


@dataclass(frozen=True, slots=True)
class Sounds:
    """A name as its letters' sounds in sequence: ``tokens``, the word that each belongs to, and its script."""

    tokens: tuple[str, ...]
    words: tuple[int, ...]
    script: str


def _latin_tokens(word: str) -> list[str]:
    plain = word.lower().translate(_PLAIN)
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if "a" <= c <= "z")
    plain = re.sub(r"(.)\1", r"\1", plain) if not re.search(r"oo|ee", plain) else re.sub(r"([^oe])\1", r"\1", plain)
    tokens = []
    for match in _GRAPHEMES.finditer(plain):
        letters = match.group()
        follows = plain[match.end() : match.end() + 1]
        if letters in ("c", "g") and follows and follows in "eiy":
            letters += "'"
        tokens.append(_ALIKE.get(letters, letters))
    return tokens


def _arabic_tokens(word: str) -> list[str]:
    plain = "".join(c for c in word.translate(_ARABIC_ALIKE) if "\u0621" <= c <= "\u064a" or c in "چگ")
    tokens: list[str] = []
    for match in re.finditer(r"تش|[أإا]و|[أإ]ي|اي|.", plain):
        letters = match.group()
        initial = match.start() == 0
        if letters in ("أو", "او", "إو") and not initial:
            tokens += ["ا", "و"]
        elif letters in ("إي", "أي", "اي"):
            tokens.append("^ي" if initial else "اي")
        elif letters in ("أو", "او", "إو"):
            tokens.append("^و")
        elif letters in "اأإآ" and initial:
            tokens.append("^ا")
        else:
            tokens.append("ا" if letters in "أإآ" else letters)
    return tokens


def _syllable_tokens(syllable: str) -> list[str]:
    if syllable == "er":
        return ["er"]
    match = _INITIAL.match(syllable)
    tokens = [match.group()] if match else []
    final = syllable[match.end() if match else 0 :]
    nasal = re.search(r"ng?$", final)
    if nasal:
        final = final[: nasal.start()]
    if len(final) > 1 and final[0] in "iuv" and final not in ("ie", "iu", "ui", "uo"):
        tokens += [final[0] + "_", final[1:]]
    elif final:
        tokens.append({"uo": "o"}.get(final, final) if match else "^" + final)
    return [*tokens, "N"] if nasal else tokens


def pieces_of(name: str, script: str) -> list[str]:
    """The words of a name as both sides of a comparison have them: no particles, no initials in the middle."""
    parts = [p for p in re.split(r"[\s·•・‧．.,'’`´-]+" if script != "latin" else r"[\s·•・.,-]+", name) if p]
    kept = [p for p in parts if p.lower() not in _PARTICLES] or parts
    # A middle initial (George W. Bush) has no fixed counterpart in the other scripts.
    kept = [
        re.sub(r"^(?:[Bb]en|[Bb]in|[Aa]l|[Ee]l)-", "", p) for i, p in enumerate(kept)
        if not (0 < i < len(kept) - 1 and (p.lower() in _SON_OF or (script == "latin" and len(p) == 1)))
    ]  # fmt: skip
    if script == "arabic":
        joined: list[str] = []
        for part in kept:
            if joined and joined[-1] in ("عبد", "أبو", "ابو"):
                joined[-1] += part
            else:
                joined.append(part.removeprefix("ال") if len(part) > 4 and part.startswith("ال") else part)
        return joined
    if script == "han":
        kept = [p[2:] if len(p) > 3 and p.startswith("阿勒") else p for p in kept]
    if script == "han" and len(kept) == 1:
        return two_parts(kept[0]) or kept
    return kept


def _letters(other: str) -> str:
    return "".join(c.lower() for c in other if c.isascii())


@functools.lru_cache(maxsize=32768)
def sounds_of(name: str) -> Sounds:
    """The sounds of a name, word by word; particles (al, bin) left out."""
    script = script_of(name)
    tokens: list[str] = []
    words: list[int] = []
    for at, piece in enumerate(pieces_of(name, script)):
        if script == "latin":
            found = _latin_tokens(piece)
        elif script == "arabic":
            found = _arabic_tokens(piece)
        else:
            syllables = pinyin_of(piece, other=_letters)
            found = [t for s in syllables for t in _syllable_tokens(s)]
        # A last vowel tells names apart (Abbas, Abbasi; Samir, Samira): it has costs of its own.
        if script != "han" and len(found) > 2 and found[-1] in _VOWELS:
            found[-1] += "$"
        tokens += found
        words += [at] * len(found)
    return Sounds(tuple(tokens), tuple(words), script)


def turned(name: Sounds) -> Sounds:
    """The name with its first word last."""
    cut = next(at for at, word in enumerate(name.words) if word != name.words[0])
    return Sounds(name.tokens[cut:] + name.tokens[:cut], name.words[cut:] + name.words[:cut], name.script)
