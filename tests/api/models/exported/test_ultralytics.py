import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from api.models.card import Fit, Sampling
from api.models.errors import ModelError
from api.models.exported.facts import Facts, Port
from api.models.exported.families import ultralytics
from api.models.exported.tflite_file import appended_metadata
from api.models.exported.ultralytics_metadata import read_told
from api.models.model import Model
from api.tasks.detection.coco import COCO_KEYPOINTS
from api.tasks.detection.types import Detection, DetectionOptions
from harness.exported_models import SHAPES, assert_same, run_onnx
from tests.api.models.exported.ultralytics_files import (
    CANVAS,
    LABELS,
    METADATA,
    OF_YOLOV5,
    Kind,
    Placed,
    draw_mask,
    load,
    make_outputs,
    read,
    write_export,
)

KINDS = {
    "v5": Kind("detect", version=5),
    "v5-segment": Kind("segment", version=5),
    "detect": Kind("detect"),
    "segment": Kind("segment"),
    "pose": Kind("pose"),
    "pose-without-confidence": Kind("pose", points=(4, 2)),
    "obb": Kind("obb"),
    "end-to-end": Kind("detect", end_to_end=True),
    "end-to-end-segment": Kind("segment", end_to_end=True),
    "end-to-end-pose": Kind("pose", end_to_end=True),
    "end-to-end-obb": Kind("obb", end_to_end=True),
    "nms": Kind("detect", end_to_end=True, more={"end2end": "False", "args": "{'nms': True}"}),
}
OPTIONS = DetectionOptions(confidence=0.3, iou=0.45, max_detections=1000)

LoadKind = Callable[[str], tuple[Model, Path]]


@pytest.fixture(scope="module")
def load_kind(tmp_path_factory: pytest.TempPathFactory) -> LoadKind:
    """Write and read a kind of export once for all tests."""
    loaded: dict[str, tuple[Model, Path]] = {}

    def load_once(name: str) -> tuple[Model, Path]:
        if name not in loaded:
            kind = KINDS[name]
            path = tmp_path_factory.mktemp(name) / "best.onnx"
            write_export(path, make_outputs(kind), kind.metadata)
            loaded[name] = load(path), path
        return loaded[name]

    return load_once


def picture(shape: tuple[int, int]) -> np.ndarray:
    return np.full((*shape, 3), 90, np.uint8)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", KINDS)
def test_finds_what_a_reader_of_its_documentation_finds(load_kind: LoadKind, name: str, shape: tuple[int, int]) -> None:
    kind, (model, path) = KINDS[name], load_kind(name)
    placed = Placed(shape, CANVAS)
    image = picture(shape)
    outputs = run_onnx(path, images=placed.prepare(image))
    expected = read(kind, outputs["output0"][0], placed, OPTIONS.confidence, OPTIONS.iou)
    found = model.run(image, OPTIONS).detections
    assert_same(found, expected.boxes, expected.scores, expected.classes)
    for one in found[:20]:
        (row,) = (
            np.abs(expected.boxes - [one.box.x1, one.box.y1, one.box.x2, one.box.y2]).max(axis=1) < 0.05
        ).nonzero()
        assert one.confidence == pytest.approx(expected.scores[row[0]], abs=1e-4)
        if kind.task == "obb":
            np.testing.assert_allclose(one.polygon, expected.corners[row[0]], atol=0.05)
        elif kind.task == "pose":
            points = expected.extras[row[0]].reshape(kind.points)
            places = placed.to_image(points[:, :2]).clip(0, (shape[1], shape[0]))
            np.testing.assert_allclose([(point.x, point.y) for point in one.keypoints], places, atol=0.05)
            seen = points[:, 2] if kind.points[1] == 3 else np.ones(len(points))
            np.testing.assert_allclose([point.confidence for point in one.keypoints], seen, atol=1e-4)
        elif kind.task == "segment":
            mask = draw_mask(expected.extras[row[0]], outputs["output1"][0], expected.boxes[row[0]], placed)
            assert_is_largest_part(one, mask)
        assert not one.polygon or kind.task in ("segment", "obb")
        assert bool(one.keypoints) == (kind.task == "pose")


def assert_is_largest_part(one: Detection, mask: np.ndarray) -> None:
    """Compare a polygon with the largest part of a mask, its holes filled; there is none without a mask."""
    if not mask.any():
        assert one.polygon == ()
        return
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = cv2.drawContours(np.zeros_like(mask), [max(contours, key=cv2.contourArea)], -1, 1, cv2.FILLED)
    assert 3 <= len(one.polygon) <= 200
    drawn = cv2.fillPoly(np.zeros_like(mask), [np.round(np.array(one.polygon) - 0.5).astype(np.int32)], 1)
    assert not cv2.erode(drawn ^ largest, np.ones((3, 3), np.uint8)).any()  # only borders differ, by 2 pixels at most


