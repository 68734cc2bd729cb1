import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.sentences import MAX_SENTENCE, split_line
from pipeline.languages import load_topic

HARD = tomllib.loads((Path(__file__).parent / "hard_sentences.toml").read_text(encoding="utf-8"))
PIECES = st.sampled_from(
    [". ", "! ", "? ", "。", "！", "？", "؟ ", "…", "... ", "“", "”", '"', "「", "」", "(", ")", "«", "»", " ", "\u3000", "\t",
     "Mr. ", "U.S. ", "Jan. 3", "3.5", "The", "he said", "قال", "الوزير", "د. ", "会谈", "他说", "、", "-", "\u200f", "é", "𠮷", "😀"]
)  # fmt: skip


def split(line: str) -> list[str]:
    return [line[start:end] for start, end in split_line(line)]


@pytest.mark.parametrize("marked", [line for entry in HARD.values() for line in entry["lines"]])
def test_hard_lines(marked: str) -> None:
    assert split(marked.replace("‖", "")) == [part.strip() for part in marked.split("‖")]


ENTRIES = [
    (name, entry)
    for language in ("en", "ar", "zh")
    for name, entries in load_topic(language, "abbreviations").items()
    for entry in entries
]


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=lambda value: str(value)[:30])
def test_word_list_examples(name: str, entry: dict[str, Any]) -> None:
    joined, parted = (entry["not"], entry["match"]) if name == "starter" else (entry["match"], entry["not"])
    for line in joined:
        assert len(split_line(line)) == 1, line
    for line in parted:
        assert len(split_line(line)) == 2, line


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
def test_sentences_cover_the_line_in_order(text: str) -> None:
    line = text.replace("\n", " ")
    spans = split_line(line)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(line)
        assert not line[at:start].strip()
        assert line[start:end] == line[start:end].strip()
        at = end
    assert not line[at:].strip()


def test_endless_lines_are_cut_and_quick() -> None:
    started = time.perf_counter()
    for line in (
        "a" * 500_000,
        "A.B." * 100_000,
        '"He said. ' * 40_000,
        "“" * 200_000,
        "word " * 100_000,
        ". " * 200_000,
    ):
        assert all(end - start <= MAX_SENTENCE for start, end in split_line(line))
    assert time.perf_counter() - started < 10
