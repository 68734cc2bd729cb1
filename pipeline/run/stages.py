"""What a stage is, and the stages in order.

A stage owns one step. It declares its version, the tables that it reads and writes, and a
signature over all that shapes its answer besides the input: code version, settings, word lists,
model. A changed signature reruns this stage and those after it, and no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pipeline.articles
import pipeline.entities
import pipeline.events
import pipeline.language
from pipeline.core.config import Config
from pipeline.core.rows import Document
from pipeline.languages import fingerprint_topics

PER_ARTICLE = ("articles", "language", "entities", "events")
WRITES: dict[str, tuple[str, ...]] = {
    "articles": ("articles",),
    "language": ("articles", "sentences"),
    "entities": ("mentions",),
    "events": ("events", "arguments"),
}
"""The tables that each stage writes; ``language`` also fills the language columns of articles."""


class Stage(Protocol):
    """A step that turns documents into documents with more rows."""

    def run(self, documents: Sequence[Document]) -> list[Document]:
        """Add the stage's rows; one document out for each one in, in order."""
        ...


@dataclass(frozen=True, slots=True)
class _Each:
    """The language stage takes one document at a time; this gives it the form of the others."""

    stage: pipeline.language.LanguageStage

    def run(self, documents: Sequence[Document]) -> list[Document]:
        """See ``Stage.run``."""
        return [self.stage.run(d) for d in documents]


@dataclass(slots=True)
class Stages:
    """The stages of one configuration, each built when it is first needed."""

    config: Config
    _built: dict[str, Stage] | None = None

    def signature(self, name: str) -> str:
        """Hash of all that shapes a stage's answer besides its input."""
        config = self.config
        parts: tuple[str, ...]
        if name == "articles":
            parts = (
                pipeline.articles.VERSION,
                config.reading.fingerprint(),
                fingerprint_topics(*pipeline.articles.TOPICS),
            )
        elif name == "language":
            parts = (
                pipeline.language.VERSION,
                config.language.fingerprint(),
                fingerprint_topics(*pipeline.language.TOPICS),
            )
        elif name == "entities":
            parts = (
                pipeline.entities.VERSION,
                config.entities.fingerprint(),
                fingerprint_topics(*pipeline.entities.TOPICS),
                pipeline.entities.model_fingerprint(config.entities),
            )
        elif name == "events":
            parts = (
                pipeline.events.VERSION,
                config.events.fingerprint(),
                fingerprint_topics(*pipeline.events.TOPICS),
                pipeline.events.model_fingerprint(config.events),
            )
        else:
            raise KeyError(name)
        return hashlib.sha256("\0".join((name, *parts)).encode()).hexdigest()[:16]

    def stage(self, name: str) -> Stage:
        """The stage of that name, with its models loaded."""
        if self._built is None:
            self._built = {}
        if name not in self._built:
            if name == "language":
                self._built[name] = _Each(pipeline.language.LanguageStage(self.config.language))
            elif name == "entities":
                self._built[name] = pipeline.entities.EntitiesStage(self.config.entities)
            elif name == "events":
                self._built[name] = pipeline.events.EventsStage(self.config.events)
            else:
                raise KeyError(name)
        return self._built[name]


def chain(stages: Stages, source_name: str, sha256: str) -> dict[str, str]:
    """Fingerprint of each stage's answer for one source: input, this stage and all before it."""
    answer: dict[str, str] = {}
    last = hashlib.sha256(f"{source_name}\0{sha256}".encode("utf-8", "replace")).hexdigest()
    for name in PER_ARTICLE:
        last = hashlib.sha256(f"{last}\0{stages.signature(name)}".encode()).hexdigest()[:16]
        answer[name] = last
    return answer
