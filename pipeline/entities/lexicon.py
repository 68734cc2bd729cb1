"""The entity tables in memory: known people, organisations, countries and places by their names.

The tables are data (``pipeline/entities/tables``, described in its README); this module indexes
them by folded name. A name that two entities share answers with both; who asks must choose by
context or leave it open.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources

from pipeline.core.additions import active_additions, per_additions
from pipeline.core.collection import no_collection
from pipeline.core.folding import fold_string
from pipeline.entities.own_tables import read_own_table
from pipeline.entities.screen import within_reach
from pipeline.entities.sound_keys import script_of
from pipeline.entities.sound_table import SoundTable, several_words
from pipeline.entities.transliteration import name_likeness

FILES = ("countries.csv", "organisations.csv", "people.csv", "places.csv")
"""In the order in which a shared name is decided: a country before the city of the same name."""

# Beyond the thresholds of ``name_likeness``: a table of thousands offers more chances than a pair does.
_BEYOND = {"latin": 0.0, "arabic": 0.04, "han": 0.05}
_MARGIN = 0.05
_QUALIFIER = re.compile(r"\s+\([^)]*\)$")
_REMEMBERED = 65_536
# Where names are written in the script itself the table's spelling decides, not the sound.
_WRITES_NATIVELY = {
    "arabic": frozenset(
        [
            "AE",
            "BH",
            "DJ",
            "DZ",
            "EG",
            "EH",
            "IQ",
            "JO",
            "KM",
            "KW",
            "LB",
            "LY",
            "MA",
            "MR",
            "OM",
            "PS",
            "QA",
            "SA",
            "SD",
            "SO",
            "SY",
            "TD",
            "TN",
            "YE",
        ]
    ),
    "han": frozenset(["CN", "HK", "MO", "SG", "TW", "JP", "KR", "KP", "VN"]),
    "latin": frozenset[str](),
}


@dataclass(frozen=True, slots=True)
class Term:
    """An office held from ``start`` to ``end``; either may be None for unknown or open."""

    office: str
    start: date | None
    end: date | None

    def covers(self, day: date | None) -> bool:
        """Whether the office was held on that day; an unknown day counts as today's holder."""
        if day is None:
            return self.end is None
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Known:
    """A known entity: its id, names in three languages, and what is known of it."""

    entity_id: str
    label: str
    name_en: str
    name_ar: str | None
    name_zh: str | None
    aliases: tuple[str, ...]
    country: str | None
    kind: str | None
    terms: tuple[Term, ...]
    wikidata_id: str | None
    ambiguous: frozenset[str]

    @property
    def shown(self) -> str:
        """The English name for readers: a body's without what tells it from namesakes in the tables
        ("Conservative Party (United Kingdom)")."""
        return _QUALIFIER.sub("", self.name_en) if self.label == "ORG" else self.name_en

    def names(self) -> Iterator[str]:
        """Every name, the three main ones first."""
        yield self.name_en
        yield from (n for n in (self.name_ar, self.name_zh) if n)
        yield from self.aliases


@dataclass(frozen=True, slots=True)
class Demonym:
    """A nationality word ("Israeli", إسرائيلي) and its country's ISO code."""

    word: str
    country: str


