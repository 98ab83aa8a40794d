"""The formats that models come in. A new one is a folder with a `reader` module and a line here.

Importing this loads neither NumPy nor torch, so that a start can look here before it loads anything.
"""

from dataclasses import dataclass
from pathlib import Path

from api.models.errors import ModelError


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. A model needs a file NAME with each of the `endings`; the first one identifies the format.

    `reader` is the module whose `read_model` makes a Model of the files, and whose `read_graph` gives the graph for
    OpenVINO that is quantized, with the hash of what it was made of. For `make check-model`, its `check` yields
    Findings about the files before anything is computed, all that are wrong at once. Its `describe` returns what there
    is to tell of the files beyond the card; it is called only if the model was loaded. A chain has `read_chain` in
    place of `read_model`: it gets its models from the function that loads them by name.
    """

    endings: tuple[str, ...]
    reader: str


DARKNET = Format((".cfg", ".weights"), "api.models.darknet.reader")
ONNX = Format((".onnx",), "api.models.exported.reader")
TFLITE = Format((".tflite",), "api.models.exported.reader")
OPENVINO = Format((".xml", ".bin", ".json"), "api.models.converted.reader")
TORCHVISION = Format((".torchvision.toml",), "api.models.torchvision.reader")
READER = Format((".reader.toml",), "api.models.reading.reader")
CHAIN = Format((".chain.toml",), "api.models.chain.reader")
FORMATS = (DARKNET, ONNX, TFLITE, OPENVINO, TORCHVISION, READER, CHAIN)


def find_format(name: str, folder: Path) -> Format:
    """Return the first format whose files are there; if there is none, the one that an error should ask for."""
    return next((known for known in FORMATS if (folder / f"{name}{known.endings[0]}").is_file()), DARKNET)


def require_model(name: str, folder: Path) -> None:
    """Raise ModelError unless the model's files are there. Quick, so that a start fails early."""
    needed = [f"{name}{ending}" for ending in find_format(name, folder).endings]
    missing = [file for file in needed if not (folder / file).is_file()]
    if missing == needed:
        files = ", ".join(f"{name}{known.endings[0]}" for known in FORMATS)
        raise ModelError(
            f"the model {name!r} is not in the weights folder, which has none of {files}: put one there, or take one of"
            " `make models` (scripts/download_weights.sh fetches it)"
        )
    if missing:
        raise ModelError(f"the model {name!r} needs {missing[0]}, and it is not in the weights folder")
