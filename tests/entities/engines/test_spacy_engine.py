"""spaCy pipelines by name, with offsets into the article's text."""

import pytest
import spacy

from pipeline.core.config import Config, ConfigError, Reading
from pipeline.core.rows import Document
from pipeline.entities.engines.labels import label_map
from pipeline.entities.engines.spacy_engine import SpacyEngine
from pipeline.language import LanguageStage


def pipeline(folder, patterns):
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(patterns)
    nlp.to_disk(folder)
    return str(folder)


def document(tmp_path, text):
    from pipeline.articles import read_articles

    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    article = next(iter(read_articles(tmp_path / "a.txt", source="a.txt", config=Reading())))
    return LanguageStage(Config().language).run(Document(article))


def test_offsets_and_labels(tmp_path):
    name = pipeline(tmp_path / "nlp", [{"label": "PERSON", "pattern": "Ana Sol"}, {"label": "DATE", "pattern": "Monday"},
                                       {"label": "GPE", "pattern": "Quito"}])  # fmt: skip
    doc = document(
        tmp_path, "“Yes,” minister Ana Sol said on Monday — again.\nShe left Quito for good, the ministry said.\n"
    )
    (found,) = SpacyEngine({"en": name}).find([doc])
    assert [(doc.article.text[n.start : n.end], n.label, n.score) for n in found.names] == [
        ("Ana Sol", "PER", None), ("Quito", "GPE", None),
    ]  # fmt: skip


def test_unlisted_label_stops_before_the_first_article(tmp_path):
    name = pipeline(tmp_path / "nlp", [{"label": "STARSHIP", "pattern": "Enterprise"}])
    with pytest.raises(ConfigError, match="STARSHIP"):
        SpacyEngine({"en": name})


def test_missing_pipeline_tells_the_remedy():
    with pytest.raises(ConfigError, match="spacy download"):
        SpacyEngine({"en": "no_such_pipeline"})
    with pytest.raises(ConfigError, match="spacy_pipelines"):
        SpacyEngine({})


def test_pipeline_without_names_is_refused(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "nlp")
    with pytest.raises(ConfigError, match="no component"):
        SpacyEngine({"en": str(tmp_path / "nlp")})


@pytest.mark.parametrize("engine", ["multilingual", "spacy", "stanza"])
def test_label_file_covers_the_engines(engine):
    assert label_map(engine, ["ORG", "LOC"]) == {"ORG": "ORG", "LOC": "LOC"}
