"""From a mention to an entity: names first, then what stands for them within the article.

A name is looked up whole, then as part of a longer name of the same article ("Witkoff" after
"Steve Witkoff"), then alone in the tables. Where two entities remain, the mention stays open.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import Known, Lexicon
from pipeline.entities.nationality import load_countries
from pipeline.entities.sound_keys import script_of
from pipeline.languages import load_topic
from pipeline.languages.entries import party_entries

_ATTACHED = (("لل", "ال"), ("و", ""), ("ب", ""), ("ل", ""), ("ك", ""), ("ف", ""))
"""Arabic conjunctions and prepositions as they stand before a name, and what they hide of it."""
_PLACE_LABELS = frozenset({"GPE", "LOC"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """An entity for a mention: its id, the best name, and the label that goes with it."""

    entity_id: str
    name: str
    label: str


def split_names(lexicon: Lexicon, name: str) -> tuple[int, int] | None:
    """Where a span that an engine took for one person holds two known ones side by side.

    Arabic puts subject and object next to each other (التقت ... كامالا هاريس نتنياهو: Harris met
    Netanyahu). Returns the end of the first and the start of the second, or None.
    """
    if any(k.label == "PER" for k in lexicon.named(name)):
        return None
    for match in re.finditer(r"\s+", name):
        left, right = name[: match.start()], name[match.end() :]
        first = {k.entity_id for k in lexicon.named(left) if k.label == "PER"}
        second = {k.entity_id for k in lexicon.named(right) if k.label == "PER"}
        if first and second and not first & second:
            return match.start(), match.end()
    return None


def unlisted_id(name: str, label: str) -> str:
    """Id of an entity that no table has: made from label and folded name, the same in every run."""
    key = f"{'PLACE' if label in _PLACE_LABELS else label}\0{_key(name)}"
    return "x" + hashlib.sha256(key.encode()).hexdigest()[:15]


@functools.cache
def _titles() -> frozenset[str]:
    words = load_topic("en", "titles")["before_name"]
    return frozenset(fold_string(w).strip(".") for w in words if " " not in w)


def _key(name: str) -> str:
    return " ".join(fold_string(name).replace("·", " ").replace("-", " ").split())


def _tokens(name: str) -> tuple[str, ...]:
    return tuple(_key(name).split())


def is_full_name(name: str, label: str) -> bool:
    """Whether a name is a person's of several words: only such names are looked up by sound."""
    return label == "PER" and len(_tokens(name)) >= 2


