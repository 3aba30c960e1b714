"""Refusing a query's word that was never published, with the one that may be meant; one that is gone today finds nothing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.exc import SQLAlchemyError

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.known import refusals, unheld, unknown_benchmarks
from aimstats.extensions.current import current_holder


def refuse_unpublished(catalogue: Catalogue, query: Query, benchmarks: Iterable[tuple[str, str]] = ()) -> None:
    """Raise QueryError where a filter names a provider, host, region, source, developer, family or licence that never was, or a
    filter, the order or the fields a benchmark that is not there; `benchmarks` are those of other parameters, each with its name.

    A word that neither the catalogue nor the present one has is looked up in the ledger; while that cannot be read, none is
    refused.
    """
    present = current_holder().current()
    errors = list(unknown_benchmarks((catalogue, present), query, benchmarks))
    if words := unheld((catalogue, present), query):
        try:
            with current_holder().snapshot() as connection:
                errors += refusals(connection, present, words)
        except SQLAlchemyError:
            pass
    if errors:
        raise QueryError(errors)
