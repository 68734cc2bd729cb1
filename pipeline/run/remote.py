"""Raw articles and tables at a URL (s3://, gs://, memory://, ... by fsspec), worked on in a local folder.

An object store has no rename and no lock that ends with its holder, so a run never works there. It
keeps a staging folder: raw objects are fetched that are new or changed, the run does its work on
local disk with all its guarantees, and the parts that changed are put back, each as one whole
object. What these guarantees are worth on an object store: ``docs/object-stores.md``.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.core.config import ConfigError
from pipeline.core.schemas import TABLES
from pipeline.core.store import StoreError

REMOTE_LOCK = ".lock.json"
STAGING_VARIABLE = "COMMUNIQUE_STAGING"
_LONGEST_NAME = 200

State = dict[str, list[str]]
"""name -> token of the object, and of the local file that is its copy."""


def staging_folder(raw: str | Path, processed: str | Path, staging: str | None = None) -> Path:
    """The folder for a run's pair of places: under ``staging``, else ``COMMUNIQUE_STAGING``, else the user's cache."""
    chosen = staging or os.environ.get(STAGING_VARIABLE)
    base = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "communique"
    pair = "\0".join(p.rstrip("/") if isinstance(p, str) else str(p.absolute()) for p in (raw, processed))
    return base / hashlib.sha256(pair.encode("utf-8", "surrogateescape")).hexdigest()[:16]


@contextmanager
def staged(raw: str | Path, processed: str | Path, *, staging: str | None = None) -> Iterator[tuple[Path, Path]]:
    """Local folders for raw articles and tables; whichever is a URL is fetched before and put back after.

    What was done is put back also where the block raises. Raises ``ConfigError`` where a library for
    a URL is missing, ``StoreError`` where a place cannot be reached or another run holds it.
    """
    if not isinstance(raw, str) and not isinstance(processed, str):
        yield raw, processed
        return
    folder = staging_folder(raw, processed, staging)
    with ExitStack() as stack:
        stack.enter_context(_alone(folder))
        tables = Remote.open(processed) if isinstance(processed, str) else None
        articles = Remote.open(raw) if isinstance(raw, str) else None
        if tables is not None:
            stack.enter_context(tables.held())
        local_raw = raw if articles is None else fetch_raw(articles, folder)
        local_tables = processed if tables is None else fetch_tables(tables, folder)
        try:
            yield Path(local_raw), Path(local_tables)
        finally:
            if tables is not None:
                publish_tables(tables, folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the staging folder; raises ``StoreError``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / ".lock").open("a", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"cannot write to the staging folder {folder}: {error.strerror}; name another with [run] staging"
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(f"another run of this machine works on these places ({folder}); wait for it") from error
        yield


@dataclass(frozen=True, slots=True)
class Remote:
    """A place that fsspec opens: the file system, the path on it, and the URL for messages."""

    fs: Any
    root: str
    url: str

    @classmethod
    def open(cls, url: str) -> Remote:
        """Open a URL; raises ``ConfigError`` where a library is missing or the URL is none."""
        try:
            import fsspec

            fs, root = fsspec.core.url_to_fs(url)
            if "dir" in fs.protocol:
                # Its root is its own folder once more, which would stand under itself.
                fs, root = fs.fs, fs.path
        except ImportError as error:
            raise ConfigError(
                f"{url} needs a library that is not installed ({error}); pip install 'communique[remote]'"
            ) from error
        except ValueError as error:
            raise ConfigError(f"{url} is no URL that can be opened: {error}") from error
        return cls(fs, root.rstrip("/"), url)

    def listing(self) -> dict[str, Mapping[str, Any]]:
        """All objects under the place by their relative name; hidden ones are left out."""
        with self._telling("list"):
            self.fs.invalidate_cache()
            found = self.fs.find(self.root, detail=True)
        names: dict[str, Mapping[str, Any]] = {}
        for path, info in found.items():
            name = path[len(self.root) :].lstrip("/")
            if name and not any(part.startswith(".") and part not in (".", "..") for part in name.split("/")):
                names[name] = info
        return dict(sorted(names.items()))

    def get(self, name: str, place: Path) -> None:
        """Fetch an object beside its local place and move it in."""
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = place.with_name(f".{uuid.uuid4().hex}")
        with self._telling(f"read {name} at"):
            self.fs.get_file(f"{self.root}/{name}", str(aside))
        aside.replace(place)

    def put(self, place: Path, name: str) -> str:
        """Put a file as one whole object; returns its token. A reader sees the old object or the new."""
        target = f"{self.root}/{name}"
        with self._telling(f"write {name} to"):
            self.fs.makedirs(target.rpartition("/")[0], exist_ok=True)
            if _renames(self.fs):
                aside = f"{target.rpartition('/')[0]}/.{uuid.uuid4().hex}"
                self.fs.put_file(str(place), aside)
                self.fs.mv(aside, target)
            else:
                self.fs.put_file(str(place), target)
            self.fs.invalidate_cache()
            return token(self.fs.info(target))

    def remove(self, name: str) -> None:
        """Remove an object, where it is there."""
        with self._telling(f"remove {name} from"):
            if self.fs.exists(f"{self.root}/{name}"):
                self.fs.rm_file(f"{self.root}/{name}")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the place for one run with an object that names the holder; raises ``StoreError``.

        The object is made only where there is none, in one step where the store can do that
        (conditional writes of S3 and others, local files, memory). It outlives a killed run: the
        message says how to go on.
        """
        path = f"{self.root}/{REMOTE_LOCK}"
        mine = json.dumps({"host": socket.gethostname(), "process": os.getpid(), "since": time.strftime("%F %T")})
        with self._telling("write to"):
            self.fs.makedirs(self.root, exist_ok=True)
            made = _make_once(self.fs, path, mine.encode())
        if not made:
            raise StoreError(
                f"another run is writing to {self.url} ({self._holder(path)}); wait for it, "
                f"or where it was killed, remove {REMOTE_LOCK} there"
            )
        try:
            yield
        finally:
            with self._telling("write to"):
                self.fs.rm_file(path)

    def _holder(self, path: str) -> str:
        try:
            told = json.loads(self.fs.cat_file(path))
            return f"process {told['process']} on {told['host']}, since {told['since']}"
        except Exception:  # whatever stands in the way, the lock itself is there
            return "unknown"

    @contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        """Tell any failure of the store in one line: each file system raises classes of its own."""
        try:
            yield
        except StoreError:
            raise
        except Exception as error:
            reason = " ".join(str(error).split())[:300] or type(error).__name__
            raise StoreError(f"cannot {what} {self.url}: {reason}; check the address and your credentials") from error


