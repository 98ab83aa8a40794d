"""The program that works on jobs, beside the server: `python -m api.worker`.

It runs at the lowest priority, so that a visitor with a photograph does not notice it, and on half of the cores. It may
be ended at any moment: what is finished stays, and it goes on from there.
"""

import logging
import os
import signal
import sys
from importlib.util import find_spec
from threading import Event
from typing import NoReturn

from api.images.limits import ImageLimits
from api.jobs.folder import JobFolders
from api.jobs.types import JobSettings
from api.models.engines.cores import Cores
from api.models.load import model_loader
from api.settings import Settings, SettingsError
from api.work.loaded_models import LoadedModels

NICE = 19
PATIENCE_S = 900.0  # for a model that is converted first
WRONG_SETTINGS = 78  # EX_CONFIG: to start it again would change nothing
NO_SEAT = 75  # EX_TEMPFAIL: start it again

logger = logging.getLogger("api.worker")


def main() -> None:
    """Work on jobs until a signal comes."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        give_up(str(error), WRONG_SETTINGS)
    if settings.job_settings is None:
        give_up("PAGESIGHT_JOBS is off; set it to sqlite, or to an address of PostgreSQL", WRONG_SETTINGS)
    if find_spec("dbos") is None:
        give_up("the package dbos is not installed", WRONG_SETTINGS)
    logging.basicConfig(level=settings.logging_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    step_back()
    work(settings, settings.job_settings)


def work(settings: Settings, jobs: JobSettings) -> None:
    """Take a seat, load the models, take jobs."""
    from api.jobs.engine import launch, look_after  # the words above are for those who have not installed dbos, too
    from api.jobs.seat import NoSeat, take_seat
    from api.jobs.steps import JobSteps

    folders = JobFolders(jobs.folder)
    folders.prepare()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    try:
        seat = take_seat(jobs)
    except NoSeat as error:
        give_up(str(error), NO_SEAT)
    models = start_models(settings)
    launch(jobs, seat, JobSteps(jobs, folders, models, ImageLimits(max_megapixels=settings.max_megapixels)))
    logger.info("Ready for jobs as %s", seat.name)
    look_after(jobs, seat, folders, stop)
    folders.sign_out(seat.name)
    logging.shutdown()
    os._exit(0)  # threads that compute are not waited for: their chunk is done again


def start_models(settings: Settings) -> LoadedModels:
    """Begin to load the models, for half of the cores."""
    cores = Cores(max(1, settings.threads // 2))
    models = LoadedModels(
        settings.served,
        model_loader(settings.weights_dir, settings.run_options, cores),
        patience_s=PATIENCE_S,
    )
    models.start()
    return models


def give_up(why: str, status: int) -> NoReturn:
    """Say why there is no worker, and end."""
    sys.stderr.write(f"Pagesight's worker does not start: {why}\n")
    sys.exit(status)


def step_back() -> None:
    """Give way to everything else on this machine, before any thread or process is made, so that all inherit it."""
    os.nice(NICE)  # with Linux' SCHED_IDLE a video would stand still on a machine that is always busy


if __name__ == "__main__":
    main()
