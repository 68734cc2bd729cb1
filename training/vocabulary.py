"""Prune the pretrained vocabulary to the pieces that English, Arabic and Chinese use."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipeline.model.encoding import Encoder
from pipeline.model.pieces import PAD, SEP, UNDERLINE, UNKNOWN, Vocabulary

SPECIAL = max(PAD, SEP, UNKNOWN) + 1


def read_pieces(tokenizer: Path) -> list[tuple[str, float]]:
    """Read (piece, log probability) in id order from a Unigram `tokenizer.json`."""
    model = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]
    return [(piece, float(score)) for piece, score in model["vocab"]]


def _script(character: str) -> str:
    return unicodedata.name(character, "UNKNOWN").split(" ")[0]


def _always(piece: str) -> bool:
    bare = piece.removeprefix(UNDERLINE)
    if len(bare) <= 1:
        return not bare or _script(bare) in {"LATIN", "ARABIC", "CJK"} or not bare.isalpha()
    return False


def kept(pieces: list[tuple[str, float]], texts: Iterable[str], latin_rank: int) -> list[int]:
    """Return the ids to keep, in their old order.

    Kept: specials; every piece that cuts `texts`; all single Latin, Arabic and Han characters,
    digits and marks; the `latin_rank` likeliest plain Latin pieces, for names and words that the
    texts lack; Arabic pieces in the letters that Arabic itself uses.
    """
    encoder = Encoder(Vocabulary(pieces))
    seen: Counter[int] = Counter()
    for text in texts:
        seen.update(encoder.encode(text).ids)
    chosen = set(range(SPECIAL)) | set(seen)
    arabic = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي")
    latin = 0
    for i, (piece, _) in enumerate(pieces):
        bare = piece.removeprefix(UNDERLINE)
        if _always(piece) or (bare and set(bare) <= arabic):
            chosen.add(i)
        elif bare.isascii() and bare.isalnum() and latin < latin_rank:
            latin += 1
            chosen.add(i)
    return sorted(chosen)