def test_says_on_the_card_what_the_file_says(load_kind: LoadKind) -> None:
    card = load_kind("detect")[0].card
    assert card.labels == LABELS
    assert card.licence == "AGPL-3.0 License (https://ultralytics.com/license)"
    assert (card.task, card.family, card.source_format) == ("detection", "ultralytics", "ONNX")
    assert (card.input.size, card.input.resize, card.input.sampling) == (CANVAS, Fit.LETTERBOX, Sampling.BILINEAR)
    assert (card.input.pad, card.input.scale, card.input.cell) == (114, 1 / 255, 1)


@pytest.mark.parametrize("missing", METADATA)
def test_every_key_may_be_missing(tmp_path: Path, missing: str) -> None:
    kind = KINDS["segment"]
    metadata = {key: value for key, value in kind.metadata.items() if key != missing}
    path = write_export(tmp_path / "best.onnx", make_outputs(kind), metadata)
    if missing == "names":
        (tmp_path / "best.names").write_text("\n".join(LABELS))
    model = load(path)
    assert model.card.labels == LABELS
    assert len(model.run(picture(SHAPES[0]), OPTIONS).detections) > 10


def test_names_may_be_a_list(tmp_path: Path) -> None:
    path = write_export(tmp_path / "best.onnx", make_outputs(KINDS["v5"]), {**OF_YOLOV5, "names": str(list(LABELS))})
    assert load(path).card.labels == LABELS


def test_takes_one_image_where_a_batch_was_exported(tmp_path: Path, load_kind: LoadKind) -> None:
    kind = KINDS["segment"]
    outputs = make_outputs(kind)
    three = [np.concatenate((output, output * 0, output * 0)) for output in outputs]
    model = load(write_export(tmp_path / "best.onnx", three, {**kind.metadata, "batch": "3"}))
    expected = load_kind("segment")[0].run(picture(SHAPES[0]), OPTIONS)
    assert model.run(picture(SHAPES[0]), OPTIONS) == expected


def test_a_slice_before_a_gather_along_another_side_is_kept(tmp_path: Path) -> None:
    """As YOLO26 selects the boxes of its most confident predictions; OpenVINO 2026.4.1 alone cannot compile it."""
    (table,) = make_outputs(KINDS["end-to-end-obb"])
    extract = [
        helper.make_node("Slice", ["rows", "from", "to", "side"], ["boxes"]),
        helper.make_node("GatherElements", ["boxes", "chosen"], ["chosen boxes"], axis=1),
        helper.make_node("Slice", ["rows", "to", "end", "side"], ["rest"]),
        helper.make_node("Concat", ["chosen boxes", "rest"], ["output0"], axis=2),
    ]
    order = np.random.default_rng(3).permutation(300)
    constants = {
        "from": np.array([0]),
        "to": np.array([4]),
        "end": np.array([7]),
        "side": np.array([-1]),
        "chosen": np.tile(order[None, :, None], (1, 1, 4)),
    }
    kind = KINDS["end-to-end-obb"]
    path = write_export(tmp_path / "best.onnx", [table], kind.metadata)
    exported = onnx.load(path)
    exported.graph.node[-1].output[0] = "rows"
    exported.graph.node.extend(extract)
    exported.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    onnx.save(exported, path)
    placed = Placed(SHAPES[0], CANVAS)
    outputs = run_onnx(path, images=placed.prepare(picture(SHAPES[0])))
    expected = read(kind, outputs["output0"][0], placed, OPTIONS.confidence, OPTIONS.iou)
    found = load(path).run(picture(SHAPES[0]), OPTIONS).detections
    assert_same(found, expected.boxes, expected.scores, expected.classes)


def test_a_free_size_is_that_of_the_training_less_cells_of_padding(tmp_path: Path) -> None:
    kind = KINDS["detect"]
    path = write_export(
        tmp_path / "best.onnx", make_outputs(kind), {**kind.metadata, "imgsz": "[224, 224]"}, is_free=True
    )
    card = load(path).card
    assert (card.input.size, card.input.cell) == ((224, 224), 32)
    assert card.input.place((200, 400)).canvas_size == (160, 224)


