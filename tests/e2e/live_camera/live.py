"""The live camera's window in an open page: what a visitor can do there, and what they see."""

import base64
import io
import re

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, Request, expect

from harness.pictures import Pixels
from tests.e2e.screen import Screen

STILL_MS = 700  # several times as long as a frame takes
LINE_NEAR_PX = 8
KEEP_TRACKS = """() => {
    window.tracks = [];
    const {mediaDevices} = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async wanted => {
        const stream = await open(wanted);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
}"""
READ_MARKS = """canvas => {
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height];
    copy.getContext('2d').drawImage(canvas, 0, 0);
    return copy.toDataURL('image/png').split(',')[1];
}"""


class Live:
    """Counts the frames that are sent."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.screen = Screen(page, f"{url}/")
        self.window = page.locator("dialog.live")
        self.marks = self.window.locator("canvas")
        self.note = self.window.locator(".live-note")
        self.sent: list[Request] = []
        self.under_way = 0
        self.most_under_way = 0
        page.on("request", self._on_request)
        page.on("requestfinished", self._on_end)
        page.on("requestfailed", self._on_end)

    def open(self) -> None:
        self.page.get_by_role("button", name=re.compile("Live camera|Live-Kamera")).click()

    def button(self, name: str) -> Locator:
        return self.window.get_by_role("button", name=name, exact=True)

    def await_marks(self, *labels: str) -> None:
        for label in labels:
            expect(self.marks).to_have_attribute("aria-label", re.compile(label))

    def await_frames(self, many: int) -> None:
        """Wait until that many more have been sent."""
        wanted = len(self.sent) + many
        self.screen.wait_until(lambda: len(self.sent) >= wanted, "no more frames are sent")

    def expect_no_more_frames(self) -> None:
        self.screen.wait_until(lambda: self.under_way == 0, "the last frame does not come back")
        self.page.wait_for_timeout(STILL_MS)  # the frozen picture is looked at once more
        sent = len(self.sent)
        self.page.wait_for_timeout(STILL_MS)
        assert len(self.sent) == sent

    def tracks(self) -> list[str]:
        """Return the state of each camera that was opened."""
        states: list[str] = self.page.evaluate("window.tracks.map(track => track.readyState)")
        return states

    def painted(self) -> Pixels:
        """Return the marks, HWC uint8 RGBA."""
        png = base64.b64decode(self.marks.evaluate(READ_MARKS))
        return np.array(Image.open(io.BytesIO(png)))

    def has_line_at(self, x: float, y: float) -> bool:
        """Say whether a line is painted near a place, given as shares of the picture."""
        marks = self.painted()
        height, width, _ = marks.shape
        left = max(0, round(x * width) - LINE_NEAR_PX)
        near = marks[round(y * height), left : round(x * width) + LINE_NEAR_PX + 1, 3]
        return bool(near.max() == 255)

    def _on_request(self, request: Request) -> None:
        if request.method == "POST":
            self.sent.append(request)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)

    def _on_end(self, request: Request) -> None:
        if request.method == "POST":
            self.under_way -= 1
