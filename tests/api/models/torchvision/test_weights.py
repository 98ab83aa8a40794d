"""api/models/torchvision/weights.py and safetensors.py: numbers from files, and nothing but numbers."""

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from api.models.errors import ModelError
from api.models.torchvision.weights import load_state, read_state

EXPECTED = "torch.save(model.state_dict(), path) wrote is expected"


class Canary:
    """What a pickle of it runs when it is read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("canary"),)


@pytest.fixture
def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))


def save_safetensors(path: Path, tensors: dict[str, np.ndarray], **changes: Any) -> None:
    header, numbers = {}, b""
    for name, array in tensors.items():
        end = len(numbers) + array.nbytes
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [len(numbers), end], **changes}
        numbers += array.tobytes()
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + numbers)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: state,
        lambda state: {"state_dict": state, "epoch": 3},
        lambda state: {"model": {f"module.{name}": values for name, values in state.items()}, "optimizer": {}},
        lambda state: {"model_state_dict": {f"module._orig_mod.{name}": values for name, values in state.items()}},
    ],
)
def test_reads_the_usual_wrappings(tmp_path: Path, network: nn.Module, wrap: Any):
    torch.save(wrap(network.state_dict()), tmp_path / "a.pth")
    twin = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
    load_state(twin, read_state(tmp_path / "a.pth"), "a.pth")
    assert all(torch.equal(found, network.state_dict()[name]) for name, found in twin.state_dict().items())


def test_reads_safetensors(tmp_path: Path, network: nn.Module):
    kept = {name: values.numpy() for name, values in network.state_dict().items() if values.is_floating_point()}
    save_safetensors(tmp_path / "a.safetensors", kept)
    found = read_state(tmp_path / "a.safetensors")
    assert {name: values.tolist() for name, values in found.items()} == {
        n: values.tolist() for n, values in kept.items()
    }
    load_state(network, found, "a.safetensors")  # batches that are not counted are not missed


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (nn.Linear(2, 2), "it holds torch.nn.modules.linear.Linear, and not numbers alone"),
        ({"weights": Canary()}, "it holds pathlib.Path.touch|cannot be read safely"),
        ([1, 2], "holds no state dict, but list"),
        ({"a": torch.zeros(2), "epoch": 7}, "'epoch' is int, no tensor"),
        ({}, "holds no state dict"),
    ],
)
def test_refuses_other_pickles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: Any, reason: str):
    monkeypatch.chdir(tmp_path)
    torch.save(values, tmp_path / "a.pth")
    with pytest.raises(ModelError, match=reason) as raised:
        read_state(tmp_path / "a.pth")
    assert EXPECTED in str(raised.value)
    assert not (tmp_path / "canary").exists()


def test_refuses_a_bare_pickle_that_would_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.pth").write_bytes(pickle.dumps(Canary()))
    with pytest.raises(ModelError, match=r"a\.pth cannot be read safely"):
        read_state(tmp_path / "a.pth")
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize("length", [0, 7, 100, 900])
def test_refuses_a_file_that_is_cut_off(tmp_path: Path, network: nn.Module, length: int):
    torch.save(network.state_dict(), tmp_path / "whole.pth")
    (tmp_path / "a.pth").write_bytes((tmp_path / "whole.pth").read_bytes()[:length])
    with pytest.raises(ModelError, match=r"a\.pth cannot be read safely"):
        read_state(tmp_path / "a.pth")


def test_refuses_a_file_that_would_grow(tmp_path: Path, network: nn.Module):
    torch.save(network.state_dict(), tmp_path / "whole.pth")
    with zipfile.ZipFile(tmp_path / "whole.pth") as whole, zipfile.ZipFile(tmp_path / "a.pth", "w") as packed:
        for entry in whole.infolist():
            packed.writestr(entry.filename, whole.read(entry), zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelError, match=r"a\.pth is compressed"):
        read_state(tmp_path / "a.pth")


@pytest.mark.parametrize(
    "changes",
    [
        {"dtype": "F128"},
        {"shape": [2, 3]},
        {"shape": [-4, -1]},
        {"shape": [10**12]},
        {"shape": "four"},
        {"data_offsets": [0, 10**12]},
        {"data_offsets": [8, 4]},
        {"data_offsets": [0, 16, 32]},
        {"data_offsets": None},
    ],
)
def test_refuses_safetensors_that_cannot_be_true(tmp_path: Path, changes: dict[str, Any]):
    save_safetensors(tmp_path / "a.safetensors", {"a": np.zeros(4, np.float32)}, **changes)
    with pytest.raises(ModelError, match=r"a\.safetensors is no safetensors file, or it is cut off"):
        read_state(tmp_path / "a.safetensors")


@pytest.mark.parametrize(
    "content", [b"", b"PK", (10**15).to_bytes(8, "little") + b"{}", (2).to_bytes(8, "little") + b"[]"]
)
def test_refuses_what_is_no_safetensors(tmp_path: Path, content: bytes):
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match=r"a\.safetensors is no safetensors file"):
        read_state(tmp_path / "a.safetensors")


def test_names_layers_that_do_not_fit(network: nn.Module):
    state = network.state_dict()
    state["0.weight"] = torch.zeros(5, 3, 3, 3)
    with pytest.raises(ModelError, match="^a: 0.weight is 5 x 3 x 3 x 3, and 4 x 3 x 3 x 3 is expected$"):
        load_state(network, state, "a")


def test_names_layers_that_are_missing_or_too_many(network: nn.Module):
    state = {name: values for name, values in network.state_dict().items() if name != "0.bias"}
    state |= {f"extra.{number}": torch.zeros(1) for number in range(5)}
    expected = "^a: it lacks 0.bias; it has extra.0, extra.1, extra.2 and 2 more, which the network has not$"
    with pytest.raises(ModelError, match=expected):
        load_state(network, state, "a")
