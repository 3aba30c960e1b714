"""Version 1 of the JSON API: what each address answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import NotFound

from aimstats.api.about import meta_json
from aimstats.api.describing import RAW
from aimstats.api.lists import JSON, csv_file, json_page, ndjson_file
from aimstats.api.model_page import MODEL_PAGE, absent_json, model_json
from aimstats.api.model_page import OWN as MODEL_OWN
from aimstats.api.model_page import PARAMETERS as MODEL_PARAMETERS
from aimstats.api.offer_page import OFFER_PAGE, offer_json
from aimstats.api.offer_page import PARAMETERS as OFFER_PARAMETERS
from aimstats.api.openapi import document_json
from aimstats.api.problems import problem
from aimstats.api.provider_page import PARAMETERS as PROVIDER_PARAMETERS
from aimstats.api.provider_page import PROVIDER_PAGE, provider_json
from aimstats.api.refusals import register_refusals
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Collection as Rows
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.columns.providers import PROVIDERS
from aimstats.catalogue.columns.sources import SOURCES
from aimstats.catalogue.costs import WORKLOAD, following
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.engine.table import instant
from aimstats.catalogue.spellings import model_spelled
from aimstats.domain.absence import Absence
from aimstats.extensions import current_config
from aimstats.extensions.answers import Stamp, answer
from aimstats.extensions.current import current_holder, software_version, stamp_of
from aimstats.extensions.words import refuse_unpublished

v1: Final = Blueprint("api_v1", __name__, url_prefix="/api/v1")
register_refusals(v1)
FLEETING_MAX_AGE_S: Final = 60
LISTS: Final = (MODELS, OFFERS, PROVIDERS, SOURCES)


def asked(rows: Rows, *, only: Collection[str] | None = None, own: Sequence[Parameter] = ()) -> Query:
    """The query of this request. Raises QueryError."""
    return parse(rows, request.args.lists(), now=datetime.now(UTC), only=only, own=own)


def catalogue_for(query: Query) -> Catalogue:
    """The catalogue of the day that the query asks for."""
    return current_holder().at(query.as_of, query.known_at)


def _notes() -> dict[str, Any]:
    """What a list says in its `meta` only while the database is away."""
    since = current_holder().stale_since
    return {"stale_since": instant(since)} if since else {}


def _prepared(rows: Rows, own: Sequence[Parameter] = ()) -> tuple[Catalogue, Query, Stamp]:
    """What a list is answered from: the catalogue (for sources with them, which change without a new version)."""
    query = asked(rows, own=(*WORKLOAD, *own) if rows is MODELS else own)
    if rows is not SOURCES:
        catalogue = catalogue_for(query)
        refuse_unpublished(catalogue, query)
        if rows is MODELS:
            return following(catalogue, query), query, stamp_of(catalogue)
        return catalogue, led_on(query) if rows is OFFERS else query, stamp_of(catalogue)
    catalogue = current_holder().with_sources()
    return catalogue, query, stamp_of(catalogue, catalogue.tables["sources"].digest)


def led_on(query: Query) -> Query:
    """The query of offers with each withdrawn id that it names in the place where it leads."""
    leads = current_holder().current().redirects.offers
    if not any(identifier in leads for identifier in query.filters.get("id", ())):
        return query
    return replace(query, filters={**query.filters, "id": tuple(leads.get(one, one) for one in query.filters["id"])})


def _add_list(rows: Rows) -> None:
    """The three addresses of a list."""

    def page() -> Response:
        return json_page(*_prepared(rows), notes=_notes(), fleeting=rows is SOURCES)

    def ndjson() -> Response:
        return ndjson_file(*_prepared(rows))

    def as_csv() -> Response:
        return csv_file(*_prepared(rows, (RAW,)))

    for ending, name, view in (("", "page", page), (".ndjson", "ndjson", ndjson), (".csv", "csv", as_csv)):
        v1.add_url_rule(f"/{rows.name}{ending}", f"{rows.name}_{name}", view, methods=["GET"])


for listed in LISTS:
    _add_list(listed)


def _one(rows: Rows, identifier: str, only: Collection[str], make: Callable[[Catalogue, Query, Row], bytes]) -> Response:
    """The answer about one row, the way to what it has become, or a 404."""
    is_model = rows is MODEL_PAGE
    query = asked(rows, only=only, own=MODEL_OWN if is_model else ())
    catalogue = current_holder().at(query.as_of, query.known_at, identifier if is_model else None)
    refuse_unpublished(catalogue, query)
    row = catalogue.row(rows.name, identifier, query.basis)
    today = current_holder().current().row(rows.name, identifier) if is_model else None
    if row is None and today is not None:
        door = f"{rows.singular}.json"
        about = f"{identifier}?{query.text}"
        return answer(door, about, stamp_of(catalogue), lambda: absent_json(catalogue, query, today), media_type=JSON)
    if row is None:
        raise NotFound(f"There is no {rows.singular} {identifier!r}{_then(catalogue)}.")
    return answer(
        f"{rows.singular}.json", f"{identifier}?{query.text}", stamp_of(catalogue), lambda: make(catalogue, query, row),
        media_type=JSON,
    )  # fmt: skip


def _then(catalogue: Catalogue) -> str:
    """Where the day that was asked for is why there is nothing, that it is."""
    if catalogue.is_before_evidence and catalogue.ledger_since:
        return f" on that day ({Absence.BEFORE_FIRST_EVIDENCE}: nothing was read before {catalogue.ledger_since:%Y-%m-%d})"
    return " on that day" if catalogue.as_of or catalogue.known_at else ""


@v1.get("/models/<path:identifier>")
def one_model(identifier: str) -> Response:
    """One model; an id that was merged and a name that surely means a model lead to it, any other has candidates."""
    present = current_holder().current()
    target = present.redirects.models.get(identifier)
    if target is None and identifier not in present.models.positions:
        target, near = model_spelled(present, identifier)
        if near:
            asked(MODEL_PAGE, only=MODEL_PARAMETERS, own=MODEL_OWN)
            return problem(404, f"There is no model {identifier!r}.", candidates=[one.body() for one in near])
    if target is None:
        return _one(MODEL_PAGE, identifier, MODEL_PARAMETERS, model_json)
    query = asked(MODEL_PAGE, only=MODEL_PARAMETERS, own=MODEL_OWN)
    address = url_for(".one_model", identifier=target)
    return Response(status=301, headers={"Location": f"{address}?{query.text}" if query.text else address})


@v1.get("/offers/<path:identifier>")
def one_offer(identifier: str) -> Response:
    """One offer; an id that was withdrawn leads to what it is now."""
    target = current_holder().current().redirects.offers.get(identifier)
    if target is None:
        return _one(OFFER_PAGE, identifier, OFFER_PARAMETERS, offer_json)
    query = asked(OFFER_PAGE, only=OFFER_PARAMETERS)
    address = url_for(".one_offer", identifier=target)
    return Response(status=301, headers={"Location": f"{address}?{query.text}" if query.text else address})


@v1.get("/providers/<identifier>")
def one_provider(identifier: str) -> Response:
    """One provider."""
    return _one(PROVIDER_PAGE, identifier, PROVIDER_PARAMETERS, provider_json)


@v1.get("/meta")
def meta() -> Response:
    """Versions, counts, age and freshness."""
    asked(SOURCES, only=())
    holder = current_holder()
    body = meta_json(holder.with_sources(), current_config().release, holder.stale_since)
    return _by_content("meta.json", body, FLEETING_MAX_AGE_S)


@v1.get("/openapi.json")
def openapi() -> Response:
    """The description of this API."""
    asked(SOURCES, only=())
    base = current_config().public_api_url or ""
    return answer("openapi.json", base, (software_version(),), lambda: document_json(base), media_type=JSON)


def _by_content(door: str, body: bytes, max_age_s: int) -> Response:
    """An answer whose ETag is made of its own bytes, for what moves with the clock."""
    mark = blake2b(body, digest_size=12).hexdigest()
    return answer(door, mark, (), lambda: body, media_type=JSON, max_age_s=max_age_s)
