"""What a publication changed, told as events; and where the ids that it withdrew lead from now on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from aimstats.domain.claims import json_text
from aimstats.domain.meters import EVENTFUL
from aimstats.domain.money import canonical, plain

MODEL_FIELDS = ("status", "retirement_date", "deprecation_date")

Event = dict[str, Any]

_CHANGED_MODELS = """
select f.id, m.body as before, f.body as after from fresh_model f left join resolved_model m on m.id = f.id
where m.body is distinct from f.body
"""
_CHANGED_OFFERS = """
select f.id, f.model, o.body as before, f.body as after from fresh_offer f left join resolved_offer o on o.id = f.id
where o.body is distinct from f.body
"""
_INSERT = """
insert into event (at, dataset, kind, model, offer, field, before, after, ratio, source)
values (:at, (select dataset + 1 from version), :kind, :model, :offer, :field, :before, :after, :ratio, :source)
"""


def _event(kind: str, model: str | None, **rest: Any) -> Event:
    return {
        "kind": kind, "model": model, "offer": None, "field": None, "before": None, "after": None, "ratio": None, "source": None
    } | rest  # fmt: skip


def price_events(offer: str, model: str | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Event]:
    """One event for each headline price of an offer that moved; `ratio` is after / before.

    `price_changed`: the same source states another figure; `price_restated`: another source is shown now.
    """
    events = []
    for meter in EVENTFUL:
        was, now = before["cost"].get(meter), after["cost"].get(meter)
        if was is None or now is None or was == now:
            continue
        ratio = canonical(Decimal(now) / Decimal(was)) if Decimal(was) else None
        source = _source_of(after, meter)
        kind = "price_changed" if source == _source_of(before, meter) else "price_restated"
        events.append(_event(kind, model, offer=offer, field=f"cost.{meter}", before=was, after=now, ratio=ratio, source=source))
    return events


def _source_of(offer: Mapping[str, Any], meter: str) -> str | None:
    rows = (row for row in offer["prices"] if row["meter"] == meter and row["plan"] == "standard")
    return next((row["source"] for row in rows), None)


def model_events(model: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Event]:
    """A new model, or what changed in the life of a known one."""
    if before is None:
        return [_event("model_added", model, after=after["name"])]
    return [
        _event(f"{field}_changed", model, field=field, before=before[field], after=after[field])
        for field in MODEL_FIELDS
        if before[field] != after[field]
    ]


def changes(connection: Connection) -> list[Event]:
    """The events of the rows that stand ready in `fresh_model` and `fresh_offer`, before they are written.

    The first publication of all is none: everything would be new.
    """
    if connection.execute(text("select dataset = 0 from version")).scalar_one():
        return []
    events: list[Event] = []
    for row in connection.execute(text(_CHANGED_MODELS)):
        events += model_events(row.id, row.before, row.after)
    for row in connection.execute(text(_CHANGED_OFFERS)):
        if row.before is not None:
            events += price_events(row.id, row.model, row.before, row.after)
    return events


def write_events(connection: Connection, now: datetime, events: Iterable[Event]) -> None:
    """Append the events to the ledger."""
    rows = [
        event | {"at": now, "ratio": plain(event["ratio"]) if event["ratio"] is not None else None}
        for event in sorted(
            events, key=lambda event: (event["model"] or "", event["kind"], event["offer"] or "", event["field"] or "")
        )
    ]
    if rows:
        connection.execute(text(_INSERT), rows)


def redirect_models(
    connection: Connection, removed: Iterable[str], moved: Iterable[Mapping[str, Any]], now: datetime
) -> list[Event]:
    """Let each model id that other rules withdrew lead where most of its listings went; chains are flattened.

    A listing that means another model from some day on (a changed referent) merges nothing: its old model is removed and
    keeps its meaning. Returns the events.
    """
    where: dict[str, Counter[str]] = {}
    for move in moved:
        if move["from"] and move["to"] and move["why"] == "rules":
            where.setdefault(move["from"], Counter())[move["to"]] += 1
    events = []
    for model in removed:
        goal = max(where.get(model, Counter()).items(), key=lambda pair: (pair[1], pair[0]), default=(None, 0))[0]
        if goal is None:
            events.append(_event("model_removed", model))
            continue
        connection.execute(
            text(
                "update published_model set redirect = :goal, redirected_at = :now, reason = 'its listings are of that model' "
                "where id = :model or redirect = :model"
            ),
            {"goal": goal, "now": now, "model": model},
        )
        events.append(_event("model_merged", model, field="id", before=model, after=goal))
    return events


def redirect_offers(connection: Connection, removed: Mapping[str, tuple[str | None, list[dict[str, Any]]]]) -> None:
    """Let each withdrawn offer id (with its model and last evidence) lead to the offer that now holds the first of its
    listings, if that is of the same model or of the one that its model was merged into.
    """
    for offer, (model, evidence) in removed.items():
        for row in evidence:
            named = {key: row[key] for key in ("source", "provider", "external_id", "region")}
            goal = connection.execute(
                text(
                    "select o.id from resolved_offer o left join published_model p on p.id = :model "
                    "where o.evidence @> jsonb_build_array(cast(:named as jsonb)) "
                    "and (o.model is not distinct from :model or o.model = p.redirect) order by o.id limit 1"
                ),
                {"named": json_text(named), "model": model},
            ).scalar()
            if goal is not None:
                connection.execute(
                    text("update offer set redirect = :goal where id = :offer or redirect = :offer"),
                    {"goal": goal, "offer": offer},
                )
                break
