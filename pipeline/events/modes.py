"""How parties meet or call: the mode of an event, by the words of its trigger and its parties."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from pipeline.core.rows import Argument, Sentence
from pipeline.events.proposals import Proposal
from pipeline.languages import load_topic


@functools.cache
def _patterns(language: str, type_: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = load_topic(language, "modes").get(type_, {})
    return tuple((mode, re.compile(pattern, re.IGNORECASE)) for mode, pattern in table.items())


def find_mode(proposal: Proposal, sentence: Sentence, arguments: Sequence[Argument], text: str) -> str | None:
    """The mode of a meeting, call or statement, or None.

    The trigger's own words decide first, then those around it (60 code points); three or more
    parties make a meeting multilateral.
    """
    patterns = _patterns(sentence.language, proposal.type)
    trigger = text[proposal.start : proposal.end]
    around = text[max(sentence.start, proposal.start - 60) : min(sentence.end, proposal.end + 60)]
    for stretch in (trigger, around):
        for mode, pattern in patterns:
            if pattern.search(stretch):
                return mode
    if proposal.type == "statement":
        return "joint" if len({a.entity_id or a.text for a in arguments if a.role == "speaker"}) > 1 else None
    if proposal.type == "meeting":
        parties = {a.entity_id or a.text for a in arguments if a.role == "participant"}
        if len(parties) >= 3:
            return "multilateral"
    return None
