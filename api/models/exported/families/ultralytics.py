"""Ultralytics: YOLOv5, v8, 11, 26 and kin, to detect, segment, find poses, rotated boxes, or classify.

Exporters: `export` of https://github.com/ultralytics/ultralytics, `export.py` of https://github.com/ultralytics/yolov5.
Their files describe themselves. What one leaves out is concluded from its shapes if only one reading fits them, else it
is asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from api.models.card import Fit, InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts, Shape
from api.models.exported.ultralytics_metadata import Told, read_told
from api.tasks.detection import ultralytics
from api.tasks.detection.coco import COCO_KEYPOINTS

FAMILY = ultralytics.FAMILY
OUTPUT_KEYS = ("version", "end_to_end", "keypoints", "rotated")
TASKS = ("detect", "segment", "pose", "obb", "classify")
CLASSIFIER = "classifier"  # the family in tasks/classification/
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a file's outputs. `classes` None: their shapes do not say."""

    task: str
    version: int
    end_to_end: bool
    classes: int | None


def recognise(facts: Facts) -> Draft | None:
    """Return how the file is read if its metadata is Ultralytics'. Raises ModelError if it cannot be."""
    told = read_told(facts)
    return _draft(facts, told) if told else None


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read: as the owner says, else as its metadata does."""
    told = replace(read_told(facts) or Told(), **_said(facts, output))
    return _draft(facts, told if told.task else replace(told, task=_usual_task(facts, told)))


def suggest(facts: Facts) -> str | None:
    """Return the lines for NAME.toml if an output could be Ultralytics'."""
    shape = _shape(facts, 3)
    if shape is None:
        return None
    _, second, third = shape
    if second is not None and second > 4 and (third is None or third > second):
        how = "version = 8"
    elif third is None or third < 6 or second is None:
        return None
    elif second in _anchors(facts):
        how = "version = 5"
    elif second <= 1000:
        how = "end_to_end = true"
    else:
        return None
    return (
        f'family = "{FAMILY}"\n[output]\n{how}\n# keypoints = [17, 3]  # of a pose model: points, and values of each\n'
        "# rotated = true  # of an OBB model"
    )


def _draft(facts: Facts, told: Told) -> Draft:
    if told.task not in (*TASKS, None) or told.head == "RTDETRDecoder":
        what = "an RT-DETR" if told.task in TASKS else f"for the task {told.task!r}"
        raise ModelError(f"{facts.file} is {what} of Ultralytics'; read are only YOLO's, for: {', '.join(TASKS)}")
    size = tuple(fixed or wanted for fixed, wanted in zip(facts.size, told.size or (0, 0), strict=True))
    scores = _shape(facts, 2)
    if scores and told.task in ("classify", None):
        return _classifier(told, (size[0], size[1]), scores[1])
    reading = _only_reading(facts, told)
    points, values = told.keypoints or (0, 3)
    names = told.keypoint_names or tuple(map(str, range(points)))
    if told.keypoints == (17, 3) and told.names == ("person",):
        names = COCO_KEYPOINTS
    is_tflite = facts.file.endswith(".tflite")
    layout = ultralytics.Layout(
        version=reading.version,
        end_to_end=reading.end_to_end,
        task=reading.task,
        keypoints=names if reading.task == "pose" else (),
        has_confidence=values == 3,
        fractions=is_tflite and (facts.is_channels_last or not reading.end_to_end),
        masks_last=facts.is_channels_last,
    )
    return Draft(
        task="detection",
        family=FAMILY,
        classes=reading.classes,
        labels=told.names,
        input=InputSpec(
            size=(size[0], size[1]),
            resize=Fit.LETTERBOX,
            sampling=Sampling.BILINEAR,
            cell=told.stride if told.stride and None in facts.size else 1,
            pad=114,
        ),
        output=asdict(layout),
        licence=told.licence,
        reasons={"family": "its metadata is Ultralytics'"},
    )


def _classifier(told: Told, size: tuple[int, int], classes: int | None) -> Draft:
    """Return how a classifier is read: YOLOv5's wants ImageNet's colours and gives logits, newer ones do neither."""
    is_old = told.version != 8
    return Draft(
        task="classification",
        family=CLASSIFIER,
        classes=classes,
        labels=told.names,
        input=InputSpec(
            size=size,
            resize=Fit.CENTRE_CROP if size[0] == size[1] else Fit.STRETCH,
            sampling=Sampling.BILINEAR if is_old else Sampling.ANTIALIAS,
            shorter_side=min(size),
            mean=IMAGENET_MEAN if is_old else (0.0, 0.0, 0.0),
            std=IMAGENET_STD if is_old else (1.0, 1.0, 1.0),
        ),
        output={"activation": "softmax" if is_old else "none"},
        licence=told.licence,
        reasons={"family": "its metadata is Ultralytics'"},
    )


