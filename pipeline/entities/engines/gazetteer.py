"""Names from the entity tables, and people whom a title or a spelling gives away.

The small explainable engine: each name is one of the tables, or follows a title ("Senator
Wilfredo Achocalla", السيناتور ..., 参议员...), or is written with the dot of Chinese
transliteration (玛丽亚·孔多里).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

import ahocorasick

from pipeline.core.additions import per_additions
from pipeline.core.folding import Folded, fold
from pipeline.core.rows import Document, Sentence
from pipeline.entities.lexicon import Lexicon, load_lexicon
from pipeline.entities.spans import Found, NameSpan
from pipeline.languages import load_topic
from pipeline.languages.entries import trigger_entries

RECOGNIZER = "gazetteer"
_ARABIC_CLITIC = re.compile(r"(?:^|[^\w])(?:[وف])?(?:[بكل])?$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ZH_DOTTED = re.compile(r"[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8})+")


def _build(lexicon: Lexicon) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for name, entities in lexicon.folded_names():
        # "كان" is a city's name and the verb "was": a word that the tables mark is no name by itself.
        if len(name) >= 2 and not (" " not in name and all(name in e.ambiguous for e in entities)):
            automaton.add_word(name, (len(name), entities[0].label, entities[0].name_en))
    automaton.make_automaton()
    return automaton


@per_additions
def _packaged() -> ahocorasick.Automaton:
    """The automaton of the tables, built once a process."""
    return _build(load_lexicon())


class GazetteerEngine:
    """Finds the names of the tables by Aho-Corasick, and unlisted people by title."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon or load_lexicon()
        self._automaton = _packaged() if lexicon is None else _build(lexicon)

    def find(self, documents: Sequence[Document]) -> list[Found]:
        """See ``NameEngine.find``."""
        return [Found(tuple(self._document(d))) for d in documents]

    def _document(self, document: Document) -> Iterator[NameSpan]:
        for sentence in document.sentences:
            if sentence.language in ("en", "ar", "zh"):
                for start, end, label in self._sentence(sentence):
                    yield NameSpan(sentence.start + start, sentence.start + end, label, None, RECOGNIZER)

    def _sentence(self, sentence: Sentence) -> list[tuple[int, int, str]]:
        folded = fold(sentence.text)
        spans = list(self._listed(sentence, folded))
        spans += _unlisted(sentence, self.lexicon)
        spans.sort(key=lambda s: (s[0] - s[1], s[0]))
        kept: list[tuple[int, int, str]] = []
        for span in spans:
            if all(span[1] <= k[0] or span[0] >= k[1] for k in kept):
                kept.append(span)
        return sorted(kept)

    def _listed(self, sentence: Sentence, folded: Folded) -> Iterator[tuple[int, int, str]]:
        text = folded.text
        for last, (length, label, _) in self._automaton.iter(text):
            start, end = last - length + 1, last + 1
            if not _bounded(text, start, end, sentence.language):
                continue
            raw = folded.raw_span(start, end)
            written = sentence.text[raw[0] : raw[1]]
            # "us", "may", "who": a Latin name is written with a capital, a short one as listed.
            if written.isascii() and (not written[0].isupper() or (length <= 3 and not written.isupper())):
                continue
            yield raw[0], raw[1], label


def _bounded(text: str, start: int, end: int, language: str) -> bool:
    """Whether a match stands on word boundaries; Han names need none, Arabic ones may follow
    joined conjunctions and prepositions."""
    if _HAN.match(text[start]):
        return True
    after = text[end : end + 1]
    if after and (after.isalnum() or after == "_"):
        return False
    before = text[:start]
    if not before or not (before[-1].isalnum() or before[-1] == "_"):
        return True
    return language == "ar" and bool(_ARABIC_CLITIC.search(before[-4:]))


@functools.cache
def _title_pattern(language: str) -> re.Pattern[str] | None:
    titles = load_topic(language, "titles")["before_name"]
    words = sorted((re.escape(t) for t in titles), key=len, reverse=True)
    joined = "|".join(words)
    if language == "en":
        return re.compile(
            rf"\b(?:{joined})\s+((?:[A-Z][\w’'-]+|[A-Z]\.)(?:\s+(?:[A-Z][\w’'-]+|[A-Z]\.|al-|(?:bin|de|da|van|von|el|la)\b)){{0,3}})"
        )
    if language == "ar":
        return re.compile(rf"(?:{joined})\s+([\u0621-\u064a]{{2,}}(?:\s+[\u0621-\u064a]{{2,}})?)(?=[\s،,.:])")
    return None


def _unlisted(sentence: Sentence, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    if sentence.language == "zh":
        for match in _ZH_DOTTED.finditer(sentence.text):
            start, end = _trimmed_han(match)
            if end - start >= 3:
                yield start, end, "PER"
        return
    pattern = _title_pattern(sentence.language)
    if pattern is None:
        return
    for match in pattern.finditer(sentence.text):
        start, end = match.span(1)
        if sentence.language == "ar":
            # "الوزير التشيلي ألبرتو": the nationality is no part of the name.
            words = [w for w in re.finditer(r"\S+", match[1]) if fold(w.group()).text not in lexicon.demonyms]
            if not words or any(_is_trigger(w.group(), "ar") for w in words):
                continue
            start, end = match.start(1) + words[0].start(), match.start(1) + words[-1].end()
        yield start, end, "PER"


def _trimmed_han(match: re.Match[str]) -> tuple[int, int]:
    """A dotted name without the title before it and the verb after it (总统亚历山大·卢卡申科表示)."""
    text, start, end = match[0], match.start(), match.end()
    head, tail = text.index("·"), text.rindex("·") + 1
    for title in _han_titles():
        at = text.rfind(title, 0, head)
        if at >= 0:
            start = max(start, match.start() + at + len(title))
    last = text[tail:]
    cuts = [
        m.start("hit") for entry in trigger_entries("zh") for m in entry.pattern.finditer(last) if m.start("hit") > 0
    ]
    return start, min([end, *(match.start() + tail + cut for cut in cuts)])


@functools.cache
def _han_titles() -> tuple[str, ...]:
    return tuple(load_topic("zh", "titles")["before_name"])


def _is_trigger(word: str, language: str) -> bool:
    return any(entry.pattern.fullmatch(word) for entry in trigger_entries(language))
