"""`NAME.reader.toml` and the networks that it names to a model that reads."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from api.models.converted.files import ConvertedFiles
from api.models.converted.source import Source, read_source
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.findings import Finding, look_at_files
from api.models.model import Model, NetworkModel
from api.models.options import RunOptions
from api.models.reading.files import ReaderFiles
from api.models.reading.model import Reader
from api.tasks.reading import characters, direction, regions

DEFINITION = "api.models.reading.definition"
FAMILIES = {"detection": regions.FAMILY, "recognition": characters.FAMILY, "direction": direction.FAMILY}


def read_model(name: str, folder: Path, options: RunOptions, cores: Cores) -> Model:
    """Read `NAME.reader.toml` in `folder` and its networks. Raises ModelError."""
    files = ReaderFiles(name, folder)
    converted = (options.converted_dir or folder / "converted") / name
    own = replace(options, input_size=None, converted_dir=converted)
    networks: dict[str, NetworkModel] = {}
    for role, exported in files.networks.items():
        source = Source(exported.name, folder, DEFINITION, exported.present(), by_torch=False)
        networks[role] = read_source(source, own, cores)
        found, wanted = networks[role].card.family, FAMILIES[role]
        if found != wanted:
            raise ModelError(
                f"{files.toml.name}: `{role}` names {exported.graph.name}, which is of the family {found}, not {wanted}"
            )
    detection, recognition = networks["detection"], networks["recognition"]
    spec = detection.card.input
    reasons = {role: model.engine.description for role, model in networks.items() if model is not detection}
    card = replace(
        detection.card,
        name=name,
        input=replace(spec, size=(options.input_size or min(spec.size), max(spec.size))),
        licence=files.said.licence,
        origin=files.said.source,
        reasons={**detection.card.reasons, **reasons},
    )
    return Reader(
        card, detection.engine, detection.decode, recognition=recognition, direction=networks.get("direction")
    )


def read_graph(name: str, _folder: Path, _options: RunOptions, _cores: Cores) -> tuple[ConvertedFiles, str]:
    """Raise ModelError: a reader has several graphs, and photographs do not tell which text int8 would lose."""
    raise ModelError(f"{name} is a reader, which has several networks; none of them goes elsewhere alone")


def check(name: str, folder: Path) -> Iterator[Finding]:
    """Look through the networks' files; see `Format`."""
    return look_at_files(ReaderFiles(name, folder).present)


def describe(name: str, folder: Path) -> str:
    """Return which file does what. Raises ModelError."""
    networks = ReaderFiles(name, folder).networks
    return "".join(f"Its {role} is {files.graph.name}.\n" for role, files in networks.items())
