import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from api.tasks.drawing.colours import class_colour
from api.tasks.drawing.plates import Plate, draw_plates, render_plate
from api.tasks.drawing.style import Style

STYLE = Style(line=2, thin=1, text=18, padding=4)
ROOM = 2000


def plate(label: str, class_id: int = 16, box: tuple[float, float, float, float] = (0, 0, 9, 9)) -> Plate:
    return Plate(label, class_id, "90%", box)


def render(label: str, room: int = ROOM, style: Style = STYLE) -> NDArray[np.uint8]:
    return render_plate(plate(label), style, room)


def letters_height(pixels: NDArray[np.uint8], style: Style) -> int:
    """How many rows have ink, within the rim."""
    inner = pixels[style.thin : -style.thin, style.thin : -style.thin]
    rows = (inner.astype(int).sum(axis=2) < 240).any(axis=1).nonzero()[0]
    return int(rows[-1] - rows[0] + 1)


@pytest.mark.parametrize("size", [(768, 576), (3000, 4000), (4032, 3024), (640, 480), (1200, 300)])
@pytest.mark.parametrize("display_width", [100, 320, 360, 768])
def test_letters_are_at_least_12_css_pixels_high(size: tuple[int, int], display_width: int) -> None:
    style = Style.for_picture(*size, display_width)
    height = letters_height(render("dog", style=style, room=size[0]), style)
    assert height * display_width / size[0] >= 12


def test_very_large_letters_look_like_smaller_ones() -> None:
    style = Style(line=20, thin=10, text=180, padding=40)
    large, small = render("dog", style=style), render("dog", style=style.divided(2))
    assert large.shape == (2 * small.shape[0], 2 * small.shape[1], 3)
    assert np.array_equal(large[::2, ::2], small)


def test_a_label_too_long_for_its_room_is_cut_and_keeps_its_figure() -> None:
    whole = render("motorised tricycle")
    cut = render("motorised tricycle", room=150)
    assert whole.shape[1] > 150 >= cut.shape[1] > 120
    assert np.array_equal(cut[5:15, :70], whole[5:15, :70])  # "motor"
    assert np.array_equal(cut[5:15, -40:], whole[5:15, -40:])  # "90%"
    assert not np.array_equal(cut[:, :-40], whole[:, : cut.shape[1] - 40])


def test_the_end_of_an_arabic_label_is_cut_at_the_left() -> None:
    whole, cut = render("كلب كلب كلب كلب كلب كلب"), render("كلب كلب كلب كلب كلب كلب", room=150)
    assert cut.shape[1] <= 150
    assert np.array_equal(cut[8:, -60:], whole[8:, -60:])


def test_without_room_for_any_letter_only_the_figure_is_left() -> None:
    assert render("motorised tricycle", room=52).shape[1] <= 52
    assert np.array_equal(render("motorised tricycle", room=52), render("another very long label", room=52))


@pytest.mark.parametrize("width", [20, 33, 50, 100, 150, 300, 3000])
@pytest.mark.parametrize("display_width", [None, 100, 10_000])
def test_no_plate_is_larger_than_its_picture(width: int, display_width: int | None) -> None:
    for height in (20, 33, 45, 500):
        style = Style.for_picture(width, height, display_width)
        pixels = render("Ở motorised tricycle, gyp", style=style, room=width)
        assert pixels.shape[1] <= width
        assert pixels.shape[0] <= height


def test_neighbours_do_not_cover_each_other() -> None:
    plates = [
        plate(label, n, (100 + 4 * n, 100 + 2 * n, 300, 250)) for n, label in enumerate(("car", "truck", "bus", "van"))
    ]
    picture = np.zeros((400, 500, 3), np.uint8)
    draw_plates(picture, plates, STYLE)
    for one in plates:
        assert contains(picture, render_plate(one, STYLE, ROOM))


def test_where_all_places_are_taken_the_most_confident_one_is_whole_but_for_later_ones() -> None:
    picture = np.zeros((30, 60, 3), np.uint8)
    draw_plates(picture, [plate("a", n, (0, 0, 60, 30)) for n in range(20)], STYLE)
    assert contains(picture, render_plate(plate("a", 19), STYLE, 60))


@pytest.mark.parametrize("label", ["Löwe 狮", "велосипед", "كلب", "강아지"])
def test_a_plate_tells_labels_apart(label: str) -> None:
    assert not np.array_equal(render(label), render("class 16"))
    assert not np.array_equal(render(label), render("□" * len(label)))
    assert (render(label) == class_colour(16)).all(axis=2).mean() > 0.4


def test_an_unknown_letter_gives_the_plate_of_the_class() -> None:
    assert np.array_equal(render("🦁"), render("class 16"))


def contains(picture: NDArray[np.uint8], block: NDArray[np.uint8]) -> bool:
    height, width = block.shape[:2]
    *_, (x, y), _ = cv2.minMaxLoc(cv2.matchTemplate(picture, block, cv2.TM_SQDIFF))
    return np.array_equal(picture[y : y + height, x : x + width], block)


def noted(note: str, room: int = ROOM) -> NDArray[np.uint8]:
    return render_plate(Plate("dog", 16, "90%", (0, 0, 9, 9), note), STYLE, room)


def test_a_note_stands_after_the_figure_and_is_cut_to_the_room() -> None:
    plain, with_note = render("dog"), noted("Rex")
    assert with_note.shape[1] > plain.shape[1]
    assert (with_note[3:-3, 3:60] == plain[3:-3, 3:60]).all()
    assert noted("Rex", room=with_note.shape[1] - 1).shape[1] < with_note.shape[1]
    assert (noted("Rex", room=plain.shape[1]) == plain).all()


def test_a_long_note_is_cut_and_shows_letters_that_no_font_has_as_question_marks() -> None:
    assert noted("w" * 500).shape == noted("w" * 41).shape
    assert (noted("\u1234") == noted("?")).all()
