"""Days on which models end, as a calendar that any calendar program can subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from aimstats.catalogue.catalogue import Row
from aimstats.web.language import t
from aimstats.web.links import link

PRODUCT: Final = "-//AI Models Stats//Retirements//EN"
REFRESH: Final = timedelta(hours=12)


def calendar_of(departures: Sequence[Row], sellers: Mapping[str, str], base: str, published: datetime | None) -> bytes:
    """A whole day for each departure that names one. Its UID is the departure's id, so that a day that moves is another event.

    `sellers` are the names of providers, `base` the address of the pages ('' for none), `published` when the edition was.
    """
    from icalendar import Calendar, Event  # a tenth of a second and more that no start of the site should take

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", t("Retirements of AI models"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in departures:
        day = date.fromisoformat(row["ends"])
        event = Event()
        event.add("uid", f"{row.id.replace(' ', '/')}@aimodelsstats")
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        if published is not None:
            event.add("dtstamp", published)
        at = ", ".join(sellers.get(one) or one for one in row["providers"])
        snapshot = f" ({row['snapshot']})" if row["snapshot"] else ""
        name = f"{row['name'] or row['model']}{snapshot}"
        event.add("summary", t("%(model)s ends at %(sellers)s", model=name, sellers=at))
        instead = ", ".join(row["replacements"] or ())
        said = t("Named instead: %(models)s.", models=instead) if instead else t("No replacement is named.")
        event.add("description", said)
        event.add("transp", "TRANSPARENT")
        if base:
            event.add("url", base + link("model", row["model"], keeps_day=False))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
