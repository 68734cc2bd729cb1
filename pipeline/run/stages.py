"""What a stage is, and the stages in order.

A stage owns one step. It declares its version, the tables that it reads and writes, and a
signature over all that shapes its answer besides the input: code version, settings, word lists,
model. A changed signature reruns this stage and those after it, and no other.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pipeline.articles
import pipeline.entities
import pipeline.events
import pipeline.language
from pipeline.core.additions import Additions, read_additions
from pipeline.core.config import Config
from pipeline.core.rows import Document
from pipeline.entities.lexicon import load_lexicon
from pipeline.languages import fingerprint_topics
from pipeline.languages.own import check_own_words

PER_ARTICLE = ("articles", "language", "entities", "events")
WRITES: dict[str, tuple[str, ...]] = {
    "articles": ("articles",),
    "language": ("articles", "sentences"),
    "entities": ("mentions",),
    "events": ("events", "arguments"),
}
"""The tables that each stage writes; ``language`` also fills the language columns of articles."""


LIBRARIES: dict[str, tuple[str, ...]] = {
    "articles": ("trafilatura", "lxml", "lxml_html_clean"),
    "language": ("py3langid",),
    "entities": ("onnxruntime", "pypinyin"),
    "events": ("onnxruntime", "hijridate"),
}
"""Libraries whose next version may give another answer for the same text."""


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "none"


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


@dataclass(frozen=True, slots=True)
class _Within:
    """A stage in which the user's additions hold."""

    additions: Additions
    stage: Stage

    def run(self, documents: Sequence[Document]) -> list[Document]:
        """See ``Stage.run``."""
        with self.additions.active():
            return self.stage.run(documents)


@dataclass(slots=True)
class Stages:
    """The stages of one configuration, each built when it is first needed.

    Raises ``ConfigError`` where the user's own tables or words are missing or wrong.
    """

    config: Config
    additions: Additions = field(init=False)
    _built: dict[str, Stage] = field(default_factory=dict)
    _signatures: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.additions = read_additions(self.config)
        with self.additions.active():
            check_own_words()
            if self.additions.tables:
                load_lexicon()

    def signature(self, name: str) -> str:
        """Hash of all that shapes a stage's answer besides its input."""
        if name not in self._signatures:
            self._signatures[name] = signature_of(name, self.parts(name))
        return self._signatures[name]

    def parts(self, name: str) -> dict[str, str]:
        """What shapes a stage's answer, by kind: code, settings, words, model (with the entity
        tables), libraries."""
        config = self.config
        version, topics, section = {
            "articles": (pipeline.articles.VERSION, pipeline.articles.TOPICS, config.reading.fingerprint()),
            "language": (pipeline.language.VERSION, pipeline.language.TOPICS, config.language.fingerprint()),
            "entities": (pipeline.entities.VERSION, pipeline.entities.TOPICS, config.entities.fingerprint()),
            "events": (pipeline.events.VERSION, pipeline.events.TOPICS, config.events.fingerprint()),
        }[name]
        with self.additions.active():
            answer = {"code": version, "settings": section, "words": fingerprint_topics(*topics)}
            if name == "entities":
                answer["model"] = pipeline.entities.model_fingerprint(config.entities)
            elif name == "events":
                answer["model"] = pipeline.events.model_fingerprint(config.events)
        answer["libraries"] = " ".join(f"{library} {_version(library)}" for library in LIBRARIES[name])
        return answer

    def stage(self, name: str) -> Stage:
        """The stage of that name, with its models loaded."""
        if name not in self._built:
            with self.additions.active():
                self._built[name] = _Within(self.additions, self._build(name))
        return self._built[name]

    def _build(self, name: str) -> Stage:
        if name == "language":
            return _Each(pipeline.language.LanguageStage(self.config.language))
        if name == "entities":
            return pipeline.entities.EntitiesStage(self.config.entities)
        if name == "events":
            return pipeline.events.EventsStage(self.config.events)
        raise KeyError(name)


def signature_of(name: str, parts: Mapping[str, str]) -> str:
    """A stage's signature from what shapes its answer, as ``Stages.parts`` tells it."""
    joined = "\0".join(f"{kind}={value}" for kind, value in sorted(parts.items()))
    return hashlib.sha256(f"{name}\0{joined}".encode()).hexdigest()[:16]


def chain(stages: Stages, source_name: str, content: str) -> dict[str, str]:
    """Fingerprint of each stage's answer for one source: input, this stage and all before it."""
    return chain_of({name: stages.signature(name) for name in PER_ARTICLE}, source_name, content)


def chain_of(signatures: Mapping[str, str], source_name: str, content: str) -> dict[str, str]:
    """The same, given the stages' signatures."""
    answer: dict[str, str] = {}
    last = hashlib.sha256(f"{source_name}\0{content}".encode("utf-8", "replace")).hexdigest()
    for name in PER_ARTICLE:
        last = hashlib.sha256(f"{last}\0{signatures[name]}".encode()).hexdigest()[:16]
        answer[name] = last
    return answer
