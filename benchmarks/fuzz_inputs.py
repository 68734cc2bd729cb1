"""Hostile inputs for every format that is read: made by code from a seed, the same every time.

Half are mutations of the sample articles, half are made by hand-written families, each of which aims
at something that breaks readers: bombs, traps for regular expressions, broken encodings, lying
headers, absurd shapes. Each is a file: a name and bytes.
"""

from __future__ import annotations

import csv
import functools
import gzip
import io
import json
import random
import re
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "raw"
WORDS = ROOT / "pipeline" / "languages"


@dataclass(frozen=True, slots=True)
class Input:
    """A hostile file; ``family`` says who made it."""

    name: str
    data: bytes
    family: str


Family = Callable[[random.Random], tuple[str, bytes]]
"""Makes a suffix (".html.gz") and the bytes of a file."""

SENTENCES = (
    'Foreign Minister Jonas Tveit met Prime Minister Ana Quispe in Bergen on Monday, March 3. "We agree," he told her.',
    "President Macron spoke by phone with King Abdullah of Jordan at 10 a.m., the palace said in a statement.",
    "التقى وزير الخارجية المصري بدر عبد العاطي نظيره الأردني أيمن الصفدي في القاهرة يوم 3 مارس، وقال إن «المحادثات مفيدة».",
    "ونفت وزارة الخارجية الإيرانية إجراء أي اتصال هاتفي مع واشنطن خلال الأسبوع الماضي.",
    "中国外交部长王毅3月3日在北京会见埃及外长阿卜杜勒阿提。“我们愿意合作”，王毅表示。",
    "法国总统马克龙当天同埃及总统塞西通电话，双方就加沙局势交换了意见。",
)
ODD = (
    "\0", "\x07", "\x1b[31m", "\x85", "\u200b", "\u200e", "\u200f", "\u202a", "\u202b", "\u202d", "\u202e", "\u2066",
    "\u2067", "\u2068", "\u2069", "\u061c", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff", "\ufffd", "\u0301", "\u0651",
    "\u20dd", "\u3099", "\U0001f1e6", "\U0001f468\u200d\U0001f469", "\U000e0041", "\U0010ffff", "\U00020000", "\U0001d400",
    "\u00ad", "\u2060", "\u3164", "\u115f", "\u00a0", "\u3000", "\u1680", "\u180e", "\ud800", "\udfff", "\udc80", "İ", "ß", "ﬃ",
    "ǰ", "ﷺ", "ﷲ", "〳", "㍿", "①", "Ⅻ", "٣", "۳", "３", "百", "〇", "ـ", "آ", "لإ", "[bold]", "[/]", "[link=file:///etc/passwd]",
    "<b>", "</p>", "&amp;", "&#x202e;", "&nbsp", "<!--", "]]>", "⟦", "⟧", "\\", "%s", "{0}", "${x}", "'; DROP", "../../x",
)  # fmt: skip
PIECES = (
    " ", "\t", "\u3000", "\n", "\r", "0", "9", "1 ", "1,", "1.", "12:", "3/", '"', "'", "“", "”", "«", "»", "「", "」", "(", ")",
    "[", "]", "{", "<", "</", "<a ", "-", "—", "–", "_", "*", "**", "#", "# ", "> ", "`", "~~", "![", "](", "[a](", "http://", "www.",
    ".", "..", "…", "。", "！", "؟", "،", "؛", ",", ";", ":", "：", "A.", "Mr. ", "U.S. ", "No. ", "a", "aA", "A ", "Ab ", "Ab-", "Ab'", "of ",
    "the ", "and ", "said ", "met ", "told ", "in ", "on ", "March ", "Monday ", "2025 ", "3 March ", "President ", "Minister of ",
    "of the Ministry of ", "spokesman for ", "\u0627", "ال", "و", "وزير ", "قال ", "الرئيس ", "في ", "يوم ", "و قال ", "عبد ", "بن ", "أبو ",
    "会", "王", "·", "、", "的", "部长", "会见", "表示", "月", "日", "3月3日", "第", "一", "同", "与", "total of ", "not ", "n't ", "| ", "||", "--- ", "=", "@", "é",
    "\u0301", "\U0001f600", "\u202e",
)  # fmt: skip


