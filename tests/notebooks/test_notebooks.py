"""The notebooks run from top to bottom on the samples' tables, and are kept without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.core.config import Config, Entities, Events
from pipeline.run import run

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 10


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> Path:
    """The samples' tables, by rules and tables of names: quick, and with all that a notebook meets."""
    folder = tmp_path_factory.mktemp("samples") / "processed"
    config = Config(entities=Entities(engine="gazetteer"), events=Events(engine="rules"))
    run(raw=ROOT / "data/raw", processed=folder, config=config, workers=1)
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_runs_from_top_to_bottom(path, samples, monkeypatch):
    monkeypatch.setenv("PROCESSED", str(samples))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert any("image/png" in o.get("data", {}) for o in outputs)
    # A missing letter or font is a warning, and would be a box in the picture.
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_is_kept_light_and_told_in_plain_words(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert max(len(cell.source.splitlines()) for cell in code) <= LONGEST_CELL
    assert "?" in notebook.cells[0].source
    assert notebook.cells[-1].source.startswith("## Cautions")


def test_all_five_are_there():
    assert [p.stem[:2] for p in NOTEBOOKS] == ["01", "02", "03", "04", "05"]
