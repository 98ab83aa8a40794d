"""Reads a Dockerfile: its stages, their instructions, and what the last one starts."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    word: str
    text: str

    @property
    def sources(self) -> tuple[str, list[str], str]:
        """Return stage, sources and target of a COPY; the stage is empty where the sources are of the context."""
        *options, sources, target = re.fullmatch(r"(?:--from=(\S+) )?(.*) (\S+)", self.text).groups()
        return options[0] or "", sources.split(), target


@dataclass(slots=True)
class Stage:
    name: str
    image: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, word: str) -> list[Instruction]:
        return [instruction for instruction in self.instructions if instruction.word == word]

    def program(self, word: str) -> list[str]:
        """Return the command of CMD, ENTRYPOINT or HEALTHCHECK."""
        (instruction,) = self.all(word)
        return json.loads(instruction.text[instruction.text.index("[") :])

    def environment(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for line in self.all("ENV") for pair in line.text.split())


def read_stages(path: Path) -> list[Stage]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    stages: list[Stage] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        word, _, text = line.partition(" ")
        if word == "FROM":
            image, _, name = text.partition(" AS ")
            stages.append(Stage(name, image))
        elif word:
            stages[-1].instructions.append(Instruction(word, text))
    return stages
