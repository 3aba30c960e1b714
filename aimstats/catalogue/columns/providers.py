"""The columns and filters of the list of providers: a new one is one row here."""

from __future__ import annotations

from typing import Final

from aimstats.catalogue.columns.declarations import IS, MAX, MIN, Collection, Column
from aimstats.catalogue.columns.kinds import COUNT, KEY, STATED_BY, TEXT, TEXTS, structure
from aimstats.domain.texts import N_

PROVIDER_COLUMNS: Final = (
    Column(key="id", label=N_("Id"), help=N_("The provider's id."), kind=KEY, lookups=(IS,), shown=True),
    Column(key="name", label=N_("Provider"), help=N_("Who sells: the one that bills."), kind=TEXT, shown=True),
    Column(key="homepage", label=N_("Home page"), help=N_("The provider's own site."), kind=TEXT, sort=False),
    Column(key="docs", label=N_("Documentation"), help=N_("The provider's documentation."), kind=TEXT, sort=False),
    Column(key="api_base", label=N_("API"), help=N_("The base address of its API, if it is known."), kind=TEXT, sort=False),
    Column(
        key="environment_variables",
        label=N_("Environment variables"),
        help=N_("The names of the variables in which clients look for its key."),
        kind=TEXTS,
    ),
    Column(
        key="sources",
        label=N_("Sources"),
        help=N_("By figure (`docs`, `api_base`) who states it, where."),
        kind=structure(STATED_BY, is_open=True),
    ),
    Column(
        key="model_count",
        label=N_("Models"),
        help=N_("How many models it sells."),
        kind=COUNT,
        stem="models",
        lookups=(MIN, MAX),
        shown=True,
    ),
    Column(key="offer_count", label=N_("Offers"), help=N_("How many offers it makes."), kind=COUNT, shown=True),
    Column(key="free_count", label=N_("Free"), help=N_("How many of its offers are free of charge."), kind=COUNT, shown=True),
    Column(
        key="cheapest",
        label=N_("Cheapest"),
        unit=N_("$/M, in / out"),
        help=N_(
            "Its cheapest offer that counts (active, metered, not free or doubtful), at three input tokens to one output token."
        ),
        kind=structure(
            {
                "type": ["object", "null"],
                "properties": {
                    "offer": {"type": "string"},
                    "input": {"type": "number"},
                    "output": {"type": "number"},
                },
            }
        ),
    ),
)

PROVIDERS: Final = Collection(
    name="providers",
    singular="provider",
    columns=PROVIDER_COLUMNS,
    exact=lambda body: (body["id"], body["name"]),
    words=lambda body: (),
)
