"""The report as a file: whole, of one piece, and untouched by whatever a file or a label is called."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from api.training.dataset import Refused
from api.training.report.page import render, write_report
from api.training.report.terminal import summary
from api.training.run import Run
from harness.trained_runs import make_run

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "a\nb\r\x00\x1b[31m",
    "\u202egpj.exe",
    "\udcff\udcfe",
    "$(reboot) `reboot` $$ '; reboot",
    "x" * 240,
    "{0.__class__} %s",
)
EMPTY = {"meta", "img", "br"}


class Outline(HTMLParser):
    """The elements of a page, each with its attributes, and its text; an end without its beginning fails the test."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run with a wrong label, a copy and a file that was left out; its photographs are there."""
    run = make_run(wrong={3: 1}, data=tmp_path / "insects")
    asked, learnt = np.flatnonzero(run.is_validation)[0], np.flatnonzero(~run.is_validation)[0]
    thumbnail = run.thumbnail.copy()
    thumbnail[asked] = thumbnail[learnt]
    return replace(run, thumbnail=thumbnail)


def test_tells_what_there_is_to_tell(run: Run):
    text = " ".join(Outline(render(run)).text.replace("\N{NO-BREAK SPACE}", " ").split())
    right = int((run.logits[run.is_validation].argmax(axis=1) == run.label[run.is_validation]).sum())
    for words in (
        f"right: {right} of 12 photographs.",
        "1 photograph is a copy of another; 1 of them on both sides",
        "One photograph that it was asked about is also among those that it learnt from",
        "is called beelooks like ant ",
        "make clean-data DATA=",
        "MODEL=insects make run",
        "bee/broken.jpg: The image is cut off or damaged",
        "make train DATA=insects NAME=insects",
        "3 minutes 23 seconds",
        "0.006, chosen by the range test",
    ):
        assert words in text


def test_is_one_file_that_asks_for_nothing(run: Run, tmp_path: Path):
    write_report(run, tmp_path / "insects.report.html")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["insects.report.html"]
    page = Outline((tmp_path / "insects.report.html").read_text(encoding="utf-8"))
    assert not {tag for tag, _ in page.elements} & {"script", "link", "iframe", "object", "embed", "form", "base"}
    assert all((image["src"] or "").startswith("data:image/jpeg;base64,") for image in page.all("img"))
    assert page.all("img")
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    policy = next(meta["content"] or "" for meta in page.all("meta") if meta.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_names_that_links_point_to_are_there(run: Run):
    page = Outline(render(run))
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert {(link["href"] or "")[1:] for link in page.all("a")} <= ids


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(tmp_path: Path, name: str):
    plain = make_run(wrong={3: 1}, data=tmp_path / "insects")
    of_plain = [tag for tag, _ in Outline(render(plain)).elements]
    photographs = tuple(f"{name}/{place}.png" for place in range(len(plain.photographs)))
    run = replace(
        plain, name=name, labels=(name, "bee", f"{name}2"), photographs=photographs, machine=name, command=name,
        refused=(Refused(name, name),), backbone=name, data=Path(name.replace("\0", "")),
    )  # fmt: skip
    page = render(run)
    page.encode("utf-8")
    assert [tag for tag, _ in Outline(page).elements] == [tag if tag != "img" else "div" for tag in of_plain]
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\ud800-\udfff]", page)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\ud800-\udfff]", summary(run))


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "linked.png", "a\0b"])
def test_photographs_outside_the_folder_stay_there(tmp_path: Path, name: str):
    run = make_run(wrong={3: 1}, data=tmp_path / "insects")
    (tmp_path / "insects" / run.photographs[0]).rename(tmp_path / "secret.png")
    (tmp_path / "insects" / "linked.png").symlink_to(tmp_path / "secret.png")
    page = Outline(render(replace(run, photographs=(name,) * len(run.photographs))))
    assert page.all("img") == []
    assert "not there any more" in page.text


@pytest.mark.parametrize("count", [2, 20, 21, 200])
def test_any_number_of_labels(count: int):
    run = make_run([f"label {number}" for number in range(count)], 5, wrong={0: 1, 5: 0})
    page = Outline(render(run))
    cells = len(page.all("td"))
    assert (cells == count * (count + 5) + 1) == (count <= 20)
    assert page.text.count("label 1") >= 1
    assert summary(run)


def test_one_photograph_asked_of_a_label():
    run = make_run(each=3)
    assert run.is_validation.sum() == 3
    assert "no number" not in render(run)
    assert "nan" not in summary(run)


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": ()},
        {"learning_curve": ()},
        {"refused": ()},
        {"is_validation": np.zeros(60, bool)},
        {"temperature": 1.0},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_is_not_there_is_not_told(changes: dict[str, object]):
    run = replace(make_run(), **changes)  # type: ignore[arg-type]
    assert not re.search(r"\bnan\b|\binf\b", Outline(render(run)).text)
    assert not re.search(r"\bnan\b|\binf\b", summary(run))


def test_summary_is_short(run: Run):
    lines = summary(run).splitlines()
    assert lines[0] == "insects: 100.0 % right (12 of 12)."
    assert len(lines) < 18
    assert "      MODEL=insects make run" in lines
