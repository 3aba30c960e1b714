"""`/compare`: two to ten models side by side; what is alike is folded, and the address is the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.comparison import MEDIAN, PAY, WORKLOAD, Compared, Comparison, comparison
from aimstats.catalogue.costs.crossovers import LIST_PARAMETERS, MOST, OWN, workload_asked
from aimstats.catalogue.costs.questions import COSTS
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.facts import STATUSES
from aimstats.domain.texts import N_
from aimstats.web import formats, retired
from aimstats.web.costs_form import arguments_of, sentence_of, unit_of
from aimstats.web.editions import edition
from aimstats.web.errors import answer_refusals, refuse
from aimstats.web.language import t
from aimstats.web.links import DAYS, address, link
from aimstats.web.receipts import amount, times
from aimstats.web.rendering import api_base, page
from aimstats.web.routes import serves

ADD: Final = "add"
SCORES: Final = "Scores"
FOUND: Final = 8
"""So many models that a text may mean are offered."""
EXAMPLES: Final = 3
TITLES: Final[Mapping[str, str]] = {PAY: N_("What you would pay"), "Price": N_("Prices"), "Model": N_("Kind")}

NO_TOTAL: Final[Mapping[str, str]] = {
    "no_offer": N_("nobody sells it"),
    "ended": N_("it has ended"),
    "median": N_("its developer states no price"),
    "not_published": N_("one of its prices is not known"),
    "not_possible": N_("it cannot take requests of this kind"),
}
"""Why a model has no total, where that is more than a missing figure."""

comparing: Final = Blueprint("compare", __name__)
answer_refusals(comparing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column: the model, whether its prices are the median of its offers, and the comparison without it."""

    model: Row
    is_warm: bool
    is_median: bool
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareView:
    """The page, ready to be drawn: `groups` are rows that differ, `same` those that do not, `single` the scores of one alone."""

    heads: Sequence[Head]
    groups: Sequence[tuple[str, Sequence[Compared]]]
    same: Sequence[Compared]
    single: Sequence[tuple[Compared, Row]]
    answer: Sequence[tuple[str, str, str]]
    ratio: str
    unpriced: Sequence[tuple[str, str]]
    at_cheapest: str
    sentence: str
    unit: str
    costs: str
    kept: Sequence[tuple[str, str]]
    is_full: bool
    added: str
    candidates: Sequence[tuple[Row, str]]
    examples: Sequence[tuple[str, str]]
    api: str


@serves(comparing, "compare")
def compare() -> Response:
    """The models that the query names; without two of them a search, and comparisons to begin with."""
    given = request.args.to_dict(flat=False)
    names = [name.strip() for text in given.pop("models", []) for name in text.split(",") if name.strip()]
    added = " ".join(given.pop(ADD, [])).strip()[:200]
    given.pop("fragment", None)
    try:
        if len(set(names)) > MOST:
            raise QueryError([{"parameter": "models", "message": f"{MOST} models at most"}])
        days = parse(MODELS, [(name, given[name]) for name in DAYS if name in given], now=datetime.now(UTC))
        catalogue = edition(days.as_of, days.known_at)
        exact = catalogue.model(catalogue.redirects.models.get(added, added))
        if exact and len(names) < MOST:
            names, added = [*names, exact.id], ""
        names = list(dict.fromkeys(names))
        query = parse(COSTS, arguments_of([*given.items(), ("models", [",".join(names)])]), now=datetime.now(UTC),
                      only=LIST_PARAMETERS, own=OWN) if len(names) > 1 else None  # fmt: skip
        found = comparison(catalogue, query) if query else None
    except QueryError as error:
        refuse(error)
    single = catalogue.model(names[0]) if len(names) == 1 else None
    if names and not found and not single:
        abort(404, t("There is no model %(name)s.", name=repr(names[0][:60])))
    rest = [(name, value) for name, values in given.items() for value in values if value]

    def make() -> dict[str, Any]:
        models = found.models if found else [single] if single else []
        return {"view": compare_view(catalogue, models, found, query, rest, added)}

    return page("compare.html", make, catalogue)


