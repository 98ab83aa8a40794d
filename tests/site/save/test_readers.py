"""What the page saves (site/src/save/, tasks/detection/formats/), read by programs that others wrote, and by ours."""

import base64
import html.parser
import io
import json
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from torchvision.datasets import CocoDetection, VOCDetection

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.model import Model
from api.tasks.detection.types import DetectionOptions
from benchmarks.datasets import read_dataset
from harness.gunicorn_server import PROJECT, GunicornServer

NASTY = "</name>\n<script>alert('1')</script> & \"it\" ]]> \u0001\u202e \U0001f600"

Detections = list[dict[str, Any]]


def export(
    detections: Detections,
    *,
    size: tuple[int, int],
    name: str = "dog.jpg",
    skeleton: Sequence[tuple[str, str]] = (),
    **request: str,
) -> dict[str, Any]:
    """Let the page write every format. `size` is (width, height)."""
    asked = {
        "name": name,
        "size": {"width": size[0], "height": size[1]},
        "detections": detections,
        "classCount": 80,
        "skeleton": skeleton,
        "request": {"address": "http://127.0.0.1:9/", "file": name, **request},
    }
    script = PROJECT / "tests" / "site" / "save" / "write_files.mjs"
    done = subprocess.run(["node", script], input=json.dumps(asked), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def found(model: Model, dog: bytes) -> Detections:
    image = decode_image(dog, orientation=None, limits=ImageLimits(max_megapixels=50)).pixels
    kept = model.run(image, DetectionOptions(confidence=0.1)).detections
    assert len(kept) > 3
    return [
        {
            "label": one.label,
            "class_id": one.class_id,
            "confidence": one.confidence,
            "box": {side: getattr(one.box, side) for side in ("x1", "y1", "x2", "y2")},
        }
        for one in kept
    ]


@pytest.fixture(scope="module")
def written(found: Detections) -> dict[str, Any]:
    return export(found, size=(768, 576))


@pytest.fixture
def photograph(tmp_path: Path, dog: bytes) -> Path:
    """A data set's folder with the photograph in `images/`."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "dog.jpg").write_bytes(dog)
    return tmp_path


def corner_and_size(box: dict[str, float]) -> list[float]:
    return [box["x1"], box["y1"], box["x2"] - box["x1"], box["y2"] - box["y1"]]


def test_json_is_what_the_contract_calls_detections(written: dict[str, Any], found: Detections):
    assert json.loads(written["json"])["detections"] == [
        {**one, "confidence": pytest.approx(one["confidence"], abs=1e-6), "box": pytest.approx(one["box"], abs=1e-3)}
        for one in found
    ]


def test_torchvision_reads_the_coco_file(written: dict[str, Any], found: Detections, photograph: Path):
    pytest.importorskip("pycocotools", reason="comes with `make evaluate`")
    (photograph / "instances.json").write_text(written["coco"])
    ((image, annotations),) = CocoDetection(photograph / "images", photograph / "instances.json")
    assert image.size == (768, 576)
    assert [one["category_id"] for one in annotations] == [one["class_id"] + 1 for one in found]
    for annotation, one in zip(annotations, found, strict=True):
        assert annotation["bbox"] == pytest.approx(corner_and_size(one["box"]), abs=2e-3)


def test_the_coco_file_keeps_the_rules_of_the_format(written: dict[str, Any]):
    dataset = json.loads(written["coco"])
    images = {image["id"] for image in dataset["images"]}
    categories = {category["id"]: category["name"] for category in dataset["categories"]}
    assert len(categories) == len(dataset["categories"]) == 80
    ids = [annotation["id"] for annotation in dataset["annotations"]]
    assert min(ids) > 0
    assert len(set(ids)) == len(ids)
    for annotation in dataset["annotations"]:
        assert annotation["image_id"] in images
        assert annotation["category_id"] in categories
        x, y, width, height = annotation["bbox"]
        assert annotation["area"] == pytest.approx(width * height, abs=1e-3)
        assert annotation["iscrowd"] == 0
        ((*outline,),) = annotation["segmentation"]
        assert (min(outline[::2]), min(outline[1::2])) == (x, y)
        assert max(outline[::2]) == pytest.approx(x + width, abs=2e-3)
        assert max(outline[1::2]) == pytest.approx(y + height, abs=2e-3)


def test_pycocotools_scores_the_key_points(tmp_path: Path):
    pytest.importorskip("pycocotools", reason="comes with `make evaluate`")
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    names = [f"point {number}" for number in range(17)]  # COCO's own tolerances are for as many
    points = [{"name": name, "x": 20 + 9.5 * place, "y": 40, "confidence": 0.9} for place, name in enumerate(names)]
    points[3]["confidence"] = 0.2
    box = {"x1": 10, "y1": 20, "x2": 200, "y2": 150}
    person = {"label": "person", "class_id": 0, "confidence": 0.9, "box": box, "keypoints": points}
    lines = [("point 0", "point 1"), ("point 1", "nothing")]
    dataset = json.loads(export([person], size=(300, 200), skeleton=lines)["coco"])
    assert dataset["annotations"][0]["keypoints"][9:15] == [48.5, 40, 1, 58, 40, 2]
    (category,) = [one for one in dataset["categories"] if "keypoints" in one]
    assert (category["name"], category["keypoints"], category["skeleton"]) == ("person", names, [[1, 2]])
    path = tmp_path / "person_keypoints.json"
    path.write_text(json.dumps(dataset))
    truth = COCO(str(path))
    score = COCOeval(truth, truth.loadRes(dataset["annotations"]), "keypoints")
    score.params.imgIds, score.params.catIds = [1], [1]
    score.evaluate()
    assert score.ious[1, 1].tolist() == [[1.0]]


def test_our_evaluation_reads_the_coco_file(written: dict[str, Any], found: Detections, photograph: Path, model: Model):
    (photograph / "instances.json").write_text(written["coco"])
    assert_same_truth(read_dataset(photograph, model.card.labels), found, tolerance=2e-3)


def test_our_evaluation_reads_the_yolo_file(written: dict[str, Any], found: Detections, photograph: Path, model: Model):
    (photograph / "labels").mkdir()
    (photograph / "labels" / "dog.txt").write_text(written["yolo"])
    assert_same_truth(read_dataset(photograph, model.card.labels), found, tolerance=2e-3)


def assert_same_truth(dataset: Any, found: Detections, *, tolerance: float) -> None:
    annotations = dataset.truth["annotations"]
    class_ids = [dataset.category_ids.index(annotation["category_id"]) for annotation in annotations]
    assert class_ids == [one["class_id"] for one in found]
    for annotation, one in zip(annotations, found, strict=True):
        assert annotation["bbox"] == pytest.approx(corner_and_size(one["box"]), abs=tolerance)


def test_the_names_are_in_the_models_order(written: dict[str, Any], found: Detections, model: Model):
    names = written["names"].splitlines()
    assert len(names) == len(model.card.labels)
    for one in found:
        assert names[one["class_id"]] == one["label"] == model.card.labels[one["class_id"]]


def test_torchvision_reads_the_voc_file(written: dict[str, Any], found: Detections):
    annotation = VOCDetection.parse_voc_xml(ElementTree.fromstring(written["voc"]))["annotation"]  # noqa: S314
    assert annotation["filename"] == "dog.jpg"
    assert annotation["size"] == {"width": "768", "height": "576", "depth": "3"}
    assert [one["name"] for one in annotation["object"]] == [one["label"] for one in found]
    for read, one in zip(annotation["object"], found, strict=True):
        corners = {side: int(value) for side, value in read["bndbox"].items()}
        assert 1 <= corners["xmin"] <= corners["xmax"] <= 768
        assert 1 <= corners["ymin"] <= corners["ymax"] <= 576
        box = one["box"]
        # The first pixel counts as 1 and the last one belongs to the box.
        assert (corners["xmin"] - 1, corners["xmax"]) == pytest.approx((box["x1"], box["x2"]), abs=0.5)
        assert (corners["ymin"] - 1, corners["ymax"]) == pytest.approx((box["y1"], box["y2"]), abs=0.5)


@pytest.fixture(scope="module")
def hostile() -> dict[str, Any]:
    box = {"x1": 0, "y1": 0, "x2": 1, "y2": 1}
    return export([{"label": NASTY, "class_id": 0, "confidence": 0.5, "box": box}], size=(1, 1), name=f"{NASTY}.jpg")


def test_hostile_texts_stay_texts_in_xml(hostile: dict[str, Any]):
    annotation = ElementTree.fromstring(hostile["voc"])  # noqa: S314
    assert [child.tag for child in annotation.find("object")] == ["name", "pose", "truncated", "difficult", "bndbox"]
    assert annotation.findtext("object/name") == NASTY.replace("\u0001", "")
    assert not set("/\n") & set(annotation.findtext("filename"))


def test_hostile_texts_stay_texts_in_html(hostile: dict[str, Any]):
    tags, texts = [], []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            tags.append(tag)

        def handle_data(self, data: str) -> None:
            texts.append(data)

    Reader().feed(hostile["html"])
    assert "script" not in tags
    assert any("<script>alert('1')</script>" in text for text in texts)
    assert {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "svg",
        "image",
        "rect",
        "text",
        "p",
        "ul",
        "li",
    } == set(tags)


def test_hostile_texts_keep_the_lines_of_names(hostile: dict[str, Any]):
    assert len(hostile["names"].splitlines()) == 80


def test_python_unpacks_the_archive(written: dict[str, Any]):
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(written["zip"]))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["labels/ä.txt", "classes.txt", "images/empty", "images/bytes"]
        assert archive.read("labels/ä.txt").decode() == written["yolo"]
        assert archive.read("images/empty") == b""
        assert archive.read("images/bytes") == bytes(at % 256 for at in range(70_000))


@pytest.mark.parametrize(
    "name",
    [
        "dog.jpg",
        "my dog.jpg",
        "it's.jpg",
        "a;type=text.jpg",
        'say "hi", dog.jpg',
        "$(touch pwned).jpg",
        "`touch pwned`.jpg",
        "back\\slash.jpg",
        "-",
        "!history & more|less>.jpg",
        "[1-9]{a,b}*.jpg",
        "Hündin 🐕.jpg",
    ],
)
def test_the_curl_line_asks_the_server_the_same(server: GunicornServer, tmp_path: Path, dog: bytes, name: str):
    command = export([], size=(1, 1), name=name, address=server.url)["curl"]
    (tmp_path / name.rsplit("\\")[-1]).write_bytes(dog)
    listed = sorted(tmp_path.iterdir())
    run = {"cwd": tmp_path, "capture_output": True, "timeout": 60, "check": True}
    done = subprocess.run(["sh", "-c", f"{command} --silent"], **run)
    expected = server.client.detect(dog, confidence="0.3", iou="0.5", max_detections="7").json
    assert json.loads(done.stdout)["detections"] == expected["detections"]
    assert sorted(tmp_path.iterdir()) == listed
