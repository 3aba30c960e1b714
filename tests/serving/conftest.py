"""A published database, and a proxy in front of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from tests.api.published import publish_small
from tests.serving.proxy import Proxy, proxy_to


@pytest.fixture
def published_url(database_url: URL) -> URL:
    """A database of the test's own with a small catalogue."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        publish_small(connection)
    return database_url


@pytest.fixture
def proxy(published_url: URL) -> Iterator[Proxy]:
    """What stands between the server and that database."""
    with proxy_to(published_url) as proxy:
        yield proxy
