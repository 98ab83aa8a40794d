"""The application, put together."""

from flask import Flask

from api.admission import Admission
from api.door import Door
from api.edge import install_edge
from api.metrics import install_metrics
from api.page import install_page
from api.routes import DETECT_PATHS, create_routes
from api.serving import Serving
from api.settings import Settings
from api.watchdog import WORK_LIMIT_S, Watchdog


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
