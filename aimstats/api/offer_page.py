"""The answer about one offer: its row with what each source says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from aimstats.api import evidence
from aimstats.api.lists import meta
from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.engine.query import Query
from aimstats.extensions.answers import answer_is_partial
from aimstats.extensions.current import current_holder

PARAMETERS: Final = ("fields", "as_of", "known_at")
OFFER_PAGE: Final = replace(OFFERS)


def offer_json(catalogue: Catalogue, query: Query, row: Row) -> bytes:
    """The whole answer."""
    listings = evidence.of_offers(current_holder(), catalogue, [row])
    if listings[row.id] is None:
        answer_is_partial()
    body: dict[str, Any] = row.body | {"evidence": listings[row.id]}
    if query.fields:
        body = wire.trimmed(body, query.fields)
    return wire.dumps({**body, "meta": meta(catalogue, query)})
