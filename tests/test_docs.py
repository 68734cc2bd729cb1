"""What the documentation's pages show runs as it stands: commands, files, Python and SQL, in a folder of its own."""

import re
import runpy
import shlex
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipeline import load
from pipeline.cli import main
from pipeline.core.config import Config, Entities, Events
from pipeline.run import run

ROOT = Path(__file__).parents[1]
PAGES = ("how-do-i", "queries", "other-datasets", "limits-and-ethics")
# A fence, and the file whose name the line before it ends with: "`my_people.csv`:".
FENCE = re.compile(r"(?:`([\w./-]+)`[^`\n]*:\n\n)?^```(\w+)([^\n]*)\n(.*?)^```$", re.S | re.M)
RUN, FILES, SHOWN = ("sh", "python", "sql"), ("csv", "toml"), ("r",)


@dataclass(frozen=True)
class Block:
    file: str | None
    kind: str
    runs: bool
    text: str


def blocks(page: str) -> list[Block]:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    return [Block(m[1], m[2], "not-run" not in m[3], m[4]) for m in FENCE.finditer(text)]


@pytest.fixture(scope="session")
def samples(tmp_path_factory) -> Path:
    """The sample articles' tables, by the engines that need no model."""
    folder = tmp_path_factory.mktemp("samples")
    config = Config(entities=Entities(engine="gazetteer"), events=Events(engine="rules"))
    run(raw=ROOT / "data" / "raw", processed=folder, config=config, workers=1)
    return folder


@pytest.fixture
def desk(samples, tmp_path, monkeypatch) -> Path:
    """A folder to work in, with the samples' tables at their usual place."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "processed").symlink_to(samples)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def communique(line: str) -> str:
    command, _, target = line.split("#")[0].partition(" > ")
    name, *args = shlex.split(command)
    assert name == "communique", line
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 0, f"{line}\n{result.output}"
    if target:
        Path(target.strip()).write_text(result.stdout, encoding="utf-8")
    return result.output


def write(block: Block) -> None:
    path = Path(block.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name == "communique.toml" and path.exists():
        # The page shows one section at a time; a section that is shown again takes the place of the first.
        heading = block.text.splitlines()[0]
        before = re.split(r"(?m)^(?=\[)", path.read_text(encoding="utf-8"))
        block_text = "".join(s for s in before if not s.startswith(heading)) + block.text + "\n"
        path.write_text(block_text, encoding="utf-8")
    else:
        path.write_text(block.text + ("\n" if path.suffix == ".toml" else ""), encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_snippets_run(page, desk):
    ran = 0
    for block in blocks(page):
        assert block.kind in (*RUN, *FILES, *SHOWN), block
        if not block.runs:
            continue
        if block.kind in FILES:
            assert block.file, f"a file without a name: {block.text}"
            write(block)
        elif block.kind == "sh":
            for line in block.text.strip().splitlines():
                communique(line)
        elif block.kind == "python":
            exec(compile(block.text, page, "exec"), {})
        elif block.kind == "sql":
            assert duckdb.sql(block.text).fetchall()
        ran += block.kind in RUN
    assert ran >= 2
    if page == "how-do-i":
        check_how_do_i()


def check_how_do_i():
    """What the page promises of its example."""
    entities = load.entities(processed="mine/tables")
    assert "own-ilka-brandvoll" in set(entities.entity_id)
    events = load.events(processed="mine/tables")
    assert list(events[events.status == "cancelled"].type.unique()) == ["meeting"]
    assert set(events.title) == {"Envoys meet in Geneva", "Second round cancelled"}
    assert load.failures(processed="mine/tables").empty


LINKED = (*PAGES, "README", "schema", "configuration", "codes")


@pytest.mark.parametrize("path", [ROOT / "docs" / f"{page}.md" for page in LINKED], ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(path):
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        assert page.exists(), f"{path.name}: {target}"
        if anchor and page.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
            anchors = {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}
            assert anchor in anchors, f"{path.name}: {target}"


def test_the_terminal_picture_needs_no_network(samples):
    made = runpy.run_path(str(ROOT / "docs" / "make_terminal_picture.py"))["make"](samples)
    for svg in (made, (ROOT / "docs" / "images" / "show.svg").read_text(encoding="utf-8")):
        assert svg.startswith("<svg")
        assert "Zerafa" in svg
        assert not re.search(r"(?:url\(|href=)[\"']?https?:", svg)
