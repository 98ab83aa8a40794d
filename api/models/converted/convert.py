"""`python -m api.models.converted.convert NAME FOLDER DEFINITION TARGET`: a model's files to a graph for OpenVINO.

A process of its own, so that what it loads, such as PyTorch, ends with it. DEFINITION is the module whose
`write_graph(name, folder, files)` writes the graph into TARGET and returns the card.
"""

import sys
from importlib import import_module
from pathlib import Path

from api.models.converted.files import ConvertedFiles
from api.models.converted.report import say
from api.models.errors import ModelError


def main(name: str, folder: str, definition: str, target: str) -> int:
    """Convert a model; returns the exit status."""
    files = ConvertedFiles(Path(target), name)
    try:
        say(progress="converting it for OpenVINO, once: reading the weights")
        files.write_card(import_module(definition).write_graph(name, Path(folder), files))
    except (ModelError, OSError) as error:
        say(error=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
