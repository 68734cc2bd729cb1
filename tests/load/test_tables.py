"""Typed frames with joined names, filters, pairs of parties."""

import inspect
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline import load
from pipeline.core import schemas
from pipeline.load import LoadError, open_tables
from pipeline.load.filters import ROLES, STATUSES, TYPES
from pipeline.model import labels


def test_events_come_with_names_place_sentence_and_article(tables):
    told = tables.events(type="statement").iloc[0]
    assert (told.who, told.to_whom, told.place_name) == ("Ingrid Solvang", "the union", "Oslo")
    assert (told.speakers, told.addressees, told.participants) == (["Ingrid Solvang"], ["the union"], [])
    assert (told.party_ids, told.n_unresolved) == (["x1"], 1)
    assert told.sentence[told.start - told.sentence_start :].startswith("told")
    assert (told.source, told.language, told.published_at) == (
        "wire/one.en.txt",
        "en",
        pd.Timestamp("2026-03-09 09:00"),
    )


def test_dates_fall_back_on_publication_and_say_so(tables):
    events = tables.events().set_index("event_id")
    assert events.loc["a1-c15", ["date", "date_source"]].tolist() == [pd.Timestamp("2026-03-08"), "relative"]
    assert events.loc["a2-c19", ["date", "date_source"]].tolist() == [pd.Timestamp("2026-03-10"), "publication"]
    assert pd.isna(events.loc["a4-m0", "date"])
    assert pd.isna(events.loc["a4-m0", "date_source"])
    assert pd.isna(events.loc["a2-c19", "time_start"])


def test_frames_are_typed(tables):
    events = tables.events()
    assert list(events.type.cat.categories) == list(TYPES)
    assert list(events.status.cat.categories) == list(STATUSES)
    assert events.date.dtype == "datetime64[ms]"
    assert events.quote_start.dtype == "Int64"
    assert events.score.dtype == "float64"
    assert events.who.dtype == "string"
    assert tables.entities().set_index("entity_id").role["x2"] == "Prime Minister of Morocco"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"type": "call"}, ["a1-c15", "c1-c15", "a2-c19", "a3-c12"]),
        ({"type": ["meeting", "statement"]}, ["a1-s38", "a4-m0"]),
        ({"status": "negated"}, ["a2-c19"]),
        ({"language": ["ar", "zh"]}, ["a2-c19", "a3-c12"]),
        ({"since": "2026-03-10", "until": "2026-03-11"}, ["c1-c15", "a2-c19"]),
        ({"until": "2026-03-08"}, ["a1-c15"]),
        ({"since": "2027"}, []),
        ({"until": "2026"}, ["a1-c15", "a1-s38", "c1-c15", "a2-c19", "a3-c12"]),
        ({"party": "Solvang", "type": "statement"}, ["a1-s38"]),
        ({"party": "ادريس لحلو", "language": "en"}, ["a1-c15", "c1-c15"]),
        ({"party": "英格丽·索尔旺", "status": "negated"}, ["a2-c19"]),
        ({"party": "المغرب"}, ["a1-c15"]),
        ({"party": ["x1", "x2"], "language": "zh"}, ["a3-c12"]),
        ({"party": ["Morocco", "the union"]}, []),
        ({"party": "the union"}, ["a1-s38"]),
        ({"party": "Oslo"}, []),
    ],
)
def test_filters(tables, options, found):
    assert tables.events(**options).event_id.tolist() == found


def test_a_name_in_the_language_asked_for_else_the_usual_one(folder):
    arabic = open_tables(folder, names="ar")
    call = arabic.events(language="zh").iloc[0]
    assert call.who == "إدريس لحلو, Ingrid Solvang"
    assert arabic.events(type="statement").iloc[0].place_name == "أوسلو"
    assert arabic.stories().iloc[0].participants == ["إدريس لحلو", "Ingrid Solvang"]


def test_stories_tell_who_reported_each_status(tables):
    story = tables.stories(party="لحلو").iloc[0]
    assert [(h["status"], h["language"], h["source"]) for h in story.status_history] == [
        ("actual", "en", "wire/one.en.txt"), ("negated", "ar", "two.ar.txt"), ("actual", "zh", "three.zh.txt"),
    ]  # fmt: skip
    assert story.party_ids == ["Q1028", "x1", "x2"]
    assert len(tables.stories(language="zh", status="actual", since="2026-03", type="call")) == 1
    assert tables.stories(party="Bourita").empty
    assert tables.stories(status="negated").empty


def test_dyads_of_a_story_have_no_order_and_count_copies_once(tables):
    calls = tables.dyads(type="call").set_index(["party_a", "party_b"])
    assert sorted(calls.index) == [("Ingrid Solvang", "Driss Lahlou"), ("Morocco", "Ingrid Solvang")]
    pair = calls.loc[("Ingrid Solvang", "Driss Lahlou")]
    assert (pair.n_mentions, pair.n_articles, pair.languages) == (4, 3, ["ar", "en", "zh"])
    assert (pair.status, pair.date, pair.date_source) == ("actual", pd.Timestamp("2026-03-08"), "story")
    assert (pair.cameo, pair.plover, pair.story_id) == ("041", "CONSULT-phone", "s1")
    assert not pair.directed


