"""One look for all pictures, with fonts for the three scripts.

matplotlib 3.11 joins Arabic letters and orders right-to-left text by itself (libraqm), so no text is
reshaped here. Arabic letters are in its own DejaVu Sans; Chinese ones come from the package
``noto-cjk-sans-otc`` (Noto Sans CJK, SIL Open Font License 1.1).
"""

from __future__ import annotations

import importlib
import unicodedata
import warnings
from collections.abc import Iterable

import matplotlib as mpl
from matplotlib import font_manager

CHINESE = "Noto Sans CJK SC"
_SYSTEM_CHINESE = (
    CHINESE,
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
)

# Okabe and Ito (2008): told apart by colour-blind readers, too.
COLOURS = {
    "actual": "#0072B2", "planned": "#56B4E9", "possible": "#999999", "cancelled": "#D55E00", "negated": "#CC79A7",
    "meeting": "#0072B2", "call": "#E69F00", "statement": "#009E73",
    "praise": "#009E73", "thanks": "#8FD3BC", "apology": "#56B4E9", "promise": "#0072B2", "warning": "#E69F00",
    "accusation": "#D55E00", "criticism": "#8C2D04", "demand": "#F0E442", "denial": "#CC79A7", "other": "#BBBBBB",
    "resolved": "#0072B2", "not resolved": "#E69F00",
    "PER": "#3B4A5A", "ORG": "#8A6FA8", "GPE": "#4E8F6B", "LOC": "#4E8F6B",
}  # fmt: skip
CYCLE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#666666", "#999999", "#CCCCCC")
INK, FAINT = "#222222", "#DDDDDD"

_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def use_style() -> None:
    """Set fonts and lines for all figures to come; warns where no Chinese font is found."""
    mpl.rcParams.update({
        "font.family": ["DejaVu Sans", _chinese_font()],
        "font.size": 10, "axes.titlesize": 13, "axes.titleweight": "bold", "axes.titlelocation": "left",
        "axes.titlepad": 12, "axes.edgecolor": FAINT, "axes.labelcolor": INK, "text.color": INK,
        "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
        "axes.grid": False, "legend.frameon": False, "figure.dpi": 100, "savefig.dpi": 100,
        "savefig.bbox": "tight", "savefig.facecolor": "white", "svg.hashsalt": "communique",
    })  # fmt: skip


def _chinese_font() -> str:
    try:
        path = str(importlib.import_module("noto_cjk_sans_otc").FONT_PATH)
    except ModuleNotFoundError:
        path = ""
    if path and not any(f.fname == path for f in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(path)
    known = {f.name for f in font_manager.fontManager.ttflist}
    for name in _SYSTEM_CHINESE:
        if name in known:
            return name
    warnings.warn(
        "no font with Chinese characters is installed, they will show as boxes; run: pip install noto-cjk-sans-otc",
        stacklevel=3,
    )
    return "DejaVu Sans"


def isolated(name: str) -> str:
    """A name that keeps its own direction and leaves that of its surroundings alone (Unicode UAX 9)."""
    return f"{_ISOLATE}{name}{_END}"


def joined(names: Iterable[str], between: str = " – ") -> str:
    """Names of any script in reading order from left to right, as in "A – B"."""
    return _LEFT_TO_RIGHT + between.join(isolated(n) for n in names)


def shortened(text: str, width: int) -> str:
    """The text's beginning where it is longer than ``width`` columns; a Chinese character takes two."""
    if columns(text) <= width:
        return text
    kept = ""
    for char in text:
        if columns(kept + char) > width - 1:
            break
        kept += char
    return kept.rstrip() + "…"


def columns(text: str) -> int:
    """How wide a text is, in half-width columns."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(name: str, width: int = 18) -> str:
    """A name on one line or, at the space nearest its middle, on two."""
    spaces = [i for i, c in enumerate(name) if c == " "]
    if columns(name) <= width or not spaces:
        return isolated(shortened(name, 2 * width))
    cut = min(spaces, key=lambda i: abs(i - len(name) / 2))
    return "\n".join(isolated(shortened(part, 2 * width)) for part in (name[:cut], name[cut + 1 :]))
