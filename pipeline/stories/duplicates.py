"""Near-duplicate articles: agency copies, light rewrites, one article under two addresses.

MinHash over shingles of characters (Broder 1997) with banding (Leskovec, Rajaraman and Ullman,
"Mining of Massive Datasets", chapter 3) finds candidates; the share of common shingles
decides, estimated from sketches. Time and memory grow linearly with the articles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

_PERMUTATIONS, _BANDS = 64, 16
_SIZE = {"zh": 5}
_SIZE_LETTERS = 12
_LEAST_SHINGLES = 60
_RESEMBLANCE, _CONTAINMENT = 0.55, 0.80
_DAYS = 10
_MOST_CANDIDATES = 50
_SKETCH = 128
_AT_ONCE = 4096
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What finding copies needs of an article."""

    article_id: str
    language: str | None
    published: date | None
    content_sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """An article in about one kilobyte: number of shingles, the smallest hashes, the bands."""

    article_id: str
    published: date | None
    content_sha256: str
    size: int
    least: Hashes
    bands: Hashes


def sketch(article: ArticleText) -> Sketch:
    """Sketch an article for ``find_duplicates``."""
    shingles = shingle(article.text, article.language)
    enough = len(shingles) >= _LEAST_SHINGLES
    bands = bands_of(shingles) if enough else shingles[:0]
    least = shingles[: _SKETCH if enough else 0].copy()
    return Sketch(article.article_id, article.published, article.content_sha256, len(shingles), least, bands)


def find_duplicates(sketches: Iterable[Sketch]) -> dict[str, str]:
    """Map each copy to the earliest article of which it is one.

    A copy has the same text, or shares more than half of its shingles with the other (or one holds
    four fifths of the other: a copy cut short) and was published within ten days of it. What a copy
    is of is never a copy itself. Texts of fewer than 60 shingles count only where they are the same.
    """
    index: dict[tuple[int, int], list[int]] = defaultdict(list)
    originals: list[Sketch] = []
    same: dict[str, str] = {}
    answer: dict[str, str] = {}
    ordered = sorted(sketches, key=_order)
    for article, bands in zip(ordered, shared_bands([s.bands for s in ordered]), strict=True):
        earlier = same.setdefault(article.content_sha256, article.article_id)
        if earlier != article.article_id:
            answer[article.article_id] = answer.get(earlier, earlier)
            continue
        candidates = {at for band in bands for at in index[band][-_MOST_CANDIDATES:]}
        found = next((originals[at] for at in sorted(candidates) if _copies(originals[at], article)), None)
        if found is not None:
            answer[article.article_id] = found.article_id
            continue
        for band in bands:
            index[band].append(len(originals))
        originals.append(article)
    return answer


def _order(article: Sketch) -> tuple[date, str]:
    return (article.published or date.max, article.article_id)


def _close(a: date | None, b: date | None) -> bool:
    return a is None or b is None or abs((a - b).days) <= _DAYS


def shingle(text: str, language: str | None) -> Hashes:
    """Sorted distinct hashes of all runs of 12 letters and digits (5 for Chinese) of a text."""
    return shingle_letters(text, _SIZE.get(language or "", _SIZE_LETTERS))


def shingle_letters(text: str, size: int) -> Hashes:
    """Sorted distinct hashes of all runs of ``size`` letters and digits of a text, case ignored."""
    letters = "".join(c for c in text.casefold() if c.isalnum())
    codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < size:
        return np.empty(0, dtype=np.uint64)
    hashes = np.zeros(len(codes) - size + 1, dtype=np.uint64)
    for at in range(size):
        hashes = hashes * np.uint64(1_000_003) + codes[at : at + len(hashes)]
    return np.unique(mix(hashes))


def mix(values: Hashes) -> Hashes:
    """Spread neighbouring values over all 64 bits: the finalizer of MurmurHash3."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


_MULTIPLIERS = mix(np.arange(1, _PERMUTATIONS + 1, dtype=np.uint64)) | np.uint64(1)


def bands_of(shingles: Hashes) -> Hashes:
    """Sixteen hashes, each of four least values; sets that share half agree in most."""
    least = np.full(_PERMUTATIONS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for at in range(0, len(shingles), _AT_ONCE):
        least = np.minimum(least, (shingles[None, at : at + _AT_ONCE] * _MULTIPLIERS[:, None]).min(axis=1))
    mixed = np.zeros(_BANDS, dtype=np.uint64)
    for column in least.reshape(_BANDS, -1).T:
        mixed = mix(mixed + column)
    return mixed


def shared_bands(sets: Sequence[Hashes]) -> list[list[tuple[int, int]]]:
    """For each set its bands, by number and value, that another set has too: an index of these alone
    finds the same candidates in a fraction of the memory. A set may have no bands."""
    answer: list[list[tuple[int, int]]] = [[] for _ in sets]
    rows = [n for n, bands in enumerate(sets) if len(bands)]
    if not rows:
        return answer
    all_bands = np.stack([sets[n] for n in rows])
    for band, column in enumerate(all_bands.T):
        _, where, counts = np.unique(column, return_inverse=True, return_counts=True)
        for at in np.flatnonzero(counts[where] > 1).tolist():
            answer[rows[at]].append((band, int(column[at])))
    return answer


def _copies(a: Sketch, b: Sketch) -> bool:
    """Whether one is a copy of the other, by the share of common hashes among the smallest of both
    (bottom-k sketches, Bar-Yossef and others 2002); 128 hashes put the share right within 0.05."""
    if not _close(a.published, b.published):
        return False
    union = np.union1d(a.least, b.least)[:_SKETCH]
    both = np.intersect1d(a.least, b.least, assume_unique=True)
    resemblance = np.isin(union, both, assume_unique=True).sum() / len(union)
    common = resemblance * (a.size + b.size) / (1 + resemblance)
    return bool(resemblance >= _RESEMBLANCE or common >= _CONTAINMENT * min(a.size, b.size))


def first_of(article_id: str, duplicates: Mapping[str, str]) -> str:
    """The article that counts for this one: itself, or that of which it is a copy."""
    return duplicates.get(article_id, article_id)
