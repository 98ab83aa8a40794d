"""A model's card as its owner reads it: a line for each thing, and where it comes from."""

from collections.abc import Iterator

from api.models.card import Colour, Fit, InputSpec, ModelCard, Sampling

FIRST_LABELS = 5
RESIZED = {
    Fit.LETTERBOX: "fitted into the input whole, with padding around it (letterbox)",
    Fit.TOP_LEFT: "fitted into the input whole, at the top left, with padding right and below (letterbox-top-left)",
    Fit.STRETCH: "stretched to the input (stretch)",
    Fit.CENTRE_CROP: "scaled, and cut out of the middle (centre-crop)",
    Fit.SHORTER_SIDE: "scaled by its shorter side (shorter-side)",
    Fit.AT_LEAST: "enlarged to a shorter side of at least that, and reduced to a longer one of at most that (at-least)",
}
SAMPLED = {
    Sampling.DARKNET: "bilinear as in Darknet, corner on corner (darknet)",
    Sampling.BILINEAR: "from four pixels (bilinear)",
    Sampling.EXACT: "from four pixels, nothing rounded (exact)",
    Sampling.ANTIALIAS: "from all pixels that a sample covers (antialias)",
    Sampling.BICUBIC: "from all pixels that a sample covers (bicubic)",
}


def describe_card(card: ModelCard) -> str:
    """Return the card, a line for each thing; in brackets what told it, if that is not obvious."""
    reasons = dict(card.reasons)
    lines = [f"{card.name} as it was read:"]
    for key, text in _entries(card):
        why = reasons.pop(key, "")
        lines.append(f"  {key.rpartition('.')[2]:<9} {text}{f'  [{why}]' if why else ''}")
    lines += [f"  {key:<9} {why}" for key, why in reasons.items()]
    return "\n".join(lines) + "\n"


def _entries(card: ModelCard) -> Iterator[tuple[str, str]]:
    """Yield (key in the card's reasons, text)."""
    spec = card.input
    first = ", ".join(card.labels[:FIRST_LABELS])
    yield "format", card.source_format
    yield "task", card.task
    yield "family", card.family
    simple = {key: value for key, value in card.output.items() if isinstance(value, bool | int | float | str)}
    if simple:
        yield "output", ", ".join(f"{key} = {value}" for key, value in simple.items())
    if card.labels:
        yield "labels", f"{len(card.labels)}: {first}{', ...' if len(card.labels) > FIRST_LABELS else ''}"
    free = f", or any multiple of {spec.cell}" if spec.cell > 1 else ""
    yield "input.size", f"{spec.size[1]} x {spec.size[0]} (width x height){free}"
    side = f" to a shorter side of {spec.shorter_side}" if spec.resize is Fit.CENTRE_CROP else ""
    yield "input.resize", f"an image is {RESIZED[spec.resize]}{side}"
    yield "input.sampling", SAMPLED[spec.sampling]
    yield "input.colour", "red, green, blue" if spec.colour is Colour.RGB else "blue, green, red"
    yield from _describe_values(spec)
    if card.training:
        yield "trained", ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in card.training.items())
    yield "licence", card.licence or 'not known; its TOML can say it: licence = "..."'
    yield "origin", card.origin or 'not known; its TOML can say it: source = "..."'


def _describe_values(spec: InputSpec) -> Iterator[tuple[str, str]]:
    """Yield how a pixel becomes a number."""
    inverse = round(1 / spec.scale, 3)
    yield (
        "input.scale",
        f"{spec.scale:.6g}, of pixels from 0 to 255" + (f" (1 / {inverse:g})" if spec.scale < 1 else ""),
    )
    yield "input.mean", ", ".join(f"{value:g}" for value in spec.mean) + " are taken off after that"
    yield "input.std", ", ".join(f"{value:g}" for value in spec.std) + " divide what is left"
    if spec.resize in (Fit.LETTERBOX, Fit.TOP_LEFT):
        yield "input.pad", f"{'0 after all that' if spec.pad is None else f'{spec.pad:g}'} where there is no image"
