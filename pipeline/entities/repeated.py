"""Chinese people wherever their articles name them again.

Chinese writes no spaces: an engine that found a name once may cut it elsewhere (赛 and 义德 of 赛义德) or
pass it over. A name of three characters or more that stands there again is the same name.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.rows import Document
from pipeline.entities.lexicon import Lexicon
from pipeline.entities.spans import NameSpan
from pipeline.languages.phrases import reference

_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{3,}|[\u4e00-\u9fff]{2,}(?:[·•・][\u4e00-\u9fff]+)+")


def with_repeated_people(names: Sequence[NameSpan], document: Document, lexicon: Lexicon) -> list[NameSpan]:
    """The names, with every place of a Chinese person's name; pieces of it there give way. In text order."""
    text = document.article.text
    names = [n for n in names if not (n.end - n.start == 1 and reference("zh", "weekday").match(text, n.start))]
    people: dict[str, NameSpan] = {}
    for name in names:
        written = text[name.start : name.end]
        known = lexicon.named(written)
        if name.label == "PER" and _HAN_NAME.fullmatch(written) and (not known or known[0].label == "PER"):
            people.setdefault(written, name)
    if not people:
        return list(names)
    names = sorted(names, key=lambda n: (n.start, n.end))
    starts = [n.start for n in names]
    pattern = re.compile("|".join(map(re.escape, sorted(people, key=len, reverse=True))))
    gone: set[int] = set()
    added: list[NameSpan] = []
    for sentence in document.sentences:
        if sentence.language != "zh" or sentence.kind == "boilerplate":
            continue
        for match in pattern.finditer(text, sentence.start, sentence.end):
            start, end = match.span()
            first = bisect.bisect_left(starts, start)
            beside = range(first, bisect.bisect_left(starts, end))
            if first > 0 and names[first - 1].end > start:
                continue
            if all(names[n].end <= end and names[n].end - names[n].start < end - start for n in beside):
                gone.update(beside)
                added.append(replace(people[match[0]], start=start, end=end, score=None))
    kept = [n for number, n in enumerate(names) if number not in gone]
    return sorted([*kept, *added], key=lambda n: (n.start, n.end))
