"""What a change reruns: a word list its stage and those after it, a model the same, an article its own rows."""

import subprocess
import sys
from pathlib import Path

import pytest

import pipeline.languages
from pipeline.run import planning, run
from pipeline.run.stages import PER_ARTICLE, Stages
from tests.run.test_runner import many, table_bytes

ROOT = Path(__file__).resolve().parents[2]

# Runs every stage over three articles and prints, for each stage, the word lists that it read.
SPY = """
import sys
from pathlib import Path
import pipeline.languages as languages
asked = set()
real = languages.resources.files
class Spied:
    def __init__(self, path): self.path = path
    def joinpath(self, *parts):
        if parts[-1].endswith(".toml"):
            asked.add(parts[-1][:-5])
        return self.path.joinpath(*parts)
from pipeline.core.config import Config, Entities, Events, Run
from pipeline.run.stages import PER_ARTICLE, Stages
from pipeline.run.plan import Source
from pipeline.run.work import _read, run_stage
engine, events = sys.argv[2:]
config = Config(entities=Entities(engine=engine), events=Events(engine=events))
class resources:
    @staticmethod
    def files(name): return Spied(real(name))
languages.resources = resources
stages = Stages(config)
documents = []
from pipeline.core.rows import Document
asked.clear()
for path in sorted(Path(sys.argv[1]).iterdir()):
    documents += [Document(a) for a in _read(Source(path.name, path, 1, "0"), config)]
print("articles", *sorted(asked))
for name in PER_ARTICLE[1:]:
    asked.clear()
    pipeline_caches = [f for f in list(sys.modules.values())]
    documents, failures = run_stage(stages, name, documents)
    assert not any(failures), failures
    print(name, *sorted(asked))
"""


def test_each_stage_counts_every_word_list_that_it_reads(raw):
    """Read in one process, a list that an earlier stage read is not seen again: that stage counts it."""
    ended = subprocess.run(
        [sys.executable, "-c", SPY, str(raw), "gazetteer", "rules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    read = {line.split()[0]: set(line.split()[1:]) for line in ended.stdout.splitlines()}
    assert read["events"]
    counted: set[str] = set()
    for name in PER_ARTICLE:
        counted |= set(getattr(pipeline, name).TOPICS)
        # The gazetteer alone of the engines for names reads the triggers, and counts them with itself.
        counted |= {"triggers"} if name == "entities" else set()
        assert read[name] <= counted, f"{name} reads {read[name] - counted}, which its TOPICS do not name"


def test_the_gazetteer_counts_the_triggers(monkeypatch):
    from pipeline.core.config import Entities
    from pipeline.entities import model_fingerprint

    before = {e: model_fingerprint(Entities(engine=e)) for e in ("gazetteer", "multilingual")}
    real = pipeline.languages.fingerprint_topics
    monkeypatch.setattr(
        "pipeline.entities.engines.registry.fingerprint_topics", lambda *t: real(*t) + ("+" if "triggers" in t else "")
    )
    after = {e: model_fingerprint(Entities(engine=e)) for e in before}
    assert [e for e in before if before[e] != after[e]] == ["gazetteer"]


@pytest.fixture
def ran(monkeypatch):
    """The stages that a run has run, with the number of documents."""
    calls: dict[str, int] = {}
    import pipeline.run.work as work

    real_stage, real_read = work.run_stage, work._read

    def run_stage(stages, name, documents):
        calls[name] = calls.get(name, 0) + len(documents)
        return real_stage(stages, name, documents)

    def read(source, config):
        calls["articles"] = calls.get("articles", 0) + 1
        return real_read(source, config)

    monkeypatch.setattr(work, "run_stage", run_stage)
    monkeypatch.setattr(work, "_read", read)
    return calls


def changed_words(monkeypatch, topic):
    """As if a line had been added to a word list."""
    real = pipeline.languages.fingerprint_topics
    monkeypatch.setattr(
        "pipeline.run.stages.fingerprint_topics", lambda *topics: real(*topics) + ("+" if topic in topics else "")
    )


@pytest.mark.parametrize(
    ("what", "stages"),
    [
        ("times", {"events"}),
        ("titles", {"entities", "events"}),
        ("furniture", {"language", "entities", "events"}),
        ("calendar", set(PER_ARTICLE)),
    ],
)
def test_a_changed_word_list_reruns_what_reads_it(raw, tmp_path, small_config, monkeypatch, ran, what, stages):
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    before = table_bytes(tmp_path / "out")
    ran.clear()
    changed_words(monkeypatch, what)
    outcome = run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    assert (set(ran), outcome.processed) == (stages, 3)
    after = table_bytes(tmp_path / "out")
    untouched = {"times": ("articles", "sentences", "mentions"), "titles": ("articles", "sentences")}.get(what, ())
    assert all(before[p] == after[p] for p in before if p.split("/")[0] in untouched)
    run(raw=raw, processed=tmp_path / "fresh", config=small_config, workers=1)
    assert table_bytes(tmp_path / "fresh") == after


def test_a_changed_model_reruns_the_names_and_what_follows(raw, tmp_path, small_config, monkeypatch, ran):
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    ran.clear()
    monkeypatch.setattr("pipeline.entities.model_fingerprint", lambda config: "another model")
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    assert set(ran) == {"entities", "events"}


def test_a_changed_library_and_a_changed_version_count(small_config, monkeypatch):
    before = {name: Stages(small_config).signature(name) for name in PER_ARTICLE}
    monkeypatch.setattr("pipeline.run.stages._version", lambda library: "999")
    assert all(Stages(small_config).signature(name) != before[name] for name in PER_ARTICLE)
    monkeypatch.undo()
    monkeypatch.setattr("pipeline.language.VERSION", "999")
    assert [n for n in PER_ARTICLE if Stages(small_config).signature(n) != before[n]] == ["language"]


def test_a_changed_article_reruns_its_own_rows(raw, tmp_path, small_config, ran):
    many(raw, 20)
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    ran.clear()
    (raw / "many-0003.txt").write_text("Chile said on Monday that it agreed.\n", encoding="utf-8")
    outcome = run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    assert outcome.processed == 1
    assert ran == dict.fromkeys(PER_ARTICLE, 1)


def test_parts_that_grow_together_take_rows_over(raw, tmp_path, small_config, monkeypatch, ran):
    """A wider cut (more files) merges parts, a lost first file renames one: nothing is computed again."""
    many(raw, 40)
    monkeypatch.setattr(planning, "mean_files", lambda _: 4)
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    small = len(list((tmp_path / "out" / "events").iterdir()))
    ran.clear()
    (raw / "many-0000.txt").unlink()
    monkeypatch.setattr(planning, "mean_files", lambda _: 16)
    outcome = run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    assert (ran, outcome.processed, outcome.removed) == ({}, 0, 1)
    assert len(list((tmp_path / "out" / "events").iterdir())) < small
    monkeypatch.setattr(planning, "mean_files", lambda _: 2)
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    assert ran == {}
    run(raw=raw, processed=tmp_path / "fresh", config=small_config, workers=1)
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "fresh")


def test_the_time_of_a_file_counts_where_it_is_read(raw, tmp_path, small_config, ran):
    import os

    config = small_config.model_copy(update={"reading": small_config.reading.model_copy(update={"file_time": True})})
    run(raw=raw, processed=tmp_path / "out", config=config, workers=1)
    ran.clear()
    os.utime(raw / "one.en.txt", ns=(10**18, 10**18))
    assert run(raw=raw, processed=tmp_path / "out", config=config, workers=1).processed == 1
