"""Hostile packed files: bombs, zip and tar archives, web archives."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile

import zstandard

from benchmarks.fuzz_inputs.common import ODD, SENTENCES, encode, mutate_bytes


def bomb(rng: random.Random) -> tuple[str, bytes]:
    """Files that are small packed and large unpacked (here to 8 MB; the giants go further)."""
    size = rng.choice((1 << 20, 1 << 23))
    fill = rng.choice((b"\0", b" ", b"\n", b"a", b"[", b'{"text":"x"}\n', b"a b\n", b"<p>", "王".encode(), b"text,\n"))
    data = fill * (size // len(fill))
    suffix = rng.choice((".txt", ".html", ".jsonl", ".json", ".csv", ".md", ".warc", ".parquet"))
    if rng.random() < 0.5:
        return suffix + ".gz", gzip.compress(data, 1, mtime=0)
    return suffix + ".zst", zstandard.compress(data)


def archive(rng: random.Random) -> tuple[str, bytes]:
    """Zip and tar files whose names lead outside, whose members lie, link, nest or swell."""
    names = (
        "../../escaped.txt",
        "/tmp/escaped.txt",
        "a/../../escaped.txt",
        "C:\\escaped.txt",
        "..\\escaped.txt",
        "ok.txt",
        "ok.html",
        "a/b.jsonl",
        "x.zip",
        "x.tar.gz",
        "CON.txt",
        "a\0b.txt",
        "é\u202e.txt",
        ".hidden.txt",
        "dir/",
        "x" * 300 + ".txt",
        "no",
        "ok.txt",
    )
    out = io.BytesIO()
    members = [
        (
            rng.choice(names),
            rng.choice((encode(rng.choice(SENTENCES)), b"", b"\0" * 3_000_000, b'{"text": "x y"}', rng.randbytes(50))),
        )
        for _ in range(rng.randint(0, 6))
    ]
    if rng.random() < 0.6:
        with zipfile.ZipFile(
            out, "w", rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2)), compresslevel=1
        ) as packed:
            for name in dict.fromkeys(name for name, _ in members):
                info = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
                info.external_attr = rng.choice((0o644, 0o120777, 0o010644)) << 16
                info.compress_type = packed.compression
                packed.writestr(info, dict(members)[name])
        data, suffix = out.getvalue(), ".zip"
    else:
        with tarfile.open(fileobj=out, mode="w") as tape:
            for name, content in members:
                entry = tarfile.TarInfo(name.replace("\0", "_"))
                entry.type = rng.choice(
                    (tarfile.REGTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE)
                )
                entry.linkname = "/etc/passwd"
                entry.size = len(content) if entry.type == tarfile.REGTYPE else 0
                tape.addfile(entry, io.BytesIO(content) if entry.size else None)
        suffix = rng.choice((".tar", ".tar.gz", ".tgz"))
        data = out.getvalue() if suffix == ".tar" else gzip.compress(out.getvalue(), 1, mtime=0)
    return suffix, mutate_bytes(rng, data) if rng.random() < 0.4 else data


def warc(rng: random.Random) -> tuple[str, bytes]:
    """Web archives with lying lengths, broken headers, codings that are none, damaged members."""
    records_made = []
    for number in range(rng.randint(1, 5)):
        body = encode(
            f"<html><body><h1>{rng.choice(ODD)}Talks {number}</h1><p>{rng.choice(SENTENCES)}</p></body></html>"
        )
        coding = rng.choice(
            ("", "", "", "Content-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\n", "Content-Encoding: br\r\n")
        )
        if coding.endswith("gzip\r\n") and rng.random() < 0.7:
            body = gzip.compress(rng.choice((body, b"\0" * 20_000_000)), 1, mtime=0)
        charset = rng.choice(
            ("", "; charset=utf-8", "; charset=hex", "; charset=gbk", '; charset="\u202e"', "; charset=utf-16")
        )
        http = (
            f"HTTP/1.1 {rng.choice((200, 200, 200, 404, 'x'))} OK\r\nContent-Type: text/html{charset}\r\n{coding}\r\n".encode()
            + body
        )
        length = rng.choice((len(http), len(http), len(http), len(http) + 9, len(http) // 2, -1, 10**12, 10**30))
        kind = rng.choice(("response", "response", "response", "resource", "revisit", "conversion", "\u202e"))
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {rng.choice(('http://x/', 'javascript:1', 'x' * 3000, ''))}\r\nWARC-Date: {rng.choice(('2026-01-02T03:04:05Z', '9' * 99, ''))}\r\nContent-Type: {rng.choice(('application/http', 'text/html', 'text/plain'))}\r\nContent-Length: {length}\r\n\r\n"
        records_made.append(encode(head) + http + b"\r\n\r\n")
    if rng.random() < 0.5:
        members = [gzip.compress(one, 1, mtime=0) for one in records_made]
        data, suffix = b"".join(members), ".warc.gz"
    else:
        data, suffix = b"".join(records_made), ".warc"
    return suffix, mutate_bytes(rng, data) if rng.random() < 0.5 else data
