"""Safari's engine: WebKitGTK's own small browser on a screen that nobody sees, by WebDriver.

Protocol: https://www.w3.org/TR/webdriver2/
"""

import base64
import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.gunicorn_server import listen
from harness.waiting import wait_until
from tests.e2e.other_browsers.driver import Actions

PROGRAMS = ("WebKitWebDriver", "Xvfb")
PACKAGES = "webkit2gtk-driver xvfb"
SCREEN = "1400x1200x24"
ANSWER_LIMIT_S = 60
# The driver tells nothing of the console, so the page is asked. What it complained of while it loaded is not known.
LISTEN = """(() => {
    const said = window.complaints = [];
    for (const level of ['error', 'warn']) console[level] = (...words) => said.push(`console: ${words.join(' ')}`);
    addEventListener('error', ({message}) => said.push(`exception: ${message}`));
    addEventListener('unhandledrejection', ({reason}) => said.push(`exception: ${reason}`));
    addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) =>
        said.push(`policy: ${violatedDirective} ${blockedURI}`));
})()"""
NARROW = (
    "* { font-size: 1px; margin: 0; padding: 0; min-width: 0 }"  # its buttons, or no window were as narrow as a phone
)
SIZE_INSIDE = "JSON.stringify([innerWidth, innerHeight])"


class WebKit:
    def __init__(self, address: str, downloads: Path) -> None:
        self.downloads = downloads
        session = ask(f"{address}/session", {"capabilities": {}})
        self._session = f"{address}/session/{session['sessionId']}"

    def resize(self, width: int, height: int) -> None:
        within = (width, height)
        for _ in range(2):  # the first time shows how much of the window is not the page
            self._do("window/rect", {"width": within[0], "height": within[1]})
            inside = json.loads(self.evaluate(SIZE_INSIDE))
            within = (within[0] + width - inside[0], within[1] + height - inside[1])

    def open(self, url: str) -> None:
        self._do("url", {"url": url})
        self.evaluate(LISTEN)

    def evaluate(self, expression: str) -> str:
        return str(self._do("execute/sync", {"script": f"return ({expression})", "args": []}))

    def act(self, actions: Actions) -> None:
        self._do("actions", {"actions": actions})

    def choose(self, selector: str, *files: Path) -> None:
        (element,) = self._do("element", {"using": "css selector", "value": selector}).values()
        self._do(f"element/{element}/value", {"text": "\n".join(map(str, files))})

    def screenshot(self) -> bytes:
        return base64.b64decode(ask(f"{self._session}/screenshot"))

    def complaints(self) -> list[str]:
        return list(json.loads(self.evaluate("JSON.stringify(window.complaints)")))

    def close(self) -> None:
        ask(self._session, method="DELETE")

    def _do(self, command: str, parameters: dict[str, Any]) -> Any:
        return ask(f"{self._session}/{command}", parameters)


def ask(url: str, parameters: dict[str, Any] | None = None, method: str | None = None) -> Any:
    """Send a command; returns its value. Raises AssertionError with what the driver said."""
    body = None if parameters is None else json.dumps(parameters).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_LIMIT_S) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(error.read().decode()) from error


@contextmanager
def running_webkit(folder: Path) -> Iterator[WebKit]:
    """Give a browser that keeps what it has in `folder`; it ends with the block."""
    downloads = folder / "downloads"
    downloads.mkdir()
    (folder / "gtk-3.0").mkdir()
    (folder / "gtk-3.0" / "gtk.css").write_text(NARROW)
    (folder / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{downloads}"\n')
    with listen() as free, screen() as display:
        port = free.getsockname()[1]
        free.close()
        environment = os.environ | {"DISPLAY": display, "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        command = ["WebKitWebDriver", f"--port={port}"]
        driver = subprocess.Popen(command, env=environment)
        try:
            wait_until(lambda: is_ready(port))
            browser = WebKit(f"http://127.0.0.1:{port}", downloads)
            try:
                yield browser
            finally:
                browser.close()
        finally:
            driver.terminate()
            driver.wait()


@contextmanager
def screen() -> Iterator[str]:
    """Give the name of an X display."""
    ours, theirs = os.pipe()
    command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        with os.fdopen(ours, encoding="ascii") as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def is_ready(port: int) -> bool:
    try:
        return bool(ask(f"http://127.0.0.1:{port}/status")["ready"])
    except OSError:
        return False  # it does not answer yet
