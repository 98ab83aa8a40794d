"""Where an image lies in a network's input, and the way back: pure geometry, for every task.

Both directions use the same whole numbers, so that nothing drifts.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where an image lies on a network's canvas. Sizes are (height, width) in pixels, sides at most 32,767."""

    image_size: tuple[int, int]
    scaled_size: tuple[int, int]
    canvas_size: tuple[int, int]
    top: int = 0  # rows of padding above the image
    left: int = 0  # columns of padding left of it

    @classmethod
    def fit(cls, image_size: tuple[int, int], canvas_size: tuple[int, int]) -> "Letterbox":
        """Fit the image into the canvas: the longer side (relative to the canvas) fills it, no side becomes 0."""
        (height, width), (canvas_height, canvas_width) = image_size, canvas_size
        if canvas_width * height < canvas_height * width:
            scaled = (max(1, height * canvas_width // width), canvas_width)
        else:
            scaled = (canvas_height, max(1, width * canvas_height // height))
        top, left = (canvas_height - scaled[0]) // 2, (canvas_width - scaled[1]) // 2
        return cls(image_size, scaled, canvas_size, top, left)

    @classmethod
    def stretch(cls, image_size: tuple[int, int], canvas_size: tuple[int, int]) -> "Letterbox":
        """Let the image fill the whole canvas, whatever its shape."""
        return cls(image_size, canvas_size, canvas_size)

    def cut_to_grid(self, stride: int) -> "Letterbox":
        """Return the same without the rows and columns of cells, `stride` pixels each, that hold only padding.

        The image keeps its place on the network's grid. Moved by half a cell, the same image gives confidences that
        differ by 20 percentage points; in its place, they differ from the uncut canvas's by about one.
        """
        first_row, first_column = self.top // stride, self.left // stride
        last_row = -(-(self.top + self.scaled_size[0]) // stride)
        last_column = -(-(self.left + self.scaled_size[1]) // stride)
        return replace(
            self,
            canvas_size=((last_row - first_row) * stride, (last_column - first_column) * stride),
            top=self.top - first_row * stride,
            left=self.left - first_column * stride,
        )

    def boxes_to_image(self, boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return boxes (N, 4) given in pixels of the canvas in pixels of the image, not clipped."""
        (height, width), (scaled_height, scaled_width) = self.image_size, self.scaled_size
        offset = np.array([self.left, self.top] * 2, np.float32)
        scale = np.array([width / scaled_width, height / scaled_height] * 2, np.float32)
        return (boxes_xyxy - offset) * scale
