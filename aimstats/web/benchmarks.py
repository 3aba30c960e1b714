"""`/benchmarks`: what is measured and how it came about, models by a composite of one's own, and the ranks on one benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, Response, abort, request

from aimstats.catalogue.benchmarks import benchmark_table
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.benchmarks import BENCHMARKS
from aimstats.catalogue.columns.composite import COMPOSITE, USE, write_use
from aimstats.catalogue.columns.scores import EDITION, SCORED
from aimstats.catalogue.composite import composite_table
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.catalogue.engine.select import Selection
from aimstats.catalogue.scores import editions_of, scored_table
from aimstats.extensions.current import current_holder
from aimstats.web import formats
from aimstats.web.asking import page_number
from aimstats.web.editions import edition
from aimstats.web.errors import answer_refusals, refuse
from aimstats.web.intervals import Bar, Scale, scale_of
from aimstats.web.language import t
from aimstats.web.links import address, link
from aimstats.web.rendering import api_base, page
from aimstats.web.routes import serves
from aimstats.web.scores import ELSEWHERE, UNITS, figure_text, figures_in_column

ROWS: Final = 50
STALE_DAYS: Final = 180
"""A board on which nothing was measured for so long says so."""

measuring: Final = Blueprint("benchmarks", __name__)
answer_refusals(measuring)


@dataclass(frozen=True, slots=True)
class Listed:
    """A benchmark in the list; `weigh` is the address that weighs it in, or takes it out of what is weighed."""

    row: Row
    is_weighed: bool
    weigh: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A model under a composite."""

    row: Row
    model: Row | None
    bar: Bar
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """The list of benchmarks; `models` are those by the composite, where one is asked for, `weights` what it is made of."""

    listed: Sequence[Listed]
    use: str
    weights: Sequence[tuple[str, str, str]]
    models: Sequence[Weighed]
    total: int
    dated: int
    self_reported: int
    downloads: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A score that stands for a model: its ranks, its figure on the scale, on which terms it was measured."""

    row: Row
    model: Row | None
    rank: str
    figure: str
    interval: str
    bar: Bar
    terms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The ranks on one benchmark; `own` are what developers report of their own models, which have none."""

    benchmark: Row
    unit: str
    lines: Sequence[Line]
    own: Sequence[Line]
    leading: Line | None
    sharing: int
    first: int
    total: int
    intervals: int
    scale: tuple[str, str]
    newest: str
    is_stale: bool
    editions: Sequence[tuple[str, int, str, bool]]
    previous: str
    next: str
    downloads: Sequence[tuple[str, str]]


def _downloads(path: str, query: str) -> list[tuple[str, str]]:
    return [(form, address(path + ending, query, base=api_base())) for form, ending in (("JSON", ""), ("CSV", ".csv"))]


def _asked(collection: Any, own: Any) -> tuple[Query, int]:
    """The query and the number of the page; a 400 where they cannot be read."""
    try:
        arguments = [(name, values) for name, values in request.args.lists() if name != "page"]
        query = parse(collection, arguments, now=datetime.now(UTC), own=own, ignored=("fragment",))
        return query, page_number(request.args.getlist("page"))
    except QueryError as error:
        refuse(error)


@serves(measuring, "benchmarks")
def benchmarks() -> Response:
    """The list, and what is weighed of it."""
    is_composite = any(text.strip() for text in request.args.getlist(USE.name))
    query, _ = _asked(COMPOSITE if is_composite else BENCHMARKS, (USE,))
    catalogue = edition(query.as_of, query.known_at)
    scores = current_holder().scores(catalogue)
    shown = catalogue.including(benchmark_table(catalogue, scores))
    try:
        weighed = catalogue.including(composite_table(catalogue, scores, query.own[USE.name])) if is_composite else None
    except QueryError as error:
        refuse(error)
    return page("benchmarks.html", lambda: {"view": list_view(shown, query, weighed)}, catalogue)


def list_view(shown: Catalogue, query: Query, weighed: Catalogue | None) -> ListView:
    """The list with its composite: `shown` has the benchmarks, `weighed` the models by it."""
    table = shown.tables[BENCHMARKS.name]
    use: dict[str, Decimal] = dict(query.own.get(USE.name) or {})
    asked = query if query.collection is BENCHMARKS else Query(BENCHMARKS)
    places = Selection(shown, asked).ordered() if query.stated.get("sort") or query.q else range(len(table))
    listed = [Row(shown, table, place) for place in places]
    if not (query.stated.get("sort") or query.q):
        listed.sort(key=lambda row: (-(row["model_count"] or 0), row.id))
    listed = [row for row in listed if row["model_count"]]
    models: list[Weighed] = []
    if weighed is not None:
        found = Selection(weighed, query).ordered()
        rows = [Row(weighed, weighed.tables[COMPOSITE.name], place) for place in found[:ROWS]]
        scale = Scale(Decimal(0), Decimal(100))
        for row in rows:
            points = sum(part["has_interval"] is False for part in row["parts"])
            models.append(Weighed(row, weighed.model(row.id), scale.bar(row["low"], row["high"], None), points))
    return ListView(
        listed=[Listed(row, row.id in use, _with(query, _toggled(use, row.id))) for row in listed],
        use=write_use(use) if use else "",
        weights=[
            (str(shown.benchmarks[name]["name"]), f"{weight.normalize():f}", _with(query, _toggled(use, name)))
            for name, weight in use.items()
        ],
        models=models,
        total=len(weighed.tables[COMPOSITE.name]) if weighed is not None else 0,
        dated=sum(bool(row["newest"]) for row in listed),
        self_reported=sum(bool(row["self_reported"]) for row in listed),
        downloads=_downloads("/benchmarks", query.text),
    )


