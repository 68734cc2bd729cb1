"""The closed label sets of the model's heads, in the order of their outputs."""

from __future__ import annotations

NAME_TYPES = ("PER", "ORG", "LOC")
EVENT_TYPES = ("meeting", "call", "statement")
STATUSES = ("actual", "planned", "cancelled", "negated", "possible")
ROLES = ("participant", "speaker", "addressee", "place", "time")
# Roles that an event of the type can have; the others are never decoded for it.
ROLES_OF = {
    "meeting": frozenset({"participant", "place", "time"}),
    "call": frozenset({"participant", "place", "time"}),
    "statement": frozenset({"speaker", "addressee", "place", "time"}),
}
