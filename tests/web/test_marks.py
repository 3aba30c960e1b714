"""Figures that stand still say so: a newer one was held back, or the source was not read lately, judged by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.catalogue.holder import CatalogueHolder
from aimstats.domain.reasons import Reason, explained
from aimstats.extensions.current import EXTENSION
from tests.catalogue.bodies import MODELS, OFFERS, price
from tests.web.conftest import app_on, small_evidence
from tests.web.publishing import publish

CONFIRMED = datetime(2026, 11, 12, 6, tzinfo=UTC)
HELD = {
    "since": "2026-11-13T06:00:00+00:00",
    "confirmed_at": CONFIRMED.isoformat(),
    "check": "moved",
    "reason": "the input price went from $3 to $3,000",
}
SENTENCE = "Kept from 12 Nov 2026: a newer figure was held back (the input price went from $3 to $3,000)"
OWN, SOLD = "alpha/alpha/ode-4.5", "alpha/ode-4.5"
MODEL = f"/models/{SOLD}"


class Clock:
    """Wall clock and look-again clock in one: it stands where it was set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The time of day."""
        return self.at

    def seconds(self) -> float:
        """The same as a stopwatch has it."""
        return self.at.timestamp()

    def pass_(self, **units: float) -> None:
        """Let time go by."""
        self.at += timedelta(**units)


@pytest.fixture
def clock() -> Clock:
    return Clock(CONFIRMED + timedelta(hours=1))


@pytest.fixture
def writer(database_url: URL) -> Iterator[Engine]:
    engine = create_engine(database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def clocked(database_url: URL, writer: Engine, clock: Clock) -> Iterator[FlaskClient]:
    """Pages and API on the small catalogue, all of it read at `CONFIRMED` from one source that is read once a day."""
    app: Flask = app_on(database_url)
    app.extensions[EXTENSION] = CatalogueHolder(app.extensions["database"].engine, clock=clock.seconds, now=clock.now)
    put(writer, lambda body: body)
    yield app.test_client()
    app.extensions["database"].close()


def put(writer: Engine, change: Callable[[dict[str, Any]], dict[str, Any]], *, dataset: int = 1, **evidence: Any) -> None:
    """Publish the small catalogue, each offer as `change` makes it."""
    priced = [body | {"prices": prices_of(body)} for body in OFFERS]
    with writer.begin() as connection:
        said = small_evidence() | evidence
        publish(connection, MODELS, [change(body) for body in priced], evidence=said, checked_at=CONFIRMED, dataset=dataset)


def prices_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The headline prices of an offer as its list of prices has them."""
    return [price(meter, usd, source="models_dev") for meter, usd in body["cost"].items() if isinstance(usd, str)]


def hold(body: dict[str, Any]) -> dict[str, Any]:
    """Alpha's own offer with a held successor of its input price."""
    if body["id"] != OWN:
        return body
    prices = [one | {"held": HELD} if one["meter"] == "input" else one for one in body["prices"]]
    return body | {"prices": prices, "frozen_at": CONFIRMED.isoformat()}


def titles(page: str, kind: str) -> list[str]:
    return Selector(page).css(f".stands.{kind}::attr(title)").getall()


def test_a_figure_whose_successor_is_held_back_carries_a_mark_and_words(clocked: FlaskClient, writer: Engine) -> None:
    put(writer, hold, dataset=2)
    row = Selector(clocked.get("/?q=ode+4.5").text).css("tbody tr")[0]
    mark = row.css("td")[0].css(".stands.held")
    assert (mark.attrib["title"], mark.css(".vh::text").get()) == (SENTENCE, f"{SENTENCE}:")
    assert not row.css("td")[1].css(".stands"), "the output price is not held"
    assert titles(clocked.get("/providers/alpha").text, "held") == [SENTENCE]
    assert set(titles(clocked.get("/?q=ode+4.5&basis=cheapest").text, "held")) == set(), "another offer's price is no older"


def test_the_page_of_the_model_marks_the_figure_wherever_it_stands(clocked: FlaskClient, writer: Engine) -> None:
    put(writer, hold, dataset=2)
    page = Selector(clocked.get(MODEL).text)
    for place in (".key dd", "table.offers td", "#prices td"):
        assert page.css(f"{place} .stands.held::attr(title)").getall() == [SENTENCE], place


def alone(body: dict[str, Any]) -> dict[str, Any]:
    """Alpha's own offer with an input price on its source's word alone."""
    if body["id"] != OWN:
        return body
    mark = "moved 10 times, on its source's word alone"
    return body | {"prices": [one | {"mark": mark} if one["meter"] == "input" else one for one in body["prices"]]}


