"""Frames of the camera come back as marks over it: small ones, one at a time, and never against the server's will."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from harness.clip import SIZE
from harness.gunicorn_server import GunicornServer
from harness.pictures import encode
from tests.e2e.complaints import Complaints
from tests.e2e.live_camera.conftest import Clip, OpenLive
from tests.e2e.live_camera.live import Live

FRAME_PX = 640
FRAMES = 12
GROWTH_FRAMES = 25
GROWTH_MAX_BYTES = 1_000_000
RETRY_AFTER_S = 2
KEEP_BITMAPS = """() => {
    window.bitmaps = [];
    const make = window.createImageBitmap.bind(window);
    window.createImageBitmap = async (...wanted) => {
        const made = await make(...wanted);
        window.bitmaps.push(made);
        return made;
    };
}"""


@pytest.fixture(scope="module")
def dog_box(server: GunicornServer, clip: Clip) -> dict[str, float]:
    """Where the API finds the dog in what the camera shows, as shares of the picture."""
    with Image.open(io.BytesIO(clip.frame)) as frame:
        small = np.array(frame.resize((FRAME_PX, FRAME_PX * SIZE[1] // SIZE[0])))
    answer = json.loads(server.client.detect(encode(small, "JPEG")).body)
    [box] = [one["box"] for one in answer["detections"] if one["label"] == "dog"]
    return {key: value / answer["width" if key.startswith("x") else "height"] for key, value in box.items()}


def test_boxes_are_painted_where_the_api_finds_them(live: Live, dog_box: dict[str, float]) -> None:
    middle = (dog_box["y1"] + dog_box["y2"]) / 2
    assert live.has_line_at(dog_box["x1"], middle)
    assert live.has_line_at(dog_box["x2"], middle)
    assert not live.has_line_at((dog_box["x1"] + dog_box["x2"]) / 2, middle), "the boxes hide what is in them"


def test_mirror_turns_boxes_over_with_the_picture(live: Live, dog_box: dict[str, float]) -> None:
    middle = (dog_box["y1"] + dog_box["y2"]) / 2
    live.button("Pause").click()
    live.button("Mirror").click()
    expect(live.button("Mirror")).to_have_attribute("aria-pressed", "true")
    expect(live.window.locator("video")).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    live.screen.wait_until(lambda: live.has_line_at(1 - dog_box["x2"], middle), "the boxes stay where they were")
    expect(live.marks).to_have_css("transform", "none")  # so that letters can be read


def test_one_small_frame_is_under_way_at_a_time(live: Live) -> None:
    live.await_frames(FRAMES)
    assert live.most_under_way == 1
    response = live.sent[FRAMES // 2].response()
    assert response
    answer = response.json()
    assert (answer["width"], answer["height"]) == (FRAME_PX, FRAME_PX * SIZE[1] // SIZE[0])
    assert answer["image"] is None


def test_model_place_rate_and_delay_are_told(live: Live) -> None:
    expect(live.window.locator(".live-place")).to_have_text(
        "By the server, with yolov3-tiny · Frames are sent to the server and not stored."
    )
    expect(live.window.locator(".live-figures")).to_have_text(re.compile(r"^\d+\.\d frames a second, \d+ ms behind$"))
    expect(live.window.locator(".live-found")).to_contain_text("dog")
    live.window.locator(".live-more summary").click()
    expect(live.window.locator("[data-part=inference]")).to_have_text(re.compile(r"^\d+ ms$"))


def test_paused_picture_is_looked_at_once_more_and_then_no_more(live: Live) -> None:
    live.button("Pause").click()
    live.expect_no_more_frames()
    live.await_marks("dog")
    live.button("Go on").click()
    live.await_frames(3)


def test_pause_that_the_server_asks_for_is_kept(
    open_live: OpenLive, server: GunicornServer, complaints: Complaints
) -> None:
    complaints.expect("503")
    live = open_live(server, is_opened=False)
    refused: list[Route] = []
    problem = json.dumps({"type": "urn:pagesight:problem:busy", "status": 503, "detail": "Full."})

    def refuse_once(route: Route) -> None:
        if refused or not is_frame(route):
            route.continue_()
        else:
            refused.append(route)
            route.fulfill(status=503, body=problem, headers={"Retry-After": str(RETRY_AFTER_S)})

    live.page.route(live.screen.url, refuse_once)
    live.open()
    expect(live.note).to_have_text(re.compile(r"^The server is busy\. Goes on by itself in \d seconds?\.$"))
    live.await_marks("dog")
    expect(live.note).to_be_hidden()
    first, second = live.sent[:2]
    assert second.timing["startTime"] - first.timing["startTime"] >= RETRY_AFTER_S * 1000


def test_server_that_is_away_is_waited_for(open_live: OpenLive, server: GunicornServer, complaints: Complaints) -> None:
    complaints.expect("ERR_FAILED")
    live = open_live(server, is_opened=False)
    live.page.route(live.screen.url, lambda route: route.abort() if is_frame(route) else route.continue_())
    live.open()
    expect(live.note).to_have_text(re.compile(r"^The server can.t be reached\. Goes on by itself in \d seconds?\.$"))
    live.page.unroute(live.screen.url)
    live.await_marks("dog")


def is_frame(route: Route) -> bool:
    return route.request.method == "POST"


def test_what_waiting_does_not_mend_is_said_and_can_be_tried_again(
    open_live: OpenLive, server: GunicornServer, complaints: Complaints
) -> None:
    complaints.expect("status of 500")
    live = open_live(server, is_opened=False)
    live.screen.answer_detections(500, "")
    live.open()
    expect(live.note).to_contain_text("The server failed.")
    live.page.unroute(live.screen.url)
    live.button("Try again").click()
    live.await_marks("dog")


def test_photographs_that_are_taken_join_the_strip(live: Live) -> None:
    for told in ("Added to your photos.", "Added to your photos, 2 by now."):
        live.button("Take the photo").click()
        expect(live.window.locator(".live-saved")).to_have_text(told)
    live.await_frames(2)
    live.button("Close").click()
    expect(live.page.locator("#strip > li[data-state=result]")).to_have_count(2)
    expect(live.page.locator("#caption")).to_have_text(re.compile(r"^camera-[\d-]+\.jpg · 960 \S 720"))
    assert "dog" in dict(live.screen.found())


@pytest.mark.parametrize(("model", "named"), [("faces", ""), ("mobilenet_v2", "%"), ("deeplabv3", "dog")])
def test_every_task_is_shown(open_live: OpenLive, many: GunicornServer, model: str, named: str) -> None:
    live = open_live(many, fragment=f"#model={model}")
    expect(live.window.locator(".live-place")).to_contain_text(f"By the server, with {model}")
    bars = live.window.locator(".live-bar")
    if named:
        expect(bars.filter(has_text=named).first).to_be_visible()
    else:
        expect(bars).to_have_count(0)
        expect(live.window.locator(".live-found")).not_to_be_empty()
    if model == "deeplabv3":
        assert (live.painted()[..., 3] > 0).mean() > 0.05, "no area is coloured"


def test_nothing_grows_from_frame_to_frame(open_live: OpenLive, server: GunicornServer) -> None:
    live = open_live(server, KEEP_BITMAPS)
    live.await_marks("dog")
    live.await_frames(FRAMES)
    before = used_bytes(live.page)
    live.await_frames(GROWTH_FRAMES)
    grown = used_bytes(live.page) - before
    print(f"{grown} bytes more after {GROWTH_FRAMES} frames")
    assert grown < GROWTH_MAX_BYTES
    assert live.page.evaluate("window.bitmaps.filter(({width}) => width > 0).length") <= 1, "frames are not closed"


def used_bytes(page: Page) -> int:
    """Return how much scripts hold, once what nobody holds has gone."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    used: int = devtools.send("Runtime.getHeapUsage")["usedSize"]
    devtools.detach()
    return used
