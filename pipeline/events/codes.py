"""CAMEO and PLOVER codes from type, mode and status (docs/codes.md is printed from this table).

CAMEO: Schrodt (2012), Conflict and Mediation Event Observations codebook 1.1b3, roots 01, 03, 04
and 12. PLOVER: Open Event Data Alliance (2018 onwards), event type CONSULT with the modes that
POLECAT has (visit, third-party, multilateral, phone) or none, and AGREE, which has no modes, for
what CAMEO calls an intent. Cancelled, negated and possible events get no "happened" code:
users of CAMEO data would count them as events.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """The codes of one combination; None where the scheme has none."""

    type: str
    mode: str | None
    status: str
    cameo: str | None
    plover: str | None


_MEETING_MODES = (
    # mode, CAMEO when it happened, PLOVER mode
    (None, "040", "CONSULT"),
    ("visit", "042", "CONSULT-visit"),
    ("host", "043", "CONSULT-visit"),
    ("third_place", "044", "CONSULT-third-party"),
    ("multilateral", "040", "CONSULT-multilateral"),
    ("mediation", "045", "CONSULT-third-party"),
    ("negotiation", "046", "CONSULT"),
)


def _table() -> tuple[Code, ...]:
    rows: list[Code] = []
    for mode, cameo, plover in _MEETING_MODES:
        rows.append(Code("meeting", mode, "actual", cameo, plover))
        rows.append(Code("meeting", mode, "planned", "039" if mode == "mediation" else "036", "AGREE"))
        rows.append(Code("meeting", mode, "possible", "036", None))
        rows.append(Code("meeting", mode, "cancelled", None, None))
        rows.append(Code("meeting", mode, "negated", "125" if mode == "negotiation" else None, None))
    for mode in (None, "phone", "video"):
        rows.append(Code("call", mode, "actual", "041", "CONSULT-phone"))
        rows.append(Code("call", mode, "planned", "036", "AGREE"))
        rows += [Code("call", mode, s, None, None) for s in ("possible", "cancelled", "negated")]
    rows.append(Code("statement", None, "actual", "010", None))
    rows.append(Code("statement", None, "negated", "011", None))
    rows += [Code("statement", None, s, None, None) for s in ("planned", "possible", "cancelled")]
    return tuple(rows)


CODES = _table()
_BY_KEY = {(c.type, c.mode, c.status): c for c in CODES}


def find_codes(type_: str, mode: str | None, status: str) -> tuple[str | None, str | None]:
    """CAMEO and PLOVER code of an event; statements have one row for all modes."""
    code = _BY_KEY.get((type_, None if type_ == "statement" else mode, status))
    return (None, None) if code is None else (code.cameo, code.plover)
