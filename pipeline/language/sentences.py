"""Split a line into sentences, whatever its language and also where it mixes several.

The rules look at the characters around a stop, not at a language: Chinese stops always end a
sentence, an Arabic full stop nearly always, a Latin one by what stands before and after it.
Compared with pySBD and spaCy's sentencizer in ``docs/sentences.md``.
"""

from __future__ import annotations

import bisect
import functools
import re
from dataclasses import dataclass

from pipeline.languages import load_topic

MAX_SENTENCE = 4000
# A quotation up to this length stays whole with its "he said": the reader needs both.
_QUOTE_LIMIT = 300
_HAN_QUOTE_LIMIT = 120

_STOP = re.compile(r"(?:[.!?…]+|[。！？｡؟۔।]+)[!?.。！？]*")
_CLOSERS = "”’»」』）)】》]\u203a'"
_OPENERS = "“‘«「『（([【《\"'„‹"
_QUOTE_SIGN = re.compile(r"[“”«»「」『』\"]")
_PAIRS = {"”": "“", "»": "«", "」": "「", "』": "『"}
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_ARABIC = re.compile(r"[\u0620-\u06ff]")
_WORD_BEFORE = re.compile(r"[^\s\"“”«»()\[\]（）,،:;，。、：；！？\u3040-\u9fff]+$")
_NEXT_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_GLUED = re.compile(r"[\"“(]?[A-Z][a-z]{2,}")
_WEB_ENDING = re.compile(r"(?:Com|Net|Org|Info|Io|Js|Gov|Edu)\b")
_ENUMERATOR = re.compile(r"\s*[(\[]?(?:\d{1,2}|[IVXivx]{1,4}|[A-Za-z])$")
_PRONOUN = re.compile(r"(?:He|She|They|It|We|I|You)\b")
_SOFT_BREAK = re.compile(r"[；;؛，,،]\s*|\s+")
_VISIBLE = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class _Words:
    titles: frozenset[str]
    before_number: frozenset[str]
    abbreviations: frozenset[str]
    starters: frozenset[str]
    attribution: re.Pattern[str]
    han_attribution: re.Pattern[str]


@functools.cache
def _words() -> _Words:
    english = load_topic("en", "abbreviations")
    arabic = load_topic("ar", "abbreviations")
    chinese = load_topic("zh", "abbreviations")
    kinds: dict[str, set[str]] = {"title": set(), "number": set(), "month": set(), "other": set()}
    for entry in (*english["abbreviation"], *arabic["abbreviation"]):
        kinds[entry["kind"]].add(entry["form"].lower())
    said = "|".join(re.escape(entry["form"]) for entry in english["reporting"])
    told = "|".join(re.escape(entry["form"]) for entry in chinese["reporting"])
    return _Words(
        titles=frozenset(kinds["title"]),
        before_number=frozenset(kinds["number"] | kinds["month"]),
        abbreviations=frozenset(kinds["other"] | kinds["month"]),
        starters=frozenset(entry["form"] for entry in english["starter"]),
        attribution=re.compile(rf"\s(?:[\w.'’\-]+\s){{0,5}}?(?:{said})\b"),
        han_attribution=re.compile(rf"[^。！？!?，“「\n]{{1,14}}(?:{told})(?:道|到|着|了|记者|他|她)?(?:[。！？!?]|$)"),
    )


def split_line(line: str) -> list[tuple[int, int]]:
    """Split one line into sentences, as (start, end) in code points.

    The sentences are in order, do not overlap, begin and end with a non-blank character, and hold
    every non-blank character of the line. A sentence without any stop is cut near 4,000 characters.
    """
    ends = _boundaries(line)
    spans: list[tuple[int, int]] = []
    start = 0
    for end in (*ends, len(line)):
        piece = line[start:end]
        stripped = piece.strip()
        if stripped:
            left = start + len(piece) - len(piece.lstrip())
            if spans and not _VISIBLE.search(stripped):
                spans[-1] = (spans[-1][0], left + len(stripped))
            else:
                spans.append((left, left + len(stripped)))
        start = end
    if len(spans) > 1 and not _VISIBLE.search(line[spans[0][0] : spans[0][1]]):
        spans[:2] = [(spans[0][0], spans[1][1])]
    return [part for span in spans for part in _cut(line, *span)]


