"""Where the ids that a publication withdrew lead from now on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from aimstats.domain.claims import json_text


def redirect_models(
    connection: Connection, removed: Iterable[str], moved: Iterable[Mapping[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """Let each model id that other rules withdrew lead where most of its listings went; chains are flattened.

    A listing that means another model from some day on (a changed referent) merges nothing: its old model is removed and
    keeps its meaning. Returns what was merged into what (`from`, `to`).
    """
    where: dict[str, Counter[str]] = {}
    for move in moved:
        if move["from"] and move["to"] and move["why"] == "rules":
            where.setdefault(move["from"], Counter())[move["to"]] += 1
    merged = []
    for model in removed:
        goal = max(where.get(model, Counter()).items(), key=lambda pair: (pair[1], pair[0]), default=(None, 0))[0]
        if goal is None:
            continue
        connection.execute(
            text(
                "update published_model set redirect = :goal, redirected_at = :now, reason = 'its listings are of that model' "
                "where id = :model or redirect = :model"
            ),
            {"goal": goal, "now": now, "model": model},
        )
        merged.append({"from": model, "to": goal})
    return merged


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
