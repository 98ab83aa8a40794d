"""Plain segmenters, of any exporter: an output with a score for each class and point of a grid, or with class ids.

Nothing in the file says how the input is made. Which side of the output counts the classes is certain if the others
have the input's proportions.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from api.models.card import InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts, Port
from api.models.exported.families.usual_input import untold, usual_input
from api.tasks.segmentation import segmenter
from api.tasks.segmentation.segmenter import Layout

FAMILY = segmenter.FAMILY
OUTPUT_KEYS = ("layout", "name", "background")


def recognise(_facts: Facts) -> Draft | None:
    """Return None: the file does not say how its input is made."""
    return None


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read."""
    port = _find_output(facts, output)
    layout = _choose_layout(facts, port, output)
    background = output.get("background")
    if background is not None and (isinstance(background, bool) or not isinstance(background, int) or background < 0):
        raise ModelError(
            f"{facts.file}: `[output] background` is {background!r}, and a class id is expected, such as 0"
        )
    height, width = facts.size
    return Draft(
        task="segmentation",
        family=FAMILY,
        classes=_ways(port)[layout][0] if layout is not Layout.CLASS_IDS else None,
        input=InputSpec(size=(height or 0, width or 0), sampling=Sampling.ANTIALIAS),
        output={"name": port.name, "layout": layout, **({} if background is None else {"background": background})},
        untold=untold(facts),
    )


def suggest(facts: Facts) -> str | None:
    """Return the lines for NAME.toml if one output is a grid of scores or class ids."""
    grids = [port for port in facts.outputs if _layouts(facts, port)]
    if not grids or len(facts.outputs) > 2:  # torchvision's have a second one, from which only the training learned
        return None
    resize = ('resize = "stretch"  # or "letterbox", which pads',)
    lines = [f'family = "{FAMILY}"', usual_input(facts, resize, 520)]
    if len(facts.outputs) > 1 or len(_layouts(facts, grids[0])) > 1:
        lines.append("[output]")
    if len(facts.outputs) > 1:
        lines.append(f'name = "{grids[0].name}"  # of its outputs, the one with the answer')
    if len(_layouts(facts, grids[0])) > 1:
        lines.append('layout = "nchw"  # or "nhwc": whether the classes are counted before or after height and width')
    return "\n".join(lines)


def _find_output(facts: Facts, output: Mapping[str, Any]) -> Port:
    """Return the output that is read. Raises ModelError."""
    name = output.get("name")
    port = facts.output(name) if isinstance(name, str) else facts.outputs[0]
    if port is None or (name is None and len(facts.outputs) > 1):
        raise ModelError(
            f"{facts.file}: the family segmenter needs `[output] name`, one of its outputs: {facts.describe_outputs()}"
        )
    if not _layouts(facts, port):
        raise ModelError(
            f"{facts.file} is no segmenter, which has a score for each class and place, 1 x classes x height x width or"
            f" 1 x height x width x classes, or a class id for each place; it has: {facts.describe_outputs()}"
        )
    return port


def _choose_layout(facts: Facts, port: Port, output: Mapping[str, Any]) -> Layout:
    """Return how the output is laid out: the only possible way, or the owner's word."""
    possible = _layouts(facts, port)
    said = output.get("layout", possible[0] if len(possible) == 1 else None)
    if said not in possible:
        words = " or ".join(f'"{layout}"' for layout in possible)
        raise ModelError(f"{facts.file}: `[output] layout` must be {words} for the output {port}, not {said!r}")
    return Layout(said)


def _layouts(facts: Facts, port: Port) -> list[Layout]:
    """Return how an output can be laid out."""
    shape = port.shape
    if shape is None or len(shape) not in (3, 4):
        return []
    if "int" in port.dtype:
        return [Layout.CLASS_IDS] if len(shape) == 3 or 1 in (shape[1], shape[3]) else []
    if len(shape) == 3:
        return []
    return [way for way, (classes, grid) in _ways(port).items() if classes and classes > 1 and _fits(grid, facts.size)]


def _ways(port: Port) -> dict[Layout, tuple[int | None, Sequence[int | None]]]:
    """Return both ways to read an output of scores: how many classes, and the grid's (height, width)."""
    _, first, second, last = port.shape or ()
    return {Layout.CHANNELS_FIRST: (first, (second, last)), Layout.CHANNELS_LAST: (last, (first, second))}


def _fits(grid: Sequence[int | None], size: tuple[int | None, int | None]) -> bool:
    """Return whether a grid of points (height, width) can have the input's proportions; unknown sides fit."""
    height, width = (side / points if side and points else None for side, points in zip(size, grid, strict=True))
    return height is None or width is None or max(height, width) < 1.2 * min(height, width)
