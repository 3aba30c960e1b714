"""Making a catalogue of resolved rows, each read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from aimstats.catalogue.benchmarks import benchmark_rows
from aimstats.catalogue.catalogue import Catalogue, DocumentFacts, Pages, Redirects, Version
from aimstats.catalogue.columns.benchmarks import BENCHMARKS
from aimstats.catalogue.columns.declarations import Body
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.columns.providers import PROVIDERS
from aimstats.catalogue.disagreements import Noted, days_otherwise, disagreement_table, noting
from aimstats.catalogue.engine.table import StoredRow, Table
from aimstats.catalogue.providers import provider_rows


def build(
    models: Iterable[StoredRow],
    offers: Iterable[StoredRow],
    documents: Mapping[int, DocumentFacts],
    version: Version,
    *,
    redirects: Redirects | None = None,
    benchmarks: Mapping[str, Body] | None = None,
    as_of: str | None = None,
    known_at: str | None = None,
    evidence: Mapping[str, bytes] | None = None,
    ledger_since: datetime | None = None,
) -> Catalogue:
    """The catalogue of resolved rows (body, changed_at), read from their tables or resolved for another day."""
    costs: dict[str, Any] = {}
    pages: dict[str, Pages] = {}
    said_otherwise: list[Noted] = []
    told: dict[str, Counter[bytes]] = defaultdict(Counter)
    offer_table = Table(OFFERS, _noting(noting(offers, said_otherwise), costs, pages, told))

    def other_costs(body: Body) -> Mapping[str, Any]:
        least = body.get("cheapest")
        return {"cheapest": costs.get(least.get("offer"), least) if least else None, "median": body.get("median")}

    model_table = Table(MODELS, noting(models, said_otherwise), other_costs)
    tables = (
        offer_table,
        model_table,
        Table(PROVIDERS, provider_rows(offer_table, _sellers(told))),
        Table(BENCHMARKS, benchmark_rows(benchmarks or {}, model_table)),
        disagreement_table(said_otherwise, documents),
    )
    return Catalogue(
        version=version,
        tables={table.collection.name: table for table in tables},
        documents=documents,
        redirects=redirects or Redirects(),
        benchmarks=benchmarks or {},
        as_of=as_of,
        known_at=known_at,
        evidence=evidence,
        pages=pages,
        days_otherwise=days_otherwise(said_otherwise),
        ledger_since=ledger_since,
    )


def _sellers(told: Mapping[str, Counter[bytes]]) -> dict[str, dict[str, Any]]:
    """What is told of each provider: what most of its offers come with."""
    return {
        provider: orjson.loads(max(counted, key=lambda one: (counted[one], one))) for provider, counted in told.items() if counted
    }


def _noting(
    offers: Iterable[StoredRow], costs: dict[str, Any], pages: dict[str, Pages], told: dict[str, Counter[bytes]]
) -> Iterator[StoredRow]:
    """The same offers, kept aside their costs (the cheapest offer's is its model's under that basis), the pages of prices, and
    what is told of the seller."""
    kept: dict[Any, Any] = {}
    for body, changed_at in offers:
        costs[body["id"]] = body.get("cost")
        if seller := body.get("seller"):
            told[body["provider"]][orjson.dumps(seller)] += 1
        of_prices = ((price.get("document"), price.get("url")) for price in body.get("prices") or ())
        found = tuple(kept.setdefault(page, page) for page in of_prices)
        pages[body["id"]] = kept.setdefault(found, found)
        yield body, changed_at
