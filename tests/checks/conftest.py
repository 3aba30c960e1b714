"""An empty ledger for each test of the gate, in a transaction that is rolled back."""

import pytest
from sqlalchemy import Connection

from tests.ingest.worlds import World


@pytest.fixture
def world(db: Connection) -> World:
    """An empty ledger."""
    return World(db)