class ArticleLinker:
    """Links the names of one article; ``day`` is its publication date, ``glosses`` the Latin names
    that the text gives for people's names in other letters, ``homes`` the countries whose offices stand
    beside a name."""

    def __init__(
        self,
        lexicon: Lexicon,
        names: Sequence[tuple[str, str]],
        day: date | None,
        *,
        glosses: Mapping[str, str] | None = None,
        homes: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._homes = homes or {}
        self.lexicon, self.day, self._glosses = lexicon, day, glosses or {}
        self._people = Counter(n for n, label in names if label == "PER")
        self._full = {n: _tokens(n) for n in self._people if len(_tokens(n)) >= 2}
        self._names = names
        self._favoured: Counter[str] | None = None
        self._answers: dict[tuple[str, str], Resolved | None] = {}

    def link(self, name: str, label: str) -> Resolved | None:
        """The entity of a name, or None where it stays open."""
        key = (name, label)
        if key not in self._answers:
            # Names that stand for each other in a circle (a title is part of one) stay open.
            self._answers[key] = None
            self._answers[key] = self._link(self._bare(name, label), label)
        return self._answers[key]

    def _bare(self, name: str, label: str) -> str:
        """The listed name to which an Arabic word is attached: للصين is الصين, ببريطانيا is بريطانيا.

        Not for a person's single name, of which a first letter less is often another's.
        """
        if (label != "PER" or " " in name) and not self.lexicon.named(name):
            for attached, instead in _ATTACHED:
                rest = instead + name.removeprefix(attached)
                if name.startswith(attached) and len(rest) > 3 and self.lexicon.named(rest):
                    return rest
        return name

    def _link(self, name: str, label: str) -> Resolved | None:
        if label == "PER" and (gloss := self._glosses.get(name)) is not None:
            return self.link(gloss, label)
        if label == "PER":
            # "Sanders" in an article on Sarah Sanders is she, not the best-known Sanders.
            longer = self._longer(name)
            if longer is not None:
                return self.link(longer, label)
        elif (institution := self._institution(name)) is not None:
            return _resolved(institution)
        candidates = self._fitting(self.lexicon.named(name), label, name)
        folded = fold_string(name)
        if self._is_elsewhere(name, candidates):
            return Resolved(unlisted_id(name, label), name, label)
        if len(candidates) == 1 and folded not in candidates[0].ambiguous:
            return _resolved(candidates[0])
        if len(candidates) > 1:
            # Luxembourg, Kuwait, Georgia: in news of politics the country is meant, not the city or state.
            countries = [c for c in candidates if c.kind == "country"]
            chosen = countries[0] if len(countries) == 1 else self._by_date(candidates)
            return None if chosen is None else _resolved(chosen)
        if candidates:
            # Marked ambiguous: the one name of several words that it has, or nothing.
            return _resolved(candidates[0]) if len(_tokens(name)) > 1 else None
        if is_full_name(name, label):
            alike = self.lexicon.sounding_like(name)
            if alike is not None:
                return _resolved(alike)
        return Resolved(unlisted_id(name, label), name, label)

    def _is_elsewhere(self, name: str, candidates: Sequence[Known]) -> bool:
        """Whether a surname alone is another's: "Mauritania's foreign minister" is no Palestinian politician."""
        homes = self._homes.get(name, ())
        return (
            len(homes) == 1
            and len(candidates) == 1
            and candidates[0].label == "PER"
            and len(_tokens(name)) == 1
            and candidates[0].country is not None
            and candidates[0].country not in homes
            and max(len(_tokens(n)) for n in candidates[0].names()) > 1
        )

    def _institution(self, name: str) -> Known | None:
        """The body that a Chinese short form names (乌外交部), by the countries of the article.

        One character stands for several countries: Ukraine, Uruguay and Uzbekistan share this one.
        """
        head = next((h for h in _institutions() if name.endswith(h)), None)
        if head is None or len(name) != len(head) + 1:
            return None
        countries = load_countries(self.lexicon)
        codes = countries.find_short(name[0], self._countries())
        if not codes:
            return None
        listed = self.lexicon.named(f"{countries.adjective.get(codes[0])} {_institutions()[head]}")
        return listed[0] if len(listed) == 1 else None

    def _countries(self) -> Counter[str]:
        """How often the article's names tell a country."""
        if self._favoured is None:
            demonyms = self.lexicon.demonyms
            self._favoured = Counter()
            for name, _ in self._names:
                if len(name) == 1:
                    continue  # 乌 is itself one of several countries
                for known in self.lexicon.named(name):
                    if known.kind == "country" and known.country:
                        self._favoured[known.country] += 1
                if code := demonyms.get(fold_string(name)):
                    self._favoured[code] += 1
                elif script_of(name) == "han" and not self.lexicon.named(name):
                    # 乌兹别克斯坦代表团 tells of its country as the country's name does.
                    self._favoured.update(f.country for f in load_countries(self.lexicon).find(name, "zh"))
        return self._favoured

    def _fitting(self, candidates: Sequence[Known], label: str, name: str | None = None) -> list[Known]:
        """Candidates of the same label; ORG and places may stand for each other ("Washington")."""
        script = script_of(candidates[0].name_en if name is None else name) if candidates else ""
        same = [c for c in candidates if c.label == label or {c.label, label} <= _PLACE_LABELS]
        if label == "PER" and not same and script in ("arabic", "han") and len(candidates) == 1:
            # 哈马斯 and قطر have no capital letter that tells; a country's or body's only name is no person's.
            return [c for c in candidates if c.kind in ("country", "armed_group", "party", "international")]
        if same or label == "PER":
            return same
        return [c for c in candidates if c.label != "PER"]

    def _longer(self, name: str) -> str | None:
        """The one longer name in the article of which this is a part, as its end or its start.

        A title read into the name does not count ("Cllr Hosking" is part of "Dale Hosking"). Chinese
        reports drop the dot between names: 桑德斯 is the end of 萨拉桑德斯.
        """
        tokens = _tokens(name)
        if len(tokens) > 1 and tokens[0] in _titles():
            tokens = tokens[1:]
        if not tokens:
            return None
        if script_of(name) == "han" and len(tokens) == 1:
            joined = [n for n in self._people if len(n) > len(name) and len(name) > 1 and n.endswith(name)]
            if len({self._identity(n) for n in joined}) == 1:
                return joined[0]
        fits = [
            full for full, parts in self._full.items()
            if full != name and len(parts) > len(tokens) and (parts[-len(tokens):] == tokens or parts[: len(tokens)] == tokens)
        ]  # fmt: skip
        ends = [f for f in fits if self._full[f][-len(tokens) :] == tokens]
        answers = {self._identity(f): f for f in (ends or fits)}
        return next(iter(answers.values())) if len(answers) == 1 else None

    def _identity(self, name: str) -> str:
        known = self._fitting(self.lexicon.named(name), "PER")
        return known[0].entity_id if len(known) == 1 else _key(name)

    def _by_date(self, candidates: Sequence[Known]) -> Known | None:
        """The one candidate in office on the article's day, where that tells them apart."""
        serving = [c for c in candidates if any(t.covers(self.day) for t in c.terms)]
        return serving[0] if len(serving) == 1 else None


@functools.cache
def _institutions() -> dict[str, str]:
    """Chinese nouns for a country's bodies, the longest first, with the English noun."""
    forms = {f: e.each for e in party_entries("zh") if e.each and not e.plural for f in e.forms}
    return dict(sorted(forms.items(), key=lambda f: -len(f[0])))


def _resolved(known: Known) -> Resolved:
    return Resolved(known.entity_id, known.shown, known.label)
