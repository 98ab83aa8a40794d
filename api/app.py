"""The application, put together."""

import logging
from dataclasses import fields
from importlib.util import find_spec
from secrets import token_hex
from typing import Any

from flask import Flask
from prometheus_client import CollectorRegistry

from api.images.limits import ImageLimits
from api.jobs.folder import JobFolders
from api.models.engines.cores import Cores
from api.settings import Settings
from api.tasks.registry import TASKS
from api.web.access_log import log_answer
from api.web.challenge import Challenge
from api.web.deepstack import create_deepstack_routes, deepstack_paths
from api.web.early_refusal import EarlyRefusal, room_for
from api.web.form_key import form_key_gate
from api.web.health import create_health_routes
from api.web.image_desk import ImageDesk
from api.web.job_desk import JobDesk
from api.web.jobs import create_absent_job_routes, create_job_routes
from api.web.keys import Keys
from api.web.metrics import Answers, create_registry
from api.web.proof_of_work import ProofOfWork
from api.web.request_hooks import install_hooks
from api.web.routes import create_image_routes, image_paths
from api.web.static_page import install_page
from api.work.admission import Admission
from api.work.loaded_models import LoadedModels
from api.work.run_image import ImageWork
from api.work.watchdog import WORK_LIMIT_S, Watchdog

logger = logging.getLogger(__name__)

NO_JOBS = "This server works on photographs alone; its owner can turn jobs on with PAGESIGHT_JOBS."
SETTINGS = {setting.name for setting in fields(Settings)}


def create_app(
    settings: Settings,
    models: LoadedModels,
    *,
    cores: Cores | None = None,
    work_limit_s: float = WORK_LIMIT_S,
    malformed_body: type[Exception] | None = None,
) -> Flask:
    """Return the WSGI application.

    The models' engines share `cores`. `malformed_body` is what the server in front raises if the application reads a
    body that is not HTTP.
    """
    cores = cores or Cores(settings.threads)
    app = Flask(__name__, static_folder=None)
    admission = Admission(slots=settings.slots, queue=settings.queue)
    registry = create_registry(models, admission)
    app.extensions["pagesight_metrics"] = registry
    at_the_end = (log_answer, Answers(registry).count)
    install_hooks(app, settings, at_the_end, malformed_body)
    install_page(app, settings.site_dir, settings.embedders)
    defaults = default_options(settings)
    watchdog = Watchdog(threads=settings.slots, on_hang=models.drain, limit_s=work_limit_s)
    work = ImageWork(watchdog, cores, ImageLimits(max_megapixels=settings.max_megapixels))
    images = ImageDesk(admission, work)
    keys = Keys(settings.api_keys)
    # gunicorn's master has made a key for all of its workers
    proofs = ProofOfWork(settings.challenge_key or token_hex(), seconds=settings.challenge_seconds)
    challenge = Challenge(settings.challenge, proofs)
    desk = open_desk(settings)
    app.extensions["pagesight_desk"] = desk
    app.register_blueprint(create_image_routes(models, images, defaults, desk))
    app.register_blueprint(create_deepstack_routes(models, images, keys, challenge, defaults=defaults))
    app.register_blueprint(
        create_job_routes(desk, models, defaults, max_image_mb=settings.max_upload_mb)
        if desk
        else create_absent_job_routes(NO_JOBS)
    )
    app.register_blueprint(
        create_health_routes(
            models,
            admission,
            threads=cores.threads,
            defaults=defaults,
            certificate=settings.certificate,
            needs_key=bool(settings.api_keys),
            jobs=desk.describe if desk else None,
        )
    )
    upload_paths = frozenset(image_paths()) | deepstack_paths(known.name for known in models.states())
    app.wsgi_app = EarlyRefusal(  # type: ignore[method-assign]
        app.wsgi_app,
        gates=(keys.admit, room_for(upload_paths, admission), form_key_gate(keys), challenge.admit),
        routes=app.url_map,
        allowed_origins=settings.allowed_origins,
        at_the_end=at_the_end,
    )
    return app


def open_desk(settings: Settings) -> JobDesk | None:
    """Return what takes jobs in; None if this server takes none. Nothing is connected yet."""
    if settings.job_settings is None:
        return None
    if find_spec("dbos") is None:
        logger.error("PAGESIGHT_JOBS is %s, but the package dbos is not installed: there are no jobs", settings.jobs)
        return None
    from api.jobs.client import JobClient  # it takes a second and 40 MB, which a server without jobs need not have

    folders = JobFolders(settings.job_settings.folder)
    return JobDesk(JobClient(settings.job_settings, folders), settings.job_settings, folders)


def metrics_of(app: Flask) -> CollectorRegistry:
    """Return what `app` has counted so far, and how things stand."""
    registry: CollectorRegistry = app.extensions["pagesight_metrics"]
    return registry


def default_options(settings: Settings) -> dict[str, Any]:
    """Return each task's options; a setting with an option's name is that option's default."""
    return {
        task.name: task.options(
            **{field.name: getattr(settings, field.name) for field in fields(task.options) if field.name in SETTINGS}
        )
        for task in TASKS.values()
    }
