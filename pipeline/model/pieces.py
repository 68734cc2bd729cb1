"""The piece vocabulary: a pruned Unigram model over words, with per-word caching."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

CLS, PAD, SEP, UNKNOWN = 0, 1, 2, 3
UNDERLINE = "\u2581"
UNKNOWN_PENALTY = 10.0
# What the model is given for a piece is its id, and MARK times the mark that a lexicon gives its place in the text.
MARK = 1 << 20


class Vocabulary:
    """Unigram pieces with log probabilities; cuts a normalised word into piece ids.

    A subset of a Unigram vocabulary is again a valid one: a word whose best piece was dropped
    is cut into smaller pieces. The method is the Viterbi search of Kudo (2018),
    "Subword Regularization".
    """

    def __init__(self, pieces: list[tuple[str, float]]) -> None:
        self._ids = {piece: i for i, (piece, _) in enumerate(pieces)}
        self._scores = [score for _, score in pieces]
        self._longest = max(len(piece) for piece, _ in pieces)
        self._unknown = min(self._scores) - UNKNOWN_PENALTY
        self.cut = lru_cache(maxsize=200_000)(self._cut)
        self.score = lru_cache(maxsize=200_000)(self._score)

    def __len__(self) -> int:
        return len(self._ids)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a vocabulary file: one `piece TAB log-probability` a line, in id order."""
        rows = path.read_text(encoding="utf-8").split("\n")
        pairs = (row.rsplit("\t", 1) for row in rows if row)
        return cls([(piece, float(score)) for piece, score in pairs])

    def get(self, piece: str) -> int | None:
        """Return the id of exactly this piece, or None."""
        return self._ids.get(piece)

    def _search(self, word: str) -> tuple[float, tuple[tuple[int, int], ...]]:
        n = len(word)
        best = [0.0] + [-math.inf] * n
        back: list[tuple[int, int]] = [(0, UNKNOWN)] * (n + 1)
        for start in range(n):
            base = best[start]
            if base + self._unknown > best[start + 1]:
                best[start + 1] = base + self._unknown
                back[start + 1] = (start, UNKNOWN)
            for end in range(start + 1, min(n, start + self._longest) + 1):
                piece = self._ids.get(word[start:end])
                if piece is not None and base + self._scores[piece] > best[end]:
                    best[end] = base + self._scores[piece]
                    back[end] = (start, piece)
        path: list[tuple[int, int]] = []
        end = n
        while end > 0:
            start, piece = back[end]
            path.append((piece, end))
            end = start
        return best[n], tuple(reversed(path))

    def _cut(self, word: str) -> tuple[tuple[int, int], ...]:
        """Return (piece id, end in `word`) pairs that cover `word` without gaps."""
        return self._search(word)[1]

    def _score(self, word: str) -> float:
        """Return the log probability of the best segmentation of `word`."""
        return self._search(word)[0]
