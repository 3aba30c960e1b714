"""`/deprecations`: the board of what ends when, what is named instead, and what a workload would cost there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.departures import COMING, DEPARTURES, ENDED, UNDATED
from aimstats.catalogue.comparison import receipts_of
from aimstats.catalogue.costs import WORKLOAD
from aimstats.catalogue.costs.crossovers import workload_asked
from aimstats.catalogue.departures import departures, moves_of
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.texts import N_
from aimstats.domain.workload import PRESETS, Receipt
from aimstats.extensions import current_config, current_database
from aimstats.extensions.answers import answer
from aimstats.extensions.current import current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished
from aimstats.web import formats
from aimstats.web.calendars import calendar_of
from aimstats.web.costs_form import arguments_of, sentence_of, unit_of
from aimstats.web.drawing import drawn
from aimstats.web.editions import edition, source_name
from aimstats.web.errors import answer_refusals, refuse
from aimstats.web.kept import kept
from aimstats.web.language import language, plural, t
from aimstats.web.links import address, link
from aimstats.web.receipts import amount, times
from aimstats.web.rendering import api_base, look, page
from aimstats.web.routes import serves

SOON_DAYS: Final = 30
CALENDAR: Final = "text/calendar; charset=utf-8"
ATOM: Final = "application/atom+xml; charset=utf-8"
MOST_ENDED: Final = 50
"""So many of those that have ended are on the page, the latest first; the API has all."""

departing: Final = Blueprint("deprecations", __name__)
answer_refusals(departing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A departure: `bill` is what the workload costs before and after, where both are known."""

    row: Row
    name: str
    is_here: bool
    sellers: str
    instead: Sequence[tuple[str, str, bool]]
    bill: tuple[str, str] | None
    times: str
    is_disputed: bool
    days: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The page, ready to be drawn: `days` are those to come with how far off they are."""

    days: Sequence[tuple[str, str, Sequence[Line]]]
    undated: Sequence[Line]
    ended: Sequence[Line]
    ended_count: int
    soon: int
    first: str
    dearest: Line | None
    sentence: str
    unit: str
    values: Mapping[str, str]
    is_filtered: bool
    feed: str
    downloads: Sequence[tuple[str, str]]


def _asked() -> tuple[Catalogue, Query, date]:
    """The catalogue, the question of this request, and the day that it is seen on; a 400 where it cannot be read."""
    given = [(name, values) for name, values in request.args.lists() if name != "fragment"]
    try:
        query = parse(DEPARTURES, arguments_of(given), now=datetime.now(UTC), own=WORKLOAD)
        workload_asked(query)
        catalogue = edition(query.as_of, query.known_at)
        refuse_unpublished(catalogue, query)
    except QueryError as error:
        refuse(error)
    return catalogue, query, query.as_of or current_holder().now().date()


@serves(departing, "deprecations")
def deprecations() -> Response:
    """The board under the request's filters."""
    catalogue, query, today = _asked()

    def make() -> dict[str, Any]:
        return {"view": board(catalogue, query, today)}

    return page("deprecations.html", make, catalogue)


@serves(departing, "calendar")
def calendar() -> Response:
    """What is to come under the same filters, as a calendar (RFC 5545): a day each; what names no exact day is not in it."""
    catalogue, query, today = _asked()
    base = (current_config().public_url or "").rstrip("/")

    def make() -> bytes:
        table = departures(catalogue, today)
        found = [Row(catalogue, table, place) for place in Selection(catalogue.including(table), query).ordered()]
        coming = [row for row in found if row["state"] == COMING and len(row["ends"]) == 10]
        with current_database().engine.connect() as connection:
            moves = moves_of(connection)
        return calendar_of(coming, kept(catalogue).names.providers, base, catalogue.version.published_at, moves)

    stamp = (*stamp_of(catalogue, look()), today, base)
    return answer("deprecations.ics", query.text, stamp, make, media_type=CALENDAR)


@serves(departing, "deprecations_atom")
def deprecations_atom() -> Response:
    """What is to come and what has no day, under the same filters, as an Atom feed (RFC 4287): the last changed first."""
    catalogue, query, today = _asked()
    base = (current_config().public_url or f"http://localhost:{current_config().port}").rstrip("/")

    def make() -> bytes:
        table = departures(catalogue, today)
        found = [Row(catalogue, table, place) for place in Selection(catalogue.including(table), query).ordered()]
        living = [row for row in found if row["state"] != ENDED]
        living.sort(key=lambda row: (row["changed_at"] or "", row.id), reverse=True)
        published = catalogue.version.published_at
        started = published.strftime("%Y-%m-%dT%H:%M:%SZ") if published else "1970-01-01T00:00:00Z"
        context = {
            "base": base,
            "tag": language().tag,
            "query": f"?{query.text}" if query.text else "",
            "updated": next((row["changed_at"] for row in living if row["changed_at"]), started),
            "entries": [(_line(catalogue, row, {}), row["changed_at"] or started) for row in living],
        }
        return drawn("deprecations.xml", context).encode("utf-8", "replace")

    return answer("deprecations.atom", f"{base} {query.text}", (*stamp_of(catalogue, look()), today), make, media_type=ATOM)


