"""What each task offers beyond its result, on a server of three: a door, and what one can do with areas and labels."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Route, expect

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detection
from tests.e2e.chromium import find_chromium, flags
from tests.e2e.conftest import MODELS, OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import NARROW, PHONE, violations
from tests.e2e.test_camera import PLAYED
from tests.e2e.test_layout import assert_fits
from tests.e2e.test_models import save

Mask = NDArray[np.uint8]
DOORS = ["Faces", "Labels", "Areas"]
OTHER = [("beagle", 162, 0.6), ("basset", 161, 0.3)]


def open_page(many: GunicornServer, open_screen: OpenScreen, fragment: str = "", **options: Any) -> Screen:
    screen = open_screen(f"{many.url}/{fragment}", **options)
    screen.await_light("online")
    return screen


@pytest.fixture
def screen(many: GunicornServer, open_screen: OpenScreen) -> Screen:
    return open_page(many, open_screen)


def show(screen: Screen, file: Path, model: str) -> None:
    """Let a model look at a photograph, and wait until what it found can be worked with."""
    screen.choose(file)
    screen.await_state("result")
    expect(screen.page.locator("#place")).to_have_text(f"By the server, with {model}")


def test_page_opens_with_a_door_for_each_task(screen: Screen) -> None:
    doors = screen.page.get_by_role("navigation", name="What do you want to see?")
    expect(doors.locator(".door-name")).to_have_text(DOORS)
    expect(doors.locator("[aria-current=true] .door-name")).to_have_text("Faces")
    doors.locator(".door-link", has_text="Labels").click()
    expect(doors.locator("[aria-current=true] .door-name")).to_have_text("Labels")
    assert screen.page.url.endswith("/#task=classification")
    options = screen.page.locator("#model option").all_inner_texts()
    assert options == ["mobilenet_v2 · labels", "faces · faces", "deeplabv3 · areas"]
    doors.get_by_role("link", name="Areas: try it with the example Dog").click()
    screen.await_state("result")
    expect(screen.page.locator("#place")).to_have_text("By the server, with deeplabv3")
    assert screen.page.url.endswith("/#task=segmentation&example=dog.jpg")
    expect(doors).to_be_hidden()
    screen.reset.click()
    doors.get_by_role("link", name="Areas: try it with the example Dog").click()
    screen.await_state("result")  # though the address says nothing new


def test_address_leads_through_a_door(many: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_page(many, open_screen, "#task=classification&example=dog.jpg")
    screen.await_state("result")
    expect(screen.page.locator("#place")).to_have_text("By the server, with mobilenet_v2")
    screen.page.locator("#model").select_option("faces")
    expect(screen.page.locator("#place")).to_have_text("By the server, with faces")
    assert screen.page.url.endswith("/#example=dog.jpg"), "it is the first of all, and of another task"
    screen.page.evaluate("location.hash = '#task=nothing&example=person.jpg'")
    expect(screen.page.locator("#caption")).to_contain_text("person.jpg")
    expect(screen.page.locator("#place")).to_have_text("By the server, with faces")


def test_door_speaks_another_language(many: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_page(many, open_screen, locale="de-DE")
    expect(screen.page.locator(".door-name")).to_have_text(["Gesichter", "Begriffe", "Flächen"])
    screen.page.get_by_role("button", name="English").click()
    expect(screen.page.locator(".door-name")).to_have_text(DOORS)


def test_each_task_looks_through_the_camera(screen: Screen, many: GunicornServer) -> None:
    browser_type = screen.page.context.browser.browser_type  # type: ignore[union-attr]
    with browser_type.launch(executable_path=find_chromium(), args=flags(*PLAYED)) as browser:
        page = browser.new_context(permissions=["camera"]).new_page()
        page.goto(many.url)
        filmed = Screen(page, f"{many.url}/")
        for door, model in zip(DOORS, MODELS, strict=True):
            page.locator(".door-link", has_text=door).click()
            page.get_by_role("button", name="Use the camera").click()
            page.get_by_role("button", name="Take the photo").click()
            filmed.await_state("result")
            expect(page.locator("#place")).to_have_text(f"By the server, with {model}")
            filmed.reset.click()


@pytest.fixture
def areas(many: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]) -> Screen:
    screen = open_page(many, open_screen, "#task=segmentation")
    show(screen, photographs["dog"], "deeplabv3")
    return screen


def read_mask(screen: Screen) -> tuple[Mask, dict[str, int]]:
    """Return the class of each pixel, as the API answered, and the ids by label."""
    answer = json.loads(save(screen, "JSON"))["segments"]
    mask = np.asarray(Image.open(io.BytesIO(save(screen, "Mask"))))
    return mask, {one["label"]: one["class_id"] for one in answer["labels"]}


def test_pointer_names_the_area_that_it_is_over(areas: Screen) -> None:
    mask, ids = read_mask(areas)
    place = areas.page.locator("#marks").bounding_box()
    assert place is not None
    scale = place["width"] / mask.shape[1]
    plate = areas.page.locator(".region-name")
    for label in ("dog", "bicycle", "background"):
        rows, columns = np.nonzero(mask == ids[label])
        middle = len(rows) // 2
        x, y = place["x"] + (columns[middle] + 0.5) * scale, place["y"] + (rows[middle] + 0.5) * scale
        areas.page.mouse.move(x, y)
        expect(plate).to_contain_text(f"{label} ")
        lit = areas.page.locator("#detections > li.is-lit .detection-label")
        expect(lit).to_have_text([] if label == "background" else [label])
    areas.page.mouse.move(1, 1)
    expect(plate).to_be_hidden()


def test_area_is_cut_out_with_nothing_beside_it(areas: Screen, photographs: dict[str, Path]) -> None:
    mask, ids = read_mask(areas)
    areas.page.get_by_label("What is cut out").select_option("dog")
    with areas.page.expect_download() as download:
        areas.page.get_by_role("button", name="Cut it out").click()
    assert download.value.suggested_filename == "dog-cut-out.png"
    cut = np.asarray(Image.open(download.value.path()))
    plain = np.asarray(Image.open(photographs["dog"]).convert("RGB")).astype(int)
    dog = mask == ids["dog"]
    assert cut.shape == (*dog.shape, 4)
    np.testing.assert_array_equal(cut[..., 3] == 255, dog)
    np.testing.assert_array_equal(cut[..., 3] == 0, ~dog)
    assert np.abs(cut[..., :3].astype(int) - plain)[dog].mean() < 2


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools and NumPy 2
@pytest.mark.parametrize(("name", "least"), [("COCO, run lengths", 1), ("COCO, polygons", 0.97)])
def test_pycocotools_reads_the_areas(areas: Screen, name: str, least: float) -> None:
    coco_module = pytest.importorskip("pycocotools.coco", reason="comes with `make evaluate`")
    mask, ids = read_mask(areas)
    coco = coco_module.COCO()
    coco.dataset = json.loads(save(areas, name))
    coco.createIndex()
    assert [coco.cats[one["category_id"]]["name"] for one in coco.dataset["annotations"]] == [
        label for label, _ in areas.found()
    ]
    for one in coco.dataset["annotations"]:
        read = coco.annToMask(one) > 0
        wanted = mask == ids[coco.cats[one["category_id"]]["name"]]
        assert (read & wanted).sum() >= least * (read | wanted).sum()


@pytest.fixture
def labels(many: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]) -> Screen:
    screen = open_page(many, open_screen, "#task=classification")
    show(screen, photographs["eagle"], "mobilenet_v2")
    return screen


def test_visitor_says_how_many_labels(labels: Screen) -> None:
    five = labels.found()
    labels.page.get_by_label("How many labels").select_option("10")
    expect(labels.items).to_have_count(10)
    assert labels.found()[:5] == five
    assert "top=10" in labels.page.url
    labels.page.get_by_label("How many labels").select_option("1")
    expect(labels.items).to_have_count(1)
    assert len(json.loads(save(labels, "JSON"))["classes"]) == 1


def test_why_shows_what_decided(labels: Screen) -> None:
    expect(labels.page.locator("#compare")).to_be_hidden()  # there is no other classifier
    labels.page.get_by_role("button", name="Why?").click()
    expect(labels.page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(labels.page.locator("#reason")).to_contain_text("Bright is what speaks for “bald eagle”", timeout=60_000)
    expect(labels.page.locator("#marks image")).to_have_count(1)
    heat = np.asarray(Image.open(io.BytesIO(save(labels, "Picture with boxes"))).convert("RGB")).astype(int)
    labels.page.get_by_role("button", name="Hide reason").click()
    expect(labels.page.locator("#marks image")).to_have_count(0)
    plain = np.asarray(Image.open(io.BytesIO(save(labels, "Picture with boxes"))).convert("RGB")).astype(int)
    changed = np.abs(heat - plain).max(axis=2) > 24
    assert changed[:, 230:540].mean() > 0.7, "what the network sees"
    assert changed[100:, :60].mean() < 0.05, "and what it does not"


def test_models_of_a_task_are_compared(
    many: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = open_screen("about:blank")

    def list_another(route: Route) -> None:
        listed = route.fetch().json()
        twin = next(one for one in listed["models"] if one["name"] == "mobilenet_v2") | {"name": "other"}
        route.fulfill(json=listed | {"models": [*listed["models"], twin]})

    def answer_as_another(route: Route) -> None:
        if b"\r\nother\r\n" not in (route.request.post_data_buffer or b""):
            return route.fallback()
        classes = [{"label": label, "class_id": number, "confidence": sure} for label, number, sure in OTHER]
        answer = {"name": "a.jpg", "task": "classification", "model": "other", "width": 9, "height": 9, "image": None}
        return route.fulfill(json=answer | {"classes": classes})

    screen.page.route("**/v1/models", list_another)
    screen.page.route(f"{many.url}/", answer_as_another)
    screen.page.goto(f"{many.url}/#task=classification&top=3")
    screen.await_light("online")
    show(screen, photographs["eagle"], "mobilenet_v2")
    screen.page.get_by_role("button", name="Compare").click()
    columns = screen.page.locator(".opinion")
    expect(columns.locator("h3")).to_have_text(["mobilenet_v2", "other"])
    expect(columns.nth(1).locator("li")).to_have_text(["beagle60%", "basset30%"])
    expect(columns.nth(0).locator("li")).to_have_count(3)
    wide = [column.bounding_box() for column in columns.all()]
    assert wide[0]["y"] == wide[1]["y"]  # type: ignore[index]
    screen.page.set_viewport_size({"width": 360, "height": 780})
    narrow = [column.bounding_box() for column in columns.all()]
    assert narrow[0]["x"] == narrow[1]["x"]  # type: ignore[index]
    assert_fits(screen)


def test_lines_of_the_models_skeleton_join_its_key_points(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = Screen(open_screen("about:blank").page, f"{server.url}/")

    def tell_skeleton(route: Route) -> None:
        (model,) = route.fetch().json()["models"]
        told = {"keypoints": ["nose", "eye", "ear"], "skeleton": [["nose", "eye"], ["eye", "ear"]]}
        route.fulfill(json={"default": model["name"], "models": [model | told]})

    places = {"nose": (200, 300, 0.9), "eye": (300, 200, 0.8), "ear": (400, 250, 0.3)}
    points = [{"name": name, "x": x, "y": y, "confidence": sure} for name, (x, y, sure) in places.items()]
    found = [make_detection("person", 0) | {"keypoints": points}]
    screen.page.route("**/v1/models", tell_skeleton)
    screen.page.goto(screen.url)
    screen.await_light("online")
    screen.answer_with(make_answer(detections=found, candidates=found))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_state("result")
    screen.items.nth(0).hover()
    expect(screen.page.locator("#marks circle.mark-point-colour")).to_have_count(2)
    line = screen.page.locator("#marks line.mark-line-colour")  # the ear is not seen
    expect(line).to_have_count(1)
    assert [line.get_attribute(name) for name in ("x1", "y1", "x2", "y2")] == ["200", "300", "300", "200"]
    html = save(screen, "Web page").decode()
    assert html.count("<line ") == 2, "a dark one under it"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_doors(many: GunicornServer, open_screen: OpenScreen, scheme: str) -> None:
    options = {"color_scheme": scheme, "reduced_motion": "reduce", "bypass_csp": True}
    screen = open_page(many, open_screen, **options, **PHONE)
    expect(screen.page.locator(".door")).to_have_count(3)
    assert violations(screen) == []


def test_doors_fit_320_pixels(many: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_page(many, open_screen, **NARROW)
    expect(screen.page.locator(".door")).to_have_count(3)
    assert_fits(screen)
