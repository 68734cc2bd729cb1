"""Real Stanza pipelines, trained here by Stanza's own trainers: true offsets, nothing downloaded."""

import json
import shutil
import socket
import sys
from dataclasses import fields
from types import SimpleNamespace

import pytest

from pipeline.core.config import ConfigError
from pipeline.core.rows import Article, Document, Sentence
from pipeline.entities.engines.stanza_engine import (
    OffsetError,
    StanzaEngine,
    models_fingerprint,
    stanza_code,
    token_span,
)

needs_stanza = pytest.mark.skipif(
    "not __import__('importlib').util.find_spec('stanza')", reason="stanza is not installed"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Arabic and English with multi-word tokens, and Chinese, as a download lays them out."""
    pytest.importorskip("stanza")
    from tests.entities.engines import stanza_training as training

    root = tmp_path_factory.mktemp("stanza")
    training.train(root, "ar", training.arabic(150, seed=1))
    training.train(root, "en", training.english(150, seed=1))
    training.train(root, "zh-hans", training.chinese(90, seed=1))
    return root


@pytest.fixture(scope="module")
def engine(folder):
    return StanzaEngine(str(folder), ["en", "ar", "zh"])


@pytest.fixture
def no_network(monkeypatch):
    """Any connection fails the test."""

    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def document(*sentences, kind="body"):
    """An article whose sentences, (language, text), stand on lines of their own."""
    text = "\n".join(t for _, t in sentences)
    rows, at = [], 0
    for number, (language, written) in enumerate(sentences):
        rows.append(Sentence("a", number, at, at + len(written), language, kind, written))
        at += len(written) + 1
    values = dict.fromkeys(f.name for f in fields(Article)) | {"article_id": "a", "source": "a.txt", "text": text}
    return Document(Article(**values), tuple(rows))


def named(doc, found):
    return [(doc.article.text[n.start : n.end], n.label) for n in found.names]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        # "didn't" is did + not, words without offsets: what follows must not move or vanish.
        ("en", "The minister didn't meet Ida Brandt in Lima.", [("Ida Brandt", "PER"), ("Lima", "GPE")]),
        ("en", "The minister didn't meet Mira Costa in Oslo. Ana Sol left Riga on Monday.",
         [("Mira Costa", "PER"), ("Oslo", "GPE"), ("Ana Sol", "PER"), ("Riga", "GPE")]),
        ("en", "Omar Reyes's visit to Quito ended.", [("Omar Reyes", "PER"), ("Quito", "GPE")]),
        ("en", "Leo Novak left New\u00a0Lima on Monday.", [("Leo Novak", "PER"), ("New\u00a0Lima", "GPE")]),
        ("ar", "زار سامي درويش القاهرة والرياض أمس.", [("سامي درويش", "PER"), ("القاهرة", "LOC"), ("الرياض", "LOC")]),
        # للقاهرة is ل + القاهرة, which is not how it is written: the span begins at the noun.
        ("ar", "غادر نادر الخطيب في زيارة للقاهرة اليوم.", [("نادر الخطيب", "PER"), ("قاهرة", "LOC")]),
        ("ar", "دخل وليد شاهين في زيارة لبيروت اليوم.", [("وليد شاهين", "PER"), ("بيروت", "LOC")]),
        ("zh", "王小明昨天访问开罗。", [("王小明", "PER"), ("开罗", "GPE")]),
        ("fr", "The minister didn't meet Ida Brandt in Lima.", []),
    ],
)  # fmt: skip
def test_names_stand_where_the_text_has_them(engine, no_network, language, text, names):
    doc = document((language, text))
    (found,) = engine.find([doc])
    assert named(doc, found) == names
    assert all(n.score is None and n.recognizer == "stanza" for n in found.names)


def test_the_trap_is_real(folder):
    """The words of an expanded token have no offsets; were that to change, the engine could use them."""
    import stanza

    nlp = stanza.Pipeline(
        "ar", dir=str(folder), processors="tokenize,ner", download_method=None, use_gpu=False, verbose=False
    )
    token = next(t for t in nlp("غادر نادر الخطيب في زيارة للقاهرة اليوم.").iter_tokens() if len(t.words) > 1)
    assert [w.text for w in token.words] == ["ل", "القاهرة"]
    assert [w.start_char for w in token.words] == [None, None]
    assert token.start_char == 26


def test_a_document_of_several_languages(engine):
    """Offsets count from the article's start, whatever the sentences before hold."""
    mixed = document(("en", "The minister didn't meet Ida Brandt in Lima."), ("fr", "Ana Sol est partie."), ("en", " \u0097 "),
                     ("zh", "王小明昨天访问开罗。"), ("ar", "غادر نادر الخطيب في زيارة للقاهرة اليوم."),
                     ("en", "Omar Reyes's visit to Quito ended."))  # fmt: skip
    none = document(("fr", "Ana Sol est partie."))
    found = engine.find([none, mixed, none])
    assert [len(f.names) for f in found] == [0, 8, 0]
    assert [text for text, _ in named(mixed, found[1])] == [
        "Ida Brandt", "Lima", "王小明", "开罗", "نادر الخطيب", "قاهرة", "Omar Reyes", "Quito",
    ]  # fmt: skip


@pytest.mark.parametrize("space", ["  ", "\t", "\n\n", "\u3000", "\u0085"], ids=ascii)
def test_white_space_inside_a_sentence_moves_nothing(engine, space):
    """Stanza takes an empty line for a paragraph's end, and our headlines may be broken over lines."""
    doc = document(
        ("en", f"{space}Leo Novak left{space}New Lima on Monday.{space}"), ("en", "Ana Sol left Riga on Monday.")
    )
    (found,) = engine.find([doc])
    assert [text for text, _ in named(doc, found)] == ["Leo Novak", "New Lima", "Ana Sol", "Riga"]


def test_an_articles_names_do_not_depend_on_the_batch(engine):
    docs = [
        document(("en", "Ana Sol left Riga on Monday.")),
        document(("en", "The minister didn't meet Mira Costa in New Lima.")),
    ]
    assert engine.find(docs) == [engine.find([d])[0] for d in docs]


def test_boilerplate_is_left_out(engine):
    doc = document(("en", "Ana Sol left Riga on Monday."), kind="boilerplate")
    assert engine.find([doc])[0].names == ()


def test_unlisted_label_stops_before_the_first_article(tmp_path):
    pytest.importorskip("stanza")
    from tests.entities.engines import stanza_training as training

    sentences = [
        (*training.name("Enterprise", "STARSHIP"), training.Token("left", space=False), training.Token("."))
    ] * 6
    training.train(tmp_path, "en", sentences)
    with pytest.raises(ConfigError, match="STARSHIP"):
        StanzaEngine(str(tmp_path), ["en"])


@needs_stanza
@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda root: (root / "resources.json").unlink(), "resources.json is missing"),
        (lambda root: shutil.rmtree(root / "en"), "the folder en/ is missing"),
        (lambda root: shutil.rmtree(root / "en" / "ner"), "en/ner/tiny.pt is missing"),
        (lambda root: (root / "en" / "pretrain" / "tiny.pt").unlink(), "en/pretrain/tiny.pt is missing"),
        (lambda root: (root / "en" / "ner" / "tiny.pt").write_bytes(b"not a model"), "cannot be loaded"),
        (lambda root: (root / "resources.json").write_text("{}"), "cannot be loaded"),
        (lambda root: (root / "resources.json").write_text(json.dumps({"en": {}})), "cannot be loaded"),
    ],
    ids=["no resources", "no language", "no names model", "no vectors", "damaged", "language unlisted", "entry empty"],
)
def test_what_is_missing_is_told_and_never_downloaded(folder, no_network, tmp_path, broken, told):
    root = tmp_path / "models"
    shutil.copytree(folder, root, ignore=shutil.ignore_patterns("training", "ar", "zh-hans"))
    broken(root)
    with pytest.raises(ConfigError, match=told) as error:
        StanzaEngine(str(root), ["en"])
    assert "communique models fetch stanza --languages en --to" in str(error.value)
    assert "\n" not in str(error.value)


