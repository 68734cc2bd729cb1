"""Which extractor proposes the events: the model where there is one, rules where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.config import Events
from pipeline.core.rows import Document
from pipeline.entities.engines.multilingual import ArticleAnalysis, analyse, load_model
from pipeline.events.chinese import with_chinese_clauses
from pipeline.events.circumstances import with_circumstances
from pipeline.events.combine import combine
from pipeline.events.lookalikes import checked
from pipeline.events.messages import with_addressees
from pipeline.events.model import propose
from pipeline.events.proposals import Proposal
from pipeline.events.rules import RuleExtractor
from pipeline.events.scope import scoped
from pipeline.model import ModelError, default_folder
from pipeline.model.calibration import Calibration
from pipeline.model.manifest import read_manifest


def uses_model(config: Events) -> bool:
    """Whether the configuration asks the model: ``auto`` does where one with event heads is there,
    and joins rules to it; ``model`` leaves the rules out."""
    if config.engine == "rules":
        return False
    return config.engine == "model" or _event_model() is not None


def _event_model() -> str | None:
    """Fingerprint of the shipped model where it has event heads."""
    try:
        manifest = read_manifest(default_folder())
    except ModelError:
        return None
    return manifest.fingerprint if "triggers" in manifest.heads else None


def fingerprint(config: Events) -> str:
    """Hash of the event model that the configuration uses; "rules" where it uses none."""
    return f"model:{_event_model()}" if uses_model(config) else "rules"


def _calibrated(proposal: Proposal, calibration: Calibration | None) -> Proposal:
    if calibration is None or proposal.score is None:
        return proposal
    return replace(proposal, score=calibration(proposal.score, proposal.method))


class Extractor:
    """Proposes events for documents with the configured engine."""

    def __init__(self, config: Events) -> None:
        self._model = load_model() if uses_model(config) else None
        self._alone = config.engine == "model"
        self._rules = RuleExtractor()

    def extract(self, documents: Sequence[Document]) -> list[list[Proposal]]:
        """Proposals of each document, in order."""
        if self._model is None:
            return [scoped(self._rules.extract(d), d) for d in documents]
        answers = []
        for document in documents:
            analysis = document.analysis
            if not isinstance(analysis, ArticleAnalysis):
                analysis = analyse(self._model, document)
            if self._alone:
                found = scoped(propose(document, analysis, hints=False), document)
            else:
                rules = scoped(self._rules.extract(document), document)
                joined = combine(scoped(propose(document, analysis), document), rules)
                found = with_chinese_clauses(scoped(checked(joined, rules, document), document), document)
                found = with_circumstances(with_addressees(found, document), document)
            answers.append([_calibrated(p, self._model.calibration) for p in found])
        return answers
