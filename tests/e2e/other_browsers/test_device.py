"""The page computes on the visitor's device in Safari's engine and in Firefox, too, and finds what the server finds."""

from pathlib import Path

import pytest

from harness.gunicorn_server import GunicornServer
from harness.waiting import wait_until
from tests.e2e.other_browsers.driver import Driver
from tests.e2e.other_browsers.window import LIMIT_S, Window

PLACE = "() => document.querySelector('#place').textContent"  # which is folded away
PERCENT = 2  # a percentage is rounded, and the browsers' own encoders make slightly other files of a photograph


def await_place(window: Window, place: str) -> None:
    wait_until(lambda: window.run(PLACE) == place, lambda: window.text("body"), limit_s=LIMIT_S)


def test_device_finds_what_the_server_finds(
    driver: Driver, with_device: GunicornServer, photographs: dict[str, Path]
) -> None:
    window = Window(driver)
    window.open(with_device.url)
    found = []
    for place in ("By the server, with yolox-nano", "On this device, with yolox-nano"):
        window.choose(photographs["dog"])
        found.append(window.await_result())
        await_place(window, place)
        window.click("#reset")
        window.click("#keep-row", "Keep my photos on this device")
    assert found[1] == pytest.approx(found[0], abs=PERCENT)
    assert len(found[0]) > 3
    window.run("() => { localStorage.clear(); }")
    assert driver.complaints() == []
