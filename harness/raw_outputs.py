"""Raw outputs of heads laid out as other programs give them."""

import torch
from torch import Tensor

from api.models.darknet.raw import RawOutput


def as_tensor(raw: RawOutput) -> Tensor:
    """Return every cell's numbers: (1, anchors x (5 + classes), rows, columns) float32."""
    anchors, rows, columns = raw.objectness().shape
    cells = torch.cartesian_prod(*(torch.arange(count) for count in (anchors, rows, columns))).unbind(1)
    values = raw.at(*cells).view(anchors, rows, columns, -1)
    return values.permute(0, 3, 1, 2).reshape(1, -1, rows, columns)
