"""The doctor, on models that are right and on two hundred that are not."""

import random
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from api.models.darknet.check import check_model, measure_costs
from api.models.darknet.network import read_network
from api.models.errors import ModelError
from api.models.findings import Level
from api.models.load import load_model
from api.models.options import EngineChoice, RunOptions
from api.tasks.detection.types import DetectionOptions
from harness.darknet_models import TINY_ANCHORS, conv, head, maxpool, net, seeded_weights, yolov3_tiny, yolov4_tiny

THIN = yolov3_tiny(classes=3, width=0.1)
HEADER = 20
Files = dict[str, bytes]

BY_TORCH = RunOptions(engine=EngineChoice.TORCH)  # which converts nothing


def good_files() -> Files:
    return {"cfg": THIN.encode(), "weights": WEIGHTS, "names": b"ant\nbee\ncat\n"}


WEIGHTS = seeded_weights(THIN)


def write(folder: Path, files: Files) -> None:
    for ending, data in files.items():
        (folder / f"mine.{ending}").write_bytes(data)


def levels_and_texts(folder: Path) -> list[tuple[Level, str]]:
    return [(finding.level, finding.text) for finding in check_model("mine", folder)]


def test_a_right_model_is_described(tmp_path: Path) -> None:
    write(tmp_path, good_files())
    findings = levels_and_texts(tmp_path)
    assert {level for level, _ in findings} == {Level.RIGHT}
    text = "\n".join(text for _, text in findings)
    assert "24 layers, input 416 x 416, 3 classes, 2 heads (3 anchors, 3 anchors)" in text
    assert "Darknet 0.2.0, trained on 32,013,312 pictures" in text
    count = (len(WEIGHTS) - HEADER) // 4
    assert f"{count:,} numbers expected, {count:,} found" in text


def test_all_wrong_files_are_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, {**good_files(), "weights": b"<html>", "names": b"ant\n"})
    wrong = [text for level, text in levels_and_texts(tmp_path) if level is Level.WRONG]
    assert len(wrong) == 2
    assert "mine.weights" in wrong[0]
    assert "mine.names has 1 labels, but the cfg says classes=3" in wrong[1]


def test_doubled_labels_are_odd_and_serve(tmp_path: Path) -> None:
    write(tmp_path, {**good_files(), "names": b"ant\nbee\nant\n"})
    assert (Level.ODD, "these labels stand more than once: ant") in levels_and_texts(tmp_path)
    assert load_model("mine", tmp_path, BY_TORCH).card.labels == ("ant", "bee", "ant")


def test_anchors_that_are_fractions_are_odd(tmp_path: Path) -> None:
    small = THIN.replace(TINY_ANCHORS, ".1,.1, .2,.2, .3,.3, .4,.4, .5,.5, .6,.6")
    write(tmp_path, {**good_files(), "cfg": small.encode()})
    odd = [text for level, text in levels_and_texts(tmp_path) if level is Level.ODD]
    assert odd == [
        "mine.cfg: the largest anchor is 0.6 pixels for an input of 416 x 416; anchors are in pixels of the input"
    ]


@pytest.mark.parametrize(
    ("change", "said", "other"),
    [
        (("leaky", "leaky"), "grey borders (letterbox): nothing in the cfg is of AlexeyAB's", "stretch"),
        (("random=1", "iou_loss=ciou"), "stretched to the input: the cfg has `iou_loss`", "letterbox"),
        (("[net]", "[net]\nletter_box=0"), "stretched to the input: the cfg says letter_box=0", "letterbox"),
    ],
    ids=["letterbox", "stretch", "said by the cfg"],
)  # fmt: skip
def test_how_images_are_fitted_is_said_and_how_to_change_it(
    tmp_path: Path, change: tuple[str, str], said: str, other: str
) -> None:
    cfg = THIN.replace("num=6", "num=6\nrandom=1").replace(*change)
    write(tmp_path, {**good_files(), "cfg": cfg.encode()})
    level, text = levels_and_texts(tmp_path)[-1]
    assert level is Level.RIGHT
    assert said in text
    assert f'write into mine.toml:\n          [input]\n          resize = "{other}"\n' in text
    assert "`MODEL=mine make evaluate DATA=folder CANVAS=both`" in text

    (tmp_path / "mine.toml").write_text(f'[input]\nresize = "{other}"\n')
    level, text = levels_and_texts(tmp_path)[-1]
    assert level is Level.RIGHT
    assert "mine.toml says so" in text
    assert load_model("mine", tmp_path).card.input.resize == other


