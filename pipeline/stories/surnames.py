"""Surnames that stand alone in their articles ("帕斯"), each with the one person who bears it there.

Candidates are the people of articles near in time with at least three known entities in common (or
half of them). Articles without enough in common are left out before any names are compared.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import Lexicon
from pipeline.entities.screen import keys_within_reach, words_within_reach
from pipeline.entities.sound_keys import script_of, sound_key, sound_likeness
from pipeline.entities.sounds import sounds_of
from pipeline.entities.transliteration import word_likeness
from pipeline.stories.name_pairs import Form, consonant_classes, words_of
from pipeline.stories.surroundings import MOST_ARTICLES, Buckets, Sharing, Surroundings

# A likeness by learned costs (0 where it just passes) counts from here.
LEARNED = 0.82
MARGIN = 0.03
_SURNAME_LEARNED = -0.02
_SURNAME, _SURNAME_SHORT, _SHORT_KEY = 0.74, 0.86, 3
_SCREENED = 16_384
_PARTICLES = frozenset(
    fold_string(w) for w in ("al", "el", "bin", "ben", "ibn", "de", "van", "von", "da", "di", "del", "بن", "آل")
)


class _Bearers:
    """Who bears which last names, by the class of the first consonant, by bucket and by article;
    ``places`` are the articles that will be asked for."""

    def __init__(self, buckets: Buckets, places: set[str]) -> None:
        self._buckets, self._places = buckets, places
        self._lasts: dict[tuple[str, int, str], set[str]] = defaultdict(set)
        self._held: dict[tuple[str, int, str], int] = defaultdict(int)
        self._there: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, entity_id: str, lasts: Sequence[str], articles: Iterable[str]) -> None:
        """Note a person; of each class and bucket the first ``MOST_ARTICLES`` articles are looked at."""
        classes = {c for last in lasts for c in consonant_classes(sound_key(last), script_of(last))}
        for bucket, there in self._buckets.parted(articles).items():
            for c in classes:
                cell = c, bucket, entity_id
                self._lasts[cell].update(lasts)
                first = there[: MOST_ARTICLES - self._held[cell]]
                self._held[cell] += len(first)
                for article in self._places.intersection(first):
                    self._there[c, article].append(entity_id)

    def of(self, articles: Iterable[str], classes: Iterable[str]) -> set[str]:
        """Who of some classes stands in one of the articles."""
        return {e for a in articles for c in classes for e in self._there.get((c, a), ())}

    def last_names(self, entity_id: str, classes: Iterable[str], buckets: Iterable[int]) -> list[str]:
        """The last names that a person bears there, sorted."""
        cells = (self._lasts.get((c, b, entity_id), ()) for c in classes for b in buckets)
        return sorted({last for lasts in cells for last in lasts})


def find_bearers(
    single: Sequence[Form], full: Sequence[Form], joined: Mapping[str, str], listed: Mapping[str, set[str]],
    surroundings: Mapping[str, Surroundings], buckets: Buckets, lexicon: Lexicon,
) -> dict[str, str]:  # fmt: skip
    """Map the id of each surname of ``single`` that is one person's to that person's id.

    ``full`` are the full names of people whom no table has, ``joined`` the ids that some of them were
    joined to, ``listed`` the articles of the people of the tables. An id that stands in many articles
    is many people's surname and stays.
    """
    wanted = [f for f in single if _may_be_surname(f)]
    if not wanted:
        return {}
    borne: dict[str, set[str]] = defaultdict(set)
    for form in full:
        borne[joined.get(form.entity_id, form.entity_id)].update(form.articles)
    sharing = Sharing(surroundings, buckets, borne, {a for form in wanted for a in form.articles})
    near = [sharing.with_any(form.articles, _around(form, buckets)) for form in wanted]
    # Nobody else is asked for.
    places = {a for found in near for a in found}
    bearers = _Bearers(buckets, places)
    present = {e for e, there in borne.items() if not places.isdisjoint(there)}
    present |= {e for e, there in listed.items() if not places.isdisjoint(there)}
    for form in full:
        entity_id = joined.get(form.entity_id, form.entity_id)
        if len(form.words) > 1 and entity_id in present:
            bearers.add(entity_id, _last_names(form.words), form.articles)
    for entity_id in sorted(present & listed.keys()):
        written = (words_of(n) for n in lexicon.by_id[entity_id].names())
        last_names = dict.fromkeys(last for words in written if len(words) > 1 for last in _last_names(words))
        bearers.add(entity_id, tuple(last_names), sorted(listed[entity_id]))
    answer: dict[str, str] = {}
    for form, candidates in _compared(_candidates(zip(wanted, near, strict=True), bearers, buckets)):
        scored = sorted(candidates, key=lambda s: (-s[0], s[1]))
        if scored and (len(scored) == 1 or scored[0][0] - scored[1][0] >= 2 * MARGIN):
            answer[form.entity_id] = scored[0][1]
    return answer


def _around(form: Form, buckets: Buckets) -> set[int]:
    return {b + d for b in buckets.of_all(form.articles) for d in (-1, 0, 1)}


def _candidates(
    wanted: Iterable[tuple[Form, set[str]]], bearers: _Bearers, buckets: Buckets
) -> Iterator[tuple[Form, str, list[str]]]:
    """Each surname with each person who may bear it, and that person's last names; with a surname come
    the articles that share enough with its own."""
    for form, near in wanted:
        classes, stretches = consonant_classes(form.key, form.script), _around(form, buckets)
        for entity_id in bearers.of(near, classes):
            yield form, entity_id, bearers.last_names(entity_id, classes, stretches)


def _compared(
    candidates: Iterable[tuple[Form, str, list[str]]],
) -> Iterator[tuple[Form, list[tuple[float, str]]]]:
    """Each surname with those who bear a last name like it, and how alike; many are screened together."""
    for group in _batches(candidates):
        likely = _likely({(form.words[0], last) for form, _, lasts in group for last in lasts})
        for form, of_form in itertools.groupby(group, key=lambda c: c[0]):
            scored = [(max(_likeness(form, last, likely) for last in lasts), e) for _, e, lasts in of_form]
            yield form, [s for s in scored if s[0]]


def _batches(
    candidates: Iterable[tuple[Form, str, list[str]]],
) -> Iterator[list[tuple[Form, str, list[str]]]]:
    """The candidates of some thousand comparisons at a time, a surname's all together."""
    group: list[tuple[Form, str, list[str]]] = []
    for _, of_form in itertools.groupby(candidates, key=lambda c: c[0]):
        group += of_form
        if len(group) >= _SCREENED:
            yield group
            group = []
    yield group


