"""What merging found the last time, so that it need not be worked out again.

Merging takes the articles in turns. Of each turn this notes its input (a hash of all that is told and
of the articles' known entities), which mentions were taken together, which stories were candidates
for its events, and the scores above zero. A story's **state** is a hash of the events that made it,
in their order. The same event compared with a story in the same state gives the same score; so where
a turn of the last run had the same input, a candidate whose state lived at that turn of the last run
either has its score in the notes or scored no more than zero. All else is scored anew. Whether two
stories are one is also a function of their states: pairs that are not are noted, too. The stories
are therefore those of a run from nothing, whatever came, changed or went, and wherever in time.
"""

from __future__ import annotations

import hashlib
import io
import marshal
import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.stories.matching import EventMention, Party
from pipeline.stories.translations import Translation

_MASK = (1 << 64) - 1
# The first format of marshal tells values alone, later ones also which of them are one object.
_BY_VALUE = 0
_PACKAGES = ("core", "languages", "entities", "stories")
_CODE = (".py", ".toml")
_LIBRARIES = ("numpy", "pypinyin")
# Name of each list of numbers, and its type.
_LISTS = {
    "keys": "Q", "events": "i", "units": "i", "groups": "i", "totals": "Q", "counts": "i", "wholes": "b", "found": "i",
    "before": "Q", "after": "Q", "states": "Q", "scores": "d", "united_at": "i", "united": "Q",
    "apart": "Q",
}  # fmt: skip
Numbers = npt.NDArray[Any]
_NUMBERS = {"Q": np.uint64, "i": np.int32, "b": np.int8, "d": np.float64}


@cache
def code_fingerprint() -> str:
    """Hash of all code and word lists that merging may use, and of the libraries that shape its answer."""
    digest = hashlib.sha256(sys.version.encode())
    for library in _LIBRARIES:
        digest.update(metadata.version(library).encode())
    for package in _PACKAGES:
        _add(digest, resources.files(f"pipeline.{package}"))
    return digest.hexdigest()


def _add(digest: hashlib._Hash, folder: Traversable) -> None:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            _add(digest, entry)
        elif entry.name.endswith(_CODE):
            digest.update(entry.name.encode())
            digest.update(entry.read_bytes())


