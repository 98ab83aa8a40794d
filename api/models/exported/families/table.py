"""All families, in the order they are asked whether a file is theirs."""

from api.models.exported.draft import Family
from api.models.exported.families import boxes, rf_detr, rt_detr, transformers, yolox, yunet

FAMILIES: tuple[Family, ...] = (yolox, yunet, rf_detr, rt_detr, transformers, boxes)
