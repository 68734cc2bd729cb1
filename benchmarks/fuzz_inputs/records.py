"""Hostile files of records: JSON, CSV, TSV, Parquet."""

from __future__ import annotations

import csv
import io
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.fuzz_inputs.common import ODD, SENTENCES, encode, mutate_bytes, mutate_text, pack


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
    return pack(rng, ".parquet", mutate_bytes(rng, data) if rng.random() < 0.4 else data)
