"""`NAME.chain.toml`: the steps of a chain as its owner wrote them, and what is wrong with them in words.

It is read without any model. What needs the models (their tasks and labels) is checked in `assemble.py`.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from api.models.description import KEYS, Key
from api.models.errors import ModelError
from api.tasks.registry import TASKS

ENDING = ".chain.toml"
MOST_STEPS = 8
MOST_BYTES = 100_000
MOST_CROPS = 100
MOST_MARGIN = 2.0
ATTACH = re.compile(r"[a-z][a-z0-9_]{0,39}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Crop:
    """How a box is cut out: with a margin of so much of its width and height on each side, and how many boxes."""

    margin: float = 0.1
    at_most: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFile:
    """A step as it was written: a gate has `passes`, one that looks at boxes has `crop`, and one alone has neither."""

    number: int
    run: str
    passes: tuple[str, ...] = ()
    at_least: float = 0.0
    otherwise: str = ""
    keep: tuple[str, ...] = ()
    crop: Crop | None = None
    attach: str = ""


@dataclass(frozen=True, slots=True)
class ChainFile:
    """A chain as it was written: gates, the step that answers, and the steps that look at the boxes of that."""

    file: str
    task: str
    gates: tuple[StepFile, ...]
    main: StepFile
    crops: tuple[StepFile, ...]
    licence: str | None = None
    source: str | None = None

    @property
    def steps(self) -> tuple[StepFile, ...]:
        """All steps, in their order."""
        return (*self.gates, self.main, *self.crops)


def _text(value: Any) -> str:
    text: str = KEYS["task"].read(value)
    return text


def _model(value: Any) -> str:
    name = _text(value)
    if "/" in name or "\\" in name or name.startswith("."):
        raise ValueError(value)
    return name


def _labels(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(value)
    return tuple(_text(label) for label in value)


def _number(low: float, high: float) -> Key:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(value)
        return float(value)

    return Key(f"a number from {low:g} to {high:g}", read)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_CROPS:
        raise ValueError(value)
    return value


def _attach(value: Any) -> str:
    if not ATTACH.fullmatch(_text(value)):
        raise ValueError(value)
    return _text(value)


def _task(value: Any) -> str:
    if _text(value) not in TASKS:
        raise ValueError(value)
    return _text(value)


CROP_KEYS = {
    "margin": _number(0, MOST_MARGIN),
    "at_most": Key(f"a whole number from 1 to {MOST_CROPS}", _count),
}


def _crop(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(value)
    return value


CHAIN_KEYS = {
    "task": Key(" or ".join(f'"{task}"' for task in TASKS), _task),
    "licence": KEYS["licence"],
    "source": KEYS["source"],
}
STEP_KEYS = {
    "run": Key('the name of a model, such as "yolov3"', _model),
    "pass": Key('a list of labels, such as ["street sign"]', _labels),
    "at_least": _number(0.001, 1),
    "otherwise": Key("a sentence for the person who asked", _text),
    "keep": Key('a list of labels, such as ["stop sign"]', _labels),
    "crop": Key("a table such as { margin = 0.1, at_most = 10 }", _crop),
    "attach": Key('a word such as "text": at most 40 letters, digits and `_`, a letter first', _attach),
}


def chain_file(name: str, folder: Path) -> Path:
    """Return where the chain `name` is, if there is one."""
    return folder / f"{name}{ENDING}"


def nearest(word: str, known: Collection[str]) -> str:
    """Return " (the nearest is 'car')", or nothing if nothing is near."""
    near = get_close_matches(word, known, 1)
    return f" (the nearest is {near[0]!r})" if near else ""


def read_chain_file(path: Path) -> ChainFile:
    """Return the chain that a file describes. Raises ModelError."""
    document = _read_toml(path)
    steps = document.pop("step", None)
    said = _read_keys(path.name, document, {**CHAIN_KEYS, "step": KEYS["task"]})
    if "task" not in said:
        raise ModelError(f'{path.name} does not say what it answers: task = "detection", or another task')
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        raise ModelError(f'{path.name} has no steps: each begins with a line [[step]] and has run = "a model"')
    if len(steps) > MOST_STEPS:
        raise ModelError(f"{path.name} has {len(steps)} steps, and a chain has {MOST_STEPS} at most")
    read = [_read_step(path.name, number, step) for number, step in enumerate(steps, 1)]
    return _in_order(path.name, said, read)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ModelError(f"{path.name} has over {MOST_BYTES:,} bytes, and a chain needs a few lines")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ModelError(f"{path.name} is not in the weights folder") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"{path.name} is not TOML: {error}") from error
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read: {error.strerror}") from error


def _read_keys(place: str, table: Mapping[str, Any], keys: Mapping[str, Key]) -> dict[str, Any]:
    """Return what the values of a table mean."""
    said = {}
    for key, value in table.items():
        if key not in keys:
            known = ", ".join(f"`{name}`" for name in keys)
            raise ModelError(f"{place}: there is no key `{key}`{nearest(key, keys)}; there are {known}")
        try:
            said[key] = keys[key].read(value)
        except (ValueError, TypeError) as error:
            raise ModelError(f"{place}: `{key}` is {value!r}, and {keys[key].expected} is expected") from error
    return said


def _read_step(file: str, number: int, table: Mapping[str, Any]) -> StepFile:
    place = f"{file}, step {number}"
    said = _read_keys(place, table, STEP_KEYS)
    if "run" not in said:
        raise ModelError(f'{place} does not say which model it runs: run = "yolov3"')
    if "pass" in said:
        _refuse(place, said, ("keep", "crop", "attach"), "is a gate (it has `pass`)")
        if "at_least" not in said:
            raise ModelError(f"{place} does not say how sure the gate must be: at_least = 0.2")
    else:
        _refuse(place, said, ("at_least", "otherwise"), "is no gate (it has no `pass`)")
    if "crop" in said:
        _refuse(place, said, ("keep",), "looks at boxes (it has `crop`)")
        if "attach" not in said:
            raise ModelError(f'{place} does not say what its answer is called: attach = "text"')
        said["crop"] = Crop(**_read_keys(f"{place}, crop", said["crop"], CROP_KEYS))
    else:
        _refuse(place, said, ("attach",), "looks at no boxes (it has no `crop`)")
    said["passes"] = said.pop("pass", ())
    return StepFile(number=number, **said)


def _refuse(place: str, said: Mapping[str, Any], keys: Sequence[str], why: str) -> None:
    wrong = next((key for key in keys if key in said), None)
    if wrong:
        raise ModelError(f"{place} {why}, and `{wrong}` is not for such a step")


def _in_order(file: str, said: Mapping[str, Any], steps: Sequence[StepFile]) -> ChainFile:
    """Return the chain of these steps: gates first, then one that answers, then those that look at its boxes."""
    answering = [step for step in steps if not step.passes and not step.crop]
    if not answering:
        raise ModelError(f"{file} has no step that answers: one with neither `pass` nor `crop`, such as a detector")
    if len(answering) > 1:
        raise ModelError(
            f"{file}: steps {answering[0].number} and {answering[1].number} would both answer; give the second one"
            " `crop`, or `pass` and a place before the first one"
        )
    main = answering[0]
    gates = tuple(step for step in steps if step.passes)
    crops = tuple(step for step in steps if step.crop)
    late = next((step for step in gates if step.number > main.number), None)
    if late:
        raise ModelError(f"{file}: the gate of step {late.number} comes too late, step {main.number} has answered")
    early = next((step for step in crops if step.number < main.number), None)
    if early:
        raise ModelError(f"{file}: step {early.number} has no boxes to cut out, step {main.number} finds them later")
    names = [step.attach for step in crops]
    twice = next((step for step in crops if names.index(step.attach) != crops.index(step)), None)
    if twice:
        first = crops[names.index(twice.attach)].number
        raise ModelError(f"{file}: steps {first} and {twice.number} both attach {twice.attach!r}; call one otherwise")
    return ChainFile(file, said["task"], gates, main, crops, said.get("licence"), said.get("source"))
