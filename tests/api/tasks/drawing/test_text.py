import hashlib
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from api.tasks.drawing.text import FONT_FILES, FONTS, Line, arrange, label_or_class, percent

SAMPLES = {
    "ASCII": "traffic light",
    "Latin": "Löwe Žluťoučký kůň Łódź naïve Ñandú şehir țară Ảnh",
    "Greek": "φορτηγό Ώρα",
    "Cyrillic": "велосипедист Їжак ћуран",
    "simplified Chinese": "狮子和自行车",
    "traditional Chinese": "獅子與腳踏車",
    "Japanese": "自転車とライオン",
    "Korean": "강아지 뷁",
    "Arabic": "كلب صغير سيارة إسعاف عبد الله",
    "Persian": "گربه سگ پلنگ چشم ژاکت",
    "Hebrew": "כלב גדול",
}


def draw(arranged: str) -> NDArray[np.uint8]:
    picture = Image.new("L", (80, 80))
    Line.of(arranged, 40).draw(ImageDraw.Draw(picture), 10, 60, 255)  # type: ignore[arg-type]  # of a grey picture
    return np.asarray(picture)


def draw_missing(file: str) -> NDArray[np.uint8]:
    picture = Image.new("L", (80, 80))
    font = ImageFont.truetype(FONTS / file, 40, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(picture).text((10, 60), "\uffff", 255, font=font, anchor="ls")
    return np.asarray(picture)


def names(arranged: str) -> list[str]:
    return [unicodedata.name(letter) for letter in arranged]


@pytest.mark.parametrize("label", SAMPLES.values(), ids=SAMPLES.keys())
def test_each_letter_of_a_script_has_a_shape(label: str) -> None:
    missing = [draw_missing(file) for file in FONT_FILES]
    for letter in arrange(label).replace(" ", ""):
        drawn = draw(letter)
        assert drawn.any(), letter
        assert not any(np.array_equal(drawn, shape) for shape in missing), letter


@pytest.mark.parametrize("label", SAMPLES.values(), ids=SAMPLES.keys())
def test_a_label_in_these_scripts_is_drawn_as_it_is(label: str) -> None:
    assert label_or_class(label, 7) == label


@pytest.mark.parametrize("label", ["🦁", "lion 🦁", "ช้าง", "हाथी", "two\nlines", "\ue000", "\uffff", "\U0003ffff"])
def test_a_label_with_a_letter_that_no_font_has_gives_way_to_its_class(label: str) -> None:
    assert label_or_class(label, 7) == "class 7"


def test_different_letters_differ() -> None:
    shapes = {draw(letter).tobytes() for letter in "aäжβ狮獅とト강كﻛ"}
    assert len(shapes) == 11


def test_arabic_is_joined_and_runs_from_right_to_left() -> None:
    assert names(arrange("كلب")) == [
        "ARABIC LETTER BEH FINAL FORM",
        "ARABIC LETTER LAM MEDIAL FORM",
        "ARABIC LETTER KAF INITIAL FORM",
    ]
    assert names(arrange("سلام")) == [
        "ARABIC LETTER MEEM ISOLATED FORM",
        "ARABIC LIGATURE LAM WITH ALEF FINAL FORM",
        "ARABIC LETTER SEEN INITIAL FORM",
    ]


def test_hebrew_runs_from_right_to_left_and_latin_within_it_does_not() -> None:
    assert arrange("כלב") == "בלכ"
    assert arrange("כלב (dog)") == "(dog) בלכ"
    assert arrange("dog (כלב)") == "dog (בלכ)"


def test_points_above_and_below_letters_are_left_out_where_they_would_go_astray() -> None:
    assert arrange("كَلْبٌ") == arrange("كلب")
    assert arrange("כֶּלֶב") == arrange("כלב")


@pytest.mark.parametrize("label", ["Löwe", "강아지", "Ảnh", "βέλος"])
def test_letters_that_come_in_parts_are_composed(label: str) -> None:
    parts = unicodedata.normalize("NFD", label)
    assert parts != label
    assert arrange(parts) == label


def test_a_line_of_two_fonts_is_as_wide_as_its_parts_and_draws_both() -> None:
    latin, chinese, both = (Line.of(text, 20) for text in ("Löwe ", "狮", "Löwe 狮"))
    assert both.width == latin.width + chinese.width
    assert (both.top, both.bottom) == (min(latin.top, chinese.top), max(latin.bottom, chinese.bottom))
    assert [font.getname()[0] for _, _, font in both.runs] == ["DejaVu Sans", "Droid Sans Fallback"]


def test_letters_are_set_the_same_with_and_without_libraries_of_the_machine() -> None:
    assert {font.layout_engine for _, _, font in Line.of("Löwe 狮", 20).runs} == {ImageFont.Layout.BASIC}


def test_importing_loads_no_font() -> None:
    program = "import api.tasks.detection.draw; from api.tasks.drawing import text; print(text._font.cache_info())"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "misses=0" in told


@pytest.mark.parametrize("file", FONT_FILES)
def test_each_font_is_the_one_that_the_readme_names_and_has_its_licence_beside_it(file: str) -> None:
    readme = (FONTS / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith(f"| `{file}`"))
    assert hashlib.sha256((FONTS / file).read_bytes()).hexdigest()[:12] in readme
    assert (FONTS / row.split("](")[1].split(")")[0]).is_file()


@pytest.mark.parametrize(
    ("share", "words"), [(1, "100%"), (0.994, "99%"), (0.125, "12%"), (0.01, "1%"), (0.0099, "<1%"), (0, "<1%")]
)
def test_a_share_is_in_whole_percent(share: float, words: str) -> None:
    assert percent(share) == words
