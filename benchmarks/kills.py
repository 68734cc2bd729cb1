"""The kill test: runs killed at random moments, the next one completed, the tables held against an undisturbed run.

Every round changes the inputs (new, changed, reverted, renamed and lost files, a growing file of
records), starts a run in a process group of its own and kills the whole group with SIGKILL: at a
random time, or just before or after a random rename. Now and then the manifest is damaged, or the
killed run is a real command with two worker processes, or only one of its workers is killed, which must
not end it. Then a run is let through, and each part of
each table must equal, byte for byte, that of a run from nothing.

python benchmarks/kills.py --count 200
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pipeline.core.store as store_module
from benchmarks.templates import make
from pipeline.core.config import Config, Entities, Events, Run
from pipeline.run import planning, run
from pipeline.run.manifest import MANIFEST

SMALL = Run(part_records=15, part_bytes=8_000)
RULES = Config(entities=Entities(engine="gazetteer"), events=Events(engine="rules"), run=SMALL)
MODEL = Config(run=SMALL)
ROOT = Path(__file__).resolve().parent.parent
Before = Callable[[str], None]


class Corpus:
    """The inputs, and the ways in which they change."""

    def __init__(self, folder: Path, rng: random.Random, files: int) -> None:
        self._folder, self._rng = folder, rng
        self._number = 0
        self._lost: dict[str, bytes] = {}
        folder.mkdir(parents=True)
        for _ in range(files):
            self._add()
        self._append(30)

    def change(self) -> None:
        """Make one to four changes."""
        for _ in range(self._rng.randint(1, 4)):
            self._rng.choice((self._add, self._add, self._edit, self._delete, self._bring_back, self._rename,
                              self._append, self._cut_short, self._spoil))()  # fmt: skip

    def _text(self) -> str:
        self._number += 1
        made = make(self._number)
        return f"---\ndate: {made.published:%Y-%m-%d}\n---\n\n{made.text}\n"

    def _files(self) -> list[Path]:
        return sorted(p for p in self._folder.rglob("*.txt") if p.is_file())

    def _add(self) -> None:
        folder = self._folder / self._rng.choice(("", "a", "b/c"))
        folder.mkdir(parents=True, exist_ok=True)
        text = self._text()
        (folder / f"{self._rng.randrange(10**6):06}.txt").write_text(text, encoding="utf-8")

    def _edit(self) -> None:
        path = self._rng.choice(self._files())
        self._lost[path.name] = path.read_bytes()
        path.write_text(self._text(), encoding="utf-8")

    def _delete(self) -> None:
        files = self._files()
        if len(files) > 5:
            path = self._rng.choice(files)
            self._lost[path.name] = path.read_bytes()
            path.unlink()

    def _bring_back(self) -> None:
        """What was changed or deleted is as it was: the case that false memories would get wrong."""
        if self._lost:
            name = self._rng.choice(sorted(self._lost))
            here = [p for p in self._files() if p.name == name]
            (here[0] if here else self._folder / name).write_bytes(self._lost.pop(name))

    def _rename(self) -> None:
        path = self._rng.choice(self._files())
        path.rename(path.with_name(f"{self._rng.randrange(10**6):06}.txt"))

    def _append(self, count: int = 7) -> None:
        with open(self._folder / "feed.jsonl", "a", encoding="utf-8") as out:
            for _ in range(count):
                self._number += 1
                made = make(self._number)
                record = {"id": self._rng.randrange(400), "text": made.text, "date": f"{made.published:%Y-%m-%d}"}
                out.write(json.dumps(record, ensure_ascii=False) + "\n")

    def _cut_short(self) -> None:
        path = self._folder / "feed.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[: max(20, len(lines) - 40)]), encoding="utf-8")

    def _spoil(self) -> None:
        (self._folder / "broken.html").write_bytes(self._rng.randbytes(200))


@dataclass(slots=True)
class Tally:
    """What the test has seen."""

    kills: Counter[str] = field(default_factory=Counter)
    ended_before: int = 0
    compared: int = 0
    differing: int = 0
    half_parts: int = 0
    failed_runs: int = 0
    manifests: int = 0
    parts: list[str] = field(default_factory=list)
    """Parts that differ, where some do."""

    @property
    def losses(self) -> int:
        """Tables that differ from the undisturbed ones, half parts, and runs that did not come to their end."""
        return self.differing + self.half_parts + self.failed_runs


def table_bytes(folder: Path) -> dict[str, str]:
    """Hash of every part."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.glob("*/part-*.parquet"))
    }


