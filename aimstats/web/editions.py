"""Which catalogue a page shows: the published one, or that of the day that its query names; with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask import g
from markupsafe import Markup, escape

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.holder import CatalogueUnavailableError, EmptyCatalogueError
from aimstats.extensions import current_database
from aimstats.extensions.answers import answer_is_partial
from aimstats.extensions.current import current_holder, days_unread
from aimstats.web.language import plural, t
from aimstats.web.links import present_address, show_days
from aimstats.web.marks import marks_of_statement

Claims = Mapping[str, Sequence[Mapping[str, Any]]]


def edition(as_of: date | None = None, known_at: datetime | None = None, model: str | None = None) -> Catalogue:
    """The catalogue of a day as known at a time; the published one by default. With a `model` that one need be in it alone.

    Raises what `CatalogueHolder.at` raises.
    """
    catalogue = current_holder().at(as_of, known_at, model)
    g.edition, g.edition_of = catalogue, model
    show_days(catalogue)
    g.pop("about_edition", None)
    return catalogue


def day_of(catalogue: Catalogue) -> date:
    """The day that a catalogue is of: today, unless it is of another one."""
    return date.fromisoformat(catalogue.as_of) if catalogue.as_of else datetime.now(UTC).date()


def claims_of_model(catalogue: Catalogue, identifier: str) -> Claims | None:
    """What every source says of a model, by field; None while the database does not answer."""
    found = current_holder().evidence(catalogue, "models", [identifier])
    if found is None:
        answer_is_partial()
        return None
    return found.get(identifier) or {}


def listings_of_offer(catalogue: Catalogue, identifier: str) -> list[dict[str, Any]] | None:
    """What every source says of an offer, with when each document was confirmed and what marks it; None while the database does
    not answer."""
    found = current_holder().evidence(catalogue, "offers", [identifier])
    if found is None:
        answer_is_partial()
        return None
    return [
        {**listing, "checked_at": catalogue.confirmed_at(listing), "marks": marks_of_statement(catalogue, listing)}
        for listing in found.get(identifier) or ()
    ]


def source_name(identifier: str) -> str:
    """What a source is called; its id while that cannot be read."""
    try:
        row = current_holder().with_sources().row("sources", identifier)
    except (EmptyCatalogueError, CatalogueUnavailableError):
        return identifier
    return str(row["name"]) if row else identifier


def about_edition() -> dict[str, Any]:
    """What every page says in its foot and, when something is wrong, above its content; the same through a whole request, so
    that the page says what its validator stands for."""
    if "about_edition" not in g:
        try:
            catalogue = g.get("edition") or current_holder().current()
            present = present_address() if catalogue.as_of or catalogue.known_at else ""
            g.about_edition = {"edition": catalogue.version, "notice": _notice(catalogue), "present": present}
        except (EmptyCatalogueError, CatalogueUnavailableError):
            g.about_edition = {"edition": None, "notice": "", "present": ""}
    said: dict[str, Any] = g.about_edition
    return said


def _notice(catalogue: Catalogue) -> str:
    if away := current_holder().stale_since:
        since = f"{away:%Y-%m-%d %H:%M}"
        return t("The database has not answered since %(since)s UTC. You see the last edition that was read.", since=since)
    if catalogue.as_of or catalogue.known_at:
        day = catalogue.as_of or t("the present")
        said = t("This is the catalogue of %(day)s, under today’s rules.", day=day)
        if catalogue.known_at:
            said = t(
                "This is the catalogue of %(day)s, as known at %(known)s, under today’s rules.", day=day, known=catalogue.known_at
            )
        if catalogue.is_before_evidence and catalogue.ledger_since:
            since = f"{catalogue.ledger_since:%Y-%m-%d}"
            said += " " + t(
                "Nothing was read before %(day)s: of earlier days only what sources date themselves is known.", day=since
            )
        if catalogue.as_of and not g.get("edition_of"):
            priced = f"{catalogue.priced_models:,}"
            said += " " + plural(
                "%(priced)s of %(number)s model has a dated price that far back.",
                "%(priced)s of %(number)s models have a dated price that far back.",
                len(current_holder().current().models),
                priced=priced,
            )
        return said
    days = days_unread(catalogue, current_holder().now())
    return unread_notice(days, is_own_copy=current_database().is_embedded) if days else ""


def unread_notice(days: int, *, is_own_copy: bool) -> str:
    """That no source was read for so many days, and to whoever runs a copy of his own what to do about it."""
    told = plural(
        "No source has been read for %(number)s day: figures may have changed since.",
        "No source has been read for %(number)s days: figures may have changed since.",
        days,
    )
    if not is_own_copy:
        return told
    mended = Markup(escape(t("%(command)s reads them again."))) % {"command": Markup("<code>make scrape</code>")}
    return escape(told) + " " + mended
