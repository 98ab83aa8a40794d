"""More than a hundred broken exported models: each gets a sentence, and none reads or runs what is not its own."""

import os
import pickle
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import openvino
import pytest
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper

from api.models.errors import ModelError
from api.models.exported.definition import read_definition
from api.models.exported.files import ExportedFiles
from harness.opened_files import watched
from harness.real_models import real_model
from harness.small_exports import TOML, tflite, write_yolox, yolox_onnx

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
GOOD = yolox_onnx().SerializeToString()
SMALL_TFLITE = tflite()


@dataclass(frozen=True)
class Broken:
    """A file `mine` with this ending, its description, and what must be said of it (a regular expression)."""

    content: bytes
    said: str
    ending: str = "onnx"
    toml: str | bytes = TOML
    beside: dict[str, bytes] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        (folder / f"mine.{self.ending}").write_bytes(self.content)
        toml = self.toml.encode() if isinstance(self.toml, str) else self.toml
        (folder / "mine.toml").write_bytes(toml)
        for name, content in self.beside.items():
            (folder / name).write_bytes(content)


class Canary:
    """Run when it is unpickled: it leaves a file in the working folder."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, ("canary",)


def changed(change: Callable[[ModelProto], object]) -> bytes:
    model = yolox_onnx()
    change(model)
    return model.SerializeToString()


def with_tensor(**parts: object) -> bytes:
    """Return the small model with one more tensor, of these parts, which is read."""

    def add(model: ModelProto) -> None:
        tensor = model.graph.initializer.add(name="w", data_type=FLOAT)
        for name, value in parts.items():
            if isinstance(value, list):
                getattr(tensor, name).extend(value)
            else:
                setattr(tensor, name, value)

    return changed(add)


def with_external(location: str | None, dims: Sequence[int] = (2, 3), **more: object) -> bytes:
    """Return the small model with a tensor that another file holds."""

    def add(model: ModelProto) -> None:
        tensor = model.graph.initializer.add(name="w", data_type=FLOAT, dims=dims, data_location=TensorProto.EXTERNAL)
        for key, value in {"location": location, **more}.items():
            if value is not None:
                tensor.external_data.add(key=key, value=str(value))

    return changed(add)


def with_nodes(*nodes: onnx.NodeProto, opsets: Sequence[str] = ()) -> bytes:
    """Return the small model with these operators before its last one."""

    def add(model: ModelProto) -> None:
        last = model.graph.node.pop()
        model.graph.node.extend([*nodes, last])
        model.opset_import.extend(helper.make_opsetid(name, 1) for name in opsets)

    return changed(add)


def as_output(kind: str, domain: str = "", **attributes: object) -> bytes:
    """Return the small model with another operator at its end."""

    def replace(model: ModelProto) -> None:
        model.graph.node[-1].CopyFrom(helper.make_node(kind, ["flat"], ["output"], domain=domain, **attributes))
        model.opset_import.extend([helper.make_opsetid(domain, 1)] if domain else [])

    return changed(replace)


def branch(result: str, *nodes: onnx.NodeProto) -> GraphProto:
    return helper.make_graph(nodes, "b", [], [helper.make_tensor_value_info(result, FLOAT, None)])


def nested(depth: int) -> onnx.NodeProto:
    """Return an If in an If, and so on."""
    node = helper.make_node("Identity", ["mean"], ["o0"])
    for level in range(1, depth + 1):
        other = branch(f"e{level}", helper.make_node("Identity", ["mean"], [f"e{level}"]))
        inner = branch(f"o{level - 1}", node)
        node = helper.make_node("If", ["yes"], [f"o{level}"], then_branch=inner, else_branch=other)
    return node


def with_nested(depth: int) -> bytes:
    def add(model: ModelProto) -> None:
        model.graph.initializer.append(numpy_helper.from_array(np.array(True), "yes"))
        model.graph.node.insert(1, nested(depth))

    return changed(add)


def renamed(old: str, new: str) -> Callable[[ModelProto], None]:
    def rename(model: ModelProto) -> None:
        for node in model.graph.node:
            node.input[:] = [new if name == old else name for name in node.input]

    return rename


def input_of(*shape: int) -> Callable[[ModelProto], None]:
    def change(model: ModelProto) -> None:
        model.graph.input[0].CopyFrom(helper.make_tensor_value_info("images", FLOAT, shape))

    return change


def kinds() -> Iterator[tuple[str, Broken]]:
    """Files of another kind."""
    page = b"<!DOCTYPE html>\n<html><body>404</body></html>"
    yield "empty", Broken(b"", "mine.onnx is empty")
    yield "zeros", Broken(bytes(4096), "mine.onnx is empty")
    yield "empty TFLite", Broken(b"", "mine.tflite is empty", "tflite")
    yield "page", Broken(page, "a web page; download the file itself")
    yield "page in capitals", Broken(b"\xef\xbb\xbf  <HTML>" + page, "a web page")
    yield "page for TFLite", Broken(page, "mine.tflite is a web page", "tflite")
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 35434956\n"
    yield "LFS pointer", Broken(pointer, "a Git LFS pointer; `git lfs pull`")
    yield "LFS pointer for TFLite", Broken(pointer, "mine.tflite is a Git LFS pointer", "tflite")
    yield "PyTorch checkpoint", Broken(b"PK\x03\x04" + bytes(400), "a PyTorch checkpoint, .*export it.*docs/models.md")
    for protocol in range(2, 6):
        yield f"pickle {protocol}", Broken(pickle.dumps(Canary(), protocol), "a pickle, .*export it")
    yield "pickle of a dictionary", Broken(pickle.dumps({"model": 1}, 2), "a pickle")
    yield "Keras", Broken(b"\x89HDF\r\n\x1a\n" + bytes(90), "an HDF5 file, as Keras writes")
    yield "GGUF", Broken(b"GGUF\x03\0\0\0", "a language model")
    yield "gzip", Broken(b"\x1f\x8b\x08\0" + bytes(90), "compressed by gzip")
    yield "OpenVINO", Broken(b'<?xml version="1.0"?>\n<net name="a" version="11"/>', "XML, as OpenVINO's graphs are")
    yield "JSON", Broken(b'{"model": 1}', "is JSON")
    yield "TFLite named ONNX", Broken(SMALL_TFLITE, "a TFLite model: name it so")
    yield "ONNX named TFLite", Broken(GOOD, "mine.tflite is no TFLite model", "tflite")
    yield "text", Broken(b"hello, I am a model\n", "no ONNX model")
    draw = random.Random(3)
    for number in range(8):
        yield f"noise {number}", Broken(b"\x08" + draw.randbytes(500), "no ONNX model")
    yield "ONNX's mark alone", Broken(b"\x08\x08", "has 0 graphs")
    yield "two graphs", Broken(GOOD + GOOD, "has 2 graphs")
    for length in (1, 3, 4, 5, *draw.sample(range(6, len(GOOD) - 40), 12)):
        yield f"cut to {length}", Broken(GOOD[:length], "is cut off: .* missing|has 0 graphs|no ONNX model")
    for length in draw.sample(range(8, len(SMALL_TFLITE) - 4), 6):
        yield f"TFLite cut to {length}", Broken(SMALL_TFLITE[:length], "damaged or cut off|no TFLite", "tflite")


def tensors() -> Iterator[tuple[str, Broken]]:
    """Tensors that are not what they say, or not where they say."""
    huge = [50_000, 50_000]
    yield "10 GB of nothing", Broken(with_tensor(dims=huge), "`w` declares 2,500,000,000 numbers and holds 0")
    yield "10 GB of 4 bytes", Broken(with_tensor(dims=huge, raw_data=b"abcd"), "2,500,000,000 numbers and holds 1")
    yield "10 GB of floats", Broken(with_tensor(dims=huge, float_data=[1.0, 2.0]), "numbers and holds 2")
    short = with_tensor(dims=[3], data_type=INT64, int64_data=[1, 1 << 40])
    yield "too few whole numbers", Broken(short, "declares 3 numbers and holds 2")
    half = with_tensor(dims=[5], data_type=TensorProto.FLOAT16, int32_data=[1, 2])
    yield "too few halves", Broken(half, "declares 5 numbers and holds 2")
    nibbles = with_tensor(dims=[9], data_type=TensorProto.INT4, raw_data=b"abcd")
    yield "too few nibbles", Broken(nibbles, "declares 9 numbers and holds 8")
    words = with_tensor(dims=[2], data_type=TensorProto.STRING, string_data=[b"one"])
    yield "too few texts", Broken(words, "declares 2 numbers and holds 1")
    yield "less than none", Broken(with_tensor(dims=[-1, 4], raw_data=b"abcd"), "no tensor has 2 dimensions of -1 x 4")
    yield "too many sides", Broken(with_tensor(dims=[1] * 5000, raw_data=b"abcd"), "5000 dimensions of 1 x 1")
    yield "unknown type", Broken(with_tensor(dims=[1], data_type=99, raw_data=b"abcd"), "type 99")
    constant = TensorProto(data_type=FLOAT, dims=huge, raw_data=b"abcd")
    in_node = with_nodes(helper.make_node("Constant", [], ["c"], value=constant))
    yield "10 GB in an operator", Broken(in_node, "2,500,000,000 numbers and holds 1")
    elsewhere = "in a file of another folder"
    for place in ("../canary.bin", "/etc/hostname", "a/../../canary.bin", "a/b.bin", "..", "", None, "a\0b"):
        yield f"external in {place!r}", Broken(with_external(place), elsewhere)
    yield "external that is not there", Broken(with_external("w.bin"), "weights in w.bin, .* not beside it; copy it")
    yield "external that is a link", Broken(with_external("link.bin"), "link.bin, .* a link; copy the file itself")
    yield "external that is a folder", Broken(with_external("folder"), "not beside it")
    w = {"w.bin": bytes(24)}
    for name, more in (("short", {"dims": (7,)}), ("10 GB", {"dims": huge}), ("late", {"offset": 4}),
                       ("early", {"offset": -4}), ("longer", {"length": 25})):  # fmt: skip
        content = with_external("w.bin", **more)  # type: ignore[arg-type]
        yield f"external that is {name}", Broken(content, "not fit to w.bin: its tensor `w` needs", beside=w)
    yield "external at no place", Broken(with_external("w.bin", offset="x"), "is no number", beside=w)


def graphs() -> Iterator[tuple[str, Broken]]:
    """Graphs that cannot be computed."""
    add, relu = "Add", "Relu"
    make = helper.make_node
    circle = "wait for one another in a circle"
    yield "circle", Broken(with_nodes(make(add, ["mean", "b"], ["a"]), make(relu, ["a"], ["b"])), f"{circle}, .*a")
    yield "circle of one", Broken(with_nodes(make(add, ["mean", "a"], ["a"])), f"{circle}, a -> a")
    long = [make(relu, [f"n{number}"], [f"n{(number + 1) % 500}"]) for number in range(500)]
    yield "circle of 500", Broken(with_nodes(*long), circle)
    through = make("If", ["a"], ["a"], then_branch=branch("t", make(relu, ["a"], ["t"])), else_branch=branch("mean"))
    yield "circle through a branch", Broken(with_nodes(through), circle)
    yield "nothing makes it", Broken(changed(renamed("mean", "nix")), "nothing in it makes `nix`")
    yield "nothing makes the output", Broken(changed(lambda model: model.graph.node.pop()), "makes `output`")
    inside = make("If", ["mean"], ["a"], then_branch=branch("t", make(relu, ["no"], ["t"])), else_branch=branch("mean"))
    yield "nothing makes it inside", Broken(with_nodes(inside), "nothing in it makes `no`")
    for depth in (17, 30):
        yield f"{depth} deep", Broken(with_nested(depth), "graphs inside graphs")
    lacks = "OpenVINO does not have all of its operators"
    yield "operator of one's own", Broken(as_output("Foo", "my.ops"), rf"{lacks}: my\.ops\.Foo; export it")
    yield "unknown operator", Broken(as_output("Fooo"), f"{lacks}: Fooo")
    yield "unknown of Microsoft's", Broken(as_output("Fooo", "com.microsoft"), f"{lacks}: com.microsoft.Fooo")
    yield "trees", Broken(as_output("TreeEnsembleRegressor", "ai.onnx.ml"), f"{lacks}: .*TreeEnsembleRegressor")
    yield "shapes that do not fit", Broken(as_output("MatMul"), "mine.onnx cannot be")
    for shape in ((1, 1, 32, 32), (1, 3, 32), (3, 32, 32), (1, 32, 32, 4)):
        yield f"input {shape}", Broken(changed(input_of(*shape)), "mine.onnx (has 0 inputs that|cannot be read)")
    second = helper.make_tensor_value_info("time", FLOAT, [1])
    more = changed(lambda model: model.graph.input.append(second))
    yield "input of another kind", Broken(more, "mine.onnx cannot be computed: more than an image goes into it, .*time")
    yield "another family", Broken(changed(input_of(1, 3, 64, 64)), "mine.onnx is no YOLOX: its outputs are output 1")
    for number, content in enumerate(
        (GOOD.replace(b"output", b"outp\xf8t"), SMALL_TFLITE.replace(b"image", b"im\xf8ge"))
    ):
        ending = ("onnx", "tflite")[number]
        yield f"name that is no text, in {ending}", Broken(content, "damaged", ending)
    boxes = "TFLite_Detection_PostProcess"
    yield "boxes inside TFLite", Broken(tflite(custom=boxes), f"does not have its operator {boxes}.*ONNX", "tflite")
    yield "operator of TensorFlow's", Broken(tflite(custom="FlexFoo"), f"{lacks}: .*Foo", "tflite")
    yield "TFLite of no family", Broken(SMALL_TFLITE, "mine.tflite does not say how", "tflite", toml="")


def descriptions() -> Iterator[tuple[str, Broken]]:
    """Descriptions that are wrong, beside a file that is right."""
    yield "nothing said", Broken(GOOD, "does not (say how its outputs are read|name its 2 labels).*mine.toml", toml="")
    said_of = {
        "family = ": "mine.toml is not TOML",
        "[input\nsize = 3": "mine.toml is not TOML",
        "a = " + "[" * 5000: "mine.toml is not TOML",
        "famly = 'yolox'": "there is no key `famly`; there are",
        "family = 'yolo99'": "there is no family 'yolo99'; there are .*yolox",
        "family = 3": "`family` is 3, and a text",
        "task = 'segmentation'\n" + TOML: "`task` is 'segmentation', but mine.onnx is for detection",
        "[output]\ndecoded = false": r"\[output\] belongs to a family",
        TOML.replace("false", "'no'"): r"`\[output\] decoded`",
        TOML + "anchors = [3]": r"there is no key `\[output\] anchors`",
        TOML.replace('"bee"', '"bee", "cat"'): "has 2 classes, but there are 3 labels",
        TOML.replace('["ant", "bee"]', "[]"): "`labels` is",
        TOML.replace('["ant", "bee"]', "'no.names'"): "no.names is not in the weights folder",
        TOML.replace('["ant", "bee"]', "'../canary.bin'"): "`labels` is '../canary.bin', and the name of a file beside",
        TOML.replace('["ant", "bee"]', "'mine.onnx'"): "mine.onnx is not UTF-8 text|labels",
        TOML.replace('labels = ["ant", "bee"]\n', ""): "does not name its 2 labels: put mine.names beside it",
        TOML + "[input]\nsize = [64, 64]": "has a height of 64, but mine.onnx takes only 32",
        TOML + "[input]\nsize = 32": "`.input. size` is 32",
        TOML + "[input]\nresize = 'crop'": "`.input. resize` is 'crop'",
        TOML + "[input]\nresize = 'centre-crop'": "needs `.input. shorter_side`|a centre crop hides",
        TOML + "[input]\nstd = [1, 0, 1]": "three numbers above 0",
        TOML + "[input]\nscale = '1/255'": "`.input. scale`",
        TOML + "[input]\ncolour = 'red'": "`.input. colour` is 'red'",
    }
    for number, (text, said) in enumerate(said_of.items()):
        yield f"description {number}", Broken(GOOD, said, toml=text)
    yield "no UTF-8", Broken(GOOD, "mine.toml is not TOML", toml=b"\xff\xfef\0a\0")


CASES = [*kinds(), *tensors(), *graphs(), *descriptions()]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], bool]]:
    """Watch a file outside the model's folder. What a pickle would run leaves a folder in the working one."""
    canary = tmp_path / "canary.bin"
    canary.write_bytes(bytes(24))
    monkeypatch.chdir(tmp_path)
    with watched(canary) as was_opened:
        yield was_opened


