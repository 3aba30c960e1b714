"""The columns and filters of the list of models: what they are, cost and score, and how well that is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimstats.catalogue.columns.cost import cost_columns
from aimstats.catalogue.columns.declarations import FRESHNESS, IS, MIN, MIN_SCORE, Body, Collection, Column, at
from aimstats.catalogue.columns.facts import FACT_COLUMNS
from aimstats.catalogue.columns.kinds import (
    COUNT,
    NUMBER,
    TEXTS,
    Kind,
    decimal_of_stored,
    read_number,
    read_text,
    structure,
)
from aimstats.catalogue.notability import notability
from aimstats.domain.money import plain
from aimstats.domain.texts import N_


def read_least_score(text: str) -> tuple[str, object]:
    """`<benchmark>:<value>`. Raises ValueError for anything else.

    >>> read_least_score("gpqa-diamond:80")
    ('gpqa-diamond', Decimal('80'))
    """
    benchmark, colon, value = read_text(text).rpartition(":")
    if not colon or not benchmark:
        raise ValueError("must be <benchmark>:<value>, such as gpqa-diamond:80")
    return benchmark, read_number(value)


SCORES: Final = Kind(
    name="scores",
    schema={"type": "object", "additionalProperties": {"type": "number"}},
    parameter={"type": "string", "pattern": "^[^\\x00-\\x1f\\x7f:]{1,100}:[0-9]{1,9}(\\.[0-9]{1,9})?$"},
    stored=decimal_of_stored,
    read=read_least_score,
    text=plain,
    of_text=read_number,
    numeric=True,
    sortable=False,
    is_open=True,
)

_OFFERED_AT: Final = {
    "type": ["object", "null"],
    "properties": {
        "offer": {"type": ["string", "null"]},
        "provider": {"type": "string"},
        "input": {"type": ["number", "null"]},
        "output": {"type": ["number", "null"]},
        "left_out": {"type": "integer"},
    },
}
_BASIS: Final = {
    "type": ["object", "null"],
    "properties": {
        "offer": {"type": ["string", "null"]},
        "basis": {"type": "string", "enum": ["first_party", "cheapest", "median", "only_offer"]},
        "ended_offer": {
            "type": "string",
            "description": "The developer's own offer that has ended: it stands with its last price, or another for it.",
        },
    },
}


COLUMNS: Final = (
    *FACT_COLUMNS,
    *cost_columns(priced=True),
    Column(
        key="cost_basis",
        label=N_("Price basis"),
        help=N_("The offer that the price is of, and which basis chose it."),
        kind=structure(_BASIS, is_open=True),
        group="Price",
    ),
    Column(
        key="cheapest",
        label=N_("Cheapest"),
        unit=N_("$/M, in / out"),
        help=N_(
            "The cheapest offer that counts (see `comparable`), at three input tokens to one output token, its seller, and how "
            "many cheaper ones are left out: variants, subscriptions, what one catalogue alone states far below most sellers."
        ),
        kind=structure(_OFFERED_AT, is_open=True),
        group="Price",
    ),
    Column(
        key="median",
        label=N_("Median"),
        unit=N_("$/M, in / out"),
        help=N_("The median of its active offers."),
        kind=structure(_OFFERED_AT, is_open=True),
        group="Price",
    ),
    Column(
        key="offer_count",
        label=N_("Offers"),
        help=N_("How many offers there are."),
        kind=COUNT,
        stem="offers",
        lookups=(MIN,),
        shown=True,
        group="Price",
    ),
    Column(
        key="providers",
        label=N_("Providers"),
        help=N_("Who sells it."),
        kind=TEXTS,
        stem="provider",
        lookups=(IS,),
        facet=True,
        group="Price",
    ),
    Column(
        key="scores",
        label=N_("Scores"),
        help=N_("Benchmark scores, by benchmark."),
        kind=SCORES,
        stem="score",
        lookups=(MIN_SCORE,),
        group="Scores",
    ),
    Column(
        key="agreement.sources",
        label=N_("Sources"),
        help=N_("How many independent sources state its figures."),
        kind=COUNT,
        group="Evidence",
    ),
    Column(
        key="agreement.disputed",
        label=N_("Disputed"),
        help=N_("The fields in which sources contradict each other."),
        kind=TEXTS,
        stem="disputed",
        lookups=(IS,),
        group="Evidence",
    ),
    Column(
        key="notability",
        label=N_("Notability"),
        help=N_("How widely it is sold and measured, and how new it is: log2(1 + sellers) + log2(1 + benchmarks) + 3 a year."),
        kind=NUMBER,
        value=notability,
        group="Evidence",
    ),
    *FRESHNESS,
)


def _names(body: Body) -> Iterator[str]:
    yield body["id"]
    yield body["id"].partition("/")[2]
    yield from (body.get("name") or "", *(body.get("aliases") or ()))


def _words(body: Body) -> Iterator[str]:
    yield from (at(body, "developer.name") or "", body.get("family") or "", *(body.get("providers") or ()))


MODELS: Final = Collection(
    name="models",
    singular="model",
    columns=COLUMNS,
    exact=_names,
    words=_words,
    has_basis=True,
)
