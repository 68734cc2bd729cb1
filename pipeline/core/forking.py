"""The process that worker processes are forked from, with most of their code loaded."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver

PRELOAD = ("pipeline.run.work",)
"""All that workers are made of, except for a model's runtime, which keeps threads and loads with its model."""


def warm_up() -> None:
    """Start that process, which loads while this one does other things; it ends with this one."""
    multiprocessing.set_forkserver_preload(list(PRELOAD))
    # Where it cannot be had now, the start of a worker tells what stands in the way.
    with suppress(OSError), _same_code():
        forkserver.ensure_running()


@contextmanager
def _same_code() -> Iterator[None]:
    """Have a Python that starts now look for modules where this one does, and not first in the
    current folder, in which a user may have a package of the same name."""
    ours = {"PYTHONPATH": os.pathsep.join(p or os.curdir for p in sys.path), "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
