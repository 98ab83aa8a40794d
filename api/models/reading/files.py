"""A reader's files: `NAME.reader.toml`, and the ONNX files of the networks that it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.models.described_files import DescribedFiles
from api.models.description import KEYS, Key
from api.models.errors import ModelError
from api.models.exported.files import ExportedFiles


def _file_name(value: object) -> str:
    if not isinstance(value, str) or Path(value).name != value or not value.endswith(".onnx"):
        raise ValueError(value)
    return value


NEEDED, OPTIONAL = ("detection", "recognition"), ("direction",)
DESCRIPTION_KEYS = {
    **{role: Key('the name of a file beside it, such as "mine.onnx"', _file_name) for role in (*NEEDED, *OPTIONAL)},
    **{key: KEYS[key] for key in ("licence", "source")},
}


@dataclass(frozen=True)
class ReaderFiles(DescribedFiles):
    """Where the files are."""

    kind = "reader"
    keys = DESCRIPTION_KEYS

    @property
    def networks(self) -> Mapping[str, ExportedFiles]:
        """The networks' files by what each does. Raises ModelError if one is not there."""
        named: Mapping[str, str] = self.said.own
        for role in NEEDED:
            if role not in named:
                raise ModelError(f'{self.toml.name} does not say which network does the {role}: {role} = "mine.onnx"')
        for role, file in named.items():
            if not (self.folder / file).is_file():
                raise ModelError(f"{self.toml.name}: `{role}` names {file}, which is not in the weights folder")
        return {role: ExportedFiles(file.removesuffix(".onnx"), self.folder) for role, file in named.items()}

    def present(self) -> list[Path]:
        """Return all files that the model is made of. Raises ModelError."""
        return [self.toml, *(path for files in self.networks.values() for path in files.present())]