def test_a_price_on_its_sources_word_alone_says_so(clocked: FlaskClient, writer: Engine) -> None:
    put(writer, alone, dataset=2)
    assert titles(clocked.get("/?q=ode+4.5").text, "alone") == ["Moved 10 times, on its source's word alone"]


def never_shown(body: dict[str, Any]) -> dict[str, Any]:
    """Alpha's own offer, whose input price is held at first sight."""
    if body["id"] != OWN:
        return body
    held = {name: value for name, value in HELD.items() if name != "confirmed_at"}
    kept = {"usd": None, "amount": None, "absent": "held", "held": held}
    prices = [one | kept if one["meter"] == "input" else one for one in body["prices"]]
    cost = body["cost"] | {"input": None, "absent": body["cost"]["absent"] | {"input": "held"}}
    return body | {"prices": prices, "cost": cost}


def test_a_price_that_is_held_at_first_sight_says_why_where_it_would_stand(clocked: FlaskClient, writer: Engine) -> None:
    put(writer, never_shown, dataset=2)
    page = clocked.get("/providers/alpha").text
    assert titles(page, "held") == ["Held back since 13 Nov 2026 (the input price went from $3 to $3,000)"]
    assert "stated, but held back as doubtful" in page
    (offer,) = clocked.get(f"/api/v1/offers?id={OWN}").get_json()["data"]
    assert offer["cost"]["absent"]["input"] == "held"


def test_the_cheapest_offer_of_a_provider_is_marked(clocked: FlaskClient, writer: Engine) -> None:
    put(writer, hold, dataset=2)
    page = clocked.get("/providers?column=cheapest").text
    assert titles(page, "held") == [SENTENCE]


def test_the_evidence_says_which_statement_is_shown_why_and_since_when_it_stands_still(
    clocked: FlaskClient, writer: Engine
) -> None:
    first, second = small_evidence()[OWN]
    lines = [first | {"won": ["input"], **explained(Reason("own_page")), "held": HELD}, second]
    put(writer, hold, dataset=2, **{OWN: lines})
    evidence = Selector(clocked.get(f"{MODEL}?offer={OWN}&fragment=offer_evidence").text).css("tbody tr")
    won, note, other = evidence
    reason = won.css(".why").xpath("normalize-space()").get()
    assert reason == "shown for input: the seller’s own page outranks every other source"
    assert len(won.css(".chosen")) == 1
    assert note.xpath("normalize-space()").get() == f"{SENTENCE}."
    assert other.css(".why").xpath("normalize-space()").get() == "equal"
    assert "12 Nov 2026" in won.get()


MOVED = Reason("nobody_else_says_so", went=Reason("went", figure=Reason("price_of", meter="input"), before="$3", now="$3000"),
               times=Reason("dearer", times="1,000"))  # fmt: skip
SPANISH = {
    "code": "Retenida desde el 13 nov 2026 (precio de input pasó de $3 a $3000, 1,000 veces más caro, y ninguna otra fuente "
    "lo dice: probablemente es otra unidad u otra columna)",
    "sentence": "Retenida desde el 13 nov 2026 (the input price went from $3 to $3,000)",
}
"""What the mark of a held price says in Spanish, with a code and as an earlier release wrote it."""


@pytest.mark.parametrize("written", SPANISH)
def test_a_held_price_says_why_in_the_readers_language(clocked: FlaskClient, writer: Engine, written: str) -> None:
    reason = explained(MOVED) if written == "code" else {}

    def held(body: dict[str, Any]) -> dict[str, Any]:
        made = never_shown(body)
        return made | {"prices": [one | {"held": one["held"] | reason} if one.get("held") else one for one in made["prices"]]}

    put(writer, held, dataset=2)
    page = clocked.get("/es/providers/alpha").text
    assert titles(page, "held") == [SPANISH[written]]
    told = Selector(page).css(".stands.held .vh")
    assert told.xpath("string()").get() == f"{SPANISH[written]}:"
    english = told.css("[lang=en]::text").getall()
    assert english == ([] if written == "code" else [HELD["reason"]]), (
        "a sentence of an earlier release says whose language it is"
    )
    (offer,) = clocked.get(f"/api/v1/offers?id={OWN}").get_json()["data"]
    (said,) = (one["held"] for one in offer["prices"] if one["held"])
    assert said["reason"] == (MOVED if written == "code" else HELD["reason"]), "the API says it in English"
    assert said.get("because") == reason.get("because")


def test_the_evidence_says_in_spanish_why_a_statement_is_shown(clocked: FlaskClient, writer: Engine) -> None:
    first, second = small_evidence()[OWN]
    more = Reason(
        "with_more", reason=Reason("at_the_developer", source="Alpha API"), more=Reason("and", first="audio", last="pdf")
    )
    put(writer, lambda body: body, dataset=2, **{OWN: [first | {"won": ["input"], **explained(more)}, second]})
    page = Selector(clocked.get(f"/es{MODEL}?offer={OWN}&fragment=offer_evidence").text)
    said = page.css("tbody tr .why").xpath("normalize-space()").get()
    assert said == (
        "se muestra para entrada: Alpha API, en el proveedor del propio desarrollador; audio y pdf según la mayoría de las otras "
        "fuentes"
    )