class Lexicon:
    """All known entities, by id, by folded name and by country."""

    def __init__(self, entities: Iterable[Known], demonyms: Iterable[Demonym]) -> None:
        self.by_id: dict[str, Known] = {}
        self._by_name: dict[str, list[Known]] = {}
        for entity in entities:
            if entity.entity_id in self.by_id:
                continue
            self.by_id[entity.entity_id] = entity
            for name in entity.names():
                found = self._by_name.setdefault(fold_string(name), [])
                if entity not in found:
                    found.append(entity)
        self._people: dict[str, list[Known]] = {}
        for entity in self.by_id.values():
            if entity.label == "PER" and entity.country:
                self._people.setdefault(entity.country, []).append(entity)
        self._heard: dict[str, Known | None] = {}
        listed = list(demonyms)
        self.demonyms: dict[str, str] = {fold_string(d.word): d.country for d in listed}
        self.adjectives: dict[str, str] = {}
        for demonym in listed:
            if demonym.word.isascii():
                self.adjectives.setdefault(demonym.country, demonym.word)
        self.country_entity: dict[str, Known] = {
            e.country: e for e in self.by_id.values() if e.kind == "country" and e.country
        }

    def named(self, name: str) -> tuple[Known, ...]:
        """Entities of that name, after folding; countries first, then organisations."""
        return tuple(self._by_name.get(fold_string(name), ()))

    def holders(self, country: str, office: str, day: date | None) -> list[Known]:
        """People of a country who held an office on that day; ``office`` as in the ``parties``
        lists ("prime minister"), the people table has "Prime Minister of Israel"."""
        entity = self.country_entity.get(country)
        names = {fold_string(n) for n in entity.names()} if entity is not None else set()
        wanted = {f"{office} of {name}" for name in names} | {f"{office} of the {name}" for name in names}
        return [
            person for person in self._people.get(country, ())
            if any(t.covers(day) and fold_string(t.office) in wanted for t in person.terms)
        ]  # fmt: skip

    def sounding_like(self, name: str) -> Known | None:
        """The one person whose name in some script sounds like this one, or None.

        The likeness must pass ``name_likeness`` by ``_BEYOND`` (0 within a script) and lie
        ``_MARGIN`` above the next person's; both were chosen on the people table itself, each
        name against all others (docs/linking.md).
        """
        if name not in self._heard:
            self.listen([name])
        return self._heard[name]

    def listen(self, names: Iterable[str]) -> None:
        """Work out what ``sounding_like`` answers for many names: together they cost less."""
        new = [name for name in dict.fromkeys(names) if name not in self._heard]
        if len(self._heard) + len(new) > _REMEMBERED:
            self._heard.clear()
        offered = self._offered(new)
        self._heard.update({name: self._best(name, offered.get(name, ())) for name in new})

    @functools.cached_property
    def _sounds(self) -> SoundTable[Known]:
        return SoundTable(
            (name, e) for e in self.by_id.values() if e.label == "PER" for name in dict.fromkeys(e.names())
        )

    def _offered(self, names: Iterable[str]) -> dict[str, list[tuple[str, Known]]]:
        """For each name the names of people that are worth a closer comparison."""
        offered: dict[str, list[tuple[str, Known]]] = {}
        across: dict[str, list[tuple[str, str, Known]]] = {"arabic": [], "han": []}
        for name in names:
            script = script_of(name)
            if not several_words(name) and script != "han":
                continue
            # Across scripts the table's Latin name serves: every person has one.
            if script != "latin":
                nearest = self._sounds.nearest(name, script="latin")
                natively = _WRITES_NATIVELY[script]
                across[script] += [(name, t, person) for t, person in nearest if person.country not in natively]
            offered[name] = self._sounds.nearest(name, script=script)
        for script, pairs in across.items():
            near = within_reach([(name, t) for name, t, _ in pairs], least=_BEYOND[script] - _MARGIN)
            for (name, theirs, person), may_be in zip(pairs, near, strict=True):
                if may_be:
                    offered[name].append((theirs, person))
        return offered

    def _best(self, name: str, offered: Iterable[tuple[str, Known]]) -> Known | None:
        script = script_of(name)
        best: dict[str, float] = {}
        for theirs, person in offered:
            like = name_likeness(name, theirs) - (0.0 if script_of(theirs) == script else _BEYOND[script])
            if like > best.get(person.entity_id, -1.0):
                best[person.entity_id] = like
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:2]
        if not ranked or ranked[0][1] < 0 or (len(ranked) == 2 and ranked[0][1] - ranked[1][1] < _MARGIN):
            return None
        return self.by_id[ranked[0][0]]

    def folded_names(self) -> Iterator[tuple[str, list[Known]]]:
        """Every folded name with the entities that bear it."""
        yield from self._by_name.items()


