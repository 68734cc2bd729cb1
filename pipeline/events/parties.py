"""Which entities an argument's span stands for, with what the events before it tell."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from datetime import date

from pipeline.core.rows import Document, Mention, Sentence
from pipeline.entities.coreference import ArticleReferences, Context, Named
from pipeline.entities.lexicon import Lexicon
from pipeline.entities.linking import Resolved
from pipeline.entities.nominals import Nominal, find_nominals
from pipeline.entities.spans import NameSpan

_MOSTLY = 0.6
_SUFFIXES = frozenset({"ه", "ها", "هم", "هما", "هن", "ته", "تها", "نا", "ي"})


class PartyResolver:
    """Resolves argument spans of one document."""

    def __init__(self, document: Document, lexicon: Lexicon, names: dict[str, str]) -> None:
        self.document, self.names = document, names
        self.text = document.article.text
        self.mentions = list(document.mentions)
        self._starts = [m.start for m in self.mentions]
        self._sentence_starts = [s.start for s in document.sentences]
        day: date | None = document.article.published_at.date() if document.article.published_at else None
        nominals = self._nominals()
        self._nominals_by_sentence = nominals
        named = [
            Named(m.start, m.end, m.label, self._resolved(m)) for m in self.mentions if m.kind == "name" and m.entity_id
        ]
        flat = [n for found in nominals.values() for n in found]
        self._references = ArticleReferences(lexicon, self.text, named, flat, day)

    def _nominals(self) -> dict[int, list[Nominal]]:
        spans: dict[int, list[NameSpan]] = {}
        for m in self.mentions:
            if m.kind == "name":
                spans.setdefault(m.sentence_id, []).append(NameSpan(m.start, m.end, m.label, m.score, m.recognizer))
        return {
            s.sentence_id: list(find_nominals(s, spans.get(s.sentence_id, ())))
            for s in self.document.sentences
            if s.kind != "boilerplate"
        }

    def resolve(self, start: int, end: int, context: Context) -> tuple[Resolved, ...]:
        """The entities of a span; none where it stays open.

        A name that makes up most of the span is meant; otherwise the noun that heads it ("Bolivia's
        top diplomat" is a diplomat, not Bolivia), and where that stays open, so does the span.
        """
        sentence = self._sentence(start)
        if sentence is None:
            return ()
        near = self._overlapping(start, end)
        names = [m for m in near if m.kind == "name"]
        best = max(names, key=lambda m: min(m.end, end) - max(m.start, start), default=None)
        if best is not None and (min(best.end, end) - max(best.start, start)) >= _MOSTLY * (end - start):
            return (self._resolved(best),) if best.entity_id else ()
        if best is not None and best.start <= start and end <= best.end:
            return (self._resolved(best),) if best.entity_id else ()
        heads = [
            n for n in self._nominals_by_sentence.get(sentence.sentence_id, ())
            if n.start < end and start < n.end and n.title_of is None
        ]  # fmt: skip
        if heads:
            # The head stands last in English and Chinese, first in Arabic.
            head = heads[0] if sentence.language == "ar" else heads[-1]
            return self._references.resolve(head, sentence, context)
        if self.text[start:end] in _SUFFIXES:
            return self._references.pronoun(start, end, sentence, context)
        return ()

    def is_pronoun(self, start: int, end: int) -> bool:
        """Whether a span is a pronoun, which names nobody by itself."""
        if self.text[start:end] in _SUFFIXES:
            return True
        sentence = self._sentence(start)
        nominals = () if sentence is None else self._nominals_by_sentence.get(sentence.sentence_id, ())
        return any(n.entry.kind == "pronoun" and n.start <= start and end <= n.end for n in nominals)

    def _sentence(self, start: int) -> Sentence | None:
        at = bisect.bisect_right(self._sentence_starts, start) - 1
        return self.document.sentences[at] if at >= 0 else None

    def _overlapping(self, start: int, end: int) -> Sequence[Mention]:
        low = bisect.bisect_left(self._starts, start - 120)
        high = bisect.bisect_left(self._starts, end)
        return [m for m in self.mentions[low:high] if m.end > start]

    def _resolved(self, mention: Mention) -> Resolved:
        entity_id = mention.entity_id or ""
        return Resolved(entity_id, self.names.get(entity_id, mention.text), mention.label)
