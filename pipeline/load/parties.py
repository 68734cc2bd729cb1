"""From a name in any of the three languages to the entities that bear it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import load_lexicon
from pipeline.load.errors import LoadError, UnknownParty

_HAN = re.compile(r"[\u4e00-\u9fff]")
_SUGGESTED = 4
_Names = tuple[str, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Party:
    """What a name stands for: ids of entities, and descriptions of unresolved parties as printed."""

    ids: tuple[str, ...]
    printed: tuple[str, ...]

    def parameters(self, at: int) -> dict[str, list[str]]:
        """What ``queries.is_party`` asks for, for the party of that number."""
        return {f"ids_{at}": list(self.ids), f"printed_{at}": list(self.printed)}


def find_party(name: str, connection: duckdb.DuckDBPyConnection) -> Party:
    """Find whom a name means; the connection has the tables as views.

    An entity id stands for itself. Else the first of these that answers: a whole name in any
    script together with the aliases of the entity tables ("Bibi", نتنياهو, 内塔尼亚胡); all words of
    the name within a longer one ("Solvang" in "Ingrid Solvang"); a name as printed in an article;
    an unresolved party's description. Everyone who bears the name is meant: a bare surname may be
    several people. Raises ``LoadError`` with the nearest names.
    """
    known: list[_Names] = [
        (row[0], tuple(row[1:]))
        for row in connection.execute("SELECT entity_id, name, name_en, name_ar, name_zh FROM entities").fetchall()
    ]
    if any(entity_id == name for entity_id, _ in known):
        return Party((name,), ())
    wanted = fold_string(name.strip())
    if not wanted:
        raise LoadError("party is empty; give a name such as 'Netanyahu' or an id such as 'Q43723'")
    present = {entity_id for entity_id, _ in known}
    ids = {entity_id for entity_id, names in known if wanted in map(fold_string, _given(names))}
    ids |= {entity.entity_id for entity in load_lexicon().named(wanted)} & present
    ids = ids or {entity_id for entity_id, names in known if any(_within(wanted, n) for n in _given(names))}
    if not ids:
        rows = connection.execute(
            "SELECT DISTINCT entity_id FROM mentions WHERE text = $name AND kind = 'name' AND entity_id IS NOT NULL",
            {"name": name},
        ).fetchall()
        ids = {row[0] for row in rows}
    printed = _printed(wanted, connection)
    if not ids and not printed:
        near = _nearest(wanted, known)
        hint = f"did you mean {', '.join(near)}?" if near else "see entities() for the names there are"
        raise UnknownParty(f"no party answers to {name!r}; {hint}")
    return Party(tuple(sorted(ids)), printed)


def _given(names: Iterable[str | None]) -> Iterator[str]:
    return (n for n in names if n)


def _within(wanted: str, name: str) -> bool:
    folded = fold_string(name)
    if _HAN.search(wanted):
        return len(wanted) > 1 and wanted in folded
    return set(_words(wanted)) <= set(_words(folded))


def _words(folded: str) -> list[str]:
    return re.findall(r"\w+", folded) or [folded]


def _printed(wanted: str, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT DISTINCT entity_name FROM arguments WHERE entity_id IS NULL AND entity_name IS NOT NULL"
    ).fetchall()
    return tuple(sorted(row[0] for row in rows if fold_string(row[0]) == wanted))


def _nearest(wanted: str, known: list[_Names]) -> list[str]:
    by_name = {fold_string(n): n for _, names in known for n in _given(names)}
    return [by_name[n] for n in difflib.get_close_matches(wanted, sorted(by_name), n=_SUGGESTED, cutoff=0.5)]
