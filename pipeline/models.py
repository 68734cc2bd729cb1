"""What engines there are for names and events, and whether each can run here."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


class FetchError(Exception):
    """Models cannot be fetched; the message says in one line what to do."""


@dataclass(frozen=True, slots=True)
class EngineState:
    """An engine, what it finds, what it needs, and whether that is there."""

    name: str
    finds: str
    needs: str
    ready: bool
    detail: str


def list_engines() -> list[EngineState]:
    """The engines in the order of recommendation."""
    from pipeline.entities.lexicon import load_lexicon
    from pipeline.model import ModelError, default_folder
    from pipeline.model.manifest import read_manifest

    try:
        manifest = read_manifest(default_folder())
        model = f"{', '.join(manifest.heads)} heads, {manifest.fingerprint[:12]}"
    except ModelError:
        model = None
    known = len(load_lexicon().by_id)
    spacy_there = importlib.util.find_spec("spacy") is not None
    stanza_there = importlib.util.find_spec("stanza") is not None
    return [
        EngineState("multilingual", "names and events, en ar zh", "shipped with the package", model is not None,
                    model or "not in this copy; the gazetteer and rules serve instead with --ner gazetteer"),
        EngineState("gazetteer", "names, en ar zh", "shipped with the package", True, f"{known:,} known entities"),
        EngineState("spacy", "names", "spaCy pipelines that you install", spacy_there,
                    "name them under [entities] spacy_pipelines"),
        EngineState("stanza", "names", "pip install 'communique[stanza]' and models in a folder", stanza_there,
                    "name the folder under [entities] stanza_dir"),
    ]  # fmt: skip


def print_models(console: Console) -> None:
    """Print the engines as a table."""
    table = Table(header_style="bold", pad_edge=False, box=None)
    for column in ("engine", "finds", "needs", "ready", "detail"):
        table.add_column(column, overflow="fold")
    for engine in list_engines():
        table.add_row(engine.name, engine.finds, engine.needs, "yes" if engine.ready else "no", engine.detail)
    console.print(table)


def verify_models(console: Console) -> list[str]:
    """Hold the shipped model against its manifest; print and return its problems, one line each."""
    from pipeline.model import default_folder, verify
    from pipeline.model.manifest import read_manifest

    folder = default_folder()
    problems = verify(folder)
    for problem in problems:
        console.print(problem, markup=False, highlight=False, soft_wrap=True)
    if not problems:
        count = len(read_manifest(folder).files)
        console.print(f"{folder}: {count} files, all hashes right", markup=False, highlight=False, soft_wrap=True)
    return problems


def fetch_stanza(languages: Sequence[str], folder: Path) -> list[str]:
    """Download Stanza's tokenizer and name models into a folder; the only download there is.

    Returns Stanza's codes of the languages, which are the folder's subfolders. Raises
    ``FetchError`` where Stanza is not installed, the server does not answer, or there is no
    model that finds names in a language.
    """
    from pipeline.core.config import ConfigError
    from pipeline.entities.engines.stanza_engine import import_stanza, stanza_code

    try:
        stanza = import_stanza()
    except ConfigError as error:
        raise FetchError(str(error)) from error
    codes = [stanza_code(language) for language in languages]
    for code in codes:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stanza.download(code, model_dir=str(folder), processors="tokenize,ner", verbose=False)
        except (OSError, ValueError, KeyError) as error:
            reason = " ".join(str(error).split())[:200]
            raise FetchError(
                f"the Stanza models for '{code}' cannot be fetched ({type(error).__name__}: {reason}); check the "
                f"language's code and the network, or copy a folder with {code}/ and resources.json to {folder}"
            ) from error
        if not any((folder / code / "ner").glob("*.pt")):
            raise FetchError(f"Stanza has no model that finds names in '{code}'; use another engine for that language")
    return codes
