"""deploy/certbot.md as a list of its command blocks."""

import re
from dataclasses import dataclass

from harness.gunicorn_server import PROJECT

DOCUMENT = PROJECT / "deploy" / "certbot.md"
PART = re.compile(
    r"^## (?P<section>.+)$|(?P<yours>^<!-- yours: .+ -->\n)?^```sh\n(?P<commands>(?:.*\n)*?)```$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands that stand together. `yours`: the reader alone can know what to put there, so no test runs them."""

    section: str
    commands: str
    yours: bool


def command_blocks() -> list[Block]:
    """Return all blocks, from the first to the last."""
    section, blocks = "", []
    for part in PART.finditer(DOCUMENT.read_text(encoding="utf-8")):
        if part["section"]:
            section = part["section"]
        else:
            blocks.append(Block(section, part["commands"], part["yours"] is not None))
    return blocks


def runnable(section: str) -> list[str]:
    """Return the commands of the blocks of a section that tests run."""
    return [block.commands for block in command_blocks() if block.section == section and not block.yours]
