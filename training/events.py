"""Annotated events: the guideline's JSON lines to training items and to gold for choosing."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.model.encoding import Encoded
from pipeline.model.encoding import Encoder as TextEncoder
from pipeline.model.labels import EVENT_TYPES, ROLES, STATUSES
from pipeline.model.pieces import SEP, UNKNOWN
from training.packing import IGNORED, Item, wrap

LONGEST = 254
# How often a document is drawn in one pass: Arabic roles are learned last, for the parties of an
# Arabic clause stand after the verb, before it, or in its clitics.
REPEATS = {"ar": 2, "en": 1, "zh": 1}
_KEY = re.compile(r"(.*?)(?:#(\d+))?(?:@(\d+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mention:
    """An annotated event of one line: trigger span, and arguments (role, start, end) in it."""

    type: str
    status: str
    start: int
    end: int
    arguments: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A text by lines, with each line's mentions."""

    name: str
    language: str
    lines: tuple[str, ...]
    mentions: tuple[tuple[Mention, ...], ...]


@dataclass(frozen=True, slots=True)
class TriggerTarget:
    """A trigger of an item: its pieces [first, last], and role labels of pieces [begin, end)."""

    first: int
    last: int
    status: int
    begin: int
    end: int
    roles: np.ndarray


@dataclass(frozen=True, slots=True)
class EventTargets:
    """Targets of one item: trigger labels (pieces with CLS and SEP) and the triggers."""

    labels: np.ndarray
    triggers: tuple[TriggerTarget, ...]


def _locate(lines: Sequence[str], line: int, key: str) -> tuple[int, int, int] | None:
    match = _KEY.fullmatch(key)
    assert match is not None
    text, count, other = match.group(1), int(match.group(2) or 1), match.group(3)
    line = line if other is None else int(other)
    at = -1
    for _ in range(count):
        at = lines[line].find(text, at + 1) if line < len(lines) and text else -1
        if at < 0:
            return None
    return line, at, at + len(text)


def read(annotations: Path, texts: Path) -> list[Document]:
    """Read a file in the guideline's format with the texts `DOC.LANG.txt` that it points into.

    Arguments that stand in another line than their trigger are left out, as are rows whose
    trigger is not in its line. Texts without any annotation are not read.
    """
    rows = defaultdict(list)
    for raw in annotations.read_text(encoding="utf-8").split("\n"):
        if raw.strip():
            row = json.loads(raw)
            rows[row["doc"], row["lang"]].append(row)
    documents = []
    for (doc, language), found in sorted(rows.items()):
        lines = (texts / f"{doc}.{language}.txt").read_text(encoding="utf-8").split("\n")
        mentions: list[list[Mention]] = [[] for _ in lines]
        for row in found:
            trigger = _locate(lines, row["line"], row["trigger"])
            if trigger is None:
                continue
            arguments = []
            for role, key, _ in row["args"]:
                place = _locate(lines, row["line"], key)
                if place is not None and place[0] == row["line"]:
                    arguments.append((role, place[1], place[2]))
            mentions[row["line"]].append(Mention(row["type"], row["status"], trigger[1], trigger[2], tuple(arguments)))
        documents.append(Document(doc, language, tuple(lines), tuple(tuple(found) for found in mentions)))
    return documents


def _inside(encoded: Encoded, start: int, end: int) -> np.ndarray:
    return np.flatnonzero((np.array(encoded.starts) < end) & (np.array(encoded.ends) > start))


_HAMZA = str.maketrans("أإآى", "اااي")


def _typed(line: str, language: str, style: str) -> str:
    if style == "lower":
        changed = line.lower()
    elif style == "upper":
        changed = line.upper()
    elif style == "plain" and language == "ar":
        changed = line.translate(_HAMZA)
    else:
        return line
    return changed if len(changed) == len(line) else line


def chunk_item(
    document: Document, first: int, count: int, encoder: TextEncoder, style: str
) -> tuple[Item, list[tuple[int, int, Encoded]]] | None:
    """Return an item of `count` lines from `first`, and each line's number, column and pieces.

    Lines that would pass LONGEST pieces are left out, except that a first line is cut.
    """
    ids: list[int] = []
    places: list[tuple[int, int, Encoded]] = []
    labels: list[int] = [IGNORED]
    triggers: list[TriggerTarget] = []
    for k in range(first, min(first + count, len(document.lines))):
        encoded = encoder.encode(_typed(document.lines[k], document.language, style))
        if not len(encoded):
            continue
        if len(ids) + len(encoded) > LONGEST:
            if ids:
                break
            encoded = Encoded(encoded.ids[:LONGEST], encoded.starts[:LONGEST], encoded.ends[:LONGEST])
        column = 1 + len(ids)
        line_labels = np.zeros(len(encoded), dtype=np.int64)
        for mention in document.mentions[k]:
            pieces = _inside(encoded, mention.start, mention.end)
            if not len(pieces) or line_labels[pieces].any():
                continue
            kind = 1 + 2 * EVENT_TYPES.index(mention.type)
            line_labels[pieces] = kind + 1
            line_labels[pieces[0]] = kind
            roles = np.zeros(len(encoded), dtype=np.int64)
            for role, start, end in mention.arguments:
                covered = _inside(encoded, start, end)
                if len(covered) and not roles[covered].any():
                    label = 1 + 2 * ROLES.index(role)
                    roles[covered] = label + 1
                    roles[covered[0]] = label
            triggers.append(
                TriggerTarget(
                    column + int(pieces[0]),
                    column + int(pieces[-1]),
                    STATUSES.index(mention.status),
                    column,
                    column + len(encoded),
                    roles,
                )
            )
        labels += [*line_labels.tolist(), IGNORED]
        places.append((k, column, encoded))
        ids += [*encoded.ids, SEP]
    if not ids:
        return None
    wrapped = wrap(ids[:-1])
    none = np.full(len(wrapped), IGNORED, dtype=np.int64)
    return Item(wrapped, none, EventTargets(np.array(labels), tuple(triggers))), places


def chunks(
    documents: Sequence[Document],
    encoder: TextEncoder,
    rng: random.Random,
    noise: np.random.Generator,
) -> Iterator[tuple[Document, Item, list[tuple[int, int, Encoded]], bool]]:
    """Yield (document, item, line places, plain) for ever: each pass cuts each document anew.

    Chunks have one to eight lines, so that a line is seen with and without its neighbours.
    `plain` tells items whose spelling is as in the text.
    """
    while True:
        order = [d for d in documents for _ in range(REPEATS[d.language])]
        rng.shuffle(order)
        for document in order:
            draw = rng.random()
            style = "plain" if draw < 0.25 else ""
            if document.language == "en":
                style = "lower" if draw < 0.05 else "upper" if draw < 0.08 else ""
            at = 0
            while at < len(document.lines):
                count = rng.choice((1, 2, 3, 4, 6, 8))
                made = chunk_item(document, at, count, encoder, style)
                if made is None:
                    at += count
                    continue
                item, places = made
                at = places[-1][0] + 1
                ids = item.ids.copy()
                dropped = noise.random(len(ids)) < 0.03
                dropped &= ids != SEP
                dropped[0] = False
                ids[dropped] = UNKNOWN
                yield document, Item(ids, item.labels, item.extra), places, not style
