"""The form of a POST: an image file and the fields beside it, checked."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from flask import Request
from werkzeug.datastructures import FileStorage

from api.errors import BadRequest
from api.models.card import ModelCard
from api.tasks.options import TRUTH, Reader, whole_number
from api.tasks.registry import TASKS

FILE_FIELDS = ("file", "image")
MAX_NAME_LENGTH = 255
UNSET = ("", "undefined")  # what older pages send for a picture without an EXIF tag
ORIENTATION = whole_number(1, 8)
DISPLAY_WIDTH = whole_number(100, 10_000)

Options = TypeVar("Options")


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file: its bytes, and the name it came under (of one line, without folders)."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ImageFields:
    """The fields that every task has. `orientation` None: that of the file's own EXIF tag."""

    model: str | None
    orientation: int | None
    annotate: bool
    display_width: int | None


def read_upload(request: Request, names: Sequence[str] = FILE_FIELDS) -> Upload:
    """Return the one uploaded file, in a field of one of the names. Raises BadRequest."""
    file = one_file(request, names)
    return Upload(clean_name(file.filename or ""), file.stream.read())


def one_file(request: Request, names: Sequence[str] = FILE_FIELDS) -> FileStorage:
    """Return the one uploaded file, unread, in a field of one of the names. Raises BadRequest."""
    if request.mimetype != "multipart/form-data":
        raise BadRequest(f"Send the image as multipart/form-data in a field named `{names[0]}`.")
    files = [file for field in names for file in request.files.getlist(field)]
    if not files:
        raise BadRequest(f"There is no image: send it as a file in a field named `{names[0]}`.")
    if len(files) > 1:
        raise BadRequest(f"There are {len(files)} images; send one at a time.")
    return files[0]


def read_image_fields(request: Request) -> ImageFields:
    """Return the fields that every task has. Raises BadRequest."""
    return ImageFields(
        model=_text(request, "model"),
        orientation=read_field(request, "orientation", ORIENTATION, None),
        annotate=read_field(request, "annotate", TRUTH, True),
        display_width=read_field(request, "display_width", DISPLAY_WIDTH, None),
    )


def read_options(request: Request, defaults: Options) -> Options:
    """Return a task's options; absent ones come from `defaults`, of the same class. Raises BadRequest."""
    values = {
        field.name: read_field(request, field.name, field.metadata["reader"], getattr(defaults, field.name))
        for field in fields(defaults)  # type: ignore[arg-type] # options are dataclasses
    }
    return replace(defaults, **values)  # type: ignore[type-var]


def read_options_for(request: Request, card: ModelCard, defaults: Mapping[str, Any]) -> Any:
    """Return the options of a model's task; absent ones come from `defaults`, which has each task's.

    Raises BadRequest, also if the model cannot do what they ask.
    """
    options = read_options(request, defaults[card.task])
    _refuse_ignored(request, options, defaults.values())
    TASKS[card.task].check(options, card.labels)
    return options


def _refuse_ignored(request: Request, own: Any, foreign: Iterable[Any]) -> None:
    """Raise BadRequest if the form asks for what only other tasks do, and what must not be ignored in silence.

    `own` are the options of the model's task, `foreign` those of others.
    """
    known = {field.name for field in fields(own)}
    for options in foreign:
        for field in fields(options):
            if field.metadata["may_be_ignored"] or field.name in known:
                continue
            default = getattr(options, field.name)
            if read_field(request, field.name, field.metadata["reader"], default) != default:
                raise BadRequest(f"The field `{field.name}` is not for this model: its task has no such option.")


def _text(request: Request, field: str) -> str | None:
    values = request.form.getlist(field)
    if len(values) > 1:
        raise BadRequest(f"The field `{field}` is there {len(values)} times; send it once.")
    text = values[0].strip() if values else ""
    return None if text in UNSET else text


def read_field(request: Request, field: str, reader: Reader, default: Any) -> Any:
    """Return a field's value; `default` if it is absent. Raises BadRequest."""
    text = _text(request, field)
    if text is None:
        return default
    try:
        return reader.read(text)
    except ValueError as error:
        raise BadRequest(f"The field `{field}` must be {reader.expected}, not {_one_line(text, 40)!r}.") from error


def clean_name(filename: str) -> str:
    """Return the name of a file in one line, without folders."""
    return _one_line(filename.replace("\\", "/").rsplit("/", 1)[-1], MAX_NAME_LENGTH) or "image"


def _one_line(text: str, length: int) -> str:
    """Return the text without control characters (or halves of broken ones), at most `length` long."""
    return "".join(character for character in text if unicodedata.category(character)[0] != "C")[:length].strip()
