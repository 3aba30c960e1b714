"""The page of sources: how each stands, why one was left out, what to do about it, and what of it is held back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.catalogue.columns.sources import HELD_SHOWN
from aimstats.domain.claims import json_text
from aimstats.domain.items import Source
from aimstats.domain.reasons import Reason
from tests.catalogue.bodies import MODELS, OFFERS
from tests.web.conftest import app_on
from tests.web.publishing import publish

READ = datetime.now(UTC) - timedelta(days=4)


@pytest.fixture
def writer(database_url: URL) -> Iterator[Engine]:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        publish(connection, MODELS, OFFERS)
    yield engine
    engine.dispose()


@pytest.fixture
def client(database_url: URL, writer: Engine) -> Iterator[FlaskClient]:
    app = app_on(database_url)
    yield app.test_client()
    app.extensions["database"].close()


def declare(connection: Connection, id_: str, *, read: bool = True, **fields: Any) -> None:
    """A source that was read once, four days ago."""
    source = Source(id=id_, **{"name": id_.title(), "kind": "page", "url": f"https://{id_}.example/", **fields})
    connection.execute(
        text("insert into source (id, body) values (:id, cast(:body as jsonb))"),
        {"id": id_, "body": orjson.dumps(source.declaration()).decode()},
    )
    if read:
        connection.execute(
            text("insert into document (source, url, checked_at) values (:id, :url, :at)"),
            {"id": id_, "url": source.url, "at": READ},
        )
        run(connection, id_, "published", at=READ)


def run(connection: Connection, id_: str, status: str, *, at: datetime | None = None, errors: list[str] | None = None) -> None:
    """A run of a source; the first of its errors may have a code."""
    because = {"because": error.body} if errors and isinstance(error := errors[0], Reason) else {}
    when = at or datetime.now(UTC)
    connection.execute(
        text(
            "insert into run (source, observed_at, started_at, finished_at, status, stats, software) "
            "values (:id, :at, :at, :at, :status, cast(:stats as jsonb), 'test')"
        ),
        {"id": id_, "at": when, "status": status, "stats": json_text({"errors": errors or [], **because})},
    )


def hold(connection: Connection, id_: str, reasons: Mapping[str, tuple[str, int]]) -> None:
    """Items of a source's document that wait for a decision: reason -> its check and how many."""
    for reason, (check, count) in reasons.items():
        connection.execute(
            text(
                'insert into held (run_id, document_id, item, "check", reason, since) '
                "select max(run.id), max(document.id), '{}'::jsonb, :check, :reason, :at "
                "from run, document, generate_series(1, :count) as n where run.source = :id and document.source = :id group by n"
            ),
            {"id": id_, "check": check, "reason": reason, "count": count, "at": READ},
        )


def notes(client: FlaskClient) -> dict[str, str]:
    """Source -> what its row says of it."""
    rows = Selector(client.get("/sources").text).css("tbody tr:not(.told)")
    told = "string(following-sibling::tr[1][contains(@class, 'told')]//*[@class='note'])"
    said = {row.css(".id").xpath("string()").get(""): row.xpath(f"normalize-space({told})").get("") for row in rows}
    listed = {row["id"]: row["note"] for row in client.get("/api/v1/sources").get_json()["data"]}
    assert all(note is None or note in said[id_] for id_, note in listed.items()), "the API says the same"
    return said


def test_a_source_that_was_left_out_or_failed_says_why_and_what_to_do(client: FlaskClient, writer: Engine) -> None:
    with writer.begin() as connection:
        declare(connection, "keyed", key_variable="KEYED_API_KEY", read=False)
        run(connection, "keyed", "not_configured", errors=["KEYED_API_KEY is not set: the source wants a key"])
        declare(connection, "broken")
        run(connection, "broken", "failed", errors=["none of its documents is there (404)"])
        declare(connection, "old")
        declare(connection, "once", license="CC-BY-NC-4.0", default=False)
        declare(connection, "drawn", kind="page", default=False, cadence_hours=72)
        declare(connection, "waiting", read=False)
    stands = f"What it stated before stands, last confirmed on {READ:%Y-%m-%d}."
    assert notes(client) == {
        "keyed": "Not read here, since it wants a key. Nothing of it is known yet.",
        "broken": f"None of its documents is there (404). {stands} The next crawl reads it again.",
        "old": f"Not read lately: what it says may have changed. {stands}",
        "once": f"Not among the sources that are read by themselves: its licence is non-commercial. {stands}",
        "drawn": "",
        "waiting": "Not read yet.",
        "models_dev": "Not read yet.",
    }, "what is read every three days is fresh after four"
    spanish = Selector(client.get("/es/sources?q=broken").text).css(".told .note")
    assert spanish.xpath("normalize-space()").get() == (
        "None of its documents is there (404). Lo que indicó antes sigue vigente, confirmado por última vez el "
        f"{READ:%Y-%m-%d}. La próxima lectura la lee de nuevo."
    )
    assert spanish.css("[lang=en]::text").getall() == ["None of its documents is there (404)."], "what the reader of it said"


