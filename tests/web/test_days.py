"""Pages of another day: every link on them keeps the day, so that no figure of today stands under a past one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import orjson
import pytest
from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
from werkzeug.test import TestResponse

from aimstats.catalogue.catalogue import Catalogue
from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.items import Source
from aimstats.web import kept
from aimstats.web.language import unprefixed
from aimstats.web.links import DAYS
from aimstats.web.routes import DATED
from tests.ingest.worlds import World, both, catalogue, day, page, seen
from tests.web.conftest import app_on

DAY: Final = {"as_of": "2026-03-05"}
KNOWN: Final = {"known_at": "2026-03-05T06:00:00.500000Z"}
STARTS: Final = (
    "/",
    "/?q=gpt&limit=25&type=text&column=limit.context",
    "/?retired=shown&limit=1&column=cost.input",
    "/?q=none",
)
REFUSED: Final = ("/?min_input_cost=cheap", "/models/no/such", "/developers/nobody")
IN_FORCE, TODAY = re.compile(r"[>:,]37[<,.}]"), re.compile(r"[>:,]71[<,.}]|o3|mistral")


@pytest.fixture
def pages(database_url: URL) -> Iterator[FlaskClient]:
    """A ledger of three sources whose prices doubled after the day, and two models and a seller that came then."""
    engine = create_engine(database_url, poolclass=NullPool)
    app = app_on(database_url)
    sources = (catalogue(), catalogue("dog"), page("openai", "openai"))
    with engine.begin() as connection:
        world = World(connection)
        for number, usd, names in ((0, "37", ("gpt-4o", "gpt-4o-mini")), (20, "71", ("gpt-4o", "gpt-4o-mini", "o3"))):
            listed = [seen(name, *both(usd, f"1{usd}"), provider=provider) for name in names for provider in ("openai", "azure")]
            listed += [seen("mistral-large-2411", *both("71", "171"), provider="mistral")] if number else []
            for source in sources:
                sold = [one for one in listed if source.kind == "catalogue" or one.provider == source.provider]
                world.crawl(day(number), sold, source)
    yield app.test_client()
    app.extensions["database"].close()
    engine.dispose()


@dataclass
class Walk:
    """From link to link, each address once; what was seen under way."""

    client: FlaskClient
    days: dict[str, str]
    seen: dict[str, TestResponse] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)

    def begin(self, address: str) -> None:
        """Walk from an address of the present, asked for the day."""
        todo = [with_(address, self.days)]
        while todo:
            address = todo.pop().partition("#")[0]
            if address in self.seen:
                continue
            answer = self.seen[address] = self.client.get(address)
            if answer.mimetype == "text/html" and is_dated(address):
                todo.extend(self.links(address, answer.text))

    def links(self, address: str, text: str) -> Iterator[str]:
        """Where the page leads; each link to figures is of the day, unless it says that it leaves it."""
        for element in Selector(text).css("[href], [hx-get], [action]"):
            for name in {"href", "hx-get", "action"} & element.attrib.keys():
                link = urljoin(address, element.attrib[name])
                if not link.startswith("/") or link.startswith("/static/") or element.attrib[name].startswith("#"):
                    continue
                if element.root.tag != "a" and (element.xpath("ancestor-or-self::form") or "fragment=" in address):
                    continue  # the form's own fields carry the day: `test_the_form_carries_the_day`
                if element.xpath("self::*[ancestor::*[@class='chips']][contains(., 'as of 2') or contains(., 'known at 2')]"):
                    self.out.add("chip")
                elif element.xpath("ancestor::*[@role='status'][contains(., 'catalogue of')]"):
                    self.out.add("notice")
                else:
                    stated = days_of(link)
                    assert not is_dated(link) or stated == self.days, f"{link} on {address}"
                    if "data-language" in element.attrib:
                        continue  # the same page in another language
                    if opens(link) and parse_qs(urlsplit(address).query).keys() - set(DAYS):
                        continue  # what is opened and closed alters no figure: it is followed from the bare tables alone
                    vals = orjson.loads(element.attrib.get("hx-vals", "{}")) if name == "hx-get" else {}
                    link = link.partition("#")[0]
                    yield with_(link, vals)


def with_(address: str, parameters: dict[str, str]) -> str:
    """The address with further parameters."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}" if parameters else address


def opens(address: str) -> bool:
    """Whether an address opens or closes a filter, or shows another type or set of columns."""
    return not {"open", "shut", "all", "view", "type", "types"}.isdisjoint(parse_qs(urlsplit(address).query))


def is_dated(address: str) -> bool:
    """Whether an address is one of figures."""
    path = unprefixed(urlsplit(address).path.removeprefix("/api/v1"))
    return path.split("/")[1].partition(".")[0] in DATED


