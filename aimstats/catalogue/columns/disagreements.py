"""The columns and filters of the list of disagreements: a figure of an offer or a model of which sources say different things."""

from __future__ import annotations

from typing import Final

from aimstats.catalogue.columns.declarations import AFTER, IS, MIN, Collection, Column
from aimstats.catalogue.columns.kinds import BECAUSE, DATE, KEY, NUMBER, TEXT, TEXTS, choice, structure

DISPUTED, EXPLAINED = "disputed", "explained"
KINDS: Final = ("offer", "model")

_VALUES: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "source": KEY.schema,
            "value": NUMBER.schema,
            "since": {"type": "string", "description": "Since when it says so, as far as is known."},
            "chosen": {"type": "boolean", "description": "Whether it is the figure that is shown."},
            "explained": {
                "type": ["string", "null"],
                "enum": ["dated", "promotional", "tiered", "on_terms", None],
                "description": "Why it contradicts nothing: of another time, a promotion, of longer prompts, on other terms.",
            },
            "url": {"type": ["string", "null"]},
        },
    },
}

DISAGREEMENTS: Final = Collection(
    name="disagreements",
    singular="disagreement",
    columns=(
        Column(key="id", label="Id", help="What it is about, and the field.", kind=KEY, sort=False),
        Column(key="subject", label="Subject", help="The offer or the model that the figure is of.", kind=KEY, lookups=(IS,)),
        Column(key="kind", label="Kind", help="`offer` or `model`.", kind=choice(KINDS), lookups=(IS,)),
        Column(key="model", label="Model", help="The model's id; null of what is no model.", kind=KEY, lookups=(IS,)),
        Column(key="developer", label="Developer", help="The lab's id.", kind=KEY, lookups=(IS,)),
        Column(key="provider", label="Provider", help="Who sells it, of an offer.", kind=KEY, lookups=(IS,)),
        Column(
            key="field",
            label="Field",
            help="`cost.<meter>` of a headline, `prices.` and the key of another price, `limit.<side>`.",
            kind=KEY,
            lookups=(IS,),
        ),
        Column(key="meter", label="Meter", help="What is billed; null of a limit.", kind=KEY, lookups=(IS,)),
        Column(key="unit", label="Unit", help="For how much of it the figures are; prices are in US dollars.", kind=TEXT),
        Column(
            key="ratio",
            label="Ratio",
            help="How many times the lowest figure the highest is; null where the lowest is free.",
            kind=NUMBER,
            value=lambda body: body["ratio"],
            lookups=(MIN,),
        ),
        Column(key="low", label="Lowest", help="The lowest figure.", kind=NUMBER, value=lambda body: body["low"], sort=False),
        Column(key="high", label="Highest", help="The highest figure.", kind=NUMBER, value=lambda body: body["high"], sort=False),
        Column(
            key="state",
            label="State",
            help="`disputed`, or `explained` where every other figure contradicts nothing.",
            kind=choice((DISPUTED, EXPLAINED)),
            lookups=(IS,),
        ),
        Column(
            key="explained",
            label="Explained by",
            help="What explains figures of it: `dated`, `promotional`, `tiered` or `on_terms`.",
            kind=TEXTS,
        ),
        Column(
            key="chosen", label="Chosen", help="The source whose figure is shown; null where none is.", kind=KEY, lookups=(IS,)
        ),
        Column(key="reason", label="Reason", help="Why that one is shown.", kind=TEXT, sort=False),
        Column(key="because", label="Because", help="The same as a code with its values.", kind=structure(BECAUSE)),
        Column(key="sources", label="Sources", help="Whose figures they are.", kind=TEXTS, stem="source", lookups=(IS,)),
        Column(
            key="since",
            label="Since",
            help="Since when they differ so, as far as is known.",
            kind=DATE,
            stem="since",
            lookups=(AFTER,),
        ),
        Column(key="values", label="Values", help="What each source says.", kind=structure(_VALUES)),
    ),
    exact=lambda body: (body["model"] or "", body["subject"]),
    words=lambda body: (body["provider"] or "",),
    default_sort="-ratio",
)