def test_asks_for_a_size_that_the_file_leaves_out(tmp_path: Path) -> None:
    metadata = {key: value for key, value in METADATA.items() if key != "imgsz"}
    path = write_export(tmp_path / "best.onnx", make_outputs(KINDS["detect"]), metadata, is_free=True)
    with pytest.raises(ModelError, match=r"any size.*\n    \[input\]\n    size = \[640, 640\]"):
        load(path)
    (tmp_path / "best.toml").write_text("[input]\nsize = [96, 128]\n")
    assert load(path).card.input.size == (96, 128)


@pytest.mark.parametrize("name", ["v5", "detect", "pose", "obb", "end-to-end", "end-to-end-segment"])
def test_a_file_without_metadata_is_read_with_the_lines_that_are_asked_for(
    tmp_path: Path, load_kind: LoadKind, name: str
) -> None:
    kind = KINDS[name]
    path = write_export(tmp_path / "best.onnx", make_outputs(kind), {})
    with pytest.raises(ModelError, match=r"best.onnx does not say how its outputs are read") as raised:
        load(path)
    _, found, lines_asked = str(raised.value).partition('    family = "ultralytics"')
    asked = [line.strip() for line in (found + lines_asked).split("\n  or\n")[0].splitlines()]
    wanted = {"pose": "keypoints", "obb": "rotated"}.get(kind.task, "")
    lines = [line.removeprefix("# ") if wanted and wanted in line else line for line in asked]
    (tmp_path / "best.toml").write_text(f"labels = {list(LABELS)}\n" + "\n".join(lines))
    expected = load_kind(name)[0].run(picture(SHAPES[0]), OPTIONS)
    assert load(path).run(picture(SHAPES[0]), OPTIONS) == expected


def test_asks_whether_old_files_select_themselves(tmp_path: Path) -> None:
    kind = KINDS["end-to-end"]
    metadata = {key: value for key, value in kind.metadata.items() if key not in ("end2end", "args")}
    path = write_export(tmp_path / "best.onnx", make_outputs(kind), metadata)
    with pytest.raises(ModelError, match=r"output0 1 x 300 x 6.*(?s:.*)    end_to_end = false  # true for YOLOv10"):
        load(path)
    (tmp_path / "best.toml").write_text('family = "ultralytics"\n[output]\nend_to_end = true\n')
    assert load(path).card.output["end_to_end"]


def test_asks_what_five_rows_are_without_names_and_task(tmp_path: Path) -> None:
    metadata = {key: value for key, value in METADATA.items() if key not in ("names", "task")}
    path = write_export(tmp_path / "best.onnx", make_outputs(KINDS["detect"]), metadata)
    with pytest.raises(ModelError, match=r"can be read in several ways(?s:.*)rotated = false  # true for OBB"):
        load(path)


BROKEN = {
    "names": ["__import__('pathlib').Path('touched').touch()", "{0: 'a', 2: 'c'}", "[]", "7", "(" * 10_000, "["],
    "imgsz": ["[0, 640]", "[640]", "'large'", "[640, 1e9]"],
    "stride": ["-32", "None", "[]", "'x'"],
    "kpt_shape": ["[17]", "[17, 4]", "17"],
    "end2end": ["maybe", "1"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in BROKEN.items() for value in values])
def test_refuses_broken_metadata_and_evaluates_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_export(tmp_path / "best.onnx", make_outputs(KINDS["detect"]), {**METADATA, key: value})
    if (key, value) == ("stride", "None"):
        assert load(path).card.input.cell == 1
        return
    with pytest.raises(ModelError, match=rf"best.onnx: its metadata has `{key}` = .* is expected"):
        load(path)
    assert not (tmp_path / "touched").exists()


def test_what_it_was_exported_with_need_not_be_readable(tmp_path: Path) -> None:
    metadata = {**METADATA, "args": "{'data': PosixPath('pets.yaml')}"}
    assert load(write_export(tmp_path / "best.onnx", make_outputs(KINDS["detect"]), metadata)).card.labels == LABELS


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("version = 7", r"`\[output\] version` is 7, and 5 or 8 is expected"),
        ('end_to_end = "yes"', r"`\[output\] end_to_end` is 'yes', and true or false is expected"),
        ("keypoints = 17", r"`\[output\] keypoints` is 17, and \[points, values of each: 2 or 3\] is expected"),
        ("version = 5", "cannot be read as that: output0 1 x 7 x 735"),
    ],
)
def test_refuses_what_the_owner_cannot_mean(tmp_path: Path, output: str, expected: str) -> None:
    path = write_export(tmp_path / "best.onnx", make_outputs(KINDS["detect"]), METADATA)
    (tmp_path / "best.toml").write_text(f'family = "ultralytics"\n[output]\n{output}\n')
    with pytest.raises(ModelError, match=expected):
        load(path)