def whole_parts(folder: Path) -> bool:
    """Whether every file that a reader would open is a whole Parquet file."""
    return all(
        (data := p.read_bytes())[:4] == b"PAR1" and data[-4:] == b"PAR1" and len(data) > 8
        for p in folder.glob("*/part-*.parquet")
    )


class Killer:
    """Starts runs in processes of their own and kills them."""

    def __init__(self, work: Path, rng: random.Random, config: Config) -> None:
        self.raw, self.processed = work / "raw", work / "processed"
        self._work, self._rng, self._config = work, rng, config
        self._toml = work / "kill.toml"
        self._toml.write_text(
            f'[entities]\nengine = "{config.entities.engine}"\n[events]\nengine = "{config.events.engine}"\n'
            f"[run]\npart_records = {config.run.part_records}\npart_bytes = {config.run.part_bytes}\n",
            encoding="utf-8",
        )
        self.seconds, self.moves = 1.0, 40
        # What a run loads is loaded once, here: the forked runs begin at once.
        (work / "warm").mkdir()
        (work / "warm" / "one.txt").write_text(make(1).as_file(), encoding="utf-8")
        run(raw=work / "warm", processed=work / "warmed", config=config, workers=1)
        # Parts of four files, not of 64: as many parts and cuts as a large folder has.
        planning.mean_files = lambda _: 4

    def complete(self, processed: Path) -> bool:
        """Let a run through; tells whether it came to its end."""
        counter = self._work / "moves"
        counter.write_bytes(b"")
        began = time.monotonic()
        pid = self._fork(processed, lambda _: _append_byte(counter))
        _, status = os.waitpid(pid, 0)
        if processed == self.processed:
            self.seconds = 0.5 * self.seconds + 0.5 * (time.monotonic() - began)
            self.moves = max(4, counter.stat().st_size)
        return status == 0

    def kill_at_a_time(self) -> bool:
        """Kill a run at a random time; tells whether it was still running."""
        pid = self._fork(self.processed, lambda _: None)
        time.sleep(self._rng.uniform(0.0, self.seconds))
        return _kill(pid)

    def kill_at_a_rename(self) -> bool:
        """Kill a run just before or after a random rename or removal."""
        left, after = self._rng.randint(1, self.moves), self._rng.random() < 0.5

        def count(when: str) -> None:
            nonlocal left
            if when == ("after" if after else "before"):
                left -= 1
                if left == 0:
                    os.killpg(0, signal.SIGKILL)

        _, status = os.waitpid(self._fork(self.processed, count), 0)
        return os.WIFSIGNALED(status)

    def kill_a_command(self) -> bool:
        """Kill the command with two worker processes: the group, or only the process that leads them."""
        process = self._command()
        time.sleep(self._rng.uniform(1.0, 3.0 + 4 * self.seconds))
        return _kill(process.pid, group=self._rng.random() < 0.5)

    def kill_a_worker(self) -> tuple[bool, bool]:
        """Kill one of a command's two worker processes; tells whether one was killed, and whether the
        run came to its end as it must."""
        process = self._command()
        killed = False
        moment = self._rng.uniform(0.0, 2 * self.seconds)
        while process.poll() is None and not killed:
            workers = _grandchildren(process.pid)
            if len(workers) > 1:
                time.sleep(moment)
                with suppress(ProcessLookupError):
                    os.kill(self._rng.choice(workers), signal.SIGKILL)
                    killed = True
            time.sleep(0.01)
        return killed, process.wait() == 0

    def _command(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pipeline", "extract", "--raw", self.raw, "--processed", self.processed,
                   "--config", self._toml, "--workers", "2", "--quiet"]  # fmt: skip
        return subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _fork(self, processed: Path, tell: Before) -> int:
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            os.setsid()
            _tell_of_moves(tell)
            run(raw=self.raw, processed=processed, config=self._config, workers=1)
            status = 0
        finally:
            os._exit(status)


