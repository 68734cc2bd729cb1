"""The process that worker processes are forked from, with most of their code loaded."""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from multiprocessing import forkserver

PRELOAD = ("pipeline.run.work",)
"""All that workers are made of, except for a model's runtime, which keeps threads and loads with its model."""


def warm_up() -> None:
    """Start that process, which loads while this one does other things; it ends with this one."""
    multiprocessing.set_forkserver_preload(list(PRELOAD))
    # Where it cannot be had now, the start of a worker tells what stands in the way.
    with suppress(OSError):
        forkserver.ensure_running()