def test_without_stanza_the_remedy_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "stanza", None)
    with pytest.raises(ConfigError, match=r"pip install 'communique\[stanza\]'"):
        StanzaEngine(str(tmp_path), ["en"])


@pytest.mark.parametrize("unset", [None, ""])
def test_without_a_folder_or_languages_the_remedy_is_told(unset):
    with pytest.raises(ConfigError, match="stanza_dir"):
        StanzaEngine(unset, ["en"])
    with pytest.raises(ConfigError, match="stanza_languages"):
        StanzaEngine("models", [])


@pytest.mark.parametrize(("ours", "theirs"), [("zh", "zh-hans"), ("en", "en"), ("zh-hant", "zh-hant")])
def test_codes(ours, theirs):
    assert stanza_code(ours) == theirs


def token(text, start, end):
    return SimpleNamespace(text=text, start_char=start, end_char=end)


@pytest.mark.parametrize(
    ("text", "tokens", "after", "span"),
    [
        ("met Ida Brandt", [token("Ida", 4, 7), token("Brandt", 8, 14)], 0, (4, 14)),
        ("met Ida\u00a0 Brandt", [token("Ida", 4, 7), token("Brandt", 9, 15)], 0, (4, 15)),
        ("met Ida Brandt", [token("Ida", None, None), token("Brandt", None, None)], 0, (4, 14)),
        ("met Ida Brandt", [token("Ida", 5, 8), token("Brandt", 9, 15)], 0, (4, 14)),
        ("Sol met Sol", [token("Sol", 1, 4)], 3, (8, 11)),
        ("in " + "a" * 1200, [token("<UNK>", 3, 1203)], 0, (3, 1203)),
    ],
    ids=["as given", "white space aside", "no offsets", "drifted", "after the name before", "too long a token"],
)
def test_offsets_are_held_against_the_text(text, tokens, after, span):
    assert token_span(text, tokens, after) == span


def test_a_name_that_the_sentence_does_not_have_is_an_error():
    with pytest.raises(OffsetError, match="Brandt"):
        token_span("met nobody", [token("Ida", 4, 7), token("Brandt", 8, 14)])


def test_the_fingerprint_is_the_models(folder, tmp_path):
    root = tmp_path / "models"
    shutil.copytree(folder, root, ignore=shutil.ignore_patterns("training"))
    before = models_fingerprint(str(folder), ["en", "zh"])
    assert models_fingerprint(str(root), ["en", "zh"]) == before
    assert models_fingerprint(str(root), ["en"]) != before
    with (root / "zh-hans" / "ner" / "tiny.pt").open("ab") as stream:
        stream.write(b"more")
    assert models_fingerprint(str(root), ["en", "zh"]) != before
    assert models_fingerprint(str(tmp_path), ["en"]) == models_fingerprint(None, ["en"]) == "missing"
