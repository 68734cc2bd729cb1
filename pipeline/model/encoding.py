"""Raw text to piece ids with code-point offsets: what training and the runtime share."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model.lexicon import Lexicon
from pipeline.model.pieces import MARK, UNDERLINE, UNKNOWN, Vocabulary

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
ARABIC = "\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ef\u06fa-\u06ff"
# Invisible marks and Arabic vowel signs carry nothing for the model and would split its pieces.
SILENT = frozenset(
    "\u0640\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    "\ufeff\u00ad" + "".join(map(chr, range(0x064B, 0x0660))) + "\u0670"
)
_SILENT = "".join(sorted(SILENT))
# Han one by one; Arabic words; numbers with their inner points; words of other letters; the rest
# one character at a time, so that a name can begin or end at any punctuation mark.
TOKEN = re.compile(
    rf"(?P<space>[\s\u3000]+)|(?P<han>[{HAN}\u3040-\u30ff])"
    rf"|(?P<arabic>(?=[^{_SILENT}])[{ARABIC}][{ARABIC}{_SILENT}]*)"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)"
    rf"|(?P<word>[^\W\d_{HAN}{ARABIC}\u3040-\u30ff]"
    rf"(?:[^\W\d_{HAN}{ARABIC}\u3040-\u30ff]|[\u0300-\u036f\u00ad])*)"
    r"|(?P<other>.)",
    re.DOTALL,
)
OPENING = frozenset("([{«“‘\"'《「『【（<—–/…:;،؛")
PROCLITICS = frozenset("وفبلك")
SUFFIXES = ("هما", "كما", "ها", "هم", "هن", "نا", "ني", "كم", "ه")


@dataclass(frozen=True, slots=True)
class Encoded:
    """Pieces of one text: ids (with their marks), and each piece's [start, end) in code points of the raw text.

    Pieces are in text order and do not overlap; white space and silent marks between them belong
    to none.
    """

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.ids)


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    if character in SILENT:
        return ""
    folded = unicodedata.normalize("NFKC", character)
    return "".join(c for c in folded if not c.isspace() and c not in SILENT)


class Encoder:
    """Cut texts into pieces of one vocabulary.

    Chinese gives one piece per character. An Arabic word gives its joined conjunction or
    preposition, its stem and its pronoun suffix as separate pieces, so that a span can begin or
    end at each (قال in وقال, بايدن in لبايدن, the ه of لقائه). A lexicon, when given, marks the
    pieces by what it knows of the text at their first character.
    """

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon | None = None) -> None:
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._word = lru_cache(maxsize=200_000)(self._word_pieces)

    def encode(self, text: str) -> Encoded:
        """Return the pieces of `text`; every visible character is inside exactly one piece."""
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        fresh = True
        for match in TOKEN.finditer(text):
            kind = match.lastgroup
            if kind == "space":
                fresh = True
                continue
            at = match.start()
            for piece_id, start, end in self._word(match.group(), kind or "other", fresh):
                ids.append(piece_id)
                starts.append(at + start)
                ends.append(at + end)
            last = match.group()[-1]
            if last not in SILENT:
                fresh = kind == "han" or (kind == "other" and last in OPENING)
        if self._lexicon is not None:
            marks = self._lexicon.marks(text)
            ids = [piece + MARK * marks[start] for piece, start in zip(ids, starts, strict=True)]
        return Encoded(tuple(ids), tuple(starts), tuple(ends))

    def _word_pieces(self, raw: str, kind: str, fresh: bool) -> tuple[tuple[int, int, int], ...]:
        """Cut one token into (id, start, end), offsets in `raw`."""
        folded = ""
        origin: list[int] = []
        for i, character in enumerate(raw):
            form = _folded(character)
            folded += form
            origin.extend([i] * len(form))
        if not folded:
            return ()
        if kind == "han" or (len(folded) == 1 and kind == "other"):
            return ((self._single(folded, fresh), 0, len(raw)),)
        if kind == "arabic":
            parts = self._arabic_parts(folded)
        elif kind == "word":
            parts = [(i, j, folded[i:j]) for i, j in _humps(folded)]
        else:
            parts = [(0, len(folded), folded)]
        pieces: list[tuple[int, int, int]] = []
        for n, (start, _, form) in enumerate(parts):
            marked = (fresh and n == 0) or (kind == "arabic" and form not in SUFFIXES)
            word = UNDERLINE + form if marked else form
            shift = len(word) - len(form)
            at = 0
            for piece, stop in self._vocabulary.cut(word):
                begin, finish = start + max(at - shift, 0), start + stop - shift
                at = stop
                # The underline may stand alone before a character that it never joins.
                if finish <= begin:
                    continue
                pieces.append((piece, origin[begin], origin[finish - 1] + 1))
        return _disjoint(pieces)

    def _single(self, character: str, fresh: bool) -> int:
        order = (UNDERLINE + character, character) if fresh else (character, UNDERLINE + character)
        if character[0] >= "\u3040":
            order = (character, UNDERLINE + character)
        for form in order:
            piece = self._vocabulary.get(form)
            if piece is not None:
                return piece
        if len(character) > 1:
            return self._vocabulary.cut(character)[0][0]
        return UNKNOWN

    def _arabic_parts(self, word: str) -> list[tuple[int, int, str]]:
        """Split proclitics and a pronoun suffix off: (start, end, form to look up).

        A letter is split off where what is left is the likelier word by the vocabulary's own
        statistics: و of وقال, but not of وزير; ل of لبايدن, but not of لبنان.
        """
        parts: list[tuple[int, int, str]] = []
        start, stem_end, stem = 0, len(word), word
        for _ in range(2):
            rest = stem[1:]
            if len(rest) < 3 or stem[0] not in PROCLITICS:
                break
            if stem[0] == "ل" and rest[0] == "ل" and len(rest) >= 4:
                # لل is ل + ال with the alif unwritten: the noun begins after it.
                if self._likelier("ال" + rest[1:], stem, 0.0):
                    parts.append((start, start + 2, "لل"))
                    start, stem = start + 2, rest[1:]
                break
            if not self._detachable(stem[0], rest, stem):
                break
            parts.append((start, start + 1, stem[0]))
            start, stem = start + 1, rest
        suffix = ""
        for ending in SUFFIXES:
            base = stem[: -len(ending)]
            if not stem.endswith(ending) or len(base) < 3 or base.startswith("ال"):
                continue
            for form in _bare_forms(base):
                if self._likelier(form, stem, 0.0):
                    suffix, stem, stem_end = ending, form, len(word) - len(ending)
                    break
            if suffix:
                break
        parts.append((start, stem_end, stem))
        if suffix:
            parts.append((stem_end, len(word), suffix))
        return parts

    def _detachable(self, letter: str, rest: str, word: str) -> bool:
        if rest[0] in "أإآ" or (rest.startswith("ال") and len(rest) >= 5):
            return True
        if letter in "وف" and rest.startswith(("لل", "بال", "كال")) and len(rest) >= 6:
            return True
        return self._likelier(rest, word, -1.2 if letter == "و" else 0.5)

    def _likelier(self, rest: str, word: str, margin: float) -> bool:
        """Compare the two by log probability; an unlisted word keeps its letters when in doubt.

        The margin keeps بشار and فيصل whole and parts وأشار; both lie near it.
        """
        vocabulary = self._vocabulary
        gain = vocabulary.score(UNDERLINE + rest) - vocabulary.score(UNDERLINE + word)
        if len(vocabulary.cut(UNDERLINE + rest)) == 1:
            return gain > margin
        saved = len(vocabulary.cut(UNDERLINE + word)) - len(vocabulary.cut(UNDERLINE + rest))
        # Few foreign names begin with و or ل, many with ب, ك and ف: بوتين, كوشنر, فيينا.
        doubt = {"و": 2.0, "ل": 3.0}.get(word[0], math.inf)
        return (saved > 0 and gain > 3.0) or (saved == 0 and gain > doubt)


def _bare_forms(base: str) -> tuple[str, ...]:
    """Spell a stem as it stands without a suffix: زيارت(ه) is زيارة, لقائ(ه) is لقاء."""
    if base[-1] == "ت":
        return (base[:-1] + "ة", base)
    if base[-1] in "ئؤ":
        return (base[:-1] + "ء", base)
    return (base,)


def _humps(word: str) -> list[tuple[int, int]]:
    """Split where a lower-case letter meets a capital: users' texts have "austinSecretary"."""
    cuts = [0]
    cuts += [i for i in range(1, len(word)) if word[i].isupper() and word[i - 1].islower()]
    return list(zip(cuts, [*cuts[1:], len(word)], strict=True))


def _disjoint(pieces: list[tuple[int, int, int]]) -> tuple[tuple[int, int, int], ...]:
    """Merge pieces that share a raw character (the halves of a folded ligature such as ﷲ)."""
    kept: list[tuple[int, int, int]] = []
    for piece, start, end in pieces:
        if kept and start < kept[-1][2]:
            first, begin, finish = kept[-1]
            kept[-1] = (first, begin, max(finish, end))
        else:
            kept.append((piece, start, end))
    return tuple(kept)
