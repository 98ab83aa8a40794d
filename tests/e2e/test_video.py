"""A whole video in the page: sent, followed, played under live boxes, kept, found again by its link, and forgotten."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from harness.gunicorn_server import GunicornServer, running_server
from harness.job_worker import Jobs, environment_of, folder_of_jobs, running_worker, wait_for_worker, walk
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import PHONE, violations
from tests.e2e.test_layout import assert_fits

pytestmark = pytest.mark.long

NOT_FOUND = 404
HALF_A_PIXEL = 0.51
A_LITTLE_S = 0.001  # behind the beginning of a frame, so that it is that frame that is shown
MARKS = """() => [...document.querySelectorAll('#marks .mark:not([hidden]) rect.mark-colour')].map(box => {
    const {x, y, width, height} = box.getBBox();
    return [x + width / 2, y + height / 2];
})"""
NOTE_PROGRESS = """() => {
    window.told = [];
    const text = document.querySelector('#progress-text');
    new MutationObserver(() => told.push(text.textContent)).observe(text, {childList: true});
}"""
SEEK = """time => new Promise(done => {
    const video = document.querySelector('video');
    video.requestVideoFrameCallback(() => requestAnimationFrame(done));  // behind the player's own
    video.currentTime = time;
})"""

PLAY = f"""() => new Promise(done => {{
    const video = document.querySelector('video');
    const shown = [];
    const note = (_, {{mediaTime}}) => {{
        shown.push([mediaTime, ({MARKS})()]);
        video.requestVideoFrameCallback(note);
    }};
    video.requestVideoFrameCallback(note);  // behind the player's own, so that it sees what is painted with the frame
    video.addEventListener('ended', () => done(shown), {{once: true}});
    video.currentTime = 0;
    video.play();
}})"""

Places = list[tuple[float, float]]


@dataclass(frozen=True)
class Service:
    """A server that takes videos, with its worker, and a video that is done: its id, and what was found."""

    server: GunicornServer
    jobs: Jobs
    done: str
    result: dict[str, Any]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with folder_of_jobs() as folder:
        environment = environment_of(folder)
        with running_server(**environment) as server, running_worker(**environment):
            wait_for_worker(server)
            jobs = Jobs(server.client)
            done = jobs.begin(walk(2), name="walk.mp4", candidates="true")
            jobs.wait(done)
            yield Service(server, jobs, done, jobs.get(done, "/result.json").json)


def open_page(service: Service, open_screen: OpenScreen, fragment: str = "", **options: Any) -> Screen:
    screen = open_screen(f"{service.server.url}/{fragment}", **options)
    screen.await_light("online")
    return screen


def choose_video(screen: Screen, content: bytes, name: str = "walk.mp4") -> None:
    expect(screen.page.locator("#file-input")).to_have_attribute("accept", re.compile("video/"))
    screen.choose(content, name=name, media_type="video/mp4")


def id_in_address(page: Page) -> str:
    found = re.search(r"#.*\bjob=([0-9a-f]{32})", page.url)
    return found[1] if found else ""


def middles(detections: Sequence[dict[str, Any]]) -> Places:
    boxes = [one["box"] for one in detections]
    return [((box["x1"] + box["x2"]) / 2, (box["y1"] + box["y2"]) / 2) for box in boxes]


def between(before: dict[str, Any], after: dict[str, Any], share: float) -> Places:
    """Where the things of a frame are that the next frame has, too, at a share of the way to it."""
    later = {one["track"]: one for one in after["detections"] if "track" in one}
    ways = [
        (middles([one])[0], middles([later[one["track"]]])[0])
        for one in before["detections"]
        if one.get("track") in later
    ]
    return [(x + (to_x - x) * share, y + (to_y - y) * share) for (x, y), (to_x, to_y) in ways]


def assert_painted(page: Page, expected: Places) -> None:
    """The middles of the boxes on the screen, in pixels of the video."""
    seen = sorted((x, y) for x, y in page.evaluate(MARKS))
    assert seen == [pytest.approx(place, abs=HALF_A_PIXEL) for place in sorted(expected)]


def save(page: Page, name: str) -> bytes:
    page.locator("#save").click()
    with page.expect_download() as download:
        page.locator("#save-menu").get_by_role("button", name=re.compile(f"^{name}")).click()
    return Path(download.value.path()).read_bytes()


def test_video_is_followed_and_played_with_boxes_in_step(service: Service, open_screen: OpenScreen) -> None:
    screen = open_page(service, open_screen)
    page = screen.page
    page.evaluate(NOTE_PROGRESS)
    choose_video(screen, walk(2))
    expect(page.locator("#player")).to_be_visible()
    told = page.evaluate("told")
    assert [text for text in told if "MB" in text]
    assert [text for text in told if re.search("in line|first frames|looked at", text)]  # a quick server is soon done
    result = service.jobs.get(id_in_address(page), "/result.json").json
    before, after = result["frames"][3:5]
    assert middles(before["detections"]) != middles(after["detections"])

    page.evaluate(SEEK, before["time_s"] + A_LITTLE_S)
    page.keyboard.press(",")
    page.keyboard.press(".")
    page.wait_for_timeout(100)
    assert_painted(page, middles(before["detections"]))

    frame_between = next(time for time in (n / 10 for n in range(20)) if before["time_s"] < time < after["time_s"])
    page.evaluate(SEEK, frame_between + A_LITTLE_S)
    share = (frame_between - before["time_s"]) / (after["time_s"] - before["time_s"])
    painted = [tuple(place) for place in page.evaluate(MARKS)]
    for place in between(before, after, share):
        assert any(place == pytest.approx(one, abs=2) for one in painted), (place, painted)

    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator("#confidence").fill("60")
    page.evaluate(SEEK, before["time_s"] + A_LITTLE_S)
    sure = [one for one in before["detections"] if one["confidence"] >= 0.6]
    assert len(sure) > 0
    assert len(page.evaluate(MARKS)) == len(sure)
    assert not [url for url in requests if "/v1/" in url]


def test_boxes_are_in_step_with_each_frame_that_is_played(service: Service, open_screen: OpenScreen) -> None:
    screen = open_page(service, open_screen)
    choose_video(screen, walk(2))
    expect(screen.page.locator("#player")).to_be_visible()
    shown = {time_s: marks for time_s, marks in screen.page.evaluate(PLAY) if marks}
    assert len(shown) > 5
    assert len({str(marks) for marks in shown.values()}) > 3, "the boxes move"
    for time_s, marks in shown.items():
        screen.page.evaluate(SEEK, time_s + A_LITTLE_S)
        assert sorted(marks) == [
            pytest.approx(place, abs=HALF_A_PIXEL) for place in sorted(screen.page.evaluate(MARKS))
        ]


def test_link_finds_the_video_again_and_its_own_file_makes_the_boxes_live(
    service: Service, open_screen: OpenScreen
) -> None:
    screen = open_page(service, open_screen, f"#job={service.done}")
    page = screen.page
    expect(page.locator("#player")).to_be_visible()
    expect(page.locator("#marks")).to_have_class(re.compile("is-ghost"))  # what the server drew has boxes in it
    many = len(service.result["tracks"])
    expect(page.locator("#summary-title")).to_have_text(f"{many} different object{'s' if many > 1 else ''}")
    lanes = page.locator(".lane-name").all_text_contents()
    assert lanes == [f"{label}\u00a0\u00d7\u00a0{many}" for label, many in service.result["counts"].items()]
    with page.expect_file_chooser() as chooser:
        page.locator("#choose-again").click()
    chooser.value.set_files([{"name": "walk.mp4", "mimeType": "video/mp4", "buffer": walk(2)}])
    expect(page.locator("#marks")).not_to_have_class(re.compile("is-ghost"))


def test_timeline_goes_where_it_is_told(service: Service, open_screen: OpenScreen) -> None:
    page = open_page(service, open_screen, f"#job={service.done}").page
    timeline = page.locator("#timeline")
    timeline.focus()
    page.keyboard.press("End")
    expect(timeline).to_have_attribute("aria-valuenow", re.compile(r"^(1\.9|2\.0)$"))  # the end, or its last frame
    page.keyboard.press("PageUp")
    starts = [track["from_s"] for track in service.result["tracks"]]
    expect(timeline).to_have_attribute("aria-valuenow", f"{max(starts):.1f}")
    box = page.locator(".lane-room").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 2)
    expect(timeline).to_have_attribute("aria-valuenow", "1.0")
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_accessible_name("Pause")
    expect(timeline).not_to_have_attribute("aria-valuenow", "1.0")


def test_video_is_kept_in_every_form(service: Service, open_screen: OpenScreen) -> None:
    page = open_page(service, open_screen, f"#job={service.done}").page
    expect(page.locator("#player")).to_be_visible()
    found = [(frame["time_s"], one) for frame in service.result["frames"] for one in frame["detections"]]

    rows = list(csv.DictReader(io.StringIO(save(page, "CSV").decode())))
    assert [(float(row["time_s"]), row["label"], row["track"]) for row in rows] == [
        (time, one["label"], str(one.get("track", ""))) for time, one in found
    ]
    assert [float(row["x1"]) for row in rows] == pytest.approx([one["box"]["x1"] for _, one in found], abs=0.001)

    assert json.loads(save(page, "JSON")) == service.result
    coco = json.loads(save(page, "COCO video"))
    assert [len(coco[key]) for key in ("images", "annotations")] == [len(service.result["frames"]), len(found)]
    assert save(page, "Video") == service.jobs.get(service.done, "/result.mp4").body
    with zipfile.ZipFile(io.BytesIO(save(page, "Frames"))) as archive:
        assert archive.namelist() == [image["file_name"] for image in coco["images"]]


def test_video_is_forgotten_when_the_visitor_says_so(
    service: Service, open_screen: OpenScreen, complaints: Complaints
) -> None:
    job = service.jobs.begin(walk(0.5), name="short.mp4")
    service.jobs.wait(job)
    screen = open_page(service, open_screen, f"#job={job}")
    expect(screen.page.locator("#stored")).to_contain_text("until")
    screen.page.locator("#forget").click()
    screen.await_state("empty")
    assert service.jobs.get(job).status == NOT_FOUND
    assert id_in_address(screen.page) == ""

    complaints.expect("404")  # the browser tells of each
    gone = open_page(service, open_screen, f"#job={job}")
    gone.await_error("This video has been forgotten")


def test_video_that_is_cancelled_leaves_nothing(
    service: Service, open_screen: OpenScreen, complaints: Complaints
) -> None:
    complaints.expect("ERR_ABORTED", "404")
    screen = open_page(service, open_screen)
    choose_video(screen, walk(20))
    expect(screen.page).to_have_url(re.compile("job="))
    job = id_in_address(screen.page)
    screen.cancel.click()
    screen.await_state("empty")
    screen.wait_until(lambda: service.jobs.get(job).status == NOT_FOUND, "the job is still there")
    assert id_in_address(screen.page) == ""


def test_file_that_is_no_video_is_refused_in_words(
    service: Service, open_screen: OpenScreen, complaints: Complaints
) -> None:
    complaints.expect("415", "422", "400")
    screen = open_page(service, open_screen)
    choose_video(screen, b"nothing of a video" * 100)
    screen.await_state("error")
    expect(screen.error).to_contain_text("video")


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, PHONE], ids=["dark", "phone"])
def test_axe_finds_nothing_in_a_player(service: Service, open_screen: OpenScreen, options: dict[str, Any]) -> None:
    screen = open_page(
        service, open_screen, f"#job={service.done}", bypass_csp=True, reduced_motion="reduce", **options
    )
    expect(screen.page.locator("#player")).to_be_visible()
    assert violations(screen) == []
    assert_fits(screen)
