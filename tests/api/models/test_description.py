"""What the owner writes beside a model."""

from pathlib import Path

import pytest

from api.models.card import Fit
from api.models.darknet.files import DESCRIPTION_KEYS
from api.models.description import Description, read_description
from api.models.errors import ModelError


def test_without_a_file_nothing_is_said(tmp_path: Path) -> None:
    assert read_description("mine", tmp_path) == Description()


def test_all_keys_are_read(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'licence = "MIT"\nsource = "https://example.org/model"\n[input]\nresize = "stretch"\n'
    )
    said = read_description("mine", tmp_path)
    assert (said.licence, said.source) == ("MIT", "https://example.org/model")
    assert said.input == {"resize": Fit.STRETCH}
    assert said.files == (tmp_path / "mine.toml",)


@pytest.mark.parametrize("text", ["", "[input]\n", "# nothing yet\n", "\ufeff# from Notepad\r\n"])
def test_a_file_may_say_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text)
    assert read_description("mine", tmp_path) == Description(files=(tmp_path / "mine.toml",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("licence = 3", 'mine.toml: `licence` is 3, and a text, such as "Apache-2.0" is expected'),
        ('source = " "', "mine.toml: `source` is ' ', and a text"),
        (
            '[input]\nresize = "crop"',
            r'mine.toml: `\[input\] resize` is \'crop\', and "letterbox" or "stretch" is expec',
        ),
        ("[input]\nresize = true", r'mine.toml: `\[input\] resize` is True, and "letterbox" or "stretch" is expected'),
        ("[input]\nresize = [1]", r"mine.toml: `\[input\] resize` is \[1\], and"),
        (
            '[input]\nresise = "stretch"',
            r"no key `\[input\] resise`; there are `licence`, `source`, `\[input\] resize`",
        ),
        ('resize = "stretch"', r"mine.toml: there is no key `resize`; there are .*`\[input\] resize`"),
        ('input = "stretch"', "mine.toml: there is no key `input`"),
        ('[input.resize]\nfit = "stretch"', r"mine.toml: `\[input\] resize` is {'fit': 'stretch'}, and"),
        ("resize: stretch", "mine.toml is not TOML: "),
    ],
)
def test_a_wrong_file_is_refused_saying_what_would_be_right(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=said):
        read_description("mine", tmp_path, DESCRIPTION_KEYS)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ModelError, match=r"mine.toml is not TOML: "):
        read_description("mine", tmp_path)
