"""The settings: one frozen dataclass, read from `PAGESIGHT_*` environment variables. No other module reads it.

`docs` of each field is what the README's table says; a test compares them.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from api.api_key import ApiKey
from api.jobs.types import JobSettings
from api.models.engines.cores import available_cores
from api.models.options import EngineChoice, Precision, RunOptions
from api.setting_readers import (
    ADDRESS,
    API_KEYS,
    ENGINE,
    FILE,
    FOLDER,
    FOLDER_TO_COME,
    INPUT_SIZE,
    JOBS,
    LOG_LEVEL,
    MODEL,
    MODELS,
    ORIGINS,
    PRECISION,
    SECRET,
)
from api.tasks.options import FRACTION, Reader, number, whole_number

PREFIX = "PAGESIGHT_"
PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A variable has a bad value; the message names the variable, the value and what was expected."""


def _setting(
    default: Any, reader: Reader, docs: str, *, factory: Callable[[], Any] | None = None, is_secret: bool = False
) -> Any:
    """Return a field whose default is `default`, or what `factory` returns when the settings are made.

    No message shows the value of a secret one; the reader's error says what part of it is wrong.
    """
    metadata = {"reader": reader, "docs": docs, "is_secret": is_secret}
    return field(default_factory=factory or (lambda: default), metadata=metadata, repr=not is_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this server is to run. Build it with `Settings.from_environment`."""

    model: str = _setting("yolov3", MODEL, "The model: the name of its files in the weights folder, without the ending")
    models: tuple[str, ...] = _setting(
        (), MODELS, "Several models in one server, in place of `PAGESIGHT_MODEL`: names with commas, the default first"
    )
    weights_dir: Path = _setting(PROJECT / "weights", FOLDER, "The folder with the models' files")
    input_size: int | None = _setting(
        None, INPUT_SIZE, "The side of the network's input in pixels: smaller is faster, larger finds smaller things"
    )
    precision: Precision = _setting(
        Precision.AUTO,
        PRECISION,
        "The numbers it computes in: `auto` takes the quickest here of `fp32`, `bf16` and `int8` (`make quantize`)",
    )
    engine: EngineChoice = _setting(
        EngineChoice.AUTO,
        ENGINE,
        "What computes it: `auto` takes PyTorch on a GPU, else OpenVINO",
    )
    converted_dir: Path | None = _setting(
        None,
        FOLDER_TO_COME,
        "Where models converted for OpenVINO are kept; by default `converted` in the weights folder",
    )
    threads: int = _setting(
        None,
        whole_number(1, 256),
        "The threads for inference: one image alone has them all, images at the same time share them",
        factory=available_cores,
    )
    slots: int = _setting(
        3,
        whole_number(1, 16),
        "How many images are worked on at once: on two cores, two are computed while a third is decoded",
    )
    queue: int = _setting(  # each holds a thread: deploy/systemd/pagesight.service, TasksMax
        8, whole_number(0, 200), "How many more may wait for their turn; beyond it the answer is 503"
    )
    allowed_origins: tuple[str, ...] = _setting(
        (),
        ORIGINS,
        "The sites whose pages may use this server, besides its own: exact origins with commas between",
    )
    embedders: tuple[str, ...] = _setting(
        (), ORIGINS, "The sites that may show the page, if this server serves it, in a frame: as in the row above"
    )
    api_keys: tuple[ApiKey, ...] = _setting(
        (),
        API_KEYS,
        "The keys of programs, as `make key NAME=frigate` writes them, with commas between; once there is one, only"
        " pages may ask without",
        is_secret=True,
    )
    challenge: int | None = _setting(
        None,
        whole_number(0, 100_000),
        "How many requests a minute from one network (a /24, or a /48 of IPv6) are free; each one more costs a proof of"
        " work, which the page does by itself. Keys need none",
    )
    challenge_seconds: float = _setting(
        1.0, number(0.01, 60), "How many seconds of a phone's work such a proof costs, about"
    )
    challenge_key: str = _setting(
        "",
        SECRET,
        "What challenges are signed with, made anew at each start if it is not set; the same for all servers behind one"
        " address",
        is_secret=True,
    )
    confidence: float = _setting(0.25, FRACTION, "The lowest confidence returned, if a request names none")
    iou: float = _setting(
        0.45, FRACTION, "The overlap above which the less confident box of a class goes, if a request names none"
    )
    max_detections: int = _setting(
        100, whole_number(1, 1000), "How many detections are returned, if a request names no number"
    )
    max_upload_mb: float = _setting(10.0, number(0.01, 1000), "The largest request body, in millions of bytes")
    max_megapixels: float = _setting(  # beyond 144, images.limits.MAX_SIDE rules
        25.0, number(0.01, 144), "The largest image, in millions of pixels"
    )
    site_dir: Path = _setting(PROJECT / "site" / "dist", FOLDER, "The built page, served at `/` if it is there")
    certificate: Path | None = _setting(
        None,
        FILE,
        "The certificate that nginx serves, readable for the API: `/status_check` warns 21 days before it ends",
    )
    metrics: tuple[str, int] | None = _setting(
        None,
        ADDRESS,
        "Where Prometheus may read metrics, such as `127.0.0.1:9464`; never an address that visitors reach",
    )
    jobs: str = _setting(
        "off",
        JOBS,
        "Videos, and what else outlives a request: `sqlite` on one machine, `postgresql://...` on many; `make run` sets"
        " `sqlite`. What is sent is then on the disk until its job has ended",
    )
    jobs_dir: Path = _setting(PROJECT / ".jobs", FOLDER_TO_COME, "The folder with the jobs' files, and SQLite's")
    jobs_keep: float = _setting(
        3600, number(1, 2_592_000), "How many seconds after its end a job and its results are kept"
    )
    jobs_waiting: int = _setting(16, whole_number(0, 10_000), "How many jobs may wait; beyond it the answer is 503")
    max_video_mb: float = _setting(200.0, number(0.01, 100_000), "The largest video, in millions of bytes")
    max_video_seconds: float = _setting(600.0, number(1, 86_400), "The longest video, in seconds")
    max_video_side: int = _setting(4096, whole_number(16, 8192), "The longest side of a video, in pixels")
    video_every: float = _setting(
        5.0, number(0.1, 30), "How many frames of each second of a video are analysed, if a request names no `every`"
    )
    log_level: str = _setting("INFO", LOG_LEVEL, "How much is logged")

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
            reader: Reader = setting.metadata["reader"]
            try:
                values[setting.name] = reader.read(text)
            except ValueError as error:
                shown = f"{variable} ({error})" if setting.metadata["is_secret"] else f"{variable}={text!r}"
                raise SettingsError(f"{shown} is not {reader.expected}") from error
        return cls(**values)

    @property
    def served(self) -> tuple[str, ...]:
        """The names of the models to serve, the default first."""
        return self.models or (self.model,)

    @property
    def run_options(self) -> RunOptions:
        """How the models are to be run."""
        return RunOptions(
            input_size=self.input_size,
            precision=self.precision,
            engine=self.engine,
            converted_dir=self.converted_dir,
        )

    @property
    def job_settings(self) -> JobSettings | None:
        """How jobs are kept; None if there are none."""
        if self.jobs == "off":
            return None
        return JobSettings(
            database=f"sqlite:///{self.jobs_dir / 'jobs.sqlite'}" if self.jobs == "sqlite" else self.jobs,
            folder=self.jobs_dir,
            keep_s=self.jobs_keep,
            waiting=self.jobs_waiting,
            video_mb=self.max_video_mb,
            video_s=self.max_video_seconds,
            video_side=self.max_video_side,
            every=self.video_every,
        )

    @property
    def logging_level(self) -> int:
        """The level as `logging` counts it."""
        return logging.getLevelNamesMapping()[self.log_level]
