"""Make the pictures of docs/images from a page of the samples: ``make pictures``.

Needs Chromium with its driver, Selenium and Pillow (``make test-report`` installs them), and fonts for Arabic and
Chinese (Debian: fonts-noto-core, fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.report import write_report  # noqa: E402
from tests.report import browser as chromium  # noqa: E402

IMAGES = ROOT / "docs" / "images"
LARGEST = 300_000
"""Bytes of a picture at most: the repository carries each version of it."""
COLOURS = (256, 128, 64, 32)
OPEN = """
const rows = [...document.querySelectorAll(".story")].slice(0, 3);
const changes = (row) => new Set([...row.querySelectorAll(".track .label")].map((l) => l.textContent)).size;
rows.sort((a, b) => changes(b) - changes(a))[0].querySelector("button.fold").click();
"""
"""Opens the story with most changes among the first rows."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the viewport, the scheme, the state in the address, and the section in view."""

    name: str
    width: int
    height: int
    dark: bool = False
    state: str = ""
    section: str | None = None
    open_story: bool = False


def shots(data: dict[str, Any]) -> list[Shot]:
    """What to take, from the samples' data: a bilingual text, an Arabic one with an event chosen."""
    bilingual = next(a["id"] for a in data["articles"] if len(a["langs"]) > 1)
    arabic_only = {n: a["id"] for n, a in enumerate(data["articles"]) if a["langs"] == ["ar"]}
    meetings = [e for e in data["events"] if e["at"] in arabic_only and e["t"] == "meeting"]
    event = max(meetings, key=lambda e: (len({a[0] for a in e["a"]}), len(e["a"]), e["id"]))
    arabic, event = arabic_only[event["at"]], event["id"]
    return [
        Shot("report-stories", 1280, 1000, open_story=True),
        Shot("report-stories-dark", 1280, 1000, dark=True, open_story=True),
        Shot("report-network", 1280, 900, section="network"),
        Shot("report-events", 1280, 900, section="events", state="type=meeting&status=cancelled"),
        Shot("report-bilingual", 1280, 800, state=f"article={bilingual}"),
        Shot("report-arabic-dark", 1280, 800, dark=True, state=f"article={arabic}&event={event}"),
        Shot("report-phone", 390, 844),
        Shot("report-phone-dark", 390, 844, dark=True, section="network"),
        Shot("report-phone-reader", 390, 844, state=f"article={arabic}&event={event}"),
    ]


def take(driver: Any, page: Path, shot: Shot, path: Path) -> None:
    """Take one picture and compress it."""
    chromium.view(driver, width=shot.width, height=shot.height, dark=shot.dark)
    driver.get("about:blank")
    driver.get(page.as_uri() + (f"#{shot.state}" if shot.state else ""))
    if shot.open_story:
        driver.execute_script(OPEN)
    if shot.section is not None:
        driver.execute_script("document.getElementById(arguments[0]).scrollIntoView()", shot.section)
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    chromium.picture(driver, path)
    compress(path)


def compress(path: Path) -> None:
    """Write the PNG anew with as many colours as ``LARGEST`` allows; raises ``ValueError`` where none do."""
    with Image.open(path) as image:
        pixels = image.convert("RGB")
    pixels.save(path, optimize=True)
    if path.stat().st_size <= LARGEST:
        return
    for colours in COLOURS:
        pixels.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return
    raise ValueError(f"{path} stays over {LARGEST} bytes")


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description="Make the pictures of docs/images from tables of the samples.")
    parser.add_argument("--processed", type=Path, default=ROOT / "data" / "processed")
    parser.add_argument("--images", type=Path, default=IMAGES)
    options = parser.parse_args()
    problem = chromium.missing()
    if problem is not None:
        sys.exit(problem)
    options.images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium.browser() as driver:
        page = Path(folder) / "report.html"
        write_report(options.processed, page)
        found = re.search(r'id="data">(.*?)</script>', page.read_text(encoding="utf-8"), re.S)
        for shot in shots(json.loads(found.group(1) if found else "{}")):
            path = options.images / f"{shot.name}.png"
            take(driver, page, shot, path)
            print(f"{path.name}\t{path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
