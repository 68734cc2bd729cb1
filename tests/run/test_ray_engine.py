"""Ray: the same bytes as on one machine, whatever becomes of workers and nodes."""

import os
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.core.config import Config, ConfigError, Entities, Events
from pipeline.core.store import PIECES
from pipeline.run import planning, ray_engine, run
from pipeline.run.engine import EngineError, Task
from pipeline.run.plan import Chunk, Source
from pipeline.run.ray_engine import OBJECT_STORE, OWN, Expected, RayEngine, start_own
from pipeline.run.stages import PER_ARTICLE
from tests.run.deadly import DeadlyConfig
from tests.run.test_runner import many, table_bytes

FILES = 240
RULES = Config(entities=Entities(engine="gazetteer"), events=Events(engine="rules"))


def test_a_missing_extra_is_told_in_one_line(monkeypatch, raw, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ConfigError, match=r"communique\[ray\]"):
        RayEngine()
    answer = CliRunner().invoke(
        main, ["extract", "--engine", "ray", "--raw", str(raw), "--processed", str(tmp_path / "out"), "--quiet"]
    )
    assert answer.exit_code == 2
    assert answer.output.startswith("Error: --engine ray needs Ray")
    assert answer.output.count("\n") == 1
    assert not (tmp_path / "out" / "articles").exists()


@pytest.fixture
def task(tmp_path, small_config) -> Task:
    (tmp_path / "out").mkdir()
    return Task(tmp_path / "out", small_config, PER_ARTICLE)


def test_a_worker_like_this_one_is_taken(task, raw):
    probe = Source("one.en.txt", raw / "one.en.txt", 1, "0")
    assert Expected.here(task.config, Chunk("c", (probe,))).differs(task) is None


def test_a_worker_that_differs_is_refused_with_the_remedy(task, raw, tmp_path):
    here = Expected.here(task.config, Chunk("c", ()))
    assert "numpy" in here.libraries
    older = replace(here, libraries={**here.libraries, "numpy": "0.1"})
    assert "not 0.1; install the same versions" in older.differs(task)
    other = replace(here, signatures={**here.signatures, "events": "0"})
    assert "(events); install the same" in other.differs(task)
    blind = replace(here, probe=Source("gone.txt", tmp_path / "gone.txt", 1, "0"))
    assert "gone.txt; name a folder on storage that every node shares" in blind.differs(task)
    assert "every node shares" in here.differs(replace(task, processed=tmp_path / "elsewhere"))


class Busy:
    """Ray on a machine whose cores are all taken: its nodes come up at the given try."""

    def __init__(self, good):
        self.good, self.tries, self.shut = good, 0, 0

    def init(self, address, **options):
        assert address == OWN
        self.tries += 1
        if self.tries < self.good:
            raise Exception("The current node timed out\n during startup.")

    def shutdown(self):
        self.shut += 1


def test_a_cluster_that_does_not_come_up_is_tried_again():
    ray = Busy(3)
    start_own(ray, 2)
    assert (ray.tries, ray.shut) == (3, 2)


def test_a_cluster_that_never_comes_up_is_told():
    with pytest.raises(
        EngineError, match=r"this machine: The current node timed out during startup\.; see .* without Ray$"
    ):
        start_own(Busy(9), 2)


class Clusters:
    """Local clusters of nodes with one CPU each; the first node is the head and has none."""

    def __init__(self):
        from ray.cluster_utils import Cluster

        self.cluster = Cluster()
        self._patiently(num_cpus=0, include_dashboard=False)
        self.nodes = [self.add() for _ in range(2)]

    def add(self):
        return self._patiently(num_cpus=1)

    def _patiently(self, **options):
        """A node, at the third try at the latest; ``start_own`` tells why."""
        for _ in range(2):
            try:
                return self.cluster.add_node(object_store_memory=OBJECT_STORE, **options)
            except Exception as error:
                print(f"a node did not come up: {error}")
        return self.cluster.add_node(object_store_memory=OBJECT_STORE, **options)

    @property
    def address(self) -> str:
        return self.cluster.address


class EndAtOnce:
    """Ends pytest with its exit code before Python is taken apart under Ray's threads.

    On a machine with nine processes for each core, one that still wrote its log ended pytest with a
    segmentation fault, after all tests had passed.
    """

    def __init__(self, session):
        self.session = session

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(self.session.exitstatus))


@pytest.fixture(scope="module")
def real_ray(request):
    """Ray, in a folder of its own, with the patience that a busy machine needs; its processes end with the module."""
    pytest.importorskip("ray", reason="the extra 'ray' is not installed (make test-ray)")
    request.config.pluginmanager.register(EndAtOnce(request.session))
    # Not in pytest's folder: a socket's path has at most 107 bytes.
    place = tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True)
    with pytest.MonkeyPatch.context() as patch, place as folder:
        patch.delenv("RAY_ADDRESS", raising=False)
        patch.setenv("RAY_TMPDIR", folder)
        # Ray's workers stand back for all others (nice 15): beside a busy neighbour they would stand still.
        patch.setenv("RAY_worker_niceness", "0")
        patch.setenv("RAY_worker_register_timeout_seconds", "300")
        patch.setenv("RAY_health_check_timeout_ms", "60000")
        patch.setattr(ray_engine, "PATIENCE", 400.0)
        yield
        until = time.monotonic() + 60
        while (left := processes(folder)) and time.monotonic() < until:
            time.sleep(0.2)
        assert not left, "Ray left processes behind"


