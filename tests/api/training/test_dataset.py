"""What becomes of folders that people really have: read, left out and told, or refused in a sentence."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api.training.dataset import Dataset, read_dataset
from api.training.errors import DataError
from harness.labelled_photographs import draw, write_photographs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_photographs(tmp_path / "data", 6)


def refused(data: Dataset) -> dict[str, str]:
    return {one.name: one.reason for one in data.refused}


def test_reads_a_folder_for_each_label(folder: Path):
    data = read_dataset(folder)
    assert data.labels == ("disc", "square")
    assert [one.name for one in data.photographs[5:7]] == ["disc/005.png", "square/000.png"]
    assert [one.label for one in data.photographs] == [0] * 6 + [1] * 6
    assert all(one.path == folder / one.name for one in data.photographs)
    assert not data.refused


def test_reads_folders_within_a_label_and_passes_over_what_begins_with_a_dot(folder: Path):
    (folder / "disc" / "more").mkdir()
    draw("disc", 9).save(folder / "disc" / "more" / "9.png")
    (folder / ".trash" / "disc").mkdir(parents=True)
    draw("disc", 10).save(folder / ".trash" / "disc" / "10.png")
    (folder / "disc" / ".DS_Store").write_bytes(b"anything")
    data = read_dataset(folder)
    assert "disc/more/9.png" in {one.name for one in data.photographs}
    assert len(data.photographs) == 13
    assert not data.refused


def test_reads_a_csv(folder: Path):
    rows = [f"{label}/{number:03}.png,{'rund' if label == 'disc' else 'größer'}" for label in ("disc", "square")
            for number in range(6)]  # fmt: skip
    (folder / "labels.csv").write_text("\ufefffile,label\r\n" + "\r\n".join(rows) + "\r\n", encoding="utf-8")
    data = read_dataset(folder)
    assert data.labels == ("größer", "rund")
    assert len(data.photographs) == 12


def test_reads_what_the_page_saved(tmp_path: Path):
    for number in range(6):
        label = "cat" if number % 2 else "dog"
        draw("disc", number).save(tmp_path / f"{number}.png")
        answer = {"name": f"{number}.png", "classes": [{"label": label, "confidence": 0.9}, {"label": "x"}]}
        (tmp_path / f"{number}-classes.json").write_text(json.dumps(answer))
    (tmp_path / "lost-classes.json").write_text(json.dumps({"name": "lost.png", "classes": [{"label": "cat"}]}))
    (tmp_path / "odd-classes.json").write_text("[]")
    data = read_dataset(tmp_path)
    assert data.labels == ("cat", "dog")
    assert [data.labels[one.label] for one in data.photographs] == ["dog", "cat"] * 3
    assert set(refused(data)) == {"lost-classes.json", "odd-classes.json"}


@pytest.mark.parametrize(
    ("make", "name", "reason"),
    [
        (lambda at: (at / "disc" / "a.jpg").write_bytes(b""), "disc/a.jpg", "is empty"),
        (lambda at: (at / "disc" / "a.txt").write_text("hello"), "disc/a.txt", "This is text"),
        (lambda at: (at / "disc" / "a.svg").write_text("<svg/>"), "disc/a.svg", "SVG"),
        (lambda at: (at / "disc" / "a.jpg").symlink_to("/etc/hostname"), "disc/a.jpg", "outside the data folder"),
        (lambda at: (at / "disc" / "a.jpg").symlink_to("a.jpg"), "disc/a.jpg", "outside|nothing"),
        (lambda at: (at / "disc" / "all").symlink_to("/usr"), "disc/all", "outside the data folder"),
        (lambda at: (at / "disc" / "all").symlink_to(at / "square"), "disc/all", "folder's link"),
        (lambda at: (at / "moon").symlink_to("/usr"), "moon", "outside the data folder"),
        (lambda at: (at / "moon").mkdir(), "moon", "without photographs"),
        (lambda at: os.mkfifo(at / "disc" / "pipe.jpg"), "disc/pipe.jpg", "device"),
        (lambda at: shutil.copy(at / "disc" / "000.png", at), "000.png", "no label's folder"),
        (lambda at: Path(os.fsdecode(os.fsencode(at) + b"/disc/\xff.png")).touch(), "disc/\ufffd.png", "not UTF-8"),
    ],
)
def test_leaves_out_what_is_no_photograph_and_says_so(
    folder: Path, make: Callable[[Path], object], name: str, reason: str
):
    make(folder)
    data = read_dataset(folder)
    assert len(data.photographs) == 12
    assert re.search(reason, refused(data)[name])
    assert list(refused(data)) == [name]


def test_letters_of_a_mac_are_the_same_letters(folder: Path):
    (folder / "disc").rename(folder / "scheibe\u0308")
    (folder / "scheib\u00eb").mkdir()
    draw("disc", 50).save(folder / "scheib\u00eb" / "😀 50.png")
    assert read_dataset(folder).labels == ("scheib\u00eb", "square")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (shutil.rmtree, "is no folder"),
        (lambda at: shutil.rmtree(at / "disc"), "only one label with photographs, square"),
        (lambda at: [shutil.rmtree(at / label) for label in ("disc", "square")], "holds no photographs with labels"),
        (lambda at: [(at / "disc").rename(at / "train"), (at / "square").rename(at / "val")], "split already"),
        (lambda at: (at / "a.csv").write_text("name,what\n"), "must begin with the line `file,label`"),
        (lambda at: (at / "a.csv").write_text("file,label\na.png\n"), "line 2: a file and its label are expected"),
        (lambda at: (at / "a.csv").write_bytes(b"file,label\n\xff,x\n"), "not UTF-8"),
        (lambda at: (at / "a.csv").write_text("file,label\na.png,x\na.png,y\n"), "line 3: a.png has two labels"),
        (lambda at: [(at / name).write_text("file,label\n") for name in ("a.csv", "b.csv")], "several CSV files"),
        (lambda at: (at / "a.csv").write_text("file,label\n"), "holds no photographs with labels"),
    ],
)
def test_refuses_a_folder_that_cannot_work(folder: Path, make: Callable[[Path], object], sentence: str):
    make(folder)
    with pytest.raises(DataError, match=re.escape(sentence)):
        read_dataset(folder)


@pytest.mark.parametrize("name", ["/etc/hostname", "../data/disc/000.png", "disc/../../x.png", "none.png"])
def test_a_csv_reaches_nothing_outside(folder: Path, name: str):
    table = f"file,label\n{name},odd\ndisc/000.png,disc\nsquare/000.png,square\n"
    (folder / "labels.csv").write_text(table)
    data = read_dataset(folder)
    assert [one.name for one in data.photographs] == ["disc/000.png", "square/000.png"]
    assert len(data.refused) == 1
