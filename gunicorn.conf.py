"""How gunicorn serves the app; its arbiter holds the embedded database, which so outlives the workers."""

import importlib
import logging
import signal
import socket
import sys
import threading
from datetime import UTC, datetime
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from sqlalchemy.exc import SQLAlchemyError

from aimstats.config import load_config
from aimstats.log import configure_logging
from aimstats.store.database import Database, open_database, reason
from aimstats.store.migrate import COMMAND, schema_state

configured = load_config()


class EventLogger(Logger):
    """Gunicorn's own events, in the form of all others."""

    def setup(self, cfg: Any) -> None:
        """Send them through the root logger."""
        configure_logging(
            configured.log_level,
            release=configured.release,
            secrets=configured.secrets,
            project=configured.google_cloud_project,
        )
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(max(logging.WARNING, logging.getLevelName(configured.log_level)))


wsgi_app = "app:app"
bind = f"0.0.0.0:{configured.port}"
worker_class = "aimstats.worker.Worker"
workers = configured.web_concurrency
threads = configured.web_threads
# Without it one worker may get all kept-alive connections (measured 2026-11: 1,000 against 2,300 requests/s).
reuse_port = True
# Cloud Run kills 10 s after SIGTERM.
graceful_timeout = 8
timeout = 60
keepalive = 75
accesslog = None
control_socket_disable = True
logger_class = EventLogger
# Heartbeats in memory: a slow disk must not get a worker killed.
worker_tmp_dir = "/dev/shm" if sys.platform == "linux" else None

_database: list[Database] = []


def _fill(database: Database) -> None:
    """Load the bundled snapshot into an empty catalogue; the ledger's code is loaded only where it is needed."""
    with database.engine.connect() as connection:
        if connection.exec_driver_sql("select published_at from version").scalar() is not None:
            return
    from aimstats.ingest.snapshot import import_bundled_if_empty

    log = logging.getLogger("aimstats")
    log.info("The catalogue is empty: loading the bundled snapshot, which takes some seconds")
    with open_database(configured, "scrape") as filling:
        import_bundled_if_empty(filling.engine, datetime.now(UTC), configured.release or "development")


def _look_at(database: Database) -> None:
    """Say at start what is wrong with a database that is not ours to mend; serving goes on, for it may come."""
    log = logging.getLogger("aimstats")
    try:
        with database.engine.connect() as connection:
            state = schema_state(connection)
        if state in ("empty", "older"):
            log.error(
                "Everything is answered with 503 until the database, whose schema is %s, is migrated: run `%s`", state, COMMAND
            )
    except SQLAlchemyError as error:
        log.error("Everything is answered with 503 until the database can be reached: %s", reason(error))
    database.engine.dispose()


def _stop_early(signum: int, _: object) -> None:
    """End as after a normal stop: gunicorn has no handlers of its own yet while it starts."""
    raise SystemExit(0)


def _claim(server: Arbiter) -> None:
    """End with one line where an address cannot be listened at. The workers could not say so: they share the port with whoever
    else lets it be shared, another `make run` too, and are started again for ever where it is refused to them."""
    if server.master_pid:  # a new arbiter takes over from one that still listens
        return
    for address in server.cfg.address:
        if isinstance(address, tuple):
            host, port = address
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((host, port))
                except OSError as error:
                    raise SystemExit(f"PORT: {host}:{port} cannot be listened at: {error.strerror}") from None


def on_starting(server: Arbiter) -> None:
    """See that the port is free; then start, migrate and fill the embedded database, before the first worker."""
    from aimstats.worker import share_one_heap  # gunicorn has it by now; a wrong setting is said without it

    _claim(server)
    share_one_heap()
    database = open_database(configured)
    if not database.is_embedded:
        importlib.import_module("aimstats.factory")
        _look_at(database)
        return
    before = {kind: signal.signal(kind, _stop_early) for kind in (signal.SIGTERM, signal.SIGINT)}
    # The app's modules are read while PostgreSQL starts: every worker then has them already.
    reading = threading.Thread(target=importlib.import_module, args=("aimstats.factory",), daemon=True)
    reading.start()
    try:
        database.prepare()
        _fill(database)
        reading.join()
    except BaseException as error:
        database.close()
        if isinstance(error, SQLAlchemyError):
            raise SystemExit(f"the embedded database cannot be used: {reason(error)}") from None
        raise
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
    # Nothing that is connected may be inherited by the workers.
    database.engine.dispose()
    _database.append(database)


def when_ready(server: Arbiter) -> None:
    """Say in two lines where to look; the port may have been taken while the database started."""
    try:
        _claim(server)
    except SystemExit:
        on_exit(server)
        raise
    log = logging.getLogger("aimstats")
    base = f"http://localhost:{configured.port}"
    if "web" in configured.serve:
        log.info("Pages: %s/", base)
    if "api" in configured.serve:
        log.info("API:   %s/api/v1/models, described at %s/docs/api", base, base)


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """Have nobody listen before a worker does by itself: gunicorn would for a moment, and break off whoever connected in it."""
    server.cfg.set("reuse_port", False)


def post_worker_init(worker: Worker) -> None:
    """Leave Ctrl-C to the arbiter: a terminal sends it to every process, and a worker is then told to quit twice."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def on_exit(server: Arbiter) -> None:
    """Leave the embedded database; the last one to leave stops it."""
    for database in _database:
        database.close()
