"""communique events, stories, export, show: filters, tables that fit, JSON and CSV, exit codes."""

import csv
import io
import json
import re

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.console import Console

from pipeline.cli import main
from pipeline.export import DYAD_FIELDS, alpha3
from pipeline.queries import EVENT_FIELDS, STORY_FIELDS
from pipeline.queries.terminal import Cell, new_table, when


def invoke(folder, *args, width=80):
    return CliRunner(env={"COLUMNS": str(width)}).invoke(main, [*map(str, args), "--processed", str(folder)])


def records(folder, *args):
    result = invoke(folder, *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        ((), ["a1-c15", "a1-s38", "c1-c15", "a2-c19", "a3-c12", "a4-m0"]),
        (("--party", "Solvang"), ["a1-c15", "a1-s38", "c1-c15", "a2-c19", "a3-c12"]),
        (("--party", "إدريس لحلو", "--language", "zh"), ["a3-c12"]),
        (("--party", "索尔旺"), ["a1-c15", "a1-s38", "c1-c15", "a2-c19", "a3-c12"]),
        (("--party", "Solvang", "--party", "Morocco"), ["a1-c15"]),
        (("--type", "statement"), ["a1-s38"]),
        (("--type", "statement", "--type", "meeting"), ["a1-s38", "a4-m0"]),
        (("--status", "negated"), ["a2-c19"]),
        (("--since", "2026-03-11"), ["a3-c12"]),
        (("--until", "2026-03-08"), ["a1-c15"]),
        (("--until", "2025"), []),
        (("--limit", "2"), ["a1-c15", "a1-s38"]),
    ],
)
def test_events_are_filtered_and_in_order(folder, args, ids):
    assert [r["event_id"] for r in records(folder, "events", *args)] == ids


def test_records_have_the_documented_fields_in_order(folder):
    event = records(folder, "events")[0]
    assert list(event) == [f.name for f in EVENT_FIELDS]
    assert event["participants"] == ["Ingrid Solvang", "Driss Lahlou", "Morocco"]
    assert event["date"] == event["time_start"] == "2026-03-08"
    assert (event["topic"], event["score"], event["source_index"]) == (None, 0.9, 0)
    story = records(folder, "stories", "--status", "actual")[0]
    assert list(story) == [f.name for f in STORY_FIELDS]
    assert [c["status"] for c in story["status_history"]] == ["actual", "negated", "actual"]
    assert story["languages"] == ["ar", "en", "zh"]


def test_csv_says_the_same_as_json(folder):
    for command in ("events", "stories"):
        rows = list(csv.DictReader(io.StringIO(invoke(folder, command, "--csv").stdout)))
        assert [r["story_id"] or None for r in rows] == [r["story_id"] for r in records(folder, command)]
    assert rows[0]["participants"] == "Driss Lahlou; Ingrid Solvang"
    assert rows[0]["status_history"] == "2026-03-09 actual; 2026-03-10 negated; 2026-03-12 actual"


def test_names_are_given_in_the_language_asked_for(folder):
    event = records(folder, "events", "--names", "zh", "--limit", "1")[0]
    assert event["participants"] == ["英格丽·索尔旺", "Driss Lahlou", "摩洛哥"]


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("command", ["events", "stories"])
@pytest.mark.parametrize("names", ["en", "ar", "zh"])
def test_tables_fit_the_terminal(folder, width, command, names):
    output = invoke(folder, command, "--names", names, width=width).output
    assert all(cell_len(line) <= width for line in output.splitlines())
    assert "actual" in output


@pytest.mark.parametrize("command", ["events", "stories"])
def test_an_empty_answer_is_a_line_and_no_error(folder, command):
    for args in (("--until", "1999"), ("--party", "Nobody Atall")):
        result = invoke(folder, command, *args)
        assert result.exit_code == 0
        assert result.output.startswith(f"no {command}")
        assert len(result.output.splitlines()) == 1
    assert records(folder, command, "--until", "1999") == []
    empty = invoke(folder, command, "--party", "Nobody Atall", "--csv")
    assert len(empty.stdout.splitlines()) == 1, "the heading alone"
    assert "Nobody Atall" in empty.stderr


