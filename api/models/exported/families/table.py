"""All families, in the order they are asked whether a file is theirs."""

from api.models.exported.draft import Family
from api.models.exported.families import classifier, segmenter, yolox

FAMILIES: tuple[Family, ...] = (yolox, classifier, segmenter)