@pytest.mark.parametrize("more", [{"head": "RTDETRDecoder"}, {"task": "semantic"}, {"task": "depth"}])
def test_refuses_what_is_no_yolo_or_another_task(tmp_path: Path, more: dict[str, str]) -> None:
    path = write_export(tmp_path / "best.onnx", make_outputs(KINDS["end-to-end"]), {**METADATA, **more})
    with pytest.raises(ModelError, match="read are only YOLO's, for: detect, segment, pose, obb, classify"):
        load(path)


def facts(*shapes: tuple[int | None, ...], file: str = "best.onnx", **metadata: str) -> Facts:
    last = file.endswith(".tflite")
    image = Port("images", (1, 640, 640, 3) if last else (1, 3, 640, 640))
    outputs = tuple(Port(f"output{index}", shape) for index, shape in enumerate(shapes))
    return Facts(file=file, inputs=(image,), outputs=outputs, metadata=metadata)


def keypoint_names(**metadata: str) -> tuple[str, ...]:
    drafted = ultralytics.recognise(facts((1, 5 + 51, 8400), **{**METADATA, "task": "pose", **metadata}))
    assert drafted
    return tuple(drafted.output["keypoints"])


def test_names_key_points_as_the_file_does_else_as_coco_does_for_persons_else_by_numbers() -> None:
    person, shape = "{0: 'person'}", "[17, 3]"
    assert keypoint_names(names=person, kpt_shape=shape) == COCO_KEYPOINTS
    assert keypoint_names(names="{0: 'hand'}", kpt_shape=shape) == tuple(map(str, range(17)))
    own = [f"joint {index}" for index in range(17)]
    assert keypoint_names(names="{0: 'hand'}", kpt_shape=shape, kpt_names=str({0: own})) == tuple(own)
    assert keypoint_names(names=person, kpt_shape=shape, kpt_names=str({0: own[:3]})) == COCO_KEYPOINTS


def test_a_classifier_gives_probabilities_and_one_of_yolov5_logits() -> None:
    named = {"names": str([f"n{index}" for index in range(10)])}
    new = ultralytics.recognise(facts((1, 10), **{**METADATA, **named, "task": "classify", "stride": "1"}))
    old = ultralytics.recognise(facts((1, 10), **{**OF_YOLOV5, **named}))
    assert new
    assert old
    assert (new.task, new.family, new.output, new.classes) == (
        "classification",
        "classifier",
        {"activation": "none"},
        10,
    )
    assert (new.input.resize, new.input.shorter_side, new.input.mean) == (Fit.CENTRE_CROP, 640, (0.0, 0.0, 0.0))
    assert old.output == {"activation": "softmax"}
    assert old.input.mean == (0.485, 0.456, 0.406)


@pytest.mark.parametrize("shapes", [((1, 8400, 85),), ((1, 300, 4), (1, 300, 91)), ((1, 1000),), ((1, 21, 65, 65),)])
def test_neither_claims_nor_suggests_other_families_outputs(shapes: tuple[tuple[int, ...], ...]) -> None:
    assert ultralytics.recognise(facts(*shapes)) is None
    assert ultralytics.suggest(facts(*shapes)) is None


def test_reads_the_metadata_at_the_end_of_a_tflite_file(tmp_path: Path) -> None:
    path = tmp_path / "best.tflite"
    assert appended_metadata(write_tflite(path)) == {}
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("metadata.json", json.dumps({**METADATA, "names": {"0": "cat", "1": "dog"}, "end2end": True}))
    told = read_told(facts((1, 300, 6), file=path.name, **appended_metadata(path)))
    assert told
    assert (told.names, told.end_to_end, told.size) == (("cat", "dog"), True, CANVAS)


@pytest.mark.parametrize("text", ["__import__('pathlib').Path('touched').touch()", "[1]", "{", "x" * 2_000_000])
def test_leaves_out_what_is_no_metadata_at_the_end_of_a_tflite_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_tflite(tmp_path / "best.tflite")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("temp_meta.txt", text)
    assert appended_metadata(path) == {}
    assert not (tmp_path / "touched").exists()


def write_tflite(path: Path) -> Path:
    path.write_bytes(b"\x1c\0\0\0TFL3" + bytes(200))
    return path


def test_tflite_has_fractions_and_its_masks_last() -> None:
    found = ultralytics.recognise(
        facts((1, 39, 8400), (1, 160, 160, 32), file="best.tflite", **{**METADATA, "task": "segment"})
    )
    assert found
    assert found.output["fractions"]
    assert found.output["masks_last"]
