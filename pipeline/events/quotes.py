"""The words that a statement reports: direct between quotation marks, or indirect in a clause."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.core.rows import Sentence
from pipeline.languages import LANGUAGES
from pipeline.languages.phrases import phrase

_DIRECT = re.compile(r"“[^“”\n]{3,}”|\"[^\"\n]{3,}\"|«[^«»\n]{3,}»|「[^「」\n]{2,}」|『[^『』\n]{2,}』")


@dataclass(frozen=True, slots=True)
class Quote:
    """Reported words: code points into the article's text; kind direct, indirect or mixed."""

    start: int
    end: int
    kind: str


def find_quote(sentence: Sentence, trigger_start: int, trigger_end: int) -> Quote | None:
    """The words that the reporting expression at the trigger reports, within its sentence.

    A quotation in the sentence is direct; one inside an indirect clause makes it mixed, and the
    clause is returned. None where the sentence reports no content ("declined to comment").
    """
    text = sentence.text
    at, end = trigger_start - sentence.start, trigger_end - sentence.start
    after = text[end:]
    indirect = None
    match = phrase(sentence.language if sentence.language in LANGUAGES else "en", "reported").match(after)
    begin = match.end() if match else 0
    if (match or sentence.language == "zh") and len(after) - begin >= 8:
        indirect = (end + begin, len(text.rstrip(" .。")))
    directs = [(m.start(), m.end()) for m in _DIRECT.finditer(text)]
    # The quote nearest to the trigger belongs to it; a word or two in marks only colours a clause.
    near = min(directs, key=lambda s: min(abs(s[0] - end), abs(at - s[1])), default=None)
    if near is not None:
        long = near[1] - near[0] >= (12 if sentence.language == "zh" else 30)
        if long or indirect is None:
            return Quote(sentence.start + near[0], sentence.start + near[1], "direct")
        if indirect[0] <= near[0] and near[1] <= indirect[1] + 1:
            return Quote(sentence.start + indirect[0], sentence.start + max(indirect[1], near[1]), "mixed")
    if indirect is None:
        return None
    return Quote(sentence.start + indirect[0], sentence.start + indirect[1], "indirect")
