"""Join lines that were broken at a fixed width, so that a paragraph is one line."""

from __future__ import annotations

import re
from itertools import pairwise

_MAX_WIDTH = 110
_MIN_WIDTH = 40
_STOP = re.compile(r"[.!?…؟:][\"'”’»)\]]*$")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LIST = re.compile(r"\s*(?:[-*+•·]|\d{1,3}[.)])\s")


def unwrap(text: str) -> str:
    """Join the lines of a text that was set at a fixed width; leave any other text as it is.

    A text counts as set at a width when nearly every line that another line follows was full: the
    next line's first word had no room on it. A line that had room ends a paragraph and stays.
    Chinese and Japanese are left alone.
    """
    lines = text.split("\n")
    inner = [(line, after) for line, after in pairwise(lines) if line.strip() and after.strip()]
    if len(inner) < 4 or _HAN.search(text[:2000]):
        return text
    width = max(len(line.rstrip()) for line in lines)
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return text
    full = [(line, after) for line, after in inner if _is_full(line, after, width)]
    open_ended = sum(1 for line, _ in full if not _STOP.search(line.rstrip()))
    if len(full) < 0.85 * len(inner) or open_ended < 0.6 * len(full):
        return text
    joined: list[str] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else ""
        if joined and before.strip() and line.strip() and _is_full(before, line, width):
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
        else:
            joined.append(line)
    return "\n".join(joined)


def _is_full(line: str, after: str, width: int) -> bool:
    if _LIST.match(after):
        return False
    return len(line.rstrip()) + 1 + len(after.split(maxsplit=1)[0]) > width
