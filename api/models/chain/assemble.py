"""From a chain as it was written, and the models that it names, to a chain that answers."""

from collections.abc import Sequence
from dataclasses import replace

from api.models.card import ModelCard
from api.models.chain.chain import Chain, CropStep, GateStep
from api.models.chain.file import ChainFile, Crop, StepFile, nearest
from api.models.errors import ModelError
from api.models.model import Model
from api.tasks.chaining import AnyChaining
from api.tasks.registry import TASKS


def assemble(name: str, chain: ChainFile, models: Sequence[Model]) -> Chain:
    """Return the chain of these models, one for each step. Raises ModelError if one cannot do what its step asks."""
    gates = models[: len(chain.gates)]
    main = models[len(chain.gates)]
    crops = models[len(chain.gates) + 1 :]
    chaining = _check_main(chain, main)
    return Chain(
        _card(name, chain, main, models),
        tuple(_gate(chain, step, model) for step, model in zip(chain.gates, gates, strict=True)),
        main,
        chaining.nothing,
        frozenset(chain.main.keep) or None,
        tuple(_crop(chain, step, model, main) for step, model in zip(chain.crops, crops, strict=True)),
    )


def _check_main(chain: ChainFile, main: Model) -> AnyChaining:
    place, task = _place(chain, chain.main), main.card.task
    if task != chain.task:
        raise ModelError(
            f"{place}: {main.card.name} answers {task}, and {chain.file} says that it answers {chain.task}"
        )
    chaining = TASKS[task].chaining
    if chaining is None:
        raise ModelError(f"{place}: a chain cannot answer {task}")
    if chain.main.keep and task != "detection":
        raise ModelError(f"{place}: `keep` is for detectors, and {main.card.name} is for {task}")
    _check_labels(place, chain.main.keep, main.card)
    return chaining


def _gate(chain: ChainFile, step: StepFile, model: Model) -> GateStep:
    place, chaining = _place(chain, step), TASKS[model.card.task].chaining
    if chaining is None or chaining.gate is None:
        raise ModelError(
            f"{place}: {model.card.name} cannot be a gate, because {model.card.task} finds no labels; take a classifier"
            " or a detector"
        )
    _check_labels(place, step.passes, model.card)
    reason = step.otherwise or f"{model.card.name} finds none of these: {', '.join(step.passes)}."
    return GateStep(model, chaining.gate, frozenset(step.passes), step.at_least, reason)


def _crop(chain: ChainFile, step: StepFile, model: Model, main: Model) -> CropStep:
    place, chaining = _place(chain, step), TASKS[model.card.task].chaining
    if main.card.task != "detection":
        raise ModelError(
            f"{place} cuts out boxes, and step {chain.main.number}, {main.card.name}, finds none: it is for"
            f" {main.card.task}"
        )
    if chaining is None or chaining.attached is None:
        raise ModelError(
            f"{place}: what {model.card.name} answers ({model.card.task}) cannot be attached to a box; take a"
            " classifier, a detector or a reader"
        )
    crop = step.crop or Crop()
    return CropStep(model, chaining.attached, step.attach, crop.margin, crop.at_most)


def _place(chain: ChainFile, step: StepFile) -> str:
    return f"{chain.file}, step {step.number}"


def _check_labels(place: str, labels: Sequence[str], card: ModelCard) -> None:
    missing = next((label for label in labels if label not in card.labels), None)
    if missing is not None:
        raise ModelError(f"{place}: {card.name} has no label {missing!r}{nearest(missing, card.labels)}")


def _card(name: str, chain: ChainFile, main: Model, models: Sequence[Model]) -> ModelCard:
    """Return the main model's card under the chain's name; its licence holds for all parts together."""
    licences = list(dict.fromkeys(model.card.licence for model in models))
    known = [licence for licence in licences if licence]
    return replace(
        main.card,
        name=name,
        source_format="chain",
        licence=chain.licence or (" AND ".join(known) if len(known) == len(licences) else None),
        origin=chain.source,
        reasons={"task": f"{chain.file} says so", "labels": f"those of {main.card.name}"},
    )
