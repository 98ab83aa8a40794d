"""The pixels of photographs while a network learns from them: decoded once, reduced, and kept while there is room."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from api.errors import ApiError
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.training.detection.dataset import BoxedPhotograph
from api.training.errors import TrainingError

ROOM_BYTES = 1_000_000_000
DECODERS = 2  # threads; decoding leaves Python's lock

Sample = tuple[Tensor, Tensor, Tensor]


class Pixels:
    """Gives a photograph as (3, H, W) uint8, its boxes (N, 4) xyxy in these pixels, and their labels (N,)."""

    def __init__(self, photographs: Sequence[BoxedPhotograph], longest: int, limits: ImageLimits) -> None:
        """Reduce photographs to a longer side of at most `longest`, by averaging."""
        self._photographs = photographs
        self._longest = longest
        self._limits = limits
        self._kept: dict[int, NDArray[np.uint8]] = {}
        self._bytes = 0
        self._pool = ThreadPoolExecutor(DECODERS, thread_name_prefix="decode")

    def __len__(self) -> int:
        return len(self._photographs)

    def order(self, numbers: Sequence[int]) -> list["Future[Sample]"]:
        """Begin to decode these photographs, and return what will be them."""
        return [self._pool.submit(self._sample, number) for number in numbers]

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(cancel_futures=True)

    def _sample(self, number: int) -> Sample:
        one, pixels = self._photographs[number], self._pixels(number)
        scale = np.array([pixels.shape[1] / one.size[1], pixels.shape[0] / one.size[0]] * 2, np.float32)
        image = torch.from_numpy(pixels).permute(2, 0, 1)
        return image, torch.from_numpy(one.boxes * scale), torch.from_numpy(one.labels)

    def _pixels(self, number: int) -> NDArray[np.uint8]:
        kept = self._kept.get(number)
        if kept is not None:
            return kept
        one = self._photographs[number]
        try:
            data = one.path.read_bytes()
            pixels = decode_image(data, orientation=None, limits=self._limits, enough_for=self._longest).pixels
        except (ApiError, OSError) as error:
            raise TrainingError(f"{one.name} could be read before, and now it cannot: {error}") from error
        factor = self._longest / max(pixels.shape[:2])
        if factor < 1:
            size = [max(1, round(side * factor)) for side in pixels.shape[1::-1]]
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        pixels = np.array(pixels, order="C")  # its own, so that PyTorch may share it
        if self._bytes + pixels.nbytes <= ROOM_BYTES:
            self._kept[number] = pixels
            self._bytes += pixels.nbytes
        return pixels
