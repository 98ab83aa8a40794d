"""The report of a training in the browser: opened as a file, by anybody, on anything, and on paper."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from api.training.report.page import write_report
from api.training.run import Run
from harness.trained_runs import make_run
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import PHONE, violations

OpenReport = Callable[..., Screen]
SIDEWAYS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


def few_labels(data: Path) -> Run:
    """With a wrong label, copies and a file that was left out."""
    run = make_run(wrong={3: 1, 30: 2, 50: 0}, data=data)
    asked, learnt = np.flatnonzero(run.is_validation)[:2], np.flatnonzero(~run.is_validation)[:2]
    thumbnail = run.thumbnail.copy()
    thumbnail[asked] = thumbnail[learnt]
    return replace(run, thumbnail=thumbnail)


def many_labels(data: Path) -> Run:
    long = "a label whose name is far too long to be of any use in a table"
    return make_run([f"{long} {number}" for number in range(100)], 5, wrong={0: 1, 5: 0}, data=data)


def nothing_to_tell(data: Path) -> Run:
    return replace(make_run(("ant", "bee"), 5, data=data), epochs=(), learning_curve=(), refused=())


RUNS: dict[str, Callable[[Path], Run]] = {
    "few labels": few_labels,
    "many labels": many_labels,
    "nothing to tell": nothing_to_tell,
}


@pytest.fixture
def open_report(open_screen: OpenScreen, tmp_path: Path) -> OpenReport:
    def open_(run: str, **options: Any) -> Screen:
        path = tmp_path / "mine.report.html"
        write_report(RUNS[run](tmp_path / "data"), path)
        return open_screen(path.as_uri(), java_script_enabled=options.pop("java_script_enabled", True), **options)

    return open_


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("run", RUNS)
def test_axe_finds_nothing(open_report: OpenReport, run: str, scheme: str) -> None:
    screen = open_report(run, color_scheme=scheme, bypass_csp=True)
    screen.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert violations(screen) == []


@pytest.mark.parametrize("run", RUNS)
def test_axe_finds_nothing_on_a_phone(open_report: OpenReport, run: str) -> None:
    assert violations(open_report(run, bypass_csp=True, **PHONE)) == []


@pytest.mark.parametrize("run", RUNS)
def test_nothing_sticks_out_at_320_pixels(open_report: OpenReport, run: str) -> None:
    screen = open_report(run, viewport={"width": 320, "height": 640})
    wide, visible = screen.page.evaluate(SIDEWAYS)
    assert wide <= visible


def test_is_read_without_scripts_and_without_a_network(open_report: OpenReport) -> None:
    """Its policy lets its style and its pictures in: what it kept out would be on the console, and fail the test."""
    screen = open_report("few labels", java_script_enabled=False, offline=True)
    page: Page = screen.page
    assert page.locator("h1").text_content() == "insects: what it learnt"
    assert page.locator("body").evaluate("body => getComputedStyle(body).maxWidth") == "1080px"
    widths = page.locator("img").evaluate_all("images => images.map(image => image.naturalWidth)")
    assert widths
    assert min(widths) > 0


def test_runs_nothing_that_is_put_into_it(open_report: OpenReport, complaints: Complaints) -> None:
    complaints.expect("Executing inline script violates")
    screen = open_report("few labels")
    screen.page.evaluate(
        "() => new Promise(done => { document.addEventListener('securitypolicyviolation', done);"
        " const script = document.createElement('script'); script.textContent = 'window.wasRun = true';"
        " document.body.append(script); })"
    )
    assert screen.page.evaluate("window.wasRun") is None


def test_shows_all_on_paper(open_report: OpenReport) -> None:
    """What is folded on the screen is not on paper."""
    screen = open_report("many labels")
    hidden = screen.page.locator("details td").first
    assert not hidden.is_visible()
    screen.page.emulate_media(media="print")
    assert hidden.is_visible()
    assert screen.page.locator("nav").is_hidden()
