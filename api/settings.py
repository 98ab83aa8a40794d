"""The settings: one frozen dataclass, read from `PAGESIGHT_*` environment variables. Nobody else reads the environment.

`docs` of each field is what the README's table says; a test compares them.
"""

import logging
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from api.models.options import Precision, RunOptions

PREFIX = "PAGESIGHT_"
PROJECT = Path(__file__).resolve().parent.parent
ORIGIN = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")  # as a browser writes it


class SettingsError(ValueError):
    """A variable has a bad value; the message names the variable, the value and what was expected."""


def _setting(
    default: Any, *, read: Callable[[str], Any], expected: str, docs: str, factory: Callable[[], Any] | None = None
) -> Any:
    """Return a field whose default is `default`, or what `factory` returns when the settings are made."""
    metadata = {"read": read, "expected": expected, "docs": docs}
    return field(default_factory=factory or (lambda: default), metadata=metadata)


def _between(low: float, high: float, kind: type[int] | type[float] = float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = kind(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return read


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
    return str(IPv4Address(host)), int(_between(1, 65_535, int)(port))


def _file_to_come(text: str) -> Path:
    """Return the path as it is: certbot puts another file behind its links at each renewal."""
    return Path(text).absolute()


def _log_level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


def available_cores(cgroups: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many cores this process may use: its affinity, and the CPU time that its container may take."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        own = Path("/proc/self/cgroup").read_text(encoding="ascii").partition("0::/")[2].strip()
    except OSError:
        own = ""
    for folder in (cgroups / own, *(cgroups / own).parents):
        if folder.is_relative_to(cgroups):
            cores = min(cores, _cores_of_quota(folder / "cpu.max") or cores)
    return cores


def _cores_of_quota(file: Path) -> int | None:
    """Return the whole cores of a `cpu.max`, at least 1 (cgroup v2: "QUOTA PERIOD" in microseconds); None: no limit."""
    try:
        quota, period = file.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else max(1, int(quota) // int(period))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this server is to run. Build it with `Settings.from_environment`."""

    model: str = _setting(
        "yolov3",
        read=_model_name,
        expected="a file name without its ending",
        docs="The model: `NAME.cfg`, `NAME.weights` and `NAME.names` in the weights folder",
    )
    models: tuple[str, ...] = _setting(
        (),
        read=_model_names,
        expected="different names of models with commas between",
        docs="Several models in one server, in place of `PAGESIGHT_MODEL`: names with commas, the default first",
    )
    weights_dir: Path = _setting(
        PROJECT / "weights", read=_folder, expected="a folder", docs="The folder with the models' files"
    )
    input_size: int | None = _setting(
        None,
        read=_input_size,
        expected="a multiple of 32 from 32 to 2048",
        docs="The side of the network's input in pixels: smaller is faster, larger finds smaller things",
    )
    precision: Precision = _setting(
        Precision.AUTO,
        read=Precision,
        expected="auto, fp32 or bf16",
        docs="The numbers it computes in: `auto` takes bf16 where the processor has it in hardware, else fp32",
    )
    threads: int = _setting(
        None,
        factory=available_cores,
        read=_between(1, 256, int),
        expected="a whole number from 1 to 256",
        docs="The threads for inference: one image alone has them all, images at the same time share them",
    )
    slots: int = _setting(
        2,
        read=_between(1, 64, int),
        expected="a whole number from 1 to 64",
        docs="How many images are worked on at once",
    )
    queue: int = _setting(
        8,
        read=_between(0, 200, int),  # each holds a thread: deploy/systemd/pagesight.service, TasksMax
        expected="a whole number from 0 to 200",
        docs="How many more may wait for their turn; beyond it the answer is 503",
    )
    allowed_origins: tuple[str, ...] = _setting(
        (),
        read=_origins,
        expected="origins such as https://you.github.io, with commas between, or *",
        docs="The sites whose pages may use this server, besides its own: exact origins with commas between",
    )
    confidence: float = _setting(
        0.25,
        read=_between(0, 1),
        expected="a number from 0 to 1",
        docs="The lowest confidence returned, where a request names none",
    )
    iou: float = _setting(
        0.45,
        read=_between(0, 1),
        expected="a number from 0 to 1",
        docs="The overlap above which the less confident box of a class goes, where a request names none",
    )
    max_upload_mb: float = _setting(
        10.0,
        read=_between(0.01, 1000),
        expected="a number from 0.01 to 1000",
        docs="The largest request body, in millions of bytes",
    )
    max_megapixels: float = _setting(
        25.0,
        read=_between(0.01, 144),  # beyond it, `images.MAX_SIDE` rules
        expected="a number from 0.01 to 144",
        docs="The largest image, in millions of pixels",
    )
    site_dir: Path = _setting(
        PROJECT / "site" / "dist",
        read=_folder,
        expected="a folder",
        docs="The built page, served at `/` if it is there",
    )
    certificate: Path | None = _setting(
        None,
        read=_file_to_come,
        expected="a file",
        docs="The certificate that nginx serves, readable for the API: `/status_check` warns 21 days before it ends",
    )
    metrics: tuple[str, int] | None = _setting(
        None,
        read=_address,
        expected="an IPv4 address and a port, such as 127.0.0.1:9464",
        docs="Where Prometheus may read metrics, such as `127.0.0.1:9464`; never an address that visitors reach",
    )
    log_level: str = _setting(
        "INFO", read=_log_level, expected="DEBUG, INFO, WARNING or ERROR", docs="How much is logged"
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; an unset or empty variable leaves its default. Raises SettingsError."""
        environment = os.environ if environment is None else environment
        values = {}
        for setting in fields(cls):
            variable = PREFIX + setting.name.upper()
            text = environment.get(variable, "").strip()
            if not text:
                continue
            try:
                values[setting.name] = setting.metadata["read"](text)
            except ValueError as error:
                raise SettingsError(f"{variable}={text!r} is not {setting.metadata['expected']}") from error
        return cls(**values)

    @property
    def served(self) -> tuple[str, ...]:
        """The names of the models to serve, the default first."""
        return self.models or (self.model,)

    @property
    def run_options(self) -> RunOptions:
        """How the models are to be run."""
        return RunOptions(input_size=self.input_size, precision=self.precision)

    @property
    def logging_level(self) -> int:
        """The level as `logging` counts it."""
        return logging.getLevelNamesMapping()[self.log_level]
