"""A chain as a picture in letters: what goes where, and what stops."""

from collections.abc import Iterator

from api.models.chain.file import ChainFile, Crop, StepFile

DOWN = ("   │", "   ▼")


def draw_chain(chain: ChainFile) -> str:
    """Return the picture: a box for each step, an arrow to the next one, and the way out of each gate."""
    lines = ["image", *DOWN]
    for gate in chain.gates:
        lines += [
            *_box(gate.run, _asks(gate)),
            f'   ├── no ──▶ stop: "{gate.otherwise or "none of these"}"',
            "   │ yes",
            "   ▼",
        ]
    kept = f"keeps {', '.join(chain.main.keep)}" if chain.main.keep else "keeps all that it finds"
    lines += _box(chain.main.run, [f"answers {chain.task}", *([kept] if chain.task == "detection" else [])])
    for step in chain.crops:
        lines += ["   │", f"   │ {_cuts(step.crop or Crop())}", "   ▼", *_box(step.run, [f"attaches {step.attach!r}"])]
    return "\n".join([*lines, *DOWN, "answer"]) + "\n"


def _asks(gate: StepFile) -> list[str]:
    return [f"is there at least {gate.at_least:.0%} of", *(f"  {label}?" for label in gate.passes)]


def _cuts(crop: Crop) -> str:
    return f"each of the first {crop.at_most} boxes, cut out with a margin of {crop.margin:.0%}"


def _box(title: str, words: list[str]) -> Iterator[str]:
    """Yield the lines of a box with a title."""
    width = max(map(len, (title, *words)))
    yield f"┌{'─' * (width + 2)}┐"
    yield from (f"│ {line:<{width}} │" for line in (title, *words))
    yield f"└{'─' * (width + 2)}┘"
