"""DBOS in the worker: launched with a seat, watched, and swept."""

import logging
import os
import threading
import time
from collections.abc import Callable

import psycopg
from dbos import DBOS
from dbos import error as dbos_errors
from sqlalchemy.exc import SQLAlchemyError

from api.jobs.database import make_tables, open_client, worker_config
from api.jobs.folder import JobFolders
from api.jobs.forget import forget_old
from api.jobs.seat import Seat
from api.jobs.types import QUEUE, JobSettings
from api.jobs.workflow import Steps, register

logger = logging.getLogger(__name__)

LOOK_FOR_WORK_S = 0.5
SEAT_EVERY_S = 2.0
SIGN_IN_EVERY_S = 10.0
TAKE_OVER_EVERY_S = 10.0
FORGET_EVERY_S = 60.0
LOST_SEAT = 75  # EX_TEMPFAIL: start me again


def launch(settings: JobSettings, seat: Seat, steps: Steps) -> None:
    """Begin to take jobs, those of this seat that were broken off first."""
    make_tables(settings)
    DBOS(config=worker_config(settings, seat.name))
    register(steps)
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=LOOK_FOR_WORK_S)


def look_after(settings: JobSettings, seat: Seat, folders: JobFolders, stop: threading.Event) -> None:
    """Do what is to be done from time to time, until `stop`. The process ends if it loses its seat."""
    client = open_client(settings)
    duties = (
        Duty(SIGN_IN_EVERY_S, lambda: folders.sign_in(seat.name)),
        Duty(TAKE_OVER_EVERY_S, lambda: take_over(seat)),
        Duty(min(FORGET_EVERY_S, settings.keep_s), lambda: forget_old(client, folders, settings.keep_s)),
    )
    while True:
        if not seat.is_held():
            logger.critical("This worker has lost its seat at the database; it ends, to be started again")
            logging.shutdown()
            os._exit(LOST_SEAT)
        for duty in duties:
            duty.do_if_due()
        if stop.wait(min(SEAT_EVERY_S, settings.keep_s)):
            return


def take_over(seat: Seat) -> None:
    """Take up the jobs of workers that are gone for good."""
    busy = {row.executor_id for row in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)}
    gone = seat.dead(sorted(name for name in busy if name and name != seat.name))
    if gone:
        logger.warning("Taking up the jobs of %s, which is gone", ", ".join(gone))
        DBOS._recover_pending_workflows(gone)


class Duty:
    """Something to be done again and again. Failing once is no harm."""

    def __init__(self, every_s: float, act: Callable[[], None]) -> None:
        self._every_s = every_s
        self._act = act
        self._done_s = float("-inf")

    def do_if_due(self) -> None:
        """Do it, unless it was done just before."""
        if time.monotonic() - self._done_s < self._every_s:
            return
        self._done_s = time.monotonic()
        try:
            self._act()
        except (OSError, SQLAlchemyError, dbos_errors.DBOSException, psycopg.Error) as error:
            logger.warning("Put off: %s", type(error).__name__)
