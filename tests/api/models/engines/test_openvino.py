"""api/models/engines/openvino.py: many threads, any size, the precision that is asked for."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import openvino
import openvino.opset13 as opset
import pytest

from api.models.engines.cores import Cores
from api.models.engines.openvino import OpenVinoEngine
from api.models.engines.processor import has_bfloat16, processor_facts
from api.models.errors import ModelError
from api.models.options import Precision
from harness.gunicorn_server import PROJECT

FILTERS = 16


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One convolution, 3 x 3, whose exact output `expected` knows, and half of it as another output."""
    x = opset.parameter([1, 3, -1, -1], np.float32, "x")
    kernel = np.random.default_rng(1).standard_normal((FILTERS, 3, 3, 3)).astype(np.float32)
    whole = opset.convolution(x, opset.constant(kernel), [1, 1], [1, 1], [1, 1], [1, 1])
    half = opset.multiply(whole, opset.constant(np.float32(0.5)))
    for node, name in ((whole, "whole"), (half, "half")):
        node.output(0).set_names({name})
    path = tmp_path_factory.mktemp("graph") / "one.xml"
    openvino.save_model(openvino.Model([whole, half], [x]), path, compress_to_fp16=False)
    np.save(path.with_suffix(".npy"), kernel)
    return path


def expected(graph: Path, x: np.ndarray) -> np.ndarray:
    kernel = np.load(graph.with_suffix(".npy"))
    padded = np.pad(x[0], ((0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return np.einsum("chwij,fcij->fhw", windows, kernel)[None]


def picture(seed: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(seed).random((1, 3, height, width), np.float32)


def test_outputs_are_named_and_in_float32_exact(graph: Path) -> None:
    engine = OpenVinoEngine(graph, Precision.FP32, Cores(2, 2))
    assert engine.precision == "float32"
    for height, width in ((8, 8), (32, 64), (64, 32), (8, 8)):
        x = picture(height, height, width)
        found = engine(x)
        assert list(found) == ["whole", "half"]
        assert np.abs(found["whole"] - expected(graph, x)).max() < 1e-4
        assert np.array_equal(found["half"], found["whole"] * np.float32(0.5))


@pytest.mark.skipif(not has_bfloat16(), reason="this processor has no bfloat16 in hardware")
def test_bfloat16_is_less_exact(graph: Path) -> None:
    x = picture(1, 32, 32)
    engine = OpenVinoEngine(graph, Precision.BF16, Cores(1))
    assert engine.precision == "bfloat16"
    off = np.abs(engine(x)["whole"] - expected(graph, x)).max()
    assert 1e-4 < off < 0.1


def test_bfloat16_that_is_not_there_is_refused(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.models.engines.openvino.has_bfloat16", lambda: False)
    with pytest.raises(ModelError, match="no bfloat16 in hardware .* choose auto or fp32"):
        OpenVinoEngine(graph, Precision.BF16, Cores(1))


def test_each_thread_gets_its_own_numbers(graph: Path) -> None:
    """Also where there are more threads than streams."""
    cores = Cores(2, 2)
    engine = OpenVinoEngine(graph, Precision.FP32, cores)
    engine.warm_up([(16, 16), (16, 32)])
    engine.complete([(16, 16), (16, 32)])

    def run(seed: int) -> tuple[np.ndarray, np.ndarray]:
        x = picture(seed, 16, 16 if seed % 2 else 32)
        with cores.taken():
            return x, engine(x)["whole"].copy()  # the thread's next call writes over it

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(run, range(60)))
    for x, whole in answers:
        assert np.abs(whole - expected(graph, x)).max() < 1e-4


def test_one_image_alone_has_all_threads_and_several_a_stream_each(graph: Path) -> None:
    for threads, images, at_once in ((2, 4, 2), (1, 2, 1), (2, 1, 1)):
        engine = OpenVinoEngine(graph, Precision.FP32, Cores(threads, images))
        assert engine.description.endswith(f"(threads: {threads}, images at once: {at_once})")
    # Which of the two networks computes does not show in its numbers, so look at which one is asked.
    cores = Cores(2, 2, clock=lambda: 1_000.0)
    engine = OpenVinoEngine(graph, Precision.FP32, cores)
    engine.complete([(8, 8)])
    asked: list[str] = []
    for name, compiled in (("alone", engine._alone), ("several", engine._several)):
        inner = compiled.infer
        compiled.infer = lambda x, inner=inner, name=name: (asked.append(name), inner(x))[1]
    with cores.taken():
        engine(picture(0, 8, 8))
        with cores.taken():
            engine(picture(0, 8, 8))
    assert asked == ["alone", "several"]


def test_float32_is_the_same_bits_alone_and_beside_others(graph: Path) -> None:
    cores = Cores(2, 2, clock=lambda: 1_000.0)
    engine, x = OpenVinoEngine(graph, Precision.FP32, cores), picture(3, 24, 40)
    alone = engine(x)["whole"].copy()
    with cores.taken(), cores.taken():
        assert np.array_equal(engine(x)["whole"], alone)  # while there is no second network yet
    engine.warm_up([(24, 40)])
    engine.complete([(24, 40)])
    with cores.taken(), cores.taken():
        assert np.array_equal(engine(x)["whole"], alone)


MEMORY = """
import json, re, sys
from pathlib import Path
import numpy as np
from api.models.engines.cores import Cores
from api.models.engines.openvino import OpenVinoEngine
from api.models.options import Precision

def mapped_mb():
    text = Path("/proc/self/smaps").read_text()
    return sum(int(n) for n in re.findall(r"^\\S+ .*\\.bin\\n(?:\\S+:.*\\n)*?Rss:\\s+(\\d+) kB", text, re.M)) / 1000

engine = OpenVinoEngine(Path(sys.argv[1]), Precision.FP32, Cores(1))
before = mapped_mb()
engine.warm_up([(32, 32)])
after = mapped_mb()
finite = [
    bool(np.isfinite(output).all())
    for size in ((32, 32), (64, 32))
    for output in engine(np.ones((1, 3, *size), np.float32)).values()
]
print(json.dumps([before, after, finite]))
"""


def test_the_files_pages_are_given_back_after_warming_up(tmp_path: Path) -> None:
    x = opset.parameter([1, 3, -1, -1], np.float32, "x")
    wide = np.random.default_rng(1).standard_normal((1024, 3, 1, 1)).astype(np.float32)
    deep = np.random.default_rng(2).standard_normal((2048, 1024, 1, 1)).astype(np.float32)  # 8 MB
    first = opset.convolution(x, opset.constant(wide), [1, 1], [0, 0], [0, 0], [1, 1])
    node = opset.convolution(first, opset.constant(deep), [1, 1], [0, 0], [0, 0], [1, 1])
    node.output(0).set_names({"out"})
    openvino.save_model(openvino.Model([node], [x]), tmp_path / "wide.xml", compress_to_fp16=False)
    command = [sys.executable, "-c", MEMORY, str(tmp_path / "wide.xml")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    before, after, finite = json.loads(done.stdout)
    assert before > 6
    assert after < 1
    assert all(finite)


def test_processor_is_known() -> None:
    assert processor_facts()
    if has_bfloat16():
        assert re.search(r"avx512_bf16|amx_bf16|\bbf16\b", processor_facts())
