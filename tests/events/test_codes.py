"""Codes of CAMEO and PLOVER for type, mode and status."""

from __future__ import annotations

import pytest

from pipeline.events.codes import CODES, find_codes


@pytest.mark.parametrize(
    ("type_", "mode", "status", "cameo", "plover"),
    [
        ("meeting", "visit", "actual", "042", "CONSULT-visit"),
        ("meeting", "host", "actual", "043", "CONSULT-visit"),
        ("meeting", "third_place", "actual", "044", "CONSULT-third-party"),
        ("meeting", "mediation", "actual", "045", "CONSULT-third-party"),
        ("meeting", "negotiation", "actual", "046", "CONSULT"),
        ("meeting", None, "actual", "040", "CONSULT"),
        ("meeting", None, "planned", "036", "AGREE"),
        ("meeting", "negotiation", "planned", "036", "AGREE"),
        ("meeting", "mediation", "planned", "039", "AGREE"),
        ("call", "phone", "actual", "041", "CONSULT-phone"),
        ("call", None, "planned", "036", "AGREE"),
        ("statement", None, "actual", "010", None),
        ("statement", None, "negated", "011", None),
    ],
)
def test_code_of_an_event(type_: str, mode: str | None, status: str, cameo: str, plover: str | None) -> None:
    assert find_codes(type_, mode, status) == (cameo, plover)


@pytest.mark.parametrize("status", ["cancelled", "negated", "possible"])
def test_what_did_not_happen_is_no_consultation(status: str) -> None:
    """Users of CAMEO data would count it as an event."""
    for code in CODES:
        if code.type in ("meeting", "call") and code.status == status:
            assert code.cameo is None or not code.cameo.startswith("04")
            assert code.plover is None


def test_codes_are_codes_of_the_schemes() -> None:
    """CAMEO 1.1b3 has 0331 for "intent to provide economic aid"; POLECAT has no mode "planned" or "bilateral"."""
    cameo = {"010", "011", "036", "039", "040", "041", "042", "043", "044", "045", "046", "125"}
    plover = {"AGREE", "CONSULT", *(f"CONSULT-{mode}" for mode in ("visit", "third-party", "multilateral", "phone"))}
    assert {c.cameo for c in CODES} - {None} == cameo
    assert {c.plover for c in CODES} - {None} == plover


def test_a_statement_has_one_row_for_all_modes() -> None:
    assert find_codes("statement", "phone", "actual") == find_codes("statement", None, "actual")


def test_every_combination_stands_once() -> None:
    keys = [(c.type, c.mode, c.status) for c in CODES]
    assert len(keys) == len(set(keys))
    assert {c.status for c in CODES} == {"actual", "planned", "cancelled", "negated", "possible"}


def test_unknown_combination_has_no_code() -> None:
    assert find_codes("meeting", "phone", "actual") == (None, None)
