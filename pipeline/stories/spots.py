"""Places of events as merging compares them, also where words only describe them: "the Qatari capital",
"the port of Vlora", 突厥斯坦市."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import Known, Lexicon
from pipeline.languages import LANGUAGES, load_topic
from pipeline.stories.matching import Place

TOPIC = "series"
_WORD = re.compile(r"[\w'’-]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KINDS = ("city", "capital", "venue", "region", "territory", "country")
_LONGEST, _LONGEST_HAN = 4, 8


class PlaceReader:
    """Turns the place of an event row into a ``Place``; remembers each.

    ``unlisted`` gives name and label of the entities that no table has, ``nations`` the countries
    that folded words name.
    """

    def __init__(
        self, lexicon: Lexicon, unlisted: Mapping[str, tuple[str, str]], nations: Callable[[str], Sequence[str]]
    ) -> None:
        self._lexicon, self._unlisted, self._nations = lexicon, unlisted, nations
        self._places: dict[tuple[str | None, str], Place | None] = {}
        entries = [(lang, e) for lang in LANGUAGES for e in load_topic(lang, TOPIC)["spot"]]
        forms = {kind: [(lang, fold_string(f)) for lang, e in entries if e["kind"] == kind for f in e["forms"]]
                 for kind in ("here", "capital", "of")}  # fmt: skip
        self._here = frozenset(f for _, f in forms["here"])
        self._capital = frozenset(f for _, f in forms["capital"])
        self._of = frozenset(f for _, f in forms["of"])

    def place(self, entity_id: str | None, text: str | None) -> Place | None:
        """The place; what no table has counts by its words, and "here" is no place at all."""
        key = (entity_id, "" if entity_id else text or "")
        if key not in self._places:
            known = self._lexicon.by_id.get(entity_id) if entity_id else None
            name = self._unlisted.get(entity_id or "", (text or "", ""))[0]
            self._places[key] = _listed(known) if known is not None else self._read(name)
        return self._places[key]

    def _read(self, text: str) -> Place | None:
        folded = fold_string(text)
        if not folded or folded in self._here:
            return None
        han = _HAN.search(folded) is not None
        words = [folded] if han else _WORD.findall(folded)
        nations = self._nations(folded)
        is_capital = any(c in folded for c in self._capital) if han else not self._capital.isdisjoint(words)
        if len(nations) == 1 and is_capital:
            capital = self._capital_of(nations[0])
            if capital is not None:
                return _listed(capital)
        inside = self._inside(folded if han else text, han=han)
        if inside is not None and inside.kind != "country":
            return _listed(inside)
        bare = self._bare(folded, han=han)
        return Place(bare, nations[0] if len(nations) == 1 else None, "open", bare)

    def _inside(self, text: str, *, han: bool) -> Known | None:
        """The longest name of a listed place in a description: "the Mar-a-Lago estate"."""
        if han:
            spans = [text[i : i + n] for n in range(_LONGEST_HAN, 1, -1) for i in range(len(text) - n + 1)]
        else:
            words = _WORD.findall(text)
            spans = [" ".join(words[i : i + n]) for n in range(_LONGEST, 0, -1) for i in range(len(words) - n + 1)]
        for span in spans:
            found = [k for k in self._lexicon.named(span) if k.label in ("GPE", "LOC") and k.kind in _KINDS]
            if len(found) == 1:
                return found[0]
        return None

    def _capital_of(self, nation: str) -> Known | None:
        found = [k for k in self._lexicon.by_id.values() if k.kind == "capital" and k.country == nation]
        return found[0] if len(found) == 1 else None

    def _bare(self, folded: str, *, han: bool) -> str:
        """The name without the words that say what kind of place it is: "the city of", 市."""
        if han:
            for word in sorted((w for w in self._of if _HAN.search(w)), key=len, reverse=True):
                if folded.endswith(word) and len(folded) > len(word) + 1:
                    return folded.removesuffix(word)
            return folded
        words = folded.split()
        for at, word in enumerate(words):
            if word.removeprefix("ال") in self._of and at + 1 < len(words):
                rest = words[at + 1 :]
                return " ".join(rest[1:] if rest[0] == "of" and len(rest) > 1 else rest)
        return " ".join(words[1:] if words[0] == "the" and len(words) > 1 else words)


def _listed(known: Known) -> Place:
    kind = "country" if known.kind in ("country", "territory") else "venue"
    if known.kind in ("capital", "city"):
        kind = "city"
    wide = known.kind in ("continent", "water", "region") and known.country is None
    return Place(known.entity_id, None if wide else known.country, kind)
