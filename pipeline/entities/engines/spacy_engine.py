"""Names from spaCy pipelines that the user has installed, one for each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import spacy

from pipeline.core.config import ConfigError
from pipeline.core.rows import Document, Sentence
from pipeline.entities.engines.labels import label_map
from pipeline.entities.spans import Found, NameSpan

RECOGNIZER = "spacy"
_FINDERS = ("ner", "beam_ner", "entity_ruler")


class SpacyEngine:
    """Runs each sentence through the pipeline of its language; other languages get no names."""

    def __init__(self, pipelines: Mapping[str, str]) -> None:
        if not pipelines:
            raise ConfigError(
                "no spaCy pipeline is named; write for example [entities] spacy_pipelines = {en = 'en_core_web_sm'} "
                "into communique.toml, after: python -m spacy download en_core_web_sm"
            )
        self._pipelines = {language: _load(language, name) for language, name in pipelines.items()}
        self._labels = {language: label_map("spacy", _name_labels(nlp)) for language, nlp in self._pipelines.items()}

    def find(self, documents: Sequence[Document]) -> list[Found]:
        """See ``NameEngine.find``."""
        spans: list[list[NameSpan]] = [[] for _ in documents]
        for language in self._pipelines:
            work = [
                (number, s) for number, d in enumerate(documents) for s in d.sentences
                if s.language == language and s.kind != "boilerplate"
            ]  # fmt: skip
            for (number, _), found in zip(work, self._sentences(language, [s for _, s in work]), strict=True):
                spans[number] += found
        return [Found(tuple(sorted(s, key=lambda n: n.start))) for s in spans]

    def _sentences(self, language: str, sentences: Sequence[Sentence]) -> Iterator[list[NameSpan]]:
        labels = self._labels[language]
        parsed = self._pipelines[language].pipe((s.text for s in sentences), batch_size=64)
        for sentence, doc in zip(sentences, parsed, strict=True):
            yield [
                NameSpan(sentence.start + e.start_char, sentence.start + e.end_char, label, None, RECOGNIZER)
                for e in doc.ents
                if (label := labels.get(e.label_)) is not None
            ]


def _name_labels(nlp: spacy.language.Language) -> list[str]:
    finders = [pipe for name, pipe in nlp.pipeline if name in _FINDERS]
    return sorted({label for pipe in finders for label in getattr(pipe, "labels", ())})


def _load(language: str, name: str) -> spacy.language.Language:
    try:
        nlp = spacy.load(name, exclude=["tagger", "parser", "lemmatizer", "attribute_ruler"])
    except (OSError, ImportError, ValueError) as error:
        raise ConfigError(
            f"the spaCy pipeline '{name}' for {language} cannot be loaded; install it with: python -m spacy download {name}"
        ) from error
    if not set(_FINDERS) & set(nlp.pipe_names):
        raise ConfigError(f"the spaCy pipeline '{name}' finds no names: it has no component 'ner' or 'entity_ruler'")
    return nlp
