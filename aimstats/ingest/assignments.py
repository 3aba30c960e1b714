"""What listings mean, written as append-only assignments: changed minds replace for all dates, changed referents begin a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from aimstats.domain.claims import json_text
from aimstats.domain.prices import PLANS
from aimstats.identity import RULES_VERSION, Name, provider_of, resolve

_INPUTS = """
select l.id, l.source, l.provider, l.host, l.external_id, l.region, l.variant, l.is_page_name,
       s.body->>'kind' as source_kind,
       (select c.value from claim c where c.listing_id = l.id and c.kind = 'identity' and c.observed_from <= :at
        order by c.observed_to is not null, c.observed_from desc, c.document_id limit 1) as identity,
       (select jsonb_object_agg(c.key, c.value) from (
            select distinct on (key) key, value from claim where listing_id = l.id and kind = 'fact'
            and key in ('name', 'family', 'hugging_face_id', 'release_date', 'type') and observed_from <= :at
            order by key, observed_to is not null, observed_from desc, document_id) c) as facts
from listing l join source s on s.id = l.source
where l.id = any(:listings)
order by l.id
"""
_OPEN = """
select id, listing_id, provider, host, region, billing, kind, model, snapshot, variant, offer_variant, plan, rules_version,
       valid_from, valid_to
from assignment where listing_id = any(:listings) and observed_to is null
order by listing_id, valid_from nulls first
"""
_INSERT = """
insert into assignment (listing_id, provider, host, region, billing, kind, model, snapshot, variant, offer_variant,
    plan, confidence, method, steps, rules_version, valid_from, valid_to, observed_from)
values (:listing_id, :provider, :host, :region, :billing, :kind, :model, :snapshot, :variant, :offer_variant,
    :plan, :confidence, :method, cast(:steps as jsonb), :rules_version, :valid_from, :valid_to, :observed_from)
"""
MEANING = ("provider", "host", "region", "billing", "kind", "model", "snapshot", "variant", "offer_variant", "plan")
PLANS_BY_WORD = {"fast": "priority"} | {plan: plan for plan in PLANS if plan != "standard"}
"""The plan that a word in an id means; fast is what one seller calls priority."""
UNIVERSAL_REGIONS = frozenset({"", "*", "default", "global"})


@dataclass(slots=True)
class Reassigned:
    """Models and providers (of what is no model) whose rows must be resolved anew; what is new, moved or unsure."""

    models: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)
    written: int = 0
    moved: list[dict[str, Any]] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def touch(self, model: str | None, provider: str) -> None:
        """Note that a listing of this model (or of this provider) changed its meaning."""
        if model is None:
            self.providers.add(provider)
        else:
            self.models.add(model)


def meaning_of(row: Any) -> dict[str, Any]:
    """The columns of the assignment that the rules give to a listing's own words."""
    identity, facts = row.identity or {}, row.facts or {}
    evidence = {key: value for key, value in facts.items() if key != "name" and isinstance(value, str)}
    evidence |= identity.get("evidence", {})
    resolution = resolve(
        Name(
            source=row.source,
            provider=row.provider,
            external_id="" if row.is_page_name else row.external_id,
            name=facts.get("name") or (row.external_id if row.is_page_name else ""),
            facts=evidence,
        )
    )
    seller = provider_of(row.source, row.provider)
    runs_it = provider_of(row.source, row.host) if row.host else seller
    stated_kind = identity.get("kind", "model")
    kind = resolution.kind if stated_kind == "model" else stated_kind
    model = resolution.model if kind in ("model", "agent") else None
    if kind == "model" and model is None:
        kind = "other"
    if kind == "agent" and row.source_kind != "benchmark":
        model = None
    region = row.region or resolution.region or seller.region
    return {
        "listing_id": row.id,
        "provider": seller.provider,
        "host": runs_it.provider,
        "region": "" if region in UNIVERSAL_REGIONS else region,
        "billing": seller.billing,
        "kind": kind,
        "model": model,
        "snapshot": resolution.snapshot,
        "variant": _joined(row.variant, resolution.variant),
        "offer_variant": _joined(row.variant, resolution.offer_variant),
        "plan": PLANS_BY_WORD.get(resolution.plan, ""),
        "confidence": Decimal(str(round(resolution.confidence, 3))),
        "method": resolution.method,
        "steps": json_text(list(resolution.steps)),
        "rules_version": RULES_VERSION,
    }


