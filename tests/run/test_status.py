"""What `communique status` tells, and that it is what the next run does."""

import json

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.core.store import Store
from pipeline.run import run
from pipeline.run.manifest import MANIFEST
from pipeline.run.status import read_status
from tests.run.test_runner import many


@pytest.fixture
def folders(raw, tmp_path, small_config):
    many(raw, 10)
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    return {"raw": raw, "processed": tmp_path / "out", "config": small_config}


def test_nothing_to_do(folders):
    status = read_status(**folders)
    assert status.nothing_to_do
    assert (status.files, status.up_to_date, status.rows["articles"]) == (13, 13, 13)
    assert status.rows["stories"] > 0
    assert status.last.processed == 13
    assert status.last.seconds > 0


def test_before_the_first_run(raw, tmp_path, small_config):
    status = read_status(raw=raw, processed=tmp_path / "none", config=small_config)
    assert (status.new, status.up_to_date, status.last) == (3, 0, None)
    assert not (tmp_path / "none").exists()


def test_new_changed_removed_and_unreadable(folders):
    raw = folders["raw"]
    (raw / "new.txt").write_text("Peru said on Monday that it would host talks.\n", encoding="utf-8")
    (raw / "many-0001.txt").write_text("Chile said on Monday that it agreed.\n", encoding="utf-8")
    (raw / "many-0002.txt").unlink()
    (raw / "gone.txt").symlink_to(raw / "nowhere.txt")
    status = read_status(**folders)
    assert (status.new, status.changed, status.removed, status.unreadable) == (1, 1, 1, 1)
    assert status.examples["changed"] == ["many-0001.txt"]
    assert run(raw=raw, processed=folders["processed"], config=folders["config"], workers=1).processed == 3
    status = read_status(**folders)
    assert (status.up_to_date, status.unreadable, status.nothing_to_do) == (13, 1, True)


@pytest.mark.parametrize(
    ("change", "stages"),
    [
        ("settings", [("events", 13, ("settings",))]),
        ("model", [("entities", 13, ("model",)), ("events", 13, ("an earlier stage",))]),
    ],
)
def test_stale_and_why(folders, monkeypatch, change, stages):
    if change == "model":
        monkeypatch.setattr("pipeline.entities.model_fingerprint", lambda config: "another model")
    else:
        config = folders["config"]
        folders["config"] = config.model_copy(update={"events": config.events.model_copy(update={"min_score": 0.9})})
    status = read_status(**folders)
    assert [(s.stage, s.files, s.why) for s in status.stale] == stages
    assert not status.nothing_to_do


def test_after_a_stage_alone_and_a_lost_manifest(folders):
    raw = folders["raw"]
    (raw / "new.txt").write_text("Peru said on Monday that it would host talks.\n", encoding="utf-8")
    outcome = run(raw=raw, processed=folders["processed"], config=folders["config"], workers=1, only="articles")
    assert outcome.processed == 1
    status = read_status(**folders)
    assert [(s.stage, s.files) for s in status.stale] == [("language", 1), ("entities", 1), ("events", 1)]
    assert status.stories_stale
    (folders["processed"] / MANIFEST).unlink()
    status = read_status(**folders)
    assert (status.up_to_date, status.new, status.changed) == (13, 0, 0)


def test_failures_are_counted(folders):
    (folders["raw"] / "empty.txt").write_text("")
    run(raw=folders["raw"], processed=folders["processed"], config=folders["config"], workers=1)
    assert [(f.stage, f.error, f.count) for f in read_status(**folders).failures] == [("articles", "Empty", 1)]


def test_the_command(folders, tmp_path):
    config = tmp_path / "c.toml"
    config.write_text('[entities]\nengine = "gazetteer"\n[events]\nengine = "rules"\n')
    options = [
        "status",
        "--raw",
        str(folders["raw"]),
        "--processed",
        str(folders["processed"]),
        "--config",
        str(config),
    ]
    shown = CliRunner().invoke(main, options)
    assert shown.exit_code == 0, shown.output
    assert "13 files, 13 up to date" in shown.output
    told = json.loads(CliRunner().invoke(main, [*options, "--json"]).output)
    assert told["nothing_to_do"] is True
    with Store(folders["processed"]).locked():
        assert "a run is writing now" in CliRunner().invoke(main, options).output
    missing = CliRunner().invoke(main, ["status", "--raw", str(tmp_path / "none")])
    assert missing.exit_code == 2
    assert "--raw" in missing.output


def test_a_single_stage_keeps_what_holds(folders):
    """Joined ids stay in the rows that a single stage does not make anew."""
    from tests.run.test_runner import table_bytes

    before = table_bytes(folders["processed"])
    for stage in ("articles", "language", "entities", "events"):
        run(raw=folders["raw"], processed=folders["processed"], config=folders["config"], workers=1, only=stage)
    assert table_bytes(folders["processed"]) == before


def test_a_single_stage_drops_rows_that_would_point_into_another_text(folders):
    import pandas as pd

    (folders["raw"] / "many-0001.txt").write_text("Chile agreed.\n", encoding="utf-8")
    run(raw=folders["raw"], processed=folders["processed"], config=folders["config"], workers=1, only="articles")
    articles = pd.read_parquet(folders["processed"] / "articles").set_index("article_id")
    for table in ("sentences", "mentions", "events"):
        rows = pd.read_parquet(folders["processed"] / table)
        sources = set(rows.article_id.map(articles.source))
        assert "many-0001.txt" not in sources
        assert "many-0002.txt" in sources
