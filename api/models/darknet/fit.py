"""Letterbox or stretch: how a Darknet model wants its images, which the program that trained it decided.

pjreddie's program fits an image into the input with grey borders. AlexeyAB's fork, and hank-ai's that came of it,
stretch it to the input, in training and in detection, unless the cfg says `letter_box=1`. Three things tell them apart:
what in the cfg only the fork reads; the version that each writes into its weights files; and, if neither helps, whether
the layers are those of a network that pjreddie published. The fork's repository holds cfgs of pjreddie's models, too;
their weights are of his program.
Sources: `src/parser.c`, `src/activations.c` and `src/detector.c` of https://github.com/pjreddie/darknet (f6afaab) and
https://github.com/AlexeyAB/darknet (59596d7), and `src-lib/darknet_cfg.cpp` of https://github.com/hank-ai/darknet
(f684e1d).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from api.models.card import Fit
from api.models.darknet.cfg import Section, read_cfg
from api.models.darknet.files import ModelFiles
from api.models.errors import ModelError

Version = tuple[int, int, int]  # major, minor, revision: the head of a weights file


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What only the fork's parser reads. Not here, though the fork reads them where pjreddie does not: `flip`, `angle`,
# `reverse`, `hidden`, `mean` and `std`, because his cfgs have some of them in other sections; `show_receptive_field`,
# because a copy of his yolov3.cfg in the fork's repository has it.
FORK_KEYS = _words("""
    adversarial_lr antialiasing assisted_excitation attention augment_speed badlabels_rejection_percentage beta_nms
    bin_output blur burnin_update cbn cls_normalizer contrastive contrastive_color contrastive_jit_flip coordconv
    counters_per_class cutmix delta_normalizer dets_for_show dets_for_track dilation dont_update dropblock
    dropblock_size_abs dropblock_size_rel dynamic_minibatch ema_alpha embedding_layer equidistant_point focal_loss
    gaussian_noise grad_centr group_id ignore_cls input_calibration iou_loss iou_normalizer iou_thresh iou_thresh_kind
    label_smooth_eps learning_rate_min letter_box loss_scale max_chart_loss max_delta maxpool_depth maxpool_zero_nonmax
    mixup mosaic mosaic_bound new_coords nms_kind num_sigmas_reject_badlabels obj_normalizer objectness_smooth
    optimized_memory out_channels resize resize_step rotate scale_x_y seq_scales sequential_subdivisions sgdr_cycle
    sgdr_mult share_index show_details sim_thresh stretch stretch_sway stride_x stride_y sway track track_ciou_norm
    track_history_size train_only_bn try_fix_nan uc_normalizer unsupervised use_cuda_graph wait_stream
    weights_normalization weights_reject_freq weights_type workspace_size_limit_MB yolo_layer
""")
FORK_LAYERS = _words("""
    Gaussian_yolo contrastive conv_lstm empty history implicit local_avg local_avgpool reorg3d sam scale_channels
    silence
""")
FORK_ACTIVATIONS = _words("""
    gelu hard_mish mish normalize_channels normalize_channels_softmax normalize_channels_softmax_maxval relu6 revleaky
    silu swish
""")

FORK_VERSIONS = ((0, 2, 5), (0, 1, 0))  # since October 2018, and before
ORIGINAL_VERSION = (0, 2, 0)  # since June 2017, so before there was a [yolo] layer
# The networks that pjreddie published with [yolo] layers, by how many layers of each of these kinds they have.
COUNTED = ("convolutional", "shortcut", "yolo")
ORIGINAL_NETWORKS: dict[tuple[int, ...], str] = {
    (13, 0, 2): "yolov3-tiny",
    (75, 23, 3): "yolov3",
    (76, 23, 3): "yolov3-spp",
}


@dataclass(frozen=True, slots=True)
class FitChoice:
    """How images are fitted, and why: a phrase. `is_guess`: the phrase is only likely to be right."""

    fit: Fit
    reason: str
    is_guess: bool = False


def read_fit(files: ModelFiles, version: Version, said: Fit | None) -> FitChoice:
    """Choose for a model's files; what the owner said, if anything, decides. Raises ModelError."""
    if said:
        return FitChoice(said, f"{files.name}.toml says so")
    try:
        return choose_fit(read_cfg(files.cfg), version)
    except ModelError as error:
        raise ModelError(f"{files.cfg.name}: {error}") from error


def choose_fit(sections: Sequence[Section], version: Version | None = None) -> FitChoice:
    """Choose by a cfg and the version in the head of its weights, if there are weights.

    Raises ModelError if `letter_box` is not a whole number.
    """
    if "letter_box" in sections[0].values:
        fit = Fit.LETTERBOX if sections[0].integer("letter_box") else Fit.STRETCH
        return FitChoice(fit, f"the cfg says letter_box={sections[0].values['letter_box']}")
    mark = next(filter(None, map(_find_mark, sections)), None)
    if mark:
        return FitChoice(Fit.STRETCH, f"the cfg has {mark} of AlexeyAB's fork of Darknet")
    numbers = ".".join(map(str, version or ()))
    if version in FORK_VERSIONS:
        return FitChoice(Fit.STRETCH, f"the weights are of version {numbers}, which AlexeyAB's fork of Darknet writes")
    if version == ORIGINAL_VERSION:
        return FitChoice(
            Fit.LETTERBOX,
            f"nothing in the cfg is of AlexeyAB's fork, and the weights are of version {numbers}, which pjreddie's"
            " Darknet writes",
        )
    return _guess_by_layers(sections)


def _find_mark(section: Section) -> str | None:
    """Name what in the section only the fork knows, if anything."""
    if section.kind in FORK_LAYERS:
        return f"[{section.kind}], a layer"
    activation = section.values.get("activation", "")
    if activation in FORK_ACTIVATIONS:
        return f"`activation={activation}`, an activation"
    if section.kind == "route" and "groups" in section.values:  # a convolution's `groups` is pjreddie's too
        return "`groups` in [route], a key"
    key = next((key for key in section.values if key in FORK_KEYS), None)
    return f"`{key}`, a key" if key else None


def _guess_by_layers(sections: Sequence[Section]) -> FitChoice:
    counts = Counter(section.kind for section in sections)
    name = ORIGINAL_NETWORKS.get(tuple(counts[kind] for kind in COUNTED))
    if name:
        return FitChoice(
            Fit.LETTERBOX, f"the layers are those of pjreddie's {name}, with nothing of AlexeyAB's fork", is_guess=True
        )
    return FitChoice(
        Fit.STRETCH,
        "the layers are those of no network that pjreddie published, so it is likely of AlexeyAB's fork of Darknet",
        is_guess=True,
    )
