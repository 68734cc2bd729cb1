"""The page: one HTML file with its style, script and data inside, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(data: dict[str, Any], *, version: str) -> str:
    """Render ``data`` (as ``gather`` gives it) as a self-contained HTML page."""
    assets = files("pipeline.report") / "assets"
    style, script, early = (
        (assets / name).read_text(encoding="utf-8") for name in ("report.css", "report.js", "early.js")
    )
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((assets / "page.html.j2").read_text(encoding="utf-8"))
    return template.render(
        policy=policy(scripts=(early, script), styles=(style,)),
        style=Markup(style),
        early=Markup(early),
        script=Markup(script),
        data=Markup(as_json(data)),
        figures=data["figures"],
        version=version,
    )


def policy(*, scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """The Content-Security-Policy under which only these inline scripts and styles run, and nothing is fetched."""
    script_hashes = " ".join(f"'sha256-{_digest(s)}'" for s in scripts)
    style_hashes = " ".join(f"'sha256-{_digest(s)}'" for s in styles)
    return (
        f"default-src 'none'; script-src {script_hashes}; style-src {style_hashes}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def as_json(data: Any) -> str:
    """JSON that is safe inside a ``<script>`` element: no ``<``, ``>`` or ``&`` is left in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return "".join(_ESCAPES.get(c, c) for c in text) if any(c in text for c in _ESCAPES) else text


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
