"""Workers on a Ray cluster: one process with a loaded model for each CPU that the cluster lends.

The chunks, the work and the parts are those of the local engine; Ray only says where the work is
done. What a lost worker or node leaves is given to another. Ray's own restarts are not used: a
restarted actor waits for room on the nodes that are left, for ever where there is none, and its
chunks with it, while the workers that still live could do them.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import logging
import os
import shutil
import socket
import tempfile
import time
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.core.config import Config, ConfigError
from pipeline.core.store import StoreError
from pipeline.run.engine import ChunkResult, EngineError, Job, Task
from pipeline.run.plan import Chunk, Source
from pipeline.run.rescue import OUT_OF_MEMORY, STARTS, Death, no_worker_lives, rescue_all
from pipeline.run.stages import PER_ARTICLE, Stages
from pipeline.run.work import Worker

ADDRESS_VARIABLE = "RAY_ADDRESS"
OWN = "local"
"""The address that means: a cluster on this machine, for this run alone."""
OBJECT_STORE = 80 * 1024 * 1024
"""Ray's least is 75 MiB. Rows never pass through the object store, so a small one is enough."""
ATTEMPTS = 2
"""A chunk whose worker died so many times is kept for the end, to be tried alone (see ``rescue``)."""
PATIENCE = 120.0
"""Seconds to wait for a first worker, or for another where all are lost."""
# What shapes the bytes of a part besides this package: readers, the model's runtime, the writer.
LIBRARIES = ("lxml", "numpy", "onnxruntime", "py3langid", "pyahocorasick", "pyarrow", "trafilatura")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a worker must have in common with the machine that gives out the work.

    ``folder`` is the current one, for relative paths in the configuration. ``probe`` is one of the
    raw files: a worker that cannot see it would report every file as unreadable.
    """

    folder: Path
    signatures: Mapping[str, str]
    libraries: Mapping[str, str]
    probe: Source | None

    @classmethod
    def here(cls, config: Config, chunk: Chunk) -> Expected:
        """What this machine has."""
        stages = Stages(config)
        readable = (s for s in chunk.sources if s.error is None)
        return cls(Path.cwd(), {n: stages.signature(n) for n in PER_ARTICLE}, _versions(), next(readable, None))

    def differs(self, task: Task) -> str | None:
        """Say in what this process differs from it, with the remedy; None where in nothing."""
        if self.folder.is_dir():
            os.chdir(self.folder)
        theirs = _versions()
        other = [f"{n} {theirs.get(n, 'missing')}, not {v}" for n, v in self.libraries.items() if theirs.get(n) != v]
        if other:
            return f"has {', '.join(other)}; install the same versions on every node"
        if not task.processed.is_dir():
            return f"does not see the folder {task.processed}; name one on storage that every node shares"
        if self.probe is not None and not self.probe.path.is_file():
            return f"does not see the raw file {self.probe.path}; name a folder on storage that every node shares"
        try:
            stages = Stages(task.config)
            stale = [n for n, signature in self.signatures.items() if stages.signature(n) != signature]
        except ConfigError as error:
            return f"cannot work: {error}"
        if stale:
            return f"has other code, word lists or models ({', '.join(stale)}); install the same on every node"
        return None


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


class RayWorker:
    """A ``Worker`` in a process of its own on some node; the actor's class."""

    def __init__(self, task: Task, expected: Expected) -> None:
        self._task, self._expected = task, expected
        self._worker: Worker | None = None

    def prepare(self) -> str | None:
        """Get ready to work; returns what stands in the way, or None."""
        try:
            problem = self._expected.differs(self._task)
            if problem is None:
                self._worker = Worker(self._task)
                self._worker.prepare()
        except Exception as error:  # an exception class of a worker may not be known to the caller
            problem = f"cannot work: {type(error).__name__}: {error}"
        return None if problem is None else f"the node {socket.gethostname()} {problem}"

    def work(self, chunk: Chunk) -> ChunkResult:
        """Bring a chunk's parts up to date."""
        assert self._worker is not None
        return self._worker(chunk)

    def prove(self) -> None:
        """See ``Worker.prove``."""
        assert self._worker is not None
        self._worker.prove()

    def do(self, job: Job) -> ChunkResult:
        """Do one step of a rescue."""
        assert self._worker is not None
        return self._worker.do(job)


@dataclass(frozen=True, slots=True)
class RayEngine:
    """Workers on the Ray cluster at ``address``.

    ``address`` None means ``RAY_ADDRESS``, else the cluster that runs on this machine, else one
    started here for this run. ``workers`` 0 means one for each CPU of the cluster.
    """

    workers: int = 0
    address: str | None = None

    def __post_init__(self) -> None:
        """Raise ``ConfigError``, before any work, where Ray is not installed."""
        import_ray()

    def map(self, chunks: Collection[Chunk], task: Task) -> Iterator[ChunkResult]:
        """See ``Engine.map``."""
        coming = (_placed(chunk) for chunk in chunks)
        first = next(coming, None)
        if first is None:
            return
        ray = import_ray()
        task = replace(task, processed=task.processed.absolute())
        with _connected(ray, self.address, self.workers, len(chunks)) as workers:
            pool = _Pool(ray, task, Expected.here(task.config, first), workers)
            yield from pool.map(itertools.chain([first], coming))
            yield from rescue_all(pool.suspects, task, pool.lone)


