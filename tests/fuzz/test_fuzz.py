"""A few hundred of the hostile inputs of ``make fuzz``, and that its checks see what they look for."""

import dataclasses
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.fuzz import Report, check_batch
from benchmarks.fuzz_inputs import FAMILIES, Input, inputs
from benchmarks.fuzz_inputs.common import fragments
from pipeline.articles import build
from pipeline.core.rows import Document
from pipeline.language.stage import LanguageStage


@pytest.mark.parametrize("first", range(0, 240, 80))
def test_hostile_inputs(first: int, tmp_path: Path) -> None:
    batch = list(islice(inputs(first + 80, seed=11), first, first + 80))
    report = check_batch(batch, tmp_path / "batch")
    assert report.defects == []
    assert report.articles > 20
    assert report.failures.total() > 5


def test_inputs_are_the_same_every_time_and_of_every_family() -> None:
    once = list(inputs(60, seed=3))
    assert once == list(inputs(60, seed=3))
    assert once[:20] == list(inputs(20, seed=3))
    assert {one.family for one in once} == set(FAMILIES)
    assert len(fragments()) > 1000


GOOD = Input(
    "a.txt",
    b"Talks fail\nThe minister said no on Monday, March 3, 2025.\nPresident Macron met King Abdullah.\n",
    "test",
)


def test_the_checks_see_a_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def defects(name: str) -> str:
        report: Report = check_batch([GOOD], tmp_path / name)
        return "\n".join(report.defects)

    assert defects("good") == ""
    with monkeypatch.context() as patch:
        patch.setattr(build, "clean_text", lambda text: text + "\ud800")
        assert "UnicodeEncodeError" in defects("surrogate")
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.run.work._read", lambda *_: iter(()))
        assert "neither an article nor a failure" in defects("lost")
    with monkeypatch.context() as patch:
        stray = tmp_path / "stray" / "escaped.txt"
        patch.setattr(build, "unwrap", lambda text: (stray.write_text("x"), text)[1])
        assert "a file beside the output: escaped.txt" in defects("stray")


def test_a_shifted_offset_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = LanguageStage.run

    def shifted(self: LanguageStage, document: Document) -> Document:
        found = honest(self, document)
        first = dataclasses.replace(found.sentences[0], start=1)
        return dataclasses.replace(found, sentences=(first, *found.sentences[1:]))

    monkeypatch.setattr(LanguageStage, "run", shifted)
    assert "not the text at its offsets" in "\n".join(check_batch([GOOD], tmp_path / "x").defects)