def compare_view(
    catalogue: Catalogue,
    models: Sequence[Row],
    found: Comparison | None,
    query: Query | None,
    rest: Sequence[tuple[str, str]],
    added: str,
) -> CompareView:
    """The page of these models; `rest` are the other parameters of its address, `added` a text that names no model outright."""
    names = [row.id for row in models]
    rows = found.rows if found else []
    single = [(row, one) for row in rows if row.group == SCORES and (one := _alone(row, models))]
    alone = {row.field for row, _ in single}
    differing = [row for row in rows if (row.differs or row.field == WORKLOAD) and row.field not in alone]
    workload = workload_asked(query) if query else None
    totals = sorted((found.receipts[name].total, name) for name in names if name in found.receipts) if found else []
    own = {name: values for name, values in query.stated.items() if name != "models"} if query else {}
    return CompareView(
        heads=[
            Head(
                model=row,
                is_warm=row["status"] in ("deprecated", "retired"),
                is_median=(row["cost_basis"] or {}).get("basis") == MEDIAN,
                without=address_of([one for one in names if one != row.id], rest),
            )
            for row in models
        ],
        groups=[(TITLES.get(group, group), list(of)) for group, of in groupby(differing, key=lambda row: row.group)],
        same=[row for row in rows if not row.differs and row.field != WORKLOAD],
        single=single,
        answer=[(name, str(_named(catalogue, name)), amount(total).text) for total, name in (totals[0], totals[-1])]
        if len(totals) > 1
        else [],
        ratio=ratio if totals and (ratio := times(totals[-1][0], totals[0][0]).replace("×", "")) != "1.0" else "",
        unpriced=[(str(_named(catalogue, name)), _why(found.unpriced[name])) for name in names if name in found.unpriced]
        if found
        else [],
        at_cheapest=address_of(names, [*(one for one in rest if one[0] != "basis"), ("basis", "cheapest")])
        if found and MEDIAN in found.unpriced.values()
        else "",
        sentence=sentence_of(workload) if workload else "",
        unit=unit_of(workload) if workload else "",
        costs=link("costs", query=urlencode(own, doseq=True)),
        kept=[*([("models", ",".join(names))] if names else []), *rest],
        is_full=len(names) >= MOST,
        added=added,
        candidates=list(_candidates(catalogue, names, rest, added)) if added else [],
        examples=list(_examples(catalogue)) if not names else [],
        api=address("/compare", query.text, base=api_base()) if query else "",
    )


def _why(reason: str) -> str:
    return t(NO_TOTAL[reason]) if reason in NO_TOTAL else formats.absence(reason)


def _alone(row: Compared, models: Sequence[Row]) -> Row | None:
    """The one model of which the row is known; None where it is known of more."""
    known = [model for model in models if row.values[model.id] is not None]
    return known[0] if len(known) == 1 else None


def address_of(names: Sequence[str], rest: Sequence[tuple[str, str]]) -> str:
    """The comparison of these models."""
    asked = urlencode([*([("models", ",".join(names))] if names else []), *rest], safe="/,")
    return link("compare", query=asked)


def _named(catalogue: Catalogue, name: str) -> str:
    row = catalogue.model(name)
    return (row["name"] if row else None) or name


def _candidates(
    catalogue: Catalogue, names: Sequence[str], rest: Sequence[tuple[str, str]], text: str
) -> Iterator[tuple[Row, str]]:
    """The models that a text may mean, best first, and the comparison with each of them."""
    query = parse(MODELS, [("q", [text])], now=datetime.now(UTC))
    table = catalogue.models
    found = [place for place in Selection(catalogue, query).ordered() if table.ids[place] not in names]
    for place in found[:FOUND]:
        yield Row(catalogue, table, place), address_of([*names, table.ids[place]], rest)


def _examples(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Comparisons to begin with: the most offered of three developers each, closed and open, and those of one developer."""
    living = {"status": [one for one in STATUSES if one != retired.RETIRED], "type": ["text"]}
    order = {"sort": ["-offer_count"]}
    closed = _first(catalogue, {**living, **order, "open_weights": ["false"]})
    weights = _first(catalogue, {**living, **order, "open_weights": ["true"]})
    own = _first(catalogue, {**living, **order, "developer": [closed[0]["developer.id"]]}) if closed else []
    for rows in (_of_developers(closed), _of_developers(weights), own[:EXAMPLES]):
        if len(rows) > 1:
            yield " · ".join(row["name"] or row.id for row in rows), address_of([row.id for row in rows], ())


def _first(catalogue: Catalogue, asked: Mapping[str, Sequence[str]]) -> list[Row]:
    query = parse(MODELS, asked.items(), now=datetime.now(UTC))
    return [Row(catalogue, catalogue.models, place) for place in Selection(catalogue, query).ordered()[:50]]


def _of_developers(rows: Sequence[Row]) -> list[Row]:
    """The first of each developer."""
    by_developer: dict[str, Row] = {}
    for row in rows:
        by_developer.setdefault(row["developer.id"], row)
    return list(by_developer.values())[:EXAMPLES]
