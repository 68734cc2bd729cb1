"""What an article brings along is shown as text: no markup, no control sequence, no script."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.core.config import Config
from pipeline.load import LoadError, open_tables
from pipeline.run import run
from pipeline.run.summary import print_summary
from pipeline.show import print_article

TITLE = "[bold]Talks[/bold] [link=file:///etc/passwd]here[/link] [/] \\[x] <script>alert(1)</script> \x1b]8;;http://x\x07y \u202eevil"
TEXT = f"""{TITLE}
President Emmanuel Macron [red]met[/red] King Abdullah \x1b[2J of Jordan in Amman on Monday, <img src=x onerror=alert(2)> said.
"We agree, [blink]he[/blink] \u202e\u2066 said," Mr. [/nothing] Macron told <b>reporters</b>.
"""


@pytest.fixture
def processed(tmp_path: Path, small_config: Config) -> Path:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "[bold]a[red].txt").write_text(TEXT, encoding="utf-8")
    (raw / "[red].\x1b[31m[nope]").write_text("x")
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    return tmp_path / "out"


@pytest.mark.parametrize("colours", [True, False])
def test_the_terminal_shows_text_as_text(processed: Path, colours: bool) -> None:
    out = io.StringIO()
    view = open_tables(processed).article("bold")
    print_article(view, Console(file=out, force_terminal=colours, no_color=not colours, width=300, highlight=False))
    print_summary(processed, Console(file=out, force_terminal=False, width=300))
    shown = re.sub(r"\x1b\[[\d;]*m", "", out.getvalue()) if colours else out.getvalue()
    for part in (
        "[bold]Talks[/bold]",
        "[link=file:///etc/passwd]here[/link]",
        "[red]met[/red]",
        "[/nothing]",
        "[bold]a[red].txt",
    ):
        assert part in shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]", shown)
    if colours:
        assert "\x1b]8" not in out.getvalue()


def test_names_in_errors_are_text_too(processed: Path) -> None:
    with pytest.raises(LoadError) as raised:
        open_tables(processed).article("\x1b[31m[red]nobody")
    assert "\x1b" not in str(raised.value)
