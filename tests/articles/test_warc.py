import gzip
import io
import zlib
from datetime import datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.articles import read_articles
from pipeline.articles.warc import MAX_DAMAGED
from pipeline.core.config import Reading
from pipeline.core.rows import Article, Failure

PAGE = """<html><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The ministers of Norway and Peru met in Bergen on Monday, officials said.</p>
<p>They spoke about fish, and about the ships that carry it across the ocean.</p></article></body></html>"""
ARABIC = """<html><body><article><h1>وزيران يلتقيان في بيرغن</h1>
<p>التقى وزير خارجية النرويج نظيره البيروفي في بيرغن يوم الاثنين، وقال الجانبان إن المحادثات كانت مفيدة.</p>
</article></body></html>"""


def page(title: str) -> bytes:
    return PAGE.format(title=title).encode()


def record(
    number: int, body: bytes, *, kind: str = "response", status: str = "200 OK", content_type: str = "text/html",
    packed: bool = True, headers: tuple[tuple[str, str], ...] = (),
) -> bytes:  # fmt: skip
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    http = StatusAndHeaders(status, [("Content-Type", content_type), *headers], protocol="HTTP/1.1")
    more = {"WARC-Date": "2026-02-03T04:05:06Z", "WARC-Record-ID": f"<urn:uuid:{number}>"}
    if kind == "response":
        made = writer.create_warc_record(
            f"https://example.org/{number}", kind, io.BytesIO(body), http_headers=http, warc_headers_dict=more
        )
    else:
        made = writer.create_warc_record(
            f"https://example.org/{number}", kind, io.BytesIO(body), warc_content_type=content_type,
            warc_headers_dict=more,
        )  # fmt: skip
    writer.write_record(made)
    return out.getvalue()


def read(tmp_path: Path, name: str, data: bytes, config: Reading | None = None) -> list[Article | Failure]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(read_articles(path, source=name, config=config or Reading()))


def outline(found: list[Article | Failure]) -> list[tuple[int | None, str | None]]:
    return [(one.source_index, one.title if isinstance(one, Article) else one.error) for one in found]


def test_pages_become_articles_and_other_records_are_passed_over(tmp_path: Path) -> None:
    data = b"".join(
        (
            record(0, b"software: test\r\n", kind="warcinfo", content_type="application/warc-fields"),
            record(1, b"GET / HTTP/1.1\r\n\r\n", kind="request", content_type="application/http; msgtype=request"),
            record(2, page("Talks in Bergen")),
            record(3, b"\x89PNG", content_type="image/png"),
            record(4, page("Gone"), status="404 Not Found"),
            record(5, ARABIC.encode("cp1256"), content_type="text/html; charset=windows-1256"),
            record(6, page("Kept by wget"), kind="resource"),
        )
    )
    found = read(tmp_path, "news.warc.gz", data)
    assert outline(found) == [(2, "Talks in Bergen"), (5, "وزيران يلتقيان في بيرغن"), (6, "Kept by wget")]
    first = found[0]
    assert isinstance(first, Article)
    assert first.url == "https://example.org/2"
    assert (first.published_at, first.published_from) == (datetime(2026, 2, 3, 4, 5, 6), "warc_date")
    assert len({one.article_id for one in found if isinstance(one, Article)}) == 3


@pytest.mark.parametrize("whole", [False, True])
def test_plain_and_wholly_packed_archives(tmp_path: Path, whole: bool) -> None:
    data = b"".join(record(number, page(f"Talks number {number}"), packed=False) for number in range(3))
    found = read(tmp_path, "a.warc.gz" if whole else "a.warc", gzip.compress(data) if whole else data)
    assert outline(found) == [(number, f"Talks number {number}") for number in range(3)]


def test_the_page_itself_tells_date_and_address_first(tmp_path: Path) -> None:
    body = page("Talks").replace(
        b"</head>",
        b'<meta property="article:published_time" content="2026-01-01T10:00:00Z">'
        b'<link rel="canonical" href="https://example.org/talks"></head>',
    )
    [found] = read(tmp_path, "a.warc.gz", record(1, body))
    assert isinstance(found, Article)
    assert (found.url, found.published_from) == ("https://example.org/talks", "html_metadata")