def inputs(count: int, seed: int = 7) -> Iterator[Input]:
    """Make so many inputs; the n-th depends on the seed and on n alone."""
    names = sorted(FAMILIES)
    for number in range(count):
        rng = random.Random(f"{seed}:{number}")
        family = names[number // 2 % len(names)] if number % 2 else "mutated_sample"
        suffix, data = FAMILIES[family](rng)
        yield Input(f"{number:05}-{family}{suffix}", data, family)


@functools.cache
def _samples() -> tuple[tuple[str, bytes], ...]:
    return tuple(
        (path.name[path.name.index(".") :], path.read_bytes()) for path in sorted(SAMPLES.rglob("*")) if path.is_file()
    )


@functools.cache
def fragments() -> tuple[str, ...]:
    """Pieces of every pattern, form and example sentence in the word lists: what their rules look for."""
    found: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.update(piece for piece in re.split(r"[\\()\[\]{}|?*+^$⟦⟧.]+", value) if 1 < len(piece) < 60)
        elif isinstance(value, dict):
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    for path in sorted(WORDS.rglob("*.toml")):
        walk(tomllib.loads(path.read_text(encoding="utf-8")))
    return tuple(sorted(found))


def encode(text: str) -> bytes:
    """UTF-8 in which lone surrogates stay what they are."""
    return text.encode("utf-8", "surrogatepass")


def pack(rng: random.Random, suffix: str, data: bytes) -> tuple[str, bytes]:
    """Compress a tenth of the files, some of them wrongly."""
    draw = rng.random()
    if draw < 0.04:
        return suffix + ".gz", gzip.compress(data, 1, mtime=0)
    if draw < 0.07:
        return suffix + ".zst", zstandard.compress(data)
    if draw < 0.08:
        return suffix + ".gz", data
    if draw < 0.10:
        packed = gzip.compress(data, 1, mtime=0)
        return suffix + ".gz", packed[: rng.randrange(len(packed))]
    return suffix, data


def mutate_text(rng: random.Random, text: str) -> str:
    """Change a text in some of the ways in which text goes wrong."""
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(text) + 1)
        to = min(len(text), at + rng.randint(0, 60))
        draw = rng.randrange(12)
        if draw == 0:
            text = text[:at] + rng.choice(ODD) * rng.choice((1, 1, 3, 500)) + text[at:]
        elif draw == 1:
            text = text[:at] + text[to:]
        elif draw == 2:
            text = text[:at] + text[at:to] * rng.choice((2, 20, 200)) + text[to:]
        elif draw == 3:
            text = text[:at] + rng.choice(PIECES) * rng.choice((2, 50, 2000)) + text[at:]
        elif draw == 4:
            text = text[:at] + chr(rng.randrange(0x110000)) + text[at:]
        elif draw == 5:
            text = "".join(char + rng.choice(ODD) if rng.random() < 0.05 else char for char in text)
        elif draw == 6:
            lines = text.split("\n")
            rng.shuffle(lines)
            text = "\n".join(lines)
        elif draw == 7:
            text = text.replace(rng.choice((" ", "\n", ".", ",")), rng.choice(("", "\n", "\u3000", "\u202e ", '"')))
        elif draw == 8:
            text = text[:at] + rng.choice(fragments()) * rng.choice((1, 2, 100)) + text[at:]
        elif draw == 9:
            text = text[:at] + text[at:to][::-1] + text[to:]
        elif draw == 10:
            text = text[:at] + rng.choice(SENTENCES) + text[at:]
        else:
            text = text.upper() if rng.random() < 0.5 else text.swapcase()
        text = text[:60_000]
    return text


