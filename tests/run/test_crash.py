"""A run that is stopped anywhere: the next one completes, and every part has the bytes of a run from nothing."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pipeline.core.store as store_module
from pipeline.core.config import Run
from pipeline.core.store import ASIDE, WriteError
from pipeline.run import planning, run
from pipeline.run.manifest import MANIFEST
from tests.run.test_runner import many, table_bytes

ROOT = Path(__file__).resolve().parents[2]


class Death(BaseException):
    """Stands for the end of the process: nothing may catch it and go on."""


def die(*args, **options):
    raise Death


def extract(raw, processed, config):
    return run(raw=raw, processed=processed, config=config, workers=1)


@pytest.fixture
def changed(raw, tmp_path, small_config, monkeypatch):
    """A folder of tables, and inputs that have changed since in every way; parts of four files."""
    monkeypatch.setattr(planning, "mean_files", lambda _: 4)
    many(raw, 12)
    extract(raw, tmp_path / "start", small_config)
    (raw / "many-0003.txt").write_text("Chile said on Monday that it would host talks with Peru.\n", encoding="utf-8")
    (raw / "many-0005.txt").unlink()
    (raw / "many-0100.txt").write_text("Peru said on Monday that it would host talks.\n", encoding="utf-8")
    extract(raw, tmp_path / "fresh", small_config)
    return tmp_path


def count_moves(changed, raw, config, monkeypatch):
    moves = []
    with monkeypatch.context() as patch:
        for name in ("_move", "_remove"):
            real = getattr(store_module, name)
            patch.setattr(store_module, name, lambda *p, real=real: (moves.append(p), real(*p)))
        shutil.copytree(changed / "start", changed / "counted")
        extract(raw, changed / "counted", config)
    return len(moves)


def test_stopped_before_every_rename(changed, raw, small_config, monkeypatch):
    total = count_moves(changed, raw, small_config, monkeypatch)
    expected = table_bytes(changed / "fresh")
    assert table_bytes(changed / "counted") == expected
    assert total > 10
    for nth in range(1, total + 1):
        out = changed / "out"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(changed / "start", out)
        left = nth
        with monkeypatch.context() as patch:
            for name in ("_move", "_remove"):
                real = getattr(store_module, name)

                def stopping(*paths, real=real):
                    nonlocal left
                    left -= 1
                    if left == 0:
                        raise Death
                    real(*paths)

                patch.setattr(store_module, name, stopping)
            with pytest.raises(Death):
                extract(raw, out, small_config)
        extract(raw, out, small_config)
        assert table_bytes(out) == expected, f"stopped at rename {nth} of {total}"


def test_inputs_that_are_as_they_were_before_the_killed_run(changed, raw, small_config, monkeypatch):
    """The manifest knows the start's fingerprints; parts that the killed run wrote must not pass for them."""
    before = (raw / "many-0004.txt").read_bytes()
    extract(raw, changed / "out", small_config)
    (raw / "many-0004.txt").write_text("Chile said on Monday that it agreed.\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.stories.stage.update", die)
        with pytest.raises(Death):
            extract(raw, changed / "out", small_config)
    (raw / "many-0004.txt").write_bytes(before)
    extract(raw, changed / "out", small_config)
    assert table_bytes(changed / "out") == table_bytes(changed / "fresh")


def test_stories_of_a_killed_run_whose_articles_are_gone_again(changed, raw, small_config, monkeypatch):
    """Entities and stories were moved in, nothing else was; then the inputs are those of before."""
    out = changed / "out"
    small_config = small_config.model_copy(update={"run": Run(part_bytes=200)})
    extract(raw, out, small_config)
    # Read in a range, it makes a part of its own: no other part is touched.
    (raw / "zz.jsonl").write_text('{"text": "Chile said on Monday that it would meet Peru in Quito."}\n' * 5)
    real = store_module._move

    def stopping(aside, place):
        real(aside, place)
        if place.parent.name == "stories":
            raise Death

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "_move", stopping)
        with pytest.raises(Death):
            extract(raw, out, small_config)
    (raw / "zz.jsonl").unlink()
    extract(raw, out, small_config)
    assert table_bytes(out) == table_bytes(changed / "fresh")


@pytest.mark.parametrize("nth", [1, 2, 5, 9, 14])
def test_no_room_at_the_nth_write(changed, raw, small_config, monkeypatch, nth):
    out = changed / "out"
    shutil.copytree(changed / "start", out)
    real, left = store_module._write_all, nth

    def full(file, content):
        nonlocal left
        left -= 1
        if left <= 0:
            file.write(b"half a part")
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, content)

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "_write_all", full)
        with pytest.raises(WriteError, match="free some and run again"):
            extract(raw, out, small_config)
    assert list((out / ASIDE).iterdir()) == []
    extract(raw, out, small_config)
    assert table_bytes(out) == table_bytes(changed / "fresh")


def test_a_small_file_system(raw, tmp_path, small_config):
    many(raw, 150)
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        command = [sys.executable, "-m", "pipeline", "extract", "--raw", str(raw), "--processed", str(small / "out"),
                   "--ner", "gazetteer", "--workers", "1", "--quiet"]  # fmt: skip
        config = tmp_path / "rules.toml"
        config.write_text('[events]\nengine = "rules"\n')
        ended = subprocess.run(
            [*command, "--config", str(config)], capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert ended.returncode == 1
        assert "Traceback" not in ended.stderr
        assert len(ended.stderr.strip().splitlines()) == 1
        assert "no room left" in ended.stderr
        assert list((small / "out" / ASIDE).iterdir()) == []
        subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
        extract(raw, small / "out", small_config)
        extract(raw, tmp_path / "fresh", small_config)
        assert table_bytes(small / "out") == table_bytes(tmp_path / "fresh")
    finally:
        subprocess.run(["umount", str(small)], check=False)


def command(raw, processed, config_file, workers):
    return [sys.executable, "-m", "pipeline", "extract", "--raw", str(raw), "--processed", str(processed),
            "--config", str(config_file), "--workers", str(workers), "--quiet"]  # fmt: skip


def test_two_real_runs_and_a_killed_one(raw, tmp_path):
    """The second says so and stops with exit code 2; the lock of a killed one holds nobody up."""
    config = tmp_path / "rules.toml"
    config.write_text('[entities]\nengine = "gazetteer"\n[events]\nengine = "rules"\n')
    many(raw, 1000)
    out = tmp_path / "out"
    first = subprocess.Popen(
        command(raw, out, config, 2), cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while not (out / MANIFEST).exists() and time.monotonic() < until:
            time.sleep(0.02)
        second = subprocess.run(command(raw, out, config, 1), cwd=ROOT, capture_output=True, text=True, check=False)
        assert second.returncode == 2
        assert "another run is writing" in second.stderr
        assert f"process {first.pid}" in second.stderr
        assert first.poll() is None
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    # The group's workers were left alone: they end by themselves, and the next run waits for that.
    third = subprocess.run(command(raw, out, config, 1), cwd=ROOT, capture_output=True, text=True, check=False)
    assert third.returncode == 0, third.stderr


def test_runs_killed_at_random():
    """A small kill test; the whole one is `make kill-test`."""
    ended = subprocess.run(
        [sys.executable, "benchmarks/kills.py", "--count", "6", "--quiet"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "0 half parts, 0 times other bytes, 0 runs not completed" in ended.stdout