def _toggled(use: Mapping[str, Decimal], name: str) -> dict[str, Decimal]:
    """What is weighed, with this benchmark too or without it."""
    return {one: weight for one, weight in use.items() if one != name} if name in use else {**use, name: Decimal(1)}


def _with(query: Query, use: Mapping[str, Decimal]) -> str:
    days = {name: query.stated[name] for name in ("as_of", "known_at") if name in query.stated}
    asked = Query(COMPOSITE, stated=days, own={USE.name: use}).url_with(**{USE.name: write_use(use) if use else None})
    return link("benchmarks", query=asked)


@serves(measuring, "benchmark")
def benchmark(identifier: str) -> Response:
    """The ranks on one benchmark."""
    query, number = _asked(SCORED, (EDITION,))
    catalogue = edition(query.as_of, query.known_at)
    if identifier not in catalogue.benchmarks:
        abort(404, t("No benchmark has this id."))
    scores = current_holder().scores(catalogue)
    editions = editions_of(scores, identifier)
    wanted = query.own.get(EDITION.name)
    if wanted is not None and wanted not in editions:
        abort(404, t("This benchmark has no such edition."))
    listed = catalogue.including(benchmark_table(catalogue, scores)).row(BENCHMARKS.name, identifier)
    assert listed is not None
    shown = catalogue.including(scored_table(catalogue, scores, identifier, wanted))

    def make() -> dict[str, Any]:
        view = board_view(shown, query, listed, number, editions)
        title, measures = listed["name"] or identifier, listed["measures"] or ""
        return {"title": title, "description": t(measures) if measures else "", "view": view}

    return page("benchmark.html", make, catalogue)


def board_view(shown: Catalogue, query: Query, listed: Row, number: int, editions: Mapping[str, int]) -> BoardView:
    """The page of this number of the ranks on a benchmark."""
    table = shown.tables[SCORED.name]
    found = [Row(shown, table, place) for place in Selection(shown, query).ordered()]
    standing = [row for row in found if row["stands"]]
    ranked = [row for row in standing if row["place"] is not None]
    start = (number - 1) * ROWS
    own = sorted((row for row in standing if row["place"] is None), key=lambda row: row["value"], reverse=True)
    drawn = [*ranked[start : start + ROWS], *own]
    scale = scale_of(figure for row in drawn for figure in (row["value"], row["ci_low"], row["ci_high"]))
    figures = figures_in_column([row["value"] for row in drawn])
    made = [_line(shown, row, scale, figure) for row, figure in zip(drawn, figures, strict=True)]
    leading = _line(shown, ranked[0], scale, figure_text(str(ranked[0]["value"]))) if ranked else None
    newest = max((row["measured_on"] or "" for row in standing), default="")
    stated = shown.benchmarks[listed.id]
    current = query.own.get(EDITION.name) or stated.get("edition", "")
    path = f"/benchmarks/{listed.id}"
    return BoardView(
        benchmark=listed,
        unit=UNITS.get(stated.get("unit", ""), ""),
        lines=made[: len(drawn) - len(own)],
        own=made[len(drawn) - len(own) :],
        leading=leading,
        sharing=(ranked[0]["rank_to"] - 1) if ranked else 0,
        first=start + 1,
        total=len(ranked),
        intervals=sum(row["ci_low"] is not None for row in ranked),
        scale=(figure_text(str(scale.low)), figure_text(str(scale.high))),
        newest=newest,
        is_stale=bool(newest) and _days_since(newest) > STALE_DAYS,
        editions=[(name, count, _place(listed, query, edition=name), name == current) for name, count in editions.items()]
        if len(editions) > 1
        else [],
        previous=_place(listed, query, page=number - 1 if number > 2 else None) if number > 1 else "",
        next=_place(listed, query, page=number + 1) if start + ROWS < len(ranked) else "",
        downloads=_downloads(path, query.text),
    )


def _place(listed: Row, query: Query, **changes: str | int | None) -> str:
    return link("benchmark", listed.id, query=query.url_with(**changes))


def _days_since(text: str) -> int:
    """How many days ago a stated day lies at least: a month or a year counts to its end."""
    year, month, day = (text.split("-") + ["12", "28"][len(text.split("-")) - 1 :])[:3]
    return (current_holder().now().date() - date(int(year), int(month), int(day))).days


def _line(shown: Catalogue, row: Row, scale: Scale, figure: str) -> Line:
    low, high = row["ci_low"], row["ci_high"]
    rank, rank_to = row["rank"], row["rank_to"]
    settings: Mapping[str, str] = row["settings"] or {}
    terms = [*filter(None, [row["snapshot"], row["variant"]]), *_terms(settings, row["variant"])]
    return Line(
        row=row,
        model=shown.model(row["model"]),
        rank="" if rank is None else f"{rank}" if rank == rank_to else f"{rank}–{rank_to}",
        figure=figure,
        interval=""
        if low is None or high is None
        else t("%(low)s to %(high)s", low=figure_text(str(low)), high=figure_text(str(high))),
        bar=scale.bar(low, high, row["value"]),
        terms=", ".join(terms),
    )


def _terms(settings: Mapping[str, str], variant: str | None) -> Iterator[str]:
    """The settings in words, without what the variant says already."""
    for key, value in settings.items():
        if key not in ELSEWHERE and value != variant:
            yield f"{formats.words(key)} {value}"
