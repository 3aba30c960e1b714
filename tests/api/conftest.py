"""The API over a small published catalogue: one for all tests that only read, one for each that writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.config import load_config
from aimstats.factory import create_app
from tests.api.published import publish_small
from tests.conftest import as_text

READ_ONLY = f"aimstats_small_{os.getpid()}"


def api_on(url: URL) -> Flask:
    """The API alone, without a rate limit."""
    config = load_config({"DATABASE_URL": as_text(url)})
    return create_app(replace(config, rate_limit="", serve=frozenset({"api"})))


@pytest.fixture
def writer(database_url: URL) -> Iterator[Engine]:
    """An engine that writes to this test's database, as the job does."""
    engine = create_engine(database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def empty(database_url: URL) -> Iterator[Flask]:
    """The API on a database in which nothing was published."""
    app = api_on(database_url)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def small(writer: Engine, empty: Flask) -> Flask:
    """The API on a database of this test's own that holds the small catalogue."""
    with writer.begin() as connection:
        publish_small(connection)
    return empty


@pytest.fixture(scope="session")
def reading(admin: Engine, server_url: URL, template_url: URL) -> Iterator[Flask]:
    """The API on the one small catalogue of all tests that only read."""
    with admin.connect() as connection:
        connection.execute(text(f'drop database if exists "{READ_ONLY}" with (force)'))
        connection.execute(text(f'create database "{READ_ONLY}" template "{template_url.database}" strategy file_copy'))
    url = server_url.set(database=READ_ONLY)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        publish_small(connection)
    app = api_on(url)
    yield app
    app.extensions["database"].close()
    with admin.connect() as connection:
        connection.execute(text(f'drop database "{READ_ONLY}" with (force)'))


@pytest.fixture
def api(reading: Flask) -> FlaskClient:
    """A client of the one small catalogue."""
    return reading.test_client()
