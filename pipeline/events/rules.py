"""Events by rule: trigger words and cues of realis; the parties are ``pipeline.events.roles``'s.

Explainable and without a model: each event names the word that gave it away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.rows import Document, Mention, Sentence
from pipeline.events.heads import head_mentions
from pipeline.events.proposals import Proposal
from pipeline.events.roles import RoleFinder
from pipeline.languages.entries import StatusCue, status_cues
from pipeline.languages.phrases import phrase
from pipeline.languages.triggers import Hit, find_triggers

METHOD = "rules"
_DONE = "actual"
_LANGUAGES = ("en", "ar", "zh")
_TELLS_HELD = frozenset({"en", "ar"})
_SPORT_WORDS, _SPORT_SHARE = 3, 0.3


class RuleExtractor:
    """Proposes events from the word lists; stateless after construction."""

    def extract(self, document: Document) -> list[Proposal]:
        """Events of a document in text order; furniture bears none."""
        by_sentence: dict[int, list[Mention]] = {}
        for mention in document.mentions:
            spans = by_sentence.setdefault(mention.sentence_id, [])
            if not spans or (spans[-1].start, spans[-1].end) != (mention.start, mention.end):
                spans.append(mention)
        sports = is_sports_report(document)
        last = ""
        proposals: list[Proposal] = []
        for sentence in document.sentences:
            if sentence.kind == "boilerplate" or sentence.language not in _LANGUAGES:
                continue
            for proposal in self._sentence(sentence, by_sentence.get(sentence.sentence_id, []), last):
                if proposal.type != "statement":
                    if sports and not _between_people(proposal, by_sentence.get(sentence.sentence_id, [])):
                        continue
                    last = proposal.type
                proposals.append(proposal)
        return proposals

    def _sentence(self, sentence: Sentence, mentions: Sequence[Mention], last: str) -> Iterator[Proposal]:
        hits = [h for h in find_triggers(sentence) if not _inside_name(sentence, h, mentions)]
        finder = RoleFinder(sentence, head_mentions(sentence, _clipped(sentence, hits, mentions)), hits)
        for hit in hits:
            entry = hit.entry
            if entry.follows and last:
                entry = replace(entry, type=last, mode=entry.mode if entry.type == last else None)
            cue = None if entry.status else _find_cue(sentence, hit.start, hit.end, entry.type)
            status = entry.status or (cue.status if cue else _DONE)
            arguments = finder.statement(hit) if entry.type == "statement" else finder.gathering(hit)
            if entry.type != "statement":
                last = entry.type
            elif entry.pos == "noun" and not any(a.role == "speaker" for a in arguments):
                continue  # a noun of saying counts where its source is told
            yield Proposal(
                sentence.sentence_id, entry.type, sentence.start + hit.start,
                sentence.start + hit.end, status, tuple(arguments), None, METHOD, entry.mode, own=entry.own,
                plain=cue is not None and cue.plain,
            )  # fmt: skip


def _inside_name(sentence: Sentence, hit: Hit, mentions: Sequence[Mention]) -> bool:
    """Whether the word is part of a name, and no name that was read on into it."""
    start, end = sentence.start + hit.start, sentence.start + hit.end
    for mention in mentions:
        if mention.kind == "name" and mention.start < end and start < mention.end:
            return not _runs_into(sentence, mention, hit)
    return False


def _runs_into(sentence: Sentence, mention: Mention, hit: Hit) -> bool:
    """Whether a name was read on into the word behind it: 约瑟夫·韦坎亚否认, خلال المكالمة."""
    start, end = sentence.start + hit.start, sentence.start + hit.end
    if mention.start >= start:
        return False
    if sentence.language == "en":  # "Gabriel Boric la|te": a name never ends within a word
        return mention.end < end
    return mention.end <= end or (sentence.language == "zh" and "·" in mention.text and end - start >= 2)


def _clipped(sentence: Sentence, hits: Sequence[Hit], mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions without the trigger that a name was read on into; in Arabic such names go."""
    clipped: list[Mention] = []
    for mention in mentions:
        cut = min(
            (sentence.start + h.start for h in hits if mention.start < sentence.start + h.start < mention.end),
            default=None,
        )
        if cut is None:
            clipped.append(mention)
        elif sentence.language != "ar":
            clipped.append(replace(mention, end=cut, text=mention.text[: cut - mention.start]))
    return clipped