@pytest.mark.parametrize(
    ("args", "remedy"),
    [
        (("events", "--since", "March"), "2025-01-31"),
        (("events", "--since", "2026", "--until", "2025"), "swap them"),
        (("events", "--type", "party"), "Invalid value"),
        (("events", "--json", "--csv"), "exclude each other"),
        (("stories", "--party", ""), "give a name"),
        (("export", "--out", "x.xlsx"), ".parquet"),
        (("export", "--out", "/proc/none/x.csv"), "--out"),
        (("export", "--format", "gdelt", "--out", "x.csv"), "Invalid value"),
        (("show", "no such article"), "no article"),
    ],
)
def test_mistakes_are_told_with_the_remedy(folder, args, remedy):
    result = invoke(folder, *args)
    assert result.exit_code == 2
    assert remedy in result.output
    assert "Traceback" not in result.output


def test_missing_tables_are_told(tmp_path):
    for args in (("events",), ("stories",), ("export", "--out", tmp_path / "x.csv"), ("show", "x")):
        result = invoke(tmp_path / "none", *args)
        assert result.exit_code == 2
        assert "communique extract" in result.output


def lines_of(table, width):
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    console.print(table)
    return console.file.getvalue().splitlines()


def test_right_to_left_cells_are_isolated_line_by_line():
    table = new_table(("who", 12), ("where", 12))
    table.add_row(Cell("وزير الخارجية المصري بدر عبد العاطي"), Cell("القاهرة"))
    table.add_row(Cell("Ana Sol"), Cell("蒙得维的亚蒙得维的亚"))
    lines = lines_of(table, 30)
    assert len({cell_len(line) for line in lines}) == 1
    for line in lines:
        assert line.count("\u2068") == line.count("\u2069")
        depth = 0
        for c in line:
            depth += (c == "\u2068") - (c == "\u2069")
            assert depth in (0, 1)
            if "\u0621" <= c <= "\u064a":
                assert depth == 1, "every Arabic letter stands inside an isolate"
    assert "\u2068القاهرة\u2069" in lines[1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("إدريس لحلو, 沈玉清", "\u2068إدريس لحلو\u2069, 沈玉清"),
        ("Bodo, أكادير → صحفيين", "Bodo, \u2068أكادير\u2069 → \u2068صحفيين\u2069"),
        ("و (2) ز", "\u2068و (2) ز\u2069"),
        ("Ana Sol", "Ana Sol"),
    ],
)
def test_names_of_a_list_are_isolated_one_by_one(text, shown):
    table = new_table(("who", None))
    table.add_row(Cell(text))
    assert lines_of(table, 60)[1].rstrip() == shown


def test_control_characters_and_markup_do_not_reach_the_terminal():
    table = new_table(("who", None))
    table.add_row(Cell("a\x1b]0;t\x07\u202eb\u2066c\n[red]d[/red]"))
    text = "\n".join(lines_of(table, 40))
    assert not set(text) & set("\x1b\x07\u202e\u2066")
    assert "[red]d[/red]" in text


@pytest.mark.parametrize(
    ("start", "end", "source", "shown"),
    [
        ("2026-03-14", "2026-03-14", "explicit", "2026-03-14"),
        ("2026-03-14", None, "explicit", "2026-03-14"),
        ("2026-03-12", "2026-03-14", "explicit", "2026-03-12/14"),
        ("2026-02-01", "2026-02-28", "explicit", "2026-02"),
        ("2026-01-01", "2026-12-31", "explicit", "2026"),
        ("2026-02-27", "2026-03-01", "explicit", "2026-02-27/03-01"),
        ("2026-03-14", "2026-03-14", "publication", "2026-03-14*"),
    ],
)
def test_times_are_short(start, end, source, shown):
    assert when({"date": start, "time_start": start, "time_end": end, "date_source": source}) == shown


