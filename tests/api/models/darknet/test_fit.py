"""Which program trained a model, told of published cfgs: texts of our own with what tells the real ones apart."""

import re
from dataclasses import dataclass

import pytest

from api.models.card import Fit
from api.models.darknet.cfg import parse_cfg
from api.models.darknet.fit import Version, choose_fit
from api.models.errors import ModelError

ORIGINAL = "https://github.com/pjreddie/darknet/blob/"
FORK = "https://github.com/AlexeyAB/darknet/blob/59596d7880f6504768df41d6daa586f5cb2b932f/cfg/"
PUBLISHED = f"{ORIGINAL}f6afaabcdf85f77e7aff2ec55c020c0e297c77f9/cfg/"

NET = "batch=64 subdivisions=16 width=416 height=416 channels=3 momentum=0.9 decay=0.0005 angle=0 saturation=1.5"
HEAD = "mask=0,1,2 anchors=10,13,16,30,33,23 num=3 jitter=.3 ignore_thresh=.7 truth_thresh=1 random=1"
V4_HEAD = "scale_x_y=1.2 iou_thresh=0.213 cls_normalizer=1.0 iou_normalizer=0.07 iou_loss=ciou nms_kind=greedynms"
GIOU_HEAD = "iou_normalizer=0.5 iou_loss=giou"


def cfg(
    convolutions: int, heads: int, *, shortcuts: int = 0, net: str = "", head: str = "", layers: tuple[str, ...] = ()
) -> str:
    """Return a cfg with so many layers; `layers` are further ones, a kind and its keys with blanks between."""
    sections = [f"net {NET} {net}", *layers]
    sections += ["convolutional batch_normalize=1 filters=16 size=3 stride=1 pad=1 activation=leaky"] * convolutions
    sections += ["shortcut from=-3 activation=linear"] * shortcuts
    sections += [f"yolo classes=80 {HEAD} {head}"] * heads
    texts = []
    for section in sections:
        kind, *keys = section.split()
        texts.append("\n".join([f"[{kind}]", *keys]))
    return "\n\n".join(texts)


YOLOV3 = cfg(75, 3, shortcuts=23)
YOLOV3_TINY = cfg(13, 2)
MISH = ("convolutional filters=32 size=3 activation=mish",)
SWISH = ("convolutional filters=32 size=3 activation=swish",)
HALF = ("route layers=-1 groups=2 group_id=1",)


@dataclass(frozen=True)
class Published:
    """A published cfg; `text` has what tells it apart."""

    url: str
    fit: Fit
    text: str


def original(path: str, text: str) -> Published:
    return Published(path, Fit.LETTERBOX, text)


def fork(name: str, text: str) -> Published:
    return Published(FORK + name, Fit.STRETCH, text)


# For pjreddie's program: his own, then models of other people in copies of his repository.
OF_THE_ORIGINAL = [
    original(f"{PUBLISHED}yolov3.cfg", YOLOV3),
    original(f"{PUBLISHED}yolov3-tiny.cfg", YOLOV3_TINY),
    original(f"{PUBLISHED}yolov3-spp.cfg", cfg(76, 3, shortcuts=23, layers=("maxpool stride=1 size=5",))),
    original(f"{PUBLISHED}yolov3-voc.cfg", cfg(75, 3, shortcuts=23, net="burn_in=1000 policy=steps")),
    original(f"{PUBLISHED}yolov3-openimages.cfg", cfg(75, 3, shortcuts=23, net="max_batches=500200 hue=.1")),
    original(f"{FORK}yolov3.cfg", cfg(75, 3, shortcuts=23, net="batch=1 subdivisions=1")),  # a copy, for his weights
    original(f"{ORIGINAL}9ed8031d36703c9da84791df487a5a5c81a4930d/cfg/obj.cfg", YOLOV3),
    original(f"{ORIGINAL}92fbee05e4a648c4666bb8947281f9f25aed58e8/cfg/yolo-frog.cfg", YOLOV3),
    original(f"{ORIGINAL}2c0a7410ec20d3762e342f320112546edfb56f55/cfg/yolov3_ssig.cfg", YOLOV3),
    original(f"{ORIGINAL}dbf6088a2188455629acbb8f3364d0714802775f/cfg/yolov3-tiny-crowdhuman.cfg", YOLOV3_TINY),
    original(
        f"{ORIGINAL}1486cbda6d77827adfceec17cdd219694fb08d08/cfg/yolov3-finetune.cfg",
        cfg(74, 3, shortcuts=23, layers=("convolutional filters=32 size=3 activation=leaky trainable=1",)),
    ),
]  # fmt: skip
OF_THE_FORK = [
    fork("yolov4.cfg", cfg(110, 3, shortcuts=23, net="mosaic=1", head=V4_HEAD, layers=MISH)),
    fork("yolov4-custom.cfg", cfg(110, 3, shortcuts=23, head=V4_HEAD, layers=MISH)),
    fork("yolov4-tiny.cfg", cfg(21, 2, head=V4_HEAD, layers=HALF)),
    fork("yolov4-tiny-3l.cfg", cfg(24, 3, layers=HALF)),
    fork("yolov7.cfg", cfg(92, 3, layers=SWISH, head="new_coords=1")),
    fork("yolov7-tiny.cfg", cfg(58, 3, head="scale_x_y=2.0 objectness_smooth=1 max_delta=2")),
    fork("enet-coco.cfg", cfg(80, 2, layers=("scale_channels from=-4", *SWISH))),
    fork("cd53paspp-gamma.cfg", cfg(110, 3, shortcuts=23, net="mosaic=1")),
    fork("csresnext50-panet-spp-original-optimal.cfg", cfg(88, 3, net="mosaic=1", head="beta_nms=0.6")),
    fork("csresnext50-panet-spp.cfg", cfg(88, 3, shortcuts=16, layers=("convolutional filters=128 size=3 groups=32",))),
    fork("yolov3-tiny-prn.cfg", cfg(13, 2, shortcuts=5)),
    fork("yolov3-tiny_3l.cfg", cfg(18, 3)),
    fork("yolov3_5l.cfg", cfg(105, 5, shortcuts=23)),
    fork("yolov3-voc.yolov3-giou-40.cfg", cfg(75, 3, shortcuts=23, head=f"{GIOU_HEAD} cls_normalizer=1")),
    fork("yolov3.coco-giou-12.cfg", cfg(75, 3, shortcuts=23, head=GIOU_HEAD)),
    fork("yolov3-tiny_xnor.cfg", cfg(12, 2, layers=("convolutional filters=32 xnor=1 bin_output=1",))),
    fork("yolov3-tiny_occlusion_track.cfg", cfg(12, 2, net="track=1 augment_speed=3 time_steps=20")),
    fork("resnet152_trident.cfg", cfg(160, 3, net="policy=sgdr sgdr_cycle=1000 sgdr_mult=2")),
    fork("Gaussian_yolov3_BDD.cfg", cfg(75, 0, shortcuts=23, layers=("Gaussian_yolo classes=10 uc_normalizer=1.0",))),
]
OF_THE_FORK_WITH_BORDERS = [
    Published(f"{FORK}{name}", Fit.LETTERBOX, cfg(110, 3, net="letter_box=1 ema_alpha=0.9998", layers=MISH))
    for name in ("yolov4-csp.cfg", "yolov4-p5.cfg", "yolov4x-mish.cfg", "cspx-p7-mish.cfg")
]


