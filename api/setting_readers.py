"""How the text of a setting is read, and what is said to be expected where it cannot be."""

import re
from ipaddress import IPv4Address
from pathlib import Path

from api.api_key import ApiKey, read_api_key
from api.models.options import EngineChoice, Precision
from api.tasks.options import Reader, whole_number

SHORTEST_SECRET = 32
DATABASE = re.compile(r"postgres(ql)?://\S+/[^/\s]+")
ORIGIN = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")  # as a browser writes it


def _model_name(text: str) -> str:
    if not text or "/" in text or "\\" in text or text.startswith("."):
        raise ValueError(text)
    return text


def _model_names(text: str) -> tuple[str, ...]:
    names = tuple(_model_name(name.strip()) for name in text.split(","))
    if len(set(names)) < len(names):
        raise ValueError(text)
    return names


def _input_size(text: str) -> int:
    value = int(text)
    if value % 32 or not 32 <= value <= 2048:
        raise ValueError(text)
    return value


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(item.strip() for item in text.split(",") if item.strip())
    for origin in origins:
        if origin != "*" and not ORIGIN.fullmatch(origin):
            raise ValueError(origin)
    return origins


def _folder(text: str) -> Path:
    folder = Path(text).resolve()
    if not folder.is_dir():
        raise ValueError(text)
    return folder


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return str(IPv4Address(host)), whole_number(1, 65_535).read(port)


def _to_come(text: str) -> Path:
    """Return the path without following links: certbot points its links to another file at each renewal."""
    return Path(text).absolute()


def _jobs(text: str) -> str:
    if text in ("off", "sqlite") or DATABASE.fullmatch(text):
        return text
    raise ValueError(text)


def _api_keys(text: str) -> tuple[ApiKey, ...]:
    """Return the keys. What is raised says which entry is wrong, and not what it holds: it may be a key."""
    keys: dict[str, ApiKey] = {}
    for number, entry in enumerate(text.split(","), 1):
        key = read_api_key(entry.strip())
        if key is None or key.name in keys or key.digest in {known.digest for known in keys.values()}:
            raise ValueError(f"entry {number}")
        keys[key.name] = key
    return tuple(keys.values())


def _secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"{len(text)} characters")
    return text


def _log_level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


MODEL = Reader("a file name without its ending", _model_name)
MODELS = Reader("different names of models with commas between", _model_names)
INPUT_SIZE = Reader("a multiple of 32 from 32 to 2048", _input_size)
PRECISION = Reader("auto, fp32, bf16 or int8", Precision)
ENGINE = Reader("auto, openvino or torch", EngineChoice)
ORIGINS = Reader("origins such as https://you.github.io, with commas between, or *", _origins)
FOLDER = Reader("a folder", _folder)
FILE = Reader("a file", _to_come)
FOLDER_TO_COME = Reader("a folder", _to_come)
ADDRESS = Reader("an IPv4 address and a port, such as 127.0.0.1:9464", _address)
JOBS = Reader("off, sqlite or an address such as postgresql://user@host/name", _jobs)
API_KEYS = Reader(
    "NAME:SHA256 or NAME:SHA256:PER_MINUTE, each name and each key once, as `make key NAME=frigate` writes it",
    _api_keys,
)
SECRET = Reader(f"a secret of at least {SHORTEST_SECRET} characters", _secret)
LOG_LEVEL = Reader("DEBUG, INFO, WARNING or ERROR", _log_level)
