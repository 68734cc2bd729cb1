"""Whether words describe a head of state or government, or somebody who never is one.

"The two envoys" and "the presidents of the two countries" are of the same countries, and not the same people.
"""

from __future__ import annotations

import functools
import re

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import Known
from pipeline.entities.offices import CHIEFS
from pipeline.languages import LANGUAGES, load_topic
from pipeline.languages.entries import party_entries

CHIEF, BELOW = "chief", "below"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")
_OF = "of"
_LONGEST = 3


@functools.lru_cache(maxsize=4096)
def rank_of(description: str) -> str | None:
    """The rank that the head noun of a folded description tells: "chief", "below", or None.

    The head is the last noun in English (before "of") and Chinese, the first in Arabic: "the
    president's envoy", 总统特使 and مبعوث الرئيس are envoys.
    """
    ranks = _ranks()
    if _HAN.search(description):
        ends = (description[at:] for at in range(len(description)))
        return next((ranks[end] for end in ends if end in ranks), None)
    words = _WORD.findall(description)
    if _OF in words:
        words = words[: words.index(_OF)]
    spans = [(i, i + n) for i in range(len(words)) for n in range(min(_LONGEST, len(words) - i), 0, -1)]
    if description.isascii():
        # The noun that ends latest, of those the longest.
        spans.sort(key=lambda span: (-span[1], span[0]))
    found = (ranks.get(" ".join(words[start:end])) for start, end in spans)
    return next((rank for rank in found if rank is not None), None)


def rank_held(known: Known) -> str | None:
    """The rank of somebody of the tables, where every office that they list is of that rank."""
    offices = {fold_string(t.office).split(" of ")[0] for t in known.terms}
    if not offices or len(chiefs := offices & CHIEFS) not in (0, len(offices)):
        return None
    return CHIEF if chiefs else BELOW


@functools.cache
def _ranks() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for entry in party_entries(language):
            rank = CHIEF if entry.office in CHIEFS else BELOW if (entry.office or "").endswith("minister") else None
            if rank is not None:
                found |= {fold_string(form): rank for form in entry.forms}
        for entry in load_topic(language, "parties")["below"]:
            found |= {fold_string(form): BELOW for form in entry["forms"]}
    return found
