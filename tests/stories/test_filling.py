"""What was filled into a part is remembered: a part to which nothing new is to be added is not read."""

import shutil
from dataclasses import replace

import pytest

from pipeline.core.store import Store
from pipeline.stories import filling
from pipeline.stories.filling import Answers, Content, fill, remember
from tests.stories.test_growth import chunk_rows, new_store, put

NOTHING = Answers({}, {}, {}, {})


@pytest.fixture
def store(tmp_path):
    store = new_store(tmp_path)
    put(store, "c01")
    return store


@pytest.fixture
def content():
    rows = chunk_rows("c01")
    return Content(
        "c01",
        [a.article_id for a in rows["articles"]],
        sorted({m.entity_id for m in rows["mentions"]}),
        [e.event_id for e in rows["events"]],
        ["Q298"],
        sorted({a.entity_id for a in rows["arguments"]}),
    )


@pytest.fixture
def parts_read(monkeypatch):
    tables = []
    read = Store.read_arrow

    def reading(self, table, chunk):
        tables.append(table)
        return read(self, table, chunk)

    monkeypatch.setattr(Store, "read_arrow", reading)
    return tables


def filled(store, contents, answers, **options):
    with store.together() as batch:
        return fill(batch, contents, answers, **options)


@pytest.mark.parametrize(
    ("changed", "tables"),
    [
        ("nothing", []),
        ("copies", ["articles"]),
        ("stories", ["events"]),
        ("names", ["arguments"]),
        ("people", ["mentions", "arguments"]),
        ("places", ["mentions", "events"]),
        ("others", []),
        ("the part", ["mentions"]),
        ("memory", list(filling.TABLES)),
    ],
)
def test_only_parts_with_something_new_are_read(store, content, parts_read, changed, tables):
    remember(store, filled(store, [content], NOTHING))
    parts_read.clear()
    article, event, person = content.article_ids[0], content.event_ids[0], content.parties[0]
    answers = {
        "copies": Answers({article: "other"}, {}, {}, {}),
        "stories": Answers({}, {}, {}, {event: "s1"}),
        "names": Answers({}, {}, {person: "Rosalva Q."}, {}),
        "people": Answers({}, {person: "xother"}, {}, {}),
        "places": Answers({}, {"Q298": "xother"}, {}, {}),
        "others": Answers({"b": "c"}, {"xb": "xc"}, {"xc": "C"}, {"e": "s"}),
    }.get(changed, NOTHING)
    if changed == "the part":
        part = store.part("mentions", "c01")
        part.write_bytes(part.read_bytes())
    if changed == "memory":
        (store.folder / ".notes" / filling.MEMORY).write_bytes(b"lost")
    found = filled(store, [content], answers)
    assert parts_read == tables
    remember(store, found)
    parts_read.clear()
    assert filled(store, [content], answers) == found
    assert not parts_read


def test_a_second_process_fills_a_third_of_the_chunks(store, content, tmp_path):
    for table in filling.TABLES:
        for chunk in ("c02", "c03"):
            shutil.copy(store.part(table, "c01"), store.part(table, chunk))
    contents = [replace(content, chunk=chunk) for chunk in ("c01", "c02", "c03")]
    answers = Answers({content.article_ids[0]: "other"}, {}, {}, {content.event_ids[0]: "s1"})
    alone = Store(tmp_path / "alone")
    shutil.copytree(store.folder, alone.folder)
    assert filled(store, contents, answers, apart=True) == filled(alone, contents, answers)
    for table in filling.TABLES:
        for part in alone.parts(table):
            assert (store.folder / table / part.name).read_bytes() == part.read_bytes()
    assert store.read_arrow("articles", "c02").column("duplicate_of").to_pylist()[0] == "other"
    assert not list((store.folder / ".aside").iterdir())
