"""Parties and places as merging compares them: entity, country, and what kind of thing it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import Known, Lexicon
from pipeline.entities.sound_keys import sound_key
from pipeline.languages import LANGUAGES, load_topic
from pipeline.languages.entries import party_entries
from pipeline.languages.phrases import reference, reference_anywhere
from pipeline.stories.matching import BODY, COUNTRY, DESCRIBED, PERSON, Named, Party, Place
from pipeline.stories.ranks import rank_held, rank_of
from pipeline.stories.spots import PlaceReader

_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_STATE_BODIES = frozenset(
    {"government", "ministry", "parliament", "court", "central_bank", "agency", "capital", "city", "armed_group"}
)
_LONGEST_HAN_NAME = 8
_MOST_SPANS = 200
_OF_COUNTRIES = ("international", "alliance")
_SHORTEST_TEXT = 2
_WEAK = str.maketrans("", "", "WYH")
_SOUND_CLASS = {"R": "L", "G": "K", "C": "K", "D": "T", "Z": "S", "X": "S", "J": "S"}


class PartyReader:
    """Turns argument rows into parties; remembers each entity and each description.

    ``unlisted`` gives name and label of the entities that no table has, ``nations`` the countries
    of those of which the articles tell them.
    """

    def __init__(
        self, lexicon: Lexicon, unlisted: Mapping[str, tuple[str, str]], nations: Mapping[str, str] | None = None
    ) -> None:
        self._lexicon, self._unlisted = lexicon, unlisted
        self._nations_of = nations or {}
        self._entities: dict[str, Party] = {}
        self._spots = PlaceReader(lexicon, unlisted, self._nations)
        self._lasts: dict[str, frozenset[str]] = {}
        self._described: dict[str, tuple[Party, ...]] = {}
        self._nouns = {
            lang: frozenset(
                fold_string(f) for e in party_entries(lang) if e.kind != "pronoun" for f in e.forms if len(f) > 1
            )
            for lang in LANGUAGES
        }
        self._pointing = frozenset(
            fold_string(form) for lang in LANGUAGES for e in party_entries(lang)
            if e.kind == "pronoun" or e.plural for form in e.forms
        ) | {fold_string(form) for lang in LANGUAGES for e in load_topic(lang, "parties")["nobody"] for form in e["forms"]}  # fmt: skip

    def parties(
        self, arguments: Iterable[tuple[str | None, str, float]], context: frozenset[str] = frozenset()
    ) -> tuple[Named, ...]:
        """The distinct parties of (entity id, text, trust) triples, by key, each with the highest trust;
        ``context`` holds the known entities of the article.

        A description that no table's entity stands for ("the Bolivian delegation") counts by its
        country, other words by their sound; pronouns that stay open do not count.
        """
        found: dict[str, Named] = {}
        for entity_id, text, trust in arguments:
            for party in self._parties(entity_id, text, context) if trust > 0 else ():
                found[party.key] = (party, max(trust, found.get(party.key, (party, 0.0))[1]))
        return tuple(found[k] for k in sorted(found))

    def _parties(self, entity_id: str | None, text: str, context: frozenset[str]) -> tuple[Party, ...]:
        known = entity_id is not None and entity_id in self._lexicon.by_id
        if not known:
            shown = self._unlisted.get(entity_id or "", (text, ""))[0]
            named = self._named(text, context) or self._named(shown, context)
            if named is not None:
                return (self._entity(named),)
            several = [self._named(part, context) for part in reference_anywhere("two_names").split(text)]
            if len(several) > 1 and None not in several:
                return tuple(self._entity(e) for e in dict.fromkeys(several) if e is not None)
        described = () if known else self._abbreviated(text, context) or self._description(text)
        if not known and not any(p.nation for p in described) and self._is_body(entity_id):
            # "The ministry" stands for "the Tunisian Transport Ministry" of a line before.
            described = self._description(self._unlisted[entity_id or ""][0])
        if entity_id is None or any(p.nation for p in described):
            return described
        return (self._entity(entity_id),)

    def _is_body(self, entity_id: str | None) -> bool:
        return self._unlisted.get(entity_id or "", ("", "PER"))[1] == "ORG"

    def _named(self, text: str, context: frozenset[str]) -> str | None:
        """The one entity of the tables, or the one person of the article, that words name."""
        if fold_string(text) in self._pointing:
            # "Nobody phoned us": not the United States.
            return None
        same = {k.entity_id for k in self._lexicon.named(text)}
        if len(same & context) == 1:
            return next(iter(same & context))
        if len(same) == 1:
            return next(iter(same))
        folded = fold_string(text)
        if len(folded) < _SHORTEST_TEXT or len(folded.split()) > 1 or same:
            return None
        bearers = {e for e in context if folded in self._last_words(e)}
        return next(iter(bearers)) if len(bearers) == 1 else None

    def _last_words(self, entity_id: str) -> frozenset[str]:
        if entity_id not in self._lasts:
            known = self._lexicon.by_id.get(entity_id)
            names = () if known is None or known.label != "PER" else tuple(known.names())
            self._lasts[entity_id] = frozenset(fold_string(n).replace("·", " ").split()[-1] for n in names if n.strip())
        return self._lasts[entity_id]

    def _abbreviated(self, text: str, context: frozenset[str]) -> tuple[Party, ...]:
        """For 阿、乌两国代表团: countries of the article by the first character of their names."""
        found = reference("zh", "short_countries").match(text)
        if found is None:
            return ()
        letters = next(g for g in found.groups() if g).replace("、", "").replace("和", "")
        nations: dict[str, Party] = {}
        for letter in letters:
            nation = self._by_letter(letter, context)
            if nation is None:
                return ()
            nations[nation] = _party(f"{nation}:{fold_string(text)}", nation, DESCRIBED)
        return tuple(nations.values())

    def _by_letter(self, letter: str, context: frozenset[str]) -> str | None:
        """The country of the article, named or by its people, whose Chinese name begins so; where there
        are two, that of which it tells far more."""
        known = [k for e in sorted(context) if (k := self._lexicon.by_id.get(e)) is not None and k.country]
        for chosen in ([k for k in known if k.kind == "country"], known):
            codes = {k.country for k in chosen if k.country and self._chinese(k.country).startswith(letter)}
            if codes:
                # 乌 is Uzbekistan where its president and capital are told of, and Ukraine once.
                weight = Counter(k.country for k in known if k.country in codes).most_common(2)
                clear = len(weight) == 1 or weight[0][1] >= 2 * weight[1][1]
                return weight[0][0] if clear else None
        return None

    def _chinese(self, country: str) -> str:
        entity = self._lexicon.country_entity.get(country)
        return "" if entity is None else entity.name_zh or ""

    def _entity(self, entity_id: str) -> Party:
        if entity_id not in self._entities:
            known = self._lexicon.by_id.get(entity_id)
            if known is None:
                name, label = self._unlisted.get(entity_id, ("", "PER"))
                kind = PERSON if label == "PER" else BODY
                party = _party(entity_id, self._nations_of.get(entity_id), kind, name, listed=False)
            else:
                name = known.name_en if known.label == "PER" else ""
                party = _party(entity_id, _nation(known), _kind(known), name, rank=rank_held(known))
            self._entities[entity_id] = party
        return self._entities[entity_id]

    def place(self, entity_id: str | None, text: str | None) -> Place | None:
        """The place of an event (``spots``)."""
        return self._spots.place(entity_id, text)

    def _description(self, text: str) -> tuple[Party, ...]:
        if text not in self._described:
            folded = fold_string(text)
            if folded in self._pointing or len(folded) < _SHORTEST_TEXT:
                answer: tuple[Party, ...] = ()
            elif nations := self._nations(folded):
                rank = rank_of(folded)
                answer = tuple(_party(f"{nation}:{folded}", nation, DESCRIBED, rank=rank) for nation in nations)
            elif bodies := self._bodies(text):
                answer = tuple(self._entity(b) for b in bodies)
            else:
                answer = (self._words(folded),)
            self._described[text] = answer
        return self._described[text]

    def _bodies(self, text: str) -> list[str]:
        """The body of several countries for whose people a description stands: "Mercosur foreign ministers"."""
        if _HAN.search(text):
            spans = [text[i:j] for i in range(len(text)) for j in range(len(text), i + 1, -1)][:_MOST_SPANS]
        else:
            words = _WORD.findall(text)
            spans = [" ".join(words[i : i + n]) for n in (4, 3, 2, 1) for i in range(len(words) - n + 1)]
        found = (k for span in spans for k in self._lexicon.named(span))
        return list(dict.fromkeys(k.entity_id for k in found if k.kind in _OF_COUNTRIES))[:1]

    def _words(self, folded: str) -> Party:
        """A party without a country: a description by a noun of the word lists, or a bare name."""
        if _HAN.search(folded):
            soft = any(n in folded for n in self._nouns["zh"])
        else:
            words = _WORD.findall(folded)
            nouns = self._nouns["en"] | self._nouns["ar"]
            soft = any(w in nouns or w.removesuffix("s") in nouns or w.removeprefix("ال") in nouns for w in words)
        return _party(f"words:{folded}", None, DESCRIBED, "" if soft else folded, listed=False, soft=True)

    def _nations(self, folded: str) -> list[str]:
        """ISO codes of the countries and nationalities that a folded description names, in order."""
        if _HAN.search(folded):
            found, at = [], 0
            while at < len(folded):
                for size in range(min(_LONGEST_HAN_NAME, len(folded) - at), 1, -1):
                    if code := self._country(folded[at : at + size]):
                        found.append(code)
                        at += size
                        break
                else:
                    at += 1
            return list(dict.fromkeys(found))
        words = _WORD.findall(folded)
        spans = [" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)]
        return list(dict.fromkeys(code for span in spans if (code := self._country(span))))

    def _country(self, folded: str) -> str | None:
        if code := self._lexicon.demonyms.get(folded):
            return code
        return next((k.country for k in self._lexicon.named(folded) if k.kind == "country"), None)


def _party(
    key: str, nation: str | None, kind: str, name: str = "", *, listed: bool = True, soft: bool = False,
    rank: str | None = None,
) -> Party:  # fmt: skip
    folded = fold_string(name)
    words = folded.replace("·", " ").split()
    # Two consonants of the surname, as far as every script writes them.
    sound = "".join(_SOUND_CLASS.get(c, c) for c in sound_key(words[-1]).translate(_WEAK))[:2] if words else ""
    blocks = (nation or key, f"~{sound}") if sound else (nation or key,)
    return Party(key, nation, kind, folded, listed, soft, blocks, rank)


def _kind(known: Known) -> str:
    if known.label == "PER":
        return PERSON
    return COUNTRY if known.kind in ("country", "territory") else BODY


def _nation(known: Known) -> str | None:
    """The country for which an entity can stand: its officials and state bodies, not its media."""
    if known.label == "PER" or known.kind in ("country", "territory") or known.kind in _STATE_BODIES:
        return known.country
    return None
