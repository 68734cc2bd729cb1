"""Which engine a configuration names, and what it needs."""

from __future__ import annotations

from pipeline.core.config import Entities
from pipeline.entities.spans import NameEngine
from pipeline.languages import fingerprint_topics


def build_engine(config: Entities) -> NameEngine:
    """Build the configured engine with its models loaded.

    Raises ``ConfigError`` where a model or package is missing, with what to do.
    """
    if config.engine == "multilingual":
        from pipeline.entities.engines.multilingual import MultilingualEngine

        return MultilingualEngine()
    if config.engine == "spacy":
        from pipeline.entities.engines.spacy_engine import SpacyEngine

        return SpacyEngine(config.spacy_pipelines)
    if config.engine == "stanza":
        from pipeline.entities.engines.stanza_engine import StanzaEngine

        return StanzaEngine(config.stanza_dir, config.stanza_languages)
    from pipeline.entities.engines.gazetteer import GazetteerEngine

    return GazetteerEngine()


def engine_fingerprint(config: Entities) -> str:
    """Hash of the engine's name and model."""
    if config.engine == "multilingual":
        from pipeline.model.manifest import ModelError, default_folder, read_manifest

        try:
            return f"multilingual:{read_manifest(default_folder()).fingerprint}"
        except ModelError:
            return "multilingual:missing"
    if config.engine == "stanza" and config.stanza_dir:
        from pipeline.entities.engines.stanza_engine import models_fingerprint

        return f"stanza:{models_fingerprint(config.stanza_dir, config.stanza_languages)}"
    if config.engine == "spacy":
        return f"spacy:{sorted(config.spacy_pipelines.items())}"
    # The gazetteer takes a word that carries an event for no part of a name.
    return f"gazetteer:{fingerprint_topics('triggers')}"