@pytest.fixture
def folder(tmp_path: Path, opened: Callable[[], bool]) -> Path:
    found = tmp_path / "weights"
    (found / "folder").mkdir(parents=True)
    (found / "link.bin").symlink_to(tmp_path / "canary.bin")
    return found


def test_watch_sees_an_opened_file(tmp_path: Path, opened: Callable[[], bool]) -> None:
    assert not opened()
    (tmp_path / "canary.bin").read_bytes()
    assert opened()


def test_there_are_a_hundred() -> None:
    assert len(CASES) >= 100
    assert len({name for name, _ in CASES}) == len(CASES)


@pytest.mark.parametrize("broken", [one for _, one in CASES], ids=[name for name, _ in CASES])
def test_broken_model_gets_a_sentence(broken: Broken, folder: Path, opened: Callable[[], bool]) -> None:
    broken.write(folder)
    with pytest.raises(ModelError) as caught:
        read_definition("mine", folder)
    said = str(caught.value)
    assert re.search(broken.said, said, re.DOTALL), said
    assert "mine" in said or ".names" in said
    assert str(folder.parent) not in said
    assert not re.search(r"Traceback|\.cpp|core\.|Exception from", said), said
    assert not opened()
    assert not Path("canary").exists()


@pytest.mark.parametrize("place", ["../canary.bin", "/canary.bin", "link.bin"])
def test_openvino_stays_in_the_folder_by_itself(place: str, folder: Path, opened: Callable[[], bool]) -> None:
    where = str(folder.parent / "canary.bin") if place.startswith("/") else place
    (folder / "mine.onnx").write_bytes(with_external(where))
    with pytest.raises(ModelError, match="mine.onnx keeps"):
        ExportedFiles("mine", folder).present()
    with pytest.raises(RuntimeError, match="outside the base directory"):
        openvino.Core().read_model(folder / "mine.onnx")
    assert not opened()


