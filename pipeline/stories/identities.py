"""Which ids of unlisted people are one person: names that sound alike in like surroundings.

An entity that no table has gets its id from its name, so a person whom three articles name in three
scripts has three ids. Two are joined where their full names sound alike, each is the other's best,
and articles that stand near in time and speak of the same known entities bear them. A surname that
stands alone in its article ("帕斯") is joined to the one person of such articles who bears it.

The answer depends on the mentions alone, not on their order nor on earlier runs. It is a map from
local ids (those in the mentions as the entities stage made them) to the ids that stand in the
tables.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np

from pipeline.entities.lexicon import Lexicon
from pipeline.entities.pinyin_arabic import spells
from pipeline.entities.sound_keys import ends_likeness, key_likeness, script_of, sound_key
from pipeline.entities.transliteration import name_likeness
from pipeline.stories.name_pairs import (
    Form,
    Least,
    Likenesses,
    NameScreen,
    Numbers,
    consonant_classes,
    joined_word,
    read_as_latin,
    reading_of,
    words_of,
)
from pipeline.stories.surnames import LEARNED, MARGIN, find_bearers
from pipeline.stories.surroundings import MOST_ARTICLES, Buckets, Neighbours, Surroundings

UNLISTED = "x"
"""First letter of the ids that ``linking.unlisted_id`` makes; no table's id begins with it."""

_ALIKE, _ALIKE_SHORT, _LONG, _ENDS, _SPELT, _SPELT_CLOSE = 0.70, 0.82, 6, 0.62, 0.90, 0.93
_ALIKE_NATIVE = 0.9
# From here on one entity in common suffices.
_SURE = 0.92
# Two transcriptions into one script differ more than two spellings of one.
_SAME_PERSON_SPELT = 0.6
_LONGEST_NATIVE, _LONGEST_UNDOTTED = 4, 10
_SCREENED = 65_536
_RANK = {"latin": 0, "arabic": 1, "han": 2}


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A mention of a person or other entity: its local id, text where it is a name of an unlisted
    person (else None), its article, and how often it stands there."""

    entity_id: str
    name: str | None
    article_id: str
    count: int = 1


@dataclass(slots=True)
class _Person:
    entity_id: str
    names: Counter[str] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)

    def full_name(self) -> str:
        """The name of most words; of Chinese ones without a dot that of which others are the end."""

        def rank(name: str) -> tuple[int, int, int, int, str]:
            ends = sum(name.endswith(other) for other in self.names if other != name)
            return len(words_of(name)), ends, self.names[name], len(name), name

        return max(self.names, key=rank)


def join_people(
    mentions: Iterable[PersonMention],
    surroundings: Mapping[str, Surroundings],
    lexicon: Lexicon,
    likenesses: Likenesses | None = None,
) -> dict[str, str]:
    """Map the local id of each unlisted person who is someone else's other name to that id.

    Ids that stay as they are do not stand in the map. A group takes the id of its Latin name, else
    of its Arabic one; a surname may also go to a person of the tables.
    """
    people: dict[str, _Person] = {}
    listed: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.name is not None and mention.entity_id.startswith(UNLISTED):
            person = people.setdefault(mention.entity_id, _Person(mention.entity_id))
            person.names[mention.name] += mention.count
            person.articles.add(mention.article_id)
        elif not mention.entity_id.startswith(UNLISTED):
            known = lexicon.by_id.get(mention.entity_id)
            if known is not None and known.label == "PER":
                listed[mention.entity_id].add(mention.article_id)
    forms = [_form(p) for _, p in sorted(people.items())]
    full = [f for f in forms if _is_full(f)]
    full += [part for f in forms for part in _undotted(f)]
    table = [f for entity_id in sorted(listed) for f in _listed_forms(entity_id, listed[entity_id], lexicon)]
    groups, buckets = _Groups([*full, *table]), Buckets(surroundings)
    pairs = _pairs([*full, *table], buckets, likenesses or Likenesses())
    for _, a, b in _mutual(_supported(pairs, surroundings)):
        groups.join(a, b)
    answer = groups.answer()
    single = [f for f in forms if len(f.words) == 1 and not (f.entity_id in answer and len(f.name) > _LONGEST_NATIVE)]
    answer.update(find_bearers(single, full, answer, listed, surroundings, buckets, lexicon))
    return answer


def _form(person: _Person) -> Form:
    name = person.full_name()
    return Form(
        person.entity_id, name, script_of(name), words_of(name), sound_key(name), tuple(sorted(person.articles))
    )


def _listed_forms(entity_id: str, articles: set[str], lexicon: Lexicon) -> Iterator[Form]:
    """A listed person's full names, where linking found the person by some of them."""
    known = lexicon.by_id[entity_id]
    places = tuple(sorted(articles))
    for name in dict.fromkeys((known.name_en, known.name_ar, known.name_zh, *known.aliases)):
        if name and len(words_of(name)) > 1:
            yield Form(entity_id, name, script_of(name), words_of(name), sound_key(name), places)


