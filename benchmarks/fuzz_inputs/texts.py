"""Hostile texts: mutated samples, any code points, traps for patterns, front matter, encodings, noise."""

from __future__ import annotations

import gzip
import random

import zstandard

from benchmarks.fuzz_inputs.common import (
    ODD,
    PIECES,
    SENTENCES,
    encode,
    fragments,
    mutate_bytes,
    mutate_text,
    pack,
    samples,
)


def mutated_sample(rng: random.Random) -> tuple[str, bytes]:
    """A sample article, changed as text or as bytes, before or after packing."""
    suffix, data = rng.choice(samples())
    if rng.random() < 0.15:
        return suffix, mutate_bytes(rng, data)
    if suffix.endswith(".gz"):
        suffix, data = suffix[:-3], gzip.decompress(data)
    elif suffix.endswith(".zst"):
        suffix, data = suffix[:-4], zstandard.ZstdDecompressor().decompressobj().decompress(data)
    if suffix.endswith(".parquet") or rng.random() < 0.3:
        data = mutate_bytes(rng, data)
    else:
        data = encode(mutate_text(rng, data.decode("utf-8", "replace")))
    if rng.random() < 0.05:
        suffix = rng.choice((".txt", ".html", ".jsonl", ".csv", ".parquet", ".warc", ".zip", ".tar", ".json", ".md"))
    return pack(rng, suffix, data)


def any_text(rng: random.Random) -> tuple[str, bytes]:
    """Random code points of every plane, between words and alone."""
    planes = [rng.randrange(17) for _ in range(3)]
    chars = [chr(rng.choice(planes) * 0x10000 + rng.randrange(0x10000)) for _ in range(rng.randint(1, 3000))]
    if rng.random() < 0.6:
        chars = [rng.choice((char, char, rng.choice(SENTENCES), rng.choice(ODD))) for char in chars[:200]]
    return pack(rng, rng.choice((".txt", ".md", ".html")), encode("".join(chars)))


def sentences(rng: random.Random) -> tuple[str, bytes]:
    """Sentences of three scripts that hold odd characters in the middle of their words."""
    lines = []
    for _ in range(rng.randint(1, 12)):
        line = rng.choice(SENTENCES)
        for _ in range(rng.randint(0, 6)):
            at = rng.randrange(len(line) + 1)
            line = line[:at] + rng.choice(ODD) + line[at:]
        lines.append(line)
    return pack(rng, rng.choice((".txt", ".md")), encode(rng.choice(("\n", "\n\n", " ", "")).join(lines)))


def trap(rng: random.Random) -> tuple[str, bytes]:
    """A few pieces that patterns look for, repeated, as a text that almost matches."""
    pool = rng.choice((PIECES, fragments(), fragments(), PIECES + ODD))
    pieces = [rng.choice(pool) for _ in range(rng.randint(1, 4))]
    unit = "".join(pieces) if rng.random() < 0.7 else " ".join(pieces)
    size = rng.choice((300, 3000, 3000, 20_000))
    body = unit * (size // max(1, len(unit)))
    if rng.random() < 0.3:
        body = "".join(rng.choice(pieces) for _ in range(size // 4))
    text = (
        rng.choice(("", rng.choice(SENTENCES) + " ", "Talks fail\n"))
        + body
        + rng.choice(("", "!", "\n" + rng.choice(SENTENCES)))
    )
    return pack(rng, rng.choice((".txt", ".txt", ".md", ".html")), encode(text))


def front_matter(rng: random.Random) -> tuple[str, bytes]:
    """YAML that swells, nests, refers to itself, names Python objects or never ends."""
    body = rng.choice(
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9))
            + "title: *j",
            "title: " + "[" * rng.choice((20, 5000)),
            "title: " + "{a: " * rng.choice((20, 3000)),
            "&a title: *a",
            "title: !!python/object/apply:os.system ['touch escaped']",
            "<<: *x\ntitle: x",
            "? " * 500 + "title",
            "title: |\n" + " x\n" * 5000,
            'title: "' + "\\x41" * 3000,
            "- " * 3000 + "x",
            "title: x\n" * 3000,
            "key" * 30_000 + ": x",
            "date: "
            + rng.choice(("9" * 5000, "2025-13-45", "0000-00-00", "1e999", ".nan", "!!float x", "03/04/2025 " * 20)),
            "title: a: b: c\nauthor: [x, {y: z}]\nurl: javascript:alert(1)",
            f"title: {rng.choice(ODD) * 40}\nauthor: {rng.choice(ODD)}\ndate: {rng.choice(ODD)}",
            "%YAML 9.9\n%TAG ! tag:x,2000:\n---\nx",
            "a: b\n" + " " * rng.choice((100, 50_000)) + "c: d",
            "".join(f"k{n}: " + "'" * n + "\n" for n in range(300)),
        )
    )
    end = rng.choice(("\n---\n", "\n---\n", "\n...\n", "\n", "\n----\n"))
    return pack(rng, rng.choice((".txt", ".md")), encode("---\n" + body + end + "\n".join(rng.choices(SENTENCES, k=3))))


def encodings(rng: random.Random) -> tuple[str, bytes]:
    """Text in an encoding that does not say itself, says it wrongly, or changes half way."""
    names = (
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "cp1256",
        "gb18030",
        "big5",
        "cp1252",
        "euc_jp",
        "koi8_r",
        "utf-7",
        "iso2022_jp",
        "cp037",
        "hz",
    )
    parts = [rng.choice(SENTENCES).encode(rng.choice(names), "replace") for _ in range(rng.choice((1, 1, 2, 5)))]
    data = rng.choice((b"\n", b"\n", b"\0", b"")).join(parts)
    if rng.random() < 0.3:
        data = (
            rng.choice((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"+/v8-")) + data
        )
    return pack(rng, rng.choice((".txt", ".html", ".csv", ".jsonl", ".md")), data)


def noise(rng: random.Random) -> tuple[str, bytes]:
    """Random bytes under any name, also those of other formats."""
    magic = rng.choice(
        (
            b"",
            b"PK\x03\x04",
            b"%PDF-1.7\n",
            b"\x89PNG\r\n",
            b"PAR1",
            b"\x1f\x8b\x08",
            b"\x28\xb5\x2f\xfd",
            b"WARC/1.0\r\n",
            b"BZh9",
            b"\x7fELF",
        )
    )
    suffix = rng.choice(
        (
            ".txt",
            ".html",
            ".jsonl",
            ".json",
            ".csv",
            ".parquet",
            ".warc",
            ".warc.gz",
            ".zip",
            ".tar",
            ".tar.gz",
            ".txt.gz",
            ".txt.zst",
            ".pdf",
            ".docx",
            "",
            ".gz",
        )
    )
    return suffix, magic + rng.randbytes(rng.randint(0, 2000))
