"""Days on which models end, as a calendar that any calendar program can subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain, count
from typing import Final

from aimstats.catalogue.catalogue import Row
from aimstats.web.language import t
from aimstats.web.links import link

PRODUCT: Final = "-//AI Models Stats//Retirements//EN"
REFRESH: Final = timedelta(hours=12)
ALARMS: Final = (90, 30, 7)
"""So many days before."""


def calendar_of(
    departures: Sequence[Row], sellers: Mapping[str, str], base: str, published: datetime | None, moves: Mapping[str, int]
) -> bytes:
    """A whole day for each departure that names one, with alarms before it. Its UID names the model, the snapshot and the first
    of the sellers, and not the day, so that a day that moves is the same event under a higher SEQUENCE (`moves`, by model).

    `sellers` are the names of providers, `base` the address of the pages ('' for none), `published` when the edition was.
    """
    from icalendar import Alarm, Calendar, Event  # a tenth of a second and more that no start of the site should take

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", t("Retirements of AI models"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    uids: set[str] = set()
    for row in departures:
        day = date.fromisoformat(row["ends"])
        event = Event()
        uids.add(uid := _uid(row, uids))
        event.add("uid", f"{uid}@aimodelsstats")
        event.add("sequence", moves.get(row["model"], 0))
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        if published is not None:
            event.add("dtstamp", published)
        at = ", ".join(sellers.get(one) or one for one in row["providers"])
        snapshot = f" ({row['snapshot']})" if row["snapshot"] else ""
        name = f"{row['name'] or row['model']}{snapshot}"
        summary = t("%(model)s ends at %(sellers)s", model=name, sellers=at)
        event.add("summary", summary)
        instead = ", ".join(row["replacements"] or ())
        said = t("Named instead: %(models)s.", models=instead) if instead else t("No replacement is named.")
        event.add("description", said)
        event.add("transp", "TRANSPARENT")
        if base:
            event.add("url", base + link("model", row["model"], keeps_day=False))
        for days in ALARMS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("trigger", timedelta(days=-days))
            alarm.add("description", summary)
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _uid(row: Row, taken: Collection[str]) -> str:
    """What names a departure whatever its day is; of several days at one seller the later ones are numbered."""
    own = "/".join(filter(None, [row["model"], row["snapshot"], min(row["providers"])]))
    return next(uid for uid in chain([own], (f"{own}/{number}" for number in count(2))) if uid not in taken)