def _is_full(form: Form) -> bool:
    """Several words; a Chinese person's two to four characters are a full name too."""
    return len(form.words) > 1 or (form.script == "han" and 2 <= len(form.name) <= 4)


def _undotted(form: Form) -> Iterator[Form]:
    """The two words that a Chinese transcription without its dot may be: 安娜科赫 is 安娜·科赫."""
    name = form.name
    if form.script != "han" or len(form.words) > 1 or not _LONGEST_NATIVE <= len(name) <= _LONGEST_UNDOTTED:
        return
    for cut in range(2, len(name) - 1):
        parted = f"{name[:cut]}·{name[cut:]}"
        yield Form(form.entity_id, parted, form.script, words_of(parted), sound_key(parted), form.articles)


def _pairs(full: Sequence[Form], buckets: Buckets, likenesses: Likenesses) -> Iterator[tuple[float, Form, Form]]:
    """Pairs of forms that may be one person, with their likeness; blocked by sound and time."""
    screen = NameScreen(full, [not _unlisted(f) for f in full], Least(_SPELT, _ALIKE, _ALIKE_NATIVE))
    best: dict[tuple[tuple[str, str], ...], tuple[float, Form, Form]] = {}
    for at, n in _likely(full, buckets, screen, likenesses):
        form, other = full[at], full[n]
        like = likenesses.of(form, other, _likeness)
        if form.script == other.script and like > 0 and set(form.articles) & set(other.articles):
            # An article that has both spellings has two people.
            continue
        # Of several forms of a name in one script the likest counts.
        pair = tuple(sorted(((form.entity_id, form.script), (other.entity_id, other.script))))
        if like > 0 and (pair not in best or like > best[pair][0]):
            best[pair] = like, form, other
    yield from best.values()


def _likely(
    full: Sequence[Form], buckets: Buckets, screen: NameScreen, likenesses: Likenesses
) -> Iterator[tuple[int, int]]:
    """The positions of forms that share a cell and pass the screen, some thousand pairs at a time."""
    cells: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    firsts: list[Numbers] = []
    seconds: list[Numbers] = []
    gathered = 0
    for at, form in enumerate(full):
        before: set[int] = set()
        for cell in _cells(form, buckets):
            before.update(cells[cell])
            cells[cell].append(at)
        there = screen.may_fit(at, np.array(sorted(before), dtype=np.int64))
        firsts.append(np.full(len(there), at))
        seconds.append(there)
        gathered += len(there)
        if gathered >= _SCREENED or at == len(full) - 1:
            first, second = np.concatenate(firsts), np.concatenate(seconds)
            yield from _alike(first, second, screen, likenesses)
            firsts, seconds, gathered = [], [], 0


def _alike(first: Numbers, second: Numbers, screen: NameScreen, likenesses: Likenesses) -> Iterator[tuple[int, int]]:
    near = likenesses.likely(screen.pair_numbers(first, second), lambda at: screen.likely(first[at], second[at]))
    return zip(first[near].tolist(), second[near].tolist(), strict=True)


def _cells(form: Form, buckets: Buckets) -> set[tuple[str, str, int]]:
    """What two forms must have in common: consonants that begin first and last word, and a stretch of time."""
    stretches = {b + d for b in buckets.of_all(form.articles) for d in (0, 1)}
    lasts = consonant_classes(sound_key(form.words[-1]), form.script) if len(form.words) > 1 else {"*"}
    lasts = lasts | {"*"} if form.script != "han" else lasts
    return {(f, last, s) for f in consonant_classes(form.key, form.script) for last in lasts for s in stretches}


def _supported(
    pairs: Iterable[tuple[float, Form, Form]], surroundings: Mapping[str, Surroundings]
) -> list[tuple[float, Form, Form]]:
    """Pairs whose articles speak of others in common: known entities, or other such pairs.

    Two reports of one event name the same people: "Kit Harington" and كيت هارينغتون are likelier one
    where "Rose Leslie" and روز ليزلي stand beside them.
    """
    found = list(pairs)
    beside: Counter[tuple[str, str]] = Counter()
    for _, a, b in found:
        if a.script != b.script and len(a.articles) <= MOST_ARTICLES and len(b.articles) <= MOST_ARTICLES:
            beside.update({(x, y) for x in a.articles for y in b.articles})
            beside.update({(y, x) for x in a.articles for y in b.articles})
    neighbours = Neighbours(surroundings, beside)
    return [
        (like, a, b) for like, a, b in found
        if neighbours.share(a.entity_id, a.articles, b.entity_id, b.articles, 1 if like >= _SURE else 2)
    ]  # fmt: skip


def _unlisted(form: Form) -> bool:
    return form.entity_id.startswith(UNLISTED)


