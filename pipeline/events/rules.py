"""Events by rule: trigger words, the parties around them, and cues of realis.

Explainable and without a model: each event names the word that gave it away. English and Chinese
put the subject before the verb, Arabic after it; that, the words that bind a party to a trigger
("with", "between", 与, مع) and the direction of each trigger are all that differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.rows import Document, Mention, Sentence
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.languages.entries import StatusCue, TriggerEntry, status_cues, trigger_entries

METHOD = "rules"
_LANGUAGES = ("en", "ar", "zh")
_CLAUSE_END = {
    "en": re.compile(r"[;:]|,\s+(?:but|while|which|who|where|when)\b|[\"”“]|\bthat\b|\bbecause\b"),
    "ar": re.compile(r"[؛:؟]|\bأن\b|\bإن\b|\bأنه\b|\bإنه\b|\bالذي\b|\bالتي\b|\bفيما\b|\bبينما\b|[\"”“«]"),
    "zh": re.compile(r"[，；：。？！“”「」]"),
}
_PLACE_BEFORE = {
    "en": re.compile(r"\b(?:in|at|to|into|near)\s+(?:the\s+)?$", re.IGNORECASE),
    "ar": re.compile(r"(?:\bفي|\bإلى|\bالى|\bب)\s*(?:مدينة|العاصمة|قصر|منتجع)?\s*$"),
    "zh": re.compile(r"(?:在|于|赴|抵达|到访|访问|前往)$"),
}
_OBLIQUE_BEFORE = {
    "en": re.compile(r"\b(?:in|at|of|from|to|into|on|about|by|near|for|against|over)\s+(?:the\s+)?$", re.IGNORECASE),
    "ar": re.compile(r"(?:\bفي|\bمن|\bإلى|\bعلى|\bعن)\s*$"),
    "zh": re.compile(r"(?:在|于|从|赴|对|向)$"),
}
_ATTRIBUTIVE_AFTER = {"en": re.compile(r"^(?:['’]s?\s|\s+[a-z]+(?:er|or|ist|man)\b)"), "ar": re.compile(r"^$"), "zh": re.compile(r"^的")}
_SAID_BEFORE_SUBJECT = re.compile(r"[\"”’']\s*$|[,，]\s*$")


@dataclass(frozen=True, slots=True)
class _Hit:
    entry: TriggerEntry
    start: int
    end: int


class RuleExtractor:
    """Proposes events from the word lists; stateless after construction."""

    def extract(self, document: Document) -> list[Proposal]:
        """Events of a document in text order; only title and body sentences bear events."""
        by_sentence: dict[int, list[Mention]] = {}
        for mention in document.mentions:
            spans = by_sentence.setdefault(mention.sentence_id, [])
            if not spans or (spans[-1].start, spans[-1].end) != (mention.start, mention.end):
                spans.append(mention)
        proposals: list[Proposal] = []
        for sentence in document.sentences:
            if sentence.kind in ("title", "body", "caption") and sentence.language in _LANGUAGES:
                parties = by_sentence.get(sentence.sentence_id, [])
                proposals += self._sentence(sentence, parties)
        return proposals

    def _sentence(self, sentence: Sentence, mentions: Sequence[Mention]) -> Iterator[Proposal]:
        hits = find_triggers(sentence)
        for hit in hits:
            if any(m.start < sentence.start + hit.end and sentence.start + hit.start < m.end and m.kind == "name" for m in mentions):
                continue
            status = hit.entry.status or find_status(sentence, hit.start, hit.end, hit.entry.type)
            finder = _Parties(sentence, hit, mentions, [h for h in hits if h is not hit])
            arguments = finder.statement() if hit.entry.type == "statement" else finder.gathering()
            if hit.entry.pos == "noun" and not any(a.role != "place" for a in arguments):
                continue
            yield Proposal(
                sentence.sentence_id, hit.entry.type, sentence.start + hit.start,
                sentence.start + hit.end, status, tuple(arguments), None, METHOD, hit.entry.mode,
            )  # fmt: skip


def find_triggers(sentence: Sentence) -> list[_Hit]:
    """Trigger words of a sentence, left to right; the longest wins where two overlap."""
    hits = [
        _Hit(entry, match.start("hit"), match.end("hit"))
        for entry in trigger_entries(sentence.language)
        for match in entry.pattern.finditer(sentence.text)
    ]
    hits.sort(key=lambda h: h.start - h.end)
    kept: list[_Hit] = []
    for hit in hits:
        if all(hit.end <= k.start or hit.start >= k.end for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


def find_status(sentence: Sentence, start: int, end: int, type_: str) -> str:
    """Realis of the trigger at ``start:end`` of a sentence, by the cues beside it."""
    for cue in status_cues(sentence.language):
        if type_ in cue.types and _cue_fits(cue, sentence.text, start, end):
            return cue.status
    return "actual"


def _cue_fits(cue: StatusCue, text: str, start: int, end: int) -> bool:
    if cue.side == "after":
        match = cue.pattern.search(text, end, min(len(text), end + cue.window))
        return match is not None
    window = text[max(0, start - cue.window) : end]
    return any(m.end("hit") <= len(window) - (end - start) for m in cue.pattern.finditer(window))


class _Parties:
    """The parties, addressee and place of one trigger within its sentence."""

    def __init__(self, sentence: Sentence, hit: _Hit, mentions: Sequence[Mention], others: Sequence[_Hit]) -> None:
        self.sentence, self.hit, self.language = sentence, hit, sentence.language
        base = sentence.start
        self.left = [m for m in mentions if m.end - base <= hit.start]
        self.right = [m for m in mentions if m.start - base >= hit.end]
        self.others = others

    def statement(self) -> list[ProposedArgument]:
        """Speaker and addressee of a statement."""
        speaker = self._speaker()
        found = [] if speaker is None else [_argument("speaker", speaker)]
        addressee = self._addressee(speaker)
        if addressee is not None:
            found.append(_argument("addressee", addressee))
        return found

    def gathering(self) -> list[ProposedArgument]:
        """Participants and place of a meeting or call."""
        visit = self.hit.entry.mode == "visit"
        found: list[ProposedArgument] = []
        for mention in self._subject_group() + self._object_group():
            if mention.label in ("GPE", "LOC") and (visit or self._before(mention, _PLACE_BEFORE)):
                role = "place"
            elif self._before(mention, _OBLIQUE_BEFORE) and self.language != "ar":
                continue
            else:
                role = "participant"
            found.append(_argument(role, mention))
        return sorted(set(found), key=lambda a: (a.start, a.role))

    def _speaker(self) -> Mention | None:
        if self.hit.entry.pos == "preposition":
            return self._first(self.right, 60)
        if self.language == "ar":
            return self._first(self.right, 45, stop_at_clause=True) or self._nearest_left()
        before = self.sentence.text[: self.hit.start]
        if self.language == "en" and _SAID_BEFORE_SUBJECT.search(before):
            after = self._first(self.right, 40)
            if after is not None and after.start - self.sentence.start - self.hit.end <= 30:
                return after
        return self._nearest_left() or (self._first(self.right, 25) if self.language == "en" and '"' in before[-3:] else None)

    def _nearest_left(self) -> Mention | None:
        text = self.sentence.text
        subjects = [
            m for m in self.left
            if not self._before(m, _OBLIQUE_BEFORE)
            and not _ATTRIBUTIVE_AFTER[self.language].match(text[m.end - self.sentence.start :])
        ]  # fmt: skip
        if not subjects:
            return None
        nearest = subjects[-1]
        gap = text[nearest.end - self.sentence.start : self.hit.start]
        return nearest if len(gap) <= 160 else None

    def _addressee(self, speaker: Mention | None) -> Mention | None:
        if not self.hit.entry.addressee:
            return None
        after = [m for m in self.right if m is not speaker]
        if self.language == "ar" and speaker is not None:
            after = [m for m in after if m.start >= speaker.end]
        if self.language == "zh":
            between = [m for m in self.left if m is not speaker and self._preceded(m, ("告诉", "对", "向"))]
            if between:
                return between[-1]
        return self._first(after, 40, stop_at_clause=True)

    def _subject_group(self) -> list[Mention]:
        """The coordinated parties nearest before the trigger, in its clause."""
        group: list[Mention] = []
        limit = 90 if self.language != "zh" else 40
        edge = self.hit.start
        for mention in reversed(self.left):
            gap = self.sentence.text[mention.end - self.sentence.start : edge]
            if len(gap) > limit or (self.language == "zh" and _CLAUSE_END["zh"].search(gap)):
                break
            group.append(mention)
            edge = mention.start - self.sentence.start
            limit = 45
        return group

    def _object_group(self) -> list[Mention]:
        """The parties after the trigger, up to the end of its clause or the next trigger."""
        stop = len(self.sentence.text)
        match = _CLAUSE_END[self.language].search(self.sentence.text, self.hit.end)
        if match:
            stop = match.start()
        stop = min([stop, *(o.start for o in self.others if o.start >= self.hit.end)])
        return [m for m in self.right if m.start - self.sentence.start < min(stop, self.hit.end + 120)]

    def _first(self, mentions: Sequence[Mention], reach: int, *, stop_at_clause: bool = False) -> Mention | None:
        if not mentions:
            return None
        first = mentions[0]
        gap = self.sentence.text[self.hit.end : first.start - self.sentence.start]
        if len(gap) > reach or (stop_at_clause and _CLAUSE_END[self.language].search(gap)):
            return None
        return first

    def _before(self, mention: Mention, table: dict[str, re.Pattern[str]]) -> bool:
        text = self.sentence.text[: mention.start - self.sentence.start]
        return bool(table[self.language].search(text[-24:]))

    def _preceded(self, mention: Mention, words: tuple[str, ...]) -> bool:
        return self.sentence.text[: mention.start - self.sentence.start].endswith(words)


def _argument(role: str, mention: Mention) -> ProposedArgument:
    return ProposedArgument(role, mention.start, mention.end)
