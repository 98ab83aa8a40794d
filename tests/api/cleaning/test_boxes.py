"""Boxes in a file of COCO's form: what was there stays, and the work goes on where it was left."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.cleaning.app import create_cleaning_app
from api.cleaning.box_routes import create_box_routes
from api.cleaning.boxes import FILE, Boxes
from api.training.detection import coco
from api.training.detection.described import Places
from api.training.errors import DataError
from harness.pictures import encode, make_upright, store

ADDRESS = "a-part-that-nobody-can-guess"
BOX = {"x1": 1.0, "y1": 2.0, "x2": 11.5, "y2": 22}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "straße").mkdir(parents=True)
    (folder / "a.jpg").write_bytes(encode(make_upright(32, 64), "JPEG"))
    (folder / "b.jpg").write_bytes(encode(store(make_upright(32, 64), 6), "JPEG", orientation=6))
    (folder / "straße" / "ü 🚲.png").write_bytes(encode(make_upright(32, 64), "PNG"))
    (folder / "notes.txt").write_text("no photograph")
    (folder / ".trash").mkdir()
    (folder / ".trash" / "c.jpg").write_bytes(encode(make_upright(32, 64), "JPEG"))
    return folder


def open_client(folder: Path, labels: tuple[str, ...] = ("dog", "cat")) -> FlaskClient:
    boxes = Boxes(folder, labels)
    routes = create_box_routes(boxes, lambda data, name: {"bytes": len(data), "name": name}, "model")
    return create_cleaning_app(routes, boxes.read, page=folder, token=ADDRESS).test_client()


def save(client: FlaskClient, number: int, *boxes: Any) -> Any:
    return client.post(f"/{ADDRESS}/photographs/{number}/boxes", json={"boxes": boxes})


def written(folder: Path) -> Any:
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def test_all_photographs_are_there_and_nothing_else(folder: Path):
    state = open_client(folder).get(f"/{ADDRESS}/state.json").json
    assert [one["name"] for one in state["photographs"]] == ["a.jpg", "b.jpg", "straße/ü 🚲.png"]
    assert (state["mode"], state["labels"]) == ("boxes", ["dog", "cat"])


def test_what_is_saved_is_coco(folder: Path):
    client = open_client(folder)
    assert save(client, 1, {"label": "cat", "box": BOX}, {"label": "new", "box": BOX}).json["labels"] == [
        "dog",
        "cat",
        "new",
    ]
    document = written(folder)
    assert document["images"] == [{"id": 1, "file_name": "b.jpg", "width": 64, "height": 32}], "upright"
    assert [one["name"] for one in document["categories"]] == ["dog", "cat", "new"]
    first, second = document["annotations"]
    assert (first["image_id"], first["category_id"], first["bbox"], first["area"]) == (1, 2, [1, 2, 10.5, 20], 210)
    assert second["category_id"] == 3
    assert (folder / FILE).stat().st_mode & 0o777 == 0o644


def test_training_of_a_detector_reads_what_is_saved(folder: Path):
    save(open_client(folder), 1, {"label": "cat", "box": BOX})
    save(open_client(folder), 2)
    places, refused = Places(folder), []
    read = coco.read_files(coco.find_files(places), places, lambda *fault: refused.append(fault))
    found = {one.path.relative_to(folder).as_posix(): (one.size, one.objects) for one in read}
    box = (BOX["x1"], BOX["y1"], BOX["x2"], BOX["y2"])
    assert found == {"b.jpg": ((32, 64), (("cat", box),)), "straße/ü 🚲.png": ((32, 64), ())}
    assert refused == []


def test_the_work_goes_on_where_it_was_left(folder: Path):
    save(open_client(folder), 0)
    save(open_client(folder), 1, {"label": "dog", "box": BOX})
    client = open_client(folder)
    assert [one["saved"] for one in client.get(f"/{ADDRESS}/state.json").json["photographs"]] == [True, True, False]
    (box,) = client.get(f"/{ADDRESS}/photographs/1/boxes").json["detections"]
    assert (box["label"], box["class_id"], box["box"]) == ("dog", 0, {**BOX, "y2": 22})
    assert client.get(f"/{ADDRESS}/photographs/0/boxes").json["detections"] == []


def test_what_nobody_touched_stays_as_it_is(folder: Path):
    mask = {
        "id": 7,
        "image_id": 40,
        "category_id": 9,
        "bbox": [1, 1, 4, 4],
        "segmentation": [[1, 1, 5, 1, 5, 5]],
        "by": "hand",
    }
    crowd = {"id": 8, "image_id": 40, "category_id": 9, "bbox": [0, 0, 9, 9], "iscrowd": 1}
    other = {"id": 9, "image_id": 41, "category_id": 9, "bbox": [0, 0, 2, 2]}
    images = [{"id": 40, "file_name": "a.jpg", "date": "today"}, {"id": 41, "file_name": "elsewhere.jpg"}]
    before = {
        "images": images,
        "annotations": [mask, crowd, other],
        "categories": [{"id": 9, "name": "dog"}],
        "more": 1,
    }
    (folder / FILE).write_text(json.dumps(before), encoding="utf-8")
    client = open_client(folder)
    (known,) = client.get(f"/{ADDRESS}/photographs/0/boxes").json["detections"]
    assert save(client, 0, {"annotation": known["annotation"]}, {"label": "dog", "box": BOX}).status_code == 200
    after = written(folder)
    assert [one for one in after["annotations"] if one["id"] < 10] == [other, crowd, mask]
    assert after["more"] == 1
    assert {"id": 40, "file_name": "a.jpg", "date": "today", "width": 64, "height": 32} in after["images"]
    assert len({one["id"] for one in after["annotations"]}) == 4
    assert json.loads((folder / ".trash" / FILE).read_text()) == before


def test_a_box_that_sticks_out_is_shown_in_the_photograph(folder: Path):
    annotation = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [-5, 20, 500, 400]}
    document = {
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "annotations": [annotation],
        "categories": [{"id": 1, "name": "dog"}],
    }
    (folder / FILE).write_text(json.dumps(document), encoding="utf-8")
    (box,) = open_client(folder).get(f"/{ADDRESS}/photographs/0/boxes").json["detections"]
    assert box["box"] == {"x1": 0, "y1": 20, "x2": 64, "y2": 32}


def read_by_training(folder: Path) -> dict[str, Any]:
    """Return what a detector would learn from: the boxes of each photograph."""
    places = Places(folder)
    read = list(coco.read_files(coco.find_files(places), places, lambda *fault: pytest.fail(str(fault))))
    found = {one.path.relative_to(folder).as_posix(): one.objects for one in read}
    assert len(found) == len(read), "no photograph is described twice"
    return found


def test_what_the_page_exported_is_a_beginning_and_goes_into_one_file(folder: Path):
    other = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 32}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 10, 20]}],
        "categories": [{"id": 1, "name": "bird"}],
    }
    (folder / "a-coco.json").write_text(json.dumps(other))
    client = open_client(folder)
    state = client.get(f"/{ADDRESS}/state.json").json
    assert [one["saved"] for one in state["photographs"]] == [True, False, False]
    assert state["labels"] == ["dog", "cat", "bird"]
    save(client, 1, {"label": "dog", "box": BOX})
    assert json.loads((folder / ".trash" / "a-coco.json").read_text()) == other
    assert read_by_training(folder) == {"a.jpg": (("bird", (1, 2, 11, 22)),), "b.jpg": (("dog", (1, 2, 11.5, 22)),)}


def test_yolos_texts_are_a_beginning(folder: Path):
    (folder / "classes.txt").write_text("bird\n")
    (folder / "a.txt").write_text("0 0.5 0.5 0.25 0.5\n")
    client = open_client(folder)
    (box,) = client.get(f"/{ADDRESS}/photographs/0/boxes").json["detections"]
    assert (box["label"], box["box"]) == ("bird", {"x1": 24, "y1": 8, "x2": 40, "y2": 24})
    save(client, 1)
    assert read_by_training(folder) == {"a.jpg": (("bird", (24, 8, 40, 24)),), "b.jpg": ()}


def test_a_photograph_is_found_where_its_file_means_it(tmp_path: Path):
    """As in COCO's own layout: the names are those in images/."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.jpg").write_bytes(encode(make_upright(32, 64), "JPEG"))
    images = [{"id": 5, "file_name": "a.jpg", "width": 64, "height": 32}]
    annotations = [{"id": 1, "image_id": 5, "category_id": 1, "bbox": [1, 2, 10, 20]}]
    document = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "dog"}]}
    (tmp_path / FILE).write_text(json.dumps(document))
    client = open_client(tmp_path)
    assert client.get(f"/{ADDRESS}/state.json").json["photographs"][0]["saved"]
    save(client, 0, {"annotation": 1}, {"label": "cat", "box": BOX})
    assert len(read_by_training(tmp_path)["images/a.jpg"]) == 2


