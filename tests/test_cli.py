"""The command line: help, remedies, exit codes, last line."""

import json
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline.cli import main


def invoke(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


def commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(commands(main)), ids=" ".join)
def test_every_command_has_help_and_an_example(path):
    result = invoke(*path, "--help")
    assert result.exit_code == 0
    assert "Example: communique" in result.output


def test_help_and_a_run_with_nothing_new_load_no_more_than_they_need():
    """Each of these takes a tenth of a second or more to load."""
    tell = "import json, sys; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    for code, heavy in (
        ("import pipeline.cli", {"duckdb", "numpy", "pandas", "pyarrow", "spacy"}),
        ("import pipeline.run.runner, pipeline.run.summary", {"pandas", "pypinyin", "spacy", "trafilatura", "warcio"}),
    ):
        loaded = subprocess.run([sys.executable, "-c", f"{code}; {tell}"], capture_output=True, text=True, check=True)
        assert not heavy & set(json.loads(loaded.stdout))


def test_extract_ends_with_a_summary_and_a_last_line(raw, tmp_path):
    result = invoke("extract", "--raw", raw, "--processed", tmp_path / "out", "--ner", "gazetteer", "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "statements" in result.output
    assert result.output.strip().splitlines()[-1].startswith("3 of 3 files processed, 0 unchanged, no failures")
    again = invoke("extract", "--raw", raw, "--processed", tmp_path / "out", "--ner", "gazetteer", "--quiet")
    assert again.output.startswith("0 of 3 files processed, 3 unchanged")


def test_failures_are_told_in_the_last_line(raw, tmp_path):
    (raw / "empty.txt").write_text("")
    result = invoke("extract", "--raw", raw, "--processed", tmp_path / "out", "--ner", "gazetteer", "--workers", 1)
    assert result.exit_code == 0
    assert "1 failure (see" in result.output.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("args", "remedy"),
    [
        (["extract", "--raw", "/nonexistent/folder", "--processed", "OUT"], "--raw"),
        (["extract", "--config", "/nonexistent.toml", "--processed", "OUT"], "cannot read"),
        (["extract", "--ner", "magic"], "Invalid value"),
        (["extract", "--min-score", "3"], "Invalid value"),
        (["show", "x", "--processed", "OUT"], "communique extract"),
        (["evaluate", "--gold", "/nonexistent"], "--gold"),
        (["stage", "stories", "--processed", "OUT"], "communique extract"),
        (["stage", "nothing"], "Invalid value"),
        (["nothing"], "No such command"),
    ],
)
def test_mistakes_are_one_clear_line_and_exit_code_2(args, remedy, tmp_path):
    result = invoke(*(str(tmp_path / "out") if a == "OUT" else a for a in args))
    assert result.exit_code == 2
    assert remedy in result.output
    assert "Traceback" not in result.output


def test_one_stage_after_the_other_gives_what_extract_gives(raw, tmp_path):
    for name in ("articles", "language", "entities", "events"):
        result = invoke("stage", name, "--raw", raw, "--processed", tmp_path / "a", "--ner", "gazetteer", "--quiet")
        assert result.exit_code == 0, result.output
    assert "stories in" in invoke("stage", "stories", "--processed", tmp_path / "a").output
    invoke("extract", "--raw", raw, "--processed", tmp_path / "b", "--ner", "gazetteer", "--quiet")
    for table in ("events", "arguments", "stories"):
        first, second = (pq.read_table(tmp_path / f / table) for f in "ab")
        assert first.equals(second), table


def test_show_prints_an_article_with_its_events(raw, tmp_path):
    (raw / "evil.txt").write_text(
        "Oslo: \x1b]0;title\x07 minister Ana Sol said on Monday that \u202eabc\u202c it was fine.\n", encoding="utf-8"
    )
    invoke("extract", "--raw", raw, "--processed", tmp_path / "out", "--ner", "gazetteer", "--workers", 1)
    shown = invoke("show", "one.en", "--processed", tmp_path / "out")
    assert shown.exit_code == 0, shown.output
    assert "told" in shown.output
    assert "statement" in shown.output
    evil = invoke("show", "evil", "--processed", tmp_path / "out", "--no-color")
    assert "\x1b]0" not in evil.output
    assert "\u202e" not in evil.output
    many = invoke("show", "one", "--processed", tmp_path / "out")
    assert many.exit_code == 2
    assert "name one" in many.output


def test_models_list_names_the_engines():
    result = invoke("models", "list")
    assert result.exit_code == 0, result.output
    for name in ("multilingual", "gazetteer", "spacy", "stanza"):
        assert name in result.output
