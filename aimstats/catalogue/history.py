"""The history of one model or offer: its prices, limits and life as steps in time, read from the ledger when it is asked for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.history import HISTORY
from aimstats.catalogue.columns.kinds import DATE
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.table import Table
from aimstats.domain.money import plain
from aimstats.domain.spans import instant_text
from aimstats.identity.first_party import first_party
from aimstats.resolution.from_ledger import moment_of, terms
from aimstats.resolution.history import PriceStep, price_steps
from aimstats.resolution.inputs import Term
from aimstats.resolution.other_steps import FieldStep, life_steps, limit_steps

OFFER_ID: Final = re.compile(r"[^/]{1,100}/([^/]{1,200}/[^:+@~]{1,200})")
PRICE: Final = "price"


def _read_day(stated: str) -> date:
    try:
        return date.fromisoformat(stated) if len(stated) == 10 else date.fromisoformat("")
    except ValueError:
        raise ValueError("must be a date, such as 2026-03-01") from None


FROM: Final = Parameter(name="from", help="Only what holds on or after this UTC day.", schema=DATE.parameter, read=_read_day)
TO: Final = Parameter(name="to", help="Only what began on or before this UTC day.", schema=DATE.parameter, read=_read_day)
OWN: Final = (FROM, TO)


def models_asked(catalogue: Catalogue, query: Query) -> tuple[str, ...]:
    """The models whose history a query asks for, by id or through their offers. Raises QueryError where it names neither."""
    named = list(query.filters.get("model", ()))
    for identifier in query.filters.get("offer", ()):
        row = catalogue.row("offers", identifier)
        match = OFFER_ID.match(identifier)
        named += [row["model"]] if row is not None and row["model"] else [match[1]] if match else []
    if not named:
        raise QueryError([{"parameter": "model", "message": "name a model, or an offer (`offer`)"}])
    if len(set(named)) > MODELS_AT_ONCE:
        raise QueryError([{"parameter": "model", "message": f"at most {MODELS_AT_ONCE} models at once"}])
    return tuple(dict.fromkeys(named))


MODELS_AT_ONCE: Final = 10


def history_table(connection: Connection, catalogue: Catalogue, query: Query, now: datetime) -> Table:
    """The steps of what the query asks for, as a table that the query is then answered from.

    As known at its `known_at`, and what began by the end of its `as_of`.
    """
    known = query.known_at or now
    until = datetime.combine(query.as_of, time.max, tzinfo=UTC) if query.as_of else None
    kinds = query.filters.get("kind") or (PRICE,)
    moment = moment_of(connection, known, known)
    rows = []
    for model in models_asked(catalogue, query):
        told = terms(connection, moment, model)
        if "price" in kinds:
            row = catalogue.model(model)
            readings = _readings(connection, told, known)
            steps = price_steps(model, told, known, readings, row["type"] if row else "text", moment.price_pages)
            rows += [_price(model, step) for step in steps]
        if "limit" in kinds:
            rows += [
                _field(model, "limit", step) for step in limit_steps(told, known, frozenset(first_party(model.partition("/")[0])))
            ]
        if "lifecycle" in kinds:
            rows += [_field(model, "lifecycle", step) for step in life_steps(told, known)]
    return Table(HISTORY, ((body, None) for body in _numbered(rows) if _is_within(body, query.own, until)))


def _readings(connection: Connection, told: Sequence[Term], known_at: datetime) -> Mapping[int, list[datetime]]:
    documents = {claim.document.id for term in told for claim in term.listing.claims if claim.span.corrected}
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = connection.execute(
        text(
            "select document_id, read_at from reading where status in ('ok', 'unchanged') and read_at <= :known_at "
            "and document_id = any(:documents) order by read_at"
        ),
        {"known_at": known_at, "documents": sorted(documents)},
    )
    for document, read_at in rows:
        found[document].append(read_at)
    return found


def _is_within(body: Mapping[str, Any], own: Mapping[str, Any], until: datetime | None) -> bool:
    """Whether the step holds in the days that were asked for and began by the one that is looked back from."""
    starts, ends = body["from"], body["to"]
    first, last = own.get(FROM.name), own.get(TO.name)
    if first is not None and ends is not None and ends <= first.isoformat():
        return False
    if last is not None and starts[:10] > last.isoformat():
        return False
    return until is None or starts <= instant_text(until)


def _numbered(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows with ids of their own: equal ones (two sources told one event) are counted."""
    seen: dict[str, int] = defaultdict(int)
    for body in rows:
        seen[body["id"]] += 1
        yield body if seen[body["id"]] == 1 else {**body, "id": f"{body['id']} {seen[body['id']]}"}


def _price(model: str, step: PriceStep) -> dict[str, Any]:
    key = step.key
    starts = instant_text(step.starts)
    return {
        "id": f"{step.offer} {key} {starts}{' foreseen' if step.foreseen else ''}",
        "kind": PRICE,
        "model": model,
        "offer": step.offer,
        "provider": step.provider,
        "meter": key.meter,
        "plan": key.plan,
        "min_context_tokens": key.min_context_tokens,
        "window": key.window or None,
        "conditions": dict(key.conditions),
        "unit": key.base_unit,
        "currency": key.currency,
        "from": starts,
        "to": instant_text(step.ends) if step.ends else None,
        "usd": plain(step.usd),
        "value": None,
        "state": "foreseen" if step.foreseen else "restated" if step.restated else "stated",
        "source": step.source,
        "url": step.claim.url or step.claim.document.url,
    }


def _field(model: str, kind: str, step: FieldStep) -> dict[str, Any]:
    starts = instant_text(step.starts)
    return {
        "id": f"{model} {kind} {step.field} {step.provider} {starts} {step.source}",
        "kind": kind,
        "model": model,
        "offer": None,
        "provider": step.provider or None,
        "meter": step.field,
        "plan": None,
        "min_context_tokens": None,
        "window": None,
        "conditions": {},
        "unit": "tokens" if kind == "limit" else None,
        "currency": None,
        "from": starts,
        "to": instant_text(step.ends) if step.ends else None,
        "usd": None,
        "value": step.value,
        "state": "corrected" if step.corrected else "stated",
        "source": step.source,
        "url": step.claim.url or step.claim.document.url,
    }