def days_of(address: str) -> dict[str, str]:
    """The days that an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items() if name in DAYS}


@pytest.mark.parametrize("days", [DAY, KNOWN, DAY | KNOWN], ids=["as_of", "known_at", "both"])
def test_every_link_of_every_page_keeps_the_day(pages: FlaskClient, days: dict[str, str]) -> None:
    walk = Walk(pages, days)
    for address in (*STARTS, *REFUSED):
        walk.begin(address)
    assert walk.out == {"chip", "notice"}
    refused = {address for address, answer in walk.seen.items() if answer.status_code != 200}
    assert refused == {with_(address, days) for address in REFUSED}
    paths = {urlsplit(address).path for address in walk.seen}
    assert paths >= {"/models/openai/gpt-4o", "/developers/openai", "/providers/azure", "/api/v1/models/openai/gpt-4o"}
    assert paths >= {"/sources", "/changes", "/methodology", "/resolve", "/docs/api", "/api/v1/models", "/api/v1/models.csv"}
    assert {"fragment=offer_evidence" in one for one in walk.seen} == {True, False}
    for address, answer in walk.seen.items():
        assert not (is_dated(address) and TODAY.search(answer.text)), address
    assert len([answer for answer in walk.seen.values() if IN_FORCE.search(answer.text)]) > 10


def test_what_is_looked_for_under_a_past_day_stands_on_pages_of_today(pages: FlaskClient) -> None:
    present = Walk(pages, {})
    present.begin("/")
    assert len([answer for answer in present.seen.values() if TODAY.search(answer.text)]) > 10


@pytest.mark.parametrize("days", [DAY, KNOWN], ids=["as_of", "known_at"])
def test_the_form_carries_the_day(pages: FlaskClient, days: dict[str, str]) -> None:
    for address in ("/", "/providers", "/developers/openai", "/providers/azure"):
        form = Selector(pages.get(f"{address}?{urlencode(days)}").text).css("form.browse")
        assert form.attrib["action"] == address
        hidden = [one for one in form.css("input[name=as_of], input[name=known_at]") if one.attrib["value"]]
        assert {one.attrib["name"]: one.attrib["value"] for one in hidden} == days


def test_what_is_said_above_a_table_is_of_the_day_too(pages: FlaskClient) -> None:
    past, present = (Selector(pages.get(f"/providers/azure{query}").text) for query in ("?as_of=2026-03-05", ""))
    assert [one.css(".standfirst p::text").re(r"\d+ offers") for one in (past, present)] == [["2 offers"], ["3 offers"]]
    refused = Selector(pages.get("/?as_of=2026-03-05&min_input_cost=cheap").text)
    assert refused.css(".total b::text").get() == "2", "the rest of the query counts"


def test_a_page_of_another_day_leads_to_the_present(pages: FlaskClient) -> None:
    page = Selector(pages.get("/models/openai/gpt-4o?as_of=2026-03-05&offer=azure%2Fgpt-4o").text)
    assert page.css(".notice a::attr(href)").get() == "/models/openai/gpt-4o?offer=azure%2Fgpt-4o"


def test_the_builder_knows_which_pages_have_days(pages: FlaskClient) -> None:
    addresses = ["/", "/models/openai/gpt-4o", "/developers/openai", "/providers", "/providers/azure"]
    other = ["/sources", "/changes", "/methodology", "/resolve", "/docs/api"]
    said = {one: "catalogue of 2026-03-05" in pages.get(f"{one}?as_of=2026-03-05").text for one in (*addresses, *other)}
    assert said == {one: is_dated(one) for one in said}


def test_what_is_kept_of_one_day_is_not_told_of_another(pages: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = pages.application.extensions["catalogue"]
    pages.get("/")
    past, present = holder.at(date(2026, 3, 5), None), holder.current()
    texts = kept.KeptTexts()

    def while_another_page_is_made(catalogue: Catalogue) -> kept.Names:
        if catalogue is past:
            assert texts.of(present).names
        return made(catalogue)

    made = kept.Names
    monkeypatch.setattr(kept, "Names", while_another_page_is_made)
    assert "mistral" not in texts.of(past).names.developers
    assert "mistral" in texts.of(present).names.developers


def test_no_template_writes_an_address_by_itself() -> None:
    templates = sorted((PROJECT_ROOT / "templates").rglob("*.html"))
    assert templates
    literal = {f"{one.name}: {found}" for one in templates for found in re.findall(r'href="/[^"]*"', one.read_text())}
    assert not literal, "address(...) keeps the day"


def test_of_a_day_before_anything_was_read_pages_and_answers_say_so(pages: FlaskClient, database_url: URL) -> None:
    board = Source(id="board", name="Board", kind="benchmark", url="https://board.example")
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        World(connection).crawl(day(-400), [seen("o3")], board)
    said = "Nothing was read before 2026-03-01"
    assert orjson.loads(pages.get("/api/v1/meta").data)["ledger_since"] == "2026-03-01T06:00:00Z"
    for day_, is_before in (("2026-02-28", True), ("2026-03-01", False)):
        meta = orjson.loads(pages.get(f"/api/v1/offers?as_of={day_}").data)["meta"]
        assert (meta.get("absent") == "before_first_evidence") == is_before
        assert (meta["total"] == 0) == is_before
        assert (said in pages.get(f"/?as_of={day_}").text) == is_before
    missing = pages.get("/api/v1/models/openai/gpt-4o?as_of=2026-02-28")
    assert (missing.status_code, orjson.loads(missing.data)["absent"]) == (200, "before_first_evidence")
    page = pages.get("/models/openai/gpt-4o?as_of=2026-02-28")
    assert (page.status_code, "Nothing was known of it on that day" in page.text) == (200, True)
    unknown = pages.get("/api/v1/models/nobody/nothing?as_of=2026-02-28")
    assert "before_first_evidence: nothing was read before 2026-03-01" in orjson.loads(unknown.data)["detail"]
    assert (
        orjson.loads(pages.get("/api/v1/models?known_at=2026-02-28T00:00:00Z").data)["meta"]["absent"] == "before_first_evidence"
    )