def test_a_held_fact_is_marked_beside_its_value(clocked: FlaskClient, writer: Engine) -> None:
    said = small_evidence()[SOLD]
    said["limit.context"][0] |= {"held": HELD}
    put(writer, lambda body: body, dataset=2, **{SOLD: said})
    page = Selector(clocked.get(MODEL).text)
    assert page.css("#fact-limit\\.context summary .stands.held::attr(title)").get() == SENTENCE
    assert page.css("#fact-limit\\.context .note td").xpath("normalize-space()").get() == f"{SENTENCE}."
    assert page.css(".key .stands.held::attr(title)").get() == SENTENCE


def test_what_was_not_read_for_one_and_a_half_times_its_interval_is_marked_by_the_clock_alone(
    clocked: FlaskClient, clock: Clock
) -> None:
    addresses = ("/", MODEL, f"{MODEL}?offer={OWN}", "/providers/alpha", "/providers?column=cheapest")
    fresh = {address: clocked.get(address) for address in addresses}
    assert [titles(answer.text, "stale") for answer in fresh.values()] == [[]] * len(addresses)
    clock.pass_(hours=34)
    for address in addresses:
        assert clocked.get(address, headers={"If-None-Match": fresh[address].headers["ETag"]}).status_code == 304, address
    clock.pass_(hours=2)
    for address in addresses:
        answer = clocked.get(address, headers={"If-None-Match": fresh[address].headers["ETag"]})
        assert answer.status_code == 200, address
        assert "Not read since 12 Nov 2026: models_dev. The figure may have changed" in answer.text, address


def test_a_median_of_prices_that_are_too_old_is_marked(clocked: FlaskClient, clock: Clock) -> None:
    assert not titles(clocked.get("/?q=vector").text, "stale")
    clock.pass_(days=3)
    row = Selector(clocked.get("/?q=vector").text).css("tbody tr")[0]
    assert [len(cell.css(".stands.stale")) for cell in row.css("td")[:2]] == [1, 0], "its output is not billed"
    assert titles(clocked.get("/?q=ode+4.5&basis=median").text, "stale")


def test_a_stale_source_that_is_read_again_is_fresh(clocked: FlaskClient, writer: Engine, clock: Clock) -> None:
    clock.pass_(days=3)
    assert titles(clocked.get("/").text, "stale")
    with writer.begin() as connection:
        connection.execute(text("update document set checked_at = :at"), {"at": clock.at})
        connection.execute(text("update version set checked = checked + 1"))
    clock.pass_(minutes=1)
    assert not titles(clocked.get("/").text, "stale")


def test_the_clock_goes_on_while_the_database_is_away(clocked: FlaskClient, writer: Engine, clock: Clock) -> None:
    assert not titles(clocked.get("/").text, "stale")
    with writer.begin() as connection:
        connection.execute(text("alter table version rename to version_away"))
    clock.pass_(days=3)
    assert titles(clocked.get("/").text, "stale")


def test_a_kept_page_says_anew_for_how_many_days_no_source_was_read(clocked: FlaskClient, clock: Clock) -> None:
    clock.pass_(hours=47)
    assert "has been read for" not in clocked.get("/methodology").text
    clock.pass_(hours=3)
    for days in (2, 3):
        for address in ("/", "/methodology"):
            assert f"No source has been read for {days} days" in clocked.get(address).text, address
        clock.pass_(days=1)


def test_the_api_says_until_when_a_figure_is_fresh(clocked: FlaskClient, writer: Engine, clock: Clock) -> None:
    line = small_evidence()[OWN][0] | {"document": 1}
    put(writer, hold, dataset=2, **{OWN: [line | {"held": HELD}]})
    until = "2026-11-13T18:00:00Z"
    offer = clocked.get(f"/api/v1/offers?id={OWN}").get_json()["data"][0]
    model = clocked.get(f"/api/v1{MODEL}?include=evidence").get_json()
    source = clocked.get("/api/v1/sources").get_json()["data"][0]
    assert (offer["stale_after"], offer["evidence"][0]["stale_after"]) == (until, until)
    assert (model["stale_after"], model["evidence"]["limit.context"][0]["stale_after"]) == (until, until)
    assert source["stale_after"] == until
    before = clocked.get("/api/v1/meta").get_json()["freshness"]["models_dev"]["status"]
    assert before == source["status"] == "never_run"