def test_text_records_of_a_wet_file(tmp_path: Path) -> None:
    body = b"Talks in Bergen\nThe ministers met on Monday."
    [found] = read(tmp_path, "a.warc.wet.gz", record(1, body, kind="conversion", content_type="text/plain"))
    assert isinstance(found, Article)
    assert (found.title, found.url) == ("Talks in Bergen", "https://example.org/1")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_content_codings_and_chunks(tmp_path: Path, coding: str) -> None:
    body = gzip.compress(page("Packed")) if coding == "gzip" else zlib.compress(page("Packed"))
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    headers = (("Content-Encoding", coding), ("Transfer-Encoding", "chunked"))
    assert outline(read(tmp_path, "a.warc.gz", record(0, body, headers=headers))) == [(0, "Packed")]


def test_a_damaged_record_costs_itself_alone(tmp_path: Path) -> None:
    records = [record(number, page(f"Talks number {number}")) for number in range(5)]
    middle = bytearray(records[2])
    middle[len(middle) // 2] ^= 0xFF
    for bad in (bytes(middle), records[2][: len(records[2]) // 2], records[2][:-6] + b"\0" * 6, b"not a member"):
        found = read(tmp_path, "a.warc.gz", b"".join((*records[:2], bad, *records[3:])))
        assert outline(found) == [
            (0, "Talks number 0"),
            (1, "Talks number 1"),
            (2, "BadWarc"),
            (3, "Talks number 3"),
            (4, "Talks number 4"),
        ]
        assert all("\n" not in one.message for one in found if isinstance(one, Failure))


@pytest.mark.parametrize("length", [b"7", b"99999", b"999999999999999999", b"-1", b"none"])
def test_a_lying_length_costs_its_record_alone(tmp_path: Path, length: bytes) -> None:
    records = [record(number, page(f"Talks number {number}"), packed=False) for number in range(4)]
    head, _, tail = records[1].partition(b"Content-Length: ")
    records[1] = head + b"Content-Length: " + length + tail[tail.index(b"\r\n") :]
    found = read(tmp_path, "a.warc", b"".join(records))
    assert [title for _, title in outline(found)] == ["Talks number 0", "BadWarc", "Talks number 2", "Talks number 3"]


def test_truncated_anywhere_never_raises_and_keeps_what_is_whole(tmp_path: Path) -> None:
    records = [record(number, page(f"Talks number {number}")) for number in range(3)]
    data = b"".join(records)
    for cut in range(0, len(data), 41):
        found = read(tmp_path, "a.warc.gz", data[:cut])
        whole = sum(cut >= sum(map(len, records[: number + 1])) for number in range(3))
        assert sum(isinstance(one, Article) for one in found) == whole
        assert sum(isinstance(one, Failure) for one in found) <= 1


def test_large_records_and_bombs(tmp_path: Path) -> None:
    config = Reading(max_html_bytes=50_000, max_chars=10_000)
    big = page("Large") + b"<p>" + b"x" * 600_000
    bomb = record(2, gzip.compress(b"\0" * 50_000_000), headers=(("Content-Encoding", "gzip"),))
    found = read(tmp_path, "a.warc.gz", record(1, big) + bomb + record(3, page("Small")), config)
    assert outline(found) == [(0, "TooLarge"), (1, "TooLarge"), (2, "Small")]


def test_an_archive_without_a_page_says_so(tmp_path: Path) -> None:
    data = record(1, b"\x89PNG", content_type="image/png") + record(2, page("Gone"), status="404 Not Found")
    assert outline(read(tmp_path, "a.warc.gz", data)) == [(None, "Empty")]


def test_what_is_no_archive(tmp_path: Path) -> None:
    assert outline(read(tmp_path, "a.warc.gz", b"")) == [(None, "Empty")]
    assert outline(read(tmp_path, "a.warc", b"")) == [(None, "Empty")]
    assert outline(read(tmp_path, "b.warc.gz", b"not an archive")) == [(0, "BadWarc")]
    assert outline(read(tmp_path, "b.warc", b"not an archive\n" * 3)) == [(0, "BadWarc")]
    assert outline(read(tmp_path, "c.warc", b"WARC/1.0\r\n" + b"A: b\r\n" * 100_000)) == [(0, "BadWarc")]


def test_a_file_of_damaged_records_ends(tmp_path: Path) -> None:
    found = read(tmp_path, "a.warc", b"WARC/1.0\r\nContent-Length: 99\r\n\r\n" * 3 * MAX_DAMAGED)
    assert len(found) == MAX_DAMAGED + 1


def test_repeated_record_ids_stay_apart(tmp_path: Path) -> None:
    found = read(tmp_path, "a.warc.gz", record(1, page("One")) + record(1, page("Two")))
    assert len({one.article_id for one in found if isinstance(one, Article)}) == 2