def _likeness(a: Form, b: Form) -> float:
    """Likeness of two full names, 0 where it does not suffice.

    Within a script the spelling decides. A Chinese name without a separator is read as pinyin and
    must be the Latin name letter for letter, in either order of surname and given name.
    """
    if a.script == b.script:
        if a.script == "han":
            return 1.0 if _read_alike(a.name, b.name) else 0.0
        if len(a.words) != len(b.words):
            return 0.0
        ratio = SequenceMatcher(None, a.name.casefold(), b.name.casefold(), autojunk=False).ratio()
        least = _SPELT if key_likeness(a.key, b.key) >= _SPELT else _SPELT_CLOSE
        return ratio if ratio >= least else 0.0
    native = next((f for f in (a, b) if f.native), None)
    other = b if native is a else a
    if native is not None and other.script == "latin":
        return 1.0 if read_as_latin(native, other) else 0.0
    arabic = next((f for f in (a, b) if f.script == "arabic"), None)
    if arabic is not None and spells((b if arabic is a else a).name, arabic.name):
        return _SURE
    if native is not None and not 2 <= len(other.words) <= 3:
        return 0.0
    like = key_likeness(a.key, b.key)
    if native is not None:
        return like if like >= _ALIKE_NATIVE else 0.0
    learned = name_likeness(a.name, b.name)
    if learned >= 0:
        return min(LEARNED + learned, 1.0)
    if like < (_ALIKE if min(len(a.key), len(b.key)) >= _LONG else _ALIKE_SHORT):
        return 0.0
    return min(like, _SURE - MARGIN) if ends_likeness(a.name, b.name) >= _ENDS else 0.0


def _read_alike(a: str, b: str) -> bool:
    """Whether two transcriptions are one in simplified and traditional characters: 韦坎亚, 韋坎亞.

    Two names of China that sound alike may be two people's.
    """
    x, y = joined_word(a), joined_word(b)
    return len(x) == len(y) > _LONGEST_NATIVE and x != y and reading_of(a) == reading_of(b)


def _mutual(pairs: Sequence[tuple[float, Form, Form]]) -> list[tuple[float, Form, Form]]:
    """Pairs in which each is the other's best in its script by ``MARGIN``, best first."""
    likes: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for like, a, b in pairs:
        for one, other in ((a, b), (b, a)):
            of = likes[one.entity_id, other.script]
            of[other.entity_id] = max(like, of.get(other.entity_id, 0.0))
    best = {key: sorted(((v, k) for k, v in of.items()), key=lambda r: (-r[0], r[1])) for key, of in likes.items()}

    names = {form.entity_id: form.name for _, a, b in pairs for form in (a, b) if form.script == "han"}

    def first(one: Form, other: Form) -> bool:
        # Several spellings in one script may all be the person's: the margin tells scripts apart.
        if one.script == other.script:
            return True
        ranked = best[one.entity_id, other.script]
        top = [key for value, key in ranked if ranked[0][0] - value < MARGIN]
        return other.entity_id in top and all(
            key == other.entity_id or (other.script == "han" and _read_alike(names[key], names[other.entity_id]))
            for key in top
        )

    fits = [(like, a, b) for like, a, b in pairs if first(a, b) and first(b, a)]
    return sorted(fits, key=lambda p: (-p[0], p[1].entity_id, p[2].entity_id))


class _Groups:
    """Ids that are one person; two names in one script must be spelt alike to stand in one group."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._of: dict[str, list[Form]] = {}
        for form in forms:
            self._of.setdefault(form.entity_id, []).append(form)

    def join(self, a: Form, b: Form) -> None:
        """Join two groups where no two ids of theirs have only names that differ in a script."""
        one, other = self._of[a.entity_id], self._of[b.entity_id]
        if one is other or (_has_listed(one) and _has_listed(other)):
            return
        alike: dict[tuple[str, str, str], bool] = {}
        for x, y in itertools.product(one, other):
            if x.script == y.script:
                key = (x.entity_id, y.entity_id, x.script)
                alike[key] = alike.get(key, False) or _spelt_alike(x, y)
        if not all(alike.values()):
            return
        one += other
        for form in other:
            self._of[form.entity_id] = one

    def answer(self) -> dict[str, str]:
        """The map of ids; see ``join_people``."""
        found: dict[str, str] = {}
        for entity_id, members in self._of.items():
            chief = min(members, key=lambda f: (_unlisted(f), _RANK[f.script], f.entity_id))
            if chief.entity_id != entity_id:
                found[entity_id] = chief.entity_id
        return found


def _has_listed(forms: Iterable[Form]) -> bool:
    return not all(_unlisted(f) for f in forms)


def _spelt_alike(a: Form, b: Form) -> bool:
    ratio = SequenceMatcher(None, a.name.casefold(), b.name.casefold(), autojunk=False).ratio()
    return ratio >= _SAME_PERSON_SPELT or _read_alike(a.name, b.name)


__all__ = ["UNLISTED", "PersonMention", "Surroundings", "join_people"]
