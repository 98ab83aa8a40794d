import pytest

from api.models.darknet.cfg import parse_cfg, read_cfg
from api.models.errors import ModelError

NET = "[net]\nwidth=32\nheight=32\n"


def test_reads_sections_in_order_with_their_lines() -> None:
    sections = parse_cfg("# a comment\n\n[net]\nwidth = 32\n; another\n[convolutional]\nfilters=8\n")
    assert [(section.kind, section.line) for section in sections] == [("net", 3), ("convolutional", 6)]
    assert sections[0].integer("width") == 32
    assert sections[1].integer("filters") == 8


def test_blanks_do_not_count_and_a_trailing_comma_is_allowed() -> None:
    section = parse_cfg("[net]\nanchors = 10, 14,  23,27,\n")[0]
    assert section.numbers("anchors") == (10, 14, 23, 27)


def test_the_last_of_two_equal_keys_counts_as_in_darknet() -> None:
    assert parse_cfg("[net]\nwidth=1\nwidth=2\n")[0].integer("width") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not begin with a .net. section"),
        ("[convolutional]\n", "does not begin with a .net. section"),
        ("<!DOCTYPE html>\n", "line 1: .* is neither"),
        ("width=32\n", "line 1: .* is neither"),
        (NET + "[convolutional\n", "line 4: .* lacks its closing bracket"),
        (NET + "filters\n", "line 4: .* is neither"),
        (NET + "=3\n", "line 4: .* is neither"),
    ],
)
def test_refuses_what_is_no_cfg_and_names_the_line(text: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        parse_cfg(text)


@pytest.mark.parametrize(
    ("value", "read", "said"),
    [
        ("a", "integer", "line 1, .net.: `key=a` is not a whole number"),
        ("1.5", "integer", "is not a whole number"),
        ("nan", "number", "is not a number"),
        ("1,,2", "integers", "is not whole numbers"),
        ("1,x", "numbers", "is not numbers"),
    ],
)
def test_names_key_value_and_expectation(value: str, read: str, said: str) -> None:
    section = parse_cfg(f"[net]\nkey={value}\n")[0]
    with pytest.raises(ModelError, match=said):
        getattr(section, read)("key")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ModelError, match="`width` is missing"):
        parse_cfg("[net]\n")[0].integer("width")


def test_read_cfg_says_when_there_is_no_such_file(tmp_path) -> None:
    with pytest.raises(ModelError, match="the file is not in the weights folder"):
        read_cfg(tmp_path / "mine.cfg")


def test_read_cfg_says_when_the_file_is_not_text(tmp_path) -> None:
    (tmp_path / "mine.cfg").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ModelError, match="it is not a text file"):
        read_cfg(tmp_path / "mine.cfg")
