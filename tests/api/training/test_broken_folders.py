"""Data folders as people really have them: what cannot be used is told in a sentence, and nothing is lost.

A case breaks a good folder. Then either all of it is refused, or something is left out, or all of it is read.
"""

import hashlib
import io
import json
import os
import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from api.images.limits import ImageLimits
from api.training.dataset import Refused, read_dataset
from api.training.detection.dataset import read_boxes
from api.training.errors import DataError
from api.training.pictures import read_pictures
from harness.shapes import Quiet, draw_shapes, encode_png, write_coco, write_yolo

PICTURES = draw_shapes(14, 64, seed=2)
PNG = encode_png(PICTURES[0].pixels)
LABELS, EACH = ("disc", "square"), 7
SIDE = 64


@dataclass(frozen=True)
class Case:
    """What is broken; the words that are said of it; how many things are left out (None: all is refused)."""

    name: str
    spoil: Callable[[Path], object]
    said: str = ""
    left_out: int | None = 0


def write_labels(folder: Path) -> Path:
    """Write a good folder for a classifier."""
    for label in LABELS:
        (folder / label).mkdir(parents=True)
        for number, picture in enumerate(PICTURES[:EACH]):
            (folder / label / f"photo{number}.png").write_bytes(encode_png(picture.pixels))
    return folder


def read_labels(folder: Path, work: Path) -> tuple[int, tuple[Refused, ...]]:
    work.mkdir()
    pictures = read_pictures(read_dataset(folder), SIDE, limits=ImageLimits(), folder=work, progress=Quiet())
    return len(pictures.dataset.photographs), pictures.dataset.refused


