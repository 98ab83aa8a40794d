"""Where an image lies in a network's input, and the way back: pure geometry, for every task.

Both directions use the same whole numbers, so that nothing drifts.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

NARROW = 8
MOST_GAIN = 3.0  # beyond, letters that fill a small picture are too large to be found


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where an image lies on a network's canvas. Sizes are (height, width) in pixels, sides at most 32,767.

    `top` and `left` below 0: so much of the scaled image is cut off there. `gain`: pixels of the canvas in one of the
    image, on both sides, if the program that trained the network leaves the rounding of `scaled_size` out of account.
    """

    image_size: tuple[int, int]
    scaled_size: tuple[int, int]
    canvas_size: tuple[int, int]
    top: int = 0  # rows of padding above the image
    left: int = 0  # columns of padding left of it
    gain: float | None = None

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

    @classmethod
    def centred(cls, image_size: tuple[int, int], canvas_size: tuple[int, int]) -> "Letterbox":
        """Fit the image into the middle as Ultralytics does: its sides are rounded, odd padding goes right and below.

        Source: `LetterBox` in https://github.com/ultralytics/ultralytics/blob/main/ultralytics/data/augment.py.
        """
        gain = _largest_gain(image_size, canvas_size)
        scaled = (max(1, round(image_size[0] * gain)), max(1, round(image_size[1] * gain)))
        top, left = (canvas_size[0] - scaled[0]) // 2, (canvas_size[1] - scaled[1]) // 2
        return cls(image_size, scaled, canvas_size, top, left)

    @classmethod
    def top_left(cls, image_size: tuple[int, int], canvas_size: tuple[int, int]) -> "Letterbox":
        """Fit the image into the upper left corner as YOLOX does: its sides are rounded down.

        Source: `preproc` in https://github.com/Megvii-BaseDetection/YOLOX/blob/main/yolox/data/data_augment.py.
        """
        gain = _largest_gain(image_size, canvas_size)
        scaled = (max(1, int(image_size[0] * gain)), max(1, int(image_size[1] * gain)))
        return cls(image_size, scaled, canvas_size, gain=gain)

    @classmethod
    def crop(cls, image_size: tuple[int, int], canvas_size: tuple[int, int], shorter_side: int) -> "Letterbox":
        """Scale the image until its shorter side has so many pixels, and cut the canvas out of its middle.

        Source: `Resize` and `CenterCrop` in https://docs.pytorch.org/vision/stable/transforms.html.
        """
        height, width = image_size
        shorter = min(height, width)
        scaled = (int(shorter_side * height / shorter), int(shorter_side * width / shorter))
        top, left = (-round((side - room) / 2) for side, room in zip(scaled, canvas_size, strict=True))
        return cls(image_size, scaled, canvas_size, top, left)

    @classmethod
    def by_shorter_side(
        cls, image_size: tuple[int, int], size: tuple[int, int], *, tolerance: float = 0.0
    ) -> "Letterbox":
        """Fit the image into `size`, turned as the image is, without padding; its sides are rounded down.

        A side that is a whole number but for `tolerance` is that number: torchvision's transforms do so, its detectors
        lose a pixel. Source: https://github.com/pytorch/vision/blob/main/torchvision/models/detection/transform.py.
        """
        gain = min(min(size) / min(image_size), max(size) / max(image_size))
        scaled = (max(1, int(image_size[0] * gain + tolerance)), max(1, int(image_size[1] * gain + tolerance)))
        return cls(image_size, scaled, scaled)

    @classmethod
    def at_least(cls, image_size: tuple[int, int], shortest: int, cell: int) -> "Letterbox":
        """Enlarge the image until its shorter side has so many pixels, and stretch it to whole cells.

        It is enlarged MOST_GAIN times at most. One that is over NARROW times as long as wide lies in the middle of a
        canvas half as narrow.
        Source, but for MOST_GAIN: `DetPreProcess` in
        https://github.com/RapidAI/RapidOCR/blob/main/python/rapidocr/ch_ppocr_det/utils.py.
        """
        height, width = image_size
        longest = max(height, width)
        least = 2 * longest / NARROW if longest > NARROW * min(height, width) else 1.0
        sides = max(height, least), max(width, least)
        gain = min(MOST_GAIN, max(1.0, shortest / min(sides)))
        canvas = tuple(max(1, round(int(side * gain) / cell)) * cell for side in sides)
        scaled = tuple(
            max(1, round(side * room / whole)) for side, room, whole in zip(image_size, canvas, sides, strict=True)
        )
        top, left = ((room - side) // 2 for room, side in zip(canvas, scaled, strict=True))
        return cls(image_size, (scaled[0], scaled[1]), (canvas[0], canvas[1]), top, left)

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
        return self.points_to_image(boxes_xyxy.reshape(-1, 2, 2)).reshape(-1, 4)

    def canvas_in_image(self) -> list[float]:
        """Return the canvas, (x1, y1, x2, y2) in pixels of the image."""
        height, width = self.canvas_size
        corners: list[float] = self.boxes_to_image(np.array([[0, 0, width, height]], np.float32))[0].tolist()
        return corners

    def points_to_image(self, points_xy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return points (..., 2) given in pixels of the canvas in pixels of the image, not clipped."""
        (height, width), (scaled_height, scaled_width) = self.image_size, self.scaled_size
        offset = np.array([self.left, self.top], np.float32)
        scale = (1 / self.gain, 1 / self.gain) if self.gain else (width / scaled_width, height / scaled_height)
        return (points_xy - offset) * np.array(scale, np.float32)


def _largest_gain(image_size: tuple[int, int], canvas_size: tuple[int, int]) -> float:
    """Return by how much an image of (height, width) can be enlarged to fit into the canvas."""
    return min(canvas_size[0] / image_size[0], canvas_size[1] / image_size[1])
