"""The name corpora: reading, mixture, and the noise that users' texts have."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

# How often a sentence of each corpus is drawn in one pass: small corpora more often, so that each
# language and kind of text weighs enough beside MSRA's 50,000 sentences.
MIXTURE = {
    "en.conll": 1.0,
    "en.ewt": 1.5,
    "en.politics": 8.0,
    "ar.newsfane": 3.0,
    "ar.wojood": 5.0,
    "zh.msra": 1.3,
    "zh.gsd": 3.0,
}
SETS = tuple(MIXTURE)
# How often a sentence of each corpus has names put in place of its own, and how often each name is, by type: two
# thirds of the names of Arabic test sentences are in no training sentence, so that names learned by heart help
# little. Organisations are swapped seldom, being less alike.
SWAPPED = {
    "en.conll": 0.15,
    "en.politics": 0.3,
    "ar.newsfane": 0.4,
    "ar.wojood": 0.4,
    "zh.msra": 0.25,
    "zh.gsd": 0.35,
}
SWAPPED_TYPES = {"PER": 0.7, "LOC": 0.4, "ORG": 0.15}
# Sentences without any name teach little more after the first thousands; this share is drawn.
NAMELESS = 0.4


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with its name spans: (start, end, label) in code points, in text order."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def read(folder: Path, part: str, name: str) -> list[Sentence]:
    """Read `PART.NAME.jsonl.gz` (part: train or dev; name: such as en.conll)."""
    with gzip.open(folder / f"{part}.{name}.jsonl.gz", "rt", encoding="utf-8") as rows:
        parsed = [json.loads(row) for row in rows]
    return [Sentence(row["text"], tuple((s, e, label) for s, e, label in sorted(row["spans"]))) for row in parsed]


def join(first: Sentence, second: Sentence, gap: str) -> Sentence:
    """Put two neighbouring sentences into one text."""
    shift = len(first.text) + len(gap)
    moved = tuple((s + shift, e + shift, label) for s, e, label in second.spans)
    return Sentence(first.text + gap + second.text, first.spans + moved)


_HAMZA = str.maketrans("أإآى", "اااي")


def _retyped(sentence: Sentence, text: str) -> Sentence:
    return Sentence(text, sentence.spans) if len(text) == len(sentence.text) else sentence


def _without(sentence: Sentence, at: int) -> Sentence:
    """Delete one character that lies in no span's interior."""
    if any(s <= at < e for s, e, _ in sentence.spans):
        return sentence
    spans = tuple((s - (s > at), e - (e > at), label) for s, e, label in sentence.spans)
    return Sentence(sentence.text[:at] + sentence.text[at + 1 :], spans)


def noisy(sentence: Sentence, language: str, rng: random.Random) -> Sentence:
    """Return the sentence as careless typing would have it, or unchanged (most often).

    Arabic: hamza and final ya spelled plain, half of the time. English: all lower case, all
    capitals, names in lower case, the final mark dropped, two words glued.
    """
    draw = rng.random()
    if language == "ar":
        return _retyped(sentence, sentence.text.translate(_HAMZA)) if draw < 0.4 else sentence
    if language == "zh":
        text = sentence.text
        if draw < 0.05 and text and text[-1] in "。！？":
            return _without(sentence, len(text) - 1)
        return sentence
    if draw < 0.07:
        return _retyped(sentence, sentence.text.lower())
    if draw < 0.10:
        return _retyped(sentence, sentence.text.upper())
    if draw < 0.13:
        text = sentence.text
        for s, e, _ in sentence.spans:
            if rng.random() < 0.5 and len(text[s:e].lower()) == e - s:
                text = text[:s] + text[s:e].lower() + text[e:]
        return _retyped(sentence, text)
    if draw < 0.16:
        gaps = [i for i, c in enumerate(sentence.text) if c == " "]
        return _without(sentence, rng.choice(gaps)) if gaps else sentence
    if draw < 0.20 and sentence.text and sentence.text[-1] in ".!?":
        return _without(sentence, len(sentence.text) - 1)
    return sentence


def swapped(sentence: Sentence, names: Mapping[str, Sequence[str]], rng: random.Random) -> Sentence:
    """Put other names of the same type in place of some of the sentence's own; `names` has them by type."""
    text, at = "", 0
    spans: list[tuple[int, int, str]] = []
    for start, end, label in sentence.spans:
        text += sentence.text[at:start]
        name = rng.choice(names[label]) if rng.random() < SWAPPED_TYPES[label] else sentence.text[start:end]
        spans.append((len(text), len(text) + len(name), label))
        text += name
        at = end
    return Sentence(text + sentence.text[at:], tuple(spans))


def _names(rows: Sequence[Sentence]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for start, end, label in row.spans:
            found.setdefault(label, set()).add(row.text[start:end])
    return {label: sorted(names) for label, names in found.items()}


def stream(
    folder: Path, rng: random.Random, mixture: Mapping[str, float] = MIXTURE, *, swap: bool = False
) -> Iterator[tuple[str, Sentence]]:
    """Yield (language, sentence) for ever, by `mixture`, one shuffled pass after the other.

    Now and then up to four neighbours of a corpus make one text, as in a paragraph. With `swap` some
    sentences get other names in place of their own.
    """
    corpora = {name: read(folder, "train", name) for name in mixture}
    names = {name: _names(rows) for name, rows in corpora.items()}
    while True:
        order: list[tuple[str, int]] = []
        for name, weight in mixture.items():
            size = len(corpora[name])
            for _ in range(int(weight)):
                order += [(name, i) for i in range(size)]
            order += [(name, i) for i in rng.sample(range(size), int((weight % 1) * size))]
        rng.shuffle(order)
        for name, i in order:
            language = name[:2]
            rows = corpora[name]
            if not rows[i].spans and rng.random() >= NAMELESS:
                continue
            chosen = rows[i]
            apart = all(a[1] <= b[0] for a, b in pairwise(chosen.spans))
            if swap and apart and rng.random() < SWAPPED.get(name, 0.0):
                chosen = swapped(chosen, names[name], rng)
            sentence = noisy(chosen, language, rng)
            if rng.random() < 0.12:
                for k in range(1, rng.randint(2, 4)):
                    if i + k >= len(rows) or len(sentence.text) > 400:
                        break
                    gap = "" if language == "zh" else " "
                    sentence = join(sentence, noisy(rows[i + k], language, rng), gap)
            yield language, sentence
