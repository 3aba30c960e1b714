"""What listings mean, written as append-only assignments: changed minds replace for all dates, changed referents begin a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from aimstats.domain.claims import json_text
from aimstats.domain.prices import PLANS
from aimstats.identity import RULES_VERSION, Name, provider_of, resolve, shop_of
from aimstats.ingest.ledger import copy_rows

_INPUTS = """
select l.id, l.source, l.provider, l.host, l.external_id, l.region, l.variant, l.is_page_name,
       s.body->>'kind' as source_kind,
       (select c.value from claim c join document d on d.id = c.document_id
        where c.listing_id = l.id and c.kind = 'identity' and c.observed_from <= :at
        order by coalesce(c.observed_to <= :at, false), c.observed_from desc, d.position, d.url limit 1) as identity,
       (select jsonb_object_agg(f.key, f.value) from (
            select distinct on (c.key) c.key, c.value from claim c join document d on d.id = c.document_id
            where c.listing_id = l.id and c.kind = 'fact'
            and c.key in ('name', 'family', 'hugging_face_id', 'release_date', 'type') and c.observed_from <= :at
            order by c.key, coalesce(c.observed_to <= :at, false), c.observed_from desc, d.position, d.url) f) as facts
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
_ENDED = """
insert into assignment (listing_id, provider, host, region, billing, kind, model, snapshot, variant, offer_variant, plan,
    confidence, method, steps, rules_version, valid_from, valid_to, observed_from)
select listing_id, provider, host, region, billing, kind, model, snapshot, variant, offer_variant, plan,
    confidence, method, steps, rules_version, valid_from, :ends, :at
from assignment where id = :id
"""
NAMING_FACTS = ("name", "family", "hugging_face_id", "release_date", "type")
"""The facts that tell, beside its identity, what a listing means."""
MEANING = ("provider", "host", "region", "billing", "kind", "model", "snapshot", "variant", "offer_variant", "plan")
PLANS_BY_WORD = {plan: plan for plan in PLANS if plan != "standard"}
"""The plan that a word in an id means."""
INSTANT = timedelta(microseconds=1)
UNSURE_UP_TO = Decimal("0.8")
"""Readings without a known family (0.8) or lab (0.5) are for a person to look at (identity.md, The way of one name)."""
UNIVERSAL_REGIONS = frozenset({"", "*", "default", "global", "global-standard"})
"""Regions that are none: every region, or (`global-standard`) what Azure calls its global deployment."""


