"""Which catalogue a page shows: the published one, or that of the day that its query names; with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from flask import Flask, current_app, g

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.loader import CatalogueHolder, CatalogueUnavailableError, EmptyCatalogueError
from aimstats.extensions import current_database

HOLDER: Final = "catalogue"
OLD_AFTER_HOURS: Final = 48

Claims = Mapping[str, Sequence[Mapping[str, Any]]]


def hold_catalogue(app: Flask) -> None:
    """Give the app its one holder, unless another door did already."""
    with app.app_context():
        app.extensions.setdefault(HOLDER, CatalogueHolder(current_database().engine))
    app.context_processor(_edition)


def holder() -> CatalogueHolder:
    """The holder of the process."""
    found: CatalogueHolder = current_app.extensions[HOLDER]
    return found


def edition(as_of: date | None = None, known_at: datetime | None = None) -> Catalogue:
    """The catalogue of a day as known at a time; the published one by default.

    Raises what `CatalogueHolder.at` raises.
    """
    catalogue = holder().at(as_of, known_at)
    g.edition = catalogue
    return catalogue


def claims_of_model(catalogue: Catalogue, identifier: str) -> Claims | None:
    """What every source says of a model, by field; None while the database does not answer."""
    found = holder().evidence(catalogue, "models", [identifier])
    return None if found is None else found.get(identifier) or {}


def listings_of_offer(catalogue: Catalogue, identifier: str) -> list[dict[str, Any]] | None:
    """What every source says of an offer, with when each document was confirmed; None while the database does not answer."""
    found = holder().evidence(catalogue, "offers", [identifier])
    if found is None:
        return None
    documents = catalogue.documents
    return [
        {**listing, "checked_at": documents[listing["document"]].checked_at if listing.get("document") in documents else None}
        for listing in found.get(identifier) or ()
    ]


def _edition() -> dict[str, Any]:
    """What every page says in its foot and, when something is wrong, above its content."""
    try:
        catalogue = g.get("edition") or holder().current()
    except (EmptyCatalogueError, CatalogueUnavailableError):
        return {"edition": None, "notice": ""}
    return {"edition": catalogue.version, "notice": _notice(catalogue)}


def _notice(catalogue: Catalogue) -> str:
    reason = holder().stale_reason
    if reason:
        return f"{reason} You see the last edition that was read."
    if catalogue.as_of or catalogue.known_at:
        seen = f", as known at {catalogue.known_at}" if catalogue.known_at else ""
        return f"This is the catalogue of {catalogue.as_of or 'the present'}{seen}, under today’s rules."
    published = catalogue.version.published_at
    checked = max((one.checked_at for one in catalogue.documents.values() if one.checked_at), default=published)
    hours = (datetime.now(UTC) - checked).total_seconds() / 3_600 if checked else 0
    if hours > OLD_AFTER_HOURS:
        return f"No source has been read for {int(hours // 24)} days: figures may have changed since."
    return ""
