"""What came of a photograph, for a terminal."""

from api.tasks.registry import TASKS
from api.work.run_image import Outcome


def found_text(outcome: Outcome, task: str) -> str:
    """Return a line for each thing found, or why a chain stopped; nothing if nothing was found."""
    if outcome.stopped:
        return f"{outcome.stopped.by} stops it: {outcome.stopped.reason}\n"
    return TASKS[task].to_text(outcome.result)
