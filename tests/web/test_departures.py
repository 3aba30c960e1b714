"""`/deprecations` and its door in the API: by day, undated and ended apart, with the bill before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from parsel import Selector
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.catalogue.catalogue import Row
from aimstats.catalogue.departures import departures, moves_of
from aimstats.catalogue.published import read_catalogue
from aimstats.domain.items import Lifecycle
from aimstats.web import formats
from aimstats.web.calendars import calendar_of
from tests.catalogue.bodies import catalogue, cost, model, offer, otherwise, own, price
from tests.ingest.worlds import World, both, day, seen
from tests.web.conftest import client_on
from tests.web.reading import texts

TODAY = datetime.now(UTC).date()
SOON, LATER, PAST, BETWEEN = (TODAY + timedelta(days=days) for days in (12, 200, -40, 100))


def sold(name: str, usd: str, **rest: object) -> dict[str, object]:
    both = [price("input", usd), price("output", usd)]
    return offer("alpha", f"alpha/{name}", cost=cost(input=usd, output=usd), prices=both, **rest)


NAMED_TWICE = otherwise("retirement_date", ("alpha_page", LATER.isoformat(), {}), ("big_list", BETWEEN.isoformat(), {}))
OFFERS = [
    sold("old", "1", retirement_date=SOON.isoformat(), status="deprecated", replacements=["alpha/new", "alpha/unheard"]),
    sold("new", "4"),
    sold("dim", "1", status="deprecated", deprecation_date="2026-01-05"),
    sold("gone", "1", status="retired", retirement_date=PAST.isoformat()),
    sold("later", "1", retirement_date=LATER.isoformat(), disagreements=[NAMED_TWICE]),
    offer("hostly", "alpha/new", retirement_date=SOON.isoformat()),
]
MODELS = [
    model(
        f"alpha/{name}", cost=cost(input=usd, output=usd), cost_basis=own(f"alpha/{name}"), providers=["alpha"], offer_count=count
    )
    for name, usd, count in (("old", "1", 1), ("new", "4", 2), ("dim", "1", 1), ("gone", "1", 1), ("later", "1", 1))
]


@pytest.fixture
def client(database_url: URL) -> Iterator[FlaskClient]:
    with client_on(database_url, MODELS, OFFERS) as asked:
        yield asked


def test_the_board_says_what_ends_when_at_whom_and_what_moving_costs(client: FlaskClient) -> None:
    page = Selector(client.get("/deprecations?input_tokens=1000000&output_tokens=1000000").text)
    assert texts(page, ".answer")[0].startswith("2 end within 30 days")
    assert "The dearest move: Old to New, 4.0 times the bill" in texts(page, ".answer")[0]
    days = texts(page, "th.day[rowspan]")
    assert days == [f"{formats.day(SOON.isoformat())} in 12 days", f"{formats.day(BETWEEN.isoformat())} in 100 days"]
    rows = texts(page, "table.board:not(details *) tbody tr")
    assert f"≠ {formats.day(BETWEEN.isoformat())} big_list , {formats.day(LATER.isoformat())} alpha_page" in rows[2]
    assert any("New alpha/new Hostly of 2 offers none named" in row for row in rows)
    assert any("New , alpha/unheard $2.00 → to $8.00 4.0×" in row for row in rows)
    assert texts(page, "#undated summary") == ["1 is deprecated without a day"]


def test_no_bill_is_told_of_a_model_that_does_another_task(database_url: URL) -> None:
    """Neither by a task of another type, nor between models of two types."""
    drawing = [{**body, "type": "image"} if body["id"] in ("alpha/old", "alpha/new") else body for body in MODELS]
    mixed = [{**body, "type": "image"} if body["id"] == "alpha/new" else body for body in MODELS]
    for bodies, asked, is_told in (
        (MODELS, "", True), (drawing, "", False), (mixed, "", False), (mixed, "?input_tokens=9&output_tokens=9", False),
        (drawing, "?input_tokens=9&output_tokens=9", True),
    ):  # fmt: skip
        with client_on(database_url, bodies, OFFERS) as client:
            page = Selector(client.get(f"/deprecations{asked}").text)
        assert ("The dearest move" in texts(page, ".answer")[0]) is is_told
        assert any("→" in row for row in texts(page, "table.board:not(details *) tbody tr")) is is_told


def test_what_has_no_day_and_what_has_ended_is_folded(client: FlaskClient) -> None:
    page = Selector(client.get("/deprecations?input_tokens=1000000&output_tokens=1000000").text)
    assert texts(page, "#undated summary") == ["1 is deprecated without a day"]
    assert texts(page, "#ended summary") == ["1 has ended"]


def test_filters_stand_in_the_address_and_go_to_the_file(client: FlaskClient) -> None:
    page = Selector(client.get(f"/deprecations?ends_after={LATER}").text)
    assert texts(page, "td.lead .name") == ["Later"]
    csv = client.get(page.css(".sift .end a::attr(href)").getall()[3]).text
    assert [line.split(",")[1] for line in csv.splitlines()[1:]] == ["alpha/later"]
    assert "No source names a day to come for these" in client.get("/deprecations?ends_after=2999-01-01").text
    assert client.get("/deprecations?ends_after=soon").status_code == 400


def test_the_calendar_is_the_same_view_a_day_each(client: FlaskClient) -> None:
    page = Selector(client.get("/deprecations?provider=alpha").text)
    link = page.css(".sift .end a::attr(href)").getall()[0]
    answer = client.get(link)
    assert answer.content_type == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    spanish = Calendar.from_ical(client.get(f"/es{link}").data).walk("VEVENT")
    assert [event["UID"] for event in spanish] == [event["UID"] for event in events]
    assert [event["SUMMARY"] for event in spanish] != [event["SUMMARY"] for event in events]
    assert [(str(one["SUMMARY"]), one.decoded("DTSTART")) for one in events] == [
        ("Old ends at Alpha", SOON),
        ("Later ends at Alpha", LATER),
    ]
    assert str(events[0]["DESCRIPTION"]) == "Named instead: alpha/new, alpha/unheard."
    assert len({str(one["UID"]) for one in events}) == 2
    assert client.get(link).data == answer.data


def test_a_day_that_moves_is_the_same_event_under_a_higher_sequence_and_rings_before(database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    told = []
    for number, ends in enumerate((LATER, LATER + timedelta(days=30))):
        at = datetime.combine(ends, datetime.min.time(), UTC)
        with engine.begin() as connection:
            World(connection).crawl(
                day(number), [seen("gpt-4o", *both("2.5", "10"), lifecycle=(Lifecycle(event="retired", at=at),))]
            )
        with engine.connect() as connection:
            moves, found = moves_of(connection), read_catalogue(connection)
        assert found is not None
        rows = [Row(found, departures(found, TODAY), 0)]
        told += Calendar.from_ical(calendar_of(rows, {}, "", found.version.published_at, moves)).walk("VEVENT")
    engine.dispose()
    assert [one.decoded("DTSTART") for one in told] == [LATER, LATER + timedelta(days=30)]
    assert [str(one["UID"]) for one in told] == ["openai/gpt-4o/openai@aimodelsstats"] * 2
    assert [one.decoded("SEQUENCE") for one in told] == [0, 1]
    assert [alarm.decoded("TRIGGER") for alarm in told[1].walk("VALARM")] == [timedelta(days=-days) for days in (90, 30, 7)]


def test_the_calendar_takes_several_models_and_is_sent_once(client: FlaskClient) -> None:
    address = "/deprecations.ics?model=alpha/old&model=alpha/new&developer=alpha"
    answer = client.get(address)
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert sorted(str(one["SUMMARY"]) for one in events) == ["New ends at Hostly", "Old ends at Alpha"]
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_feed_is_the_same_view_as_atom(client: FlaskClient) -> None:
    page = Selector(client.get("/deprecations?provider=alpha").text)
    answer = client.get(page.css(".sift .end a::attr(href)").getall()[1])
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert (
        page.css('link[rel="alternate"][type="application/atom+xml"]::attr(href)').get()
        in page.css(".sift .end a::attr(href)").getall()
    )
    entries = ElementTree.fromstring(answer.data).findall("{*}entry")
    titles = {entry.findtext("{*}title"): entry.findtext("{*}summary") for entry in entries}
    assert titles[f"Old ends {formats.day(SOON.isoformat())}"] == "At Alpha. Named instead: New, alpha/unheard."
    assert titles["Dim is deprecated, no day named"] == "At Alpha. None is named instead."
    assert "big_list" in str(titles[f"Later ends {formats.day(BETWEEN.isoformat())}"])
    assert len({entry.findtext("{*}id") for entry in entries}) == 3


def test_the_api_lists_them_the_next_first(client: FlaskClient) -> None:
    answer = client.get("/api/v1/deprecations?state=coming").json
    assert answer is not None
    assert [(row["model"], row["ends"], row["providers"], row["disputed"]) for row in answer["data"]] == [
        ("alpha/new", SOON.isoformat(), ["hostly"], False),
        ("alpha/old", SOON.isoformat(), ["alpha"], False),
        ("alpha/later", LATER.isoformat(), ["alpha"], True),
    ]
    assert answer["data"][2]["ends_first"] == BETWEEN.isoformat()
    assert [one["day"] for one in answer["data"][2]["ends_stated"]] == [BETWEEN.isoformat(), LATER.isoformat()]
    assert client.get("/api/v1/deprecations.ndjson").text.count("\n") == 5


def test_a_day_that_is_over_does_not_put_what_is_sold_at_the_head_of_the_board() -> None:
    days = (("alpha_page", "2027-04-01"), ("big_list", "2026-01-14"), ("other", "2027-02"))
    named = otherwise("retirement_date", *((source, day, {}) for source, day in days))
    listed = [
        offer("alpha", "alpha/old", status="deprecated", retirement_date="2027-04-01", disagreements=[named]),
        offer("alpha", "alpha/next", status="deprecated", retirement_date="2027-01-20"),
    ]
    one = catalogue([model("alpha/old"), model("alpha/next")], listed)

    def firsts(today: date) -> dict[str, tuple[str, str]]:
        values = departures(one, today).values
        return dict(zip(values["model"], zip(values["state"], values["ends_first"], strict=True), strict=True))

    assert firsts(date(2026, 1, 10))["alpha/old"] == ("coming", "2026-01-14")
    assert firsts(date(2026, 11, 29)) == {"alpha/old": ("coming", "2027-02"), "alpha/next": ("coming", "2027-01-20")}
    assert firsts(date(2027, 3, 1))["alpha/old"] == ("coming", "2027-04-01")
    assert firsts(date(2027, 4, 2))["alpha/old"] == ("ended", "2026-01-14")


def test_a_month_is_over_when_the_whole_of_it_is() -> None:
    one = catalogue([model("alpha/old")], [offer("alpha", "alpha/old", retirement_date="2026-12", status="deprecated")])
    states = [departures(one, day).values["state"] for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert states == [["coming"], ["ended"]]
