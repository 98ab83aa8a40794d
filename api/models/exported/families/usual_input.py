"""How the input of most classifiers and segmenters is made: what an owner is shown who has to say it of theirs."""

from collections.abc import Sequence

from api.models.exported.facts import Facts

SCALE = {
    # As `tf.keras.applications.imagenet_utils.preprocess_input(mode="tf")` has it: from -1 to 1.
    True: ("scale = 1.0", "mean = [127.5, 127.5, 127.5]", "std = [127.5, 127.5, 127.5]"),
    # As torchvision's weights have it: the mean and the spread of ImageNet's pixels.
    False: ("mean = [0.485, 0.456, 0.406]", "std = [0.229, 0.224, 0.225]"),
}


def usual_input(facts: Facts, resize: Sequence[str], side: int) -> str:
    """Return the lines of [input]; `resize` are those that say how a picture is fitted, `side` its free sides."""
    maker = "TensorFlow" if facts.is_channels_last else "PyTorch"
    lines = [f"[input]  # as the model was trained; this is usual for models of {maker}", *resize]
    if None in facts.size:
        lines.append(f"size = [{facts.size[0] or side}, {facts.size[1] or side}]")
    return "\n".join([*lines, 'sampling = "antialias"', 'colour = "rgb"', *SCALE[facts.is_channels_last]])


def untold(facts: Facts) -> tuple[str, ...]:
    """Return the keys of [input] that such a file does not tell."""
    return ("resize", "mean", *(["size"] if None in facts.size else []))
