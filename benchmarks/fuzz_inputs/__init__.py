"""Hostile inputs for every format that is read: made by code from a seed, the same every time.

Half are mutations of the sample articles, half are made by hand-written families, each of which aims
at something that breaks readers: bombs, traps for regular expressions, broken encodings, lying
headers, absurd shapes. Each is a file: a name and bytes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.fuzz_inputs.common import Family, Input
from benchmarks.fuzz_inputs.giants import giants
from benchmarks.fuzz_inputs.packed import archive, bomb, warc
from benchmarks.fuzz_inputs.pages import html
from benchmarks.fuzz_inputs.records import parquet, records, tables
from benchmarks.fuzz_inputs.texts import any_text, encodings, front_matter, mutated_sample, noise, sentences, trap

__all__ = ["FAMILIES", "Input", "giants", "inputs"]

FAMILIES: dict[str, Family] = {
    one.__name__: one
    for one in (mutated_sample, any_text, sentences, trap, html, front_matter, records, tables, parquet, encodings, noise, bomb, archive, warc)
}  # fmt: skip


def inputs(count: int, seed: int = 7) -> Iterator[Input]:
    """Make so many inputs; the n-th depends on the seed and on n alone."""
    names = sorted(FAMILIES)
    for number in range(count):
        rng = random.Random(f"{seed}:{number}")
        family = names[number // 2 % len(names)] if number % 2 else "mutated_sample"
        suffix, data = FAMILIES[family](rng)
        yield Input(f"{number:05}-{family}{suffix}", data, family)
