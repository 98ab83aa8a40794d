"""The forms that boxes come in, all of them read as the same data."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from api.images.limits import ImageLimits
from api.training.dataset import read_dataset
from api.training.detection.dataset import BoxedDataset, holds_boxes, read_boxes
from harness.shapes import COLOURS, Picture, Quiet, draw_shapes, write_coco, write_picture, write_yolo, yolo_line

PICTURES = draw_shapes(12)


def read(folder: Path) -> BoxedDataset:
    return read_boxes(folder, ImageLimits(), Quiet())


def require_shapes(dataset: BoxedDataset, pictures: list[Picture] = PICTURES) -> None:
    """Hold a data set to what was drawn; names are in the order of the pictures."""
    assert dataset.labels == tuple(sorted(COLOURS))
    assert len(dataset.photographs) == len(pictures)
    for one, picture in zip(dataset.photographs, pictures, strict=True):
        assert one.size == picture.pixels.shape[:2]
        assert [dataset.labels[label] for label in one.labels] == [shape.label for shape in picture.shapes]
        assert one.boxes == pytest.approx(np.array([shape.box for shape in picture.shapes]), abs=1e-3)


def write_as_page(folder: Path) -> Path:
    """What the page saves for each photograph, beside it: ids of labels differ from file to file."""
    folder.mkdir()
    for number, picture in enumerate(PICTURES, start=1):
        name = write_picture(folder, number, picture)
        height, width = picture.pixels.shape[:2]
        ids = {label: 80 + place for place, label in enumerate(sorted(COLOURS, reverse=bool(number % 2)))}
        annotations = [
            {"id": place, "image_id": 1, "category_id": ids[shape.label], "iscrowd": 0, "score": 1,
             "bbox": [shape.box[0], shape.box[1], shape.box[2] - shape.box[0], shape.box[3] - shape.box[1]]}
            for place, shape in enumerate(picture.shapes, start=1)
        ]  # fmt: skip
        document = {
            "images": [{"id": 1, "file_name": name, "width": width, "height": height}],
            "annotations": annotations,
            "categories": [{"id": 1, "name": "person"}, *({"id": ids[label], "name": label} for label in ids)],
        }
        (folder / f"{Path(name).stem}-coco.json").write_text(json.dumps(document))
    return folder


def test_coco_is_read(tmp_path: Path):
    require_shapes(read(write_coco(tmp_path / "data", PICTURES)))


def test_yolo_is_read(tmp_path: Path):
    require_shapes(read(write_yolo(tmp_path / "data", PICTURES)))


def test_what_the_page_saves_is_read_by_names(tmp_path: Path):
    require_shapes(read(write_as_page(tmp_path / "data")))


def test_the_pages_archive_beside_the_photographs_is_read(tmp_path: Path):
    folder = write_as_page(tmp_path / "data")
    (folder / "coco").mkdir()
    (folder / "picture").mkdir()
    for path in folder.glob("*-coco.json"):
        path.rename(folder / "coco" / path.name)
    shutil.copy(folder / "shapes001.png", folder / "picture" / "shapes001-detected.png")
    dataset = read(folder)
    require_shapes(dataset)
    assert [one.name for one in dataset.refused] == ["picture/shapes001-detected.png"]


def test_texts_beside_the_photographs_are_read(tmp_path: Path):
    folder = write_yolo(tmp_path / "data", PICTURES)
    for path in [*(folder / "images").iterdir(), *(folder / "labels").iterdir()]:
        path.rename(folder / path.name)
    (folder / "images").rmdir()
    (folder / "labels").rmdir()
    require_shapes(read(folder))


def test_folders_of_ultralytics_are_read(tmp_path: Path):
    folder = write_yolo(tmp_path / "data", PICTURES)
    for kind in ("images", "labels"):
        for part in ("train", "val"):
            (folder / kind / part).mkdir()
        for number, path in enumerate(sorted((folder / kind).glob("shapes*"))):
            path.rename(folder / kind / ("train" if number < 9 else "val") / path.name)
    (folder / "classes.txt").unlink()
    (folder / "data.yaml").write_text("train: images/train\nval: images/val\nnames:\n  0: disc\n  1: square\n")
    require_shapes(read(folder))


def test_an_outline_counts_as_its_box(tmp_path: Path):
    folder = write_yolo(tmp_path / "data", PICTURES)
    x1, y1, x2, y2 = (value / 128 for value in PICTURES[0].shapes[0].box)
    lines = [yolo_line((shape, 128, 128)) for shape in PICTURES[0].shapes]
    lines[0] = f"{lines[0][0]} {x1} {y1} {x2} {y1} {x2} {y2} {x1} {y2}\n"
    (folder / "labels" / "shapes001.txt").write_text("".join(lines))
    require_shapes(read(folder))


def test_boxes_of_a_smaller_copy_are_enlarged(tmp_path: Path):
    folder = write_coco(tmp_path / "data", PICTURES)
    document = json.loads((folder / "instances.json").read_text())
    for one in document["annotations"]:
        one["bbox"] = [value / 2 for value in one["bbox"]]
    for image in document["images"]:
        image |= {"width": image["width"] / 2, "height": image["height"] / 2}
    (folder / "instances.json").write_text(json.dumps(document))
    require_shapes(read(folder))


def test_a_box_is_that_of_the_upright_photograph(tmp_path: Path):
    """A phone's photograph lies on its side in the file; the page's boxes are of what everybody sees."""
    folder = write_coco(tmp_path / "data", PICTURES)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    Image.fromarray(PICTURES[0].pixels).crop((0, 0, 128, 96)).save(folder / "images" / "shapes001.png", exif=exif)
    document = json.loads((folder / "instances.json").read_text())
    document["images"][0] |= {"width": 128, "height": 96}  # as it lies
    (folder / "instances.json").write_text(json.dumps(document))
    (left_out,) = read(folder).refused
    assert "before it was turned" in left_out.reason
    document["images"][0] |= {"width": 96, "height": 128}
    document["annotations"][0] |= {"bbox": [1, 2, 30, 40]}
    document["annotations"] = [one for one in document["annotations"] if one["image_id"] != 1 or one["id"] == 1]
    (folder / "instances.json").write_text(json.dumps(document))
    dataset = read(folder)
    assert dataset.photographs[0].size == (128, 96)
    assert dataset.photographs[0].boxes.tolist() == [[1, 2, 31, 42]]


def test_a_photograph_without_objects_is_learnt_from(tmp_path: Path):
    folder = write_yolo(tmp_path / "data", PICTURES)
    (folder / "labels" / "shapes003.txt").write_text("")
    dataset = read(folder)
    assert len(dataset.photographs) == 12
    assert len(dataset.photographs[2].labels) == 0


def test_labels_without_boxes_are_none(tmp_path: Path):
    folder = write_yolo(tmp_path / "data", PICTURES)
    (folder / "classes.txt").write_text("disc\nsquare\nperson\n")
    assert read(folder).labels == ("disc", "square")


def test_each_label_is_on_both_sides_of_the_split(tmp_path: Path):
    pictures = draw_shapes(30, seed=3)
    dataset = read(write_coco(tmp_path / "data", pictures))
    held_out = dataset.held_out()
    assert 4 <= held_out.sum() <= 9
    assert (dataset.held_out() == held_out).all()
    for side in (True, False):
        labels = [
            set(one.labels.tolist()) for one, out in zip(dataset.photographs, held_out, strict=True) if out == side
        ]
        assert set().union(*labels) == {0, 1}


def test_a_folder_for_each_label_holds_no_boxes(tmp_path: Path):
    for label in COLOURS:
        (tmp_path / label).mkdir()
        for number, picture in enumerate(PICTURES):
            write_picture(tmp_path / label, number, picture)
    (tmp_path / "notes.txt").write_text("mine")
    assert not holds_boxes(tmp_path)
    assert read_dataset(tmp_path).labels == ("disc", "square")


@pytest.mark.parametrize("write", [write_coco, write_yolo])
def test_folders_with_boxes_are_known(tmp_path: Path, write):
    assert holds_boxes(write(tmp_path / "data", PICTURES))


def test_cvats_forms_are_read(tmp_path: Path):
    """Its COCO (`instances_default.json`, pictures in `images/default/`) and its YOLO (beside them, `obj.names`)."""
    coco = write_coco(tmp_path / "coco", PICTURES)
    (coco / "annotations").mkdir()
    (coco / "instances.json").rename(coco / "annotations" / "instances_default.json")
    (coco / "images").rename(coco / "default")
    (coco / "images").mkdir()
    (coco / "default").rename(coco / "images" / "default")
    require_shapes(read(coco))
    yolo = write_yolo(tmp_path / "yolo", PICTURES)
    (yolo / "obj_train_data").mkdir()
    for path in [*(yolo / "images").iterdir(), *(yolo / "labels").iterdir()]:
        path.rename(yolo / "obj_train_data" / path.name)
    (yolo / "images").rmdir()
    (yolo / "labels").rmdir()
    (yolo / "classes.txt").rename(yolo / "obj.names")
    (yolo / "obj.data").write_text("classes = 2\n")
    (yolo / "train.txt").write_text("data/obj_train_data/shapes001.png\n")
    require_shapes(read(yolo))


def test_label_studios_form_is_read(tmp_path: Path):
    """Its COCO is `result.json`, and has Windows' separators where it was made there."""
    folder = write_coco(tmp_path / "data", PICTURES)
    document = json.loads((folder / "instances.json").read_text())
    for image in document["images"]:
        image["file_name"] = f"images\\{image['file_name']}"
    (folder / "instances.json").unlink()
    (folder / "result.json").write_text(json.dumps(document))
    require_shapes(read(folder))


def test_roboflows_form_is_read(tmp_path: Path):
    """A file for each part, beside its pictures."""
    whole = write_coco(tmp_path / "whole", PICTURES)
    document = json.loads((whole / "instances.json").read_text())
    for part, numbers in (("train", range(1, 10)), ("valid", range(10, 13))):
        (tmp_path / "data" / part).mkdir(parents=True)
        images = [image for image in document["images"] if image["id"] in numbers]
        for image in images:
            shutil.copy(whole / "images" / image["file_name"], tmp_path / "data" / part)
        annotations = [one for one in document["annotations"] if one["image_id"] in numbers]
        said = json.dumps(document | {"images": images, "annotations": annotations})
        (tmp_path / "data" / part / "_annotations.coco.json").write_text(said)
    require_shapes(read(tmp_path / "data"))
