"""Somebody else's page: another site.json, a language and photographs of their own, and nothing left of ours."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.test_accessibility import NARROW, violations
from tests.e2e.test_layout import assert_fits

SITE: dict[str, Any] = {
    "name": "Casque",
    "title": {"de": "Casque: trägt jemand einen Helm?", "fr": "Casque : qui porte un casque ?"},
    "tagline": {"de": "Trägt jemand einen Helm?", "fr": "Qui porte un casque ?"},
    "description": {"de": "Findet Helme auf Baustellen."},
    "about": {"de": "Unser Modell sieht Helme.", "fr": "Notre modèle voit des casques."},
    "links": [
        {"text": {"de": "Aufsatz", "fr": "Article"}, "url": "https://example.org/paper"},
        {"text": "Impressum", "url": "https://example.org/imprint"},
    ],
    "languages": ["de", "fr"],
    "accent": {"light": "#8a2a0b", "dark": "#ffb27a"},
    "theme": {"light": "#fff4ee"},
    "icon": "mark.png",
    "picture": "card.jpg",
    "address": "https://example.org/casque",
    "examples": {
        "Site.JPG": {"de": "Baustelle", "fr": "Chantier"},
        "crane.png": {"de": "Kran", "fr": "Grue"},
        "roof.webp": {"de": "Dach", "fr": "Toit"},
    },
    "labels": {"fr": {"person": "personne"}},
    "start": {"confidence": 0.4},
}
OURS = re.compile(r"pagesight|eagle|giraffe|adler|darknet|2f54c8|9db4ff", re.IGNORECASE)


def make_fork(folder: Path, site: dict[str, Any]) -> None:
    """Copy what builds the page, and make it somebody else's without touching a line of code."""
    ignored = shutil.ignore_patterns("dist", "examples", "picture.png", "icon.svg")
    shutil.copytree(PROJECT / "site", folder / "site", ignore=ignored)
    for name in ("vite.config.js", "package.json"):
        shutil.copy(PROJECT / name, folder)
    (folder / "node_modules").symlink_to((PROJECT / "node_modules").resolve())
    (folder / "site" / "site.json").write_text(json.dumps(site), encoding="utf-8")
    english = (folder / "site" / "src" / "texts" / "en.js").read_text(encoding="utf-8")
    french = english.replace("language: 'en'", "language: 'fr'").replace("'Choose a photo'", "'Choisir une photo'")
    (folder / "site" / "src" / "texts" / "fr.js").write_text(french, encoding="utf-8")
    (folder / "site" / "examples").mkdir()
    pixels = np.random.default_rng(3)
    for name in ("examples/Site.JPG", "examples/crane.png", "examples/roof.webp", "mark.png", "card.jpg"):
        Image.fromarray(pixels.integers(0, 255, (90, 120, 3), np.uint8)).save(folder / "site" / name)


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["npx", "vite", "build", "--logLevel", "warn"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VITE_")}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fork")
    make_fork(folder, SITE)
    done = build(folder)
    assert done.returncode == 0, done.stderr
    return folder / "site" / "dist"


@pytest.fixture(scope="module")
def fork(dist: Path) -> Iterator[GunicornServer]:
    """A server of somebody else's page."""
    with running_server(PAGESIGHT_SITE_DIR=str(dist)) as started:
        yield started


def test_built_page_has_no_trace_of_ours(dist: Path) -> None:
    html = (dist / "index.html").read_text(encoding="utf-8")
    style = "".join(path.read_text() for path in dist.glob("assets/*.css"))
    names = " ".join(path.name for path in dist.rglob("*"))
    for text in (html, style, names):
        assert OURS.findall(text) == []
    for name in ("Site", "crane", "roof", "mark", "card"):
        assert re.search(rf"\b{name}-", names)