@dataclass(slots=True)
class Reassigned:
    """Models and providers (of what is no model) whose rows must be resolved anew; what is new, moved or unsure."""

    models: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)
    written: int = 0
    moved: list[dict[str, Any]] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def note(self, listing: int, old: Any, meaning: dict[str, Any], why: str) -> None:
        """Note that a listing means something else than its old assignment says: another `referent`, or other `rules`."""
        self.touch(old.model, old.provider)
        self.touch(meaning["model"], meaning["provider"])
        if old.model != meaning["model"]:
            self.moved.append({"listing": listing, "from": old.model, "to": meaning["model"], "why": why})

    def doubt(self, row: Stated, meaning: dict[str, Any]) -> None:
        """Note a listing whose new meaning rests on words alone: no known lab or family is in them."""
        if meaning["model"] is not None and meaning["confidence"] <= UNSURE_UP_TO:
            self.unsure.append(f"{row.source}:{row.provider}/{row.external_id} as {meaning['model']}")

    def add(self, other: Reassigned) -> None:
        """Take in what another step changed."""
        self.models |= other.models
        self.providers |= other.providers
        self.written += other.written
        self.moved += other.moved
        self.unsure += other.unsure

    def touch(self, model: str | None, provider: str) -> None:
        """Note that a listing of this model (or of this provider) changed its meaning."""
        if model is None:
            self.providers.add(provider)
        else:
            self.models.add(model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A listing in its source's own words, with what was stated of it last; `id` is 0 before it is written."""

    id: int = 0
    source: str
    source_kind: str
    provider: str
    host: str
    external_id: str
    region: str
    variant: str
    is_page_name: bool
    identity: dict[str, Any]
    facts: dict[str, Any]


def meaning_of(row: Stated) -> dict[str, Any]:
    """The columns of the assignment that the rules give to a listing's own words."""
    identity, facts = row.identity, row.facts
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
        "provider": shop_of(seller.provider, model),
        "host": shop_of(runs_it.provider, model),
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


def assign(connection: Connection, listings: Collection[int], observed_at: datetime) -> Reassigned:
    """Resolve listings of which something was seen to change at `observed_at`; write what differs from their meaning so far.

    Under the same rules another model is a changed referent: the old assignment ends and the new one begins that day.
    Anything else is a better reading of the same thing, and replaces the old for all dates.
    """
    changed, writing = Reassigned(), _Writing(connection, observed_at)
    standing = _standing(connection, listings)
    for row in _inputs(connection, listings, observed_at):
        meaning = meaning_of(row)
        ranges = standing.get(row.id)
        if ranges is None or not _means(ranges[-1], meaning):
            changed.doubt(row, meaning)
        if ranges is None:
            changed.touch(meaning["model"], meaning["provider"])
            writing.open(meaning, None, None)
            continue
        last = ranges[-1]
        if _means(last, meaning):
            continue
        changed.note(row.id, last, meaning, "referent")
        if last.model == meaning["model"]:
            writing.replace(last, meaning)
        else:
            writing.end(last, meaning)
    changed.written = writing.flush()
    return changed


def reassign_all(connection: Connection, now: datetime) -> Reassigned:
    """Resolve every listing anew after the rules changed: the new meanings replace the old for all dates.

    Each range of dates is read again from what was seen until its end.
    """
    changed, writing = Reassigned(), _Writing(connection, now)
    listings = list(connection.execute(text("select id from listing")).scalars())
    standing = _standing(connection, listings)
    for row in _inputs(connection, listings, now):
        for place, old in enumerate(ranges := standing.get(row.id, [])):
            then = row if place == len(ranges) - 1 else next(_inputs(connection, [row.id], old.valid_to - INSTANT))
            meaning = meaning_of(then)
            if not _means(old, meaning):
                changed.note(row.id, old, meaning, "rules")
                writing.replace(old, meaning)
    changed.written = writing.flush()
    return changed


def _standing(connection: Connection, listings: Collection[int]) -> dict[int, list[Any]]:
    standing: dict[int, list[Any]] = {}
    for row in connection.execute(text(_OPEN), {"listings": list(listings)}):
        standing.setdefault(row.listing_id, []).append(row)
    return standing


def _inputs(connection: Connection, listings: Collection[int], at: datetime) -> Iterator[Stated]:
    for row in connection.execute(text(_INPUTS), {"listings": list(listings), "at": at}).mappings():
        yield Stated(**{**row, "identity": row["identity"] or {}, "facts": row["facts"] or {}})


def _means(assignment: Any, meaning: dict[str, Any]) -> bool:
    return all(getattr(assignment, name) == meaning[name] for name in MEANING)


class _Writing:
    """Assignments to be closed and opened at one instant."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at
        self._closing: list[int] = []
        self._ending: list[dict[str, Any]] = []
        self._opening: list[dict[str, Any]] = []

    def open(self, meaning: dict[str, Any], valid_from: datetime | None, valid_to: datetime | None) -> None:
        """The listing means this from `valid_from` to `valid_to`."""
        self._opening.append(meaning | {"valid_from": valid_from, "valid_to": valid_to, "observed_from": self._at})

    def replace(self, old: Any, meaning: dict[str, Any]) -> None:
        """It means this for all dates of the old assignment."""
        self._closing.append(old.id)
        self.open(meaning, old.valid_from, old.valid_to)

    def end(self, old: Any, meaning: dict[str, Any]) -> None:
        """It means this from now on, and still the old until now."""
        begins = max(self._at, old.valid_from or self._at)
        self._closing.append(old.id)
        if old.valid_from != begins:
            self._ending.append({"id": old.id, "ends": begins, "at": self._at})
        self.open(meaning, begins, None)

    def flush(self) -> int:
        """Write everything; returns how many assignments were opened."""
        if self._closing:
            self._connection.execute(
                text("update assignment set observed_to = greatest(:at, observed_from) where id = any(:ids)"),
                {"at": self._at, "ids": self._closing},
            )
        if self._ending:
            self._connection.execute(text(_ENDED), self._ending)
        if self._opening:
            columns = list(self._opening[0])
            table = f"assignment ({', '.join(columns)})"
            copy_rows(self._connection, table, ([row[name] for name in columns] for row in self._opening))
        return len(self._ending) + len(self._opening)