def mix(a: int, b: int) -> int:
    """One number of 64 bits, never 0, for two in their order (after MurmurHash3's finalizer)."""
    x = (a ^ (b + 0x9E3779B97F4A7C15 + (a << 6) + (a >> 2))) & _MASK
    x = ((x ^ (x >> 33)) * 0xFF51AFD7ED558CCD) & _MASK
    x = ((x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53) & _MASK
    return (x ^ (x >> 33)) or 1


@dataclass(frozen=True, slots=True)
class Found:
    """What an event's candidates were: how many, the sum of their states, whether none was left out,
    and the scores above zero by state."""

    total: int
    count: int
    whole: bool
    scores: Mapping[int, float]


class Before:
    """What the last run noted; empty where nothing that fits is kept."""

    def __init__(self, content: bytes | memoryview | None = None, settings: str = "") -> None:
        lists = None if content is None else _read(content, settings)
        self._lists: dict[str, Numbers] = lists or {
            name: np.empty(0, dtype=_NUMBERS[kind]) for name, kind in _LISTS.items()
        }
        found = self._lists
        self._turns = dict(zip(found["keys"].tolist(), range(len(found["keys"])), strict=True))
        self._first_event, self._first_unit, self._first_score = (
            np.concatenate(([0], np.cumsum(found[name]))) for name in ("events", "units", "found")
        )
        self._apart = frozenset(found["apart"].tolist())
        turn_of = np.repeat(np.arange(len(found["keys"])), found["events"])
        united = found["united"].reshape(-1, 3)
        taken = found["before"] != 0
        self._born: dict[int, int] = dict(zip(found["after"].tolist(), turn_of.tolist(), strict=True))
        self._born.update(zip(united[:, 2].tolist(), found["united_at"].tolist(), strict=True))
        self._ended: dict[int, int] = dict(zip(found["before"][taken].tolist(), turn_of[taken].tolist(), strict=True))
        for side in (0, 1):
            self._ended.update(zip(united[:, side].tolist(), found["united_at"].tolist(), strict=True))

    def turn(self, key: int) -> int | None:
        """The number of the turn that had this input."""
        return self._turns.get(key)

    def groups(self, turn: int) -> list[list[int]]:
        """Which units of the turn's article were taken together."""
        groups: dict[int, list[int]] = {}
        of = self._lists["groups"][self._first_unit[turn] : self._first_unit[turn + 1]].tolist()
        for unit, group in enumerate(of):
            groups.setdefault(group, []).append(unit)
        return list(groups.values())

    def found(self, turn: int, n: int) -> Found:
        """What was found for the turn's event ``n``."""
        at = self._first_event[turn] + n
        lists, some = self._lists, slice(self._first_score[at], self._first_score[at + 1])
        scores = dict(zip(lists["states"][some].tolist(), lists["scores"][some].tolist(), strict=True))
        return Found(int(lists["totals"][at]), int(lists["counts"][at]), bool(lists["wholes"][at]), scores)

    def lived(self, state: int, turn: int) -> bool:
        """Whether a story was in this state when the turn began."""
        return self._born.get(state, turn) < turn <= self._ended.get(state, turn)

    def apart(self, pair: int) -> bool:
        """Whether two stories in these states were found to be two."""
        return pair in self._apart


def _read(content: bytes | memoryview, settings: str) -> dict[str, Numbers] | None:
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        if str(kept["settings"]) != settings:
            return None
        return {name: kept[name] for name in _LISTS}


class Replay:
    """Merging's turns: what is known of each from the last run, and the notes of this one."""

    def __init__(
        self, context: Mapping[str, frozenset[str]], settings: str, content: bytes | memoryview | None = None
    ) -> None:
        self._settings = f"{settings} {code_fingerprint()}"
        self.before = Before(content, self._settings)
        self.lists: dict[str, array[Any]] = {name: array(kind) for name, kind in _LISTS.items()}
        self._context = context
        self._words: dict[Party, str] = {}

    def turn(self, half: Sequence[EventMention], others: Iterable[tuple[Translation, Sequence[EventMention]]]) -> Turn:
        """Begin the turn of an article's mentions and those of its translations."""
        told: list[object] = [self._told(half)]
        for translation, mentions in others:
            told += [sorted(translation.lines.items()), self._told(mentions)]
        key = hashlib.blake2b(marshal.dumps(told, _BY_VALUE), digest_size=8).digest()
        return Turn(self, int.from_bytes(key, "little"))

    def _told(self, mentions: Sequence[EventMention]) -> list[object]:
        rows: list[object] = []
        for m in mentions:
            times = [d and d.toordinal() for d in (m.time_start, m.time_end, m.published)]
            words = [self._words.get(p) or self._words.setdefault(p, repr(p)) for p in m.parties]
            rows.append((
                m.event_id, m.article_id, m.sentence_id, m.start, m.type, m.mode, m.status, words, times,
                m.place and (m.place.key, m.place.nation, m.place.kind, m.place.name), m.visit, m.ordinal, m.trigger,
                m.trust, m.line, m.cue, m.verb,
            ))  # fmt: skip
        rows += [sorted(self._context.get(a, ())) for a in dict.fromkeys(m.article_id for m in mentions)]
        return rows

    def content(self) -> bytes:
        """The notes of this run, to be kept for the next."""
        out = io.BytesIO()
        lists: dict[str, Any] = {
            name: np.array(self.lists[name], dtype=_NUMBERS[kind]) for name, kind in _LISTS.items()
        }
        np.savez(out, settings=np.array(self._settings), **lists)
        return out.getvalue()


class Turn:
    """One turn of merging: an article's events of one type and script, with their translations'."""

    def __init__(self, replay: Replay, key: int) -> None:
        self._before, self._lists, self._key = replay.before, replay.lists, key
        self._at = replay.before.turn(key)
        self._number = len(self._lists["keys"])
        self._lists["keys"].append(key)

    def groups(self) -> list[list[int]] | None:
        """Which units the last run took together; None where that is not known."""
        return None if self._at is None else self._before.groups(self._at)

    def note_groups(self, groups: Sequence[Sequence[int]], events: int) -> None:
        """Note which units are taken together, and how many events that makes."""
        of = {unit: n for n, group in enumerate(groups) for unit in group}
        self._lists["groups"].extend(of[unit] for unit in range(len(of)))
        self._lists["units"].append(len(of))
        self._lists["events"].append(events)

    def found(self, n: int) -> Found | None:
        """What the last run found for event ``n``."""
        return None if self._at is None else self._before.found(self._at, n)

    def lived(self, state: int) -> bool:
        """Whether a story was in this state when the last run came to this turn."""
        return self._at is not None and self._before.lived(state, self._at)

    def note_found(self, found: Found) -> None:
        """Note what was found for the next event."""
        for name, value in (("totals", found.total), ("counts", found.count), ("wholes", found.whole)):
            self._lists[name].append(value)
        self._lists["found"].append(len(found.scores))
        self._lists["states"].extend(found.scores.keys())
        self._lists["scores"].extend(found.scores.values())

    def take(self, n: int, state: int) -> int:
        """Note that event ``n`` joins the story of a state (0: founds one); gives its state from then on."""
        event = mix(self._key, n)
        after = mix(state, event) if state else event
        self._lists["before"].append(state)
        self._lists["after"].append(after)
        return after

    def apart(self, a: int, b: int, differ: Callable[[], bool]) -> bool:
        """Whether two stories in these states are two: as the last run found, or as ``differ`` tells."""
        pair = mix(a, b)
        answer = self._before.apart(pair) or differ()
        if answer:
            self._lists["apart"].append(pair)
        return answer

    def unite(self, a: int, b: int) -> int:
        """Note that two stories are made one; gives its state."""
        after = mix(mix(a, b), 1)
        self._lists["united_at"].append(self._number)
        self._lists["united"].extend((a, b, after))
        return after


def total_of(states: Iterable[int]) -> int:
    """The sum of states, by which a set of candidates is told from another."""
    return sum(states) & _MASK
