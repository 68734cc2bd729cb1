"""Bytes to text: byte order marks, UTF-8, UTF-16 without a mark, and the old encodings of news.

A wrong guess is worse than an honest failure, so an old encoding is taken only where its text looks
like writing: Arabic or Chinese with the letters that running text is made of, or Latin text with a
few accents. Method: each candidate decodes strictly and is scored by script; no statistics of bytes.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Sequence

from pipeline.languages import load_topic

SAMPLE = 1 << 18

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = frozenset(("gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "cp936", "hz"))
_ARABIC = frozenset(("cp1256", "iso8859-6", "cp720", "cp864"))
_LATIN = frozenset(("cp1252", "iso8859-1", "iso8859-15", "cp1250", "cp1254", "ascii", "mac-roman"))

_ARABIC_WORD = re.compile(r"[\u0621-\u065f\u066e-\u06d3]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_ODD = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x80-\x9f\ue000-\uf8ff\ufffe\uffff\ufdd0-\ufdef]")
_PLAIN = re.compile(
    r"[\t\n\r\x20-\x7e\xa0-\u024f\u0370-\u03ff\u0400-\u04ff\u05d0-\u05ea\u0600-\u06ff\u1e00-\u1eff"
    r"\u2010-\u203a\u20ac\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufb50-\ufdff\ufe70-\ufeff\uff01-\uff5e]"
)
_MULTIBYTE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ACCENTED_RUN = re.compile(r"[\xc0-\u024f]{3,}")


@functools.cache
def _frequent_han() -> frozenset[str]:
    return frozenset(load_topic("zh", "function_words")["frequent"]["characters"].replace("\n", ""))


@functools.cache
def _arabic_words() -> frozenset[str]:
    return frozenset(load_topic("ar", "function_words")["ar"]["words"].split())


class EncodingError(Exception):
    """The bytes are no text in any encoding that news comes in; the message says what was seen."""


def decode(data: bytes, encodings: Sequence[str], *, declared: str | None = None) -> str:
    """Turn the bytes of a file into text, without a byte order mark.

    ``declared`` is the encoding that the document itself names (HTML ``meta``); it is tried after
    UTF-8 and before ``encodings``. Raises ``EncodingError`` where nothing plausible is found.
    """
    name = detect(data, encodings, declared=declared)
    text = data.decode(name, errors="replace" if name.startswith("utf") else "strict")
    return text.removeprefix("\ufeff")


def detect(
    data: bytes,
    encodings: Sequence[str],
    *,
    declared: str | None = None,
    complete: bool = True,
) -> str:
    """Name the encoding of a file's bytes, or of its first part where not ``complete``.

    Raises ``EncodingError`` for binary data and where no candidate gives plausible text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            if name == "utf-16" and not _utf16_plausible(data, "utf-16"):
                raise EncodingError("the file begins like UTF-16 but does not hold text")
            return name
    sample = data if complete else data[:-4] if len(data) > 8 else data
    nul = b"\0" in sample
    if not nul and _is_utf8(sample, complete=complete):
        if _control_share(sample) > 0.02:
            raise EncodingError("the file is binary (control characters)")
        return "utf-8"
    if nul or not sample.count(b"\n") or _bare_utf16_hint(sample):
        for name in ("utf-16-le", "utf-16-be"):
            if len(data) % 2 == 0 and _utf16_plausible(sample[: len(sample) // 2 * 2], name):
                return name
    if nul:
        raise EncodingError("the file is binary (it holds NUL bytes)")
    if _mostly_utf8(sample):
        return "utf-8"
    candidates = [declared] if declared else []
    best: tuple[float, str] | None = None
    for candidate in (*candidates, *encodings):
        score = _plausibility(sample, candidate, complete=complete)
        if candidate == declared and score >= 0.5:
            return candidate
        if score >= 0.5 and (best is None or score > best[0]):
            best = (score, candidate)
    if best is None:
        tried = ", ".join(("utf-8", *encodings))
        raise EncodingError(f"the file is in none of the encodings {tried}, or it is not text")
    return best[1]


def _is_utf8(data: bytes, *, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, complete)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a few damaged bytes (a cut file, one pasted quotation mark) from the rest."""
    good = len(_MULTIBYTE.findall(data))
    bad = data[:SAMPLE].decode("utf-8", errors="replace").count("\ufffd")
    return good >= 20 and bad * 20 <= good


def _control_share(data: bytes) -> float:
    head = data[:SAMPLE]
    odd = sum(head.count(bytes((code,))) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return odd / max(len(head), 1)


def _bare_utf16_hint(data: bytes) -> bool:
    """Arabic and Chinese in UTF-16 hold NUL bytes only in blanks and digits, and may hold none."""
    head = data[:4096]
    return max(head[0::2].count(6), head[1::2].count(6)) > len(head) // 4


def _utf16_plausible(data: bytes, name: str) -> bool:
    try:
        text = data[:SAMPLE].decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(data[:SAMPLE]) - 4 or len(data) <= SAMPLE:
            return False
        text = data[: error.start].decode(name)
    if not text:
        return True
    plain = len(_PLAIN.findall(text))
    if plain < 0.97 * len(text):
        return False
    han = _HAN.findall(text)
    if len(han) < 0.3 * len(text):
        return True
    return sum(char in _frequent_han() for char in han) >= 0.25 * len(han)


def _plausibility(data: bytes, name: str, *, complete: bool) -> float:
    """Score 0..1 how much the bytes, read in that encoding, look like writing in its script."""
    try:
        canonical = codecs.lookup(name).name
        decoder = codecs.getincrementaldecoder(name)()
        text = decoder.decode(data, complete)
    except (LookupError, UnicodeDecodeError):
        return 0.0
    text = text[:SAMPLE]
    if not text or _ODD.search(text):
        return 0.0
    if canonical in _CHINESE:
        return _chinese(text)
    if canonical in _ARABIC:
        return _arabic(text)
    if canonical in _LATIN:
        return _latin(text)
    letters = sum(char.isalpha() for char in text)
    return 0.6 if letters > 0.5 * len(text) else 0.0


def _chinese(text: str) -> float:
    han = _HAN.findall(text)
    other = sum(1 for char in text if ord(char) > 0x7F) - len(han)
    latin = sum(1 for char in text if char.isascii() and char.isalpha())
    # Accents of a Latin text pair up into a few characters; Japanese in EUC decodes with its kana.
    if len(han) < max(4, 0.1 * latin) or other > len(han) or len(_KANA.findall(text)) > 0.05 * len(han):
        return 0.0
    share = sum(char in _frequent_han() for char in han) / len(han)
    return min(1.0, share * 2) if share >= 0.25 else 0.0


def _arabic(text: str) -> float:
    words = _ARABIC_WORD.findall(text)
    if not words:
        return 0.0
    joined = sum(map(len, words))
    foreign = sum(1 for char in text if ord(char) > 0x7F and char.isalpha()) - joined
    alef_lam: float = sum(word.count("ا") + word.count("ل") for word in words) / joined
    common = _arabic_words()
    known = sum(word in common or word.startswith("ال") for word in words) / len(words)
    if foreign > 0.05 * joined or alef_lam < 0.12 or known < 0.1:
        return 0.0
    return min(1.0, 0.5 + float(known))


def _latin(text: str) -> float:
    letters = [char for char in text if char.isalpha()]
    accented = sum(ord(char) > 0x7F for char in letters)
    if not letters or accented > 0.2 * len(letters):
        return 0.0
    if len(_ACCENTED_RUN.findall(text)) > 0.002 * len(letters) + 1:
        return 0.0
    signs = sum(1 for char in text if 0xA0 <= ord(char) < 0xC0)
    return 0.6 if signs <= 0.02 * len(text) + 2 else 0.0
