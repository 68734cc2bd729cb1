"""Stage 4: meetings, calls and statements, with parties, time, place, quote and realis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.config import Events
from pipeline.core.rows import Document
from pipeline.events.assemble import assemble
from pipeline.events.extractor import Extractor

VERSION = "5"
TOPICS = (
    "triggers",
    "status",
    "parties",
    "gender",
    "calendar",
    "times",
    "topics",
    "modes",
    "fragments",
    "lookalikes",
    "phrases",
)


def model_fingerprint(config: Events) -> str:
    """Hash of the event model that the configuration uses; empty for rules alone."""
    from pipeline.events.extractor import fingerprint

    return fingerprint(config)


class EventsStage:
    """Extracts events with the configured engine and completes them."""

    def __init__(self, config: Events) -> None:
        self._config = config
        self._extractor = Extractor(config)

    def run(self, documents: Sequence[Document]) -> list[Document]:
        """Fill ``events`` and ``arguments``; boilerplate bears none."""
        proposals = self._extractor.extract(documents)
        answers = []
        for document, proposed in zip(documents, proposals, strict=True):
            events, arguments = assemble(document, proposed, min_score=self._config.min_score)
            answers.append(replace(document, events=events, arguments=arguments, analysis=None))
        return answers
