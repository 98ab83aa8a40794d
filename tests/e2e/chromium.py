"""The browser: whatever Chromium or Chrome is installed, without a window and without talking to its maker.

Chromium's headless shell is preferred: it is the same engine, and opens a page in a third of the time, since no window
is put together for each.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MAC_PATH = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running_chromium(*further: str) -> Iterator[Browser]:
    """Give a browser, with further flags; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags(*further))
        try:
            yield browser
        finally:
            browser.close()


def flags(*further: str) -> list[str]:
    # Chromium's sandbox does not work for root, who is the only user of many a container.
    return [*FLAGS, *further, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def find_chromium() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and MAC_PATH.is_file():
        return str(MAC_PATH)
    assert found, f"there is no Chromium here; looked for {', '.join(NAMES)}"
    return found
