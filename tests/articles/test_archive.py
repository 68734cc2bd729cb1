import hashlib
import io
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from pipeline.articles import read_articles
from pipeline.core.config import Reading
from pipeline.core.rows import Article, Failure

TEXT = b"Talks in Bergen\nThe ministers of Norway and Peru met on Monday.\n"
LINES = b'{"id": 7, "text": "The ministers met on Monday."}\n{"id": 8, "text": "Nobody came."}\n'


def zipped(members: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: list[tuple[str, bytes]], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def read(tmp_path: Path, name: str, data: bytes, config: Reading | None = None) -> list[Article | Failure]:
    """Read an archive and see that nothing was written anywhere near it."""
    folder = tmp_path / "raw"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    before = sorted(p for p in tmp_path.rglob("*"))
    found = list(read_articles(folder / name, source=name, config=config or Reading()))
    assert sorted(p for p in tmp_path.rglob("*")) == before
    assert all(one.source == name for one in found)
    assert [one.source_index for one in found if one.source_index is not None] == list(range(len(found)))[
        : len(found)
    ] or (found[-1].source_index is None)
    return found


def outline(found: list[Article | Failure]) -> list[str | None]:
    return [one.title if isinstance(one, Article) else one.error for one in found]


def test_members_in_the_order_of_their_names(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "a.zip",
        zipped(
            [
                ("b/2025-06-07.txt", TEXT),
                ("a/wire.jsonl", LINES),
                ("a/", b""),
                (".hidden.txt", TEXT),
                ("__MACOSX/b/._x.txt", b"\0"),
                ("c.pdf", b"%PDF"),
                ("d.html", b"<p>Nothing"),
            ]
        ),
    )
    assert outline(found)[:4] == [None, None, "Talks in Bergen", "Unsupported"]
    assert [one.source_index for one in found] == list(range(5))
    dated = found[2]
    assert isinstance(dated, Article)
    assert dated.published_from == "file_name"
    refused = found[3]
    assert isinstance(refused, Failure)
    assert refused.message.startswith("c.pdf: ")
    assert len({one.article_id for one in found if isinstance(one, Article)}) == 4


def test_ids_stay_when_members_come_and_go(tmp_path: Path) -> None:
    [alone] = read(tmp_path, "a.zip", zipped([("b.txt", TEXT)]))
    _, second = read(tmp_path, "a.zip", zipped([("a.txt", TEXT), ("b.txt", TEXT)]))
    assert isinstance(alone, Article)
    assert isinstance(second, Article)
    assert alone.article_id == second.article_id
    assert (alone.source_index, second.source_index) == (0, 1)


@pytest.mark.parametrize(
    "name",
    ["../../escape.txt", "/etc/escape.txt", "a/../../escape.txt", "C:\\escape.txt", "..\\escape.txt", "\\\\host\\x.txt", "a" * 2000 + ".txt"],
)  # fmt: skip
def test_path_tricks(name: str, tmp_path: Path) -> None:
    assert sorted(map(str, outline(read(tmp_path, "a.zip", zipped([(name, TEXT), ("ok.txt", TEXT)]))))) == [
        "Talks in Bergen",
        "UnsafeName",
    ]
    assert outline(read(tmp_path, "a.tar.gz", tarred([(name, TEXT), ("ok.txt", TEXT)], "w:gz"))) == [
        "UnsafeName",
        "Talks in Bergen",
    ]


def test_links_encryption_duplicates_and_nesting(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(
            [
                (link, b"/etc/passwd"),
                ("one.txt", TEXT),
                ("one.txt", TEXT),
                ("x.zip", zipped([("y.txt", TEXT)])),
                ("z.tar.gz", b""),
            ]
        )
    assert outline(read(tmp_path, "a.zip", data)) == [
        "NotAFile",
        "Talks in Bergen",
        "DuplicateName",
        "NestedArchive",
        "NestedArchive",
    ]
    locked = bytearray(zipped([("one.txt", TEXT)]))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert outline(read(tmp_path, "a.zip", bytes(locked))) == ["Encrypted"]


def test_links_and_devices_in_tar(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("ok.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    assert outline(read(tmp_path, "a.tar", out.getvalue())) == ["NotAFile"] * 4 + ["Talks in Bergen"]


def test_bombs(tmp_path: Path) -> None:
    bomb = zipped([("bomb.txt", b"\0" * 30_000_000), ("ok.txt", TEXT)])
    assert outline(read(tmp_path, "a.zip", bomb)) == ["ArchiveBomb", "Talks in Bergen"]
    # The directory lies: it claims a small member.
    lying = bytearray(bomb)
    at = lying.index(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 1000)
    assert outline(read(tmp_path, "a.zip", bytes(lying)))[1:] == ["Talks in Bergen"]
    assert outline(
        read(tmp_path, "a.tar.gz", tarred([("bomb.txt", b"\0" * 30_000_000), ("ok.txt", TEXT)], "w:gz"))
    ) == ["TooLarge"]
    many = zipped([(f"{number}.txt", b"x" * 400_000) for number in range(9)])
    assert outline(read(tmp_path, "a.zip", many))[-1] == "TooLarge"
    small = Reading(max_archive_bytes=100)
    assert outline(read(tmp_path, "a.zip", zipped([(f"{n}.txt", TEXT) for n in range(3)]), small)) == [
        "Talks in Bergen",
        "TooLarge",
    ]


def test_members_that_overlap_are_counted_each_time(tmp_path: Path) -> None:
    """The bomb of Fifield (2019): many names in the directory for one packed body."""
    data = bytearray(zipped([("0.txt", b"ab" * 400_000)]))
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = bytes(data[at:end])
    entries = [entry.replace(b"0.txt", b"%d.txt" % number) for number in range(10)]
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 10, 10)
    tail[12:16] = struct.pack("<I", len(entry) * 10)
    found = read(tmp_path, "a.zip", bytes(data[:at]) + b"".join(entries) + bytes(tail))
    assert sum(one.error == "TooLarge" for one in found if isinstance(one, Failure)) <= 1
    assert sum(isinstance(one, Article) for one in found) <= 1


def test_a_tar_header_of_gigabytes_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 33
    assert outline(read(tmp_path, "a.tar", info.tobuf() + b"0" * 1024)) == ["Unreadable"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.zip.gz"])
def test_what_is_no_archive(name: str, tmp_path: Path) -> None:
    for data in (b"", b"no archive", b"PK\x03\x04" + b"\0" * 100, b"PK\x05\x06" + b"\0" * 18):
        found = read(tmp_path, name, data)
        assert len(found) == 1
        assert isinstance(found[0], Failure)


def test_cut_and_turned_archives_never_raise(tmp_path: Path) -> None:
    data = zipped([(f"{number}.txt", TEXT + hashlib.sha256(b"%d" % number).digest()) for number in range(4)])
    for at in range(0, len(data), 13):
        turned = bytearray(data)
        turned[at] ^= 0x55
        for bad in (data[:at], bytes(turned)):
            assert read(tmp_path, "a.zip", bad)
