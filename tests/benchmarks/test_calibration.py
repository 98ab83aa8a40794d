"""benchmarks/calibration.py: int8 is never judged by what it was calibrated on."""

from pathlib import Path

from PIL import Image

from benchmarks.calibration import leave_out, write_calibration
from benchmarks.datasets import read_dataset


def write_data(folder: Path, count: int) -> Path:
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    for number in range(count):
        Image.new("RGB", (20, 10)).save(folder / "images" / f"{number}.jpg")
        (folder / "labels" / f"{number}.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    return folder


def test_half_of_the_photographs_calibrate_and_the_others_judge(tmp_path: Path):
    data = write_data(tmp_path / "data", 5)
    calibration = write_calibration(tmp_path / "calibration", data)
    judges = leave_out(read_dataset(data, ("thing",)), calibration)
    assert sorted(path.name for path in calibration.iterdir()) == ["0.jpg", "2.jpg", "4.jpg"]
    assert sorted(path.name for path in judges.paths.values()) == ["1.jpg", "3.jpg"]
    assert {box["image_id"] for box in judges.truth["annotations"]} == set(judges.paths)
    assert {image["id"] for image in judges.truth["images"]} == set(judges.paths)


def test_examples_calibrate_where_there_are_no_data(tmp_path: Path, photographs: dict[str, Path]):
    calibration = write_calibration(tmp_path / "calibration", None)
    assert len(list(calibration.iterdir())) == 6 * len(photographs)
    for path in calibration.iterdir():
        with Image.open(path) as image:
            assert max(image.size) == 1280


def test_nothing_is_left_out_without_calibration(tmp_path: Path):
    dataset = read_dataset(write_data(tmp_path, 3), ("thing",))
    assert leave_out(dataset, tmp_path / "none").paths == dataset.paths
