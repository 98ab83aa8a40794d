"""What an exporter has appended to a TFLite file: a ZIP archive, which readers of TFLite do not see.

Source: https://ai.google.dev/edge/litert/models/metadata; Ultralytics puts its metadata there, as JSON or as Python's
text of a dictionary.
"""

import ast
import json
import zipfile
import zlib
from pathlib import Path

NAMES = ("metadata.json", "temp_meta.txt", "meta.txt")
MOST_BYTES = 1_000_000


def appended_metadata(path: Path) -> dict[str, str]:
    """Return the metadata as texts, as an ONNX file has them; empty if there is none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            name = next((name for name in NAMES if name in archive.namelist()), None)
            if name is None or archive.getinfo(name).file_size > MOST_BYTES:
                return {}
            text = archive.read(name).decode("utf-8")
        values = json.loads(text) if name.endswith(".json") else ast.literal_eval(text)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):  # no archive, or a broken one
        return {}
    except (ValueError, SyntaxError, TypeError, MemoryError):  # no dictionary
        return {}
    if not isinstance(values, dict):
        return {}
    return {str(key): value if isinstance(value, str) else repr(value) for key, value in values.items()}
