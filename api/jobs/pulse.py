"""What a step says of its progress, and hears of its end. Both go through the database, so both are rationed."""

import time
from collections.abc import Callable
from typing import Any

from dbos import DBOS

from api.jobs.types import PROGRESS

SAY_EVERY_S = 0.5
LOOK_EVERY_S = 0.8


class Pulse:
    """Of one step. `is_wanted` asks the database whether its job was not cancelled meanwhile."""

    def __init__(self, is_wanted: Callable[[], bool], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = is_wanted
        self._clock = clock
        self._said_s, self._looked_s = float("-inf"), clock()
        self._is_wanted = True

    def say(self, *, now: bool = False, **progress: Any) -> None:
        """Set what the job's page shows, unless that was done just before."""
        if now or self._clock() - self._said_s > SAY_EVERY_S:
            self._said_s = self._clock()
            DBOS.set_event(PROGRESS, progress)

    def is_wanted(self) -> bool:
        """Return whether to go on."""
        if self._is_wanted and self._clock() - self._looked_s > LOOK_EVERY_S:
            self._looked_s = self._clock()
            self._is_wanted = self._ask()
        return self._is_wanted


def is_still_running(job_id: str) -> bool:
    """Return whether a job was neither cancelled nor forgotten, nor has run out of time."""
    rows = DBOS.list_workflows(workflow_ids=[job_id], load_input=False, load_output=False)
    return bool(rows) and rows[0].status == "PENDING"
