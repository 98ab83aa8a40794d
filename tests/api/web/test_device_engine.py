"""The page's own engine (site/src/engines/device/) against the API's code: the same input arrays, the same results.

The whole way, with a network in a real browser, is compared in tests/e2e/test_device.py.
"""

import base64
import json
import random
import subprocess
from dataclasses import asdict
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from api.models.card import Colour, Fit, InputSpec, Sampling
from api.models.input import prepare_input
from api.tasks.letterbox import Letterbox
from api.tasks.registry import TASKS
from api.tasks.segmentation.class_map import map_ids, map_scores
from harness.gunicorn_server import PROJECT

SIZES = 400
READ = "JSON.parse((await import('node:fs')).readFileSync(0, 'utf8'))"
ENGINE = "./site/src/engines/device"
PLACE = f"""
import {{ place }} from '{ENGINE}/input/letterbox.js';
console.log(JSON.stringify({READ}.map(({{ spec, size: [height, width] }}) => place(spec, {{ width, height }}))));
"""
PREPARE = f"""
import {{ place }} from '{ENGINE}/input/letterbox.js';
import {{ prepareInput }} from '{ENGINE}/input/input.js';
console.log(JSON.stringify({READ}.map(({{ spec, width, height, rgba }}) => {{
  const pixels = {{ width, height, data: new Uint8ClampedArray(Buffer.from(rgba, 'base64')) }};
  const array = prepareInput(pixels, place(spec, {{ width, height }}), spec);
  return Buffer.from(array.buffer).toString('base64');
}})));
"""
DECODE = f"""
import {{ place }} from '{ENGINE}/input/letterbox.js';
import {{ families }} from '{ENGINE}/decode/families.js';
const {{ card, outputs, size: [height, width], options }} = {READ};
const arrays = Object.fromEntries(Object.entries(outputs).map(([name, {{ dims, data }}]) =>
  [name, {{ dims, data: new Float32Array(Uint8Array.from(Buffer.from(data, 'base64')).buffer) }}]));
const letterbox = place(card.input, {{ width, height }});
console.log(JSON.stringify(await families[card.family](card)(arrays, letterbox, options)));
"""
MAP_CLASSES = f"""
import {{ place }} from '{ENGINE}/input/letterbox.js';
import {{ mapClasses }} from '{ENGINE}/decode/class-map.js';
const {{ spec, size: [height, width], dims, data, layout }} = {READ};
const raw = {{ dims, data: new Float32Array(Uint8Array.from(Buffer.from(data, 'base64')).buffer) }};
const ids = new Uint8Array(width * height);
mapClasses(raw, layout, place(spec, {{ width, height }}), ids);
console.log(JSON.stringify(Buffer.from(ids).toString('base64')));
"""
LABELS = ("person", "bicycle", "car")
DETECTOR = InputSpec(size=(96, 128), cell=32)
SPECS = {
    "Darknet": InputSpec(size=(416, 416), cell=32),
    "Darknet, the whole square": InputSpec(size=(416, 416), cell=32, leaves_out_padding=False),
    "Darknet, stretched": InputSpec(size=(320, 416), resize=Fit.STRETCH),
    "Ultralytics": InputSpec(size=(640, 480), sampling=Sampling.BILINEAR, pad=114, cell=32),
    "YOLOX": InputSpec(
        size=(416, 416), resize=Fit.TOP_LEFT, sampling=Sampling.BILINEAR, colour=Colour.BGR, scale=1.0, pad=114
    ),
    "torchvision's classifiers": InputSpec(
        size=(224, 224),
        resize=Fit.CENTRE_CROP,
        shorter_side=256,
        sampling=Sampling.ANTIALIAS,
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
        pad=None,
    ),
    "bicubic": InputSpec(size=(240, 200), resize=Fit.STRETCH, sampling=Sampling.BICUBIC, pad=None),
    "padding that stays 0": InputSpec(
        size=(160, 160), sampling=Sampling.EXACT, mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.4), pad=None
    ),
    "by the shorter side": InputSpec(size=(200, 320), resize=Fit.SHORTER_SIDE, sampling=Sampling.EXACT, cell=32),
}
# Both round in between, but not of the very same sums.
PILLOWS = {Sampling.ANTIALIAS, Sampling.BICUBIC}


