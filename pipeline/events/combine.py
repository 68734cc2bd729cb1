"""Model and rules together: who proposes what, and what becomes of a disagreement.

The model decides type, status and arguments of what it finds. Trigger words that it passes over
come back to it as hints, and it gives them arguments, status and a probability; where it names no
party, the rules do. Figures for each way of
combining them: docs/events.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.events.model import METHOD as MODEL
from pipeline.events.proposals import Proposal

METHOD = "model+rules"
# Below this the rules' cues decide the status of a meeting or call (docs/events.md).
_SURE = 0.8


def combine(model: Sequence[Proposal], rules: Sequence[Proposal]) -> list[Proposal]:
    """Join the proposals of one document; a trigger that both find is one event."""
    answer: list[Proposal] = []
    taken: set[int] = set()
    for proposal in model:
        same = next((n for n, r in enumerate(rules) if n not in taken and _overlap(proposal, r)), None)
        if same is None:
            answer.append(proposal)
            continue
        taken.add(same)
        answer.append(_filled(proposal, rules[same]))
    # The model has never seen a user's own trigger words and may take them for look-alikes.
    answer += [r for n, r in enumerate(rules) if r.own and n not in taken]
    return sorted(answer, key=lambda p: (p.start, p.end, p.type))


def _overlap(a: Proposal, b: Proposal) -> bool:
    return a.start < b.end and b.start < a.end


def _filled(model: Proposal, rules: Proposal) -> Proposal:
    """The model's proposal, with the rules' arguments in the roles that it leaves empty."""
    method = METHOD if model.method == MODEL else model.method
    if model.type != rules.type:
        return replace(model, method=method)
    roles = [a.role for a in model.arguments]
    # A meeting has two parties: where the model names one, the rules may name the other.
    wanted = "speaker" if model.type == "statement" else "participant"
    # The place that is visited takes no part: a visit may have one party.
    least = 1 if model.type == "statement" or rules.mode == "visit" else 2
    extra = tuple(
        a for a in rules.arguments
        if a.role == wanted and roles.count(wanted) < (2 if a.invites else least) and not model.refers_back
        and not any(a.start < b.end and b.start < a.end for b in model.arguments)
    )  # fmt: skip
    status = model.status
    if model.type != "statement" and model.status_score is not None:
        # "Calls off the summit" is a plain cue, which the model overlooks in headlines; 下月可能会晤 is no plan.
        plain = (rules.status in ("cancelled", "negated") and status in ("planned", "actual")) or (
            rules.plain and status == "planned"
        )
        if plain or model.status_score < _SURE:
            status = rules.status
    return replace(model, arguments=model.arguments + extra, method=method, mode=rules.mode, status=status)
