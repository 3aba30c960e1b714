"""Every total that `/costs` prints of the real documents is the one that the prices of `/offers` give, computed anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from tests.api.conftest import api_on
from tests.api.recomputed import Work, total_of
from tests.faults.real import published, read

WORKS: tuple[Work, ...] = (
    {"input_tokens": 2_000, "output_tokens": 500},
    {
        "input_tokens": 250_000,
        "output_tokens": 3_000,
        "cache_hit": "0.5",
        "cache_write": "0.2",
        "batch_share": "0.25",
        "requests": 7,
    },
    {"input_tokens": 272_000, "output_tokens": 2_000, "reasoning_tokens": 1_500, "plan": "priority", "cache_hit": "0.9"},
    {
        "input_tokens": 128_000,
        "output_tokens": 100,
        "cache_write": "1",
        "cache_ttl": "1h",
        "utc_hours": "1500-1900",
        "plan": "flex",
    },
    {"input_tokens": 9_000, "output_tokens": 0, "batch_share": "1"},
)


@pytest.fixture
def mirror(database_url: URL, shared: Path) -> Iterator[FlaskClient]:
    """The API on all that the spiders read of the real documents."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        published(connection, read(shared / "mirror"))
    engine.dispose()
    app = api_on(database_url)
    yield app.test_client()
    app.extensions["database"].close()


def lines(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    return [json.loads(line, parse_float=Decimal) for line in answer.get_data(as_text=True).splitlines()]


@pytest.mark.long
def test_every_total_is_what_the_offers_prices_give(mirror: FlaskClient) -> None:
    texts = {model["id"] for model in lines(mirror, "/models.ndjson?type=text&fields=id")}
    offers = [offer for offer in lines(mirror, "/offers.ndjson?kind=model") if offer["model"] in texts]
    assert len(offers) > 5_000
    for work in WORKS:
        rows = lines(mirror, f"/costs.ndjson?per=offer&type=text&{urlencode(work)}")
        assert [(row["total"], row["offer"]) for row in rows] == sorted((row["total"], row["offer"]) for row in rows)
        shown = {row["offer"]: row for row in rows}
        for offer in offers:
            row, expected = shown.get(offer["id"]), total_of(offer, work)
            assert (row is None) == (expected is None), (offer["id"], work)
            if row is not None and expected is not None:
                assert abs(row["total"] - expected) < Decimal("1e-9") + expected * Decimal("1e-11"), (offer["id"], work)
                assert row["total"] == sum(line["amount"] for line in row["lines"])
