"""Names as a reader would mark them, from the spans that an engine found.

Arabic puts names side by side (subject and object) or joins them with a mere و, and carelessly typed
or translated reports leave out the space before إن and قائلاً. It has no capitals: an engine that
knows a person by the full name may pass over the surname alone, in headlines and lists above all.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.folding import fold_string
from pipeline.core.rows import Document
from pipeline.entities.lexicon import Lexicon
from pipeline.entities.linking import split_names
from pipeline.entities.spans import NameSpan
from pipeline.languages import load_topic
from pipeline.languages.entries import party_entries
from pipeline.languages.phrases import reference

_ARABIC = re.compile(r"[\u0621-\u0652]+")
_WITH_ARTICLE = re.compile(r"[وفبك]?ال|لل")
_LATIN_NAME = re.compile(r"[A-Z][\w’'-]+")
_NUMBER = re.compile(r"[\d\s〇零一二三四五六七八九十百千万亿两]+")
_AND = re.compile(r"\s+و(?=\S{3})")


def separated(names: Sequence[NameSpan], text: str, lexicon: Lexicon) -> Iterator[NameSpan]:
    """The names of an article, each in a span of its own, in the order given.

    What is nothing but a title and a nationality (الرئيس البوليفي, البرازيلي) is nobody's name and goes, as does a
    bare number (the ten of 十四国).
    """
    people = {p for n in names if n.label == "PER" for p in _known_as(text[n.start : n.end])}
    for name in names:
        if _NUMBER.fullmatch(text, name.start, name.end):
            continue
        if name.label != "PER":
            yield name
            continue
        written = text[name.start : name.end]
        if _ARABIC.match(written) and all(_is_title(word, lexicon) for word in written.split()):
            continue
        if (run_on := reference("ar", "run_on").search(written)) is not None:
            name = replace(name, end=name.start + run_on.start())
            written = text[name.start : name.end]
        for cut in (_joined(written, people, lexicon), split_names(lexicon, written)):
            if cut is not None:
                yield replace(name, end=name.start + cut[0])
                yield replace(name, start=name.start + cut[1])
                break
        else:
            yield name


def with_surnames_as_people(names: Sequence[NameSpan], text: str, lexicon: Lexicon) -> list[NameSpan]:
    """The names, with a single Latin word that an engine took for a place or body as the person whom the
    article names in full with it: "Gu" after "Gu Huaiyuan". Not where the tables know it for something."""
    ends = {
        word
        for n in names if n.label == "PER"
        for words in [text[n.start : n.end].split()] if len(words) >= 2
        for word in (words[0], words[-1])
    }  # fmt: skip
    return [
        replace(n, label="PER")
        if n.label != "PER" and (written := text[n.start : n.end]) in ends
        and _LATIN_NAME.fullmatch(written) and not lexicon.named(written) and fold_string(written) not in lexicon.demonyms
        else n
        for n in names
    ]  # fmt: skip


def with_places_as_places(names: Sequence[NameSpan], text: str, lexicon: Lexicon) -> list[NameSpan]:
    """The names, with a single Latin word that an engine took for a person as the place that the tables know by
    it, behind a preposition of place: "the growers' association of Kandy". Not where the article names people so."""
    borne = {w for n in names if n.label == "PER" and " " in (full := text[n.start : n.end]) for w in full.split()}
    return [
        replace(n, label="GPE")
        if n.label == "PER" and (written := text[n.start : n.end]) not in borne
        and _LATIN_NAME.fullmatch(written) and reference("en", "place_before").search(text, max(0, n.start - 10), n.start)
        and (known := lexicon.named(written)) and all(k.label == "GPE" for k in known)
        else n
        for n in names
    ]  # fmt: skip


def _is_title(word: str, lexicon: Lexicon) -> bool:
    return fold_string(word) in lexicon.demonyms or word in _title_words()


@functools.cache
def _title_words() -> frozenset[str]:
    return frozenset(w for t in load_topic("ar", "titles")["before_name"] for w in t.split())


def _known_as(name: str) -> tuple[str, ...]:
    """A name and its last word; a name with و in it vouches for nobody."""
    return () if _AND.search(name) else (name, name.split()[-1])


def _joined(name: str, people: set[str], lexicon: Lexicon) -> tuple[int, int] | None:
    """Where و joins two people whom the article or the tables name: تاياني والنفطي."""
    for match in _AND.finditer(name):
        sides = (name[: match.start()], name[match.end() :])
        if all(side in people or any(k.label == "PER" for k in lexicon.named(side)) for side in sides):
            return match.start(), match.end()
    return None


def with_repeated(names: Sequence[NameSpan], document: Document, lexicon: Lexicon) -> list[NameSpan]:
    """The names, and in Arabic every other place of a country's name, of a name of several words, and of a
    surname whose bearer the article names in full.

    A word that is a given name, a title or a nationality tells nothing; behind a noun with the article,
    one that has the article, too, is an adjective (القطاع النفطي). Sorted; added names have no score.
    """
    text = document.article.text
    surnames: dict[str, NameSpan] = {}
    for name in names:
        words = text[name.start : name.end].split()
        if (
            name.label == "PER"
            and len(words) >= 2
            and _ARABIC.fullmatch(words[-1])
            and not _tells_nothing(words[-1], lexicon)
        ):
            surnames.setdefault(words[-1], name)
    for name in names:
        written = text[name.start : name.end]
        if _ARABIC.match(written) and (" " in written or any(k.kind == "country" for k in lexicon.named(written))):
            surnames.setdefault(written, name)
    if not surnames:
        return sorted(names, key=_place)
    pattern = re.compile(
        rf"(?<![\u0621-\u0652])(?:[وف]?(?:لل|[بلك])?)(?P<hit>{'|'.join(map(re.escape, sorted(surnames, key=len, reverse=True)))})(?![\u0621-\u0652])"
    )
    answer = list(names)
    taken = sorted((n.start, n.end) for n in names)
    for sentence in document.sentences:
        if sentence.language != "ar" or sentence.kind == "boilerplate":
            continue
        for match in pattern.finditer(text, sentence.start, sentence.end):
            start, end = match.span("hit")
            if any(a < end and start < b for a, b in taken) or _is_adjective(
                text[sentence.start : match.start()], match["hit"]
            ):
                continue
            answer.append(replace(surnames[match["hit"]], start=start, end=end, score=None))
    return sorted(answer, key=_place)


def _place(name: NameSpan) -> tuple[int, int]:
    return name.start, name.end


def _is_adjective(before: str, word: str) -> bool:
    last = before.split()[-1:] if before.endswith(" ") else []
    return word.startswith("ال") and bool(last) and _WITH_ARTICLE.match(last[0]) is not None


@functools.cache
def _common_words() -> frozenset[str]:
    words = {w for e in party_entries("ar") for f in e.forms for w in f.split()}
    topic = load_topic("ar", "gender")
    words |= set(topic["female_names"].split()) | set(topic["male_names"].split())
    return frozenset(words | _title_words())


def _tells_nothing(word: str, lexicon: Lexicon) -> bool:
    if len(word) < 3 or fold_string(word) in lexicon.demonyms:
        return True
    return word in _common_words() or word.removeprefix("ال") in _common_words()


__all__ = ["separated", "with_places_as_places", "with_repeated", "with_surnames_as_people"]