def _placed(chunk: Chunk) -> Chunk:
    """The chunk with absolute paths: a worker's current folder is another."""
    return replace(chunk, sources=tuple(replace(s, path=s.path.absolute()) for s in chunk.sources))


def import_ray() -> ModuleType:
    """Ray, which is an extra; raises ``ConfigError`` with the remedy where it is not installed."""
    # Nothing is sent anywhere at run time; Ray reads this as it is imported.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise ConfigError(
            "--engine ray needs Ray, which is not installed; install it with pip install 'communique[ray]', "
            "or leave --engine out to work on this machine alone"
        ) from error
    module: ModuleType = ray
    return module


@contextmanager
def _connected(ray: Any, address: str | None, workers: int, chunks: int) -> Iterator[int]:
    """Join the cluster, or start one; gives the number of workers to ask for.

    A cluster that is already joined in this process is used as it is and stays joined.
    """
    if ray.is_initialized():
        yield min(workers or _cpus(ray), chunks)
        return
    wanted = address or os.environ.get(ADDRESS_VARIABLE) or "auto"
    joined = wanted != OWN and _join(ray, wanted, must=bool(address or os.environ.get(ADDRESS_VARIABLE)))
    if not joined:
        start_own(ray, min(workers or os.cpu_count() or 1, chunks))
    try:
        yield min(workers or _cpus(ray), chunks)
    finally:
        ray.shutdown()


def start_own(ray: Any, cpus: int) -> None:
    """Start a cluster on this machine and join it; raises ``EngineError`` where it does not come up.

    A node gives its helpers 15 seconds to start and ends where they need longer, as on a machine whose
    cores are all taken (Ray's issue 65983; no setting changes it). So it is tried again: by then the
    helpers' code lies in the file cache.
    """
    # Its workers find the package where this process found it.
    paths = {"env_vars": {"PYTHONPATH": str(_package().parent)}}
    quiet = {"include_dashboard": False, "log_to_driver": False, "logging_level": logging.ERROR}
    told: Exception | None = None
    for _ in range(STARTS):
        try:
            ray.init(OWN, num_cpus=cpus, object_store_memory=OBJECT_STORE, runtime_env=paths, **quiet)
        except Exception as error:  # Ray raises bare ones
            told = error
            ray.shutdown()
        else:
            return
    raise EngineError(
        f"cannot start a Ray cluster on this machine: {' '.join(str(told).split())[:500]}; see /tmp/ray/session_latest/logs, "
        "or leave --engine out to work without Ray"
    ) from told


def _join(ray: Any, address: str, *, must: bool) -> bool:
    """Join a running cluster and send it this package with its model; tells whether there is one."""
    try:
        _knock(address)
        with tempfile.TemporaryDirectory(prefix="communique-") as folder:
            code = {"py_modules": [str(_pack(Path(folder)))]}
            ray.init(address, runtime_env=code, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, ValueError, RuntimeError) as error:
        if must:
            raise EngineError(
                f"cannot join the Ray cluster at {address}: {error}; check the address, "
                f"or take it out ([run] ray_address, {ADDRESS_VARIABLE}) to have a cluster started here"
            ) from error
        return False
    return True


