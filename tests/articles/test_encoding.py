import tomllib
from pathlib import Path

import pytest

from pipeline.articles.encoding import EncodingError, decode, detect

ENCODINGS = ("windows-1256", "gb18030", "big5", "windows-1252")
ENGLISH = "The minister said the talks in Lima had failed.\nHe left – “without a word”."
ARABIC = "قال الرئيس إن المحادثات مع الوزير فشلت في بيروت.\nوأضاف أن الوفد سيعود."
SIMPLIFIED = "总理说，双方在北京举行会谈，讨论了停火问题。\n外交部发言人表示欢迎。"
TRADITIONAL = "總理說，雙方在北京舉行會談，討論了停火問題。\n外交部發言人表示歡迎。"
OTHERS = tomllib.loads((Path(__file__).parents[1] / "language" / "other_languages.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", [ENGLISH, ARABIC, SIMPLIFIED, TRADITIONAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_with_and_without_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), ENCODINGS) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "windows-1252"),
        (ARABIC, "windows-1256"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gbk"),
        (TRADITIONAL, "big5"),
    ],
)
def test_old_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), ENCODINGS) == text


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("ru", "cp1251"), ("ru", "koi8-r"), ("uk", "cp1251"), ("ja", "shift_jis"), ("ko", "euc-kr"), ("he", "cp1255")],
)
def test_no_guess_is_better_than_a_wrong_one(language: str, encoding: str) -> None:
    data = " ".join(OTHERS[language]["sentences"]).encode(encoding)
    with pytest.raises(EncodingError):
        decode(data, ENCODINGS)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        b"The talks \0 failed again.",
        bytes(range(256)) * 20,
        b"\x01\x02\x03\x04" * 100,
    ],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(EncodingError):
        decode(data, ENCODINGS)


def test_utf8_with_a_damaged_byte_stays_utf8() -> None:
    data = (SIMPLIFIED * 3).encode()[:-1]
    assert decode(data, ENCODINGS).endswith("\ufffd")


def test_declared_encoding_is_tried() -> None:
    data = " ".join(OTHERS["ja"]["sentences"]).encode("shift_jis")
    assert detect(data, ENCODINGS, declared="cp932") == "cp932"


def test_first_part_of_a_file_may_end_inside_a_character() -> None:
    data = (SIMPLIFIED * 50).encode("gb18030")
    assert detect(data[:1001], ENCODINGS, complete=False) == "gb18030"
    assert detect((SIMPLIFIED * 50).encode()[:1001], ENCODINGS, complete=False) == "utf-8"
