import time
import tomllib
from pathlib import Path

import pytest

from pipeline.language.identify import UNDETERMINED, guess, languages_of
from pipeline.languages import load_topic

OTHERS = tomllib.loads((Path(__file__).parent / "other_languages.toml").read_text(encoding="utf-8"))
EXPECTED_MISSES = {("id", "Menurut pihak berwenang, pelabuhan akan ditutup sampai akhir bulan.")}  # read as Malay


@pytest.mark.parametrize(
    ("language", "line"),
    [(language, line) for language, entry in OTHERS.items() for line in entry["sentences"]],
)
def test_other_languages_are_not_ours(language: str, line: str) -> None:
    found = guess(line).language
    assert found not in ("en", "ar", "zh")
    if (language, line) not in EXPECTED_MISSES:
        assert found == language


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("The minister said that talks had failed.", "en"),
        ("The café owner told Le Monde that he would not pay.", "en"),
        ("قال الوزير إن المحادثات فشلت في بيروت.", "ar"),
        ("البیت الأبیض یرفض التعلیق على اللقاء", "ar"),
        ("外长说，会谈已经结束。", "zh"),
        ("外長說，會談已經結束。", "zh"),
        ("特朗普在Truth Social上转发了Mark Levin和Laura Loomer的帖子。", "zh"),
        ("BBC 的 Alasdair Lamont 在 Tony Macaroni 球场", "zh"),
        ("President Xi Jinping (习近平) met the king of Norway on Monday, the palace said.", "en"),
        ("وزير الخارجية زار شركة Quillon Energy وشركة Harbour Post", "ar"),
    ],
)
def test_own_languages(line: str, language: str) -> None:
    assert guess(line).language == language


@pytest.mark.parametrize("line", ["", "12:30", "— * —", "😀"])
def test_nothing_tells_nothing(line: str) -> None:
    assert guess(line).language == UNDETERMINED


def test_short_lines_follow_their_neighbours() -> None:
    prose = "The minister said on Monday that the talks in Lima had failed."
    assert languages_of(["Boric, Paz, Lula: Brasilia", prose, "Pressure", prose, "2024", prose]) == ["en"] * 6
    french = OTHERS["fr"]["sentences"]
    assert languages_of([french[0], "Port de Dakar", french[1]]) == ["fr"] * 3
    persian = OTHERS["fa"]["sentences"]
    assert languages_of([persian[0], "تهران", persian[1]]) == ["fa"] * 3


def test_bilingual_lines_keep_their_own() -> None:
    lines = [
        "两国部长周一举行会谈。",
        "The ministers of both countries met on Monday.",
        "قال الوزير إن المحادثات فشلت.",
    ]
    assert languages_of(lines) == ["zh", "en", "ar"]


def test_function_words_are_of_one_side() -> None:
    topic = load_topic("en", "function_words")
    assert not set(topic["own"]["words"].split()) & set(topic["rivals"]["words"].split())
    assert guess(topic["own"]["match"]).language == "en"
    assert guess(topic["own"]["not"]).language != "en"
    for name, entry in load_topic("ar", "function_words").items():
        assert guess(entry["match"]).language == name
        assert guess(entry["not"]).language != name


def test_many_lines_without_words_are_quick() -> None:
    started = time.perf_counter()
    assert set(languages_of(["1"] * 50_000)) == {UNDETERMINED}
    assert time.perf_counter() - started < 5
