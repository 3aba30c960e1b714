"""`/frontier`: cost against score, what nothing beats on both, drawn twice and told in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from flask import Blueprint, Response, request

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.frontier import BY_WORKLOAD, FRONTIER, FRONTIER_STATE, NEAR, OWN, PARAMETERS, PER_TASK, PRICE
from aimstats.catalogue.costs.crossovers import workload_asked
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.catalogue.frontier import Frontier, frontier, rows
from aimstats.domain.workload import PRESETS
from aimstats.extensions.current import current_holder
from aimstats.extensions.words import refuse_unpublished
from aimstats.web import formats
from aimstats.web.costs_form import sentence_of
from aimstats.web.editions import edition
from aimstats.web.errors import answer_refusals, refuse
from aimstats.web.frames import BASES
from aimstats.web.language import t
from aimstats.web.links import address, link
from aimstats.web.point_chart import NARROW, WIDE, Drawing, Mark, draw
from aimstats.web.receipts import amount, times
from aimstats.web.rendering import api_base, page
from aimstats.web.routes import serves
from aimstats.web.scores import UNITS, figure_text

OFFERED: Final = 3
"""A benchmark is offered in the form where so many priced models have a score on it."""

weighing: Final = Blueprint("frontier", __name__)
answer_refusals(weighing)


@dataclass(frozen=True, slots=True)
class Step:
    """A model of the frontier: its figures in words, what it adds to the one before, who is not clearly beaten by it."""

    row: Row
    cost: str
    score: str
    interval: str
    gain: str
    times: str
    near: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierView:
    """The page, ready to be drawn; `answer` is the frontier's first, last, and what the last step adds and costs."""

    steps: Sequence[Step]
    near: int
    beaten: int
    lacking: int
    reasons: Sequence[str]
    has_intervals: bool
    is_last_unsure: bool
    scores: Sequence[tuple[str, str, bool]]
    costs: Sequence[tuple[str, str, bool]]
    bases: Sequence[tuple[str, str, bool]]
    open_weights: bool
    kept: Sequence[tuple[str, str]]
    benchmark: str
    name: str
    unit: str
    axis: str
    measured: str
    pictures: Sequence[Drawing]
    other: tuple[str, str] | None
    downloads: Sequence[tuple[str, str]]


@serves(weighing, "frontier")
def cost_against_score() -> Response:
    """The frontier under the request's pickers."""
    arguments = [(name, values) for name, values in request.args.lists() if name != "cost"]
    arguments += list(_picked(request.args.get("cost", "")))
    try:
        query = parse(FRONTIER, arguments, now=datetime.now(UTC), only=PARAMETERS, own=OWN, ignored=("fragment",))
        catalogue = edition(query.as_of, query.known_at)
        refuse_unpublished(catalogue, query)
        found = frontier(catalogue, current_holder().scores(catalogue), query)
    except QueryError as error:
        refuse(error)
    pushed = link("frontier", query=query.text)
    return page("frontier.html", lambda: {"view": frontier_view(catalogue, query, found)}, catalogue, pushed=pushed)


def _picked(cost: str) -> Sequence[tuple[str, list[str]]]:
    """What the one picker of costs stands for: a preset's workload, a task, or the price."""
    if cost in PRESETS:
        return [("preset", [cost])]
    return [("against", [cost])] if cost else []


