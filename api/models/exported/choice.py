"""Which family a file is of, and its card: metadata and names first, the owner's word above all, nothing guessed."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from api.models.card import Fit, InputSpec, ModelCard
from api.models.description import Description, description_file, read_description
from api.models.errors import ModelError
from api.models.exported.draft import Draft, Family
from api.models.exported.facts import Facts
from api.models.exported.families.table import FAMILIES
from api.models.exported.files import ExportedFiles
from api.models.labels import read_labels
from api.tasks.registry import TASKS


def choose_draft(files: ExportedFiles, facts: Facts) -> tuple[Draft, ModelCard]:
    """Return how the file is read, and its card. Raises ModelError that says what to write into NAME.toml."""
    said = read_description(files.name, files.folder)
    draft = _find_draft(files, facts, said)
    spec = _describe_input(files, draft, facts, said)
    labels, why = _find_labels(files, draft, said)
    toml = description_file(files.name, files.folder).name
    reasons = dict(draft.reasons)
    reasons |= {f"input.{name}": f"{toml} says so" for name in said.input}
    reasons |= {key: f"{toml} says so" for key in ("task", "family", "licence") if getattr(said, key)}
    card = ModelCard(
        name=files.name,
        task=draft.task,
        family=draft.family,
        labels=labels,
        input=spec,
        source_format=files.source_format,
        licence=said.licence or draft.licence,
        origin=said.source or draft.origin,
        output=draft.output,
        reasons={**reasons, "labels": why},
    )
    return draft, card


def _find_draft(files: ExportedFiles, facts: Facts, said: Description) -> Draft:
    """Ask the family that the owner names, else each whether the file is its own."""
    if said.family:
        family = next((known for known in FAMILIES if said.family == known.FAMILY), None)
        if family is None:
            names = ", ".join(known.FAMILY for known in FAMILIES)
            raise ModelError(f"{files.name}.toml: there is no family {said.family!r}; there are {names}")
        _check_output(files, family, said.output)
        draft = family.draft(facts, said.output)
        _check_told(files, facts, said, (family, draft))
    else:
        if said.output:
            raise ModelError(f"{files.name}.toml: [output] belongs to a family; name it, too: family = ...")
        found = next((draft for draft in (family.recognise(facts) for family in FAMILIES) if draft), None)
        if found is None:
            raise ModelError(_ask(files, facts))
        draft = found
    if said.task and said.task != draft.task:
        raise ModelError(f"{files.name}.toml: `task` is {said.task!r}, but {facts.file} is for {draft.task}")
    if draft.family not in TASKS[draft.task].families:
        raise ModelError(f"{facts.file} is of the family {draft.family}, which does not do {draft.task} here")
    return draft


def _check_output(files: ExportedFiles, family: Family, output: Mapping[str, Any]) -> None:
    for key in output:
        if key not in family.OUTPUT_KEYS:
            known = ", ".join(f"`{each}`" for each in family.OUTPUT_KEYS) or "none"
            raise ModelError(
                f"{files.name}.toml: there is no key `[output] {key}` in the family {family.FAMILY}; there are: {known}"
            )


def _check_told(files: ExportedFiles, facts: Facts, said: Description, read: tuple[Family, Draft]) -> None:
    """Raise ModelError if the owner does not tell of the input what nobody else knows."""
    family, draft = read
    untold = ", ".join(f"`{key}`" for key in draft.untold if key not in said.input)
    if untold:
        raise ModelError(
            f"{facts.file} does not say how its input is made; write {untold} into [input] of {files.name}.toml as the"
            f" model was trained. For example:\n{_indent(family.suggest(facts) or '')}"
        )


def _ask(files: ExportedFiles, facts: Facts) -> str:
    """Say what cannot be known, and which lines would tell it."""
    suggestions = [lines for lines in (family.suggest(facts) for family in FAMILIES) if lines]
    toml = description_file(files.name, files.folder).name
    text = f"{facts.file} does not say how its outputs are read; they are: {facts.describe_outputs()}. "
    if not suggestions:
        return f"{text}No family that is known here has such outputs; docs/models.md lists them all."
    lines = "\n  or\n".join(map(_indent, suggestions))
    return f"{text}Write into {toml} beside it:\n{lines}"


def _indent(lines: str) -> str:
    return "\n".join(f"    {line}" for line in lines.splitlines())


def _describe_input(files: ExportedFiles, draft: Draft, facts: Facts, said: Description) -> InputSpec:
    """Return the input with the owner's words, held to the file's own size."""
    known = {one.name for one in fields(InputSpec)}
    spec = replace(draft.input, **{key: value for key, value in said.input.items() if key in known})
    toml = description_file(files.name, files.folder).name
    for side, (wanted, fixed) in zip(("height", "width"), zip(spec.size, facts.size, strict=True), strict=True):
        if fixed and wanted != fixed and not draft.frees_size:
            raise ModelError(f"{toml}: `[input] size` has a {side} of {wanted}, but {facts.file} takes only {fixed}")
        if spec.cell > 1 and wanted % spec.cell:
            raise ModelError(f"{toml}: `[input] size` has a {side} of {wanted}, which is no multiple of {spec.cell}")
    if spec.resize is Fit.CENTRE_CROP and draft.task != "classification":
        raise ModelError(
            f"{toml}: a centre crop hides what is at the border of a picture, so {draft.task} needs another"
        )
    if spec.resize is Fit.CENTRE_CROP and spec.shorter_side < max(spec.size):
        raise ModelError(
            f"{files.name}: a centre crop of {spec.size[1]} x {spec.size[0]} needs `[input] shorter_side` of at least"
            f" {max(spec.size)} in {toml}; most classifiers of {max(spec.size)} have {round(max(spec.size) / 0.875)}"
        )
    return spec


def _find_labels(files: ExportedFiles, draft: Draft, said: Description) -> tuple[tuple[str, ...], str]:
    """Return the labels and what they come from: NAME.toml, the file itself, NAME.names, or coco.names for 80."""
    own, shared = files.folder / f"{files.name}.names", files.folder / "coco.names"
    if said.labels:
        labels, why = said.labels, f"{files.name}.toml says so"
    elif own.is_file():
        labels, why = read_labels(own), f"{own.name} lies beside it"
    elif draft.labels:
        labels, why = draft.labels, draft.reasons.get("labels", "the file's metadata")
    elif draft.classes == 80 and shared.is_file():
        labels, why = read_labels(shared), f"it has 80 classes, as {shared.name}"
    else:
        count = f"its {draft.classes} labels" if draft.classes else "its labels"
        raise ModelError(
            f"{files.graph.name} does not name {count}: put {own.name} beside it, a label a line, or write"
            f' into {files.name}.toml: labels = ["first", "second"]'
        )
    if draft.classes is not None and len(labels) != draft.classes:
        raise ModelError(f"{files.graph.name} has {draft.classes} classes, but there are {len(labels)} labels ({why})")
    return labels, why
