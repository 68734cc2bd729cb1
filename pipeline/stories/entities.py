"""The `entities` table: one row an entity over all articles, from the mentions."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher

from pipeline.core.folding import fold_string
from pipeline.core.rows import Entity
from pipeline.entities.lexicon import Known, Lexicon
from pipeline.entities.pinyin import pinyin_name
from pipeline.entities.sound_keys import script_of
from pipeline.languages import load_topic

_ALIKE = 0.6
_LANGUAGE_FIELDS = ("en", "ar", "zh")
# By script, not by the sentence's language: Chinese reports give foreign names in Latin letters too.
_LANGUAGE_OF = {"latin": "en", "arabic": "ar", "han": "zh"}


@dataclass(frozen=True, slots=True)
class EntityMention:
    """What the table needs of a mention row, or of ``count`` that are alike."""

    entity_id: str
    text: str
    label: str
    kind: str
    article_id: str
    count: int = 1


@dataclass(slots=True)
class _Seen:
    mentions: int = 0
    articles: set[str] = field(default_factory=set)
    labels: Counter[str] = field(default_factory=Counter)
    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def build_entities(
    mentions: Iterable[EntityMention], published: Mapping[str, datetime | None], lexicon: Lexicon
) -> list[Entity]:
    """Build the rows, ordered by entity_id.

    A known entity takes its names from the tables; an unlisted one the most frequent of its full
    names in each script, and no name in a language that never named it.
    """
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for mention in mentions:
        entry = seen[mention.entity_id]
        entry.mentions += mention.count
        entry.articles.add(mention.article_id)
        if mention.kind == "name":
            entry.labels[mention.label] += mention.count
            entry.names[_LANGUAGE_OF[script_of(mention.text)]][mention.text] += mention.count
    return [_row(entity_id, seen[entity_id], published, lexicon) for entity_id in sorted(seen)]


def _best(names: Counter[str]) -> str | None:
    """The most frequent of the names of several words, else of all; the longest on a tie."""
    return max(names, key=lambda n: (_several(n), names[n], len(n), n)) if names else None


def _several(name: str) -> bool:
    return len(name.replace("·", " ").split()) > 1


def _used(known: Known, written: Counter[str]) -> str:
    """The English name that the articles use for a known person: the tables' name, or a listed form of
    as many words or fewer that they write oftener ("Sarah Sanders"), without title or initial."""
    counts: Counter[str] = Counter()
    listed = {fold_string(n): n for n in (*known.aliases, known.name_en) if n.isascii() or n == known.name_en}
    own = fold_string(known.name_en).split()
    for name, times in written.items():
        full = listed.get(fold_string(name))
        words = fold_string(full).split() if full else []
        if full is not None and 2 <= len(words) <= len(own) and _same_ends(words, own):
            counts[full] += times
    counts = Counter({n: c for n, c in counts.items() if n == known.name_en or not _is_titled(n)})
    best = max(sorted(counts), key=lambda n: counts[n], default=known.name_en)
    used = known.label == "PER" and counts[best] > counts[known.name_en] and not _one_letter_apart(best, known.name_en)
    return best if used else known.shown


def _one_letter_apart(a: str, b: str) -> bool:
    """Whether two spellings differ in one letter only, where the tables' is the usual one."""
    x, y = fold_string(a), fold_string(b)
    return len(x) == len(y) and sum(p != q for p, q in zip(x, y, strict=True)) <= 1


def _same_ends(words: Sequence[str], own: Sequence[str]) -> bool:
    """Whether first name and surname are the same or spelt alike ("Rashid Meredov", "Raşit Meredow")."""
    return all(
        SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE
        for a, b in ((words[0], own[0]), (words[-1], own[-1]))
    )


@functools.cache
def _titles() -> frozenset[str]:
    return frozenset(fold_string(t).strip(".") for t in load_topic("en", "titles")["before_name"])


def _is_titled(name: str) -> bool:
    return fold_string(name).split()[0].strip(".") in _titles()


def _row(entity_id: str, seen: _Seen, published: Mapping[str, datetime | None], lexicon: Lexicon) -> Entity:
    known = lexicon.by_id.get(entity_id)
    days = sorted(d for a in seen.articles if (d := published.get(a)) is not None)
    found = {lang: _best(seen.names[lang]) if lang in seen.names else None for lang in _LANGUAGE_FIELDS}
    if known is not None:
        names = {"en": _used(known, seen.names.get("en", Counter())), "ar": known.name_ar, "zh": known.name_zh}
        label, role = known.label, known.kind
        if known.terms:
            held = [t.office for t in known.terms if not days or t.covers(days[-1].date())]
            role = (held or [known.terms[-1].office])[0]
    else:
        names, role = found, None
        label = min(seen.labels, key=lambda k: (-seen.labels[k], k)) if seen.labels else "PER"
    romanized = pinyin_name(found["zh"] or "") if known is None and not found["en"] and label == "PER" else None
    name = (
        names["en"] or found["en"] or romanized or names["ar"] or names["zh"] or found["ar"] or found["zh"] or entity_id
    )
    return Entity(
        entity_id=entity_id,
        name=name,
        name_en=names["en"] or found["en"],
        name_ar=names["ar"] or found["ar"],
        name_zh=names["zh"] or found["zh"],
        label=label,
        wikidata_id=None if known is None else known.wikidata_id,
        country=None if known is None else known.country,
        role=role,
        n_mentions=seen.mentions,
        n_articles=len(seen.articles),
        first_seen=days[0] if days else None,
        last_seen=days[-1] if days else None,
    )