@pytest.mark.parametrize(
    "published", OF_THE_ORIGINAL + OF_THE_FORK + OF_THE_FORK_WITH_BORDERS, ids=lambda one: one.url.rpartition("/")[2]
)
def test_published_cfgs_are_told_apart(published: Published) -> None:
    assert choose_fit(parse_cfg(published.text)).fit is published.fit


@pytest.mark.parametrize(
    ("text", "version", "fit", "reason"),
    [
        (cfg(21, 2, net="letter_box=1 mosaic=1"), None, Fit.LETTERBOX, "the cfg says letter_box=1"),
        (cfg(21, 2, net="letter_box=0"), (0, 2, 0), Fit.STRETCH, "the cfg says letter_box=0"),
        (cfg(21, 2, net="mosaic=1"), (0, 2, 0), Fit.STRETCH, "the cfg has `mosaic`, a key of AlexeyAB's fork"),
        (cfg(21, 2, layers=SWISH), None, Fit.STRETCH, "the cfg has `activation=swish`, an activation of"),
        (cfg(21, 2, layers=("sam from=-2",)), None, Fit.STRETCH, r"the cfg has \[sam\], a layer of AlexeyAB's fork"),
        (cfg(21, 2, layers=HALF), None, Fit.STRETCH, r"the cfg has `groups` in \[route\], a key of AlexeyAB's fork"),
        (YOLOV3_TINY, (0, 2, 5), Fit.STRETCH, "the weights are of version 0.2.5, which AlexeyAB's fork"),
        (YOLOV3_TINY, (0, 1, 0), Fit.STRETCH, "the weights are of version 0.1.0, which AlexeyAB's fork"),
        (YOLOV3_TINY, (0, 2, 0), Fit.LETTERBOX, "nothing in the cfg .* version 0.2.0, which pjreddie's Darknet writes"),
        (cfg(9, 2), (0, 2, 0), Fit.LETTERBOX, "nothing in the cfg .* version 0.2.0, which pjreddie's Darknet writes"),
    ],
)  # fmt: skip
def test_the_reason_is_told(text: str, version: Version | None, fit: Fit, reason: str) -> None:
    choice = choose_fit(parse_cfg(text), version)
    assert choice.fit is fit
    assert re.match(reason, choice.reason)
    assert not choice.is_guess


@pytest.mark.parametrize("version", [None, (0, 2, 1), (1, 0, 0)])
def test_only_layers_are_a_guess(version: Version | None) -> None:
    theirs, other = (choose_fit(parse_cfg(text), version) for text in (YOLOV3, cfg(9, 2)))
    assert (theirs.fit, theirs.is_guess) == (Fit.LETTERBOX, True)
    assert "those of pjreddie's yolov3" in theirs.reason
    assert (other.fit, other.is_guess) == (Fit.STRETCH, True)


@pytest.mark.parametrize(
    "section",
    [
        "convolutional filters=128 size=3 groups=32 activation=leaky",
        "softmax groups=1 temperature=3",
        "rnn hidden=1024 output=1024 batch_normalize=1",
        "crop flip=0 angle=0 shift=0",
        "region classes=20 bias_match=1 rescore=1 thresh=.6 absolute=1",
    ],
)
def test_keys_of_the_originals_own_cfgs_are_no_mark(section: str) -> None:
    assert choose_fit(parse_cfg(cfg(13, 2, layers=(section,))), (0, 2, 0)).fit is Fit.LETTERBOX


def test_a_letter_box_that_is_no_number_is_refused() -> None:
    with pytest.raises(ModelError, match=r"cfg line 1, \[net\]: `letter_box=yes` is not a whole number"):
        choose_fit(parse_cfg(cfg(1, 1, net="letter_box=yes")))
