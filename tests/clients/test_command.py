"""The command `pagesight`, as a program of its own, against a real server."""

import csv
import json
import signal
from pathlib import Path

import pytest
from PIL import Image
from pycocotools.coco import COCO

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, make_upright
from harness.waiting import wait_until
from tests.clients.conftest import IN_ORDER, fill, run, start

LOW = ("--confidence", "0.01")
PICTURE = encode(make_upright(), "JPEG")


def targets(*forms: object) -> list[str]:
    return [word for form in forms for word in ("--to", str(form))]


def names_in(file: Path) -> list[str]:
    return [image["name"] for image in json.loads(file.read_text(encoding="utf-8"))["images"]]


@pytest.fixture(scope="module")
def out(small_server: GunicornServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is written of six pictures, in every form."""
    out = tmp_path_factory.mktemp("out")
    fill(out / "pictures")
    files = [out / name for name in ("x.json", "coco.json", "x.csv", "x.jsonl")]
    forms = targets(*files, f"yolo={out}/y", f"pictures={out}/p")
    status, said = run("detect", out / "pictures", "--server", small_server.url, *LOW, *forms)
    assert (status, said.splitlines()[-1].partition(";")[0]) == (0, "6 pictures answered")
    return out


def test_every_picture_is_answered_once_in_the_order_of_the_folder(out: Path):
    assert names_in(out / "x.json") == IN_ORDER
    lines = (out / "x.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["name"] for line in lines] == IN_ORDER


def test_table_has_what_the_answers_have(out: Path):
    with (out / "x.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    images = json.loads((out / "x.json").read_text(encoding="utf-8"))["images"]
    found = [(image["name"], one["label"], one["box"]["x1"]) for image in images for one in image["detections"]]
    assert [(row["file"], row["label"], float(row["x1"])) for row in table] == found != []


def test_coco_is_read_by_its_own_program(out: Path):
    coco = COCO(str(out / "coco.json"))
    assert [image["file_name"] for image in coco.loadImgs(coco.getImgIds())] == IN_ORDER
    assert [category["name"] for category in coco.loadCats(coco.getCatIds())] == ["ant", "bee"]
    images = json.loads((out / "x.json").read_text(encoding="utf-8"))["images"]
    for image_id, image in enumerate(images, start=1):
        boxes = [one["bbox"] for one in coco.loadAnns(coco.getAnnIds([image_id]))]
        assert len(boxes) == len(image["detections"])
        for (x, y, width, height), one in zip(boxes, image["detections"], strict=True):
            box = one["box"]
            assert (x, y) == (box["x1"], box["y1"])
            assert (x + width, y + height) == pytest.approx((box["x2"], box["y2"]), abs=0.002)


def test_yolo_has_a_file_for_each_picture(out: Path):
    assert (out / "y" / "classes.txt").read_text() == "ant\nbee\n"
    for image in json.loads((out / "x.json").read_text(encoding="utf-8"))["images"]:
        lines = (out / "y" / Path(image["name"]).with_suffix(".txt")).read_text().splitlines()
        for line, one in zip(lines, image["detections"], strict=True):
            class_id, x, _, width, _ = map(float, line.split())
            assert class_id == one["class_id"]
            assert (x - width / 2) * image["width"] == pytest.approx(one["box"]["x1"], abs=0.001)


def test_drawn_pictures_have_the_names_of_theirs(out: Path):
    for name in IN_ORDER:
        drawn_name = name if name.lower().endswith(".jpg") else f"{name}.jpg"
        with Image.open(out / "p" / drawn_name) as drawn, Image.open(out / "pictures" / name) as own:
            assert (drawn.format, drawn.size) == ("JPEG", own.size)


def test_nothing_else_is_left(out: Path):
    assert {path.name for path in out.iterdir()} == {"pictures", "x.json", "coco.json", "x.csv", "x.jsonl", "y", "p"}


@pytest.mark.parametrize("verb", ["classify", "segment"])
def test_other_tasks_have_tables_too(folder: Path, small_server: GunicornServer, tmp_path: Path, verb: str):
    status, said = run(verb, folder, "--server", small_server.url, *targets(tmp_path / "x.csv"))
    assert status == 0, said
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(dict.fromkeys(row["file"] for row in rows)) == IN_ORDER
    assert set(rows[0]) == {"file", "label", "confidence" if verb == "classify" else "share"}


def test_bad_files_are_told_and_stop_nothing(folder: Path, small_server: GunicornServer, tmp_path: Path):
    (folder / "a.jpg").write_text("no image")
    (folder / "empty.png").write_bytes(b"")
    (folder / "c.png").write_bytes((folder / "c.png").read_bytes()[:-30])
    (folder / "gone.jpg").symlink_to(folder / "nowhere.jpg")
    status, said = run("detect", folder, "--server", small_server.url, *targets(tmp_path / "x.json"))
    assert status == 1
    assert "a.jpg: This is text; send a photograph as JPEG" in said
    assert "empty.png: the file is empty" in said
    assert "4 pictures answered, 3 not" in said
    assert names_in(tmp_path / "x.json") == [name for name in IN_ORDER if name not in ("a.jpg", "c.png")]
    unanswered = json.loads((tmp_path / "x.json").read_text())["unanswered"]
    assert list(unanswered) == ["a.jpg", "c.png", "empty.png"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--to", "x.json", "--confidence", "7"), 3, "`confidence` must be a number from 0 to 1"),
        (("--to", "x.json", "--model", "none"), 3, "This server has these models"),
        (("--to", "x.json", "--confidence", "high"), 2, "invalid float value: 'high'"),
        (("--to", "x.json", "--server", "localhost:5000"), 3, "is no address of a server"),
        (("--to", "x.txt"), 2, "'x.txt' does not say its form"),
        ((), 2, "Say where to, as in --to coco.json"),
        (("--to", "x.json", "--at-once", "0"), 2, "'0' is no number from 1"),
    ],
)
def test_wrong_argument_is_told(
    folder: Path, small_server: GunicornServer, arguments: tuple[str, ...], status: int, words: str
):
    ended, said = run("detect", folder, "--server", small_server.url, *arguments)
    assert (ended, words in said) == (status, True), said
    assert not Path("x.json.partial").exists()


def test_yolo_refuses_pictures_that_would_have_one_file(folder: Path, small_server: GunicornServer, tmp_path: Path):
    (folder / "a.png").write_bytes((folder / "c.png").read_bytes())
    yolo = ("--server", small_server.url, *targets(f"yolo={tmp_path}/y"))
    status, said = run("detect", folder, *yolo)
    assert (status, "a.jpg and a.png would both be a.txt" in said) == (3, True), said
    assert not (tmp_path / "y").exists()
    (folder / "a.png").rename(folder / "d.png")
    assert run("detect", folder, *yolo)[0] == 0


def test_goes_on_after_ctrl_c(small_server: GunicornServer, tmp_path: Path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}.jpg").write_bytes(PICTURE)
    asked = ("detect", folder, "--server", small_server.url, "--at-once", "1", *targets(tmp_path / "x.json"))
    partial = tmp_path / "x.json.partial"
    with start(*asked) as process:
        wait_until(lambda: partial.exists() and partial.read_bytes().count(b"\n") > 5)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert (process.returncode, "the same command goes on from there" in said) == (130, True), said
    kept = partial.read_bytes().splitlines()[1:]
    partial.write_bytes(partial.read_bytes() + b'{"file": "299.jpg", "size')  # it was killed while it wrote
    status, said = run(*asked, "--confidence", "0.5")
    assert (status, "has answers to another question" in said) == (3, True), said
    assert run(*asked)[0] == 0
    images = json.loads((tmp_path / "x.json").read_text())["images"]
    assert [image["name"] for image in images] == [f"{number:03}.jpg" for number in range(300)]
    ids = {image["request_id"] for image in images}
    assert len(ids) == 300
    assert {json.loads(line)["answer"]["request_id"] for line in kept} <= ids  # they were not asked about again
    assert not partial.exists()


def test_watch_asks_about_what_comes_and_only_once(folder: Path, small_server: GunicornServer, tmp_path: Path):
    found = tmp_path / "found.jsonl"
    asked = ("watch", folder, "--server", small_server.url, *targets(found, f"pictures={tmp_path}/drawn"))

    def files() -> list[str]:
        return [json.loads(line).get("file") for line in found.read_text(encoding="utf-8").splitlines()[1:]]

    for new in ("new.jpg", "newer.jpg"):
        with start(*asked) as process:
            wait_until(lambda: found.exists() and set(IN_ORDER) <= set(files()))
            (folder / new).write_bytes(PICTURE)
            wait_until(lambda: new in files())  # noqa: B023, it is called here
            process.send_signal(signal.SIGINT)
            process.communicate()
    assert sorted(files()) == sorted([*IN_ORDER, "new.jpg", "newer.jpg"])
    assert (tmp_path / "drawn" / "b" / "z.webp.jpg").is_file()
