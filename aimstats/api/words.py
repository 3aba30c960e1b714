"""Refusing a filter's word that was never published, with the one that may be meant; one that is gone today finds nothing."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.known import refusals, unheld
from aimstats.extensions.current import current_holder


def refuse_unpublished(catalogue: Catalogue, query: Query) -> None:
    """Raise QueryError where a filter names a provider, host, region, source, developer, family or licence that never was.

    What neither the catalogue nor the present one has is looked up in the ledger; while that cannot be read, nothing is refused.
    """
    present = current_holder().current()
    words = unheld((catalogue, present), query)
    if not words:
        return
    try:
        with current_holder().snapshot() as connection:
            errors = list(refusals(connection, present, words))
    except SQLAlchemyError:
        return
    if errors:
        raise QueryError(errors)