def token(info: Mapping[str, Any]) -> str:
    """What tells whether an object changed: its size, and its hash or time as the store gives them."""
    for key in ("ETag", "etag", "md5Hash", "crc32c", "LastModified", "last_modified", "mtime", "created", "updated"):
        told = info.get(key)
        if told is not None:
            # Some stores give a moment in a listing as seconds and alone as a datetime.
            value = told.timestamp() if isinstance(told, datetime) else told
            return f"{info.get('size')}:{key}:{value}"
    return f"{info.get('size')}"


def _renames(fs: Any) -> bool:
    """Whether the file system writes in place (a disk), so that a whole object takes a rename."""
    names = fs.protocol if isinstance(fs.protocol, tuple | list) else (fs.protocol,)
    return bool({"file", "local", "dir", "sftp", "ssh", "smb", "hdfs", "nfs"} & set(names))


def _make_once(fs: Any, path: str, content: bytes) -> bool:
    """Make an object where there is none; tells whether it was made."""
    names = fs.protocol if isinstance(fs.protocol, tuple | list) else (fs.protocol,)
    if {"file", "local"} & set(names):
        try:
            with open(path, "xb") as out:
                out.write(content)
        except FileExistsError:
            return False
        return True
    try:
        fs.pipe_file(path, content, mode="create")
    except FileExistsError:
        return False
    except TypeError:
        # A file system of before this option: look, then write; two runs within a moment may both pass.
        if fs.exists(path):
            return False
        fs.pipe_file(path, content)
    return True


