"""The form of `POST /`: an image file and the fields beside it, checked."""

import math
import re
import unicodedata
from dataclasses import dataclass

from flask import Request

from api.errors import BadRequest
from api.tasks.detection.types import Thresholds

FILE_FIELDS = ("file", "image")
MAX_DETECTIONS = 1000
MAX_NAME_LENGTH = 255
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
UNSET = ("", "undefined")  # what older pages send for a picture without an EXIF tag


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file: its bytes, and the name it came under (of one line, without folders)."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class DetectFields:
    """What is asked beside the image. `orientation` None: that of the file's own EXIF tag."""

    orientation: int | None
    thresholds: Thresholds
    annotate: bool
    candidates: bool


def read_upload(request: Request) -> Upload:
    """Return the one uploaded file. Raises BadRequest."""
    if request.mimetype != "multipart/form-data":
        raise BadRequest("Send the image as multipart/form-data in a field named `file`.")
    files = [file for field in FILE_FIELDS for file in request.files.getlist(field)]
    if not files:
        raise BadRequest("There is no image: send it as a file in a field named `file`.")
    if len(files) > 1:
        raise BadRequest(f"There are {len(files)} images; send one at a time.")
    return Upload(_clean_name(files[0].filename or ""), files[0].stream.read())


def read_detect_fields(request: Request, defaults: Thresholds) -> DetectFields:
    """Return the fields beside the image; `defaults` stand for those that are absent. Raises BadRequest."""
    return DetectFields(
        orientation=_whole_number(request, "orientation", 1, 8),
        thresholds=Thresholds(
            confidence=_fraction(request, "confidence", defaults.confidence),
            iou=_fraction(request, "iou", defaults.iou),
            max_detections=_whole_number(request, "max_detections", 1, MAX_DETECTIONS) or defaults.max_detections,
        ),
        annotate=_truth(request, "annotate", default=True),
        candidates=_truth(request, "candidates", default=False),
    )


def _text(request: Request, field: str) -> str | None:
    values = request.form.getlist(field)
    if len(values) > 1:
        raise BadRequest(f"The field `{field}` is there {len(values)} times; send it once.")
    text = values[0].strip() if values else ""
    return None if text in UNSET else text


def _whole_number(request: Request, field: str, low: int, high: int) -> int | None:
    text = _text(request, field)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and low <= int(text) <= high):
        raise _bad_value(field, text, f"a whole number from {low} to {high}")
    return int(text)


def _fraction(request: Request, field: str, default: float) -> float:
    text = _text(request, field)
    if text is None:
        return default
    # `float` alone reads "0_5", infinities and the digits of every alphabet too.
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    if not 0 <= value <= 1:
        raise _bad_value(field, text, "a number from 0 to 1")
    return value


def _truth(request: Request, field: str, *, default: bool) -> bool:
    text = _text(request, field)
    if text is None:
        return default
    if text.lower() not in ("true", "false"):
        raise _bad_value(field, text, "`true` or `false`")
    return text.lower() == "true"


def _bad_value(field: str, text: str, expected: str) -> BadRequest:
    return BadRequest(f"The field `{field}` must be {expected}, not {_one_line(text, 40)!r}.")


def _clean_name(filename: str) -> str:
    return _one_line(filename.replace("\\", "/").rsplit("/", 1)[-1], MAX_NAME_LENGTH) or "image"


def _one_line(text: str, length: int) -> str:
    """Return the text without control characters (or halves of broken ones), at most `length` long."""
    return "".join(character for character in text if unicodedata.category(character)[0] != "C")[:length].strip()
