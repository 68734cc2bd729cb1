"""Raw articles and tables at URLs: the same tables, put back part by part, whatever stops a run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.core.config import ConfigError
from pipeline.core.store import StoreError
from pipeline.run import run
from pipeline.run.remote import REMOTE_LOCK, Remote, local_name, staged
from tests.run.test_runner import table_bytes

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")


@pytest.fixture
def memory():
    fs = fsspec.filesystem("memory")
    for path in ("/raw", "/out"):
        if fs.exists(path):
            fs.rm(path, recursive=True)
    return fs


@pytest.fixture
def staging(tmp_path) -> str:
    return str(tmp_path / "staging")


def put_raw(memory, raw: Path) -> None:
    for path in raw.iterdir():
        memory.pipe_file(f"/raw/{path.name}", path.read_bytes())


def remote_bytes(memory, tmp_path: Path) -> dict[str, str]:
    """Hashes of the remote parts, as ``table_bytes`` gives them."""
    copy = tmp_path / "copy"
    for path in memory.find("/out"):
        if path.endswith(".parquet"):
            place = copy / path.removeprefix("/out/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(memory.cat_file(path))
    answer = table_bytes(copy)
    for path in sorted(copy.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    return answer


def extract(raw, processed, config, staging):
    with staged(raw, processed, staging=staging) as (articles, tables):
        return run(raw=articles, processed=tables, config=config, workers=1)


def test_paths_of_this_machine_are_left_alone(tmp_path):
    with staged(tmp_path / "a", tmp_path / "b") as places:
        assert places == (tmp_path / "a", tmp_path / "b")


def test_the_tables_are_those_of_a_local_run(raw, tmp_path, small_config, memory, staging):
    run(raw=raw, processed=tmp_path / "local", config=small_config, workers=1)
    put_raw(memory, raw)
    assert extract("memory://raw", "memory://out", small_config, staging).processed == 3
    assert remote_bytes(memory, tmp_path) == table_bytes(tmp_path / "local")
    assert not memory.exists(f"/out/{REMOTE_LOCK}")


def test_only_what_changed_travels(raw, tmp_path, small_config, memory, staging, monkeypatch):
    put_raw(memory, raw)
    extract("memory://raw", "memory://out", small_config, staging)
    moved = []
    for name in ("get", "put"):
        honest = getattr(Remote, name)
        monkeypatch.setattr(Remote, name, lambda *a, f=honest, n=name: (moved.append((n, a[1])), f(*a))[1])
    assert extract("memory://raw", "memory://out", small_config, staging).processed == 0
    assert moved == []
    memory.pipe_file("/raw/two.en.txt", b"Peru said on Monday that it would host talks with Chile.\n")
    assert extract("memory://raw", "memory://out", small_config, staging).processed == 1
    assert ("get", "two.en.txt") in moved
    assert not any(n == "get" and name != "two.en.txt" for n, name in moved)
    memory.rm_file("/raw/two.en.txt")
    assert extract("memory://raw", "memory://out", small_config, staging).removed == 1
    run(raw=raw, processed=tmp_path / "local", config=small_config, workers=1)
    assert remote_bytes(memory, tmp_path) == table_bytes(tmp_path / "local")


def test_another_machine_goes_on_from_the_remote_parts(raw, tmp_path, small_config, memory, staging):
    put_raw(memory, raw)
    extract("memory://raw", "memory://out", small_config, staging)
    before = remote_bytes(memory, tmp_path)
    assert extract("memory://raw", "memory://out", small_config, str(tmp_path / "other")).processed == 0
    assert remote_bytes(memory, tmp_path) == before


def test_a_store_that_fails_in_the_middle_keeps_whole_parts(raw, tmp_path, small_config, memory, staging, monkeypatch):
    put_raw(memory, raw)
    honest, left = Remote.put, [4]

    def failing(self, place, name):
        left[0] -= 1
        if left[0] < 0:
            raise StoreError("cannot write to the bucket")
        return honest(self, place, name)

    monkeypatch.setattr(Remote, "put", failing)
    with pytest.raises(StoreError):
        extract("memory://raw", "memory://out", small_config, staging)
    assert len([p for p in memory.find("/out") if p.endswith(".parquet")]) == 4
    assert not memory.exists(f"/out/{REMOTE_LOCK}")
    monkeypatch.setattr(Remote, "put", honest)
    assert extract("memory://raw", "memory://out", small_config, staging).processed == 0
    run(raw=raw, processed=tmp_path / "local", config=small_config, workers=1)
    assert remote_bytes(memory, tmp_path) == table_bytes(tmp_path / "local")


def test_a_held_place_is_refused_with_its_holder(raw, small_config, memory, staging, tmp_path):
    put_raw(memory, raw)
    with Remote.open("memory://out").held(), pytest.raises(StoreError, match=r"process \d+ on .*remove \.lock\.json"):
        extract("memory://raw", "memory://out", small_config, staging)
    with staged("memory://raw", tmp_path / "out", staging=staging), pytest.raises(StoreError, match="another run"):
        extract("memory://raw", tmp_path / "out", small_config, staging)


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("a/b.txt", "a/b.txt"),
        ("../../etc/passwd", "%2E%2E/%2E%2E/etc/passwd"),
        ("a//b.txt", "a/%/b.txt"),
        ("a/./b.txt", "a/%2E/b.txt"),
    ],
)
def test_names_of_objects_stay_in_the_folder(name, local):
    assert local_name(name) == local
    assert len(local_name("长" * 500 + ".txt").encode()) < 255


def test_nothing_there_and_unknown_places_are_told(memory, tmp_path, small_config, staging):
    with pytest.raises(StoreError, match="there is nothing at memory://raw"):
        extract("memory://raw", tmp_path / "out", small_config, staging)
    with pytest.raises(ConfigError, match="no URL that can be opened"):
        extract("nonsense://raw", tmp_path / "out", small_config, staging)


def test_file_urls_across_processes(raw, tmp_path):
    (tmp_path / "communique.toml").write_text('[entities]\nengine = "gazetteer"\n[events]\nengine = "rules"\n')
    command = [sys.executable, "-m", "pipeline", "extract", "--quiet", "--workers", "1",
               "--config", str(tmp_path / "communique.toml")]  # fmt: skip
    environment = {**os.environ, "COMMUNIQUE_STAGING": str(tmp_path / "staging")}
    urls = ["--raw", f"file://{raw}", "--processed", f"dir::file://{tmp_path}/out"]
    last = [
        subprocess.run([*command, *urls], env=environment, capture_output=True, text=True, check=True) for _ in "12"
    ]
    assert "3 of 3 files processed" in last[0].stdout
    assert "0 of 3 files processed" in last[1].stdout
    subprocess.run([*command, "--raw", raw, "--processed", tmp_path / "local"], check=True, capture_output=True)
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "local")
    assert sorted(p.name for p in (tmp_path / "out").iterdir() if p.name.startswith(".")) == []


def test_a_missing_library_is_told_in_one_line(monkeypatch, raw, tmp_path):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    answer = CliRunner().invoke(main, ["extract", "--raw", "s3://bucket/raw", "--processed", str(tmp_path / "out")])
    assert answer.exit_code == 2
    assert answer.output.count("\n") == 1
    assert "communique[remote]" in answer.output