def test_a_country_is_not_paired_with_its_own_people(tables):
    pairs = set(zip(tables.dyads().party_a, tables.dyads().party_b, strict=True))
    assert not any({"Morocco", "Driss Lahlou"} == set(p) for p in pairs)


def test_dyads_of_statements_go_from_speaker_to_addressee(tables):
    assert tables.dyads(type="statement").empty
    said = tables.dyads(type="statement", resolved=False).iloc[0]
    assert (said.party_a, said.party_b, said.directed) == ("Ingrid Solvang", "the union", True)
    assert pd.isna(said.party_b_id)
    assert (said.event_id, said.cameo, said.place_name) == ("a1-s38", "010", "Oslo")


def test_dyads_filter_by_party_language_and_day(tables):
    assert len(tables.dyads(party="Morocco")) == 1
    assert len(tables.dyads(party=["Solvang", "Lahlou"])) == 1
    assert len(tables.dyads(language="zh")) == 1
    assert tables.dyads(since="2026-04").empty


def test_arguments_of_one_party(tables):
    rows = tables.arguments(party="Lahlou", role="participant", type="call", status="negated")
    assert rows.name.tolist() == ["Driss Lahlou"]
    assert rows.text.tolist() == ["لحلو"]


def test_an_article_by_id_source_or_title(tables):
    for wanted in ("a1", "wire/", "ONE.EN"):
        view = tables.article(wanted)
        assert view.row.article_id == "a1"
        assert view.text[view.events.start[0] : view.events.end[0]] == "rang"
        assert len(view.arguments) == 6
        assert view.mentions.name.tolist() == ["Ingrid Solvang"]


@pytest.mark.parametrize(
    ("ask", "remedy"),
    [
        (lambda t: t.events(status="done"), "status must be one of actual"),
        (lambda t: t.events(type=["call", "chat"]), "type must be one of meeting"),
        (lambda t: t.events(since="March"), "such as 2025"),
        (lambda t: t.events(since="2025-02-30"), "such as 2025"),
        (lambda t: t.events(since="2026", until="2025"), "swap"),
        (lambda t: t.events(party="Ingrid Solvung"), "did you mean Ingrid Solvang"),
        (lambda t: t.events(party=" "), "party is empty"),
        (lambda t: t.events(columns=["who", "nothing"]), "columns must be one of"),
        (lambda t: t.article("nowhere"), "articles() lists them"),
        (lambda t: t.article(".en.txt"), "name one: c1 copy.en.txt"),
        (lambda t: open_tables(t.folder, names="fr"), "names must be one of en"),
        (lambda t: open_tables("nowhere"), "run make extract first"),
    ],
)
def test_errors_say_what_to_do(tables, ask, remedy):
    with pytest.raises(LoadError) as error:
        ask(tables)
    assert remedy in str(error.value)


def test_only_the_columns_asked_for(tables):
    assert list(tables.events(columns=["date", "who"]).columns) == ["date", "who"]
    assert "text" not in tables.articles().columns
    assert "text" in tables.articles(text=True, language="zh").columns
    assert len(tables.articles(since="2026-03-12")) == 1


def test_functions_of_the_module_are_those_of_tables(folder):
    for name in ("articles", "events", "arguments", "stories", "dyads", "entities", "failures"):
        assert isinstance(getattr(load, name)(processed=folder), pd.DataFrame)
    assert load.article("a2", processed=folder).row.language == "ar"


def test_tables_without_parts_and_parts_without_new_columns(folder, tmp_path):
    copy = tmp_path / "tables"
    shutil.copytree(folder, copy)
    for part in (copy / "stories").iterdir():
        part.unlink()
    for table, column in (("articles", "duplicate_of"), ("articles", "languages"), ("events", "score")):
        old = next((copy / table).glob("part-*.parquet"))
        pq.write_table(pq.read_table(old).drop_columns([column]), old)
    tables = open_tables(copy)
    assert tables.stories().empty
    assert tables.stories().date.dtype == "datetime64[ms]"
    assert tables.events().duplicate_of.isna().all()
    assert tables.events().score.dtype == "float64"
    assert tables.articles().languages.tolist() == [[]] * 5
    assert tables.dyads(type="call").n_articles.max() == 4
    shutil.rmtree(copy / "entities")
    with pytest.raises(LoadError, match="run make extract first"):
        tables.events()


def test_a_damaged_part_is_named(folder, tmp_path):
    copy = tmp_path / "tables"
    shutil.copytree(folder, copy)
    next((copy / "events").glob("part-*.parquet")).write_bytes(b"not parquet")
    with pytest.raises(LoadError, match="cannot be read"):
        open_tables(copy).events()


def test_the_closed_lists_are_those_of_the_model():
    assert (TYPES, STATUSES, ROLES) == (labels.EVENT_TYPES, labels.STATUSES, labels.ROLES)


def test_every_column_of_the_schema_is_in_its_frame(tables):
    for name in ("events", "stories", "arguments", "entities", "failures"):
        columns = set(getattr(tables, name)().columns)
        assert {c.name for c in schemas.by_name(name).columns} <= columns, name


def test_options_of_the_frames_are_keyword_only():
    for name in ("articles", "events", "arguments", "stories", "dyads", "entities"):
        parameters = list(inspect.signature(getattr(load.Tables, name)).parameters.values())[1:]
        assert all(p.kind is p.KEYWORD_ONLY for p in parameters), name
