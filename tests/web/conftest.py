"""A published catalogue with small invented rows, and pages on it: one for all tests, which only read it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Error, sync_playwright
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
from werkzeug.serving import make_server

from aimstats.config import load_config
from aimstats.factory import create_app
from tests.api.events import write_events
from tests.catalogue.bodies import MODELS, OFFERS
from tests.conftest import as_text
from tests.web.publishing import publish
from tests.web.sample import evidence_of_model, listings_of_offer
from tools.screenshots import CHROMIUM, FLAGS

DATABASE = f"aimstats_pages_{os.getpid()}"
PUBLIC_URL = "https://models.example"
WINDOWLESS = "chromium-headless-shell"
"""Debian's package and program of Chromium without its windows: a tab takes it a quarter of the processor time (2026-11)."""


def small_evidence() -> dict[str, Any]:
    """What two sources say of every model and offer of the small catalogue."""
    said: dict[str, Any] = {body["id"]: evidence_of_model(body) for body in MODELS}
    return said | {body["id"]: listings_of_offer(body) for body in OFFERS}


def app_on(url: URL, **settings: str) -> Flask:
    """The whole app on a database, without a rate limit."""
    return create_app(replace(load_config({"DATABASE_URL": as_text(url), **settings}), rate_limit=""))


@contextmanager
def client_on(url: URL, *published: Any, **further: Any) -> Iterator[FlaskClient]:
    """A client of the pages on a database in which this is published (see `publish`)."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        publish(connection, *published, **further)
    app = app_on(url)
    yield app.test_client()
    app.extensions["database"].close()
    engine.dispose()


@pytest.fixture(scope="session")
def published_url(admin: Engine, server_url: URL, template_url: URL) -> Iterator[URL]:
    """A database with the small catalogue, in which `alpha/ode-4-5` was merged into `alpha/ode-4.5`."""
    with admin.connect() as connection:
        connection.execute(text(f'create database "{DATABASE}" template "{template_url.database}" strategy file_copy'))
    url = server_url.set(database=DATABASE)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        publish(connection, MODELS, OFFERS, evidence=small_evidence())
        write_events(connection)
        connection.execute(
            text(
                "insert into published_model (id, first_published, redirect, redirected_at, reason) "
                "values ('alpha/ode-4-5', now(), 'alpha/ode-4.5', now(), 'one model under two names')"
            )
        )
    yield url
    with admin.connect() as connection:
        connection.execute(text(f'drop database "{DATABASE}" with (force)'))


@pytest.fixture(scope="session")
def published(published_url: URL) -> Iterator[Flask]:
    """The app over the small catalogue."""
    app = app_on(published_url, PUBLIC_URL=PUBLIC_URL)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def pages(published: Flask) -> FlaskClient:
    """A client of the pages of the small catalogue."""
    return published.test_client()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Where a browser finds the pages of an app."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def site(published: Flask) -> Iterator[str]:
    """Where a browser finds the pages of the small catalogue."""
    with serving(published) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window if it is there; tests that need it skip with the reason where there is none."""
    program = shutil.which(WINDOWLESS) or CHROMIUM
    if not Path(program).exists():
        pytest.skip(f"there is neither {WINDOWLESS} nor {CHROMIUM}: apt-get install {WINDOWLESS}")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        except Error as error:
            pytest.skip(f"Chromium does not start: {error.message.splitlines()[0]}")
        yield browser
        browser.close()
