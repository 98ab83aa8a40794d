"""Boxes, outlines, key points, skeletons and labels onto a copy of an image.

Each line lies between a dark and a light one, so that it reads anywhere.
"""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.blur import blur_region
from api.tasks.detection.chaining import text_of
from api.tasks.detection.keypoints import SEEN_CONFIDENCE, find_skeleton
from api.tasks.detection.types import Box, Detection, Keypoint
from api.tasks.drawing.colours import DARK, LIGHT, Colour, class_colour
from api.tasks.drawing.plates import Plate, draw_plates
from api.tasks.drawing.style import Style

TINT = 0.35  # how much of the class's colour an object's inside takes


def draw_detections(
    image: NDArray[np.uint8],
    detections: Sequence[Detection],
    *,
    blurred: Sequence[Box] = (),
    display_width: int | None = None,
) -> NDArray[np.uint8]:
    """Return a copy of the image (HWC uint8 RGB) with the detections drawn, the most confident on top.

    The regions `blurred` are made unrecognisable first. `display_width` is how many CSS pixels wide it will be shown:
    labels are then at least 12 of them high.
    """
    picture = image.copy()
    for region in blurred:
        blur_region(picture, region)
    style = Style.for_picture(picture.shape[1], picture.shape[0], display_width)
    for detection in reversed(detections):
        colour = class_colour(detection.class_id)
        if detection.polygon:
            _draw_outline(picture, detection.polygon, colour, style)
        _draw_box(picture, detection.box, colour, style)
        seen = {point.name: point for point in detection.keypoints if point.confidence >= SEEN_CONFIDENCE}
        _draw_skeleton(picture, detection.keypoints, seen, colour, style)
        for point in seen.values():
            _draw_point(picture, point, colour, style)
        for attribute in detection.attributes:
            for polygon in attribute.attached.outlines(attribute.result):
                _draw_lines(picture, polygon, colour, style)
    draw_plates(picture, [_plate(detection) for detection in detections], style)
    return picture


def _plate(detection: Detection) -> Plate:
    box = detection.box
    figure = f"{detection.confidence:.0%}"
    note = ", ".join(filter(None, map(text_of, detection.attributes)))
    return Plate(detection.label, detection.class_id, figure, (box.x1, box.y1, box.x2, box.y2), note)


def _draw_outline(
    picture: NDArray[np.uint8], polygon: Sequence[tuple[float, float]], colour: Colour, style: Style
) -> None:
    """Tint what the polygon encloses, and draw its line."""
    points = np.array(polygon, np.float64).round().astype(np.int32)
    left, top, width, height = cv2.boundingRect(points)
    inside = picture[max(top, 0) : top + height, max(left, 0) : left + width]
    if inside.size:
        mask = np.zeros(inside.shape[:2], np.uint8)
        cv2.fillPoly(mask, [points - (max(left, 0), max(top, 0))], 1)
        tinted = cv2.addWeighted(inside, 1 - TINT, np.full_like(inside, colour), TINT, 0)
        cv2.copyTo(tinted, mask, inside)
    _draw_lines(picture, polygon, colour, style)


def _draw_lines(
    picture: NDArray[np.uint8], polygon: Sequence[tuple[float, float]], colour: Colour, style: Style
) -> None:
    """Draw a polygon's line."""
    points = np.array(polygon, np.float64).round().astype(np.int32)
    for line, ink in ((style.line + 2 * style.thin, DARK), (style.line, colour)):
        cv2.polylines(picture, [points], isClosed=True, color=ink, thickness=line, lineType=cv2.LINE_AA)


def _draw_skeleton(
    picture: NDArray[np.uint8],
    points: Sequence[Keypoint],
    seen: Mapping[str, Keypoint],
    colour: Colour,
    style: Style,
) -> None:
    """Draw the lines between those points that are seen."""
    pairs = [pair for pair in find_skeleton([point.name for point in points]) if seen.keys() >= set(pair)]
    lines = [np.array([(seen[name].x, seen[name].y) for name in pair]).round().astype(np.int32) for pair in pairs]
    for width, ink in ((style.line + 2 * style.thin, DARK), (style.line, colour)):
        cv2.polylines(picture, lines, isClosed=False, color=ink, thickness=width, lineType=cv2.LINE_AA)


def _draw_point(picture: NDArray[np.uint8], point: Keypoint, colour: Colour, style: Style) -> None:
    centre = round(point.x), round(point.y)
    for radius, ink in ((2 * style.line + style.thin, DARK), (2 * style.line, colour), (style.line, LIGHT)):
        cv2.circle(picture, centre, radius, ink, thickness=cv2.FILLED, lineType=cv2.LINE_AA)


def _draw_box(picture: NDArray[np.uint8], box: Box, colour: Colour, style: Style) -> None:
    thin = style.thin
    for inset, width, ink in ((-thin, thin, DARK), (0, style.line, colour), (style.line, thin, LIGHT)):
        left, top, right, bottom = box.x1 + inset, box.y1 + inset, box.x2 - 1 - inset, box.y2 - 1 - inset
        if right >= left and bottom >= top:
            _outline(picture, (int(left), int(top), int(right) + 1, int(bottom) + 1), width, ink)


def _outline(picture: NDArray[np.uint8], place: tuple[int, int, int, int], width: int, ink: Colour) -> None:
    """Draw a rectangle's outline, `width` pixels inwards; what lies outside the picture is left out."""
    left, top, right, bottom = place
    for x1, y1, x2, y2 in (
        (left, top, right, min(top + width, bottom)),
        (left, max(bottom - width, top), right, bottom),
        (left, top, min(left + width, right), bottom),
        (max(right - width, left), top, right, bottom),
    ):
        picture[max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)] = ink
