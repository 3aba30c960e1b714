"""The columns and filters of the history: a new one is one row here."""

from __future__ import annotations

from typing import Final

from aimstats.catalogue.columns.declarations import IS, Collection, Column
from aimstats.catalogue.columns.kinds import COUNT, INSTANT, KEY, MONEY, choice, structure
from aimstats.domain.prices import PLANS

KINDS: Final = ("price", "limit", "lifecycle")
STATES: Final = ("stated", "restated", "foreseen", "corrected")

HISTORY: Final = Collection(
    name="history",
    singular="step",
    columns=(
        Column(key="id", label="Id", help="What tells the step from all others of its model.", kind=KEY),
        Column(
            key="kind",
            label="Kind",
            help="Of what it is a step; prices alone unless others are asked for.",
            kind=choice(KINDS),
            lookups=(IS,),
        ),
        Column(key="model", label="Model", help="The model's id.", kind=KEY, lookups=(IS,)),
        Column(key="offer", label="Offer", help="The offer's id; null of what is the model's own.", kind=KEY, lookups=(IS,)),
        Column(key="provider", label="Provider", help="Who sells it.", kind=KEY, lookups=(IS,)),
        Column(
            key="meter",
            label="Meter",
            help="What is billed, which limit it is, or which event of a life.",
            kind=KEY,
            lookups=(IS,),
        ),
        Column(key="plan", label="Plan", help="On which terms.", kind=choice(PLANS), lookups=(IS,)),
        Column(
            key="min_context_tokens",
            label="From tokens",
            help="The prompt length above which the price holds.",
            kind=COUNT,
            stem="tier",
            lookups=(IS,),
        ),
        Column(key="window", label="Hours", help="The UTC hours in which it holds; null for all.", kind=KEY),
        Column(
            key="conditions",
            label="Conditions",
            help="Under which conditions it holds.",
            kind=structure({"type": "object", "additionalProperties": {"type": "string"}}, is_open=True),
        ),
        Column(key="unit", label="Unit", help="Of what one unit costs it.", kind=KEY),
        Column(key="currency", label="Currency", help="In which currency it was stated.", kind=KEY, lookups=(IS,)),
        Column(key="from", label="From", help="Since when it holds; of a life since when it is told.", kind=INSTANT),
        Column(key="to", label="To", help="Until when; null while it does.", kind=INSTANT),
        Column(key="usd", label="US dollars", help="The price of one unit.", kind=MONEY, value=lambda body: body["usd"]),
        Column(
            key="value",
            label="Value",
            help="A limit in tokens, or the day of an event and how exact it is.",
            kind=structure({"type": ["integer", "object", "null"]}, is_open=True),
        ),
        Column(
            key="state",
            label="State",
            help="`restated`: another source is believed from then on, no step in the world; `foreseen`: announced and taken "
            "back before it came; `corrected`: told, and told otherwise later.",
            kind=choice(STATES),
            lookups=(IS,),
        ),
        Column(key="source", label="Source", help="Whose statement it is.", kind=KEY, lookups=(IS,)),
        Column(key="url", label="Address", help="Where it was stated.", kind=KEY, sort=False),
    ),
    exact=lambda body: (body["id"],),
    words=lambda body: (),
)
