"""The notes of a chunk are kept while its rows hold, and made again where they are missing or damaged."""

import pytest

from pipeline.core import schemas
from pipeline.core.store import Store
from pipeline.stories import notes, reading, stage
from pipeline.stories.notes import ArticleNote, EventNote, NameNote
from tests.stories.test_stage import bytes_of, write

PRINTS = {name: {"a.txt": {"events": "0f"}} for name in notes.TABLES}


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "out")
    made.prepare_parent()
    write(made, "abc")
    for name in notes.TABLES:
        made.write_arrow(name, "00", made.read_arrow(name, "00"), PRINTS[name])
    return made


def kept(store):
    return notes.place_of(store, "00").read_bytes()


def test_they_say_what_the_tables_say(store):
    found = reading.note_chunk(store, "00")
    assert [n.article_id for n in found.rows(ArticleNote)] == ["a", "b", "c"]
    assert [n.type for n in found.rows(EventNote)] == ["call"] * 3
    assert next(n.party_texts for n in found.rows(EventNote)) == ["Rosalva Quintero", "R"]
    assert sum(n.count for n in found.rows(NameNote)) == 12


def test_kept_ones_are_read_and_hold_after_the_stage(store, monkeypatch):
    first = reading.note_chunk(store, "00")
    stage.update(store, before="")
    monkeypatch.setattr(reading, "_Chunk", None)
    again = reading.note_chunk(store, "00")
    assert all(again.tables[kind].equals(first.tables[kind]) for kind in first.tables)


def test_other_rows_have_other_notes(store):
    key = notes.key_of(store, "00")
    store.write(schemas.EVENTS, "00", [], {"a.txt": {"events": "1f"}})
    assert notes.key_of(store, "00") != key
    assert notes.read(store, "00", notes.key_of(store, "00")) is None


def test_rows_that_do_not_tell_what_made_them_count_by_size_and_time(store):
    for untold in ({}, {"a.txt": {"events": "changed while it was read"}}):
        keys = set()
        for n in (1, 2):
            store.write(schemas.EVENTS, "00", store.read(schemas.EVENTS, "00")[:n], untold)
            keys.add(notes.key_of(store, "00"))
        assert len(keys) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content[:200] + bytes([content[200] ^ 255]) + content[201:],
        lambda content: b"\0" * len(content),
    ],
)
def test_damaged_ones_are_made_again(store, damage):
    stage.update(store, before="")
    good, tables = kept(store), bytes_of(store)
    notes.place_of(store, "00").write_bytes(damage(good))
    stage.update(store, before="")
    assert kept(store) == good
    assert bytes_of(store) == tables


def test_those_of_chunks_that_left_go(store):
    stage.update(store, before="")
    (store.folder / notes.FOLDER / "ff.notes").write_bytes(b"x")
    stage.update(store, before="")
    assert [p.name for p in (store.folder / notes.FOLDER).glob("*.notes")] == ["00.notes"]
