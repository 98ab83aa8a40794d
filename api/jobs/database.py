"""DBOS's database: SQLite in the jobs' folder, or PostgreSQL. Both processes open it the same way."""

import logging
import sqlite3

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.engine import make_url

from api.jobs.types import APPLICATION, VERSION, JobSettings

CONNECT_S = 5
SQLITE = "sqlite:///"


def make_tables(settings: JobSettings) -> None:
    """Make the tables, or bring them up to date; once they are, it takes some milliseconds.

    A journal beside SQLite's file (WAL) lets the web process read while the worker writes.
    """
    logging.getLogger("dbos").setLevel(logging.CRITICAL)  # its lines hold ids, which are the keys to jobs
    url = with_patience(settings.database)
    DBOS.migrate(url)
    if url.startswith(SQLITE):
        with sqlite3.connect(url.removeprefix(SQLITE), timeout=30) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()


def open_client(settings: JobSettings) -> DBOSClient:
    """Return a client. It starts no thread; an error of the connection is raised, not waited for."""
    return DBOSClient(
        system_database_url=with_patience(settings.database),
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        lazy=True,
        retry_connection_errors=False,
    )


def worker_config(settings: JobSettings, executor_id: str) -> DBOSConfig:
    """Return how DBOS is launched in a worker.

    The version is a constant: by default it is a hash of the source, and an update would leave all jobs behind. The
    default serializer is pickle.
    """
    return {
        "name": APPLICATION,
        "system_database_url": with_patience(settings.database),
        "application_version": VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "CRITICAL",
        "max_executor_threads": 8,
    }


def with_patience(database: str) -> str:
    """Return the address with a limit on the time to connect, where it has none."""
    if database.startswith(SQLITE):
        return database
    url = make_url(database)
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(CONNECT_S)})
    return url.render_as_string(hide_password=False)
