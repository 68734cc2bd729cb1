"""Scores on small cases worked out by hand."""

import json
from datetime import date

import pytest

from pipeline.core import rows
from pipeline.evaluation import EvaluationError
from pipeline.evaluation.gold import locate, read_gold
from pipeline.evaluation.score import same_party, score_tables

TEXT = "Ana Sol met Bo Li in Quito on Monday.\nShe said nothing. He said it was fine."
GOLD = [
    {"doc": "d", "lang": "en", "line": 0, "ev": "M1", "type": "meeting", "trigger": "met", "status": "actual",
     "args": [["participant", "Ana Sol", "Ana Sol"], ["participant", "Bo Li", "Bo Li"], ["place", "Quito", "Quito"],
              ["time", "Monday", "2025-03-03"]]},
    {"doc": "d", "lang": "en", "line": 1, "ev": "S1", "type": "statement", "trigger": "said", "status": "negated",
     "args": [["speaker", "She", "Ana Sol"]]},
    {"doc": "d", "lang": "en", "line": 1, "ev": "S2", "type": "statement", "trigger": "said#2", "status": "actual",
     "args": [["speaker", "He", "Bo Li"]]},
]  # fmt: skip


@pytest.fixture
def gold(tmp_path):
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "d.en.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "events.jsonl").write_text("\n".join(json.dumps(g) for g in GOLD), encoding="utf-8")
    return read_gold(tmp_path)


def article():
    return rows.Article("a", "d.en.txt", 0, None, None, None, None, None, None, "en", ("en",), TEXT, "", "", None, 3)


def event(type_, trigger, start, status="actual", time=None, source=None):
    return rows.Event(f"e{start}", "a", 0, type_, None, status, trigger, start, start + len(trigger), None, time, time,
                      "day", source, None, None, None, None, None, None, None, None, "rules", None, None, None)  # fmt: skip


def argument(event_start, role, text, name=None, after=0):
    start = TEXT.index(text, after)
    return rows.Argument(f"e{event_start}", "a", role, start, start + len(text), text, None, name)


def test_hits_misses_and_false_ones(gold):
    second = TEXT.rindex("said")
    events = [event("meeting", "met", 8, time=date(2025, 3, 3), source="relative"), event("statement", "said", second),
              event("call", "it", TEXT.index("it was"))]  # fmt: skip
    arguments = [argument(8, "participant", "Ana Sol"), argument(8, "participant", "Bo Li", "Bo Li"),
                 argument(8, "time", "Monday"), argument(second, "speaker", "He", "Li")]  # fmt: skip
    scores = score_tables(gold, [article()], events, arguments)
    figures = {k: (t.hits, t.found, t.gold) for (_, k), t in scores.tallies.items()}
    assert figures["meeting"] == (1, 1, 1)
    assert figures["statement"] == (1, 1, 2)
    assert figures["call"] == (0, 1, 0)
    assert figures["roles"] == (4, 4, 6)
    assert figures["who"] == (3, 3, 4)
    assert figures["time"] == (1, 1, 1)
    assert scores.status["en"] == [2, 2]
    assert {e[1] for e in scores.errors} == {"missed", "false", "no place"}


def test_publication_time_is_no_answer(gold):
    events = [event("meeting", "met", 8, time=date(2025, 3, 3), source="publication")]
    scores = score_tables(gold, [article()], events, [])
    assert (scores.tallies["en", "time"].found, scores.tallies["en", "time"].hits) == (0, 0)


def test_lost_files_are_counted(gold):
    scores = score_tables(gold, [], [], [])
    assert scores.lost == 3
    assert scores.tallies["en", "roles"].gold == 6


@pytest.mark.parametrize(
    ("found", "gold_name", "same"),
    [
        ("Netanyahu", "Benjamin Netanyahu", True),
        ("Benjamin Netanyahu", "Netanyahu", True),
        ("the White House", "White House", True),
        ("Benjamin", "Benjamin Netanyahu", False),
        ("", "Qatar", False),
        ("House", "Qatar", False),
    ],
)
def test_same_party(found, gold_name, same):
    assert same_party(found, gold_name, "x y z") is same


def test_located_strings_and_errors(tmp_path):
    lines = tuple(TEXT.split("\n"))
    assert locate(lines, 0, "said#2@1").start == lines[1].rindex("said")
    with pytest.raises(EvaluationError, match="is not in line"):
        locate(lines, 0, "Lima")
    with pytest.raises(EvaluationError, match="--gold"):
        read_gold(tmp_path / "nothing.jsonl")
