"""The language stage: an article's sentences with their language and kind, and its languages."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from dataclasses import dataclass

from pipeline.core.config import Language
from pipeline.core.rows import Article, Document, Sentence
from pipeline.language.furniture import BODY, BOILERPLATE, CAPTION, TITLE, furniture_of, line_kinds
from pipeline.language.garbled import article_score
from pipeline.language.identify import UNDETERMINED, guess, languages_of, script_of
from pipeline.language.sentences import split_line

_HAN = re.compile(r"[\u3400-\u9fff]")
_NON_LATIN = re.compile(r"[\u0370-\u05ff\u0620-\u06ff\u0900-\u1fff\u3041-\u9fff\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z]")
# What an article must hold in a language for it to be one of the article's: not a quoted motto.
_RIVAL_SHARE = 0.5
_REAL_SHARE = 0.08
_REAL_UNITS = 8.0


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    kind: str


class LanguageStage:
    """Splits articles into sentences and names each one's language and kind."""

    def __init__(self, config: Language) -> None:
        """Take the configuration; nothing is loaded before the first article."""
        self._config = config

    def run(self, document: Document) -> Document:
        """Fill the document's sentences and its article's language, languages and garbled.

        Every non-blank stretch of the text belongs to exactly one sentence, no sentence crosses a
        line break, and ``text[start:end]`` is the sentence.
        """
        article = document.article
        lines = _lines_of(article)
        texts = [article.text[line.start : line.end] for line in lines]
        named = languages_of(texts)
        sentences: list[Sentence] = []
        for line, text, language in zip(lines, texts, named, strict=True):
            spans = split_line(text)
            languages = _sentence_languages(text, spans, language)
            for (start, end), spoken in zip(spans, languages, strict=True):
                part = text[start:end]
                kind = line.kind
                if kind == BODY and len(spans) > 1 and len(part) <= 80 and _is_furniture(part):
                    kind = BOILERPLATE
                sentences.append(
                    Sentence(
                        article_id=article.article_id,
                        sentence_id=len(sentences),
                        start=line.start + start,
                        end=line.start + end,
                        language=spoken,
                        kind=kind,
                        text=part,
                    )
                )
        main, languages_found = _article_languages(sentences)
        garbled = _garbled(sentences, main)
        return dataclasses.replace(
            document,
            article=dataclasses.replace(
                article,
                language=main,
                languages=languages_found,
                garbled=garbled,
                n_sentences=len(sentences),
            ),
            sentences=tuple(sentences),
        )


def _lines_of(article: Article) -> list[_Line]:
    raw = article.text.split("\n")
    kinds = line_kinds(raw, article.title)
    lines: list[_Line] = []
    at = 0
    for text, kind in zip(raw, kinds, strict=True):
        if text.strip():
            lines.append(_Line(at, at + len(text), kind))
        at += len(text) + 1
    return lines


def _is_furniture(part: str) -> bool:
    found = furniture_of(part)
    return found is not None and found.kind == BOILERPLATE


def _sentence_languages(text: str, spans: list[tuple[int, int]], language: str) -> list[str]:
    """A paragraph's language, sentence by sentence where it mixes scripts or languages."""
    if len(spans) < 2 or not _may_mix(text, language):
        return [language] * len(spans)
    found: list[str] = []
    for start, end in spans:
        one = guess(text[start:end])
        # Another script needs less proof than another language of the same script.
        needed = 0.75 if one.script == script_of(language) else 0.5
        sure = one.confidence >= needed and one.units >= 4 and one.language != UNDETERMINED
        found.append(one.language if sure else language)
    return found


def _may_mix(text: str, language: str) -> bool:
    if text.isascii():
        return language != "en"
    latin = len(_LATIN.findall(text))
    other = len(_NON_LATIN.findall(text))
    if language in ("zh", "ja", "ar", "fa", "ur", "ko", "ru"):
        return latin >= 20
    return other >= 4


def _article_languages(sentences: list[Sentence]) -> tuple[str | None, tuple[str, ...]]:
    """The main language, and those with real paragraphs in order of first appearance."""
    sizes: Counter[str] = Counter()
    first: dict[str, int] = {}
    prose = [one for one in sentences if one.kind != BOILERPLATE] or sentences
    for one in prose:
        if one.language == UNDETERMINED:
            continue
        han = len(_HAN.findall(one.text))
        sizes[one.language] += max(1, len(one.text.split()) + han // 2)
        first.setdefault(one.language, one.start)
    if not sizes:
        return None, ()
    total = sum(sizes.values())
    # On a bilingual page both halves say the same; the one that the page begins with is its own.
    largest = max(sizes.values())
    main = min((name for name, size in sizes.items() if size >= _RIVAL_SHARE * largest), key=lambda name: first[name])
    real = [
        name for name, size in sizes.items() if name == main or (size >= _REAL_UNITS and size >= _REAL_SHARE * total)
    ]
    return main, tuple(sorted(real, key=lambda name: first[name]))


def _garbled(sentences: list[Sentence], main: str | None) -> float | None:
    if main is None:
        return None
    kinds = (BODY, TITLE, CAPTION)
    return article_score((one.text, one.language) for one in sentences if one.kind in kinds)
