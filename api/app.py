"""The application, put together."""

from flask import Flask

from api.settings import Settings
from api.web.early_refusal import Door
from api.web.metrics import install_metrics
from api.web.request_hooks import install_edge
from api.web.routes import DETECT_PATHS, create_routes
from api.web.static_page import install_page
from api.work.admission import Admission
from api.work.loaded_models import Serving
from api.work.watchdog import WORK_LIMIT_S, Watchdog


def create_app(settings: Settings, serving: Serving, *, work_limit_s: float = WORK_LIMIT_S) -> Flask:
    """Return the WSGI application that answers with what `serving` detects."""
    app = Flask(__name__, static_folder=None)
    admission = Admission(slots=settings.slots, queue=settings.queue)
    answers = install_metrics(app, serving, admission)
    install_edge(app, settings)
    install_page(app, settings.site_dir)
    watchdog = Watchdog(threads=settings.slots, on_hang=serving.drain, limit_s=work_limit_s)
    app.register_blueprint(create_routes(settings, serving, admission, watchdog))
    app.wsgi_app = Door(  # type: ignore[method-assign]
        app.wsgi_app,
        admission,
        paths=DETECT_PATHS,
        allowed_origins=settings.allowed_origins,
        answers=answers,
    )
    return app
