"""api/models/engines/torch.py: which precision is chosen, and how many threads an inference takes."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from api.models.engines.cores import Cores
from api.models.engines.processor import has_bfloat16
from api.models.engines.torch import Execution, InFloat32, TorchEngine, choose_execution
from api.models.errors import ModelError
from api.models.options import Precision

X = np.ones((1, 3, 8, 8), np.float32)
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no GPU here")


class Doubling(nn.Module):
    """Notes how many threads it is run with."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        self.threads.append(torch.get_num_threads())
        return {"double": x * 2, "half": x / 2}


class Named(nn.Module):
    def forward(self, x: Tensor) -> dict[str, Tensor]:
        assert x.dtype == torch.float32
        return {"one": x}


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_outputs_are_float32_arrays_by_name(dtype: torch.dtype) -> None:
    engine = TorchEngine(Doubling(), Execution(dtype), Cores(1))
    found = engine(X)
    assert {name: (float(array[0, 0, 0, 0]), array.dtype) for name, array in found.items()} == {
        "double": (2.0, np.float32),
        "half": (0.5, np.float32),
    }
    assert engine.precision == str(dtype).removeprefix("torch.")


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.skipif(not has_bfloat16(), reason="this processor has no bfloat16 in hardware")
def test_bfloat16_is_chosen_if_the_processor_has_it() -> None:
    assert choose_execution(Precision.AUTO) == choose_execution(Precision.BF16) == Execution(torch.bfloat16)
    assert choose_execution(Precision.FP32) == Execution(torch.float32)


@pytest.mark.usefixtures("no_gpu")
def test_float32_is_chosen_if_bfloat16_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.models.engines.torch.has_bfloat16", lambda: False)
    assert choose_execution(Precision.AUTO) == Execution(torch.float32)
    with pytest.raises(ModelError, match="no bfloat16 in hardware .* choose auto or fp32"):
        choose_execution(Precision.BF16)


@pytest.mark.usefixtures("gpu")
def test_gpu_computes_in_the_precision_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda **_options: True)
    chosen = {precision: choose_execution(precision) for precision in Precision if precision is not Precision.INT8}
    assert {execution.device.type for execution in chosen.values()} == {"cuda"}
    assert {precision: execution.dtype for precision, execution in chosen.items()} == {
        Precision.AUTO: torch.float16,
        Precision.BF16: torch.bfloat16,
        Precision.FP32: torch.float32,
    }


@pytest.mark.usefixtures("gpu")
def test_gpu_without_bfloat16_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda **_options: False)
    with pytest.raises(ModelError, match="this GPU has no bfloat16"):
        choose_execution(Precision.BF16)


@pytest.mark.parametrize("device", ["gpu", "no_gpu"])
def test_int8_is_refused(device: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(device)
    with pytest.raises(ModelError, match="does not compute in int8 here; choose auto"):
        choose_execution(Precision.INT8)


def test_parts_in_float32_stay_so() -> None:
    last = InFloat32(nn.Conv2d(3, 1, 1))
    exact = last.part.weight.detach().clone()
    engine = TorchEngine(nn.Sequential(nn.Conv2d(3, 3, 1), last, Named()), Execution(torch.bfloat16), Cores(1))
    assert torch.equal(last.part.weight, exact)
    assert engine(X)["one"].shape == (1, 1, 8, 8)


@needs_gpu
def test_gpu_that_is_there_is_used() -> None:
    assert choose_execution(Precision.AUTO) == Execution(torch.float16, torch.device("cuda"))


@pytest.mark.parametrize(("images", "threads"), [(0, 2), (1, 2), (2, 1)])
def test_inference_takes_its_share_of_the_threads(images: int, threads: int) -> None:
    cores, module = Cores(2, clock=lambda: 1_000.0), Doubling()
    taken = [cores.taken() for _ in range(images)]
    for one in taken:
        one.__enter__()
    TorchEngine(module, Execution(torch.float32), cores)(X)
    for one in taken:
        one.__exit__(None, None, None)
    assert module.threads == [threads]


def test_each_thread_has_its_own_number() -> None:
    cores, first_has_run = Cores(2, clock=lambda: 1_000.0), threading.Event()
    first, second = Doubling(), Doubling()

    def alone() -> int:
        TorchEngine(first, Execution(torch.float32), cores)(X)
        first_has_run.set()
        other.result(20)
        return torch.get_num_threads()

    def beside_another() -> int:
        assert first_has_run.wait(20)
        with cores.taken(), cores.taken():
            TorchEngine(second, Execution(torch.float32), cores)(X)
        return torch.get_num_threads()

    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(beside_another)
        assert (pool.submit(alone).result(20), other.result(20)) == (2, 1)
