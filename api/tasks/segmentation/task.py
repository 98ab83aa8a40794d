"""Segmentation as a task: its drawing, its JSON."""

import base64
import io
from pathlib import Path
from typing import Any

from PIL import Image

from api.tasks.drawing.colours import class_colour
from api.tasks.segmentation import segmenter
from api.tasks.segmentation.agreement import COMPARISON
from api.tasks.segmentation.chaining import CHAINING
from api.tasks.segmentation.differences import DIFFERENCES
from api.tasks.segmentation.draw import draw_segments
from api.tasks.segmentation.types import SegmentationOptions, Segments
from api.tasks.task import Task

BACKGROUND_COLOUR = (0, 0, 0)


def to_json(result: Segments, _options: SegmentationOptions) -> dict[str, Any]:
    """Return `segments`: the classes that are there, and which one each pixel shows."""
    height, width = result.class_map.shape
    labels = [{"label": one.label, "class_id": one.class_id, "share": round(one.share, 6)} for one in result.segments]
    mask = f"data:image/png;base64,{base64.b64encode(encode_mask(result)).decode('ascii')}"
    answer = {"labels": labels, "background": result.background, "mask": mask, "width": width, "height": height}
    return {"segments": answer}


def encode_mask(result: Segments) -> bytes:
    """Return a PNG whose pixels are class ids: with a palette of their colours, or 16-bit grey for over 256 classes."""
    image = Image.fromarray(result.class_map)
    if image.mode == "L":
        last = max((one.class_id for one in result.segments), default=0)
        colours = [
            BACKGROUND_COLOUR if class_id == result.background else class_colour(class_id)
            for class_id in range(last + 1)
        ]
        image.putpalette([level for colour in colours for level in colour])
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=3)
    return file.getvalue()


def to_text(result: Segments) -> str:
    """Return a line for each class that is there: its share of the picture first."""
    return "".join(f"{one.share:6.1%}  {one.label}\n" for one in result.segments)


SEGMENTATION: Task[SegmentationOptions, Segments] = Task(
    name="segmentation",
    verb="segment",
    options=SegmentationOptions,
    draw=draw_segments,
    to_json=to_json,
    to_text=to_text,
    families={segmenter.FAMILY: segmenter.make_decode},
    openapi=Path(__file__).with_name("openapi.yaml"),
    comparison=COMPARISON,
    chaining=CHAINING,
    differences=DIFFERENCES,
)