def test_boxes_of_a_smaller_copy_are_scaled_to_the_photograph(folder: Path):
    images = [{"id": 1, "file_name": "a.jpg", "width": 32, "height": 16}]
    annotations = [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 10, 8]}]
    document = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "dog"}]}
    (folder / FILE).write_text(json.dumps(document))
    client = open_client(folder)
    (box,) = client.get(f"/{ADDRESS}/photographs/0/boxes").json["detections"]
    assert box["box"] == {"x1": 2, "y1": 4, "x2": 22, "y2": 20}
    assert box["annotation"] is None
    save(client, 0, {"label": box["label"], "box": box["box"]})
    assert written(folder)["annotations"][0]["bbox"] == [2, 4, 20, 16]
    assert written(folder)["images"][0]["width"] == 64


@pytest.mark.parametrize(
    "box",
    [
        3, {}, {"label": "dog"}, {"label": "", "box": BOX}, {"label": "x" * 300, "box": BOX}, {"label": 3, "box": BOX},
        {"label": "dog", "box": {**BOX, "x1": "1"}}, {"label": "dog", "box": {**BOX, "x1": True}},
        {"label": "dog", "box": {**BOX, "x1": 99}}, {"label": "dog", "box": {**BOX, "y2": 1e300}}, {"annotation": 1},
        {"label": "\ud800", "box": BOX},
    ],
    ids=str,
)  # fmt: skip
def test_a_box_that_makes_no_sense_is_refused_in_words(folder: Path, box: Any):
    client = open_client(folder)
    response = save(client, 0, box)
    assert response.status_code == 400
    assert response.json["detail"].endswith(".")
    assert not (folder / FILE).exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"images": 3}', '{"images": [{}], "annotations": [], "categories": []}', "\xff"]
)
def test_another_file_of_this_name_is_refused_and_left_alone(folder: Path, text: str):
    (folder / FILE).write_text(text, encoding="latin-1")
    with pytest.raises(DataError, match="COCO's form"):
        Boxes(folder, ())
    assert (folder / FILE).read_text(encoding="latin-1") == text


def test_a_folder_without_photographs_is_refused_in_words(tmp_path: Path):
    with pytest.raises(DataError, match="holds no photographs"):
        Boxes(tmp_path, ())


def test_the_model_is_asked_with_the_bytes_of_the_file(folder: Path):
    answer = open_client(folder).get(f"/{ADDRESS}/photographs/2/found").json
    assert answer == {"bytes": (folder / "straße" / "ü 🚲.png").stat().st_size, "name": "ü 🚲.png"}


def test_a_photograph_that_there_is_not_is_refused(folder: Path):
    client = open_client(folder)
    for path in ("photographs/9/boxes", "photographs/9/small", "photographs/9/found"):
        assert client.get(f"/{ADDRESS}/{path}").status_code == 400
