"""The seams of docs/architecture.md, used: another task, a second format and another engine, none of it in api/."""

import gc
import io
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray

from api.app import create_app
from api.models.card import Fit, InputSpec, ModelCard
from api.models.engines.cores import Cores
from api.models.formats import FORMATS, Format
from api.models.load import load_model
from api.models.model import Model, make_model
from api.models.options import RunOptions
from api.settings import Settings
from api.tasks.letterbox import Letterbox
from api.tasks.options import option, whole_number
from api.tasks.registry import TASKS
from api.tasks.task import Decode, Pixels, Task
from harness.applications import ready_models
from harness.pictures import encode, make_upright
from tests.contract import Contract

OPENAPI = """
options: {top: {type: integer, minimum: 1, maximum: 100, default: 5}}
required: [classes]
answer: {classes: {type: array, items: {$ref: "#/components/schemas/Hue"}}}
schemas: {Hue: {type: object, required: [label, share], properties: {label: {type: string}, share: {type: number}}}}
"""


BALLAST_MB = 100
BALLAST: list[mmap.mmap] = []  # what the last stub model holds


@dataclass(frozen=True, kw_only=True)
class ColourOptions:
    """The stub task's only option."""

    top: int = option(5, whole_number(1, 100))


@dataclass(frozen=True)
class MeanEngine:
    """Another engine: it computes the mean of each channel, and needs no torch."""

    precision: str = "float32"
    description: str = "the mean of each channel, by NumPy"

    def complete(self, sizes: Sequence[tuple[int, int]]) -> None:
        """See Engine."""

    def warm_up(self, sizes: Sequence[tuple[int, int]]) -> None:
        for height, width in sizes:
            self(np.zeros((1, 3, height, width), np.float32))

    def __call__(self, x: NDArray[np.float32]) -> Mapping[str, NDArray[np.float32]]:
        return {"mean": x.mean(axis=(0, 2, 3))}


def make_decode(_output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    def decode(outputs: Mapping[str, NDArray[np.float32]], _letterbox: Letterbox, options: ColourOptions) -> list[Any]:
        ranked = sorted(zip(labels, outputs["mean"].tolist(), strict=True), key=lambda one: -one[1])
        return ranked[: options.top]

    return decode


def draw(image: Pixels, _result: list[Any], *, display_width: int | None = None) -> Pixels:
    return image.copy()


def read_model(name: str, folder: Path, _options: RunOptions, _cores: Cores) -> Model:
    """Make a model of the stub format: the reader that a line of FORMATS names."""
    # Not by NumPy: malloc may give memory that an earlier test has freed and the process still has.
    BALLAST[:] = [mmap.mmap(-1, BALLAST_MB * 1_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)]
    np.frombuffer(BALLAST[0], np.uint8)[:] = 1
    card = ModelCard(
        name=name,
        task="colours",
        family="mean",
        labels=("red", "green", "blue"),
        input=InputSpec(size=(8, 8), resize=Fit.STRETCH),
        source_format="stub",
        licence=(folder / f"{name}.stub").read_text(),
    )
    return make_model(card, MeanEngine())


@pytest.fixture
def colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    """The stub task, format and engine, put in where the house takes them."""
    fragment = tmp_path / "openapi.yaml"
    fragment.write_text(OPENAPI)
    task: Task[ColourOptions, list[Any]] = Task(
        name="colours",
        verb="colours",
        options=ColourOptions,
        draw=draw,
        to_json=lambda result, _: {"classes": [{"label": label, "share": share} for label, share in result]},
        to_text=lambda result: "".join(f"{label} {share:.0%}\n" for label, share in result),
        families={"mean": make_decode},
        openapi=fragment,
    )
    monkeypatch.setitem(TASKS, "colours", task)
    monkeypatch.setattr("api.models.formats.FORMATS", (*FORMATS, Format((".stub",), __name__)))
    (tmp_path / "hue.stub").write_text("MIT")
    BALLAST.clear()
    gc.collect()  # what is freed while the model is loaded would be taken off its memory
    return load_model("hue", tmp_path)


@pytest.fixture
def visitor(colours: Model, model: Model, tmp_path: Path) -> FlaskClient:
    site = tmp_path / "site"
    site.mkdir()
    return create_app(Settings(site_dir=site), ready_models(model, colours)).test_client()


def post(visitor: FlaskClient, path: str, **fields: str) -> Any:
    return visitor.post(path, data={"file": (io.BytesIO(encode(make_upright(), "PNG")), "a.png"), **fields})


def test_second_task_has_its_route_options_and_answer(visitor: FlaskClient):
    answer = post(visitor, "/v1/colours", top="1").json
    assert (answer["task"], answer["model"], len(answer["classes"])) == ("colours", "hue", 1)
    assert answer["image"].startswith("data:image/jpeg;base64,")
    assert set(answer["timings_ms"]) == {"decode", "inference", "render", "queue"}
    refused = post(visitor, "/v1/colours", top="0")
    assert (refused.status_code, refused.json["detail"]) == (
        400, "The field `top` must be a whole number from 1 to 100, not '0'.",
    )  # fmt: skip


def test_first_task_is_as_before_beside_it(visitor: FlaskClient):
    assert post(visitor, "/").json["task"] == "detection"
    assert post(visitor, "/", model="hue").json["task"] == "colours"
    assert post(visitor, "/v1/detect", model="hue").status_code == 404


def test_second_task_is_in_the_contract(visitor: FlaskClient):
    from api.web.openapi import read_contract

    contract = Contract(read_contract.__wrapped__())
    answer = post(visitor, "/v1/colours")
    for path in ("/v1/colours", "/"):
        contract.check("POST", path, status=200, headers=answer.headers, content=answer.json)
    mapping = contract.document["components"]["schemas"]["AnyAnswer"]["discriminator"]["mapping"]
    assert {"detection", "colours"} <= set(mapping) == set(TASKS)


def test_second_models_card_is_shown(visitor: FlaskClient):
    (card,) = [one for one in visitor.get("/v1/models").json["models"] if one["name"] == "hue"]
    assert (card["task"], card["format"], card["licence"], card["precision"]) == ("colours", "stub", "MIT", "float32")
    assert card["input"] == {"width": 8, "height": 8, "resize": "stretch"}
    assert card["memory_mb"] == pytest.approx(BALLAST_MB, rel=0.5)  # the tests before may have left threads behind