def test_a_guess_is_odd(tmp_path: Path) -> None:
    write(tmp_path, {**good_files(), "weights": flip_bit(WEIGHTS, 64)})  # version 0.2.1, which no program writes
    assert [text.split(",")[0] for level, text in levels_and_texts(tmp_path) if level is Level.ODD] == [
        "images are fitted into the input with grey borders (letterbox): the layers are those of pjreddie's yolov3-tiny"
    ]


def test_a_wrong_description_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, {**good_files(), "toml": b'[input]\nresize = "crop"\n'})
    said = 'mine.toml: `[input] resize` is \'crop\', and "letterbox" or "stretch" is expected'
    assert levels_and_texts(tmp_path)[-1] == (Level.WRONG, said)
    with pytest.raises(ModelError, match="mine.toml"):
        load_model("mine", tmp_path)


def corruptions() -> Iterator[tuple[str, Callable[[Files], Files], str]]:
    """Yield 200 ways to break a model: a name, the change, and what must be said of it."""
    draw = random.Random(7)

    def weights(change: Callable[[bytes], bytes]) -> Callable[[Files], Files]:
        return lambda files: {**files, "weights": change(files["weights"])}

    def cfg(old: str, new: str) -> Callable[[Files], Files]:
        return lambda files: {**files, "cfg": files["cfg"].decode().replace(old, new).encode()}

    def cut(length: int) -> Callable[[Files], Files]:
        return weights(lambda data: data[:length])

    def poison(place: int, value: float) -> Callable[[Files], Files]:
        return weights(lambda data: data[:place] + struct.pack("<f", value) + data[place + 4 :])

    def flip(bit: int) -> Callable[[Files], Files]:
        return weights(lambda data: flip_bit(data, bit))

    for length in range(HEADER):
        yield f"header cut to {length}", cut(length), "less than a header"
    for _ in range(60):
        length = draw.randrange(HEADER, len(WEIGHTS))
        yield (
            f"cut to {length}",
            cut(length),
            r"shorter than it should be; the first layer that does not fit is that of cfg line \d+",
        )
    for extra in (1, 2, 3, 4, 100, 5000):
        yield f"{extra} too long", weights(lambda data, extra=extra: data + bytes(extra)), "longer than it should be"
    # Of the header's bits those that change how the file is read, or make it a version or a count that cannot be.
    for bit in [*range(1, 32), 33, *range(36, 64), *range(71, 96)]:
        yield f"bit {bit} flipped", flip(bit), "mine.weights.*(version|longer|shorter|trained on)"
    for bit in range(136, 160):
        yield f"bit {bit} of seen flipped", flip(bit), "trained on -?[0-9,]+ pictures: is it damaged"
    for value in (float("nan"), float("inf"), -float("inf")):
        for _ in range(4):
            place = HEADER + 4 * draw.randrange((len(WEIGHTS) - HEADER) // 4)
            yield f"{value} at {place}", poison(place, value), r"cfg line \d+ has NaN or infinite values"
    for classes in (1, 2, 4, 20, 80):
        yield (
            f"{classes} classes",
            cfg("classes=3", f"classes={classes}"),
            r"filters=24, but \(classes \+ 5\) x anchors",
        )
    for other in (yolov4_tiny(3), yolov3_tiny(3), yolov3_tiny(3, width=0.2)):
        yield "another cfg", cfg(THIN, other), "longer|shorter"
    page = b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>"
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 35434956\n"
    yield "a page for weights", weights(lambda _: page), "a web page, not weights"
    yield "a pointer for weights", weights(lambda _: pointer), "a Git LFS pointer"
    yield "a torch file", weights(lambda data: b"PK\x03\x04" + data), "a PyTorch or zip file"
    yield "a page for a cfg", lambda files: {**files, "cfg": page}, "mine.cfg: cfg line 1: .* neither"
    yield "a pointer for a cfg", lambda files: {**files, "cfg": pointer}, "mine.cfg: cfg line 1: .* neither"
    yield "no cfg", lambda files: {"weights": files["weights"], "names": files["names"]}, "mine.cfg: .* not in"
    yield "no weights", lambda files: {"cfg": files["cfg"], "names": files["names"]}, "mine.weights is not in"
    yield "no names", lambda files: {"cfg": files["cfg"], "weights": files["weights"]}, "mine.names is not in"
    yield "a label too few", lambda files: {**files, "names": b"ant\nbee\n"}, "2 labels, but .* classes=3"
    yield "a label too many", lambda files: {**files, "names": b"a\nb\nc\nd\n"}, "4 labels, but .* classes=3"
    yield "an empty label", lambda files: {**files, "names": b"ant\n\ncat\n"}, "an empty line 2"
    yield "names that are no text", lambda files: {**files, "names": b"\xff\xfe\x00"}, "not UTF-8"
    yield "a mask too far", cfg("mask=3,4,5", "mask=3,4,6"), "mask=3,4,6 must name anchors 0..5"
    yield "an anchor too few", cfg(TINY_ANCHORS, "10,14, 23,27"), "4 numbers in `anchors`, but num=6"
    yield "an anchor of 0", cfg("10,14,", "0,14,"), "has a size of 0 or less"
    yield "a width off the stride", cfg("width=416", "width=400"), "is not a multiple of 32|multiples of 32"


def flip_bit(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_two_hundred_broken_models_are_refused_each_saying_what_is_wrong(tmp_path: Path) -> None:
    import re

    cases = list(corruptions())
    assert len(cases) >= 200
    for name, change, said in cases:
        for file in tmp_path.iterdir():
            file.unlink()
        write(tmp_path, change(good_files()))
        started = time.monotonic()
        wrong = [text for level, text in levels_and_texts(tmp_path) if level is Level.WRONG]
        assert time.monotonic() - started < 5
        assert any(re.search(said, text) for text in wrong), f"{name}: {wrong}"
        with pytest.raises(ModelError):
            load_model("mine", tmp_path, BY_TORCH)


def test_bits_that_only_count_pictures_change_nothing(tmp_path: Path) -> None:
    write(tmp_path, {**good_files(), "weights": flip_bit(WEIGHTS, 97)})
    assert {level for level, _ in levels_and_texts(tmp_path)} == {Level.RIGHT}


def test_costs_are_those_that_darknet_counts() -> None:
    costs = measure_costs(read_network(Path("weights/yolov3-tiny.cfg").resolve()))
    assert costs.parameters == 8_858_734
    assert costs.operations / 1e9 == pytest.approx(5.56, abs=0.01)  # `darknet ops` prints 5.56 Bn
    assert costs.layers[0].output_shape == (16, 416, 416)
    assert costs.weight_bytes == 35_434_936


def test_activations_count_what_is_held_at_the_same_time(tmp_path: Path) -> None:
    (tmp_path / "mine.cfg").write_text(net(32, 32) + conv(4, 3) + maxpool(2, 2) + head("0", "1,1", 1))
    costs = measure_costs(read_network(tmp_path / "mine.cfg"))
    assert costs.activation_bytes == 4 * (4 * 32 * 32 + 4 * 16 * 16)


GROUPED = (
    net(160, 96) + conv(16, 3, stride=2) + conv(16, 3, groups=16) + conv(32, 1, activation="relu6")
    + conv(32, 3, stride=2, groups=4, activation="swish") + conv(32, 3, stride=8, activation="mish")
    + head("0,1,2", "10,14, 23,27, 37,58", classes=2)
)  # fmt: skip


@pytest.mark.parametrize(
    ("cfg", "classes"),
    [(yolov3_tiny(classes=60, width=0.25), 60), (yolov4_tiny(classes=3), 3), (GROUPED, 2)],
    ids=["thin tiny", "yolov4-tiny", "grouped"],
)
def test_models_of_ones_own_are_checked_and_served(tmp_path: Path, cfg: str, classes: int) -> None:
    labels = "\n".join(f"thing {number}" for number in range(classes)).encode()
    write(tmp_path, {"cfg": cfg.encode(), "weights": seeded_weights(cfg), "names": labels})
    assert {level for level, _ in levels_and_texts(tmp_path)} == {Level.RIGHT}
    model = load_model("mine", tmp_path, BY_TORCH)
    noise = torch.randint(0, 255, (90, 160, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    for one in model.run(noise.numpy(), DetectionOptions()).detections:
        assert one.label == f"thing {one.class_id}"
