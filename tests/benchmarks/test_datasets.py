import json
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.datasets import DatasetError, read_dataset

LABELS = ("ant", "bee")


def add_image(folder: Path, name: str, size: tuple[int, int] = (200, 100)) -> None:
    (folder / "images").mkdir(exist_ok=True)
    Image.new("RGB", size).save(folder / "images" / name)


def write_coco(folder: Path, categories: list[dict[str, object]]) -> None:
    truth = {"images": [{"id": 7, "file_name": "a.jpg"}], "annotations": [], "categories": categories}
    (folder / "instances.json").write_text(json.dumps(truth))


def test_yolo_labels_become_boxes_in_pixels(tmp_path: Path) -> None:
    add_image(tmp_path, "a.jpg")
    add_image(tmp_path, "b.png")
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("1 0.5 0.5 0.25 0.5\n")
    dataset = read_dataset(tmp_path, LABELS)
    (annotation,) = dataset.truth["annotations"]
    assert annotation["bbox"] == [75, 25, 50, 50]
    assert annotation["category_id"] == 1
    assert [path.name for path in dataset.paths.values()] == ["a.jpg", "b.png"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2 .5 .5 .1 .1", "a.txt line 1: class 2 is not one"),
        ("ant .5 .5 .1 .1", "is not `class cx"),
        ("0 .5", "is not `class cx"),
    ],
)
def test_a_bad_yolo_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    add_image(tmp_path, "a.jpg")
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text(line)
    with pytest.raises(DatasetError, match=said):
        read_dataset(tmp_path, LABELS)


def test_coco_categories_go_by_name_where_all_names_are_there(tmp_path: Path) -> None:
    add_image(tmp_path, "a.jpg")
    write_coco(tmp_path, [{"id": 3, "name": "bee"}, {"id": 5, "name": "ant"}, {"id": 9, "name": "cat"}])
    assert read_dataset(tmp_path, LABELS).category_ids == (5, 3)


def test_coco_categories_go_by_order_where_names_differ(tmp_path: Path) -> None:
    add_image(tmp_path, "a.jpg")
    write_coco(tmp_path, [{"id": 9, "name": "fourmi"}, {"id": 3, "name": "abeille"}])
    assert read_dataset(tmp_path, LABELS).category_ids == (3, 9)


def test_categories_that_do_not_fit_the_model_are_refused(tmp_path: Path) -> None:
    add_image(tmp_path, "a.jpg")
    write_coco(tmp_path, [{"id": 9, "name": "fourmi"}])
    with pytest.raises(DatasetError, match="1 categories and the model 2 classes"):
        read_dataset(tmp_path, LABELS)


def test_missing_images_are_named(tmp_path: Path) -> None:
    write_coco(tmp_path, [{"id": 3, "name": "ant"}, {"id": 5, "name": "bee"}])
    with pytest.raises(DatasetError, match=r"lacks 1 images, the first is a\.jpg"):
        read_dataset(tmp_path, LABELS)


def test_a_folder_of_neither_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"neither instances\.json \(COCO\) nor labels"):
        read_dataset(tmp_path, LABELS)


def test_labels_that_the_data_do_not_have_count_neither_way(tmp_path: Path) -> None:
    add_image(tmp_path, "a.jpg")
    write_coco(tmp_path, [{"id": 3, "name": "bee"}, {"id": 5, "name": "ant"}])
    assert read_dataset(tmp_path, ("__background__", "ant", "bee", "cat")).category_ids == (-1, 5, 3, -1)


def test_yolo_numbers_do_not_count_a_background(tmp_path: Path) -> None:
    add_image(tmp_path, "a.jpg")
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("1 0.5 0.5 0.25 0.5\n")
    dataset = read_dataset(tmp_path, ("__background__", "ant", "bee"))
    assert dataset.category_ids == (-1, 0, 1)
    assert dataset.truth["categories"][1]["name"] == "bee"


def test_yolo_numbers_go_by_classes_txt(tmp_path: Path) -> None:
    add_image(tmp_path, "a.jpg")
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "classes.txt").write_text("cat\nbee\nant\n")
    (tmp_path / "labels" / "a.txt").write_text("2 0.5 0.5 0.25 0.5\n")
    assert read_dataset(tmp_path, LABELS).category_ids == (2, 1)
    (tmp_path / "labels" / "classes.txt").write_text("cat\ndog\n")
    with pytest.raises(DatasetError, match="names none of the model's labels"):
        read_dataset(tmp_path, LABELS)