def local_name(name: str) -> str:
    """A relative path for an object's name that stays inside the folder and fits a file system."""
    parts = []
    for part in name.split("/"):
        safe = {"": "%", ".": "%2E", "..": "%2E%2E"}.get(part, part.replace("\0", "%00"))
        if len(safe.encode("utf-8", "replace")) > _LONGEST_NAME:
            suffixes = "".join(PurePosixPath(safe).suffixes[-2:])[-20:]
            safe = f"{safe[:40]}%{hashlib.sha256(part.encode()).hexdigest()[:16]}{suffixes}"
        parts.append(safe)
    return "/".join(parts)


def _read_state(folder: Path) -> State:
    try:
        data = json.loads(_state_file(folder).read_text(encoding="utf-8"))
        return {str(k): [str(v[0]), str(v[1])] for k, v in data.items()}
    except (OSError, ValueError, AttributeError, IndexError, TypeError):
        return {}


def _write_state(folder: Path, state: State) -> None:
    aside = folder.with_name(f".{uuid.uuid4().hex}")
    aside.write_text(json.dumps(state, sort_keys=True), encoding="utf-8")
    aside.replace(_state_file(folder))


def _state_file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _stamp(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_size}.{stat.st_mtime_ns}"


def _date(place: Path, info: Mapping[str, Any]) -> None:
    """Give a fetched file the object's time, for ``[reading] file_time``."""
    for key in ("LastModified", "last_modified", "mtime", "updated", "created"):
        moment = info.get(key)
        seconds = moment.timestamp() if isinstance(moment, datetime) else moment
        if isinstance(seconds, int | float):
            os.utime(place, (seconds, seconds))
            return


def fetch_raw(remote: Remote, folder: Path) -> Path:
    """Bring ``folder/raw`` up to date with the objects of a place; returns it.

    Unchanged objects are not read again; what left the place leaves the folder. Raises ``StoreError``
    where nothing can be listed or an object cannot be read: half a listing would look like removals.
    """
    raw = folder / "raw"
    found = remote.listing()
    if not found and not remote.fs.exists(remote.root):
        raise StoreError(f"there is nothing at {remote.url}; put your articles there or name another place with --raw")
    raw.mkdir(parents=True, exist_ok=True)
    before = _read_state(raw)
    state: State = {}
    try:
        for name, info in found.items():
            place = raw / local_name(name)
            told = token(info)
            if before.get(name) != [told, _stamp(place)]:
                remote.get(name, place)
                _date(place, info)
            state[name] = [told, _stamp(place)]
    finally:
        _write_state(raw, {**before, **state})
    kept = {raw / local_name(name) for name in found}
    for path in sorted(raw.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()
    _write_state(raw, state)
    return raw


def fetch_tables(remote: Remote, folder: Path) -> Path:
    """Bring ``folder/processed`` up to date with the parts of a place; returns it.

    Another machine's parts replace ours of the same name. Parts that an interrupted run made and
    did not put stay: the run holds them against the inputs and puts them.
    """
    tables = folder / "processed"
    tables.mkdir(parents=True, exist_ok=True)
    before = _read_state(tables)
    state: State = {}
    found = {name: info for name, info in remote.listing().items() if _is_part(name)}
    for name, info in found.items():
        told = token(info)
        if before.get(name, [""])[0] != told or not (tables / name).exists():
            remote.get(name, tables / name)
            state[name] = [told, _stamp(tables / name)]
        else:
            state[name] = before[name]
    for name, (_, stamp) in before.items():
        if name not in found and _stamp(tables / name) == stamp:
            (tables / name).unlink(missing_ok=True)
    _write_state(tables, state)
    return tables


def publish_tables(remote: Remote, folder: Path) -> None:
    """Put the parts that changed, then remove those that are gone. Raises ``StoreError``.

    New parts come before old ones go: a reader in between may see an article twice, never not at all.
    """
    tables = folder / "processed"
    state = _read_state(tables)
    here = {p.relative_to(tables).as_posix(): p for p in sorted(tables.glob("*/part-*.parquet"))}
    try:
        for name, path in here.items():
            stamp = _stamp(path)
            if state.get(name, ["", ""])[1] != stamp:
                state[name] = [remote.put(path, name), stamp]
        for name in [n for n in state if n not in here]:
            remote.remove(name)
            del state[name]
    finally:
        _write_state(tables, state)


def _is_part(name: str) -> bool:
    table, _, file = name.partition("/")
    return table in {t.name for t in TABLES} and file.startswith("part-") and file.endswith(".parquet")