def _only_reading(facts: Facts, told: Told) -> Reading:
    """Return the one way to read the outputs. Raises ModelError if there is none, or a choice."""
    readings = list(_readings(facts, told))
    if len(readings) == 1:
        return readings[0]
    known = f" for {told.task}" if told.task else ""
    known += f" with {len(told.names)} labels" if told.names else ""
    found = "can be read in several ways" if readings else "cannot be read as that"
    toml = f"{Path(facts.file).stem}.toml"
    raise ModelError(
        f"{facts.file} is Ultralytics'{known}, but its outputs {found}: {facts.describe_outputs()}. Write into {toml}"
        f' beside it, with the values of your model:\n    family = "{FAMILY}"\n    [output]\n'
        "    version = 8  # 5 if YOLOv5's own export.py wrote it\n"
        "    end_to_end = false  # true for YOLOv10 and YOLO26, and if it was exported with nms=True\n"
        "    rotated = false  # true for OBB\n"
        "    keypoints = [17, 3]  # only of a pose model: points, and values of each"
    )


def _readings(facts: Facts, told: Told) -> Iterator[Reading]:
    """Yield all ways to read the outputs that agree with what is told."""
    boxes, prototypes = _shape(facts, 3), _shape(facts, 4)
    if boxes is None:
        return
    extras: dict[str, int | None] = {"detect": 0, "obb": 1}
    if prototypes:
        extras = {"segment": prototypes[3 if facts.is_channels_last else 1]}
    elif told.keypoints:
        extras = {"pose": told.keypoints[0] * told.keypoints[1]}
    _, second, third = boxes
    for task, extra in extras.items():
        if extra is None or told.task not in (task, None):
            continue
        if told.end_to_end:
            if third == 6 + extra:
                yield Reading(task, 8, True, None)
            continue
        for version, length, others in ((8, second, third), (5, third, second)):
            if told.version not in (version, None) or length is None:
                continue
            classes = length - (4 if version == 8 else 5) - extra
            usual = classes > 0 and (others is None or length <= others)
            if classes == len(told.names) if told.names else usual:
                yield Reading(task, version, False, classes)


def _said(facts: Facts, output: Mapping[str, Any]) -> dict[str, Any]:
    """Return what [output] says, as fields of Told. Raises ModelError."""
    expected = {"version": "5 or 8", "keypoints": "[points, values of each: 2 or 3]"}
    said: dict[str, Any] = {}
    for key, value in output.items():
        is_truth = key in ("end_to_end", "rotated") and isinstance(value, bool)
        is_version = key == "version" and value in (5, 8)
        is_points = key == "keypoints" and isinstance(value, list) and len(value) == 2
        is_points = is_points and isinstance(value[0], int) and value[0] > 0 and value[1] in (2, 3)
        if not (is_truth or is_version or is_points):
            wanted = expected.get(key, "true or false")
            raise ModelError(f"{Path(facts.file).stem}.toml: `[output] {key}` is {value!r}, and {wanted} is expected")
        if key == "rotated":
            said |= {"task": "obb"} if value else {}
        else:
            said[key] = tuple(value) if is_points else value
    return said | ({"task": "pose"} if "keypoints" in said else {})


def _usual_task(facts: Facts, told: Told) -> str:
    """Return the task of a file that does not say it, nor does the owner."""
    if _shape(facts, 3) is None:
        return "classify"
    return "segment" if _shape(facts, 4) else "pose" if told.keypoints else "detect"


def _shape(facts: Facts, dimensions: int) -> Shape | None:
    """Return the shape of the one output that has so many dimensions."""
    shapes = [port.shape for port in facts.outputs if port.shape is not None and len(port.shape) == dimensions]
    return shapes[0] if len(shapes) == 1 else None


def _anchors(facts: Facts) -> list[int]:
    """Return how many predictions a YOLOv5 of three or four strides makes, if its input has one size."""
    height, width = facts.size
    cells = [(height // stride) * (width // stride) for stride in (8, 16, 32, 64)] if height and width else []
    return [3 * sum(cells[:3]), 3 * sum(cells)] if cells else []
