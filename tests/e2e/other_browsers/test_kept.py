"""The page without a network, its new version, and what it stores forgotten, in Safari's engine and in Firefox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.waiting import wait_until
from tests.e2e.other_browsers.driver import Driver
from tests.e2e.other_browsers.window import LIMIT_S, Window
from tests.e2e.static_host import StaticHost
from tests.e2e.test_offline import INSTALL, IS_KEPT, STORED, VERSION


@pytest.fixture
def host(tmp_path: Path) -> Iterator[StaticHost]:
    host = StaticHost(tmp_path)
    host.start()
    yield host
    host.stop()


def test_page_is_kept_renewed_and_forgotten(driver: Driver, host: StaticHost) -> None:
    window = Window(driver)
    driver.open(host.url)
    window.wait_for("#status:not(:empty)")
    window.run(f"() => void {INSTALL}")
    wait_until(lambda: window.run(f"() => {IS_KEPT}"), limit_s=LIMIT_S)

    host.stop()
    driver.open(host.url)
    window.wait_for("#status[data-state=offline]")
    assert window.run(VERSION) == "first"
    window.click("#help")
    window.wait_for(".dialog")

    host.start()
    host.publish("second")
    driver.open(host.url)
    assert window.run(VERSION) == "second"
    window.click("#stored-data")
    window.click("#forget-all")
    window.wait_for(".dialog .hint[role=status]:not(:empty)")
    assert window.run(STORED) == {"caches": 0, "preferences": [], "workers": 0}