@pytest.mark.parametrize(
    ("error", "english", "spanish", "quoted"),
    [
        (Reason("nothing_read"), "No document was read.", "No se leyó ningún documento.", []),
        (
            Reason("all_failed", failed=2, total=3, url="https://a.example/?x=1&y", error="no row <b> states a price"),
            "2 of 3 documents failed; the first: https://a.example/?x=1&y: no row <b> states a price.",
            "Fallaron 2 de 3 documentos; el primero: https://a.example/?x=1&y: no row <b> states a price.",
            ["no row <b> states a price"],
        ),
        (
            Reason("index_failed", url="https://a.example/", error=Reason("key_not_right", status=401, variable="A_KEY")),
            "Its index failed: https://a.example/: HTTP 401: is A_KEY right?",
            "Falló su índice: https://a.example/: HTTP 401: ¿es correcta A_KEY?",
            [],
        ),
        ("HTTP 503", "HTTP 503.", "HTTP 503.", ["HTTP 503."]),
    ],
)
def test_a_failure_is_told_in_the_readers_language_and_quotes_what_others_said(
    client: FlaskClient, writer: Engine, error: str, english: str, spanish: str, quoted: list[str]
) -> None:
    with writer.begin() as connection:
        declare(connection, "broken")
        run(connection, "broken", "failed", errors=[error])
    said = {code: Selector(client.get(f"{code}/sources?q=broken").text).css(".told .note .warm") for code in ("", "/es")}
    assert [said[code].xpath("normalize-space()").get() for code in said] == [english, spanish]
    assert [said[code].css("[lang=en]::text").getall() for code in said] == [[], quoted]
    [row] = client.get("/api/v1/sources?id=broken").get_json()["data"]
    assert (row["error"], (row["error_because"] or {}).get("code")) == (error, getattr(error, "code", None))


def test_a_row_says_how_many_days_ago_the_source_was_last_read_well(client: FlaskClient, writer: Engine) -> None:
    with writer.begin() as connection:
        declare(connection, "old")
    row = Selector(client.get("/sources?q=old").text).css("tbody tr")
    assert row.css(".age::text").getall() == ["4 days ago"]


def test_what_is_held_is_counted_by_check_with_its_reasons(client: FlaskClient, writer: Engine) -> None:
    many = {f"reason {number:02}": ("moved", 1) for number in range(HELD_SHOWN)}
    with writer.begin() as connection:
        declare(connection, "old")
        hold(connection, "old", {"$0.0001 per 1M tokens: nothing is so cheap": ("too_cheap", 3), **many})
    held = Selector(client.get("/sources?q=old").text).css("details.held")
    assert held.css("summary::text").get() == "23 held back"
    heads = [head.xpath("normalize-space()").get("") for head in held.css("h3")]
    day = f"{READ:%-d %b %Y}"
    assert heads == [f"Moved {HELD_SHOWN - 1}, since {day}", f"Too cheap 3, since {day}"]
    assert held.css("li").xpath("normalize-space()").getall()[-1] == "$0.0001 per 1M tokens: nothing is so cheap ×3"
    assert held.css("p").xpath("normalize-space()").get("").startswith("And 1 for other reasons.")
    assert "the figure before it stands" in held.css("p").xpath("normalize-space()").get("")


def test_what_is_held_says_why_in_the_readers_language_where_it_has_a_code(client: FlaskClient, writer: Engine) -> None:
    reason = Reason("too_cheap", stated=Reason("stated_as", price="$0.0001", unit="1M tokens", figure="x"))
    with writer.begin() as connection:
        declare(connection, "old")
        hold(connection, "old", {str(reason): ("too_cheap", 3), "a thousand times dearer": ("moved", 2)})
        connection.execute(
            text("update held set because = cast(:because as jsonb) where reason = :reason and id % 2 = 0"),
            {"because": json_text(reason.body), "reason": str(reason)},
        )
    lines = Selector(client.get("/es/sources?q=old").text).css("details.held li")
    assert lines.xpath("normalize-space()").getall() == [
        "a thousand times dearer ×2",
        "$0.0001 por 1M tokens como x: solo lo gratuito es tan barato; probablemente es el precio de otra unidad ×3",
    ], "one line, whichever release wrote its rows"
    assert lines.css("[lang=en]::text").getall() == ["a thousand times dearer"]
    [row] = client.get("/api/v1/sources?id=old").get_json()["data"]
    assert [(one["reason"], one.get("because", {}).get("code")) for one in row["held_reasons"]] == [
        (str(reason), "too_cheap"),
        ("a thousand times dearer", None),
    ]


def test_a_source_that_fails_between_two_editions_is_shown_as_failed(client: FlaskClient, writer: Engine) -> None:
    with writer.begin() as connection:
        declare(connection, "old")
    before = client.get("/sources")
    with writer.begin() as connection:
        run(connection, "old", "failed", errors=["no answer"])
    client.application.extensions["catalogue"]._sources = None
    after = client.get("/sources", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "No answer." in after.text


def test_reasons_that_hold_as_much_stand_in_one_order_whichever_came_first(client: FlaskClient, writer: Engine) -> None:
    reasons = {f"reason {place}": ("far_from_others", 1) for place in (3, 1, 2)} | {"odd": ("absurd", 1), "most": ("moved", 2)}
    with writer.begin() as connection:
        declare(connection, "ode")
        hold(connection, "ode", reasons)
        # Grouped by hashing, as many rows are, they come in no order.
        connection.execute(text(f'alter database "{writer.url.database}" set enable_sort = off'))
    [row] = client.get("/api/v1/sources?id=ode").get_json()["data"]
    assert [reason["reason"] for reason in row["held_reasons"]] == ["most", "odd", "reason 1", "reason 2", "reason 3"]
