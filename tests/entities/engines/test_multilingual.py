"""The shipped model as a name engine: offsets, furniture, and one label a person in an article."""

import time
from types import SimpleNamespace

import pytest

from pipeline.core.config import Config, ConfigError
from pipeline.entities.engines.multilingual import MultilingualEngine, analyse, consistent
from pipeline.entities.spans import NameSpan
from pipeline.language import LanguageStage
from tests.entities.engines.test_spacy_engine import document


def span(text, name, label, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = text.index(name, start + 1)
    return NameSpan(start, start + len(name), label, 0.9, "multilingual")


def test_a_surname_is_the_person_named_in_full():
    text = "Harrison Ford left. Ford was late. The Ford plant opened."
    spans = [span(text, "Harrison Ford", "PER"), span(text, "Ford", "ORG", 1)]
    assert [s.label for s in consistent(text, spans)] == ["PER", "PER"]


def test_the_label_of_most_mentions_wins():
    text = "Qatar Qatar Qatar Qatar"
    spans = [span(text, "Qatar", "LOC", n) for n in range(3)] + [span(text, "Qatar", "PER", 3)]
    assert {s.label for s in consistent(text, spans)} == {"LOC"}


def test_offsets_in_three_scripts(tmp_path):
    text = (
        "President Emmanuel Macron met Olaf Scholz in Berlin on Monday, the Élysée said.\n"
        "وقال وزير الخارجية المصري بدر عبد العاطي إن القاهرة ترحب بزيارة أنطونيو غوتيريش.\n"
        "中国外交部长王毅在北京会见法国总统马克龙。\n"
        "Leave a Reply\n"
    )
    doc = document(tmp_path, text)
    (found,) = MultilingualEngine().find([doc])
    names = {doc.article.text[n.start : n.end] for n in found.names}
    assert {"Emmanuel Macron", "Olaf Scholz", "Berlin", "王毅", "北京", "马克龙"} <= names
    assert any("عبد العاطي" in n for n in names)
    assert all(0.0 < n.score <= 1.0 for n in found.names)
    assert [n.start for n in found.names] == sorted(n.start for n in found.names)


def test_same_article_gives_the_same_names_in_any_company(tmp_path):
    one = document(tmp_path, "Chile's Gabriel Boric phoned Lula in Brasilia on Monday, officials said.\n")
    other = document(tmp_path, "Peru will host talks.\n" * 30)
    engine = MultilingualEngine()
    assert engine.find([one])[0].names == engine.find([other, one])[1].names


def test_many_lines_cost_as_many_steps(tmp_path):
    # 20,000 lines of one word took 20,000 times 20,000 steps, half a minute and more.
    doc = document(tmp_path, "Peru will host talks.\n" + "text,\n" * 20_000)
    seen = []
    model = SimpleNamespace(has_events=False, analyse=lambda lines, hints: seen.extend(lines) or [])
    began = time.process_time()
    starts = analyse(model, doc).starts
    assert time.process_time() - began < 5
    assert len(seen) == 20_001
    assert all(doc.article.text.startswith(line, start) for line, start in zip(seen, starts, strict=True))


def test_missing_model_stops_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("COMMUNIQUE_MODEL", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match="gazetteer"):
        MultilingualEngine()


def test_other_languages_are_left_alone(tmp_path):
    doc = LanguageStage(Config().language).run(
        document(
            tmp_path,
            "Le président Emmanuel Macron a rencontré le chancelier Olaf Scholz à Berlin lundi, selon l’Élysée.\n",
        )
    )
    assert MultilingualEngine().find([doc])[0].names == ()
