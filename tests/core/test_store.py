"""Parts on disk: whole or not there, the same bytes whatever way the rows came, one writer at a time."""

import errno

import pyarrow as pa
import pytest

import pipeline.core.store as store_module
from pipeline.core import schemas
from pipeline.core.rows import Failure
from pipeline.core.store import ASIDE, Store, StoreError, WriteError, encode

ROWS = [Failure("a.txt", None, "articles", "Empty", "the file is empty"), Failure("b.txt", 3, "events", "X", "y")]
PRINTS = {"a.txt": {"articles": "1"}, "b.txt": {"articles": "2"}}


def asides(store):
    return list((store.folder / ASIDE).iterdir())


def test_rows_read_back_give_the_same_bytes(tmp_path):
    store = Store(tmp_path)
    store.write(schemas.FAILURES, "c1", ROWS, PRINTS)
    part = store.read_part("failures", "c1")
    assert part.fingerprints == PRINTS
    assert store.read(schemas.FAILURES, "c1") == ROWS
    halves = pa.concat_tables([part.data.slice(0, 1), part.data.slice(1)])
    assert bytes(encode("failures", halves, PRINTS)) == store.part("failures", "c1").read_bytes()


def test_local_values_come_back(tmp_path):
    store = Store(tmp_path)
    data = schemas.FAILURES.to_arrow(ROWS)
    store.write_arrow("failures", "c1", data, PRINTS, {"message": {"as made": [1]}})
    assert [r.message for r in store.read(schemas.FAILURES, "c1")] == ["the file is empty", "as made"]
    assert store.read_arrow("failures", "c1").column("message").to_pylist()[1] == "y"


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"PAR1 noise PAR1", None])
def test_a_damaged_part_is_none(tmp_path, damage):
    store = Store(tmp_path)
    store.write(schemas.FAILURES, "c1", ROWS, PRINTS)
    path = store.part("failures", "c1")
    path.write_bytes(path.read_bytes()[:-20] if damage is None else damage)
    assert store.read_part("failures", "c1") is None
    assert store.read(schemas.FAILURES, "c1") == []
    assert store.fingerprints("failures", "c1") == {}
    assert store.count_rows("failures") == 0


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_write_that_fails_leaves_the_old_part_and_nothing_aside(tmp_path, monkeypatch, code):
    store = Store(tmp_path)
    store.write(schemas.FAILURES, "c1", ROWS, PRINTS)
    before = store.part("failures", "c1").read_bytes()

    def fail(out, content):
        out.write(b"half")
        raise OSError(code, "broken")

    monkeypatch.setattr(store_module, "_write_all", fail)
    with pytest.raises(WriteError, match="free some" if code != errno.EIO else "--processed"):
        store.write(schemas.FAILURES, "c1", [], {})
    assert store.part("failures", "c1").read_bytes() == before
    assert asides(store) == []


def test_parts_move_together(tmp_path):
    store = Store(tmp_path)
    with store.together() as batch:
        batch.write(schemas.FAILURES, "c1", ROWS, PRINTS)
        batch.write(schemas.FAILURES, "c2", [], {})
        assert store.parts("failures") == []
    assert len(store.parts("failures")) == 2
    with pytest.raises(ZeroDivisionError), store.together() as batch:
        batch.write(schemas.FAILURES, f"c{1 // len(store.parts('events'))}", ROWS, PRINTS)
    assert len(store.parts("failures")) == 2
    assert asides(store) == []


def test_one_run_at_a_time_and_none_beside_a_worker(tmp_path, monkeypatch):
    store = Store(tmp_path)
    assert not store.is_locked()
    with store.locked():
        assert store.is_locked()
        with pytest.raises(StoreError, match="another run is writing"), store.locked():
            pass
    worker = store.join()
    monkeypatch.setattr(store_module, "_PATIENCE_SECONDS", 0.05)
    with pytest.raises(StoreError, match="workers of an earlier run"), store.locked():
        pass
    worker.close()
    with store.locked():
        pass


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="--processed"), Store(tmp_path / "file").locked():
        pass
