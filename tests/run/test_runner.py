"""Runs: what is new is done, what is there is kept, and the bytes are always the same."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.core import schemas
from pipeline.core.config import Config
from pipeline.core.store import Store, StoreError
from pipeline.run import run
from pipeline.run.manifest import MANIFEST
from pipeline.run.plan import PlanError


def table_bytes(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.glob("*/part-*.parquet"))
    }


def extract(raw, processed, config, **options):
    return run(raw=raw, processed=processed, config=config, **{"workers": 1, **options})


def many(raw: Path, count: int) -> None:
    for n in range(count):
        day = f"2025-03-{n % 27 + 1:02}"
        (raw / f"many-{n:04}.txt").write_text(
            f"---\ndate: {day}\n---\n\nPresident Emmanuel Macron met King Abdullah in Amman on Monday, envoy {n} said.\n",
            encoding="utf-8",
        )


def test_all_tables_are_written_with_their_schemas(raw, tmp_path, small_config):
    outcome = extract(raw, tmp_path / "out", small_config)
    assert (outcome.files, outcome.processed, outcome.failures) == (3, 3, 0)
    for table in schemas.TABLES:
        folder = tmp_path / "out" / table.name
        assert pq.read_table(folder).schema.equals(table.schema), table.name
        assert list(pd.read_parquet(folder).columns) == [c.name for c in table.columns]


def test_second_run_does_nothing_and_changes_no_byte(raw, tmp_path, small_config):
    extract(raw, tmp_path / "out", small_config)
    before = table_bytes(tmp_path / "out")
    outcome = extract(raw, tmp_path / "out", small_config)
    assert (outcome.processed, outcome.reused) == (0, 3)
    assert table_bytes(tmp_path / "out") == before


def test_increment_equals_a_run_from_nothing(raw, tmp_path, small_config):
    many(raw, 150)
    extract(raw, tmp_path / "grown", small_config)
    many(raw, 160)
    (raw / "one.en.txt").write_text("Peru said on Monday that it would host talks with Chile.\n", encoding="utf-8")
    (raw / "many-0007.txt").unlink()
    outcome = extract(raw, tmp_path / "grown", small_config)
    assert outcome.processed == 11
    extract(raw, tmp_path / "fresh", small_config)
    assert table_bytes(tmp_path / "grown") == table_bytes(tmp_path / "fresh")


def test_workers_change_no_byte(raw, tmp_path, small_config):
    many(raw, 150)
    extract(raw, tmp_path / "one", small_config)
    extract(raw, tmp_path / "two", small_config, workers=2)
    assert table_bytes(tmp_path / "one") == table_bytes(tmp_path / "two")


def test_stages_one_by_one_equal_the_whole(raw, tmp_path, small_config):
    (raw / "empty.txt").write_text("")
    (raw / "picture.png").write_bytes(b"png")
    for stage in ("articles", "language", "entities", "events"):
        extract(raw, tmp_path / "staged", small_config, only=stage)
    extract(raw, tmp_path / "staged", small_config)
    extract(raw, tmp_path / "whole", small_config)
    assert table_bytes(tmp_path / "staged") == table_bytes(tmp_path / "whole")


def test_changed_settings_rerun_their_stage_alone(raw, tmp_path, small_config, monkeypatch):
    extract(raw, tmp_path / "out", small_config)
    changed = small_config.model_copy(update={"events": small_config.events.model_copy(update={"min_score": 0.9})})

    def never(*args, **options):
        raise AssertionError("an earlier stage ran again")

    monkeypatch.setattr("pipeline.articles.read_articles", never)
    monkeypatch.setattr("pipeline.language.LanguageStage.run", never)
    outcome = extract(raw, tmp_path / "out", changed)
    assert (outcome.processed, outcome.failures) == (3, 0)


@pytest.mark.parametrize("stage", ["language", "entities", "events"])
def test_failures_of_reading_stay_when_a_later_stage_changes(stage, raw, tmp_path, small_config, monkeypatch):
    (raw / "empty.txt").write_text("")
    assert extract(raw, tmp_path / "out", small_config).failures == 1
    monkeypatch.setattr(f"pipeline.{stage}.VERSION", "another")
    assert extract(raw, tmp_path / "out", small_config).failures == 1


def test_a_lost_manifest_and_lost_parts_are_made_up_for(raw, tmp_path, small_config):
    extract(raw, tmp_path / "out", small_config)
    before = table_bytes(tmp_path / "out")
    (tmp_path / "out" / MANIFEST).unlink()
    assert extract(raw, tmp_path / "out", small_config).processed == 0
    for path in (tmp_path / "out" / "events").iterdir():
        path.unlink()
    next((tmp_path / "out" / "sentences").iterdir()).write_bytes(b"damaged")
    (tmp_path / "out" / MANIFEST).write_text("{", encoding="utf-8")
    extract(raw, tmp_path / "out", small_config)
    assert table_bytes(tmp_path / "out") == before


def test_one_bad_article_is_a_failure_and_the_rest_go_on(raw, tmp_path, small_config, monkeypatch):
    from pipeline.events.rules import RuleExtractor

    honest = RuleExtractor.extract

    def picky(self, document):
        if document.article.language == "ar":
            raise ValueError("cannot take this")
        return honest(self, document)

    monkeypatch.setattr(RuleExtractor, "extract", picky)
    outcome = extract(raw, tmp_path / "out", small_config)
    failures = pd.read_parquet(tmp_path / "out" / "failures")
    assert outcome.failures == 1
    assert failures.iloc[0].to_dict() == {
        "source": "one.ar.txt", "source_index": 0, "stage": "events", "error": "ValueError", "message": "cannot take this",
    }  # fmt: skip
    articles = pd.read_parquet(tmp_path / "out" / "articles")
    events = pd.read_parquet(tmp_path / "out" / "events").merge(articles, on="article_id")
    assert set(events.language) == {"en", "zh"}


def test_inputs_that_cannot_be_read_are_failures(raw, tmp_path, small_config):
    (raw / "empty.txt").write_text("")
    (raw / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (raw / "picture.pdf").write_bytes(b"%PDF-1.7")
    (raw / "broken.jsonl").write_text('{"title": "One", "text": "Peru said on Monday that it agreed."}\n{"title": \n')
    (raw / "gone.txt").symlink_to(raw / "nowhere.txt")
    extract(raw, tmp_path / "out", small_config)
    failures = pd.read_parquet(tmp_path / "out" / "failures").set_index("source")
    assert set(failures.index) == {"empty.txt", "binary.txt", "picture.pdf", "broken.jsonl", "gone.txt"}
    assert failures.loc["broken.jsonl"].source_index == 1
    assert len(pd.read_parquet(tmp_path / "out" / "articles")) == 4


def test_two_runs_on_one_folder(raw, tmp_path, small_config):
    store = Store(tmp_path / "out")
    with store.locked(), pytest.raises(StoreError, match="another run"):
        extract(raw, tmp_path / "out", small_config)


def test_wrong_folders_are_told(tmp_path, small_config):
    with pytest.raises(PlanError):
        extract(tmp_path / "none", tmp_path / "out", small_config)
    (tmp_path / "file").write_text("x")
    (tmp_path / "raw").mkdir()
    with pytest.raises(StoreError):
        extract(tmp_path / "raw", tmp_path / "file", small_config)


def test_every_offset_points_at_its_text(raw, tmp_path, small_config):
    extract(raw, tmp_path / "out", small_config)
    text = pd.read_parquet(tmp_path / "out" / "articles").set_index("article_id").text
    for table, column in (("sentences", "text"), ("mentions", "text"), ("arguments", "text"), ("events", "trigger")):
        rows = pd.read_parquet(tmp_path / "out" / table)
        assert len(rows)
        for row in rows.itertuples():
            assert text[row.article_id][int(row.start) : int(row.end)] == getattr(row, column)
    quotes = pd.read_parquet(tmp_path / "out" / "events").dropna(subset="quote")
    for row in quotes.itertuples():
        assert text[row.article_id][int(row.quote_start) : int(row.quote_end)] == row.quote


def test_hash_seed_changes_no_byte(raw, tmp_path, small_config):
    """Another process with another seed than this one's, which is random where nobody set it."""
    extract(raw, tmp_path / "here", small_config)
    code = (
        "from pathlib import Path; from pipeline.run.runner import run; from pipeline.core.config import *;"
        f"run(raw=Path({str(raw)!r}), processed=Path({str(tmp_path / 'there')!r}), workers=1,"
        "config=Config(entities=Entities(engine='gazetteer'), events=Events(engine='rules')))"
    )
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}, cwd=Path.cwd())
    assert table_bytes(tmp_path / "here") == table_bytes(tmp_path / "there")


def test_footer_tells_what_made_each_source(raw, tmp_path, small_config):
    extract(raw, tmp_path / "out", small_config)
    path = next((tmp_path / "out" / "events").iterdir())
    footer = json.loads(pq.read_schema(path).metadata[b"communique"])
    assert set(footer["fingerprints"]) == {"one.ar.txt", "one.en.txt", "one.zh.txt"}
    assert all(set(stages) == {"events"} for stages in footer["fingerprints"].values())


def test_default_configuration_is_used_without_a_file(raw, tmp_path):
    assert extract(raw, tmp_path / "out", Config(), only="articles").processed == 3
