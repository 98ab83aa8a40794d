"""Progress that nobody sees."""

from dataclasses import dataclass, field


@dataclass
class Silent:
    """Remembers what it is told, and wants to stop after so many steps of a stage."""

    stop_in: str = ""
    stop_after: int = 0
    said: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    done: int = 0

    def begin(self, what: str, steps: int) -> None:
        assert steps > 0
        self.stages.append(what)
        self.done = 0

    def advance(self, note: str = "") -> None:
        self.done += 1

    def say(self, text: str) -> None:
        self.said.append(text)

    @property
    def must_stop(self) -> bool:
        return bool(self.stages) and self.stages[-1] == self.stop_in and self.done >= self.stop_after
