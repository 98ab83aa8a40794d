"""What a server says of itself: whether it takes work, and its models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How many images are worked on, how many wait, and how many may wait."""

    running: int
    waiting: int
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where what belongs to a job is, and for how many seconds after its end."""

    where: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoLimits:
    """Of a video: millions of bytes, seconds, pixels, and analysed frames a second if none are asked for."""

    megabytes: float
    seconds: float
    side: int
    every: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """How jobs stand."""

    kinds: tuple[str, ...]
    waiting: int | None
    capacity: int
    workers: int
    kept: Kept
    limits: VideoLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """Whether the server takes work (`online`) or would turn it away (`busy`), and how it is set up."""

    status: Literal["online", "busy"]
    message: str
    model: str
    classes: int
    precision: str | None
    threads: int
    version: str
    uptime_s: float
    queue: Queue
    defaults: Mapping[str, Any]
    needs_key: bool | None = None
    jobs: Jobs | None = None
    warnings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInput:
    """The size of a network's input in pixels, and how an image is fitted into it."""

    width: int
    height: int
    resize: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStep:
    """A step of a chain. A gate has `passes` and `at_least`; `attach` names an attribute."""

    model: str
    task: str
    passes: tuple[str, ...] | None = field(default=None, metadata={"name": "pass"})
    at_least: float | None = None
    keep: tuple[str, ...] | None = None
    attach: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What the owner's training tells of a model: when, from what, and how accurate it is on other photographs."""

    made: str | None = None
    data: str | None = None
    photographs: int | None = None
    validated_on: int | None = None
    accuracy: float | None = None
    temperature: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A model of the server. One that is not ready has only a name, a state and the reason."""

    name: str
    state: Literal["ready", "loading", "failed"]
    detail: str | None = None
    task: str | None = None
    labels: tuple[str, ...] | None = None
    input: ModelInput | None = None
    family: str | None = None
    format: str | None = None
    precision: str | None = None
    engine: str | None = None
    reasons: Mapping[str, str] | None = None
    training: Training | None = None
    memory_mb: float | None = None
    licence: str | None = None
    origin: str | None = None
    chain: tuple[ChainStep, ...] | None = None
    keypoints: tuple[str, ...] | None = None
    skeleton: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The models of a server; `default` is the one that is asked if none is named."""

    default: str
    models: tuple[ModelCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels of a model, by class id."""

    model: str
    labels: tuple[str, ...]
