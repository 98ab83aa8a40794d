"""torchvision's networks as engines take them: an input array in, tensors by name out, one image at a time.

What torchvision does with an image before the network, `InputSpec` does; what it does with boxes after it, the family.
"""

from collections.abc import Callable

from torch import Tensor, nn
from torchvision.models.detection import FCOS, FasterRCNN, RetinaNet
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.ssd import SSD

from api.models.engines.torch import Precise

Detector = FasterRCNN | RetinaNet | FCOS | SSD


class Scores(nn.Module):
    """A classifier, whose output is a tensor, or a segmenter, whose output is one of several in a dict."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return `scores`: (1, classes), or (1, classes, H, W)."""
        found = self.network(x)
        return {"scores": found["out"] if isinstance(found, dict) else found}


class ScoredBoxes(nn.Module):
    """RetinaNet, FCOS or SSD: each anchor's box in pixels of the input, and its probability of each class."""

    def __init__(self, detector: RetinaNet | FCOS | SSD) -> None:
        super().__init__()
        self.backbone, self.head = detector.backbone, detector.head
        self.anchor_generator, self.box_coder = detector.anchor_generator, detector.box_coder
        is_fcos = isinstance(detector, FCOS)
        self.decode: Callable[[Tensor, Tensor], Tensor] = (
            self.box_coder.decode if is_fcos else self.box_coder.decode_single
        )
        self.first_class = 1 if isinstance(detector, SSD) else 0  # the one that the first column is of
        self.score = _score_fcos if is_fcos else _score_ssd if isinstance(detector, SSD) else _score_retinanet

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return `boxes`, (anchors, 4), and `scores`, (anchors, classes)."""
        features = list(self.backbone(x).values())
        found = {name: values[0].float() for name, values in self.head(features).items()}
        precise = [values.float() for values in features]
        (anchors,) = self.anchor_generator(ImageList(x.float(), [(0, 0)]), precise)
        return {"boxes": self.decode(found["bbox_regression"], anchors), "scores": self.score(found)}


def _score_retinanet(found: dict[str, Tensor]) -> Tensor:
    return found["cls_logits"].sigmoid()


def _score_fcos(found: dict[str, Tensor]) -> Tensor:
    return (found["cls_logits"].sigmoid() * found["bbox_ctrness"].sigmoid()).sqrt()


def _score_ssd(found: dict[str, Tensor]) -> Tensor:
    return found["cls_logits"].softmax(dim=1)[:, 1:]  # the first one is the background


class Rcnn(nn.Module):
    """Faster, Mask or Keypoint R-CNN, with the selection of its proposals and of what it has found."""

    def __init__(self, detector: FasterRCNN) -> None:
        super().__init__()
        self.backbone, self.stages = detector.backbone, Stages(detector)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return `boxes`, (N, 4), `labels` and `scores`, (N,), and, of those that have them, `masks` or `heatmaps`."""
        features = {name: values.float() for name, values in self.backbone(x).items()}
        found: dict[str, Tensor] = self.stages(features, x.float())
        return found


class Stages(Precise):
    """The stages of an R-CNN after its backbone. They compare boxes, so they need all digits."""

    def __init__(self, detector: FasterRCNN) -> None:
        super().__init__()
        self.rpn, self.heads = detector.rpn, detector.roi_heads
        names = ("keypoint_roi_pool", "keypoint_head", "keypoint_predictor")
        self.keypoints = (
            nn.ModuleList(getattr(self.heads, name) for name in names) if self.heads.has_keypoint() else None
        )
        for name in names:
            setattr(self.heads, name, None)  # its search for the highest place in each heat map is no graph

    def forward(self, features: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
        """See Rcnn."""
        sizes = [_filled_size(x)]
        proposals, _ = self.rpn(ImageList(x, sizes), features)
        ((found,), _) = self.heads(features, proposals, sizes)
        if self.keypoints:
            pool, head, predict = self.keypoints
            found["heatmaps"] = predict(head(pool(features, [found["boxes"]], sizes)))
        return {**found, "labels": found["labels"].float()}


def _filled_size(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return the (height, width) of the image in the upper left of (1, 3, H, W): padding is 0, and no row of it is."""
    filled = x[0].abs().amax(dim=0) > 0
    return filled.any(dim=1).sum(), filled.any(dim=0).sum()


def prepare_network(network: nn.Module) -> nn.Module:
    """Return a network of torchvision, filled with its weights, as an engine takes it."""
    network = network.eval()
    if isinstance(network, FasterRCNN):
        return Rcnn(network).eval()
    if isinstance(network, RetinaNet | FCOS | SSD):
        return ScoredBoxes(network).eval()
    return Scores(network).eval()
