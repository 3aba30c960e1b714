"""The columns and filters of the list of offers: a new one is one row here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from aimstats.catalogue.columns.cost import cost_columns
from aimstats.catalogue.columns.declarations import AFTER, BEFORE, FRESHNESS, IS, MAX, MIN, Body, Collection, Column
from aimstats.catalogue.columns.kinds import BECAUSE, COUNT, DATE, FLAG, KEY, TEXT, TEXTS, choice, structure
from aimstats.domain.absence import Absence
from aimstats.domain.facts import STATUSES
from aimstats.domain.items import KINDS
from aimstats.domain.meters import METERS
from aimstats.domain.prices import PLANS
from aimstats.domain.texts import N_

BILLINGS: Final = ("metered", "subscription", "free_tier")

HELD: Final[dict[str, Any]] = {
    "type": ["object", "null"],
    "description": "Why what the source says now is not published, since when, and when the figure shown was last confirmed, "
    "if there is one.",
    "properties": {
        "since": {"type": "string"},
        "confirmed_at": {"type": "string"},
        "check": {"type": "string"},
        "reason": {"type": "string"},
        "because": BECAUSE,
    },
}
_PRICE: Final = {
    "type": "object",
    "properties": {
        "meter": {"type": "string", "enum": list(METERS)},
        "plan": {"type": "string", "enum": list(PLANS)},
        "min_context_tokens": {"type": "integer"},
        "window": {"type": ["string", "null"]},
        "conditions": {"type": "object"},
        "unit": {"type": "string"},
        "currency": {"type": "string"},
        "amount": {"type": ["number", "null"]},
        "usd": {"type": ["number", "null"]},
        "absent": {"type": ["string", "null"], "enum": [*(str(reason) for reason in Absence), None]},
        "promotional": {"type": "boolean"},
        "allowance": {},
        "alternative_of": {},
        "derived_from": {},
        "inherited": {"type": "boolean"},
        "source": {"type": "string"},
        "valid_from": {"type": ["string", "null"]},
        "valid_to": {"type": ["string", "null"]},
        "held": HELD,
        "stated": {
            "type": ["object", "null"],
            "description": "Amount and unit as the source states them, where the unit is another one.",
            "properties": {"amount": {"type": "number"}, "unit": {"type": "string"}},
        },
        "disputed": {
            "type": "array",
            "description": "What other sources say of it now, in US dollars per unit.",
            "items": {"type": "object", "properties": {"source": {"type": "string"}, "usd": {"type": "number"}}},
        },
        "mark": {
            "type": ["string", "null"],
            "description": "That a figure which moved far was published on its source's word alone.",
        },
    },
}
EVIDENCE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "source": {"type": "string"},
        "provider": {"type": "string"},
        "external_id": {"type": "string"},
        "region": {"type": ["string", "null"]},
        "cost": {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
        "url": {"type": ["string", "null"]},
        "refers_to": {
            "type": "string",
            "description": "The page that a catalogue names for it, which nobody read for this figure.",
        },
        "document_date": {"type": ["string", "null"]},
        "observed_from": {"type": ["string", "null"]},
        "checked_at": {"type": ["string", "null"]},
        "stale_after": {
            "type": ["string", "null"],
            "description": "From then on it is stale: the source was not read for one and a half times its usual interval.",
        },
        "agreement": {"type": ["string", "null"]},
        "won": {"type": "array", "items": {"type": "string"}, "description": "The headline figures that are this listing's."},
        "reason": {"type": ["string", "null"], "description": "Why they are the ones that are shown."},
        "because": BECAUSE,
        "held": HELD,
    },
}


def _developer(body: Body) -> str | None:
    model = body.get("model")
    return model.partition("/")[0] if model else None


def _external_ids(body: Body) -> list[str]:
    return [name for name in (body.get("external_id"), *(body.get("aliases") or ())) if name]


def _plans(body: Body) -> list[str]:
    stated: dict[str, Any] = dict.fromkeys(price["plan"] for price in body.get("prices") or ())
    return [plan for plan in PLANS if plan in stated]


def _is(key: str, label: str, sentence: str, *, facet: bool = False, shown: bool = False) -> Column:
    """A column of ids that can be asked for."""
    return Column(key=key, label=label, help=sentence, kind=KEY, lookups=(IS,), facet=facet, shown=shown, group="Offer")


def _limit(key: str, stem: str, label: str, sentence: str) -> Column:
    return Column(
        key=key, label=label, help=sentence, kind=COUNT, stem=stem, lookups=(MIN, MAX), group="Limits", unit=N_("tokens")
    )


OFFER_COLUMNS: Final = (
    _is("id", N_("Id"), N_("The offer's id.")),
    _is("provider", N_("Provider"), N_("Who sells it: the one that bills."), facet=True, shown=True),
    _is("host", N_("Host"), N_("Who runs it."), facet=True),
    _is("region", N_("Region"), N_("Where it runs."), facet=True, shown=True),
    Column(
        key="regions",
        label=N_("Regions"),
        help=N_("The regions in which it can be had, where a source lists them."),
        kind=TEXTS,
        group="Offer",
    ),
    Column(key="external_id", label=N_("Id there"), help=N_("The id in the provider's own API."), kind=KEY, group="Offer"),
    Column(key="aliases", label=N_("Aliases"), help=N_("Other ids and page names of the offer."), kind=TEXTS, group="Offer"),
    Column(
        key="external_ids",
        label=N_("Id or alias"),
        help=N_("The id in the provider's own API, or another name of the offer."),
        kind=TEXTS,
        value=_external_ids,
        stem="external_id",
        lookups=(IS,),
        served=False,
    ),
    Column(
        key="kind",
        label=N_("Kind"),
        help=N_("What is sold: a model, a router, an agent, or something else."),
        kind=choice(KINDS),
        lookups=(IS,),
        facet=True,
        group="Offer",
    ),
    _is("model", N_("Model"), N_("The model that is sold; empty for a router, a tool or a fee."), shown=True),
    Column(
        key="developer",
        label=N_("Developer"),
        help=N_("The lab that trained the model."),
        kind=KEY,
        value=_developer,
        lookups=(IS,),
        facet=True,
        group="Offer",
    ),
    _is("snapshot", N_("Snapshot"), N_("The dated build, if one is named.")),
    _is("variant", N_("Variant"), N_("The same weights run otherwise, if so named.")),
    _is("sku", N_("Product"), N_("What tells it from the provider's other products of the same model.")),
    Column(
        key="billing",
        label=N_("Billing"),
        help=N_("Whether it is metered, part of a subscription, or a free tier."),
        kind=choice(BILLINGS),
        lookups=(IS,),
        facet=True,
        group="Offer",
    ),
    Column(key="name", label=N_("Name"), help=N_("The name that the provider gives it."), kind=TEXT, group="Offer"),
    Column(
        key="comparable",
        label=N_("Counts"),
        help=N_("Whether it counts for the cheapest and the median: metered, active, plain, its price known and not doubtful."),
        kind=FLAG,
        lookups=(IS,),
        group="Offer",
    ),
    *cost_columns(priced=False),
    _limit("limit.context", "context", N_("Context"), N_("Tokens of context here.")),
    _limit("limit.input", "input_limit", N_("Input limit"), N_("Tokens of input at most, here.")),
    _limit("limit.output", "output_limit", N_("Output limit"), N_("Tokens of output at most, here.")),
    Column(
        key="status",
        label=N_("Status"),
        help=N_("Where the offer stands in its life; none where its seller's own complete list leaves it out."),
        kind=choice(STATUSES, missing="none"),
        lookups=(IS,),
        facet=True,
        group="Life",
    ),
    Column(key="deprecation_date", label=N_("Deprecated"), help=N_("When it was deprecated here."), kind=DATE, group="Life"),
    Column(
        key="retirement_date",
        label=N_("Retires"),
        help=N_("When it is switched off here."),
        kind=DATE,
        stem="retired",
        lookups=(AFTER, BEFORE),
        group="Life",
    ),
    Column(key="retirement_not_before", label=N_("Not before"), help=N_("It is not retired sooner."), kind=DATE, group="Life"),
    Column(key="replacements", label=N_("Replacements"), help=N_("What the provider advises."), kind=TEXTS, group="Life"),
    Column(
        key="plans",
        label=N_("Plans"),
        help=N_("The plans that it is sold on."),
        kind=choice(PLANS, many=True),
        value=_plans,
        stem="plan",
        lookups=(IS,),
        facet=True,
        group="Price",
    ),
    Column(
        key="prices",
        label=N_("Prices"),
        help=N_("Every price: meter, plan, context tier, window, conditions, unit, currency."),
        kind=structure({"type": "array", "items": _PRICE}),
        group="Price",
    ),
    Column(
        key="sources",
        label=N_("Sources"),
        help=N_("The sources that list it."),
        kind=TEXTS,
        stem="source",
        lookups=(IS,),
        facet=True,
        group="Evidence",
    ),
    Column(
        key="agreement.sources",
        label=N_("Agreeing"),
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
        key="evidence",
        label=N_("Evidence"),
        help=N_("Each source's own listing with its own figures, untouched by judgement."),
        kind=structure({"type": "array", "items": EVIDENCE}),
        joined=True,
        csv=False,
        group="Evidence",
    ),
    *FRESHNESS,
)


def _names(body: Body) -> Iterator[str]:
    yield body["id"]
    yield from (body.get("model") or "", body.get("name") or "", *_external_ids(body))


def _words(body: Body) -> Iterator[str]:
    yield from (body["provider"], body.get("host") or "", body.get("region") or "")


OFFERS: Final = Collection(
    name="offers",
    singular="offer",
    columns=OFFER_COLUMNS,
    exact=_names,
    words=_words,
)
