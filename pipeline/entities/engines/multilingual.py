"""Names from the shipped multilingual model, on ONNX Runtime; the default engine.

The model reads paragraphs, not sentences, each with its neighbours as context. Its answer for
events travels on with the document, so that the events stage of the same run asks no second time.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.config import ConfigError
from pipeline.core.rows import Document, Sentence
from pipeline.entities.spans import Found, NameSpan
from pipeline.languages.phrases import reference
from pipeline.languages.triggers import find_triggers
from pipeline.model import Analysis, Hint, Model, ModelError, default_folder

RECOGNIZER = "multilingual"
_ARABIC = "\u0600"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PROCESSED = frozenset({"en", "ar", "zh"})


@dataclass(frozen=True, slots=True)
class ArticleAnalysis:
    """The model's answer for an article: the start of each line in the text, and its analysis."""

    starts: tuple[int, ...]
    lines: tuple[Analysis, ...]


def load_model(*, threads: int = 1) -> Model:
    """Load the shipped model, once a process: names and events share it.

    Raises ``ConfigError`` with the remedy where it is missing.
    """
    try:
        return _load(default_folder(), threads)
    except ModelError as error:
        raise ConfigError(f"{error} (or use --ner gazetteer)") from error


@functools.cache
def _load(folder: Path, threads: int) -> Model:
    return Model.load(folder, threads=threads)


def analyse(model: Model, document: Document) -> ArticleAnalysis:
    """Run the model over an article's lines; furniture and other languages are left out."""
    text = document.article.text
    wanted = [s for s in document.sentences if s.kind != "boilerplate" and s.language in _PROCESSED]
    starts: list[int] = []
    lines: list[str] = []
    hints: list[list[Hint]] = []
    at = ahead = 0
    for line in text.split("\n"):
        end = at + len(line)
        # One pass over lines and sentences: hostile text has a hundred thousand lines of one word.
        inside = []
        while ahead < len(wanted) and wanted[ahead].start <= end:
            if at <= wanted[ahead].start and wanted[ahead].end <= end:
                inside.append(wanted[ahead])
            ahead += 1
        if inside:
            starts.append(inside[0].start)
            lines.append(text[inside[0].start : inside[-1].end])
            hints.append(list(_hints(inside)) if model.has_events else [])
        at = end + 1
    return ArticleAnalysis(tuple(starts), tuple(model.analyse(lines, hints=hints)))


def _hints(sentences: Sequence[Sentence]) -> Iterator[Hint]:
    """The trigger words of a line, with offsets in the line: the model judges each."""
    for sentence in sentences:
        shift = sentence.start - sentences[0].start
        for hit in find_triggers(sentence):
            yield Hint(hit.entry.type, shift + hit.start, shift + hit.end)


class MultilingualEngine:
    """The shipped model as a name engine."""

    def __init__(self, *, threads: int = 1) -> None:
        self._model = load_model(threads=threads)

    def find(self, documents: Sequence[Document]) -> list[Found]:
        """See ``NameEngine.find``."""
        return [self._one(document) for document in documents]

    def _one(self, document: Document) -> Found:
        analysis = analyse(self._model, document)
        text = document.article.text
        spans = consistent(text, whole(text, list(_names(analysis))))
        return Found(tuple(spans), analysis)


def _names(analysis: ArticleAnalysis) -> Iterator[NameSpan]:
    for start, line in zip(analysis.starts, analysis.lines, strict=True):
        for name in line.names:
            yield NameSpan(start + name.start, start + name.end, name.label, name.score, RECOGNIZER)


def whole(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Spans grown to whole words, and in Chinese to the name that the article has elsewhere.

    The model labels pieces of words: روزنش of روزنشتاين, "Na" of "Nafti", 纳夫 of 纳夫提. An Arabic name
    may begin within a word, behind a joined preposition, but ends with it. Spans that then overlap
    become one.
    """
    longer = {text[s.start : s.end] for s in spans if s.label == "PER" and _HAN.match(text[s.start])}
    grown: list[NameSpan] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        start, end = span.start, span.end
        if _HAN.match(text[start : start + 1]):
            if span.label == "PER" and end - start < 4:
                start, end = _within(text, start, end, longer)
        else:
            while end < len(text) and (_one_script(text[end - 1], text[end]) or _is_vowel_sign(text[end])):
                end += 1
            while start > 0 and text[start] < _ARABIC and _one_script(text[start - 1], text[start]):
                start -= 1
        end = _without_particle(text, start, end)
        if grown and start < grown[-1].end:
            last = grown.pop()
            start, end = min(start, last.start), max(end, last.end)
            span = last if last.end - last.start >= span.end - span.start else span
        grown.append(NameSpan(start, end, span.label, span.score, span.recognizer))
    return grown


def _one_script(a: str, b: str) -> bool:
    """Whether two neighbours are letters of one word, in Latin or in Arabic script."""
    return a.isalpha() and b.isalpha() and max(a, b) < "\u0700" and (a < _ARABIC) == (b < _ARABIC)


def _is_vowel_sign(char: str) -> bool:
    """Whether a character only vocalises the Arabic letter before it, as in روسياً."""
    return "\u064b" <= char <= "\u0652"


def _within(text: str, start: int, end: int, names: set[str]) -> tuple[int, int]:
    written = text[start:end]
    for name in sorted(names, key=len, reverse=True):
        if len(name) > len(written) and (at := name.find(written)) >= 0 and text.startswith(name, start - at):
            return start - at, start - at + len(name)
    return start, end


def _without_particle(text: str, start: int, end: int) -> int:
    """The end of a name before a particle that the model read on into (ساندرز إن)."""
    while (cut := text.rfind(" ", start, end)) > start and reference("ar", "particle").fullmatch(text, cut + 1, end):
        end = cut
    return end


def consistent(text: str, spans: list[NameSpan]) -> list[NameSpan]:
    """Give a surname the label of the person whom the article names in full.

    "Ford said" after "Harrison Ford" is a person, whatever the model thought of the bare word; the
    same string gets the label that most of its mentions have.
    """
    people = {
        part
        for s in spans
        if s.label == "PER"
        for part in text[s.start : s.end].replace("·", " ").split()[-1:]
        if len(text[s.start : s.end].replace("·", " ").split()) > 1
    }
    votes: dict[str, Counter[str]] = {}
    for s in spans:
        votes.setdefault(text[s.start : s.end], Counter())[s.label] += 1
    answer = []
    for s in spans:
        name = text[s.start : s.end]
        ranked = votes[name].most_common(2)
        label = "PER" if name in people else s.label
        if name not in people and len(ranked) == 2 and ranked[0][1] > 2 * ranked[1][1]:
            label = ranked[0][0]
        answer.append(s if label == s.label else NameSpan(s.start, s.end, label, s.score, s.recognizer))
    return answer
