"""What all families draw from: sentences, odd characters, pieces that rules look for, ways to spoil a text."""

from __future__ import annotations

import functools
import gzip
import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parents[2]
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


@functools.cache
def samples() -> tuple[tuple[str, bytes], ...]:
    """The suffix and bytes of each sample article."""
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


def mutate_bytes(rng: random.Random, data: bytes) -> bytes:
    """Change bytes in some of the ways in which they get damaged."""
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
