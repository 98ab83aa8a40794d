"""All families, in the order they are asked whether a file is theirs."""

from api.models.exported.draft import Family
from api.models.exported.families import (
    boxes,
    classifier,
    rf_detr,
    rt_detr,
    segmenter,
    transformers,
    ultralytics,
    yolox,
    yunet,
)

FAMILIES: tuple[Family, ...] = (
    ultralytics,
    rf_detr,
    rt_detr,
    transformers,
    yunet,
    yolox,
    boxes,
    classifier,
    segmenter,
)