def _grandchildren(pid: int) -> list[int]:
    """The processes that a process's children started: its workers, forked from their server."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
    return [one for one, parent in parents.items() if parents.get(parent) == pid]


def _append_byte(path: Path) -> None:
    with open(path, "ab") as out:
        out.write(b".")


def _tell_of_moves(tell: Before) -> None:
    """Have ``tell`` called before and after each rename and each removal of a part."""
    for name in ("_move", "_remove"):
        real = getattr(store_module, name)

        def told(*paths: Path, real: Callable[..., None] = real) -> None:
            tell("before")
            real(*paths)
            tell("after")

        setattr(store_module, name, told)


def _kill(pid: int, *, group: bool = True) -> bool:
    with suppress(ProcessLookupError):
        (os.killpg if group else os.kill)(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def damage_manifest(path: Path, rng: random.Random, old: bytes) -> None:
    """Lose the manifest, cut it, fill it with noise, or put an older one in its place."""
    if not path.is_file():
        return
    data = path.read_bytes()
    kind = rng.randrange(4)
    if kind == 0:
        path.unlink()
    else:
        path.write_bytes((data[: rng.randrange(len(data))], rng.randbytes(300), old or data)[kind - 1])


def kill_runs(
    work: Path, *, count: int, seed: int = 1, files: int = 12, commands: float = 0.06, config: Config = RULES,
    on_kill: Callable[[Tally], None] = lambda _: None,
) -> Tally:  # fmt: skip
    """Kill ``count`` runs in ``work`` and compare; a share of ``commands`` are real commands with
    workers, of half of which only a worker is killed."""
    rng = random.Random(seed)
    corpus = Corpus(work / "raw", rng, files)
    killer = Killer(work, rng, config)
    tally = Tally()
    old_manifest = b""
    while sum(tally.kills.values()) < count:
        chance = rng.random()
        if chance < commands / 2:
            kind, killed = "command", killer.kill_a_command()
        elif chance < commands:
            kind = "worker"
            killed, ended_well = killer.kill_a_worker()
            tally.failed_runs += not ended_well
        elif chance < 0.5:
            kind, killed = "time", killer.kill_at_a_time()
        else:
            kind, killed = "rename", killer.kill_at_a_rename()
        if killed:
            tally.kills[kind] += 1
        else:
            tally.ended_before += 1
        tally.half_parts += not whole_parts(killer.processed)
        on_kill(tally)
        if rng.random() < 0.15:
            damage_manifest(killer.processed / MANIFEST, rng, old_manifest)
            tally.manifests += 1
        if rng.random() < 0.65 and sum(tally.kills.values()) < count:
            corpus.change()
            continue
        fresh = work / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        tally.failed_runs += not killer.complete(killer.processed)
        tally.failed_runs += not killer.complete(fresh)
        tally.compared += 1
        here, there = table_bytes(killer.processed), table_bytes(fresh)
        if here != there:
            tally.differing += 1
            tally.parts = sorted(p for p in here.keys() | there.keys() if here.get(p) != there.get(p))
        old_manifest = (killer.processed / MANIFEST).read_bytes()
        if tally.losses:
            return tally
        corpus.change()
    return tally


@click.command()
@click.option("--count", default=200, show_default=True, help="How many runs to kill.")
@click.option("--seed", default=1, show_default=True, help="Other seeds, other inputs and moments.")
@click.option("--model", is_flag=True, help="With the shipped model, not the rules and the gazetteer alone.")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), default=None,
              help="Where to work, on another file system, say.")  # fmt: skip
@click.option("--keep", is_flag=True, help="Keep the folders, to look into a loss.")
@click.option("--quiet", is_flag=True, help="Only the last lines.")
def main(count: int, seed: int, model: bool, folder: Path | None, keep: bool, quiet: bool) -> None:
    """Kill runs at random moments and compare the tables of the next run with an undisturbed one's.

    Example: python benchmarks/kills.py --count 200
    """
    work = Path(tempfile.mkdtemp(prefix="communique-kills-", dir=folder))
    began = time.monotonic()

    def told(tally: Tally) -> None:
        if not quiet:
            click.echo(f"\r{sum(tally.kills.values())} kills, {tally.compared} compared", nl=False, err=True)

    try:
        tally = kill_runs(work, count=count, seed=seed, config=MODEL if model else RULES, on_kill=told)
    finally:
        if not keep:
            shutil.rmtree(work, ignore_errors=True)
    kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(tally.kills.items()))
    click.echo(f"\n{sum(tally.kills.values())} runs killed ({kinds}); {tally.ended_before} more ended before the kill")
    click.echo(f"{tally.manifests} manifests damaged; {tally.compared} times compared with a run from nothing")
    click.echo(
        f"{tally.half_parts} half parts, {tally.differing} times other bytes, {tally.failed_runs} runs not completed"
    )
    click.echo(f"{time.monotonic() - began:.0f} s")
    if tally.losses:
        click.echo(f"LOSSES; seed {seed}" + (f", see {work}" if keep else ", again with --keep"))
        click.echo("differing: " + ", ".join(tally.parts))
        sys.exit(1)


if __name__ == "__main__":
    main()