def _joined(*variants: str) -> str:
    return "+".join(sorted({word for variant in variants for word in variant.split("+") if word}))


def assign(
    connection: Connection, listings: Collection[int], observed_at: datetime, *, referents_may_change: bool = True
) -> Reassigned:
    """Resolve the listings by today's rules and write what differs from their open assignments.

    Under the same rules a different meaning is a changed referent: the old assignment ends at `observed_at` and the new
    one begins. Under other rules (or with `referents_may_change` false) the new assignment replaces the old for all dates.
    """
    changed = Reassigned()
    if not listings:
        return changed
    standing: dict[int, list[Any]] = {}
    for row in connection.execute(text(_OPEN), {"listings": list(listings)}):
        standing.setdefault(row.listing_id, []).append(row)
    closing: list[int] = []
    opening: list[dict[str, Any]] = []
    for row in connection.execute(text(_INPUTS), {"listings": list(listings), "at": observed_at}):
        meaning = meaning_of(row)
        last = standing[row.id][-1] if row.id in standing else None
        if meaning["kind"] == "other" and meaning["model"] is None and meaning["method"] == "unsure":
            changed.unsure.append(f"{row.source}:{row.provider}/{row.external_id}")
        if last is not None and all(getattr(last, name) == meaning[name] for name in MEANING):
            continue
        changed.touch(meaning["model"], meaning["provider"])
        if last is None:
            opening.append(meaning | {"valid_from": None, "valid_to": None})
            continue
        changed.touch(last.model, last.provider)
        if last.model != meaning["model"]:
            changed.moved.append({"listing": row.id, "from": last.model, "to": meaning["model"]})
        closing.append(last.id)
        if referents_may_change and last.rules_version == RULES_VERSION and last.model != meaning["model"]:
            if last.valid_from is None or last.valid_from < observed_at:
                opening.append(_copy(last, observed_at))
            opening.append(meaning | {"valid_from": observed_at, "valid_to": None})
        else:
            opening.append(meaning | {"valid_from": last.valid_from, "valid_to": last.valid_to})
    _write(connection, closing, opening, observed_at)
    changed.written = len(opening)
    return changed


def _copy(row: Any, valid_to: datetime) -> dict[str, Any]:
    """The ended assignment, with the day on which it ended."""
    return {"id": row.id, "valid_from": row.valid_from, "valid_to": valid_to, "listing_id": row.listing_id}


def _write(connection: Connection, closing: list[int], opening: Iterable[dict[str, Any]], observed_at: datetime) -> None:
    if closing:
        connection.execute(
            text("update assignment set observed_to = greatest(:at, observed_from) where id = any(:ids)"),
            {"at": observed_at, "ids": closing},
        )
    fresh = []
    for row in opening:
        if "id" in row:
            connection.execute(
                text(
                    "insert into assignment (listing_id, provider, host, region, billing, kind, model, snapshot, variant, "
                    "offer_variant, plan, confidence, method, steps, rules_version, valid_from, valid_to, observed_from) "
                    "select listing_id, provider, host, region, billing, kind, model, snapshot, variant, offer_variant, plan, "
                    "confidence, method, steps, rules_version, cast(:valid_from as timestamptz), "
                    "cast(:valid_to as timestamptz), :at from assignment where id = :id"
                ),
                {"id": row["id"], "valid_from": row["valid_from"], "valid_to": row["valid_to"], "at": observed_at},
            )
        else:
            fresh.append(row | {"observed_from": observed_at})
    for chunk in _chunks(fresh, 2_000):
        connection.execute(text(_INSERT), chunk)


def _chunks(rows: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
