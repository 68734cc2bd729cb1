"""The shipped model: loads, agrees with its manifest, finds names with true offsets."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.model import Analysis, Model, ModelError, default_folder, verify
from pipeline.model.labels import EVENT_TYPES, ROLES_OF, STATUSES


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(threads=1)


LINES = [
    "Elena Markova of the Finance Ministry flew to Nairobi on Monday.",
    "قال الرئيس محمود الزبيدي في بغداد إن الحكومة تدرس العرض.",
    "外交部长陈志远在上海表示，中国政府愿意继续对话。",
]
NAMES = [
    {("Elena Markova", "PER"), ("Nairobi", "LOC")},
    {("محمود الزبيدي", "PER"), ("بغداد", "LOC")},
    {("陈志远", "PER"), ("上海", "LOC")},
]


@pytest.mark.parametrize("consecutive", [True, False])
def test_names_in_three_languages(model: Model, consecutive: bool) -> None:
    for line, names, expected in zip(LINES, model.names(LINES, consecutive=consecutive), NAMES, strict=True):
        assert expected <= {(line[n.start : n.end], n.label) for n in names}
        assert all(0 < n.score <= 1 for n in names)


def test_empty_and_blank_texts_give_nothing(model: Model) -> None:
    assert model.analyse([]) == []
    assert model.analyse(["", " \n"]) == [Analysis((), ())] * 2
    with_blank = model.names(["", LINES[0], " "])
    assert [bool(names) for names in with_blank] == [False, True, False]


def test_a_text_longer_than_a_window_keeps_its_names(model: Model) -> None:
    text = " ".join(f"{i}. {LINES[0]}" for i in range(40))
    found = [text[n.start : n.end] for n in model.names([text])[0]]
    assert found.count("Nairobi") == 40


def test_the_same_call_gives_the_same_result(model: Model) -> None:
    assert model.analyse(LINES) == model.analyse(LINES)


def test_texts_that_share_a_call_do_not_change_each_other(model: Model) -> None:
    together = model.analyse([*LINES, "A storm. " * 60], consecutive=False)
    assert together[:3] == [model.analyse([line])[0] for line in LINES]


def test_names_alone_are_those_of_the_whole_analysis(model: Model) -> None:
    assert model.names(LINES) == [a.names for a in model.analyse(LINES)]


def test_events_use_the_closed_label_sets(model: Model) -> None:
    if not model.has_events:
        pytest.skip("the model has names only")
    for line, analysis in zip(LINES, model.analyse(LINES), strict=True):
        for event in analysis.events:
            assert event.type in EVENT_TYPES
            assert event.status in STATUSES
            assert line[event.start : event.end].strip()
            assert {a.role for a in event.arguments} <= ROLES_OF[event.type]


def test_the_shipped_files_have_the_hashes_of_the_manifest() -> None:
    assert verify() == []


def _small_copy(folder: Path) -> Path:
    folder.mkdir()
    for path in default_folder().iterdir():
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    return folder


def test_verify_names_the_damaged_and_the_missing_file(tmp_path: Path) -> None:
    folder = _small_copy(tmp_path / "copy")
    with (folder / "vocabulary.tsv").open("a") as stream:
        stream.write("x\t-1\n")
    (folder / "model.onnx").unlink()
    problems = verify(folder)
    assert len(problems) == 2
    assert any("model.onnx: missing" in p for p in problems)
    assert any("vocabulary.tsv: its hash" in p for p in problems)
    with pytest.raises(ModelError, match="cannot be loaded"):
        Model.load(folder)


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="COMMUNIQUE_MODEL"):
        Model.load(tmp_path / "nowhere")
    assert verify(tmp_path / "nowhere")


def test_another_format_is_refused(tmp_path: Path) -> None:
    content = json.loads((default_folder() / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps({**content, "format": 999}))
    with pytest.raises(ModelError, match="format 999"):
        Model.load(tmp_path)


def test_the_runtime_leaves_nothing_behind_and_sends_nothing(tmp_path: Path) -> None:
    # The variables of a build server would keep it quiet, too.
    quiet = ("CI", "TF_BUILD", "GITHUB_ACTIONS", "TRAVIS", "JENKINS_URL", "ORT_DISABLE_TELEMETRY")
    environment = {name: value for name, value in os.environ.items() if name not in quiet}
    environment |= {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("XDG_CACHE_HOME", None)
    code = "from pipeline.model import Model; Model.load(threads=1).names(['Norway said no.'])"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert list(tmp_path.iterdir()) == []
