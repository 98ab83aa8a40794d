"""A second task and a second engine appear on the page, without a changed line in app, view or save.

They are in second/, and one line more in each registry names them.
"""

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from harness.pictures import encode, make_upright
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import NARROW, violations
from tests.e2e.test_layout import assert_fits

HEIGHT, WIDTH = 600, 800


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second") / "dist"
    config = PROJECT / "tests" / "e2e" / "second" / "vite.config.js"
    vite = ["npx", "vite", "build", "--config", config, "--outDir", folder, "--emptyOutDir", "--logLevel", "error"]
    subprocess.run(vite, cwd=PROJECT, check=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def second(dist: Path) -> Iterator[GunicornServer]:
    """A server of the page that is built so."""
    with running_server(PAGESIGHT_SITE_DIR=str(dist)) as started:
        yield started


@pytest.fixture
def open_two(second: GunicornServer, open_screen: OpenScreen) -> Callable[..., Screen]:
    def open_(**options: Any) -> Screen:
        screen = open_screen(second.url, **options)
        screen.await_light("online")
        return screen

    return open_


@pytest.fixture
def two(open_two: Callable[..., Screen]) -> Screen:
    return open_two()


def compute_here(screen: Screen) -> None:
    screen.page.get_by_label("Computed").select_option("This very tab")
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "PNG"), name="coast.png")
    screen.await_state("result")


def save(screen: Screen, name: str) -> bytes:
    screen.page.locator("#save").click()
    with screen.page.expect_download() as download:
        screen.page.locator("#save-menu button", has=screen.page.get_by_text(name, exact=True)).click()
    return download.value.path().read_bytes()


def test_visitor_chooses_what_computes(two: Screen, photographs: dict[str, Path]) -> None:
    options = two.page.locator("#engine option")
    assert options.all_inner_texts() == ["By the server", "This very tab"]
    two.choose(photographs["dog"])
    assert "dog" in dict(two.await_result()), "the server still computes first"
    expect(two.page.locator("#place")).to_have_text("By the server, with yolov3-tiny")
    two.reset.click()
    compute_here(two)
    expect(two.page.locator("#place")).to_have_text("On this device, with coast")
    expect(two.page.get_by_role("heading", name="2 regions")).to_be_visible()
    assert two.items.all_inner_texts() == ["sea\n70 in 100", "land\n30 in 100"]
    expect(two.preview).to_have_attribute("alt", "Your photo with 2 regions")


def test_page_paints_what_nobody_has_drawn(two: Screen) -> None:
    compute_here(two)
    marks = two.page.locator("#marks")
    expect(marks).not_to_have_class(re.compile("is-ghost"))
    expect(marks.get_by_role("button", name="sea, region 1")).to_have_count(1)
    assert [marks.locator(tag).count() for tag in ("image", "polygon", "circle", "text")] == [2, 4, 6, 2]
    two.items.nth(1).hover()
    expect(marks.locator(".mark.is-lit")).to_have_attribute("aria-label", "land, region 2")
    expect(two.page.locator("#as-server")).to_be_hidden()
    expect(two.page.locator("#edit")).to_be_hidden()
    expect(two.page.locator("#confidence")).to_have_count(0)


def test_second_task_brings_its_own_controls_and_keeps_its_own_choice(
    two: Screen, photographs: dict[str, Path]
) -> None:
    compute_here(two)
    two.page.get_by_role("button", name="Only large regions").click()
    assert two.items.all_inner_texts() == ["sea\n70 in 100"]
    assert two.page.url.endswith("#least=0.5")
    two.reset.click()
    two.page.get_by_label("Computed").select_option("By the server")
    two.choose(photographs["dog"])
    assert len(two.await_result()) > 1
    expect(two.page.locator("#confidence")).to_be_visible()
    expect(two.page.get_by_role("button", name="Only large regions")).to_have_count(0)


def test_second_task_is_saved_as_table_picture_and_page(two: Screen) -> None:
    compute_here(two)
    assert save(two, "Table of regions") == b"sea,0.7\nland,0.3\n"
    picture = np.asarray(Image.open(io.BytesIO(save(two, "Picture with boxes"))).convert("RGB")).astype(int)
    plain = make_upright(HEIGHT, WIDTH).astype(int)
    assert picture.shape == plain.shape
    changed = np.abs(picture - plain).max(axis=2) > 40
    # The masks cover the left half; on the right there are only lines, an outline's tint, and no mask.
    assert changed[:, : WIDTH // 2].mean() > 0.9
    assert not changed[HEIGHT // 2 - 40 : HEIGHT // 2 - 20, WIDTH - 60 : WIDTH - 20].any()
    page = save(two, "Web page").decode()
    assert page.count("<image ") == 3
    assert page.count("<polygon ") == 4
    assert "sea 70 in 100" in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_there_is_a_choice(open_two: Callable[..., Screen], scheme: str) -> None:
    screen = open_two(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    compute_here(screen)
    screen.page.locator("#more summary").click()
    assert violations(screen) == []


def test_second_task_fits_320_pixels(open_two: Callable[..., Screen]) -> None:
    screen = open_two(**NARROW)
    compute_here(screen)
    assert_fits(screen)
