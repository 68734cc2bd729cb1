"""Countries in a stretch of text: by name, by nationality word, and in Chinese by short form.

Chinese shortens a country to one character ("阿、乌两国代表团", 意外长) which several countries share;
the countries that the article names in full decide which one is meant.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import Lexicon

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_CLITICS = ("وال", "و", "لل", "ل", "ب", "ف", "ك")
_LONGEST = 4
# Characters that begin a country's name but hardly ever stand for it alone.
_NO_SHORT = frozenset("中大小东南北西新上马圣多几")
_SHORT_LIST = re.compile(r"^[\u4e00-\u9fff](?:[、和与與及同]?[\u4e00-\u9fff]){0,3}$")


@dataclass(frozen=True, slots=True)
class Found:
    """A country in a stretch: offsets into the stretch and the ISO code."""

    start: int
    end: int
    country: str


class Countries:
    """Finds countries by the words of the tables."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._by_name = dict(lexicon.demonyms)
        for entity in lexicon.country_entity.values():
            for name in entity.names():
                if entity.country and fold_string(name) not in entity.ambiguous:
                    self._by_name[fold_string(name)] = entity.country
        self._short: dict[str, set[str]] = {}
        for entity in lexicon.country_entity.values():
            chinese = [a for a in entity.aliases if "\u4e00" <= a[0] <= "\u9fff"]
            for name in [entity.name_zh or "", *chinese]:
                if name and name[0] not in _NO_SHORT and entity.country:
                    self._short.setdefault(name[0], set()).add(entity.country)
        for word, country in lexicon.demonyms.items():
            if len(word) == 1:
                self._short.setdefault(word, set()).add(country)
        han = sorted((w for w in self._by_name if len(w) > 1 and "\u4e00" <= w[0] <= "\u9fff"), key=len, reverse=True)
        self._han = re.compile("|".join(map(re.escape, han)))
        self.adjective = lexicon.adjectives
        # How many words the longest name has that begins with a word.
        self._begins: dict[str, int] = {}
        for name in self._by_name:
            first, *rest = name.split(" ")
            self._begins[first] = max(self._begins.get(first, 0), min(1 + len(rest), _LONGEST))
        self._opening = functools.lru_cache(maxsize=65_536)(self._opened)
        # Several steps ask for the countries of one sentence.
        self._lately = functools.lru_cache(maxsize=4_096)(self._found)

    def find(self, text: str, language: str) -> Sequence[Found]:
        """Countries named in full, left to right, each where it stands."""
        return self._lately(text, language)

    def _found(self, text: str, language: str) -> tuple[Found, ...]:
        if language == "zh":
            folded = fold_string(text)
            return tuple(Found(m.start(), m.end(), self._by_name[m.group()]) for m in self._han.finditer(folded))
        return tuple(self._words(text, language))

    def _words(self, text: str, language: str) -> Iterator[Found]:
        words = [(m.start(), m.end(), *self._opening(m.group(), language)) for m in _WORD.finditer(text)]
        at = 0
        while at < len(words):
            for size in range(min(words[at][3], len(words) - at), 0, -1):
                start, end = words[at][0], words[at + size - 1][1]
                code = self._country(" ".join(word for _, _, word, _ in words[at : at + size]), language)
                # "us", "ai": a Latin name has a capital.
                if code is not None and (language != "en" or text[start].isupper()):
                    yield Found(start, end, code)
                    at += size
                    break
            else:
                at += 1

    def _opened(self, word: str, language: str) -> tuple[str, int]:
        """A word folded, and how many words the longest name may have that it begins; mostly none."""
        folded = fold_string(word)
        forms = [folded]
        if language == "en":
            forms += [folded[:-2]] if folded.endswith("'s") else []
        else:
            bare = [folded[len(clitic) :] for clitic in _CLITICS if folded.startswith(clitic)]
            forms += [form for rest in bare for form in (rest, "ال" + rest)]
        return folded, max(self._begins.get(form, 0) for form in forms)

    def _country(self, name: str, language: str) -> str | None:
        if code := self._by_name.get(name):
            return code
        if language == "en":
            return self._by_name.get(name[:-2]) if name.endswith("'s") else None
        for clitic in _CLITICS:
            if name.startswith(clitic) and len(name) - len(clitic) > 2:
                rest = name[len(clitic) :]
                if code := self._by_name.get(rest) or self._by_name.get("ال" + rest):
                    return code
        return None

    def find_short(self, text: str, favoured: Mapping[str, int]) -> list[str]:
        """Codes for a Chinese list of one-character forms ("阿乌", "意、突"); empty where one is unclear.

        ``favoured`` counts the countries that the article names; among several that share a
        character the one named most is meant.
        """
        folded = fold_string(text)
        if not _SHORT_LIST.match(folded):
            return []
        codes = []
        for char in folded:
            if char in "、和与與及同":
                continue
            ranked = sorted((c for c in self._short.get(char, ()) if favoured.get(c)), key=lambda c: (-favoured[c], c))
            if not ranked:
                return []
            codes.append(ranked[0])
        return codes if len(set(codes)) == len(codes) else []

    def count(self, texts: Iterable[tuple[str, str]]) -> Counter[str]:
        """How often each country is named in (text, language) pairs."""
        return Counter(f.country for text, language in texts for f in self.find(text, language))


@functools.cache
def load_countries(lexicon: Lexicon) -> Countries:
    """The country words of a lexicon, read once."""
    return Countries(lexicon)