def test_head_tells_readers_of_links(dist: Path) -> None:
    html = (dist / "index.html").read_text(encoding="utf-8")
    assert "<title>Casque: trägt jemand einen Helm?</title>" in html
    assert 'name="description" content="Findet Helme auf Baustellen."' in html
    assert re.search(r'"og:image" content="https://example\.org/casque/assets/card-[\w-]+\.jpg"', html)
    assert 'content="#fff4ee" media="(prefers-color-scheme: light)"' in html
    assert re.search(r'rel="icon" href="\./assets/mark-[\w-]+\.png"', html)


def test_installed_page_is_its_owners(dist: Path) -> None:
    manifest = json.loads((dist / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["lang"], manifest["theme_color"]) == ("Casque", "de", "#fff4ee")
    assert manifest["description"] == "Findet Helme auf Baustellen."
    html = (dist / "index.html").read_text(encoding="utf-8")
    (touch_icon,) = re.findall(r'rel="apple-touch-icon" href="\./([\w./-]+)"', html)
    sizes = {icon["src"]: icon["sizes"] for icon in manifest["icons"]}
    assert touch_icon in sizes
    for name, size in sizes.items():
        with Image.open(dist / name) as icon:
            assert (icon.format, f"{icon.width}x{icon.height}") == ("PNG", size)


def test_words_stand_in_the_page_before_any_script_runs(
    fork: GunicornServer, open_screen: OpenScreen, complaints: Complaints
) -> None:
    complaints.expect(r"\.js csp$")  # what Chromium says of scripts that it may not preload
    page = open_screen(fork.url, java_script_enabled=False).page
    expect(page.get_by_role("heading", name="Casque")).to_be_visible()
    expect(page.get_by_text("Trägt jemand einen Helm?")).to_be_visible()
    expect(page.get_by_text("Foto auswählen")).to_be_visible()
    expect(page.get_by_role("link", name="Aufsatz")).to_have_attribute("href", "https://example.org/paper")


def test_page_is_its_owners_in_both_languages(fork: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(fork.url, locale="fr-CA")
    screen.await_light("online")
    page = screen.page
    expect(page).to_have_title("Casque : qui porte un casque ?")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    for words in ("Qui porte un casque ?", "Choisir une photo", "Notre modèle voit des casques."):
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page.get_by_text("Finds 80 kinds: personne, bicycle, car, …")).to_be_visible()
    assert page.locator(".example").all_inner_texts() == ["Chantier", "Grue", "Toit"]
    expect(page.locator(".button-primary").first).to_have_css("background-color", "rgb(138, 42, 11)")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("link", name="Aufsatz")).to_be_visible()
    assert page.locator(".example").all_inner_texts() == ["Baustelle", "Kran", "Dach"]
    expect(page.get_by_role("button", name="français")).to_be_visible()
    assert OURS.findall(page.locator("body").inner_text().replace("yolov3-tiny", "")) == []
    for name in ("Baustelle", "Kran", "Dach"):
        screen.example(name).click()
        screen.await_state("result")
        expect(page.locator("#confidence")).to_have_value("40")
        screen.reset.click()


def test_accent_of_the_night_is_the_owners_too(fork: GunicornServer, open_screen: OpenScreen) -> None:
    page = open_screen(fork.url, color_scheme="dark").page
    expect(page.locator(".button-primary").first).to_have_css("background-color", "rgb(255, 178, 122)")
    expect(page.locator(".button-primary").first).to_have_css("color", "rgb(0, 0, 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_owners_page(fork: GunicornServer, open_screen: OpenScreen, scheme: str) -> None:
    screen = open_screen(fork.url, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    screen.await_light("online")
    assert violations(screen) == []


def test_owners_page_fits_320_pixels(fork: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(fork.url, **NARROW)
    screen.await_light("online")
    assert_fits(screen)


def test_wrong_key_stops_the_build_and_names_itself(tmp_path: Path) -> None:
    make_fork(tmp_path, {**SITE, "colour": "red"})
    done = build(tmp_path)
    assert done.returncode != 0
    assert 'site/site.json: there is no key "colour"; there are name, title,' in done.stderr
    assert not (tmp_path / "site" / "dist").exists()
