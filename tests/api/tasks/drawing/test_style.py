import pytest

from api.tasks.drawing.style import Style


@pytest.mark.parametrize(
    ("size", "style"),
    [
        ((768, 576), Style(line=2, thin=1, text=18, padding=4)),
        ((200, 200), Style(line=1, thin=1, text=12, padding=3)),
        ((6000, 6000), Style(line=21, thin=1, text=96, padding=24)),
    ],
)
def test_sizes_are_a_share_of_the_picture(size: tuple[int, int], style: Style) -> None:
    assert Style.for_picture(*size) == style


@pytest.mark.parametrize(("display_width", "text"), [(360, 28), (375, 27), (100, 100)])
def test_letters_are_12_css_pixels_high_on_a_small_screen(display_width: int, text: int) -> None:
    style = Style.for_picture(768, 576, display_width)
    assert style.text == text
    assert style.line >= 768 / display_width
    assert style.thin >= 0.7 * 768 / display_width


def test_a_large_screen_makes_nothing_smaller() -> None:
    assert Style.for_picture(768, 576, 1440) == Style.for_picture(768, 576)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (2000, 10), (10, 2000)])
def test_letters_shrink_with_a_picture_that_is_too_small_for_them(size: tuple[int, int]) -> None:
    text = Style.for_picture(*size, 100).text
    assert 1 <= text <= max(1, min(size) / 1.8)
