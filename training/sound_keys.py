"""Write the sound keys of the known people's names, which take long to work out at every start.

Writes ``pipeline/entities/tables/sound_keys.csv``; due after every change of ``people.csv`` or of ``sound_keys``.

Run: ``python -m training.sound_keys``.
"""

from __future__ import annotations

import csv
from pathlib import Path

from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.sound_keys import sound_key
from pipeline.entities.sound_table import several_words

FILE = Path(__file__).parents[1] / "pipeline" / "entities" / "tables" / "sound_keys.csv"


def sound_keys() -> dict[str, str]:
    """The key of each name of several words that a person of the packaged tables bears."""
    names = sorted(n for e in load_lexicon().by_id.values() if e.label == "PER" for n in e.names())
    return {name: sound_key(name) for name in names if several_words(name)}


def main() -> None:
    """Write the file."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(sound_keys().items())


if __name__ == "__main__":
    main()