def frontier_view(catalogue: Catalogue, query: Query, found: Frontier) -> FrontierView:
    """The page of a frontier."""
    declared = catalogue.benchmarks.get(found.score, {})
    unit = UNITS.get(declared.get("unit", ""), "")
    points = rows(catalogue, found)
    on_it = [row for row in points if row["state"] == FRONTIER_STATE]
    near = [row for row in points if row["state"] == NEAR]
    steps = [_step(row, [one for one in near if one["beaten_by"] == row.id], unit) for row in on_it]
    marks = [_mark(row) for row in points]
    is_higher = declared.get("higher_is_better", True)
    said = t("Cost on a logarithmic axis against the score; the table beneath has the frontier.")
    pictures = (
        [draw(marks, size, unit=unit, higher_is_better=is_higher, said=said) for size in (WIDE, NARROW)]
        if len(points) > 1
        else []
    )
    picked = query.own.get("preset") or (found.against if found.against != PRICE else "")
    best = next((name for name in found.coverage if name != found.score), "")
    return FrontierView(
        steps=steps,
        near=len(near),
        beaten=len(points) - len(on_it) - len(near),
        lacking=sum(found.lacking.values()),
        reasons=_reasons(found.lacking),
        has_intervals=bool(found.intervals),
        is_last_unsure=len(on_it) > 1 and _overlap(on_it[-2], on_it[-1]),
        scores=[
            (name, t("%(name)s (%(number)s priced)", name=catalogue.benchmarks[name]["name"], number=count), name == found.score)
            for name, count in found.coverage.items()
            if count >= OFFERED or name == found.score
        ],
        costs=list(_costs(found, picked)),
        bases=[(value, label, value == query.basis) for value, label in BASES],
        open_weights=query.has("open_weights", "true"),
        kept=[(name, value) for name, values in query.stated.items() for value in values if name not in _IN_FORM],
        benchmark=found.score,
        name=declared.get("name") or found.score,
        unit=unit,
        axis=_axis(query, found),
        measured=_since(*found.measured) if found.measured else "",
        pictures=pictures,
        other=(catalogue.benchmarks[best]["name"], link("frontier", query=query.url_with(score=best)))
        if best and not points
        else None,
        downloads=[
            (form, address("/frontier" + ending, query.text, base=api_base())) for form, ending in (("JSON", ""), ("CSV", ".csv"))
        ],
    )


_IN_FORM: Final = frozenset({"score", "against", "preset", "basis", "open_weights", "cursor"})


def _costs(found: Frontier, picked: str) -> Sequence[tuple[str, str, bool]]:
    """What the picker of costs offers: a price, the workloads of tasks, what a task cost whoever measured it."""
    offered = [("", t("price, three in to one out"), picked == "")]
    offered += [(name, t(preset.label), picked == name) for name, preset in PRESETS.items() if preset.type == "text"]
    if picked == BY_WORKLOAD:
        offered.append((BY_WORKLOAD, t("your workload"), True))
    if found.has_tasks or picked == PER_TASK:
        offered.append((PER_TASK, t("cost per task, as measured"), picked == PER_TASK))
    return offered


def _axis(query: Query, found: Frontier) -> str:
    if found.against == PRICE:
        return t("dollars a million tokens, three in to one out, log scale")
    if found.against == PER_TASK:
        return t("dollars a task, as whoever measured it paid, log scale")
    workload = workload_asked(query)
    return t("dollars for %(workload)s, log scale", workload=sentence_of(workload) if workload else "")


def _reasons(lacking: Mapping[str, int]) -> list[str]:
    said = {
        "score": t("have no score here"),
        "self_reported": t("only their developer’s own word"),
        "cost": t("have no such price"),
        "free": t("are free and have no place on a logarithmic axis"),
    }
    return [f"{lacking[name]:,} {words}" for name, words in said.items() if lacking.get(name)]


def _overlap(one: Row, other: Row) -> bool:
    """Whether the intervals of two points overlap."""
    if one["ci_low"] is None or other["ci_low"] is None:
        return False
    return bool(one["ci_low"] <= other["ci_high"] and other["ci_low"] <= one["ci_high"])


def _step(row: Row, near: Sequence[Row], unit: str) -> Step:
    low, high = row["ci_low"], row["ci_high"]
    gain = row["gain"]
    return Step(
        row=row,
        cost=amount(row["cost"]).text,
        score=figure_text(str(row["score"])),
        interval="" if low is None else t("%(low)s to %(high)s", low=figure_text(str(low)), high=figure_text(str(high))),
        gain="" if gain is None else f"{Decimal(gain):.1f}" if gain >= 1 else f"{Decimal(gain):.2g}",
        times="" if row["times"] is None else times(row["times"], Decimal(1)).removesuffix("×"),
        near=near,
    )


def _mark(row: Row) -> Mark:
    low, high = row["ci_low"], row["ci_high"]
    name = row["name"] or row.id
    said = f"{name}: {amount(row['cost']).text}, {figure_text(str(row['score']))}"
    return Mark(
        cost=float(row["cost"]),
        score=float(row["score"]),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        state=row["state"],
        label=f"{name} ≠" if row["disputed"] else name,
        href=link("model", row.id),
        said=said,
    )


def _since(oldest: str, newest: str) -> str:
    """When the scores were measured, in words."""
    first, last = (formats.day(day[:7]) for day in (oldest, newest))
    return last if first == last else t("between %(first)s and %(last)s", first=first, last=last)
