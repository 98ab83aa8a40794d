"""`NAME.chain.toml` to a model that answers. The models of its steps are loaded once, whoever else serves them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from api.models.chain.assemble import assemble
from api.models.chain.file import ChainFile, chain_file, nearest, read_chain_file
from api.models.chain.picture import draw_chain
from api.models.converted.files import ConvertedFiles
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.findings import Finding, look_at_files
from api.models.formats import CHAIN, FORMATS, find_format, require_model
from api.models.model import Model
from api.models.options import RunOptions

MOST_CHAINS = 3  # one inside the other


def read_chain(name: str, folder: Path, load: Callable[[str], Model]) -> Model:
    """Return the chain; `load` returns a model by its name. Raises ModelError."""
    chain = require_chain(name, folder)
    return assemble(name, chain, [_load_step(chain.file, step.number, step.run, load) for step in chain.steps])


def _load_step(file: str, number: int, name: str, load: Callable[[str], Model]) -> Model:
    try:
        return load(name)
    except ModelError as error:
        raise ModelError(f"{file}, step {number}: {name} cannot be used: {error}") from error


def read_graph(name: str, _folder: Path, _options: RunOptions, _cores: Cores) -> tuple[ConvertedFiles, str]:
    """Raise ModelError: a chain has no network of its own."""
    raise ModelError(f"{name} is a chain of models; take the models of its steps")


def check(name: str, folder: Path) -> Iterator[Finding]:
    """Look whether the steps can be read, and their models are there; see `Format`."""

    def find() -> list[Path]:
        require_chain(name, folder)
        return [chain_file(name, folder)]

    return look_at_files(find)


def describe(name: str, folder: Path) -> str:
    """Return a picture of the chain in letters."""
    return draw_chain(read_chain_file(chain_file(name, folder)))


def require_chain(name: str, folder: Path) -> ChainFile:
    """Return the chain as it was written. Raises ModelError unless all models of it, and of chains in it, are there."""
    return _require(name, folder, (name,))


def _require(name: str, folder: Path, trail: tuple[str, ...]) -> ChainFile:
    """Return a chain that `trail` has led to: the chains from the outermost to this one."""
    chain = read_chain_file(chain_file(name, folder))
    for step in chain.steps:
        place = f"{chain.file}, step {step.number}"
        if step.run in trail:
            circle = " -> ".join((*trail[trail.index(step.run) :], step.run))
            raise ModelError(f"{place} runs {step.run}, which would never end: {circle}")
        if find_format(step.run, folder) is CHAIN:
            if len(trail) == MOST_CHAINS:
                raise ModelError(
                    f"{place} runs the chain {step.run}, and {' in '.join(reversed(trail))} are as many as may be"
                    " inside each other"
                )
            _require(step.run, folder, (*trail, step.run))
        else:
            _require_files(place, step.run, folder)
    return chain


def _require_files(place: str, name: str, folder: Path) -> None:
    try:
        require_model(name, folder)
    except ModelError as error:
        near = nearest(name, _names_in(folder) - {name})
        raise ModelError(f"{place}: {error}{near}") from error


def _names_in(folder: Path) -> set[str]:
    """Return the names of the models in a folder."""
    endings = [known.endings[0] for known in FORMATS]
    return {path.name.removesuffix(ending) for ending in endings for path in folder.glob(f"*{ending}")}
