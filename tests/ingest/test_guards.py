"""What the database itself refuses, whoever asks: to rewrite, delete or open again what the ledger holds."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.ingest.worlds import World, both, day, seen, usd

GUARDED = {
    "delete claims": "delete from claim",
    "truncate claims": "truncate claim cascade",
    "rewrite a figure": "update claim set usd = 1",
    "close without a reason": "update claim set observed_to = observed_from + interval '1 day'",
    "open again": "update claim set observed_to = null, closed_by = null, closed_as = null where observed_to is not null",
    "close twice": "update claim set observed_to = now() where observed_to is not null",
    "delete assignments": "delete from assignment",
    "rewrite an assignment": "update assignment set model = 'x/y'",
    "delete listings": "delete from listing",
    "rename a listing": "update listing set external_id = 'x'",
    "delete runs": "delete from run",
    "rewrite a finished run": "update run set status = 'failed'",
    "delete readings": "delete from reading",
    "rewrite a reading": "update reading set status = 'ok'",
    "truncate readings": "truncate reading",
}


@pytest.mark.parametrize("statement", GUARDED.values(), ids=GUARDED)
def test_the_database_itself_refuses_to(world: World, statement: str) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"))])
    world.crawl(day(1), [seen("gpt-4o", *both("2.5", "15"))])
    with pytest.raises(IntegrityError), world.connection.begin_nested():
        world.connection.execute(text(statement))


def test_one_series_step_has_at_most_one_open_claim(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    columns = "listing_id, document_id, kind, key, value, observed_from, opened_by"
    with pytest.raises(IntegrityError, match="uq_claim_open"), world.connection.begin_nested():
        world.connection.execute(text(f"insert into claim ({columns}) select {columns} from claim where kind = 'price'"))
