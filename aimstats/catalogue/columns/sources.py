"""The columns and filters of the list of sources: a new one is one row here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimstats.catalogue.columns.declarations import IS, Body, Collection, Column
from aimstats.catalogue.columns.kinds import BECAUSE, COUNT, FLAG, INSTANT, KEY, TEXT, choice, structure
from aimstats.domain.items import SOURCE_KINDS
from aimstats.domain.texts import N_

STATUSES: Final = ("published", "unchanged", "failed", "stale", "not_configured", "absent", "never_run")
HELD_SHOWN: Final = 20

_HELD: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "check": {"type": "string"},
            "reason": {"type": "string"},
            "because": BECAUSE,
            "items": {"type": "integer"},
            "since": {"type": "string"},
        },
    },
}

SOURCE_COLUMNS: Final = (
    Column(key="id", label=N_("Id"), help=N_("The source's id."), kind=KEY, lookups=(IS,)),
    Column(key="name", label=N_("Source"), help=N_("The source's name."), kind=TEXT, shown=True),
    Column(
        key="kind",
        label=N_("Kind"),
        help=N_("A seller's page or API, a router, a catalogue, a lifecycle page, or a benchmark."),
        kind=choice(SOURCE_KINDS),
        lookups=(IS,),
        facet=True,
        shown=True,
    ),
    Column(key="url", label=N_("Address"), help=N_("Where it is."), kind=TEXT, sort=False),
    Column(
        key="license", label=N_("Licence"), help=N_("The licence of its data; null where none is stated."), kind=TEXT, shown=True
    ),
    Column(key="terms_url", label=N_("Terms"), help=N_("Its terms of use."), kind=TEXT, sort=False),
    Column(key="attribution", label=N_("Attribution"), help=N_("How it wants to be named."), kind=TEXT, sort=False),
    Column(key="provider", label=N_("Provider"), help=N_("The provider whose own source it is."), kind=KEY, lookups=(IS,)),
    Column(key="bundle", label=N_("In the snapshot"), help=N_("Whether its facts may be bundled."), kind=FLAG, lookups=(IS,)),
    Column(key="bulk", label=N_("In bulk files"), help=N_("Whether its facts may be in bulk files."), kind=FLAG, lookups=(IS,)),
    Column(key="cadence_hours", label=N_("Read every"), help=N_("How often it is read."), kind=COUNT, unit=N_("h")),
    Column(
        key="status",
        label=N_("Status"),
        help=N_("How its last run ended; stale when it has not been read for one and a half times its cadence."),
        kind=choice(STATUSES),
        lookups=(IS,),
        facet=True,
        shown=True,
    ),
    Column(key="last_run", label=N_("Last run"), help=N_("When it was last crawled."), kind=INSTANT),
    Column(key="last_published", label=N_("Last good"), help=N_("When a crawl of it last went well."), kind=INSTANT, shown=True),
    Column(key="checked_at", label=N_("Checked"), help=N_("When a document of it was last confirmed."), kind=INSTANT),
    Column(
        key="stale_after",
        label=N_("Fresh until"),
        help=N_("When it is stale unless it is read again: one and a half times its cadence after it was last confirmed."),
        kind=INSTANT,
    ),
    Column(key="documents", label=N_("Documents"), help=N_("How many documents it has."), kind=COUNT),
    Column(key="items", label=N_("Items"), help=N_("How many listings it states."), kind=COUNT, shown=True),
    Column(
        key="held", label=N_("Held"), help=N_("How many figures, or groups of figures, are kept back."), kind=COUNT, shown=True
    ),
    Column(
        key="held_reasons",
        label=N_("Why held"),
        help=f"What is kept back and why; up to {HELD_SHOWN} reasons.",
        kind=structure(_HELD),
    ),
    Column(
        key="unknown",
        label=N_("Not understood"),
        help=N_("Keys and units of its last run that are not understood, with how often they occur."),
        kind=structure({"type": "object", "additionalProperties": {"type": "integer"}}, is_open=True),
    ),
    Column(key="error", label=N_("Error"), help=N_("What went wrong in its last run."), kind=TEXT, sort=False),
    Column(key="error_because", label="Error as a code", help="The same as a code with its values.", kind=structure(BECAUSE)),
    Column(
        key="note",
        label=N_("Note"),
        help=N_("Why it was left out, failed or grew old, and what to do about it; null where all is well."),
        kind=TEXT,
        sort=False,
    ),
    Column(key="note_because", label="Note as a code", help="The same as a code with its values.", kind=structure(BECAUSE)),
)


def _names(body: Body) -> Iterator[str]:
    yield from (body["id"], body["name"])


SOURCES: Final = Collection(
    name="sources",
    singular="source",
    columns=SOURCE_COLUMNS,
    exact=_names,
    words=lambda body: (body.get("url") or "",),
    has_days=False,
)
