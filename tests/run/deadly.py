"""A configuration that makes the workers which unpack it die of some inputs: the tests' own trap.

Nothing of it is in the product. A worker process gets its task pickled; unpacking this class there
imports this module, which puts a reader and a stage in the place of the real ones.
"""

import multiprocessing
import os
import signal
from pathlib import Path

import pipeline.articles
import pipeline.events
from pipeline.core.config import Config


class DeadlyConfig(Config):
    """As ``Config``."""


def _die(text: str) -> None:
    if "CRASH" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "KILL" in text or ("FLAKY" in text and not _was_here("flaky")):
        os.kill(os.getpid(), signal.SIGKILL)
    if "MEMORY" in text:
        raise MemoryError
    if "COMPANY" in text and not _was_here(f"company-{os.getpid()}"):
        return
    if "COMPANY" in text:
        os.kill(os.getpid(), signal.SIGKILL)


def _was_here(name: str) -> bool:
    path = Path(os.environ["DEADLY_FOLDER"]) / name
    there = path.exists()
    with path.open("a", encoding="utf-8") as out:
        out.write("here\n")
    return there


def _set_traps() -> None:
    read, run = pipeline.articles.read_articles, pipeline.events.EventsStage.run

    def deadly_read(path, *, source, **options):
        _was_here(f"read-{source}")
        if os.environ.get("DEADLY_MACHINE") == source or os.environ.get("DEADLY_MACHINE") == "any":
            os.kill(os.getpid(), signal.SIGKILL)
        if "reader" in source:
            _die(path.read_text(encoding="utf-8"))
        yield from read(path, source=source, **options)

    def deadly_run(self, documents):
        for document in documents:
            if "stage" in document.article.source:
                _die(document.article.text)
        return run(self, documents)

    pipeline.articles.read_articles = deadly_read
    pipeline.events.EventsStage.run = deadly_run


if multiprocessing.current_process().name != "MainProcess" or os.environ.get("DEADLY_FOLDER", "").endswith("ray"):
    _set_traps()
