"""The stage over all articles: ids that join scripts, copies, and reruns that change no byte."""

import hashlib
from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest

from pipeline.core import schemas
from pipeline.core.rows import Argument, Article, Event, Mention, Sentence
from pipeline.core.store import Store
from pipeline.entities.linking import unlisted_id
from pipeline.stories import stage

TEXTS = {
    "a": ("en", "Rosalva Quintero called Gabriel Boric in Chile on Monday.", "Rosalva Quintero", "called"),
    "b": ("ar", "اتصلت روسالفا كينتيرو بغابرييل بوريتش في تشيلي يوم الاثنين.", "روسالفا كينتيرو", "اتصلت"),
    "c": ("zh", "罗萨尔瓦·金特罗星期一在智利同博里奇通电话。", "罗萨尔瓦·金特罗", "通电话"),
}
KNOWN = ("Q298", "Q750", "Q419")


def write(store, names, *, text_of=None):
    """Write the per-article tables as the stages before would, one article a name."""
    articles, sentences, mentions, events, arguments = [], [], [], [], []
    for n, name in enumerate(names):
        language, text, person, trigger = TEXTS[(text_of or {}).get(name, name)]
        published = datetime(2026, 3, 3 + n)
        sha = hashlib.sha256(text.encode()).hexdigest()
        articles.append(Article(name, f"{name}.txt", 0, None, None, None, None, published, "record", language,
                                (language,), text, sha, sha, 0.0, 1))  # fmt: skip
        sentences.append(Sentence(name, 0, 0, len(text), language, "body", text))
        at = text.index(person)
        local = unlisted_id(person, "PER")
        mentions.append(Mention(f"{name}-{at}", name, 0, at, at + len(person), person, "PER", "name", local, None, "t"))
        mentions += [Mention(f"{name}-k{i}", name, 0, 0, 1, text[0], "GPE", "name", k, None, "t")
                     for i, k in enumerate(KNOWN)]  # fmt: skip
        start = text.index(trigger)
        event_id = f"{name}-c{start}"
        blank = dict.fromkeys(f for f in Event.__dataclass_fields__)
        events.append(Event(**{**blank, "event_id": event_id, "article_id": name, "sentence_id": 0, "type": "call",
                               "status": "actual", "trigger": trigger, "start": start, "end": start + len(trigger),
                               "time_start": date(2026, 3, 2), "time_end": date(2026, 3, 2),
                               "time_source": "relative", "method": "rules"}))  # fmt: skip
        arguments.append(Argument(event_id, name, "participant", at, at + len(person), person, local, person))
        arguments.append(Argument(event_id, name, "participant", 0, 1, text[0], "Q298", "Chile"))
    for table, rows in (
        (schemas.ARTICLES, articles), (schemas.SENTENCES, sentences), (schemas.MENTIONS, mentions),
        (schemas.EVENTS, events), (schemas.ARGUMENTS, arguments),
    ):  # fmt: skip
        store.write(table, "00", rows, {})


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "out")
    made.prepare_parent()
    return made


def table(store, name):
    return pd.read_parquet(store.folder / name)


def bytes_of(store):
    return {p.relative_to(store.folder): p.read_bytes() for p in store.folder.glob("*/part-*.parquet")}


def test_one_person_one_call_in_three_languages(store):
    write(store, "abc")
    stage.update(store, before="")
    latin = unlisted_id("Rosalva Quintero", "PER")
    people = table(store, "entities").set_index("entity_id").loc[[latin]].iloc[0]
    assert (people["name"], people.name_en, people.name_ar, people.name_zh, people.n_articles) == (
        "Rosalva Quintero", "Rosalva Quintero", "روسالفا كينتيرو", "罗萨尔瓦·金特罗", 3,
    )  # fmt: skip
    assert set(table(store, "mentions").query("label == 'PER'").entity_id) == {latin}
    assert set(table(store, "arguments").entity_name) == {"Rosalva Quintero", "Chile"}
    stories = table(store, "stories")
    assert list(stories.n_articles) == [3]
    assert list(stories.languages[0]) == ["ar", "en", "zh"]
    assert set(table(store, "events").story_id) == set(stories.story_id)


def test_a_party_whom_no_mention_names_has_a_row(store):
    write(store, "a")
    arguments = store.read(schemas.ARGUMENTS, "00")
    leader = replace(arguments[1], text="the two presidents", entity_id="Q57366", entity_name=None)
    store.write(schemas.ARGUMENTS, "00", [*arguments, leader], {})
    stage.update(store, before="")
    entities = table(store, "entities").set_index("entity_id")
    assert entities.n_mentions["Q57366"] == 0
    assert entities.n_articles["Q57366"] == 1
    assert list(entities.index) == sorted(entities.index)
    assert not [name for names in table(store, "stories").participants for name in names if name == "Q57366"]


def test_local_rows_come_back_and_a_second_call_changes_nothing(store):
    write(store, "abc")
    before = {t.name: store.read(t, "00") for t in (schemas.MENTIONS, schemas.ARGUMENTS)}
    stage.update(store, before="")
    first = bytes_of(store)
    assert {t.name: store.read(t, "00") for t in (schemas.MENTIONS, schemas.ARGUMENTS)} == before
    stage.update(store, before="")
    assert bytes_of(store) == first


def test_articles_that_leave_take_their_joins_along(store, tmp_path):
    write(store, "abc")
    stage.update(store, before="")
    rows = [m for m in store.read(schemas.MENTIONS, "00") if m.article_id == "b"]
    store.write(schemas.MENTIONS, "00", rows, {})
    stage.update(store, before="")
    people = table(store, "mentions").query("label == 'PER'")
    assert set(people.entity_id) == {unlisted_id("روسالفا كينتيرو", "PER")}


def test_a_copy_counts_once(store):
    write(store, "ad", text_of={"d": "a"})
    stage.update(store, before="")
    articles = table(store, "articles").set_index("article_id")
    assert articles.duplicate_of["d"] == "a"
    assert pd.isna(articles.duplicate_of["a"])
    story = table(store, "stories").iloc[0]
    assert (story.n_mentions, story.n_articles) == (2, 1)
    assert [h["article_id"] for h in story.status_history] == ["a"]


def test_history_tells_each_change(store):
    write(store, "abc")
    told = store.read(schemas.EVENTS, "00")
    statuses = {"a": "actual", "b": "negated", "c": "actual"}
    store.write(schemas.EVENTS, "00", [replace(e, status=statuses[e.article_id]) for e in told], {})
    stage.update(store, before="")
    story = table(store, "stories").iloc[0]
    assert [h["status"] for h in story.status_history] == ["actual", "negated", "actual"]
    assert story.status == "actual"
