"""What every name engine returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.core.rows import Document


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in an article: code-point offsets, label (PER, ORG, LOC, GPE), the model's
    probability or None, and the engine."""

    start: int
    end: int
    label: str
    score: float | None
    recognizer: str


@dataclass(frozen=True, slots=True)
class Found:
    """An engine's answer for one document; ``analysis`` is handed on to the events stage."""

    names: tuple[NameSpan, ...]
    analysis: object | None = None


class NameEngine(Protocol):
    """Finds names; built once, its models loaded, then called with many documents."""

    def find(self, documents: Sequence[Document]) -> list[Found]:
        """One answer for each document, in order; spans are sorted and do not overlap."""
        ...
