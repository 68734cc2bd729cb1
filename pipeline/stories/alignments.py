"""What aligning pairs of articles gave the last time (``translations.align``), so that it need not be done again.

An alignment is a function of two articles' paragraphs, by names and numbers, their lengths, languages and
days. Pairs are known by a hash of all these; what a run does not use is forgotten after it.
"""

from __future__ import annotations

import hashlib
import io
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.stories.replay import code_fingerprint, mix
from pipeline.stories.translations import Aligned, Outline, align

_LISTS = {"pairs": "Q", "likes": "d", "counts": "i", "lines": "i"}
_NUMBERS = {"Q": np.uint64, "d": np.float64, "i": np.int32}


class Alignments:
    """The alignments that the last run worked out, and those that this one used; ``content`` keeps them.

    ``settings`` is what shapes them besides the articles: notes of others are not used.
    """

    def __init__(self, settings: str = "", content: bytes | memoryview | None = None) -> None:
        self._settings = f"{settings} {code_fingerprint()}"
        self._before = {} if content is None else _read(content, self._settings)
        self._used: dict[int, Aligned] = {}
        self._hashes: dict[str, int] = {}

    def of(self, base: Outline, other: Outline) -> Aligned:
        """What ``translations.align`` gives."""
        pair = mix(self._hash(base), self._hash(other))
        found = self._before.get(pair)
        if found is None:
            found = align(base, other)
        self._used[pair] = found
        return found

    def _hash(self, outline: Outline) -> int:
        known = self._hashes.get(outline.article_id)
        if known is None:
            day = outline.published and outline.published.toordinal()
            told = [outline.language, str(day), *map(str, outline.lengths)]
            told += [line for anchors in outline.anchors for line in ("", *sorted(anchors))]
            digest = hashlib.blake2b("\n".join(told).encode(errors="surrogatepass"), digest_size=8).digest()
            known = self._hashes[outline.article_id] = int.from_bytes(digest, "little")
        return known

    def content(self) -> bytes:
        """The alignments that this run used, to be kept for the next."""
        lists: dict[str, array[Any]] = {name: array(kind) for name, kind in _LISTS.items()}
        for pair, (like, lines) in self._used.items():
            lists["pairs"].append(pair)
            lists["likes"].append(like)
            lists["counts"].append(len(lines))
            for line, of in lines.items():
                lists["lines"].extend((line, of))
        out = io.BytesIO()
        arrays: dict[str, Any] = {name: np.array(lists[name], dtype=_NUMBERS[kind]) for name, kind in _LISTS.items()}
        np.savez(out, settings=np.array(self._settings), **arrays)
        return out.getvalue()


def _read(content: bytes | memoryview, settings: str) -> dict[int, Aligned]:
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        if str(kept["settings"]) != settings:
            return {}
        pairs, likes, counts = (kept[name].tolist() for name in ("pairs", "likes", "counts"))
        lines = list(zip(*kept["lines"].reshape(-1, 2).T.tolist(), strict=True))
    found: dict[int, Aligned] = {}
    nothing: Mapping[int, int] = {}
    at = 0
    for pair, like, count in zip(pairs, likes, counts, strict=True):
        found[pair] = like, dict(lines[at : at + count]) if count else nothing
        at += count
    return found
