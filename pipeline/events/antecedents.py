"""Which meeting or call told before a definite noun means: "the talks", 会谈结束后, "that conversation".

Of the events of its type the last one that the same word names is meant, at the place named beside
it where one is; where no word fits, the last one that is no visit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from pipeline.entities.linking import Resolved
from pipeline.entities.offices import identity
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.languages.phrases import phrase_anywhere

# A party that the model is less sure of gives way to the antecedent's.
_SURE = 0.8
# Kinds of events by their words, as the lists have them; calls are one kind.
_KINDS = ("talks", "summit", "conference", "visit", "meeting")
_LOOSE = frozenset({"talks", "meeting"})


@dataclass(frozen=True, slots=True)
class Told:
    """An event that the article has told: where, by which kind of word, with whom; ``several`` where a
    plural that stays open ("the ministers") is among them."""

    start: int
    type: str
    kind: str
    places: frozenset[str]
    parties: Mapping[ProposedArgument, tuple[Resolved, ...]]
    several: bool = False

    def identities(self) -> frozenset[str]:
        """What tells its known parties from others."""
        return frozenset(identity(r) for who in self.parties.values() for r in who)


@dataclass(slots=True)
class Antecedents:
    """The meetings and calls told so far that name at least two parties."""

    text: str
    told: list[Told] = field(default_factory=list)

    def remember(
        self,
        proposal: Proposal,
        found: Mapping[ProposedArgument, tuple[Resolved, ...]],
        is_pronoun: Callable[[int, int], bool],
        is_plural: Callable[[int, int], bool] = lambda start, end: False,
    ) -> None:
        """Keep a meeting or call of at least two parties; a pronoun that stays open is none, a plural is two."""
        parties = {
            a: who for a, who in found.items() if a.role == "participant" and (who or not is_pronoun(a.start, a.end))
        }
        named = {identity(r) for who in parties.values() for r in who}
        named |= {self.text[a.start : a.end] for a, who in parties.items() if not who}
        several = any(is_plural(a.start, a.end) for a, who in parties.items() if not who)
        if proposal.type == "statement" or len(named) + several < 2:
            return
        kind, places = self._kind(proposal), self._places(proposal)
        self.told.append(Told(proposal.start, proposal.type, kind, places, parties, several))

    def find(self, proposal: Proposal, named: Set[str] = frozenset()) -> Told | None:
        """The event that a noun refers back to, or None; one with all the ``named`` parties before any other."""
        same = [t for t in self.told if t.type == proposal.type and t.start < proposal.start]
        kind = self._kind(proposal)
        exact = [t for t in same if t.kind == kind]
        if places := self._places(proposal):
            exact = [t for t in exact if t.places & places] or exact
        if not exact and kind in _LOOSE:
            exact = [t for t in same if t.kind in _LOOSE]
        exact = [t for t in exact if named <= t.identities()] or exact
        known = [t for t in exact if t.several or len(t.identities()) >= 2]
        return next(reversed(known or exact), None)

    def completed(
        self, proposal: Proposal, found: Mapping[ProposedArgument, tuple[Resolved, ...]], *, replacing: bool = True
    ) -> dict[ProposedArgument, tuple[Resolved, ...]]:
        """The arguments of a noun that refers back, with the antecedent's parties.

        Its own parties stay where two are sure, or where they are among the antecedent's; without
        ``replacing`` those of another event stay alone.
        """
        own = {a: who for a, who in found.items() if a.role == "participant"}
        named = {identity(r) for who in own.values() for r in who}
        told = self.find(proposal, named)
        sure = all(a.score is None or a.score >= _SURE for a in own)
        if told is None or (max(len(named), len(own)) >= 2 and sure):
            return dict(found)
        if named and not replacing and not named <= told.identities():
            return dict(found)
        others = {a: who for a, who in found.items() if a.role != "participant"}
        if named and named <= told.identities():
            more = {
                a: rest for a, who in told.parties.items()
                if (rest := tuple(r for r in who if identity(r) not in named))
            }  # fmt: skip
            return others | own | more
        return others | dict(told.parties)

    def _kind(self, proposal: Proposal) -> str:
        if proposal.type == "call":
            return "call"
        written = self.text[proposal.start : proposal.end]
        return next((kind for kind in _KINDS if phrase_anywhere(f"kind_{kind}").search(written)), "meeting")

    def _places(self, proposal: Proposal) -> frozenset[str]:
        spans: Sequence[ProposedArgument] = [a for a in proposal.arguments if a.role == "place"]
        return frozenset(self.text[a.start : a.end] for a in spans)
