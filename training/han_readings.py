"""Write how Chinese characters and phrases are read, as data, since pypinyin takes long to load.

Writes ``pipeline/entities/tables/han_readings.txt``: the readings of the characters U+4E00 to U+9FFF, in
order; phrases that are read otherwise than their characters one by one; all other phrases, by length.
Due after a new version of pypinyin.

Run: ``python -m training.han_readings``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pypinyin import Style
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.style import convert

from pipeline.entities.han_readings import FIRST, LAST, NONE

FILE = Path(__file__).parents[1] / "pipeline" / "entities" / "tables" / "han_readings.txt"
_IN_A_LINE = 32


def _plain(readings: Iterable[str]) -> tuple[str, ...]:
    """Readings without tones, once each."""
    return tuple(dict.fromkeys(convert(r, Style.NORMAL, strict=True, default=r) for r in readings))


def content() -> str:
    """The file, from pypinyin's dictionaries."""
    characters = {code: _plain(PINYIN_DICT[code].split(",")) for code in range(FIRST, LAST + 1) if code in PINYIN_DICT}
    cells = [",".join(characters.get(code, (NONE,))) for code in range(FIRST, LAST + 1)]
    own: list[str] = []
    others: dict[int, list[str]] = {}
    for phrase in sorted(PHRASES_DICT):
        said = [_plain(r) for r in PHRASES_DICT[phrase]]
        if said != [characters.get(ord(c), ())[:1] for c in phrase]:
            own.append(" ".join([phrase, *(",".join(r) for r in said)]))
        else:
            others.setdefault(len(phrase), []).append(phrase)
    lines = [" ".join(cells[at : at + _IN_A_LINE]) for at in range(0, len(cells), _IN_A_LINE)]
    by_length = [
        " ".join(phrases[at : at + _IN_A_LINE])
        for _, phrases in sorted(others.items())
        for at in range(0, len(phrases), _IN_A_LINE)
    ]
    return "\n\n".join("\n".join(part) for part in (lines, own, by_length)) + "\n"


def main() -> None:
    """Write the file."""
    FILE.write_text(content(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
