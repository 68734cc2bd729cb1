"""Which inputs there are, and how they are cut into parts."""

import random

import pytest

from pipeline.core.store import Manifest
from pipeline.run.plan import MOST_FILES, PlanError, Source, cut_chunks, find_sources


def source(name, size=10):
    return Source(name, None, size, "0" * 64)


def test_cut_is_a_function_of_the_set():
    names = sorted(f"{i:05}.txt" for i in range(2000))
    chunks = cut_chunks([source(n) for n in names])
    assert [s.name for c in chunks for s in c.sources] == names
    assert max(len(c.sources) for c in chunks) <= MOST_FILES
    assert len({c.chunk_id for c in chunks}) == len(chunks)


def test_a_new_input_disturbs_one_part():
    names = sorted(f"{i:05}.txt" for i in range(3000))
    rng = random.Random(4)
    before = {c.chunk_id: c.sources for c in cut_chunks([source(n) for n in names])}
    for _ in range(20):
        more = sorted([*names, f"{rng.randrange(3000):05}-new.txt"])
        after = {c.chunk_id: c.sources for c in cut_chunks([source(n) for n in more])}
        changed = [k for k in after if before.get(k) != after[k]]
        assert len(changed) <= 3


def test_a_large_file_stands_alone():
    chunks = cut_chunks([source("a"), source("b", 5 << 20), source("c")])
    assert [[s.name for s in c.sources] for c in chunks] == [["a"], ["b"], ["c"]]


def test_hidden_files_are_passed_over_and_unread_ones_keep_their_hash(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("b")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / ".hidden").write_text("x")
    manifest = Manifest()
    first = find_sources(tmp_path, manifest)
    assert [s.name for s in first] == ["a.txt", "sub/b.txt"]
    manifest.files["a.txt"] = (*manifest.files["a.txt"][:2], "remembered")
    assert find_sources(tmp_path, manifest)[0].sha256 == "remembered"


def test_no_folder_is_an_error_with_the_remedy(tmp_path):
    with pytest.raises(PlanError, match="--raw"):
        find_sources(tmp_path / "none", Manifest())
