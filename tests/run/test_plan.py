"""Which inputs there are, and how they are cut into parts."""

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.articles.ranges import Cutting
from pipeline.core.config import Reading
from pipeline.run import plan
from pipeline.run.plan import MEAN_FILES, MOST_FILES, Chunk, Known, PlanError, Source, mean_files


def source(name, size=10):
    return Source(name, Path(name), size, "0" * 64)


def cut_chunks(sources, **options):
    return list(plan.cut_chunks(((s, ()) for s in sources), **options))


def find_sources(raw, known=()):
    chunks = [Chunk("old", tuple(known))] if known else []
    return [s for s, _ in plan.find_sources(raw, Known(chunks), Cutting(Reading()))]


def test_cut_is_a_function_of_the_set():
    names = sorted(f"{i:05}.txt" for i in range(2000))
    chunks = cut_chunks([source(n) for n in names])
    assert [s.name for c in chunks for s in c.sources] == names
    assert max(len(c.sources) for c in chunks) <= MOST_FILES * MEAN_FILES
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
    for name in ("a.txt", "sub/b.txt"):
        os.utime(tmp_path / name, ns=(10**18, 10**18))
    first = find_sources(tmp_path)
    assert [s.name for s in first] == ["a.txt", "sub/b.txt"]
    remembered = [replace(first[0], sha256="remembered"), first[1]]
    assert find_sources(tmp_path, remembered)[0].sha256 == "remembered"


def test_a_file_of_this_moment_is_hashed_again(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    first = find_sources(tmp_path)
    assert first[0].fresh
    assert find_sources(tmp_path, [replace(first[0], sha256="remembered")])[0].sha256 == first[0].sha256


def test_names_are_in_order_whatever_the_folders(tmp_path):
    for name in ("a-b.txt", "a/x.txt", "a.txt", "a/b/c.txt", "b", "a0"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    names = [s.name for s in find_sources(tmp_path)]
    assert names == sorted(names)
    assert len(names) == 6


def test_names_that_are_no_utf8_stay_apart(tmp_path):
    for byte in (b"\xfe", b"\xff"):
        (tmp_path / os.fsdecode(byte + b".txt")).write_text("x")
    found = find_sources(tmp_path)
    assert [s.name for s in found] == ["\\xfe.txt", "\\xff.txt"]
    assert all(s.sha256 for s in found)


def test_a_pipe_and_a_lost_link_are_told_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").symlink_to(tmp_path)
    found = {s.name: s.error for s in find_sources(tmp_path)}
    assert set(found) == {"pipe.txt", "gone.txt"}
    assert all(found.values())


def test_more_files_make_larger_parts_at_cuts_that_were_there():
    names = sorted(f"{i:05}.txt" for i in range(9000))
    few = {c.chunk_id for c in cut_chunks([source(n) for n in names], mean=64)}
    many = {c.chunk_id for c in cut_chunks([source(n) for n in names], mean=256)}
    assert len(many - few) <= 3
    assert [mean_files(n) for n in (1, 1 << 14, 1 << 15, 1 << 20)] == [64, 64, 256, 1024]


def test_a_part_is_bounded_in_bytes():
    chunks = cut_chunks([source(f"{i:05}.txt", 900_000) for i in range(200)])
    assert max(sum(s.size for s in c.sources) for c in chunks) < 10 << 20


def test_what_left_is_counted(tmp_path):
    (tmp_path / "b.txt").write_text("b")
    known = Known([Chunk("old", (source("a.txt"), source("b.txt"), source("c.txt")))])
    list(plan.find_sources(tmp_path, known, Cutting(Reading())))
    assert known.removed == 2


def test_no_folder_is_an_error_with_the_remedy(tmp_path):
    with pytest.raises(PlanError, match="--raw"):
        find_sources(tmp_path / "none")
