"""`/disagreements`: figures of which sources say different things, the largest ratio first, and those that something explains."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.disagreements import DISAGREEMENTS, DISPUTED, EXPLAINED
from aimstats.catalogue.disagreements import is_noted
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.meters import METERS
from aimstats.domain.texts import N_
from aimstats.extensions.words import refuse_unpublished
from aimstats.web import formats
from aimstats.web.asking import page_number
from aimstats.web.editions import edition
from aimstats.web.errors import answer_refusals, refuse
from aimstats.web.kept import kept
from aimstats.web.language import t
from aimstats.web.links import address, link
from aimstats.web.model import anchor_of
from aimstats.web.rendering import api_base, page
from aimstats.web.routes import serves

ROWS: Final = 25
LINE_WIDTH: Final = 150
EDGE: Final = 6
LEAST_DECADES: Final = 0.3
"""The scale is at least so wide that a ratio of two does not fill it."""
WHY: Final[Mapping[str, str]] = {
    "dated": N_("of another time"),
    "promotional": N_("a promotion"),
    "tiered": N_("of longer prompts"),
    "on_terms": N_("on other terms"),
}

disagreeing: Final = Blueprint("disagreements", __name__)
answer_refusals(disagreeing)


@dataclass(frozen=True, slots=True)
class Said:
    """A figure with all who state it; `x` is its place on the line."""

    figure: str
    x: float
    by: Sequence[tuple[str, str | None, str]]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in dispute, in words and as a line; `evidence` is where each source's own listing stands."""

    row: Row
    name: str
    seller: str
    meter: str
    unit: str
    said: Sequence[Said]
    end: float
    ratio: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementsView:
    """The page, ready to be drawn: a page of what is disputed, all that is explained."""

    lines: Sequence[Line]
    explained: Sequence[Line]
    total: int
    first: int
    figures: int
    largest: Line | None
    values: Mapping[str, str]
    is_filtered: bool
    is_known: bool
    previous: str
    next: str
    downloads: Sequence[tuple[str, str]]


@serves(disagreeing, "disagreements")
def disagreements() -> Response:
    """What is disputed under the request's filters."""
    given = [(name, values) for name, values in request.args.lists() if name != "page"]
    try:
        query = parse(DISAGREEMENTS, given, now=datetime.now(UTC), ignored=("fragment",))
        number = page_number(request.args.getlist("page"))
        catalogue = edition(query.as_of, query.known_at)
        refuse_unpublished(catalogue, query)
    except QueryError as error:
        refuse(error)
    return page("disagreements.html", lambda: {"view": disagreements_view(catalogue, query, number)}, catalogue)


def disagreements_view(catalogue: Catalogue, query: Query, number: int) -> DisagreementsView:
    """The page of this number."""
    table = catalogue.tables[DISAGREEMENTS.name]
    found = [Row(catalogue, table, place) for place in Selection(catalogue, query).ordered()]
    found.sort(key=lambda row: row["ratio"] is not None)  # free at one and priced at another: no ratio is larger
    disputed = [row for row in found if row["state"] == DISPUTED]
    explained = [row for row in found if row["state"] == EXPLAINED]
    start = (number - 1) * ROWS
    shown = disputed[start : start + ROWS]
    decades = max([LEAST_DECADES, *(math.log10(float(row["ratio"])) for row in (*disputed, *explained) if row["ratio"])])
    lines = [_line(catalogue, row, decades) for row in shown]
    filters = [name for name in query.stated if name not in ("as_of", "known_at", "limit", "cursor")]
    return DisagreementsView(
        lines=lines,
        explained=[_line(catalogue, row, decades) for row in explained],
        total=len(disputed),
        first=start + 1,
        figures=sum(len(prices) for prices in catalogue.pages.values()),
        largest=next((line for line in lines if line.ratio), None) if number == 1 else None,
        values={name: query.stated.get(name, ("",))[0] for name in ("q", "provider", "source", "min_ratio")},
        is_filtered=bool(filters),
        is_known=len(table) > 0 or is_noted(catalogue),
        previous=_place(query, number - 1) if number > 1 else "",
        next=_place(query, number + 1) if start + ROWS < len(disputed) else "",
        downloads=[
            (form, address("/disagreements" + ending, query.text, base=api_base()))
            for form, ending in (("JSON", ""), ("CSV", ".csv"))
        ],
    )


def _place(query: Query, number: int) -> str:
    return link("disagreements", query=query.url_with(page=number if number > 1 else None))


def _line(catalogue: Catalogue, row: Row, decades: float) -> Line:
    model = catalogue.model(row["model"] or "")
    names = kept(catalogue).names.providers
    ratio = row["ratio"]
    said = list(_said(row, decades))
    field = row["field"]
    evidence = ""
    if model is not None:
        offer = row["subject"] if row["kind"] == "offer" else ""
        asked, anchor = (f"offer={offer}", anchor_of(offer)) if offer else ("", "facts")
        evidence = link("model", model.id, query=asked, anchor=anchor)
    return Line(
        row=row,
        name=str((model["name"] if model else None) or row["model"] or row["subject"]),
        seller=names.get(row["provider"] or "") or row["provider"] or "",
        meter=_meter(field, row["meter"]),
        unit=t("tokens")
        if row["meter"] is None
        else METERS[row["meter"]].unit_text
        if field.startswith("cost.")
        else row["unit"],
        said=said,
        end=max((one.x for one in said), default=0),
        ratio="" if ratio is None else f"{Decimal(ratio):,.0f}" if ratio >= 10 else f"{Decimal(ratio):.2g}",
        evidence=evidence,
    )


def _meter(field: str, meter: str | None) -> str:
    """What the figure is of, as the table says it; the terms of a price that is no headline in brackets.

    >>> _meter("cost.cache_read", "cache_read"), _meter("prices.input|batch|0|||USD|", "input"), _meter("limit.output", None)
    ('Cache read', 'Input (batch)', 'Longest answer')
    """
    if meter is None:
        side = field.partition(".")[2]
        return {"output": t("Longest answer"), "input": t("Longest prompt")}.get(side) or t("Context")
    label = t(METERS[meter].label or formats.words(meter).capitalize())
    if not field.startswith("prices."):
        return label
    parts = field.removeprefix("prices.").split("|")[1:]
    terms = [part for part in parts if part not in ("standard", "0", "", "USD")]
    return f"{label} ({', '.join(formats.words(part) for part in terms)})" if terms else label


def _said(row: Row, decades: float) -> Iterator[Said]:
    """Each figure once, the lowest first."""
    values: Sequence[Mapping[str, Any]] = row["values"]
    low = min((float(one["value"]) for one in values if one["value"]), default=1.0)
    in_order = sorted(values, key=lambda one: (float(one["value"]), not one["chosen"], one["source"]))
    for value, group in groupby(in_order, key=lambda one: float(one["value"])):
        who = list(group)
        share = math.log10(value / low) / decades if value else 0.0
        figure = f"{value:,.0f}" if row["meter"] is None else formats.dollars(Decimal(repr(value)))
        by = [(one["source"], one["url"], t(WHY[one["explained"]]) if one["explained"] else "") for one in who]
        yield Said(figure, round(EDGE + share * (LINE_WIDTH - 2 * EDGE), 1), by, any(one["chosen"] for one in who))
