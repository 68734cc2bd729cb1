"""Word-list entries: their types, and how a pattern meets the words of each language.

Three topics have entries with examples. ``triggers``: words that carry an event. ``parties``: nouns
and pronouns that stand for a party, and titles that stand before a name. ``status``: cues of
realis. In an example the expected match stands between ⟦ and ⟧.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.core.additions import per_additions
from pipeline.languages import load_topic

_LEFT = {"en": r"(?<![\w-])", "ar": r"(?<![\u0621-\u064a])(?:[وف]?(?:لل|[بلك])?)", "zh": ""}
_RIGHT = {"en": r"(?![\w-])", "ar": r"(?![\u0621-\u064a])", "zh": ""}


@dataclass(frozen=True, slots=True)
class TriggerEntry:
    """A word that carries an event, with what must not stand beside it; ``addressee`` where the
    verb's object is spoken to ("told reporters", "urged Israel"), ``follows`` where the word refers
    to the meeting or call told last before it, whichever it was ("the conversation"), ``own`` where
    the user added it."""

    name: str
    pattern: re.Pattern[str]
    type: str
    pos: str
    mode: str | None
    status: str | None
    addressee: bool
    follows: bool
    own: bool
    match: tuple[str, ...]
    no_match: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """A noun or pronoun that may stand for a party; ``title`` where it may stand before a name,
    ``office`` the English office that it names, as the people table has it, lower-case. Of a plural,
    ``stands`` says what it points back at (people, sides, countries) and ``each`` the English noun
    for each of its parties ("delegation")."""

    forms: tuple[str, ...]
    kind: str
    label: str
    plural: bool
    title: bool
    office: str | None
    stands: str | None
    each: str | None
    match: tuple[str, ...]
    no_match: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusCue:
    """A cue of realis near a trigger: ``side`` before or after, within ``window`` code points; ``plain``
    where it leaves no doubt ("may meet"), so that it outweighs the model."""

    pattern: re.Pattern[str]
    status: str
    side: str
    window: int
    types: frozenset[str]
    match: tuple[str, ...]
    no_match: tuple[str, ...]
    plain: bool = False


def bounded(pattern: str, language: str) -> str:
    """A pattern on word boundaries, in a group named ``hit``.

    Arabic words may carry a joined conjunction or preposition, which stays outside the group;
    Chinese has no boundaries.
    """
    return f"{_LEFT[language]}(?P<hit>{pattern}){_RIGHT[language]}"


def read_trigger(language: str, entry: Mapping[str, Any]) -> TriggerEntry:
    """An entry of ``triggers``, as the TOML file has it; raises ``re.error`` where the pattern is none."""
    core = bounded(str(entry["pattern"]), language)
    before = f"(?<!{entry['not_right_before']})" if "not_right_before" in entry else ""
    after = f"(?!{entry['not_after']})" if "not_after" in entry else ""
    needed = f"(?={entry['needs_after']})" if "needs_after" in entry else ""
    flags = re.IGNORECASE if language == "en" else 0
    return TriggerEntry(
        name=str(entry["pattern"]),
        pattern=re.compile(f"{before}{core}{after}{needed}", flags),
        type=str(entry["type"]),
        pos=str(entry["pos"]),
        mode=_text(entry.get("mode")),
        status=_text(entry.get("status")),
        addressee=bool(entry.get("addressee", False)),
        follows=bool(entry.get("follows", False)),
        own=bool(entry.get("own", False)),
        match=_texts(entry.get("match")),
        no_match=_texts(entry.get("not")),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)  # type: ignore[attr-defined]


def read_party(entry: Mapping[str, Any]) -> PartyEntry:
    """An entry of ``parties``, as the TOML file has it."""
    return PartyEntry(
        forms=_texts(entry["forms"]),
        kind=str(entry["kind"]),
        label=str(entry.get("label", "PER")),
        plural=bool(entry.get("plural", False)),
        title=bool(entry.get("title", False)),
        office=_text(entry.get("office")),
        stands=_text(entry.get("stands")),
        each=_text(entry.get("each")),
        match=_texts(entry.get("match")),
        no_match=_texts(entry.get("not")),
    )


def read_cue(language: str, entry: Mapping[str, Any]) -> StatusCue:
    """An entry of ``status``, as the TOML file has it; raises ``re.error`` where the pattern is none."""
    return StatusCue(
        pattern=re.compile(bounded(str(entry["pattern"]), language), re.IGNORECASE if language == "en" else 0),
        status=str(entry["status"]),
        side=str(entry.get("side", "before")),
        window=int(entry.get("window", 40)),
        types=frozenset(_texts(entry.get("types", ("meeting", "call", "statement")))),
        match=_texts(entry.get("match")),
        no_match=_texts(entry.get("not")),
        plain=bool(entry.get("plain", False)),
    )


@per_additions
def trigger_entries(language: str) -> tuple[TriggerEntry, ...]:
    """The trigger words of a language, in the file's order; an earlier entry wins a tie."""
    return tuple(read_trigger(language, e) for e in load_topic(language, "triggers")["trigger"])


@per_additions
def party_entries(language: str) -> tuple[PartyEntry, ...]:
    """The nouns and pronouns of a language that may stand for a party."""
    return tuple(read_party(e) for e in load_topic(language, "parties")["party"])


@functools.cache
def institution_forms() -> tuple[str, ...]:
    """Chinese nouns for a country's bodies and their plurals (外交部, 两国代表团)."""
    return tuple(form for entry in party_entries("zh") if entry.each for form in entry.forms)


@functools.cache
def whole_plurals(language: str) -> frozenset[str]:
    """Words that are a plural party only where they are the whole phrase ("the two", "both")."""
    return frozenset(load_topic(language, "parties").get("whole", {}).get("plurals", ()))


@per_additions
def status_cues(language: str) -> tuple[StatusCue, ...]:
    """The cues of realis of a language; the first that fits decides."""
    return tuple(read_cue(language, e) for e in load_topic(language, "status")["cue"])