def board(catalogue: Catalogue, query: Query, today: date) -> Board:
    """The board as seen on a day."""
    table = departures(catalogue, today)
    found = [Row(catalogue, table, place) for place in Selection(catalogue.including(table), query).ordered()]
    by_state = {state: [row for row in found if row["state"] == state] for state in (COMING, UNDATED, ENDED)}
    ended = sorted(by_state[ENDED], key=lambda row: row["ends"] or "", reverse=True)
    living = [*by_state[COMING], *by_state[UNDATED]]
    named = {row["model"] for row in living} | {name for row in living for name in row["replacements"]}
    workload = workload_asked(query)
    preset = PRESETS.get(query.own.get("preset", ""))
    types = {name: row["type"] for name in named if (row := catalogue.model(name))}
    there = sorted(name for name, of_type in types.items() if preset is None or of_type == preset.type)
    receipts = receipts_of(catalogue, query, there, workload)[0] if workload else {}
    lines = {row.id: line for row in (*living, *ended[:MOST_ENDED]) for line in [_line(catalogue, row, receipts)]}
    coming = [lines[row.id] for row in by_state[COMING]]
    soon = [line for line in coming if 0 <= _days(line.row["ends_first"], today) <= SOON_DAYS]
    moves = [line for line in coming if line.bill and line.times]
    return Board(
        days=[(day, _far(day, today), list(of)) for day, of in groupby(coming, key=lambda line: str(line.row["ends_first"]))],
        undated=[lines[row.id] for row in by_state[UNDATED]],
        ended=[lines[row.id] for row in ended[:MOST_ENDED]],
        ended_count=len(ended),
        soon=len(soon),
        first=formats.day(coming[0].row["ends_first"]) if coming else "",
        dearest=max(moves, key=lambda line: float(line.times.rstrip("×").replace(",", "")), default=None),
        sentence=sentence_of(workload) if workload else "",
        unit=unit_of(workload) if workload else "",
        values={name: query.stated.get(name, ("",))[0] for name in ("q", "developer", "provider", "ends_after")},
        is_filtered=bool(query.filters or query.q),
        feed=dict(_downloads(query))["Atom"],
        downloads=list(_downloads(query)),
    )


def _downloads(query: Query) -> Iterator[tuple[str, str]]:
    asked = query.url_with(**dict.fromkeys((parameter.name for parameter in WORKLOAD), None))
    yield N_("Calendar"), link("calendar", query=asked)
    yield "Atom", link("deprecations_atom", query=asked)
    for form, ending in (("JSON", ""), ("CSV", ".csv")):
        yield form, address(f"/deprecations{ending}", asked, base=api_base())


def _line(catalogue: Catalogue, row: Row, receipts: Mapping[str, Receipt]) -> Line:
    names = kept(catalogue).names.providers
    sellers = [names.get(one) or one for one in row["providers"]]
    instead = []
    for name in row["replacements"]:
        model = catalogue.model(name)
        instead.append((name, (model["name"] if model else "") or name, model is not None))
    before, sold = receipts.get(row["model"]), catalogue.model(row["model"])
    others = [one for one in map(catalogue.model, row["replacements"]) if one and sold and one["type"] == sold["type"]]
    after = next((receipts[one.id] for one in others if one.id in receipts), None)
    is_known = before is not None and after is not None
    return Line(
        row=row,
        name=row["name"] or row["model"],
        is_here=row["model"] in catalogue.models.positions,
        sellers=sellers[0] if len(sellers) == 1 else t("%(name)s and %(more)s more", name=sellers[0], more=len(sellers) - 1),
        instead=instead,
        bill=(amount(before.total).text, amount(after.total).text) if before and after else None,
        times=times(after.total, before.total) if before and after else "",
        days=[(formats.day(one["day"]), ", ".join(map(source_name, one["sources"]))) for one in row["ends_stated"]],
        is_disputed=is_known and bool((before and before.disputed) or (after and after.disputed)),
    )


def _days(text: str, today: date) -> int:
    """How many days off an exact day is, or was; -1 where it is not exact to the day."""
    return (date.fromisoformat(text) - today).days if len(text) == 10 else -1


def _far(text: str, today: date) -> str:
    """How far off, in words; empty where the day is not exact."""
    days = _days(text, today)
    if len(text) < 10:
        return ""
    if days < 0:
        return plural("%(number)s day ago", "%(number)s days ago", -days)
    return t("today") if days == 0 else t("tomorrow") if days == 1 else plural("in %(number)s day", "in %(number)s days", days)
