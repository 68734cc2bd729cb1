"""What `models verify` and `models fetch` say, and that nothing is downloaded unasked."""

import hashlib
import json
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.model.manifest import FORMAT, label_sets


def invoke(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A folder that a manifest describes; its file need not be a model to have a hash."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"weights")
    files = {"model.onnx": hashlib.sha256(b"weights").hexdigest()}
    manifest = {"format": FORMAT, "version": "1", "heads": ["names"], "labels": label_sets(), "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.setenv("COMMUNIQUE_MODEL", str(folder))
    return folder


def test_verify_accepts_a_whole_model(model):
    result = invoke("models", "verify")
    assert result.exit_code == 0, result.output
    assert "1 files, all hashes right" in result.output


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda folder: (folder / "model.onnx").write_bytes(b"other"), "hash is not the manifest's"),
        (lambda folder: (folder / "model.onnx").unlink(), "missing"),
        (lambda folder: (folder / "manifest.json").unlink(), "no model in"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "not a model manifest"),
    ],
    ids=["changed", "file gone", "manifest gone", "manifest broken"],
)
def test_verify_prints_a_line_a_problem_and_ends_with_2(model, damage, told):
    damage(model)
    result = invoke("models", "verify")
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert told in result.output


@pytest.fixture
def stanza(monkeypatch):
    """In Stanza's place, a module whose download is recorded; ``answer`` is what it does."""
    calls = []

    def download(code, *, model_dir, processors, verbose):
        calls.append((code, model_dir, processors))
        module.answer(code, model_dir)

    module = SimpleNamespace(download=download, calls=calls, answer=lambda code, folder: None)
    monkeypatch.setitem(sys.modules, "stanza", module)
    return module


def write_model(code, folder):
    from pathlib import Path

    target = Path(folder) / code / "ner"
    target.mkdir(parents=True)
    (target / "x.pt").write_bytes(b"")


def test_fetch_asks_for_tokenizer_and_names_by_stanzas_codes(stanza, tmp_path):
    stanza.answer = write_model
    result = invoke("models", "fetch", "stanza", "--languages", "en, ar,zh", "--to", tmp_path / "s")
    assert result.exit_code == 0, result.output
    assert stanza.calls == [(c, str(tmp_path / "s"), "tokenize,ner") for c in ("en", "ar", "zh-hans")]
    assert "stanza_dir" in result.output


def offline(code, folder):
    raise ConnectionError("no route to\nthe host")


def unknown(code, folder):
    raise ValueError(f"Unknown language requested: {code}")


@pytest.mark.parametrize(
    ("answer", "languages", "told"),
    [
        (offline, "en", "check the language's code and the network"),
        (unknown, "xq", "Unknown language requested: xq"),
        (lambda code, folder: None, "zh-hant", "no model that finds names in 'zh-hant'"),
        (write_model, " , ", "--languages names none"),
    ],
    ids=["offline", "unknown language", "no names", "none named"],
)
def test_fetch_fails_with_one_line_and_2(stanza, tmp_path, answer, languages, told):
    stanza.answer = answer
    result = invoke("models", "fetch", "stanza", "--languages", languages, "--to", tmp_path / "s")
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert told in result.output


def test_fetch_without_stanza_tells_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "stanza", None)
    result = invoke("models", "fetch", "stanza", "--to", tmp_path / "s")
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert "pip install 'communique[stanza]'" in result.output


def test_fetch_needs_a_known_engine_and_a_folder():
    assert invoke("models", "fetch", "spacy", "--to", "x").exit_code == 2
    assert "--to" in invoke("models", "fetch", "stanza").output
