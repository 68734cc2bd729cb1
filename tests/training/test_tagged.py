"""Tagged news becomes names: tags where they are sure, a model's guesses for the rest."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from pipeline.model.encoding import Encoded  # noqa: E402
from training import corpora, tagged  # noqa: E402
from training.packing import IGNORED  # noqa: E402

O, B_PER, I_PER, B_ORG, I_ORG, B_LOC, I_LOC = range(7)  # noqa: E741


def _pieces(text: str) -> Encoded:
    return Encoded(tuple(range(len(text))), tuple(range(len(text))), tuple(range(1, len(text) + 1)))


@pytest.mark.parametrize(
    ("line", "text", "names"),
    [
        ("高/nr 远山/nr 到/v 临江/ns", "高远山到临江", [(0, 3, "nr"), (4, 6, "ns")]),
        ("远山/nr 和/c 里瓦斯/nr", "远山和里瓦斯", [(0, 2, "nr"), (3, 6, "nr")]),
        ("高/nr 远山/nr 、/w 林/nr 小河/nr", "高远山、林小河", [(0, 3, "nr"), (4, 7, "nr")]),
        ("高/nr 林/nr 二/m 人/n", "高林二人", [(0, 2, "nr")]),
        ("１９９８年/t １/m 月/n", "1998年1月", []),
        ("山川社/nt 记者/n", "山川社记者", [(0, 3, "nt")]),
    ],
)
def test_tags_become_names(tmp_path: Path, line, text, names) -> None:
    assert _read(tmp_path, line) == [tagged.Paragraph(text, tuple(names))]


def test_a_paragraph_with_a_passage_of_a_development_text_is_left_out(tmp_path: Path) -> None:
    passage = "春天的小河从山里流到了临江城外"
    assert not _read(tmp_path, f"{passage}/n 边/f", kept_back=f"他说{passage[:13]}。")
    assert len(_read(tmp_path, f"{passage}/n 边/f", kept_back=f"他说{passage[:12]}。")) == 1


@pytest.mark.parametrize(
    ("names", "guess", "expected"),
    [
        ([(0, 2, "nr")], [O, O, O, O], [B_PER, I_PER, O, O]),
        ([(0, 3, "nr")], [B_PER, I_PER, O, O], [B_PER, I_PER, I_PER, O]),
        ([], [B_PER, I_PER, O, O], [IGNORED, IGNORED, O, O]),
        ([(0, 2, "nr")], [B_ORG, I_ORG, I_ORG, I_ORG], [IGNORED, IGNORED, I_ORG, I_ORG]),
        ([(0, 2, "nr")], [B_LOC, I_LOC, I_LOC, O], [IGNORED, IGNORED, I_LOC, O]),
        ([(0, 2, "ns")], [B_ORG, I_ORG, I_ORG, I_ORG], [B_ORG, I_ORG, I_ORG, I_ORG]),
        ([(0, 2, "ns")], [IGNORED, IGNORED, O, O], [B_LOC, I_LOC, O, O]),
        ([(0, 2, "ns")], [B_LOC, I_LOC, I_LOC, O], [B_LOC, I_LOC, I_LOC, O]),
        ([(0, 3, "nt")], [O, O, O, O], [B_ORG, I_ORG, I_ORG, O]),
        ([(0, 3, "nt")], [B_ORG, I_ORG, I_ORG, I_ORG], [B_ORG, I_ORG, I_ORG, I_ORG]),
    ],
)
def test_tags_and_guesses_make_labels(names, guess, expected) -> None:
    assert tagged.labels(_pieces("春天小河"), names, np.array(guess)).tolist() == expected


def _read(folder: Path, line: str, kept_back: str = "") -> list[tagged.Paragraph]:
    for name in corpora.SETS:
        with gzip.open(folder / f"dev.{name}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.write(json.dumps({"text": kept_back, "spans": []}) + "\n")
    news = folder / tagged.NEWS
    news.write_text(line + "\n", encoding="utf-8")
    return tagged.read(news, folder)
