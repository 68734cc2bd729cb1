"""A headless Chromium for the page's tests and pictures; never downloads one."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb",
)  # fmt: skip


def missing() -> str | None:
    """What is not on this machine, in words, or ``None`` where all is there."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            return f"no {program} here; apt-get install chromium chromium-driver"
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "selenium is not installed; pip install '.[browser]'"
    return None


@contextmanager
def browser(*, width: int = 1280, height: int = 900, dark: bool = False, calm: bool = True) -> Iterator[Any]:
    """Start Chromium with a profile of its own, a viewport in CSS pixels and a colour scheme."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(prefix="communique-chromium-") as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(shutil.which("chromium"))
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
        try:
            view(driver, width=width, height=height, dark=dark, calm=calm)
            yield driver
        finally:
            driver.quit()


def view(driver: Any, *, width: int, height: int = 900, dark: bool = False, calm: bool = True) -> None:
    """Set the viewport and what the system prefers."""
    _size(driver, width, height)
    features = [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
        {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def requests(driver: Any) -> list[str]:
    """The addresses that the page asked for since the last call."""
    found = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            found.append(message["params"]["request"]["url"])
    return found


def complaints(driver: Any) -> list[str]:
    """Errors and warnings on the console since the last call."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def picture(driver: Any, path: Path, *, whole: bool = False) -> None:
    """Save what is in view, or the whole page, as PNG."""
    if whole:
        # Chromium's own capture beyond the viewport hangs without a GPU on pages of this height.
        width, height = driver.execute_script("return [innerWidth, document.documentElement.scrollHeight]")
        _size(driver, width, height)
    answer = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    path.write_bytes(base64.b64decode(answer["data"]))


def _size(driver: Any, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