def test_model_whose_weights_lie_beside_it_is_read_and_they_count(folder: Path) -> None:
    (folder / "mine.toml").write_text(TOML)
    onnx.save(yolox_onnx(), folder / "mine.onnx", save_as_external_data=True, location="w.data", size_threshold=0)
    assert [path.name for path in ExportedFiles("mine", folder).present()] == ["mine.onnx", "w.data", "mine.toml"]
    _, model = read_definition("mine", folder)
    assert model.outputs[0].get_partial_shape().to_shape() == (1, 21, 7)


def test_right_models_are_read(folder: Path) -> None:
    write_yolox(folder, "mine")
    assert read_definition("mine", folder)[0].labels == ("ant", "bee")
    (folder / "mine.onnx").write_bytes(with_nested(16))
    assert read_definition("mine", folder)[0].family == "yolox"


@pytest.mark.parametrize("name", ["yolox-nano.onnx", "faces.onnx", "deeplabv3.tflite"])
def test_real_models_are_not_refused_until_they_are_cut(name: str, folder: Path) -> None:
    path = real_model(Path(name).stem) / name
    copy = folder / f"mine{path.suffix}"
    content = path.read_bytes()
    copy.write_bytes(content)
    assert ExportedFiles("mine", folder).present() == [copy]
    for length in random.Random(5).sample(range(9, len(content) - 100), 8):
        copy.write_bytes(content[:length])
        with pytest.raises(ModelError, match="cut off|damaged|graph"):
            read_definition("mine", folder)
