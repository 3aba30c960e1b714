"""The columns and filters of the list of departures: what ends when, at whom, and what is named instead."""

from __future__ import annotations

from typing import Final

from aimstats.catalogue.columns.declarations import AFTER, BEFORE, IS, Collection, Column
from aimstats.catalogue.columns.kinds import COUNT, DATE, FLAG, INSTANT, KEY, TEXT, TEXTS, choice, structure

COMING, UNDATED, ENDED = "coming", "undated", "ended"
STATES: Final = (COMING, UNDATED, ENDED)

_DAYS: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"day": {"type": "string"}, "sources": {"type": "array", "items": {"type": "string"}}},
    },
}

DEPARTURES: Final = Collection(
    name="deprecations",
    singular="departure",
    columns=(
        Column(key="id", label="Id", help="The model, its snapshot, and the day.", kind=KEY),
        Column(key="model", label="Model", help="The model's id.", kind=KEY, lookups=(IS,)),
        Column(key="name", label="Name", help="The model's name.", kind=TEXT),
        Column(key="snapshot", label="Snapshot", help="The snapshot that ends; null for the model as it is called.", kind=TEXT),
        Column(key="developer", label="Developer", help="The lab's id.", kind=KEY, lookups=(IS,)),
        Column(
            key="ends",
            label="Ends",
            help="The day after which it is not sold, as exact as it is stated; null where none is.",
            kind=DATE,
            stem="ends",
            lookups=(AFTER, BEFORE),
        ),
        Column(
            key="ends_first",
            label="Ends first",
            help="The earliest day that any source names: `ends`, unless they differ. Of what is coming, of those that are not "
            "over. The list is sorted by it.",
            kind=DATE,
        ),
        Column(
            key="ends_stated",
            label="Days named",
            help="Where sources name different days: each day with its sources.",
            kind=structure(_DAYS),
        ),
        Column(
            key="state",
            label="State",
            help="`coming`, `undated` (deprecated, with no day named) or `ended`.",
            kind=choice(STATES),
            lookups=(IS,),
        ),
        Column(key="deprecated", label="Deprecated", help="When it was deprecated.", kind=DATE),
        Column(
            key="providers", label="At", help="The sellers at which it ends then.", kind=TEXTS, stem="provider", lookups=(IS,)
        ),
        Column(key="offer_count", label="Offers", help="How many offers of the model there are in all.", kind=COUNT),
        Column(key="replacements", label="Named instead", help="What is named as its replacement.", kind=TEXTS),
        Column(key="changed_at", label="Changed", help="When an offer of it last changed here.", kind=INSTANT),
        Column(key="disputed", label="Disputed", help="Whether sources name different days.", kind=FLAG),
    ),
    exact=lambda body: (body["model"], body["name"] or ""),
    words=lambda body: (body["developer"] or "",),
    default_sort="ends_first",
)