def _cut(line: str, start: int, end: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    while end - start > MAX_SENTENCE:
        window = line[start : start + MAX_SENTENCE]
        breaks = [found.end() for found in _SOFT_BREAK.finditer(window, MAX_SENTENCE // 2)]
        at = start + (breaks[-1] if breaks else MAX_SENTENCE)
        piece = line[start:at].rstrip()
        if piece:
            parts.append((start, start + len(piece)))
        start = at + len(line[at:end]) - len(line[at:end].lstrip()) if line[at].isspace() else at
    if start < end:
        parts.append((start, end))
    return parts


def _boundaries(line: str) -> list[int]:
    found_stops = list(_STOP.finditer(line))
    if not found_stops or (len(found_stops) == 1 and not line[found_stops[0].end() :].strip()):
        return []
    opened, closed, closing = _quotes(line)
    words = _words()
    ends: list[int] = []
    for found in found_stops:
        start, end = found.span()
        closers = end
        while closers < len(line) and (line[closers] in _CLOSERS or (line[closers] == '"' and closers in closing)):
            closers += 1
        if not line[closers : closers + 80].strip():
            continue
        at = bisect.bisect_left(opened, start) - 1
        if at >= 0 and closed[at] >= closers:
            continue
        if _ends_sentence(line, start, end, closers, words):
            ends.append(closers)
    return ends


def _quotes(line: str) -> tuple[list[int], list[int], set[int]]:
    """Find the outermost quotations short enough to stay whole, and the closing ASCII signs."""
    spans: list[tuple[int, int]] = []
    closing: set[int] = set()
    stack: list[tuple[str, int]] = []
    ascii_open = -1
    for found in _QUOTE_SIGN.finditer(line):
        sign, at = found.group(), found.start()
        if sign == '"':
            before = line[at - 1] if at else " "
            after = line[at + 1] if at + 1 < len(line) else " "
            if ascii_open >= 0 and not (before.isspace() and not after.isspace()):
                spans.append((ascii_open, at))
                closing.add(at)
                ascii_open = -1
            elif ascii_open < 0 and after.isspace() and not before.isspace():
                closing.add(at)
            else:
                ascii_open = at
        elif sign in _PAIRS:
            if stack and stack[-1][0] == _PAIRS[sign]:
                spans.append((stack.pop()[1], at))
        elif len(stack) < 8:
            stack.append((sign, at))
    spans.sort()
    opened: list[int] = []
    closed: list[int] = []
    for start, end in spans:
        limit = _HAN_QUOTE_LIMIT if _HAN.search(line, start, end) else _QUOTE_LIMIT
        if end - start > limit or (closed and start < closed[-1]):
            continue
        opened.append(start)
        closed.append(end)
    return opened, closed, closing


def _ends_sentence(line: str, start: int, end: int, closers: int, words: _Words) -> bool:
    stop = line[start:end]
    before = line[start - 1] if start else " "
    rest = line[closers : closers + 120]
    following = rest.lstrip()
    spaced = rest[0].isspace()
    first = following[0]
    if first in ",،;:，、；：)]）】/" or (first in "-–—" and not _HAN.match(before)):
        return False
    quoted = any(sign in '”’»」』"' for sign in line[end:closers])
    if stop[0] in "。！？｡۔।" or (stop[0] in "!?" and _HAN.match(before)):
        return not (quoted and words.han_attribution.match(following))
    if stop[0] == "؟":
        return True
    if _HAN.match(before) and stop == ".":
        return spaced or _HAN.match(first) is not None
    if _ARABIC.match(before) or (_ARABIC.match(first) and not before.isdigit()):
        return _arabic_stop(line, start, stop, rest, words)
    if stop[0] == "…" and (_HAN.match(before) or _HAN.match(first)):
        return False
    return _latin_stop(line, start, end, stop, rest, words)


def _arabic_stop(line: str, start: int, stop: str, rest: str, words: _Words) -> bool:
    # Arabic copy uses two and three dots as a pause inside a sentence, and headlines too.
    if (len(stop) > 1 and set(stop) <= {".", "…"}) or stop == "…":
        return False
    if stop[0] != ".":
        return True
    word = _word_before(line, start)
    if word in words.titles or len(word) == 1:
        return False
    if _DOTTED.search(word):
        return False
    if rest[0].isspace() or rest.lstrip()[0] in _OPENERS:
        return True
    return bool(_ARABIC.match(rest[0])) and not rest[0].isdigit() and len(word) >= 2


def _latin_stop(line: str, start: int, end: int, stop: str, rest: str, words: _Words) -> bool:
    quoted = any(sign in "”’»\"'" for sign in line[end : end + 3]) and rest != line[end : end + 120]
    following = rest.lstrip()
    bare = following.lstrip(_OPENERS + " ")
    opened = following[0] in _OPENERS
    head = bare[:1]
    if not head:
        return False
    if not rest[0].isspace():
        return _glued(line, start, stop, rest, quoted)
    if head.islower() or (not head.isalnum() and not opened):
        return False
    if stop[0] in "!?":
        asked = quoted and not _PRONOUN.match(bare) and words.attribution.match(" " + bare)
        return not asked
    if len(stop) > 1 or stop == "…":
        return head.isupper() or not head.isascii()
    found = _NEXT_WORD.match(bare)
    next_word = found.group() if found else ""
    if quoted:
        return True
    word = _word_before(line, start).lstrip("-–—'‘")
    lowered = word.lower()
    if lowered in words.titles:
        return False
    if lowered in words.before_number and (head.isdigit() or (next_word.isupper() and lowered == "no")):
        return False
    if lowered == "no" and not next_word:
        return False
    starts = next_word in words.starters or opened
    if lowered in words.abbreviations or _DOTTED.search(word):
        return starts
    if len(word) == 1 and word.isalpha() and word.isupper():
        return starts and line[: start - 1].strip() != ""
    return not (_ENUMERATOR.fullmatch(line[max(0, start - 5) : start]) and start <= 5)


def _glued(line: str, start: int, stop: str, rest: str, quoted: bool) -> bool:
    """A stop without a space after it, as in "the deal.The minister" and "it.”The"."""
    if _HAN.match(rest[0]) or _ARABIC.match(rest[0]):
        return stop[0] in "!?" or quoted
    if not _GLUED.match(rest) or _WEB_ENDING.match(rest):
        return False
    word = _word_before(line, start)
    return quoted or (len(word) >= 3 and word.isalpha() and word[-3:].islower())


def _word_before(line: str, start: int) -> str:
    found = _WORD_BEFORE.search(line[max(0, start - 40) : start])
    return found.group() if found else ""
