"""Firefox as it is installed, without a window, by WebDriver BiDi, which it speaks itself.

Protocol: https://www.w3.org/TR/webdriver-bidi/
"""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from harness.waiting import wait_until
from tests.e2e.other_browsers.driver import Actions

NAMES = ("firefox-esr", "firefox")
PACKAGES = "firefox-esr"
ANSWER_LIMIT_S = 60
ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PREFERENCES = {
    "app.normandy.enabled": False,  # it asks its maker for nothing
    "app.update.disabledForTesting": True,
    "browser.download.alwaysOpenPanel": False,  # it would take the focus from the page
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "ui.primaryPointerCapabilities": 6,  # a mouse: fine (2) and able to hover (4)
}


class Firefox:
    def __init__(self, socket: ClientConnection, downloads: Path) -> None:
        self.downloads = downloads
        self._socket = socket
        self._commands = 0
        self._complaints: list[str] = []
        self._do("session.new", capabilities={})
        self._do("session.subscribe", events=["log.entryAdded"])
        self._do("browser.setDownloadBehavior",
                 downloadBehavior={"type": "allowed", "destinationFolder": str(downloads)})  # fmt: skip
        # Its first tab leaves the focus to the line for addresses.
        self._tab = self._do("browsingContext.create", type="tab")["context"]

    def resize(self, width: int, height: int) -> None:
        self._in_tab("browsingContext.setViewport", viewport={"width": width, "height": height})

    def open(self, url: str) -> None:
        self._in_tab("browsingContext.navigate", url="about:blank", wait="complete")
        self._complaints.clear()  # also of what the page before was still loading
        self._in_tab("browsingContext.navigate", url=url, wait="complete")

    def evaluate(self, expression: str) -> str:
        target = {"context": self._tab}
        answer = self._do(
            "script.evaluate", expression=expression, target=target, awaitPromise=True, userActivation=True
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return str(answer["result"]["value"])

    def act(self, actions: Actions) -> None:
        self._in_tab("input.performActions", actions=actions)

    def choose(self, selector: str, *files: Path) -> None:
        (node,) = self._in_tab("browsingContext.locateNodes", locator={"type": "css", "value": selector})["nodes"]
        element = {"sharedId": node["sharedId"]}
        self._in_tab("input.setFiles", element=element, files=[str(file) for file in files])

    def screenshot(self) -> bytes:
        return base64.b64decode(self._in_tab("browsingContext.captureScreenshot")["data"])

    def complaints(self) -> list[str]:
        self._do("session.status")  # what was said before has come by its answer
        return self._complaints

    def _in_tab(self, method: str, **parameters: Any) -> Any:
        return self._do(method, context=self._tab, **parameters)

    def _do(self, method: str, **parameters: Any) -> Any:
        """Send a command; returns its result. Raises AssertionError with what the browser said."""
        self._commands += 1
        self._socket.send(json.dumps({"id": self._commands, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv(timeout=ANSWER_LIMIT_S))
            if told.get("id") == self._commands:
                assert told["type"] == "success", f"{method}: {told}"
                return told["result"]
            self._listen(told)

    def _listen(self, event: dict[str, Any]) -> None:
        entry = event.get("params", {})
        if event.get("method") == "log.entryAdded" and entry["level"] in ("error", "warn"):
            self._complaints.append(f"{entry['type']}: {entry['text']}")


@contextmanager
def running_firefox(program: str, folder: Path) -> Iterator[Firefox]:
    """Give a browser that keeps what it has in `folder`; it ends with the block."""
    downloads, log = folder / "downloads", folder / "log"
    downloads.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    (folder / "user.js").write_text("".join(lines))
    command = [program, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0"]
    with log.open("w") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told)
    try:
        wait_until(lambda: ADDRESS.search(log.read_text()), log.read_text)
        address = ADDRESS.findall(log.read_text())[0]
        with connect(f"{address}/session", max_size=None) as socket:
            yield Firefox(socket, downloads)
    finally:
        process.terminate()
        process.wait()
