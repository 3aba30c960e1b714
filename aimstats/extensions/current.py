"""The catalogue of the process inside a request, and the stamp that answers made of it carry."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from flask import Flask, current_app

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.holder import CatalogueHolder, CatalogueUnavailableError, EmptyCatalogueError
from aimstats.catalogue.other_days import OtherDays
from aimstats.config import Config
from aimstats.extensions.rate_limits.builds import build_counter
from aimstats.store.database import Database

EXTENSION: Final = "catalogue"
OLD_AFTER_HOURS: Final = 48


def init_catalogue(app: Flask, config: Config, database: Database) -> None:
    """Give the app its catalogue; nothing is read before it is asked for. At most half of the threads wait for another day."""
    days = OtherDays(config.web_threads // 2, build_counter(config, database))
    app.extensions[EXTENSION] = CatalogueHolder(database.engine, days=days)


def hold_edition(app: Flask) -> None:
    """Load what is published now, before the first request; why it cannot be is in the log and in what is answered then."""
    with suppress(EmptyCatalogueError, CatalogueUnavailableError):
        app.extensions[EXTENSION].current()


def current_holder() -> CatalogueHolder:
    """What holds the catalogue of this process."""
    holder: CatalogueHolder = current_app.extensions[EXTENSION]
    return holder


def current_catalogue() -> Catalogue:
    """The published catalogue.

    Raises EmptyCatalogueError when nothing was published, CatalogueUnavailableError when it cannot be read for the first time.
    """
    return current_holder().current()


def stamp_of(catalogue: Catalogue, *further: Any) -> tuple[Any, ...]:
    """What an answer made of this catalogue depends on beside its question: dataset, checked and rules versions, software, the
    day that it is of, and since when the database is away (answers then say so)."""
    version = catalogue.version
    return (
        version.dataset,
        version.checked,
        version.rules_version,
        software_version(),
        catalogue.as_of,
        catalogue.known_at,
        current_holder().stale_since,
        *further,
    )


def days_unread(catalogue: Catalogue, now: datetime) -> int:
    """For how many days no source has been read, once they are two."""
    checked = catalogue.last_checked or catalogue.version.published_at
    hours = (now - checked).total_seconds() / 3_600 if checked else 0
    return int(hours // 24) if hours > OLD_AFTER_HOURS else 0


def repeatable_while(catalogue: Catalogue) -> tuple[Any, ...]:
    """While what an answer of this catalogue may be repeated below Flask: `holds_while` of `answers.answer`."""
    return _lasting(catalogue, current_holder())


def _lasting(catalogue: Catalogue, holder: CatalogueHolder) -> tuple[Any, ...]:
    return catalogue.version, datetime.now(UTC).date(), days_unread(catalogue, holder.now())


def present_stamp(app: Flask) -> tuple[Any, ...] | None:
    """While what answers may be repeated at this moment; None while nothing is held, or the database is away."""
    holder: CatalogueHolder = app.extensions[EXTENSION]
    try:
        catalogue = holder.current()
    except (EmptyCatalogueError, CatalogueUnavailableError):
        return None
    return _lasting(catalogue, holder) if holder.stale_since is None else None


def stamp_at_once(app: Flask) -> tuple[Any, ...] | None:
    """The same, without waiting for the database: None too where it has to be asked first."""
    holder: CatalogueHolder = app.extensions[EXTENSION]
    catalogue = holder.current_at_once()
    return None if catalogue is None or holder.stale_since is not None else _lasting(catalogue, holder)


def _sources(folder: Traversable) -> Iterable[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".html", ".mo")):
            yield entry


@cache
def software_version() -> str:
    """A mark of the code that answers: another release writes another body from the same rows."""
    mark = blake2b(digest_size=6)
    for source in _sources(files("aimstats")):
        mark.update(source.read_bytes())
    return mark.hexdigest()
