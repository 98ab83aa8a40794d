"""What a language has to say. Words in braces are filled in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of a language. `start`, `help` and `privacy` are also the commands, described by `commands`."""

    start: str
    help: str
    in_groups: str  # {name}
    privacy: str
    privacy_of_videos: str
    privacy_of_video_links: str
    commands: dict[str, str]
    hint: str

    percent: str  # {number}
    times: str  # {count}, {label}
    more: str  # {count}
    nothing: str
    no_text: str
    open_page: str
    open_video: str

    not_a_picture: str
    too_large_for_telegram: str
    too_large: str
    refused: str
    no_videos: str
    video_failed: str
    video_too_long: str
    video_goes_on: str
    busy: str
    away: str
    failed: str
    too_much: str  # {seconds}