def is_sports_report(document: Document) -> bool:
    """Whether the article as a whole reports a match, not just one paragraph of it."""
    sentences = [s for s in document.sentences if s.kind != "boilerplate" and s.language in _LANGUAGES]
    found = [set(phrase(s.language, "sport").findall(s.text)) for s in sentences]
    words = set().union(*found) if found else set()
    return len(words) >= _SPORT_WORDS and sum(map(bool, found)) >= _SPORT_SHARE * len(sentences)


def _between_people(proposal: Proposal, mentions: Sequence[Mention]) -> bool:
    """Whether a person takes part whom the report names in full: "Bodo met Agadir" are towns, whatever
    their label."""
    spans = {(a.start, a.end) for a in proposal.arguments if a.role == "participant"}
    return any(
        m.label == "PER" and (m.start, m.end) in spans and (" " in m.text or not m.text.isascii()) for m in mentions
    )


def find_status(sentence: Sentence, start: int, end: int, type_: str) -> str:
    """Realis of the trigger at ``start:end`` of a sentence, by the cues beside it."""
    cue = _find_cue(sentence, start, end, type_)
    return _DONE if cue is None else cue.status


def _find_cue(sentence: Sentence, start: int, end: int, type_: str) -> StatusCue | None:
    for cue in status_cues(sentence.language):
        if type_ in cue.types and _cue_fits(cue, sentence, start, end):
            if cue.side == "after" and cue.status == "cancelled" and _took_place(cue, sentence, start, end):
                continue
            return cue
    return None


def _took_place(cue: StatusCue, sentence: Sentence, start: int, end: int) -> bool:
    """Whether the meeting that a cue behind it calls cancelled or put off was held after all: "met in talks
    that had been put off", التقت نظيرتها في اجتماع تأجل أسبوعاً, both of the verb and of the noun."""
    language, text = sentence.language, sentence.text
    if language not in _TELLS_HELD:
        return False
    hits = [h for h in find_triggers(sentence) if h.entry.type != "statement"]
    own = next((h for h in hits if h.start < end and start < h.end), None)
    if own is None:
        return False
    nouns = [h for h in hits if h.entry.pos == "noun" and h.start >= end]
    if own.entry.pos == "verb":
        # What lies beyond the next noun is told of that.
        within = [replace(sentence, text=text[: noun.end]) for noun in nouns[:1]]
        return any(not _cue_fits(cue, s, start, end) and _is_told(s, start, end, own.entry.type) for s in within)
    held = phrase(language, "was_held").search(text[:end])
    if held is not None:
        return phrase(language, "unfulfilled").search(text[: held.end("verb")]) is None
    verb = next((h for h in reversed(hits) if h.entry.pos == "verb" and h.end <= start), None)
    if verb is None or phrase(language, "held_in").search(text[verb.end : start]) is None:
        return False
    if phrase(language, "clause_end").search(text[verb.end : start]):
        return False
    return _is_told(replace(sentence, text=text[:start]), verb.start, verb.end, verb.entry.type)


def _is_told(sentence: Sentence, start: int, end: int, type_: str) -> bool:
    """Whether a verb tells of what happened."""
    if phrase(sentence.language, "unfulfilled").search(sentence.text[:end]):
        return False
    return find_status(sentence, start, end, type_) == "actual"


def _cue_fits(cue: StatusCue, sentence: Sentence, start: int, end: int) -> bool:
    text, stop = sentence.text, phrase(sentence.language, "cue_stop")
    if cue.side == "after":
        match = cue.pattern.search(text, end, min(len(text), end + cue.window))
        if match is None:
            return False
        gap = text[end : match.start("hit")]
        # What became of a meeting is often told behind a comma: 原定周三的会晤，已临时取消.
        return not stop.search(gap.replace("，", "") if cue.status in ("cancelled", "negated") else gap)
    window = text[max(0, start - cue.window) : end]
    room = len(window) - (end - start)
    return any(
        m.end("hit") <= room and not stop.search(window[m.end("hit") : room]) for m in cue.pattern.finditer(window)
    )
