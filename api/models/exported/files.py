"""An exported model's files: `NAME.onnx` or `NAME.tflite`, and what belongs to it."""

from dataclasses import dataclass
from pathlib import Path

from api.models.description import description_file, read_description
from api.models.exported.onnx_file import external_files

FORMATS = {".onnx": "ONNX", ".tflite": "TFLite"}


@dataclass(frozen=True, slots=True)
class ExportedFiles:
    """Where the files are. Raises StopIteration if there are none."""

    name: str
    folder: Path

    @property
    def graph(self) -> Path:
        """The exported file."""
        return next(path for path in map(self._with, FORMATS) if path.is_file())

    @property
    def source_format(self) -> str:
        """Its format's name."""
        return FORMATS[self.graph.suffix]

    def present(self) -> list[Path]:
        """Return all files that the model is made of, the graph first. Raises ModelError."""
        paths = [self.graph]
        if self.graph.suffix == ".onnx":
            paths += external_files(self.graph)
        if description_file(self.name, self.folder).is_file():
            paths += read_description(self.name, self.folder).files
        shared = self.folder / "coco.names"
        return paths + [path for path in (self._with(".names"), shared) if path.is_file() and path not in paths]

    def _with(self, ending: str) -> Path:
        return self.folder / f"{self.name}{ending}"