def run_in_the_page(script: str, given: Any) -> Any:
    command = ["node", "--input-type=module", "--eval", script]
    done = subprocess.run(command, cwd=PROJECT, input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def as_told(spec: InputSpec) -> dict[str, Any]:
    """Return the input as device/model.json has it."""
    fields = asdict(spec)
    return fields | {"stride": fields.pop("cell")}


def as_base64(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


@pytest.mark.parametrize("name", SPECS)
def test_pictures_lie_where_the_api_lays_them(name: str) -> None:
    spec, choose = SPECS[name], random.Random(7)
    sizes = [(choose.randint(1, 1600), choose.randint(1, 1600)) for _ in range(SIZES)]
    placed = run_in_the_page(PLACE, [{"spec": as_told(spec), "size": size} for size in sizes])
    for size, letterbox in zip(sizes, placed, strict=True):
        expected = spec.place(size)
        found = [letterbox[part][side] for part in ("scaled", "canvas") for side in ("height", "width")]
        assert found == [*expected.scaled_size, *expected.canvas_size], size
        assert (letterbox["top"], letterbox["left"]) == (expected.top, expected.left), size
        assert letterbox["gain"] == expected.gain, size


@pytest.mark.parametrize("name", SPECS)
def test_networks_get_the_same_array_as_in_the_api(name: str) -> None:
    spec, random_ = SPECS[name], np.random.default_rng(8)
    pictures = [random_.integers(0, 256, (*size, 3), np.uint8) for size in ((333, 517), (517, 333), (90, 70), (1, 5))]
    given = [
        {
            "spec": as_told(spec),
            "height": picture.shape[0],
            "width": picture.shape[1],
            "rgba": as_base64(np.dstack((picture, np.full(picture.shape[:2], 255, np.uint8)))),
        }
        for picture in pictures
    ]
    level = spec.scale / min(spec.std)
    for picture, array in zip(pictures, run_in_the_page(PREPARE, given), strict=True):
        expected = prepare_input(picture, spec.place(picture.shape[:2]), spec).ravel()
        found = np.frombuffer(base64.b64decode(array), np.float32)
        difference = np.abs(found - expected)
        assert difference.max() <= (1.01 if spec.sampling in PILLOWS else 0.001) * level
        assert difference.mean() <= 0.005 * level


def a_grid(random_: np.random.Generator, values: int, cells: int, sure: float) -> NDArray[np.float32]:
    """Return (1, cells, values): boxes' centres and sizes in cells, then logits, of which few are high."""
    boxes = random_.normal(0, 0.5, (1, cells, 4))
    return np.concatenate((boxes, random_.normal(sure, 1.5, (1, cells, values - 4))), axis=2).astype(np.float32)


def blobs(random_: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Return logits of masks (count, 24, 32): a few round parts each."""
    rows, columns = np.indices((24, 32))
    places = random_.uniform(0, (24, 32, 1), (count, 3, 3))
    reach = random_.uniform(3, 8, (count, 3))
    away = np.hypot(rows - places[..., 0, None, None], columns - places[..., 1, None, None])
    return np.asarray((reach[..., None, None] - away).max(axis=1), np.float32)


def sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-values)), np.float32)


def cells_of(canvas: tuple[int, int], stride: int) -> int:
    return (canvas[0] // stride) * (canvas[1] // stride)


def outputs_of(family: str, canvas: tuple[int, int]) -> tuple[dict[str, NDArray[np.float32]], dict[str, Any]]:
    """Return arrays as a network of the family gives them, and the card's `output`."""
    random_ = np.random.default_rng(9)
    height, width = canvas
    row = 5 + len(LABELS)
    every = sum(cells_of(canvas, stride) for stride in (8, 16, 32))
    if family.startswith("darknet"):
        new = family.endswith("new")
        heads, outputs = [], {}
        for stride, anchors in ((32, ((40.0, 50.0), (90.0, 60.0))), (16, ((16.0, 20.0), (30.0, 24.0)))):
            raw = a_grid(random_, 2 * row, cells_of(canvas, stride), -1).transpose(0, 2, 1)
            raw = (sigmoid(raw) if new else raw).reshape(1, 2 * row, height // stride, width // stride)
            outputs[f"yolo{stride}"] = np.ascontiguousarray(raw)
            heads.append({"anchors": anchors, "classes": len(LABELS), "scale_x_y": 1.05, "new_coords": new})
        return outputs, {"heads": heads}
    if family.startswith("yolox"):
        cells = a_grid(random_, row, every, -1)
        cells[..., 4:] = sigmoid(cells[..., 4:])
        if family.endswith("decoded"):
            cells[..., :4] = random_.uniform(10, 90, cells[..., :4].shape)
        return {"output": cells}, {"decoded": family.endswith("decoded")}
    if family == "yunet":
        outputs = {}
        for stride in (8, 16, 32):
            cells = a_grid(random_, 16, cells_of(canvas, stride), -1)
            outputs |= {f"cls_{stride}": sigmoid(cells[..., 4:5]), f"obj_{stride}": sigmoid(cells[..., 5:6])}
            outputs |= {f"bbox_{stride}": cells[..., :4], f"kps_{stride}": cells[..., 6:16]}
        return outputs, {}
    if family.startswith("detr"):
        softmax = family.endswith("softmax")
        logits = random_.normal(-1, 2, (1, 40, len(LABELS) + 1)).astype(np.float32)
        boxes = random_.uniform(0.1, 0.6, (1, 40, 4)).astype(np.float32)
        names = {"logits": "a", "boxes": "b", "activation": "softmax" if softmax else "sigmoid"}
        if softmax:
            names["masks"] = "m"
            return {"a": logits, "b": boxes, "m": blobs(random_, 40)[None]}, names
        return {"a": logits, "b": boxes}, names | ({} if softmax else {"first_class": 1})
    if family.startswith("boxes"):
        corners = random_.uniform(0, 0.5, (1, 30, 2))
        boxes = np.concatenate((corners, corners + random_.uniform(0.1, 0.4, (1, 30, 2))), axis=2).astype(np.float32)
        classes = random_.integers(0, 7, (1, 30)).astype(np.float32)
        scores = np.sort(random_.uniform(0, 1, (1, 30)).astype(np.float32))[:, ::-1]
        names = {
            "boxes": "b",
            "classes": "c",
            "scores": "s",
            "order": "yxyx",
            "normalised": True,
            "class_ids": [1, 4, 6],
        }
        outputs = {"b": boxes, "c": classes, "s": np.ascontiguousarray(scores)}
        if family.endswith("masks"):
            outputs["m"] = sigmoid(blobs(random_, 30))[:, None]
            names |= {"masks": "m"}
        if family.endswith("points"):
            outputs["k"] = random_.uniform(0, 90, (30, 2, 3)).astype(np.float32)
            names |= {"keypoints": "k", "points": ["nose", "tail"]}
        return outputs, names
    if family == "scored-boxes":
        corners = random_.uniform(0, 60, (30, 2))
        boxes = np.concatenate((corners, corners + random_.uniform(5, 40, (30, 2))), axis=1).astype(np.float32)
        return {"boxes": boxes, "scores": random_.uniform(0, 0.6, (30, 2)).astype(np.float32)}, {"first": 1}
    if family.startswith("ultralytics"):
        _, version, task, end = family.split()
        extras = {"detect": 0, "pose": 6, "obb": 1, "segment": 4}[task]
        boxes = random_.uniform(20, 70, (1, 60, 4))
        scores = random_.uniform(0, 0.7, (1, 60, len(LABELS) + (version == "5")))
        if end == "end":
            boxes[..., 2:] += boxes[..., :2]
            scores = np.stack(
                (np.sort(random_.uniform(0, 1, (1, 60)))[:, ::-1], random_.integers(0, 3, (1, 60))), axis=2
            )
        more = random_.uniform(0, 1 if task == "obb" else 60, (1, 60, extras))
        if task == "pose":
            more[..., 2::3] /= 60
        prototypes = {"output1": blobs(random_, 4)[None]} if task == "segment" else {}
        raw = np.concatenate((boxes, scores, more), axis=2).astype(np.float32)
        raw = raw if version == "5" or end == "end" else np.ascontiguousarray(raw.transpose(0, 2, 1))
        points = {"keypoints": ["nose", "tail"]} if task == "pose" else {}
        return {"output0": raw} | prototypes, {
            "version": int(version),
            "end_to_end": end == "end",
            "task": task,
            **points,
        }
    scores = random_.normal(0, 2, (1, len(LABELS))).astype(np.float32)
    return {"scores": scores}, {"activation": family.split()[1]}


DETECTORS = (
    *("darknet", "darknet new", "yolox", "yolox decoded", "yunet", "detr sigmoid", "detr softmax"),
    *(
        "boxes",
        "boxes points",
        "boxes masks",
        "scored-boxes",
        "ultralytics 8 segment raw",
        "ultralytics 8 segment end",
        "ultralytics 8 detect raw",
        "ultralytics 5 detect raw",
    ),
    *("ultralytics 8 detect end", "ultralytics 8 pose raw", "ultralytics 8 obb raw", "ultralytics 8 obb end"),
)


def decode_both(family: str, task: str, options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the page makes of a network's outputs, and the API."""
    size, name = (300, 500), family.split()[0]
    letterbox = DETECTOR.place(size)
    outputs, output = outputs_of(family, letterbox.canvas_size)
    arrays = {key: {"dims": array.shape, "data": as_base64(array)} for key, array in outputs.items()}
    card = {"family": name, "labels": LABELS, "input": as_told(DETECTOR), "output": output}
    found = run_in_the_page(DECODE, {"card": card, "outputs": arrays, "size": size, "options": options})
    known = TASKS[task]
    asked = known.options(**options)
    result = known.families[name](output, LABELS)(outputs, letterbox, asked)
    return found, known.to_json(result, asked)


def overlap(one: list[list[float]], other: list[list[float]]) -> float:
    """Return the intersection over the union of two polygons."""
    seen = [
        cv2.fillPoly(np.zeros((1400, 2200), np.uint8), [np.round(np.array(each) * 4).astype(int)], 1)
        for each in (one, other)
    ]
    return float((seen[0] & seen[1]).sum() / max(1, (seen[0] | seen[1]).sum()))


def assert_same_things(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    assert len(expected) > 3, "there is little to compare"
    assert [one["label"] for one in found] == [one["label"] for one in expected]
    overlaps = []
    for one, other in zip(found, expected, strict=True):
        assert one["class_id"] == other["class_id"]
        assert one["confidence"] == pytest.approx(other["confidence"], abs=1e-5)
        assert [*one["box"].values()] == pytest.approx([*other["box"].values()], abs=0.02)
        assert one.keys() == other.keys()
        for point, known in zip(one.get("keypoints", ()), other.get("keypoints", ()), strict=True):
            assert point["name"] == known["name"]
            assert [point[key] for key in ("x", "y", "confidence")] == pytest.approx(
                [known[key] for key in ("x", "y", "confidence")], abs=0.02
            )
        if "polygon" in other:
            overlaps.append(overlap(one["polygon"], other["polygon"]))
    if overlaps:  # an outline here goes around the samples that the API's goes through
        assert min(overlaps) > 0.8
        assert np.mean(overlaps) > 0.95


@pytest.mark.parametrize("family", DETECTORS)
def test_detections_are_the_apis(family: str) -> None:
    options = {"confidence": 0.2, "iou": 0.4, "max_detections": 40, "candidates": True}
    found, expected = decode_both(family, "detection", options)
    assert_same_things(found["detections"], expected["detections"])
    assert_same_things(found["candidates"], expected["candidates"])


@pytest.mark.parametrize("activation", ["softmax", "sigmoid", "none"])
def test_classes_are_the_apis(activation: str) -> None:
    found, expected = decode_both(f"classifier {activation}", "classification", {"top": 2})
    assert len(found["classes"]) == 2
    for one, other in zip(found["classes"], expected["classes"], strict=True):
        assert one == {**other, "confidence": pytest.approx(other["confidence"], abs=1e-5)}


@pytest.mark.parametrize("layout", ["nchw", "nhwc", "ids"])
def test_class_maps_are_the_apis(layout: str) -> None:
    spec, size, random_ = InputSpec(size=(96, 128), sampling=Sampling.BILINEAR), (150, 170), np.random.default_rng(10)
    letterbox: Letterbox = spec.place(size)
    coarse = random_.normal(0, 1, (5, 6, 8)).astype(np.float32)
    scores = coarse.repeat(2, axis=1).repeat(2, axis=2) + random_.normal(0, 0.3, (5, 12, 16)).astype(np.float32)
    ids = scores.argmax(axis=0)
    given = {"nchw": scores[None], "nhwc": scores.transpose(1, 2, 0)[None], "ids": ids[None].astype(np.float32)}[layout]
    expected = map_ids(ids, letterbox, np.uint8) if layout == "ids" else map_scores(scores, letterbox, np.uint8)
    asked = {"spec": as_told(spec), "size": size, "dims": given.shape, "data": as_base64(given), "layout": layout}
    found = np.frombuffer(base64.b64decode(run_in_the_page(MAP_CLASSES, asked)), np.uint8).reshape(size)
    assert len(np.unique(expected)) == 5
    assert (found != expected).mean() < 0.001
