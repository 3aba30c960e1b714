"""A few events of every kind, written as publications write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

FIRST_DAY = datetime(2026, 3, 1, 6, tzinfo=UTC)


def event(day: int, kind: str, model: str | None, **rest: Any) -> dict[str, Any]:
    """An event so many days after the first."""
    blank = dict.fromkeys(("offer", "field", "before", "after", "ratio", "source"))
    return {**blank, "at": FIRST_DAY + timedelta(days=day), "dataset": 1, "kind": kind, "model": model, "weight": day} | rest


EVENTS = [
    event(0, "model_added", "alpha/ode-4.5", after="Ode 4.5"),
    event(0, "model_added", "beta/lyra", after="Lyra"),
    event(
        1, "price_changed", "alpha/ode-4.5", offer="hostly/alpha/ode-4.5", field="cost.input", before="4.50", after="2.25",
        ratio="0.5", source="big_list", weight="7.5",
    ),
    event(
        1, "price_restated", "alpha/ode-4.5", offer="alpha/alpha/ode-4.5", field="cost.output", before="10", after="15",
        ratio="1.5", source="alpha_page",
    ),
    event(2, "status_changed", "alpha/ode-mini", field="status", before="active", after="retired"),
    event(2, "retirement_date_changed", "alpha/ode-mini", field="retirement_date", after="2026-12-02"),
    event(3, "deprecation_date_changed", "beta/lyra", field="deprecation_date", before="2026-10-01", after="2026-11-01"),
    event(4, "model_merged", "alpha/ode-4-5", field="id", before="alpha/ode-4-5", after="alpha/ode-4.5"),
    event(5, "model_removed", "gamma/=gone"),
    event(6, "model_added", "delta/tomorrow", after="Tomorrow", dataset=9),
]  # fmt: skip
"""Oldest first; the last belongs to a publication that the catalogue of these tests has not read yet."""


def write_events(connection: Connection, events: Sequence[Mapping[str, Any]] = EVENTS) -> None:
    """Write them all."""
    columns = ("at", "dataset", "kind", "model", "offer", "field", "before", "after", "ratio", "source", "weight")
    values = ", ".join(f":{name}" for name in columns)
    connection.execute(text(f"insert into event ({', '.join(columns)}) values ({values})"), [dict(one) for one in events])
