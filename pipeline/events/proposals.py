"""What an extractor proposes: a trigger with type, status and arguments, before time, quote and codes."""

from __future__ import annotations

from dataclasses import dataclass

STATUSES = ("actual", "planned", "cancelled", "negated", "possible")
ROLES = ("participant", "speaker", "addressee", "place", "time")
TYPES = ("meeting", "call", "statement")


@dataclass(frozen=True, slots=True)
class ProposedArgument:
    """An argument span, code points into the article's text; ``score`` is a probability or None,
    ``invites`` tells the host on whose invitation somebody travels."""

    role: str
    start: int
    end: int
    score: float | None = None
    invites: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A trigger with its arguments; ``method`` names who proposes: rules or model; ``status_score``
    is the model's probability of its status; ``own`` where a trigger word of the user's found it;
    ``refers_back`` where it is a noun for an event told before ("the talks"); ``plain`` where words that
    leave no doubt tell its status."""

    sentence_id: int
    type: str
    start: int
    end: int
    status: str
    arguments: tuple[ProposedArgument, ...]
    score: float | None
    method: str
    mode: str | None = None
    status_score: float | None = None
    own: bool = False
    refers_back: bool = False
    plain: bool = False