def _knock(address: str) -> None:
    """Raise ``OSError`` where nobody listens at ``host:port``; Ray itself tries for minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdigit() and "/" not in host:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


def _package() -> Path:
    return Path(__file__).resolve().parents[1]


def _pack(folder: Path) -> Path:
    """Copy the package, laid out as in a wheel with the model inside, to be sent to the nodes.

    Ray names it by its content: the same code and model travel once to each node.
    """
    from pipeline.model import default_folder

    target = folder / "pipeline"
    shutil.copytree(_package(), target, ignore=shutil.ignore_patterns("__pycache__", "models"))
    if default_folder().is_dir():
        shutil.copytree(default_folder(), target / "models" / "multilingual")
    return target


def _cpus(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


class _Pool:
    """Actors and the chunks that they are at; one run's.

    ``suspects`` are chunks that ended a worker ``ATTEMPTS`` times, on nodes that live.
    """

    def __init__(self, ray: Any, task: Task, expected: Expected, workers: int) -> None:
        self._ray, self._workers = ray, workers
        self.suspects: list[Chunk] = []
        self._actor = ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(RayWorker)
        self._given = (ray.put(task), ray.put(expected))
        self._starting: dict[Any, Any] = {}
        """Answer of ``prepare`` that is awaited -> its actor."""
        self._busy: dict[Any, tuple[Any, Chunk]] = {}
        """Result that is awaited -> the actor and its chunk."""
        self._coming: Iterator[Chunk] = iter(())
        self._next: deque[Chunk] = deque()
        """Chunks that lost workers left, and the one that comes next."""
        self._deaths: Counter[str] = Counter()

    def map(self, chunks: Iterator[Chunk]) -> Iterator[ChunkResult]:
        """Do the chunks but for suspects; raises ``EngineError``, or what a worker told of its store."""
        self._coming = chunks
        try:
            for _ in range(self._workers):
                self._start()
            quiet_since = time.monotonic()
            while self._busy or self._left():
                waiting = [*self._busy, *self._starting]
                finished, _ = self._ray.wait(waiting, num_returns=1, timeout=5.0)
                if finished or self._busy:
                    quiet_since = time.monotonic()
                elif time.monotonic() - quiet_since > PATIENCE:
                    raise EngineError(
                        f"the Ray cluster gave no worker a CPU for {PATIENCE:.0f} seconds; "
                        "see `ray status` for what its nodes are doing, or add nodes"
                    )
                for reference in finished:
                    result = self._settle(reference)
                    if result is not None:
                        yield result
        finally:
            for actor in [*self._starting.values(), *(a for a, _ in self._busy.values())]:
                self._ray.kill(actor)

    def _left(self) -> bool:
        if not self._next:
            self._next.extend(itertools.islice(self._coming, 1))
        return bool(self._next)

    def _start(self) -> None:
        actor = self._actor.remote(*self._given)
        self._starting[actor.prepare.remote()] = actor

    def _settle(self, reference: Any) -> ChunkResult | None:
        """Take an answer that is there; a lost worker is replaced and its chunk queued again."""
        result: ChunkResult | None = None
        if reference in self._starting:
            actor = self._starting.pop(reference)
            chunk = None
        else:
            actor, chunk = self._busy.pop(reference)
        try:
            answer = _answer(self._ray, reference)
        except _LostError as error:
            self._lost(actor, chunk, error)
            return None
        if chunk is not None:
            result = answer
        elif answer is not None:
            raise EngineError(answer)
        self._feed(actor)
        return result

    def _feed(self, actor: Any) -> None:
        if self._left():
            chunk = self._next.popleft()
            self._busy[actor.work.remote(chunk)] = (actor, chunk)
        else:
            self._ray.kill(actor)

    def _lost(self, actor: Any, chunk: Chunk | None, error: _LostError) -> None:
        # It may live on behind a broken connection; what two of them write is the same.
        self._ray.kill(actor)
        name = "" if chunk is None else chunk.chunk_id
        self._deaths[name] += 1
        if chunk is None:
            if self._deaths[name] >= STARTS * self._workers:
                raise no_worker_lives(error.death)
        elif self._deaths[name] < ATTEMPTS:
            self._next.append(chunk)
        else:
            self.suspects.append(chunk)
        if self._left():
            self._start()

    def lone(self) -> _LoneActor:
        """A fresh worker that has proved itself; raises ``EngineError`` where none can be had."""
        death: Death | None = None
        for _ in range(STARTS):
            actor = self._actor.remote(*self._given)
            try:
                problem = _answer(self._ray, actor.prepare.remote(), PATIENCE)
                if problem is not None:
                    raise EngineError(problem)
                _answer(self._ray, actor.prove.remote())
            except _LostError as error:
                self._ray.kill(actor)
                death = error.death
                continue
            return _LoneActor(self._ray, actor)
        raise no_worker_lives(death)


@dataclass(frozen=True, slots=True)
class _LoneActor:
    """See ``rescue.Lone``."""

    ray: Any
    actor: Any

    def do(self, job: Job) -> ChunkResult | Death:
        """See ``rescue.Lone``."""
        try:
            result: ChunkResult = _answer(self.ray, self.actor.do.remote(job))
        except _LostError as error:
            return error.death
        return result

    def close(self) -> None:
        """See ``rescue.Lone``."""
        self.ray.kill(self.actor)


class _LostError(Exception):
    """A worker is lost, or ran out of memory."""

    def __init__(self, death: Death) -> None:
        super().__init__(str(death))
        self.death = death


def _answer(ray: Any, reference: Any, timeout: float | None = None) -> Any:
    """What a worker answers; raises ``_LostError``, ``EngineError``, or what it told of its store."""
    errors = ray.exceptions
    try:
        return ray.get(reference, timeout=timeout)
    except (errors.OutOfMemoryError, MemoryError) as error:
        raise _LostError(OUT_OF_MEMORY) from error
    except (errors.RayActorError, errors.WorkerCrashedError, errors.NodeDiedError) as error:
        raise _LostError(Death(told=_how(str(error)))) from error
    except errors.GetTimeoutError as error:
        raise EngineError(
            f"the Ray cluster gave no worker a CPU for {PATIENCE:.0f} seconds; "
            "see `ray status` for what its nodes are doing, or add nodes"
        ) from error
    except errors.RayError as error:
        told = getattr(error, "cause", None)
        if isinstance(told, StoreError | ConfigError):
            raise told from None
        raise EngineError(f"the Ray cluster failed: {' '.join(str(error).split())[:500]}") from error


def _how(message: str) -> str:
    """How a worker ended, from Ray's many lines: without the ids and times that differ from run to run."""
    if "OOM" in message or "memory" in message:
        return str(OUT_OF_MEMORY)
    return "died (see Ray's logs)"
