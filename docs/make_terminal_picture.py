"""Make docs/images/show.svg, what ``communique show`` prints, from the samples' tables: ``make pictures``."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.load import open_tables  # noqa: E402
from pipeline.show import print_article  # noqa: E402

PICTURE = ROOT / "docs" / "images" / "show.svg"
# rich names a web font's address; the picture must need no network.
WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.S)


def make(processed: Path, article: str = "ferry/held.en") -> str:
    """The article as the terminal shows it, as SVG; the same tables give the same bytes."""
    console = Console(
        record=True, width=96, force_terminal=True, file=io.StringIO(), highlight=False, color_system="truecolor"
    )
    print_article(open_tables(processed).article(article), console)
    svg = console.export_svg(title=f"communique show {article}", unique_id="show")
    lines = (line.rstrip() for line in WEB_FONT.sub("", svg).splitlines())
    return "\n".join(lines).strip() + "\n"


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(make(Path(sys.argv[1] if len(sys.argv) > 1 else "data/processed")), encoding="utf-8")
