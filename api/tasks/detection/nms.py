"""Non-maximum suppression by torchvision's operator, without the rest of torchvision.

To import the package takes two seconds and 170 MB, for models that nobody here uses; its operators are in one library.
"""

from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor


def suppress_overlaps(boxes_xyxy: Tensor, confidences: Tensor, class_ids: Tensor, iou: float) -> Tensor:
    """Return the indices of the boxes (N, 4) to keep, the most confident first.

    Kept is what no more confident kept box of its class overlaps by more than `iou`.
    """
    if not len(boxes_xyxy):
        return torch.empty(0, dtype=torch.int64)
    boxes = boxes_xyxy.double()  # so exact that the shift below changes no overlap
    apart = (boxes.max() - boxes.min() + 1) * class_ids[:, None]  # boxes of two classes never meet
    kept: Tensor = torch.ops.torchvision.nms(boxes + apart, confidences.double(), iou)
    return kept


def _load_operators() -> None:
    spec = find_spec("torchvision")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for library in Path(folder).glob("_C*.so"):
            torch.ops.load_library(library)  # type: ignore[no-untyped-call]
    if not hasattr(torch.ops.torchvision, "nms"):
        import torchvision.ops  # noqa: F401, it knows where its library is


_load_operators()
