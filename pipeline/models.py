"""What engines there are for names and events, and whether each can run here."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


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