def exported(folder, tmp_path, *args):
    result = invoke(folder, "export", *args, "--out", tmp_path / "x.csv")
    assert result.exit_code == 0, result.output
    text = (tmp_path / "x.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == ",".join(f.name for f in DYAD_FIELDS)
    return list(csv.DictReader(io.StringIO(text)))


def test_dyads_stand_in_both_directions_and_only_what_happened(folder, tmp_path):
    rows = exported(folder, tmp_path)
    calls = [r for r in rows if r["type"] == "call"]
    pairs = {(r["source_actor"], r["target_actor"]) for r in calls}
    assert ("Ingrid Solvang", "Driss Lahlou") in pairs
    assert {(b, a) for a, b in pairs} == pairs
    first = next(r for r in calls if r["source_actor"] == "Ingrid Solvang" and r["target_actor"] == "Driss Lahlou")
    assert (first["cameo"], first["plover_type"], first["plover_mode"]) == ("041", "CONSULT", "phone")
    assert (first["source_country"], first["target_country"], first["status"]) == ("NOR", "MAR", "actual")
    assert (first["n_articles"], first["languages"], first["symmetric"]) == ("3", "ar; en; zh", "true")
    assert first["first_source"] == "wire/one.en.txt"
    assert len({r["row_id"] for r in rows}) == len(rows)
    assert {r["status"] for r in rows} == {"actual"}
    assert exported(folder, tmp_path, "--status", "cancelled") == []


def test_the_three_kinds_of_file_say_the_same(folder, tmp_path):
    for what in ("dyads", "events", "stories"):
        for ending in ("csv", "jsonl", "parquet"):
            result = invoke(folder, "export", "--format", what, "--out", tmp_path / f"{what}.{ending}")
            assert result.exit_code == 0, result.output
        lines = (tmp_path / f"{what}.jsonl").read_text(encoding="utf-8").splitlines()
        csv_lines = list(csv.reader(io.StringIO((tmp_path / f"{what}.csv").read_text(encoding="utf-8"))))
        table = pq.read_table(tmp_path / f"{what}.parquet")
        assert len(lines) == table.num_rows == len(csv_lines) - 1
        assert list(json.loads(lines[0])) == table.column_names
        assert all(table.schema.field(n).metadata for n in table.column_names)


@pytest.mark.parametrize(
    ("place", "source", "target", "code"),
    [
        ("MT", "MT", "TN", "043"), ("TN", "MT", "TN", "042"), ("IT", "MT", "TN", "040"), (None, "MT", "TN", "040"),
        ("MT", "MT", None, "040"), ("MT", "MT", "MT", "040"),
    ],
)  # fmt: skip
def test_of_a_visit_the_place_tells_guest_and_host(place, source, target, code):
    from pipeline.export import _cameo

    for given in ("042", "043"):
        pair = {"cameo": given, "place_country": place, "party_a_country": source, "party_b_country": target}
        assert _cameo(pair, "a", "b") == code
    assert _cameo({"cameo": "041"}, "a", "b") == "041"


def test_country_codes():
    assert [alpha3(c) for c in ("EG", "XK", "ZZ", None)] == ["EGY", "XKX", None, None]


def test_show_gives_json_and_events_only(folder):
    view = json.loads(invoke(folder, "show", "wire/one", "--json").stdout)
    text = view["article"]["text"]
    assert all(text[m["start"] : m["end"]] == m["text"] for m in view["mentions"])
    assert [e["event_id"] for e in view["events"]] == ["a1-c15", "a1-s38"]
    assert [a["role"] for a in view["events"][1]["arguments"]] == ["speaker", "addressee", "place"]
    only = json.loads(invoke(folder, "show", "wire/one", "--json", "--events-only").stdout)
    assert [e["event_id"] for e in only] == ["a1-c15", "a1-s38"]
    shown = invoke(folder, "show", "wire/one", "--events-only").output
    assert "Solvang" in shown
    assert "no comment" not in shown


def test_show_colours_names_roles_and_triggers(folder):
    coloured = invoke(folder, "show", "wire/one", "--color").output
    assert re.search(r"\x1b\[[0-9;]*106m", coloured), "the call's trigger has the calls' ground"
    assert "\x1b[" not in invoke(folder, "show", "wire/one", "--no-color").output
