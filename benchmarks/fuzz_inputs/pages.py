"""Hostile web pages."""

from __future__ import annotations

import json
import random

from benchmarks.fuzz_inputs.common import ODD, PIECES, SENTENCES, encode, mutate_text, pack


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