def _mutate_bytes(rng: random.Random, data: bytes) -> bytes:
    found = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(found) + 1)
        draw = rng.randrange(6)
        if draw == 0 and at < len(found):
            found[at] ^= 1 << rng.randrange(8)
        elif draw == 1:
            found[at:at] = rng.randbytes(rng.randint(1, 8))
        elif draw == 2:
            del found[at : at + rng.randint(1, 100)]
        elif draw == 3:
            found[at:at] = found[at : at + rng.randint(1, 200)] * rng.choice((1, 2, 30))
        elif draw == 4:
            found[at:at] = rng.choice(
                (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\x1f\x8b\x08")
            )
        elif rng.random() < 0.2:
            del found[at:]
    return bytes(found)


def mutated_sample(rng: random.Random) -> tuple[str, bytes]:
    """A sample article, changed as text or as bytes, before or after packing."""
    suffix, data = rng.choice(_samples())
    if rng.random() < 0.15:
        return suffix, _mutate_bytes(rng, data)
    if suffix.endswith(".gz"):
        suffix, data = suffix[:-3], gzip.decompress(data)
    elif suffix.endswith(".zst"):
        suffix, data = suffix[:-4], zstandard.ZstdDecompressor().decompressobj().decompress(data)
    if suffix.endswith(".parquet") or rng.random() < 0.3:
        data = _mutate_bytes(rng, data)
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


def html(rng: random.Random) -> tuple[str, bytes]:
    """Pages that are built to hurt a parser."""
    inner = (
        f"<article><h1>{rng.choice(SENTENCES)}</h1>"
        + "".join(f"<p>{rng.choice(SENTENCES)}</p>" for _ in range(4))
        + "</article>"
    )
    draw = rng.randrange(12)
    head = ""
    if draw == 0:
        entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        head = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "lol">{entities}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        inner += "<p>&l9; &x;</p>"
    elif draw == 1:
        tag = rng.choice(("div", "b", "span", "table><tr><td", "ul><li", "font", "a", "svg", "p", "blockquote"))
        depth = rng.choice((200, 2000, 20_000))
        inner = f"<{tag}>" * depth + inner + (f"</{tag.split('>')[0]}>" * depth if rng.random() < 0.5 else "")
    elif draw == 2:
        inner = f'<p {"a" * 9}="{rng.choice(PIECES) * 3000}">' + inner
    elif draw == 3:
        inner = (
            rng.choice(
                ("<!--", "<![CDATA[", "<script>", "<title>", "<textarea>", "<p", "<a href='", "<style>", "<select>")
            )
            + inner
        )
    elif draw == 4:
        head = f'<meta charset="{rng.choice(("hex", "zip", "idna", "utf-7", "utf-16", "rot13", "x" * 30, "unicode_escape", "cp037", "undefined"))}">'
    elif draw == 5:
        deep = (
            "[" * rng.choice((500, 50_000))
            if rng.random() < 0.5
            else json.dumps(
                {"@graph": [{"@type": ["Article"] * 50, "datePublished": rng.choice((1e308, {}, [], "x" * 5000))}] * 40}
            )
        )
        head = f'<script type="application/ld+json">{deep}</script>'
    elif draw == 6:
        head = "".join(
            f'<meta name="{rng.choice(("author", "date", "title", "og:title"))}" content="{rng.choice(ODD) * 50}">'
            for _ in range(300)
        )
    elif draw == 7:
        inner = inner.replace(
            " ",
            rng.choice(("&nbsp;", "&#0;", "&#xD800;", "&#x110000;", "&notanentity;", "&#99999999999;", "&amp;" * 9)),
        )
    elif draw == 8:
        inner = (
            "".join(
                f"<h1>{rng.choice(SENTENCES)[:30]}</h1><time datetime='{rng.randrange(10**9)}'></time>"
                for _ in range(200)
            )
            + inner
        )
    elif draw == 9:
        inner = "<table>" + "<tr>" + "<td>1" * 2000 + inner
    elif draw == 10:
        inner = "".join(f"<p>{rng.choice(PIECES) * rng.randint(1, 400)}" for _ in range(30))
    page = f"{head}<html><head><title>{rng.choice(SENTENCES)}</title></head><body>{mutate_text(rng, inner) if rng.random() < 0.4 else inner}"
    return pack(rng, rng.choice((".html", ".htm", ".xhtml")), encode(page))


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


def records(rng: random.Random) -> tuple[str, bytes]:
    """JSON of absurd shapes, whole and line by line."""
    value: list[str] = [
        "[" * rng.choice((50, 100_000)),
        '{"a":' * 3000,
        '{"text": ' + "9" * 5000 + "}",
        '{"text": NaN, "title": Infinity}',
        '{"text": "' + "\\ud800" * 30 + '", "title": "\\udfff"}',
        '{"text": "\\u0000\\u202e' + "x" * 30 + '"}',
        json.dumps({"text": [rng.choice(SENTENCES), None, {"x": [1]}, 3.5], "author": [{"name": ["a", {}]}], "id": [1]}),
        json.dumps({"text": rng.choice(SENTENCES), "id": rng.choice((True, 0, -1, 1e308, 10**400, "\0", "x" * 5000)), "date": rng.choice((1e308, -1, True, {}, [[]], 10**40, "x" * 999))}),
        json.dumps({f"k{n}": n for n in range(3000)} | {"text": rng.choice(SENTENCES)}),
        json.dumps({"text": rng.choice(SENTENCES), "TEXT": "other", " text ": 5, "": "empty", "url": "http://" + "a" * 3000}),
        json.dumps({"text": "<p>" + rng.choice(SENTENCES) + "</p><br><div>" * 300}),
        json.dumps({"title": {"name": {"name": {"name": []}}}, "text": rng.choice(SENTENCES), "publisher": rng.choice(("http://x", [], 3, "nan"))}),
        json.dumps({"text": mutate_text(rng, rng.choice(SENTENCES) * 3)}),
        "nul", '"text"', "3", "[]", "{}", "\ufeff{}", "{'text': 'x'}", '{"text": "x",}', '{"text": "a\tb\x01c"}', "",
    ]  # fmt: skip
    if rng.random() < 0.5:
        lines = [rng.choice(value) for _ in range(rng.randint(1, 8))]
        text = rng.choice(("\n", "\r\n", "\n\n", "\r")).join(lines)
        data = text.encode("utf-16") if rng.random() < 0.05 else encode(text)
        return pack(rng, rng.choice((".jsonl", ".ndjson")), data)
    text = rng.choice(value)
    if rng.random() < 0.6:
        text = rng.choice(
            ('{"articles": [%s]}', "[%s]", '{"data": {"items": [%s]}}', '{"results": [%s], "text": 3}')
        ).replace("%s", text)
    return pack(rng, ".json", encode(text))


def tables(rng: random.Random) -> tuple[str, bytes]:
    """CSV and TSV of absurd shapes."""
    draw = rng.randrange(9)
    out = io.StringIO()
    if draw == 0:
        text = (
            "text,"
            + ",".join(f"c{n}" for n in range(5000))
            + "\n"
            + rng.choice(SENTENCES).replace(",", "")
            + "," * 5000
        )
    elif draw == 1:
        text = 'title,text\nx,"' + rng.choice(SENTENCES) * 3
    elif draw == 2:
        text = "title,text\n" + '"' * rng.choice((3, 999, 5000)) + "\nx,y"
    elif draw == 3:
        writer = csv.writer(out)
        writer.writerow(("id", "text", "date"))
        for n in range(30):
            writer.writerow((n % 3, mutate_text(rng, rng.choice(SENTENCES))[:2000].replace("\0", ""), rng.choice(ODD)))
        text = out.getvalue()
    elif draw == 4:
        text = "text\n" + "\n" * 3000 + "a\0b\nc\r\rd"
    elif draw == 5:
        text = rng.choice((",", ";", "\t", "|", '"')) * 3000 + "\n" + rng.choice(SENTENCES)
    elif draw == 6:
        text = "text,text,TEXT, text \n" + "\n".join(
            ",".join(rng.choices(("", "x", rng.choice(SENTENCES).replace(",", " ")), k=rng.randint(1, 6)))
            for _ in range(20)
        )
    elif draw == 7:
        text = "text" + "x" * 100_000 + "\n"
    else:
        text = "title;text\n" + "\n".join(f"{rng.choice(ODD)};{rng.choice(SENTENCES)}" for _ in range(20))
    return pack(rng, rng.choice((".csv", ".tsv")), encode(text))


def parquet(rng: random.Random) -> tuple[str, bytes]:
    """Parquet whose columns have the wrong types, or whose bytes are damaged."""
    count = rng.randint(0, 5)
    column = rng.choice(
        (
            pa.array([1] * count), pa.array([b"\xff\xfe\0"] * count, pa.binary()), pa.array([None] * count, pa.null()),
            pa.array([["a", None]] * count), pa.array([{"x": {"y": [1]}}] * count), pa.array([True] * count),
            pa.array([1.5, float("nan"), None][: count], pa.float64()), pa.array([[("k", "v")]] * count, pa.map_(pa.string(), pa.string())),
            pa.array([rng.choice(SENTENCES)] * count, pa.string()), pa.array([rng.choice(SENTENCES)] * count).dictionary_encode(),
            pa.array([10**17] * count, pa.timestamp("us")), pa.array([2**62] * count, pa.timestamp("ms")),
        )
    )  # fmt: skip
    other = rng.choice(
        (
            pa.array([2**62] * len(column), pa.timestamp("ms")),
            pa.array([-1] * len(column)),
            pa.array([10**6] * len(column), pa.date32()),
            column,
        )
    )
    out = io.BytesIO()
    names = rng.choice(
        (("text", "date"), ("date", "text"), ("x", "text"), ("text", "text"), ("Text", "id"), ("a", "b"))
    )
    pq.write_table(pa.table([column, other], names=list(names)), out)
    data = out.getvalue()
    return pack(rng, ".parquet", _mutate_bytes(rng, data) if rng.random() < 0.4 else data)


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
    return suffix, _mutate_bytes(rng, data) if rng.random() < 0.4 else data


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
    return suffix, _mutate_bytes(rng, data) if rng.random() < 0.5 else data


FAMILIES: dict[str, Family] = {
    one.__name__: one
    for one in (mutated_sample, any_text, sentences, trap, html, front_matter, records, tables, parquet, encodings, noise, bomb, archive, warc)
}  # fmt: skip


def giants() -> Iterator[Input]:
    """A few inputs of 20 to 100 MB, or that unpack to more: too slow for the thousands."""

    def one(name: str, data: bytes) -> Input:
        return Input(f"giant-{name}", data, "giant")

    line = encode(SENTENCES[0])
    yield one("line.txt", line * (100_000_000 // len(line)))
    yield one("line-4-bytes.txt", encode("\U0001f600") + line * (100_000_000 // len(line)))
    yield one(
        "line.jsonl",
        b'{"text": "' + b"The minister said no. " * 4_700_000 + b'"}\n{"text": "Nobody came to the talks."}\n',
    )
    yield one(
        "line.csv", b'title,text\nx,"' + b"The minister said no. " * 4_700_000 + b'"\ny,Nobody came to the talks.\n'
    )
    yield one("line.html", b"<p>" + b"The minister said no. " * 4_700_000)
    yield one(
        "columns.csv", b"text," + b",".join(b"c%d" % n for n in range(1_000_000)) + b"\nNobody came." + b"," * 1_000_000
    )
    yield one("column.json", json.dumps({f"k{n}": n for n in range(1_000_000)} | {"text": "Nobody came."}).encode())
    yield one("nested.html", b"<div>" * 100_000 + line + b"</div>" * 100_000)
    yield one("nested.json", b"[" * 10_000_000)
    yield one("longest.txt", encode("\n".join(SENTENCES[n % 6] for n in range(15_000))))
    yield one("longest-line.txt", encode("".join(SENTENCES[n % 6] for n in range(15_000))))
    yield one(
        "longest-page.html", b"<html><body>" + b"".join(b"<p>%s</p>" % encode(SENTENCES[n % 6]) for n in range(50_000))
    )
    yield one("bomb.txt.gz", gzip.compress(b"\0" * 1_000_000_000, 1, mtime=0))
    yield one("bomb.jsonl.gz", gzip.compress(b"\n" * 1_000_000_000, 1, mtime=0))
    yield one("bomb.json.zst", zstandard.compress(b"[" * 1_000_000_000))
    yield one("bomb.warc.gz", gzip.compress(b"WARC/1.0\r\n" + b"A: b\r\n" * 100_000_000, 1, mtime=0))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for number in range(20):
            packed.writestr(f"{number}.txt", b"\0" * 100_000_000)
    yield one("bomb.zip", out.getvalue())
    column = pa.DictionaryArray.from_arrays(
        pa.array([0] * 2000, pa.int32()), pa.array(["The minister said no. " * 450_000])
    )
    out = io.BytesIO()
    pq.write_table(pa.table({"text": column}), out)
    yield one("repeated.parquet", out.getvalue())
    for size in (10_000, 100_000, 1_000_000):
        for number, piece in enumerate(SLOW_PIECES):
            yield one(f"{size}-{number:02}.txt", encode(piece * (size // len(piece))))


SLOW_PIECES = (" ", "a", "A ", "Ab ", "1", "1 ", '"', "“a” ", "(", "a-", "a, ", "said ", "He said. ", "of the Ministry of ", "王", "会见", "、王", "و", "قال ", "، ", "\u0301", "\u202e", "*", "[a](", "<b>", "# a\n", "a\n", "\n\na", "http://a.b/", "March 3, ")  # fmt: skip
