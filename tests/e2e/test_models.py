"""One server with three models, each of another task: the page lets the visitor choose, and shows what each finds."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.conftest import MODELS, OpenScreen
from tests.e2e.screen import Screen, is_detection
from tests.e2e.test_accessibility import NARROW, PHONE, violations
from tests.e2e.test_layout import assert_fits


def open_with(many: GunicornServer, open_screen: OpenScreen, **options: object) -> Screen:
    screen = open_screen(many.url, **options)
    screen.await_light("online")
    expect(screen.page.locator("#model")).to_be_visible()
    return screen


@pytest.fixture
def screen(many: GunicornServer, open_screen: OpenScreen) -> Screen:
    return open_with(many, open_screen)


def choose_model(screen: Screen, name: str) -> None:
    """Choose a model, and wait for what it finds in the picture that is looked at."""
    screen.page.locator("#model").select_option(name)
    screen.await_state("result")
    expect(screen.page.locator("#place")).to_have_text(f"By the server, with {name}")


def save(screen: Screen, name: str) -> bytes:
    screen.page.locator("#save").click()
    with screen.page.expect_download() as download:
        screen.page.locator("#save-menu button", has=screen.page.get_by_text(name, exact=True)).click()
    return download.value.path().read_bytes()


def test_visitor_chooses_among_the_models(screen: Screen, photographs: dict[str, Path]) -> None:
    options = screen.page.locator("#model option").all_inner_texts()
    assert options == ["faces · faces", "mobilenet_v2 · labels", "deeplabv3 · areas"]
    expect(screen.page.locator("#model")).to_have_value("faces")
    screen.choose(photographs["dog"])
    screen.await_result()
    expect(screen.page.locator("#place")).to_have_text("By the server, with faces")
    choose_model(screen, "mobilenet_v2")
    assert screen.page.url.endswith("/#model=mobilenet_v2")
    choose_model(screen, "faces")
    assert "#" not in screen.page.url


def test_link_names_a_model(many: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(f"{many.url}/#model=mobilenet_v2&example=dog.jpg")
    screen.await_state("result")
    expect(screen.page.locator("#model")).to_have_value("mobilenet_v2")
    assert screen.page.url.endswith("#model=mobilenet_v2&example=dog.jpg")
    screen.page.evaluate("location.hash = '#model=deeplabv3&example=dog.jpg'")
    expect(screen.page.locator("#place")).to_have_text("By the server, with deeplabv3")
    expect(screen.page.locator("#model")).to_have_value("deeplabv3")


def test_unknown_model_in_a_link_is_passed_over(many: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(f"{many.url}/#model=nothing&example=person.jpg")
    screen.await_state("result")
    expect(screen.page.locator("#place")).to_have_text("By the server, with faces")


def test_one_model_leaves_nothing_to_choose(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(server.url)
    sent: list[Route] = []

    def keep(route: Route) -> None:
        if is_detection(route):
            sent.append(route)
        route.continue_()

    screen.page.route(screen.url, keep)
    screen.await_light("online")
    screen.example("Dog").click()
    screen.await_result()
    expect(screen.page.locator("#model")).to_be_hidden()
    expect(screen.page.locator(".doors")).to_have_count(0)
    assert b'name="model"' not in (sent[0].request.post_data_buffer or b"")


def test_classes_are_rows_with_bars(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    screen.await_result()
    choose_model(screen, "mobilenet_v2")
    found = screen.found()
    assert len(found) == 5
    assert [percent for _, percent in found] == sorted((percent for _, percent in found), reverse=True)
    expect(screen.page.locator("#summary-title")).to_have_text(found[0][0])
    assert found[0][0] in (screen.preview.get_attribute("alt") or "")
    expect(screen.page.locator("#edit")).to_be_hidden()
    classes = json.loads(save(screen, "JSON"))["classes"]
    assert [one["label"] for one in classes] == [label for label, _ in found]
    screen.items.nth(0).hover()
    expect(screen.page.locator("#marks .mark-label text").last).to_have_text(f"{found[0][0]} {found[0][1]}%")


def test_segments_are_painted_over_the_photograph(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    screen.await_result()
    choose_model(screen, "deeplabv3")
    shares = dict(screen.found())
    assert {"dog", "bicycle"} <= shares.keys()
    assert "background" not in shares
    mask = np.asarray(Image.open(io.BytesIO(save(screen, "Mask"))))
    answer = json.loads(save(screen, "JSON"))["segments"]
    ids = {one["label"]: one["class_id"] for one in answer["labels"]}
    assert round((mask == ids["dog"]).mean() * 100) == shares["dog"]
    screen.page.locator("#opacity").fill("100")
    masks = screen.page.locator("#marks image")
    expect(masks).to_have_count(len(shares))
    expect(masks.first).to_have_attribute("opacity", "1")
    screen.page.get_by_role("button", name="bicycle", exact=True).click()
    assert "bicycle" not in dict(screen.found())
    assert "model=deeplabv3&opacity=1&hide=bicycle" in screen.page.url
    # The dog's own mask covers the dog and nothing else.
    picture = np.asarray(Image.open(io.BytesIO(save(screen, "Picture with boxes"))).convert("RGB")).astype(int)
    plain = np.asarray(Image.open(io.BytesIO(photographs["dog"].read_bytes())).convert("RGB")).astype(int)
    changed = np.abs(picture - plain).max(axis=2) > 40
    lower = slice(plain.shape[0] // 4, None)  # labels are above
    assert changed[lower][mask[lower] == ids["dog"]].mean() > 0.9
    assert changed[lower][(mask[lower] == ids["bicycle"]) | (mask[lower] == 0)].mean() < 0.02


def test_choices_of_a_model_stay_its_own(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    screen.await_result()
    choose_model(screen, "deeplabv3")
    screen.page.get_by_role("button", name="bicycle", exact=True).click()
    choose_model(screen, "mobilenet_v2")
    assert screen.page.url.endswith("#model=mobilenet_v2")
    choose_model(screen, "deeplabv3")
    assert "bicycle" not in dict(screen.found())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("model", MODELS[1:])
def test_axe_finds_nothing(
    many: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path], model: str, scheme: str
) -> None:
    screen = open_with(many, open_screen, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True, **PHONE)
    screen.choose(photographs["dog"])
    screen.await_result()
    choose_model(screen, model)
    screen.items.nth(0).tap()
    assert violations(screen) == []


@pytest.mark.parametrize("model", MODELS)
def test_state_fits_320_pixels(
    many: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path], model: str
) -> None:
    screen = open_with(many, open_screen, **NARROW)
    screen.choose(photographs["dog"])
    screen.await_result()
    if model != MODELS[0]:
        choose_model(screen, model)
    assert_fits(screen)