def read_detection(folder: Path, _work: Path) -> tuple[int, tuple[Refused, ...]]:
    dataset = read_boxes(folder, ImageLimits(), Quiet())
    return len(dataset.photographs), dataset.refused


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def write(name: str, content: bytes | str) -> Callable[[Path], object]:
    """Return what writes a file, or writes over one."""
    data = content.encode() if isinstance(content, str) else content

    def spoil(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    return spoil


def link(name: str, target: str) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        (folder.parent / "outside").mkdir()
        (folder.parent / "outside" / "secret.png").write_bytes(PNG)
        (folder / name).symlink_to(folder.parent / target)

    return spoil


def both(*several: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: [spoil(folder) for spoil in several]


def remove(name: str) -> Callable[[Path], object]:
    return lambda folder: shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()


def huge_png() -> bytes:
    """Return a PNG of a few bytes that says it has 30,000 x 30,000 pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def saved(kind: str, size: tuple[int, int] = (64, 64), **options: object) -> bytes:
    buffer = io.BytesIO()
    mode = "CMYK" if options.pop("cmyk", False) else "RGB"
    Image.fromarray(np.resize(PICTURES[1].pixels, (size[1], size[0], 3))).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def heic() -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(PICTURES[1].pixels)).save(buffer)
    return buffer.getvalue()


def csv(text: str | bytes) -> Callable[[Path], object]:
    return write("labels.csv", text)


def save_as_page(folder: Path) -> None:
    """Write photographs, and what the page saves of each."""
    empty(folder)
    for label in LABELS:
        for number in range(EACH):
            name = f"{label}{number}"
            (folder / f"{name}.png").write_bytes(PNG)
            saved = {"name": f"{name}.png", "classes": [{"label": label}]}
            (folder / f"{name}-classes.json").write_text(json.dumps(saved))


def leave_parts(folder: Path) -> None:
    for label, part in zip(LABELS, ("train", "val"), strict=True):
        (folder / label).rename(folder / part)


def name_without_letters(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/disc/\xff.png")).write_bytes(PNG)


ROWS = "".join(f"{label}/photo{number}.png,{label}\n" for label in LABELS for number in range(EACH))
ALL = len(LABELS) * EACH

CLASSIFIER = [
    Case("no folder", lambda folder: shutil.rmtree(folder), "is no folder", None),
    Case("a file", lambda folder: (shutil.rmtree(folder), folder.write_bytes(PNG)), "is no folder", None),
    Case("nothing in it", empty, "holds no photographs with labels", None),
    Case("one label", remove("square"), "has only one label with photographs, disc", None),
    Case("an empty label", lambda folder: (folder / "cube").mkdir(), "a label without photographs", 1),
    Case("a label of two", both(write("cube/a.png", PNG), write("cube/b.png", PNG)), "cube has 2", None),
    Case("photographs without a label", write("photo.png", PNG), "lies in no label's folder", 1),
    Case("an empty file", write("disc/photo9.png", b""), "It is empty", 1),
    Case("a text called JPEG", write("disc/photo9.jpg", "not a picture"), "This is text", 1),
    Case("a web page called JPEG", write("disc/photo9.jpg", "<html>404</html>"), "This is a web page", 1),
    Case("a PDF", write("disc/scan.pdf", b"%PDF-1.7"), "This is a PDF", 1),
    Case("a TIFF", write("disc/scan.tif", b"II*\0" + bytes(50)), "This is a TIFF", 1),
    Case("a video", write("disc/clip.mp4", b"\0\0\0\x18ftypisom" + bytes(50)), "This is a video", 1),
    Case("a JPEG cut off", write("disc/photo9.jpg", saved("JPEG")[:-400]), "cut off or damaged", 1),
    Case("a PNG cut off", write("disc/photo9.png", PNG[: len(PNG) // 2]), "cut off or damaged", 1),
    Case("a PNG with a broken header", write("disc/photo9.png", PNG[:20] + b"\xff" * 40), "damaged", 1),
    Case("a HEIC", write("disc/IMG_1.HEIC", heic()), left_out=-1),
    Case("a HEIC cut off", write("disc/IMG_1.HEIC", heic()[:300]), "", 1),
    Case("one pixel", write("disc/photo9.png", saved("PNG", (1, 1))), "1 x 1 pixels", 1),
    Case("a huge picture", write("disc/photo9.png", huge_png()), "30000 x 30000", 1),
    Case("a CMYK JPEG", write("disc/photo9.jpg", saved("JPEG", cmyk=True)), left_out=-1),
    Case(
        "Windows' files",
        both(write("disc/Thumbs.db", b"\xd0\xcf\x11\xe0"), write("desktop.ini", "[.ShellClassInfo]")),
        "",
        2,
    ),
    Case("a Mac's files", both(write("disc/.DS_Store", b"Bud1"), write("disc/._photo0.png", b"\0\5")), left_out=0),
    Case("what was thrown away", write(".trash/disc/photo9.png", PNG), left_out=0),
    Case("names of all peoples", write("disc/猫 ñ 🙂 ' \" $(x).png", PNG), left_out=-1),
    Case("a name that is no UTF-8", name_without_letters, "not UTF-8", 1),
    Case(
        "one label in two spellings",
        both(
            *(write(f"e\u0301/{n}.png", PNG) for n in range(3)), *(write(f"\u00e9/{n}.png", PNG) for n in range(3, 6))
        ),
        left_out=-6,
    ),
    Case("a link out of the folder", link("disc/photo9.png", "outside/secret.png"), "a link to a place outside", 1),
    Case("a label that is a link", link("cube", "outside"), "a link to a place outside", 1),
    Case("a link to nothing", link("disc/photo9.png", "data/disc/gone.png"), "", 1),
    Case("links in a circle", lambda folder: (folder / "disc" / "a.png").symlink_to(folder / "disc" / "a.png"), "", 1),
    Case("a pipe", lambda folder: os.mkfifo(folder / "disc" / "photo9.png"), "It is no file", 1),
    Case("folders in a label", write("disc/2024/may/photo9.png", PNG), left_out=-1),
    Case("split already", leave_parts, "is split already: give the part to learn from", None),
    Case("a CSV without a header", csv(ROWS), "must begin with the line `file,label`", None),
    Case(
        "a CSV that names a missing file", csv(f"file,label\n{ROWS}gone.png,disc\n"), "names it, but it is not there", 1
    ),
    Case(
        "a CSV with two labels for one",
        csv(f"file,label\n{ROWS}disc/photo0.png,square\n"),
        "has two labels, disc and square",
        None,
    ),
    Case(
        "a CSV in Latin 1",
        csv(f"file,label\n{ROWS}".encode() + "disc/photo0.png,Käse\n".encode("latin-1")),
        "is not UTF-8 text",
        None,
    ),
    Case("a CSV that leads out", csv(f"file,label\n{ROWS}../outside/secret.png,disc\n"), "outside the data folder", 1),
    Case(
        "a CSV with a cell too many",
        csv(f"file,label\n{ROWS}disc/photo0.png,disc,sure\n"),
        "a file and its label are expected",
        None,
    ),
    Case(
        "a CSV without a label", csv(f"file,label\n{ROWS}disc/photo0.png,\n"), "a file and its label are expected", None
    ),
    Case("two CSVs", both(csv(f"file,label\n{ROWS}"), write("old.csv", "file,label\n")), "has several CSV files", None),
    Case(
        "a spreadsheet's CSV",
        csv(("\ufefffile;label\r\n" + ROWS.replace(",", ";").replace("\n", "\r\n")).encode()),
        left_out=0,
    ),
    Case("a broken file of the page", both(save_as_page, write("x-classes.json", "{")), "not what the page saves", 1),
    Case("a photograph of the page missing", both(save_as_page, remove("disc0.png")), "disc0.png, is not there", 1),
]


def coco(change: Callable[[dict], object]) -> Callable[[Path], object]:
    """Return what changes the content of `instances.json`."""

    def spoil(folder: Path) -> None:
        path = folder / "instances.json"
        document = json.loads(path.read_text())
        document = change(document) or document
        path.write_text(json.dumps(document))

    return spoil


def box(**changes: object) -> Callable[[Path], object]:
    return coco(lambda document: document["annotations"][0].update(changes))


def image(**changes: object) -> Callable[[Path], object]:
    return coco(lambda document: document["images"][0].update(changes))


def drop_categories(document: dict) -> None:
    del document["categories"]


def add_cone(document: dict) -> None:
    document["categories"].append({"id": 3, "name": "cone"})
    document["annotations"][0]["category_id"] = 3


def list_twice(document: dict) -> None:
    document["images"].append(document["images"][0] | {"id": 99})


FIRST = "images/shapes001.png"
COCO = [
    Case("no folder", lambda folder: shutil.rmtree(folder), "is no folder", None),
    Case("nothing in it", empty, "holds no boxes: photographs with boxes are expected", None),
    Case(
        "a JSON cut off",
        lambda folder: (folder / "instances.json").write_text('{"images": ['),
        "not in COCO's form",
        None,
    ),
    Case("a list", coco(lambda document: [document]), "not in COCO's form", None),
    Case("too deep", write("instances.json", "[" * 100_000), "not in COCO's form", None),
    Case("no categories", coco(drop_categories), "not in COCO's form", None),
    Case("one broken file of several", write("more-coco.json", "{"), "not in COCO's form", 1),
    Case("no boxes", coco(lambda document: document.update(annotations=[])), "has 0 photographs with boxes", None),
    Case("a missing picture", remove(FIRST), "describes shapes001.png, but it is not in the data folder", 1),
    Case("all pictures missing", remove("images"), "has 0 photographs with boxes", None),
    Case("an unknown category", box(category_id=77), "a box of category 77 in it, which is none of its categories", 1),
    Case("a category that is a list", box(category_id=[1]), "which is none of its categories", 1),
    Case("a box of three numbers", box(bbox=[1, 2, 3]), r"\[x, y, width, height\] in pixels is expected", 1),
    Case("a box of words", box(bbox=["a", "b", "c", "d"]), r"\[x, y, width, height\] in pixels is expected", 1),
    Case(
        "a box that is no number",
        box(bbox=[1, 2, float("nan"), 4]),
        r"\[x, y, width, height\] in pixels is expected",
        1,
    ),
    Case(
        "a box outside",
        box(bbox=[40, 40, 60, 20]),
        r"reaches outside, from \(40, 40\) to \(100, 60\): the picture is 64 x 64",
        1,
    ),
    Case("a box before the picture", box(bbox=[-20, 4, 30, 20]), "reaches outside", 1),
    Case("a box a hair outside", box(bbox=[-0.3, 4, 30, 20]), left_out=0),
    Case("a box without width", box(bbox=[4, 4, 0, 20]), "thinner than a pixel", 1),
    Case("a box turned over", box(bbox=[30, 30, -20, 20]), "thinner than a pixel", 1),
    Case("a crowd", box(iscrowd=1, bbox=[0]), left_out=0),
    Case("a box of no image", box(image_id=999), "1 of its boxes are of images that it does not list", 1),
    Case("another shape", image(width=128), "says that it is 128 x 64 pixels, and it is 64 x 64", 1),
    Case("no size", image(width=None), "a width of None; pixels are expected", 1),
    Case("a path out of the folder", image(file_name="../outside/secret.png"), "outside the data folder", 2),
    Case("a path from the root", image(file_name="/etc/passwd"), "outside the data folder", 2),
    Case("a name that is none", image(file_name=7), "and a text is expected", 2),
    Case("a Windows path", image(file_name="images\\shapes001.png"), left_out=0),
    Case("one picture twice", coco(list_twice), "describes shapes001.png, too", 1),
    Case(
        "two pictures of a name",
        both(write("a/twice.png", PNG), write("b/twice.png", PNG), image(file_name="twice.png")),
        "there are 2 files of that name",
        4,
    ),
    Case("a picture cut off", write(FIRST, PNG[: len(PNG) // 2]), "cut off or damaged", 1),
    Case("an empty picture", write(FIRST, b""), "It is empty", 1),
    Case("a text for a picture", write(FIRST, "picture"), "This is text", 1),
    Case("one pixel", write(FIRST, saved("PNG", (1, 1))), "thinner than a pixel", 1),
    Case("a huge picture", write(FIRST, huge_png()), "30000 x 30000", 1),
    Case(
        "a link out of the folder",
        both(remove(FIRST), link(FIRST, "outside/secret.png")),
        "a link to a place outside",
        1,
    ),
    Case("a pipe", both(remove(FIRST), lambda folder: os.mkfifo(folder / FIRST)), "", 1),
    Case("a label in one picture alone", coco(add_cone), "Boxes of this label are in 1 photograph alone", 1),
    Case(
        "a picture that nothing describes",
        write("images/more.png", PNG),
        "No COCO file that can be used says what is in it",
        1,
    ),
]

TEXT = "labels/shapes001.txt"
YOLO = [
    Case("no names", remove("classes.txt"), "nothing that names their classes: put a classes.txt", None),
    Case("two lists of names", write("labels/classes-2.txt", "cone\n"), "which name the classes differently", None),
    Case("a name twice", write("classes.txt", "disc\ndisc\n"), "must name each class once", None),
    Case("names of nothing", write("classes.txt", b"\xff\xfe\0"), "does not name the classes", None),
    Case(
        "a YAML that is none",
        both(remove("classes.txt"), write("data.yaml", "names: [")),
        "does not name the classes",
        None,
    ),
    Case("a class too high", write(TEXT, "2 .5 .5 .2 .2"), "class 2 is none of the 2 that are named", 1),
    Case("a class below 0", write(TEXT, "-1 .5 .5 .2 .2"), "class -1 is none", 1),
    Case("words", write(TEXT, "disc .5 .5 .2 .2"), "is not `class cx cy width height`", 1),
    Case("a number too few", write(TEXT, "0 .5 .5 .2"), "is not `class cx cy width height`", 1),
    Case("a confidence besides", write(TEXT, "0 .5 .5 .2 .2 .9"), "is not `class cx cy width height`", 1),
    Case("an infinite number", write(TEXT, "0 .5 .5 inf .2"), "is not `class cx cy width height`", 1),
    Case("pixels", write(TEXT, "0 32 32 10 10"), "reaches outside, from .*: the picture is from 0 to 1", 1),
    Case("a box thin as a line", write(TEXT, "0 .5 .5 .001 .2"), "thinner than a pixel", 1),
    Case("bytes", write(TEXT, b"\xff\xd8\xff\0"), "is no text", 1),
    Case(
        "a photograph without its text", remove(TEXT), "There is no shapes001.txt with its boxes; an empty one says", 1
    ),
    Case(
        "a text without its photograph", remove(FIRST), "The photograph that it describes is not in the data folder", 1
    ),
    Case(
        "Windows' ends of lines",
        lambda folder: (folder / TEXT).write_text((folder / TEXT).read_text(), newline="\r\n"),
        left_out=0,
    ),
    Case("a HEIC", both(remove(FIRST), write("images/shapes001.heic", heic())), left_out=0),
    Case(
        "nothing described",
        lambda folder: [path.write_text("") for path in (folder / "labels").iterdir()],
        "has 0 photographs with boxes",
        None,
    ),
]


def cases() -> Iterator[object]:
    kinds = (
        ("labels", write_labels, read_labels, CLASSIFIER),
        ("coco", lambda folder: write_coco(folder, PICTURES), read_detection, COCO),
        ("yolo", lambda folder: write_yolo(folder, PICTURES), read_detection, YOLO),
    )
    for kind, make, read, several in kinds:
        for case in several:
            yield pytest.param(make, read, case, id=f"{kind}: {case.name}")


def snapshot(folder: Path) -> dict[str, str]:
    """Return what lies in and beside the folder."""
    found = {}
    for path in sorted(folder.parent.rglob("*")):
        name = os.fsencode(path).decode("latin-1")
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[name] = "folder" if path.is_dir() else "other"
    return found


@pytest.mark.parametrize(("make", "read", "case"), list(cases()))
def test_is_told_in_a_sentence_and_nothing_is_lost(make, read, case: Case, tmp_path: Path):
    folder = tmp_path / "place" / "data"
    make(folder)
    case.spoil(folder)
    before = snapshot(folder)
    if case.left_out is None:
        with pytest.raises(DataError, match=case.said) as refused:
            read(folder, tmp_path / "work")
        assert len(str(refused.value)) < 1000
    else:
        count, left_out = read(folder, tmp_path / "work")
        assert len(left_out) == max(case.left_out, 0), left_out
        for one in left_out:
            assert one.name
            assert one.reason.endswith(".")
            one.reason.encode()
        if case.said:
            assert any(re.search(case.said, one.reason) for one in left_out), left_out
        assert count >= ALL - max(case.left_out, 0)
        if case.left_out < 0:
            assert count == ALL - case.left_out
    assert snapshot(folder) == before