@pytest.fixture(scope="module")
def two_nodes(real_ray):
    """One cluster for all tests: its start takes longer than any of them."""
    clusters = Clusters()
    yield clusters
    clusters.cluster.shutdown()


@pytest.fixture(scope="module")
def small_parts():
    """Parts of 16 files: as many of them as a large folder has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "mean_files", lambda _: 16)
        yield


@pytest.fixture(scope="module")
def news(tmp_path_factory, small_parts) -> Path:
    folder = tmp_path_factory.mktemp("news")
    (folder / "raw").mkdir()
    many(folder / "raw", FILES)
    run(raw=folder / "raw", processed=folder / "local", config=RULES, workers=1)
    return folder / "raw"


@pytest.fixture
def expected(news) -> dict[str, str]:
    return table_bytes(news.parent / "local")


def processes(mark: str, *, of: str = "") -> list[int]:
    """Processes with ``mark`` in their command line and ``of`` in their environment, oldest first."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark.encode() in (folder / "cmdline").read_bytes():
                found += [int(folder.name)] * (of.encode() in (folder / "environ").read_bytes())
        except OSError:
            continue
    return sorted(found)


class AfterChunks:
    """Does something once, after so many chunks are done."""

    def __init__(self, count, action):
        self.left, self.action = count, action

    def __call__(self, progress):
        self.left -= 1
        if self.left == 0:
            self.action()


def test_a_cluster_of_its_own(news, tmp_path, expected, real_ray):
    out = tmp_path / "ray"
    outcome = run(raw=news, processed=out, config=RULES, engine=RayEngine(2, OWN))
    assert outcome.processed == FILES
    assert table_bytes(out) == expected
    assert run(raw=news, processed=out, config=RULES, engine=RayEngine(2, OWN)).processed == 0


def test_two_nodes_give_the_same_bytes(news, tmp_path, expected, two_nodes, monkeypatch):
    monkeypatch.chdir(tmp_path)  # relative folders mean the caller's, not the workers'
    (tmp_path / "raw").symlink_to(news)
    outcome = run(raw=Path("raw"), processed=Path("ray"), config=RULES, engine=RayEngine(0, two_nodes.address))
    assert outcome.processed == FILES
    assert table_bytes(tmp_path / "ray") == expected


def test_a_killed_worker_loses_nothing(news, tmp_path, expected, two_nodes):
    killed = []

    def kill():
        killed.append(processes("ray::RayWorker", of=os.environ["RAY_TMPDIR"])[-1])
        os.kill(killed[0], signal.SIGKILL)

    outcome = run(
        raw=news, processed=tmp_path / "ray", config=RULES,
        engine=RayEngine(2, two_nodes.address), on_progress=AfterChunks(3, kill),
    )  # fmt: skip
    assert killed
    # What the dead worker had written before it could say so is found there, not done again.
    assert (outcome.files, outcome.failures) == (FILES, 0)
    assert table_bytes(tmp_path / "ray") == expected


def test_a_lost_node_loses_nothing(news, tmp_path, expected, two_nodes):
    outcome = run(
        raw=news, processed=tmp_path / "ray", config=RULES, engine=RayEngine(2, two_nodes.address),
        on_progress=AfterChunks(3, lambda: two_nodes.cluster.remove_node(two_nodes.nodes.pop(), allow_graceful=False)),
    )  # fmt: skip
    assert len(two_nodes.nodes) == 1
    two_nodes.nodes.append(two_nodes.add())
    assert (outcome.files, outcome.failures) == (FILES, 0)
    assert table_bytes(tmp_path / "ray") == expected


def test_a_wrong_address_is_told(raw, tmp_path, small_config, real_ray):
    with pytest.raises(EngineError, match="cannot join the Ray cluster"):
        run(raw=raw, processed=tmp_path / "ray", config=small_config, engine=RayEngine(1, "127.0.0.1:1"))


def test_what_kills_its_worker_is_a_failure_and_the_rest_completes(raw, tmp_path, small_config, monkeypatch, real_ray):
    (tmp_path / "notes-ray").mkdir()
    monkeypatch.setenv("DEADLY_FOLDER", str(tmp_path / "notes-ray"))
    monkeypatch.setattr(planning, "mean_files", lambda _: 4)
    many(raw, 8)
    (raw / "many-0003-reader.txt").write_text("Chile said on Monday that it would host talks.\nKILL\n")
    outcome = run(
        raw=raw, processed=tmp_path / "ray", config=DeadlyConfig(**small_config.model_dump()), engine=RayEngine(2, OWN)
    )
    assert (outcome.processed, outcome.failures) == (12, 1)
    failure = pd.read_parquet(tmp_path / "ray" / "failures").iloc[0]
    assert (failure["source"], failure["stage"], failure["error"]) == ("many-0003-reader.txt", "articles", "WorkerDied")
    assert not (tmp_path / "ray" / PIECES).exists()
