"""The answer about one provider: its row, and the models that it sells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from aimstats.api.lists import meta
from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.columns.kinds import TEXTS
from aimstats.catalogue.columns.providers import PROVIDERS
from aimstats.catalogue.engine.query import Query

PARAMETERS: Final = ("fields", "as_of", "known_at")
_MODELS: Final = Column(key="models", label="Models", help="The ids of the models that it sells.", kind=TEXTS, joined=True)
PROVIDER_PAGE: Final = replace(PROVIDERS, columns=(*PROVIDERS.columns, _MODELS))


def provider_json(catalogue: Catalogue, query: Query, row: Row) -> bytes:
    """The whole answer; its offers are at `/offers?provider=`."""
    sold = {offer["model"] for offer in catalogue.offers_by(row.id)} - {None}
    body: dict[str, Any] = row.body | {"models": sorted(sold)}
    if query.fields:
        body = wire.trimmed(body, query.fields)
    return wire.dumps({**body, "meta": meta(catalogue, query)})