def _likely(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[bool, bool]]:
    """Of pairs of words in two scripts those that may be alike: by learned costs, by sound keys."""
    across = sorted(p for p in pairs if script_of(p[0]) != script_of(p[1]))
    words = sorted({word for pair in across for word in pair})
    numbers = {word: n for n, word in enumerate(words)}
    first, second = (np.array([numbers[p[side]] for p in across], dtype=np.int64) for side in (0, 1))
    near = words_within_reach(words, first, second, least=_SURNAME_LEARNED).tolist()
    alike = keys_within_reach([sound_key(w) for w in words], first, second, _SURNAME).tolist()
    found = zip(across, near, alike, strict=True)
    return {pair: (by_costs, by_keys) for pair, by_costs, by_keys in found if by_costs or by_keys}


def _may_be_surname(form: Form) -> bool:
    if len(form.articles) > MOST_ARTICLES or len(form.key) < 2:
        return False
    return form.script != "han" or len(form.name) >= 2


def _last_names(words: tuple[str, ...]) -> tuple[str, ...]:
    """The last word of a full name, also with its particle, which Chinese joins (范克拉韦伦)."""
    if len(words) > 2 and words[-2] in _PARTICLES:
        return (words[-1], f"{words[-2]} {words[-1]}")
    return (words[-1],)


def _likeness(form: Form, last: str, likely: Mapping[tuple[str, str], tuple[bool, bool]]) -> float:
    word = form.words[0]
    if script_of(last) == form.script:
        return 1.0 if word == last else 0.0
    near, alike = likely.get((word, last), (False, False))
    learned = word_likeness(word, last) if near else -2.0
    if learned >= _SURNAME_LEARNED:
        return min(LEARNED + learned, 1.0)
    # Consonants alone do not tell 阿萨多夫 (Asadov) from Saidov.
    if not alike or _starts_with_vowel(word) != _starts_with_vowel(last):
        return 0.0
    like = sound_likeness(word, last)
    short = min(len(form.key), len(sound_key(last))) <= _SHORT_KEY
    return like if like >= (_SURNAME_SHORT if short else _SURNAME) else 0.0


def _starts_with_vowel(word: str) -> bool:
    first = sounds_of(word).tokens[:1]
    return bool(first) and first[0].strip("^'_$")[:1] in set("aeiouاأإآعوي")
