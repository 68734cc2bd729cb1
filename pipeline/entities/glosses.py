"""Names that a text itself gives in Latin letters: 安娜·科赫（Anna Koch）, آنا كوخ (Anna Koch)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.entities.sound_keys import script_of
from pipeline.entities.spans import NameSpan

# A title of two characters may stand between (勋爵, 先生, 博士).
_GLOSS = re.compile(
    r"(?:[\u4e00-\u9fff](?<!说)){0,2}\s*[（(]\s*(?P<latin>[A-Z\u00c0-\u00de][\w'’.-]*(?:\s+[\w'’.-]+){1,4})\s*[)）]"
)


def find_glosses(text: str, names: Sequence[NameSpan]) -> dict[str, str]:
    """The Latin name behind each person's name, as the text gives it in brackets.

    A name that the text glosses in two ways has none.
    """
    found: dict[str, set[str]] = {}
    for name in names:
        written = text[name.start : name.end]
        if name.label != "PER" or script_of(written) == "latin":
            continue
        match = _GLOSS.match(text, name.end, name.end + 80)
        if match is not None and script_of(match["latin"]) == "latin":
            found.setdefault(written, set()).add(" ".join(match["latin"].split()))
    return {written: glosses.pop() for written, glosses in found.items() if len(glosses) == 1}