def _split(value: str | None) -> tuple[str, ...]:
    return tuple([part for cell in value.split("|") if (part := cell.strip())]) if value else ()


def _day(value: str, *, end: bool) -> date | None:
    """A day from YYYY, YYYY-MM or YYYY-MM-DD: the first of the period, or its last for ``end``."""
    value = value.strip()
    if not value:
        return None
    parts = [int(p) for p in value.split("-")]
    if len(parts) == 3:
        return date(*parts)
    if len(parts) == 2:
        return date(parts[0], parts[1], 28 if end else 1)
    return date(parts[0], 12, 31) if end else date(parts[0], 1, 1)


def _terms(roles: str, starts: str, ends: str) -> tuple[Term, ...]:
    offices = [p.strip() for p in roles.split("|")] if roles else []
    begin = starts.split("|") if starts else []
    finish = ends.split("|") if ends else []
    return tuple(
        Term(
            office,
            _day(begin[i], end=False) if i < len(begin) else None,
            _day(finish[i], end=True) if i < len(finish) else None,
        )
        for i, office in enumerate(offices)
        if office
    )


def _read(file: str) -> Iterator[dict[str, str]]:
    text = resources.files("pipeline.entities").joinpath("tables", file).read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines())
    return (dict(zip(header, row, strict=True)) for row in rows)


def _known(row: dict[str, str]) -> Known:
    people = row["label"] == "PER"
    return Known(
        entity_id=row["entity_id"],
        label=row["label"],
        name_en=row["name_en"],
        name_ar=row["name_ar"] or None,
        name_zh=row["name_zh"] or None,
        aliases=_split(row["aliases_en"]) + _split(row["aliases_ar"]) + _split(row["aliases_zh"]),
        country=row["country"] or None,
        kind=None if people else row["role"] or None,
        terms=_terms(row["role"], row["start"], row["end"]) if people else (),
        wikidata_id=row["wikidata_id"] or None,
        ambiguous=frozenset(fold_string(a) for a in _split(row["ambiguous"])),
    )


@per_additions
def load_lexicon() -> Lexicon:
    """Read the entity tables of the package and the user's own; raises ``ConfigError`` where those are wrong."""
    with no_collection():
        return _load_lexicon()


def _load_lexicon() -> Lexicon:
    entities = [_known(row) for file in FILES for row in _read(file)]
    own = [_known(row) for file in active_additions().tables for row in read_own_table(file)]
    entities = _completed(entities, own)
    demonyms = [
        Demonym(word, row["iso2"])
        for row in _read("demonyms.csv")
        for column in ("en", "ar", "zh")
        for word in _split(row[column])
    ]
    return Lexicon(entities, demonyms)


def _completed(entities: Sequence[Known], own: Iterable[Known]) -> list[Known]:
    """The entities with the user's: a row on one that is there gives it names, and offices of its own
    in the place of the packaged ones; new ones come first."""
    by_id = {e.entity_id: e for e in entities}
    added: list[Known] = []
    for row in own:
        there = by_id.get(row.entity_id)
        if there is None:
            by_id[row.entity_id] = row
            added.append(row)
            continue
        names = dict.fromkeys([*there.aliases, *row.names()])
        by_id[row.entity_id] = replace(
            there, aliases=tuple(names), terms=row.terms or there.terms, country=row.country or there.country
        )
    return [by_id[e.entity_id] for e in (*added, *entities)]


@per_additions
def tables_fingerprint() -> str:
    """Hash of the entity tables and of the user's own."""
    digest = hashlib.sha256()
    for file in (*FILES, "demonyms.csv", "sound_costs.csv", "name_words.csv", "han_readings.txt"):
        digest.update(resources.files("pipeline.entities").joinpath("tables", file).read_bytes())
    for own in active_additions().tables:
        digest.update(b"own" + own.content)
    return digest.hexdigest()[:16]
