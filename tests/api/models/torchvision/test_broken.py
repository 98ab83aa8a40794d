"""Broken models of torchvision: each gets a sentence, and none reads or runs what is not its own."""

import json
import os
import pickle
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torchvision.models import get_model

from api.models.errors import ModelError
from api.models.torchvision.definition import read_definition
from harness.opened_files import watched

BUILDER = "shufflenet_v2_x0_5"  # one of the smallest
TOML = f'builder = "{BUILDER}"\nclasses = 2\nlabels = ["ant", "bee"]\n'
OF_THREE = f'builder = "{BUILDER}"\nlabels = ["ant", "bee", "cat"]\n'
SAFETENSORS = "mine.safetensors"


class Canary:
    """Run when it is unpickled: it leaves a folder in the working one."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, ("ran",)


@dataclass(frozen=True)
class Broken:
    """The description and the weights of `mine`, and what must be said of them (a regular expression)."""

    said: str
    toml: str | bytes = TOML
    weights: Callable[[], bytes] = lambda: good()
    file: str = SAFETENSORS


@cache
def good() -> bytes:
    """Return weights that fit."""
    torch.manual_seed(0)
    arrays = {name: values.numpy() for name, values in get_model(BUILDER, num_classes=2).state_dict().items()}
    return packed(arrays)


def packed(arrays: dict[str, np.ndarray], **changes: Any) -> bytes:
    """Return a safetensors file; `changes` are those of its first entry."""
    header, numbers = {}, b""
    for name, values in arrays.items():
        dtype = {"f": "F32", "i": "I64"}[values.dtype.kind]
        end = len(numbers) + values.nbytes
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [len(numbers), end], **changes}
        numbers, changes = numbers + values.tobytes(), {}
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + numbers


def one(**changes: Any) -> Callable[[], bytes]:
    return lambda: packed({"conv1.0.weight": np.zeros(4, np.float32)}, **changes)


def cut(length: int) -> Callable[[], bytes]:
    return lambda: good()[:length]


def content(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def cases() -> Iterator[tuple[str, Broken]]:
    """Yield all, with a name each."""
    wrong = "mine.safetensors is no safetensors file, or it is cut off"
    for length in (0, 1, 7, 8, 100, 5000, *random.Random(1).sample(range(20_000, 1_000_000), 8)):
        yield f"cut to {length}", Broken(wrong, weights=cut(length))
    page, pointer = b"<!DOCTYPE html><html></html>", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"
    for name, data in (("a page", page), ("a pointer", pointer), ("noise", random.Random(2).randbytes(900))):
        yield name, Broken(wrong, weights=content(data))
        yield f"{name} for a checkpoint", Broken("mine.pth cannot be read", weights=content(data), file="mine.pth")
    for protocol in (2, 4, 5):
        data = pickle.dumps(Canary(), protocol)
        yield f"pickle {protocol}", Broken("mine.pth cannot be read safely", weights=content(data), file="mine.pth")
        yield f"pickle {protocol} for safetensors", Broken(wrong, weights=content(data))
    for number, changes in enumerate((
        {"shape": [50_000, 50_000]}, {"shape": [-1]}, {"shape": [2**62, 4]}, {"shape": "four"}, {"shape": [1] * 100},
        {"data_offsets": [0, 10**13]}, {"data_offsets": [8, 0]}, {"data_offsets": [-16, 0]}, {"data_offsets": 4},
        {"dtype": "F128"}, {"dtype": ["F32"]}, {"dtype": None},
    )):  # fmt: skip
        yield f"entry {number}", Broken(r"mine.safetensors", weights=one(**changes))
    deep = b"[" * 100_000
    yield "a deep header", Broken(wrong, weights=content(len(deep).to_bytes(8, "little") + deep))
    yield "a header of 10 GB", Broken(wrong, weights=content((10**10).to_bytes(8, "little") + b"{}"))
    yield "other layers", Broken("mine.safetensors does not fit shufflenet", weights=one())
    yield "other classes", Broken("mine.safetensors does not fit shufflenet_v2_x0_5 with 3 classes: fc", toml=OF_THREE)
    for number, (toml, said) in enumerate({
        "": "mine.torchvision.toml does not say which network it is",
        "builder = ": "mine.torchvision.toml is not TOML",
        "builder = 3": "`builder` is 3, and the name of a function",
        'builder = "os.system"': "mine.torchvision.toml.*os.system",
        'builder = "list_models"': "mine.torchvision.toml.*list_models",
        'builder = "resnet99"': "mine.torchvision.toml.*resnet99",
        TOML + 'weights = "../canary.pth"': r"`weights` is '\.\./canary\.pth', and the name of a file beside",
        TOML + 'weights = "/etc/hostname"': "`weights` is '/etc/hostname', and the name of a file beside",
        TOML + 'weights = "other.pth"': "other.pth is not in the weights folder",
        TOML + 'weights = ["a"]': "`weights` is",
        TOML.replace("classes = 2", "classes = 10_000_000"): "`classes` is 10000000",
        TOML.replace("classes = 2", 'classes = "2"'): "`classes` is '2'",
        OF_THREE + "classes = 2": "`classes` is 2, but there are 3 labels",
        TOML.replace('["ant", "bee"]', '"../canary.pth"'): "`labels` is '../canary.pth'",
        TOML + "[output]\nscore = 3": "there is no key `.output. score`",
        TOML + "[input]\nsize = [0, 5]": "`.input. size`",
        TOML + "kind = 3": "there is no key `kind`",
    }.items()):  # fmt: skip
        yield f"description {number}", Broken(said, toml=toml)
    yield "no UTF-8", Broken("mine.torchvision.toml is not TOML", toml=b"\xff\xfea\0")


CASES = dict(cases())


@pytest.mark.parametrize("broken", CASES.values(), ids=CASES)
def test_broken_model_gets_a_sentence(broken: Broken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    canary = tmp_path / "canary.pth"
    canary.write_bytes(b"")
    toml = broken.toml.encode() if isinstance(broken.toml, str) else broken.toml
    (folder / "mine.torchvision.toml").write_bytes(toml)
    (folder / broken.file).write_bytes(broken.weights())
    with watched(canary) as was_opened:
        with pytest.raises(ModelError) as caught:
            read_definition("mine", folder)
        assert not was_opened()
    said = str(caught.value)
    assert re.search(broken.said, said, re.DOTALL), said
    assert str(tmp_path) not in said
    assert "Traceback" not in said
    assert not Path("ran").exists()


def test_right_model_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.torchvision.toml").write_text(TOML)
    (tmp_path / SAFETENSORS).write_bytes(good())
    assert read_definition("mine", tmp_path)[0].labels == ("ant", "bee")
