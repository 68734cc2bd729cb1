"""Which mentions of a sentence stand for a party themselves, and which only tell whose or what one is."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.additions import per_additions
from pipeline.core.rows import Mention, Sentence
from pipeline.languages.entries import party_entries
from pipeline.languages.phrases import phrase, phrase_anywhere


@per_additions
def _titles(language: str) -> tuple[str, ...]:
    forms = {f.lower() for e in party_entries(language) if e.title for f in e.forms}
    return tuple(sorted(forms, key=len, reverse=True))


def head_mentions(sentence: Sentence, mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions that stand for a party or place themselves.

    What only tells which one is meant goes: the country of "Chile's president", 埃及外长 and
    وزير خارجية مصر, the office before a name, the possessive of "his counterpart".
    """
    modifies = {"en": _modifies_en, "ar": _modifies_ar, "zh": _modifies_zh}[sentence.language]
    text, base = sentence.text, sentence.start
    kept: list[Mention] = []
    dropped: Mention | None = None
    for number, mention in enumerate(mentions):
        following = mentions[number + 1] if number + 1 < len(mentions) else None
        before = text[max(0, mention.start - base - 30) : mention.start - base]
        if dropped is not None and mention.label in ("GPE", "LOC", "ORG"):
            link = text[dropped.end - base : mention.start - base]
            if phrase_anywhere("link").fullmatch(link.strip()):
                dropped = mention
                continue
        if kept and _complements(sentence, kept[-1], mention, before):
            dropped = mention
            continue
        dropped = None
        if following is not None and modifies(text, base, mention, following):
            continue
        if number + 2 < len(mentions) and _listed(
            text, base, mention, following, mentions[number + 2], sentence.language
        ):
            continue
        if sentence.language == "en" and phrase("en", "possessive_pronoun").fullmatch(mention.text.lower()):
            continue
        kept.append(mention)
    return kept


def _complements(sentence: Sentence, head: Mention, mention: Mention, before: str) -> bool:
    """Whether a name only completes the noun before it: "presidents of Chile", وزيرا خارجية تشيلي."""
    gap = sentence.text[head.end - sentence.start : mention.start - sentence.start]
    if sentence.language == "en":
        return head.kind == "nominal" and phrase("en", "complement").fullmatch(gap) is not None
    if sentence.language == "ar":
        return head.kind == "nominal" and mention.label in ("GPE", "ORG") and gap == " "
    return head.label == "PER" and head.kind == "name" and mention.kind == "nominal" and gap == ""


def _listed(text: str, base: int, mention: Mention, following: Mention | None, head: Mention, language: str) -> bool:
    """Whether a country is the first of two before a noun: "Chile and Bolivia leaders"."""
    if language != "en" or following is None or {mention.label, following.label} != {"GPE"}:
        return False
    link = text[mention.end - base : following.start - base].strip()
    return phrase("en", "link").fullmatch(link) is not None and _modifies_en(text, base, following, head)


def _modifies_en(text: str, base: int, mention: Mention, following: Mention) -> bool:
    if mention.label not in ("GPE", "LOC", "ORG") and mention.kind != "pronoun":
        return False
    gap = text[mention.end - base : following.start - base]
    if len(gap) > 50 or phrase("en", "no_modifier").search(gap):
        return False
    if mention.kind == "pronoun":
        return mention.text.lower() == "her" and following.kind == "nominal" and len(gap.split()) <= 2
    if gap == " " and following.kind == "nominal":
        return True
    if phrase("en", "possessive").match(gap):
        return following.label in ("PER", "ORG") and len(gap.split()) <= 6
    return following.kind == "name" and following.label == "PER" and gap.lower().rstrip().endswith(_titles("en"))


def _modifies_ar(text: str, base: int, mention: Mention, following: Mention) -> bool:
    if following.label != "PER" or following.kind != "name":
        return False
    gap = text[mention.end - base : following.start - base]
    if mention.kind == "nominal" and mention.label == "PER":
        return len(gap) <= 45 and phrase("ar", "title_gap").match(gap) is not None
    return mention.label in ("GPE", "ORG") and phrase("ar", "quote_gap").fullmatch(gap) is not None


def _modifies_zh(text: str, base: int, mention: Mention, following: Mention) -> bool:
    gap = text[mention.end - base : following.start - base]
    if mention.label == "PER" and mention.kind == "name":
        return False
    if phrase("zh", "both_sides").fullmatch(mention.text):
        return False
    if gap == "":
        return following.label in ("PER", "ORG") or mention.label in ("GPE", "LOC")
    rest = gap
    for title in _titles("zh"):
        rest = rest.replace(title, "")
    return rest == "" and following.label == "PER"
