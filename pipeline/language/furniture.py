"""Tell an article's lines apart: title, body, caption, and the page's furniture (boilerplate).

Furniture is known by whole lines from the word lists, by the sections that such a line opens
(related headlines, comments), never by a word inside a line: a sentence of news must stay news.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.languages import LANGUAGES, load_topic

TITLE, BODY, CAPTION, BOILERPLATE = "title", "body", "caption", "boilerplate"

_MAX_LINE = 420
_STOP = re.compile(r"[.!?…。！？؟۔;؛:：；,，،][\"'“”’»」』)\]）]*$|[\"“”」』»]$")
_BULLET = re.compile(r"^\s*(?:[•·▪●◦‣►▶■□◆○–*-]|\d{1,2}[.)])\s+")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+(?:['’-][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ARABIC = re.compile(r"[\u0620-\u06ff]")
# A finite verb of reporting makes "X told Y during their meeting" news, not a caption.
_TOLD = re.compile(
    r"\b(?:said|says|told|tells|asked|announced|warned|added|agreed|discussed|called|urged|met|was|were|has|had|will|would)\b"
)
_PLAIN = re.compile(r"^[\W_]*|[ \t]+$")


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    scope: str
    ends: bool
    kind: str
    no_verb: bool


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a line of furniture is and how far it reaches."""

    kind: str
    scope: str
    ends: bool


@functools.cache
def _entries() -> tuple[_Entry, ...]:
    found: list[_Entry] = []
    for language in LANGUAGES:
        for entry in load_topic(language, "furniture")["furniture"]:
            flags = 0 if entry.get("case") else re.IGNORECASE
            found.append(
                _Entry(
                    pattern=re.compile(entry["pattern"], flags),
                    scope=entry.get("scope", "line"),
                    ends=entry.get("ends", False),
                    kind=entry.get("kind", BOILERPLATE),
                    no_verb=entry.get("no_verb", False),
                )
            )
    return tuple(found)


@functools.cache
def _any_entry() -> re.Pattern[str]:
    """One pattern over all entries, to pass over the many lines that are none quickly."""
    parts = [
        f"(?:{entry.pattern.pattern})" if entry.pattern.flags & re.IGNORECASE else f"(?-i:{entry.pattern.pattern})"
        for entry in _entries()
    ]
    return re.compile("|".join(parts), re.IGNORECASE)


def furniture_of(line: str) -> Furniture | None:
    """Recognise a line of page furniture or a caption; None for any other line."""
    line = line.strip()
    if len(line) > _MAX_LINE or not line:
        return None
    bare = _BULLET.sub("", line).strip()
    if not bare or not _any_entry().fullmatch(bare):
        return None
    for entry in _entries():
        if entry.pattern.fullmatch(bare) and not (entry.no_verb and _TOLD.search(bare)):
            return Furniture(entry.kind, entry.scope, entry.ends)
    return None


def line_kinds(lines: Sequence[str], title: str | None = None) -> list[str]:
    """Name the kind of each line of an article: title, body, caption or boilerplate.

    ``title`` is the headline as the metadata tell it. Empty lines are body.
    """
    kinds = [BODY] * len(lines)
    filled = [number for number, line in enumerate(lines) if line.strip()]
    section: str | None = None
    over = False
    seen_body = 0
    for number in filled:
        line = lines[number].strip()
        if section == "rest":
            kinds[number] = BOILERPLATE
            continue
        found = furniture_of(line)
        if found is not None:
            kinds[number] = found.kind
            over = over or (found.ends and seen_body >= 2)
            if found.scope == "rest" and seen_body:
                section = "rest"
            elif found.scope == "list":
                section = "rest" if over else "list" if _opens_list(line) else None
            continue
        if section == "list" and _is_headline(line):
            kinds[number] = BOILERPLATE
            continue
        section = None
        seen_body += 1
    _mark_titles(lines, kinds, filled, title)
    return kinds


def _opens_list(line: str) -> bool:
    """A heading alone ("Read more:") takes the next lines; with its headline it stands alone."""
    return len(line) <= 24


def _is_headline(line: str) -> bool:
    # A related headline may ask ("من يدفع؟"); a paragraph of news hardly is one short question.
    asks = len(line) <= 100 and line.endswith(("?", "؟", "？")) and not _STOP.search(line[:-1])
    return bool(_BULLET.match(line)) or (len(line) <= 160 and (asks or not _STOP.search(line)))


def _mark_titles(lines: Sequence[str], kinds: list[str], filled: Sequence[int], title: str | None) -> None:
    content = [number for number in filled if kinds[number] == BODY]
    if not content:
        return
    plain_title = _PLAIN.sub("", title or "").strip()
    for number in content[:3]:
        if plain_title and _PLAIN.sub("", lines[number]).strip() == plain_title:
            kinds[number] = TITLE
    first = content[0]
    if len(content) > 1 and len(lines[first]) <= 220 and not _STOP.search(lines[first]):
        kinds[first] = TITLE
    rest = content[1:]
    stopped = sum(1 for number in rest if _STOP.search(lines[number]))
    # Only where the article's own paragraphs end in stops does a line without one tell something.
    if len(rest) < 4 or stopped < 0.7 * len(rest):
        return
    for before, number, after in zip(content, rest, [*rest[1:], rest[-1]], strict=False):
        line = lines[number].strip()
        if _STOP.search(line) or _BULLET.match(line) or len(line) > 220:
            continue
        words = len(_WORD.findall(line))
        if words <= (12 if _HAN.search(line) else 6 if _ARABIC.search(line) else 9):
            kinds[number] = TITLE
        # A caption stands between two paragraphs; the last line is the author's note.
        elif (
            _LATIN.match(line)
            and line[0].isupper()
            and not _TOLD.search(line)
            and after != number
            and _STOP.search(lines[before])
            and _STOP.search(lines[after])
        ):
            kinds[number] = CAPTION
