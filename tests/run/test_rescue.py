"""Inputs that end their worker process: a row in `failures` each, and the rest of the run as ever."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.core.config import Config, Entities, Events
from pipeline.core.store import PIECES
from pipeline.run import planning, run
from pipeline.run.engine import EngineError
from pipeline.run.local_engine import LocalEngine
from pipeline.run.rescue import Death
from pipeline.run.status import read_status
from tests.run.deadly import DeadlyConfig
from tests.run.test_runner import many, table_bytes

TEXT = "Chile said on Monday that it would host talks with Peru.\n"


@pytest.fixture
def deadly(small_config, tmp_path, monkeypatch) -> Config:
    (tmp_path / "notes").mkdir()
    monkeypatch.setenv("DEADLY_FOLDER", str(tmp_path / "notes"))
    # Parts of four files: several chunks of a few files.
    monkeypatch.setattr(planning, "mean_files", lambda _: 4)
    return DeadlyConfig(**small_config.model_dump())


def extract(raw, processed, config, workers=2, **options):
    return run(raw=raw, processed=processed, config=config, engine=LocalEngine(workers), **options)


def failures(processed):
    return pd.read_parquet(processed / "failures").set_index("source")


def tries(tmp_path, source) -> int:
    notes = tmp_path / "notes" / f"read-{source}"
    return len(notes.read_text().splitlines()) if notes.exists() else 0


def test_what_kills_its_worker_is_a_failure_and_the_rest_completes(raw, tmp_path, deadly, small_config):
    many(raw, 8)
    (raw / "many-0003-reader.txt").write_text(f"{TEXT}KILL\n")
    (raw / "many-0005-stage.txt").write_text(f"{TEXT}CRASH\n")
    outcome = extract(raw, tmp_path / "out", deadly)
    assert (outcome.processed, outcome.failures) == (13, 2)
    found = failures(tmp_path / "out")
    assert set(found["error"]) == {"WorkerDied"}
    assert found["stage"].to_dict() == {"many-0003-reader.txt": "articles", "many-0005-stage.txt": "events"}
    assert "SIGKILL" in found.loc["many-0003-reader.txt", "message"]
    assert "SIGSEGV" in found.loc["many-0005-stage.txt", "message"]
    # What the stages before made of it is there.
    articles = pd.read_parquet(tmp_path / "out" / "articles")
    mentions = pd.read_parquet(tmp_path / "out" / "mentions")
    crashed = articles.loc[articles["source"] == "many-0005-stage.txt"].iloc[0]
    assert "Peru" in set(mentions.loc[mentions["article_id"] == crashed["article_id"], "text"])
    assert len(articles) == 12
    assert not (tmp_path / "out" / PIECES).exists()
    extract(raw, tmp_path / "one", deadly, 1)
    assert table_bytes(tmp_path / "one") == table_bytes(tmp_path / "out")
    for path in raw.glob("many-????-*.txt"):
        path.unlink()
    extract(raw, tmp_path / "out", deadly)
    run(raw=raw, processed=tmp_path / "fresh", config=small_config, workers=1)
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "fresh")


def test_it_is_tried_again_only_when_something_changed(raw, tmp_path, deadly):
    path = raw / "reader.txt"
    path.write_text(f"{TEXT}KILL\n")
    extract(raw, tmp_path / "out", deadly)
    before = tries(tmp_path, "reader.txt")
    assert before >= 2
    assert extract(raw, tmp_path / "out", deadly).processed == 0
    assert tries(tmp_path, "reader.txt") == before
    told = read_status(raw=raw, processed=tmp_path / "out", config=deadly)
    assert [(f.stage, f.error, f.count) for f in told.failures] == [("articles", "WorkerDied", 1)]
    assert told.nothing_to_do
    folders = ["--raw", str(raw), "--processed", str(tmp_path / "out"), "--ner", "gazetteer"]
    shown = CliRunner().invoke(main, ["status", *folders]).output
    assert "articles: WorkerDied (not tried again until the file" in shown
    path.write_text(TEXT)
    outcome = extract(raw, tmp_path / "out", deadly)
    assert (outcome.processed, outcome.failures) == (1, 0)


def test_a_worker_that_dies_by_chance_costs_nothing(raw, tmp_path, deadly, small_config):
    many(raw, 12)
    (raw / "flaky-reader.txt").write_text(f"{TEXT}FLAKY\n")
    outcome = extract(raw, tmp_path / "out", deadly)
    assert outcome.failures == 0
    run(raw=raw, processed=tmp_path / "fresh", config=small_config, workers=1)
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "fresh")


def test_files_that_kill_only_together_are_all_done(raw, tmp_path, deadly, small_config, monkeypatch):
    monkeypatch.setattr(planning, "mean_files", lambda _: 64)
    for name in ("a", "b", "c"):
        (raw / f"{name}-reader.txt").write_text(f"{TEXT}COMPANY {name}\n")
    # Two of them in one process kill it, so that each needs a process of its own.
    outcome = extract(raw, tmp_path / "out", deadly)
    assert outcome.failures == 0
    run(raw=raw, processed=tmp_path / "fresh", config=small_config, workers=1)
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "fresh")


def test_a_single_stage_gives_up_for_itself_alone(raw, tmp_path, deadly):
    (raw / "stage.txt").write_text(f"{TEXT}KILL\n")
    for stage in ("articles", "language", "entities"):
        assert extract(raw, tmp_path / "out", deadly, only=stage).failures == 0
    assert extract(raw, tmp_path / "out", deadly, only="events").failures == 1
    extract(raw, tmp_path / "whole", deadly)
    extract(raw, tmp_path / "out", deadly)
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "whole")


def test_of_a_file_of_many_articles_only_those_that_kill_are_given_up(raw, tmp_path, deadly, small_config):
    lines = [{"id": n, "text": f"{TEXT} {'CRASH' if n == 5 else n}", "date": "2025-03-03"} for n in range(9)]
    (raw / "stage.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert extract(raw, tmp_path / "out", deadly).failures == 1
    failure = pd.read_parquet(tmp_path / "out" / "failures").iloc[0]
    assert (failure["source"], failure["source_index"], failure["stage"]) == ("stage.jsonl", 5, "events")
    assert "the worker that did this article crashed" in failure["message"]
    del lines[5]
    (raw / "stage.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run(raw=raw, processed=tmp_path / "fresh", config=small_config, workers=1)
    found, expected = (pd.read_parquet(tmp_path / name / "events") for name in ("out", "fresh"))
    # Their stories have other reports: that of the article that is lost here is not there.
    columns = [c for c in expected if c not in ("story_id", "event_id")]
    pd.testing.assert_frame_equal(found[columns], expected[columns])


def test_a_machine_that_kills_everything_stops_the_run_in_one_line(raw, tmp_path, deadly, monkeypatch):
    monkeypatch.setenv("DEADLY_MACHINE", "any")
    with pytest.raises(EngineError, match=r"no worker stays alive on this machine.*SIGKILL") as told:
        extract(raw, tmp_path / "out", deadly)
    assert "\n" not in str(told.value)
    monkeypatch.delenv("DEADLY_MACHINE")
    assert extract(raw, tmp_path / "out", deadly).failures == 0


@pytest.mark.parametrize(
    ("death", "told"),
    [
        (Death(-9), "SIGKILL), most often for want of memory"),
        (Death(-11), "crashed in native code (SIGSEGV)"),
        (Death(-15), "was ended by SIGTERM"),
        (Death(-64), "was ended by "),
        (Death(3), "ended with exit code 3"),
        (Death(told="had no memory left"), "had no memory left"),
    ],
)
def test_deaths_are_told_in_words(death, told):
    assert told in str(death)


def test_a_missing_model_stops_before_the_first_article_whatever_the_workers(raw, tmp_path, monkeypatch):
    from pipeline.core.config import ConfigError

    monkeypatch.setenv("COMMUNIQUE_MODEL", str(tmp_path / "none"))
    config = Config(entities=Entities(engine="multilingual"), events=Events(engine="model"))
    with pytest.raises(ConfigError):
        extract(raw, tmp_path / "out", config)
    assert not list((tmp_path / "out").glob("*/part-*"))
