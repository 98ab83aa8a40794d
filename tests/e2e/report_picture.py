"""A picture of a training's report, for docs/train.md.

Usage: python -m tests.e2e.report_picture weights/digits.report.html docs/train/report.png
"""

import io
import sys
from pathlib import Path

from PIL import Image

from tests.e2e.chromium import running_chromium

VIEW = {"width": 960, "height": 1486}  # from the headline to the confusion matrix
COLOURS = 64


def main(report: Path, picture: Path) -> None:
    with running_chromium() as browser:
        page = browser.new_page(viewport=VIEW, color_scheme="light")
        page.goto(report.resolve().as_uri())
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
