"""The resolved tables kept equal to what the ledger says: only touched models are computed, only differences written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.domain.claims import json_text
from aimstats.ingest.ledger import copy_rows
from aimstats.ingest.redirects import redirect_models, redirect_offers
from aimstats.ingest.unsettled import keep_standing
from aimstats.resolution.from_ledger import resolved_at
from aimstats.resolution.grouping import OfferKey
from aimstats.resolution.unit import Resolved, ResolvedOffer

FLUSHED_OFFERS: Final = 500
"""So many offers are written at a time: a row with its evidence takes some 5 KB."""
_TABLES = """
drop table if exists fresh_model, fresh_offer, fresh_key;
create temporary table fresh_model (id text collate "C", body jsonb, evidence jsonb) on commit drop;
create temporary table fresh_offer (id text collate "C", model text collate "C", body jsonb, evidence jsonb) on commit drop;
create temporary table fresh_key (id text collate "C", provider text collate "C", host text collate "C",
    model text collate "C", snapshot text collate "C", variant text collate "C", region text collate "C",
    sku text collate "C") on commit drop
"""
_TOUCHED_OFFERS = "(o.model = any(:models) or (o.model is null and o.body->>'provider' = any(:providers)))"
_STATEMENTS = {
    "models_removed": """
        delete from resolved_model m where {model_scope} not exists (select from fresh_model f where f.id = m.id)
        returning m.id""",
    "offers_removed": """
        delete from resolved_offer o where {offer_scope} not exists (select from fresh_offer f where f.id = o.id)
        returning o.id, o.model, o.evidence""",
    "models_changed": """
        insert into resolved_model as m (id, body, evidence, changed_at)
        select id, body, evidence, :now from fresh_model
        on conflict (id) do update set body = excluded.body, evidence = excluded.evidence,
            changed_at = case when m.body is distinct from excluded.body then excluded.changed_at else m.changed_at end
        where (m.body, m.evidence) is distinct from (excluded.body, excluded.evidence)
        returning id""",
    "offers_changed": """
        insert into resolved_offer as o (id, model, body, evidence, changed_at)
        select id, model, body, evidence, :now from fresh_offer
        on conflict (id) do update set model = excluded.model, body = excluded.body, evidence = excluded.evidence,
            changed_at = case when o.body is distinct from excluded.body then excluded.changed_at else o.changed_at end
        where (o.model, o.body, o.evidence) is distinct from (excluded.model, excluded.body, excluded.evidence)
        returning id""",
}
_ADDED = "select id from fresh_model f where not exists (select from published_model p where p.id = f.id) order by id"
_PUBLISHED = (
    """insert into published_model (id, first_published) select id, :now from fresh_model
       on conflict (id) do update set redirect = null, redirected_at = null, reason = null
       where published_model.redirect is not null""",
    """insert into offer (id, provider, host, model, snapshot, variant, region, sku, first_published)
       select id, provider, host, model, snapshot, variant, region, sku, :now from fresh_key
       on conflict (id) do update set redirect = null where offer.redirect is not null""",
)


@dataclass(slots=True)
class Difference:
    """Ids of the resolved rows that this publication changed or removed; of models also those never published before, and
    those that were merged into another (`{"from", "to"}`)."""

    models_added: list[str] = field(default_factory=list)
    models_merged: list[dict[str, Any]] = field(default_factory=list)
    models_changed: list[str] = field(default_factory=list)
    models_removed: list[str] = field(default_factory=list)
    offers_changed: list[str] = field(default_factory=list)
    offers_removed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.models_changed or self.models_removed or self.offers_changed or self.offers_removed)


def write_resolved(
    connection: Connection,
    now: datetime,
    models: Collection[str] | None,
    providers: Collection[str] = (),
    moved: Collection[Mapping[str, Any]] = (),
    *,
    at: datetime | None = None,
    tells: bool = True,
) -> Difference:
    """Resolve the touched models (None: all) as of `at` (else `now`) and write what differs; readers never see an empty table.

    `moved` are the listings that changed their model in this publication: withdrawn ids lead where they went. Unless it
    `tells`, nothing happened in the world: how the rows stood is not kept for the end of the crawl, and no event speaks of it.
    """
    if models is not None and not models and not providers:
        return Difference()
    connection.exec_driver_sql(_TABLES)
    model_rows: list[tuple[str, str, str]] = []
    offer_rows: list[tuple[str, str | None, str, str]] = []
    key_rows: list[tuple[Any, ...]] = []
    for resolved in resolved_at(connection, at or now, at or now, models, providers, as_ranked=True):
        _collect(resolved, model_rows, offer_rows, key_rows)
        if len(offer_rows) >= FLUSHED_OFFERS:
            _flush(connection, model_rows, offer_rows, key_rows)
    _flush(connection, model_rows, offer_rows, key_rows)
    parameters: dict[str, Any] = {"now": now}
    scopes = {"model_scope": "", "offer_scope": ""}
    if models is not None:
        parameters |= {"models": sorted(models), "providers": sorted(providers)}
        scopes = {"model_scope": "m.id = any(:models) and", "offer_scope": f"{_TOUCHED_OFFERS} and"}
    if tells:
        keep_standing(connection, scopes, parameters)
    difference = Difference()
    withdrawn: dict[str, Any] = {}
    for name, statement in _STATEMENTS.items():
        rows = connection.execute(text(statement.format(**scopes)), parameters).all()
        setattr(difference, name, sorted(row[0] for row in rows))
        if name == "offers_removed":
            withdrawn = {row.id: (row.model, row.evidence) for row in rows}
    difference.models_added = list(connection.execute(text(_ADDED)).scalars())
    for statement in _PUBLISHED:
        connection.execute(text(statement), {"now": now})
    difference.models_merged = redirect_models(connection, difference.models_removed, moved, now)
    redirect_offers(connection, withdrawn)
    return difference


def _collect(
    resolved: Resolved,
    model_rows: list[tuple[str, str, str]],
    offer_rows: list[tuple[str, str | None, str, str]],
    key_rows: list[tuple[Any, ...]],
) -> None:
    if resolved.body is not None:
        model_rows.append((resolved.body["id"], json_text(resolved.body), json_text(resolved.evidence)))
    for offer in resolved.offers:
        offer_rows.append((offer.key.id, offer.key.model, json_text(offer.body), json_text(offer.evidence)))
        key_rows.append(_key_row(offer))


def _key_row(offer: ResolvedOffer) -> tuple[Any, ...]:
    key: OfferKey = offer.key
    return (key.id, key.provider, key.host, key.model, key.snapshot, key.variant, key.region, key.sku)


def _flush(connection: Connection, *tables: list[Any]) -> None:
    names: Iterable[str] = ("fresh_model", "fresh_offer", "fresh_key")
    for name, rows in zip(names, tables, strict=True):
        copy_rows(connection, name, rows)
        rows.clear()


def resolve_anew(connection: Connection, now: datetime) -> tuple[Difference, datetime]:
    """Bring everything up to date with another resolver, as of the last publication, and that instant: nothing happened, so
    nothing is told, and the dates that passed since have still to come."""
    last: datetime = connection.execute(text("select published_at from version")).scalar_one()
    return write_resolved(connection, now, None, at=last, tells=False), last
