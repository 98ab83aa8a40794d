"""What a file is that has a model's name and is none: told by its first bytes."""

from pathlib import Path

from api.models.errors import ModelError

LOOKED_AT = 512
EXPORT_IT = "; export it to ONNX (docs/models.md says how for each family)"
# The first bytes of what is often saved or renamed in the place of a model, in lower case.
STARTS = (
    (b"version https://git-lfs", "a Git LFS pointer; `git lfs pull` fetches the model itself"),
    (b"pk\x03\x04", f"a PyTorch checkpoint, or another ZIP file{EXPORT_IT}"),
    *((bytes([0x80, protocol]), f"a pickle, as old PyTorch checkpoints are{EXPORT_IT}") for protocol in range(2, 6)),
    (b"\x89hdf", f"an HDF5 file, as Keras writes{EXPORT_IT}"),
    (b"gguf", "a GGUF file, a language model"),
    (b"\x1f\x8b", "compressed by gzip; unpack it"),
    (b"<?xml", "XML, as OpenVINO's graphs are: those are NAME.xml and NAME.bin"),
    (b"<", "a web page; download the file itself, not the page about it"),
    (b"{", "JSON, not a model"),
)
TFLITE_MARK = b"TFL3"  # bytes 4 to 8, https://flatbuffers.dev/internals/ and TFLite's schema


def require_kind(path: Path) -> None:
    """Raise ModelError if a file is empty, or certainly of another format than its ending says."""
    try:
        with path.open("rb") as file:
            start = file.read(LOOKED_AT).removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read: {error.strerror}") from error
    if not start.strip(b"\0"):
        raise ModelError(f"{path.name} is empty: was it copied or downloaded to the end?")
    lower = start.lstrip().lower()
    found = next((what for sign, what in STARTS if lower.startswith(sign)), None)
    if found:
        raise ModelError(f"{path.name} is {found}")
    is_tflite = start[4:8] == TFLITE_MARK
    if is_tflite != (path.suffix == ".tflite"):
        what = "a TFLite model: name it so, with .tflite" if is_tflite else "no TFLite model: it has no mark of one"
        raise ModelError(f"{path.name} is {what}")
