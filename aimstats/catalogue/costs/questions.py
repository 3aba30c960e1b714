"""What is asked of costs: the workload's URL parameters, the filters of models, and the columns of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.columns.kinds import FLAG, KEY, MONEY, Schema, choice, read_text, structure
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import HELD
from aimstats.catalogue.engine.parameters import Parameter, parameters
from aimstats.catalogue.engine.query import Arguments, Query, QueryError, parse
from aimstats.domain.money import decimal_of
from aimstats.domain.workload import PRESETS, Workload, WorkloadError, read_quantity, read_share, workload_of
from aimstats.domain.workload.asked import FIELDS, MAX_QUANTITY, PLANS_ASKED, TTLS, read_hours

PER: Final = ("model", "offer")
MAX_TOTAL: Final = 10**30
OWN_BASES: Final = ("first_party", "cheapest")
"""A median is nobody's price and has no receipt."""

_QUANTITY: Final[Schema] = {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY}
_SHARE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1}
_HOURS: Final[Schema] = {"type": "string", "pattern": "^([01][0-9]|2[0-3])[0-5][0-9]-(([01][0-9]|2[0-3])[0-5][0-9]|2400)$"}
_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\x00-\\x1f\\x7f]+$"}


def _quantity(name: str, sentence: str) -> Parameter:
    return Parameter(name=name, help=sentence, schema=_QUANTITY, read=read_quantity, orders=True)


def _share(name: str, sentence: str) -> Parameter:
    return Parameter(name=name, help=sentence, schema=_SHARE, read=read_share, orders=True)


def _choice(name: str, sentence: str, words: tuple[str, ...]) -> Parameter:
    kind = choice(words)
    return Parameter(name=name, help=sentence, schema=kind.parameter, read=kind.read, orders=True)


def _text(name: str, sentence: str) -> Parameter:
    return Parameter(name=name, help=sentence, schema=_TEXT, read=read_text, orders=True)


WORKLOAD: Final = (
    _choice("preset", "A task with its usual quantities; what is stated besides overrides its part.", tuple(PRESETS)),
    _quantity("requests", "How many requests; the other quantities are of one. 1 by default."),
    _quantity("input_tokens", "Tokens of the prompt, cached ones included."),
    _quantity("output_tokens", "Tokens of the answer, reasoning included."),
    _share("cache_hit", "Share of the input that is read from the cache."),
    _share("cache_write", "Share of the input that is written to the cache."),
    _choice("cache_ttl", "How long what is written is kept. 5m by default.", TTLS),
    _share("batch_share", "Share of the requests that go in batches."),
    _choice("plan", "The plan of the other requests. standard by default.", PLANS_ASKED),
    _quantity("reasoning_tokens", "The part of the output that is reasoning."),
    _quantity("web_searches", "Web searches, at medium search context."),
    Parameter(
        name="utc_hours",
        help="Hours of the day in UTC in which the requests come, such as 0900-1700; evenly over the day by default.",
        schema=_HOURS,
        read=read_hours,
        repeatable=True,
        orders=True,
    ),
    _quantity("images", "Images that are made."),
    _quantity("output_image_tokens", "Tokens of the images that are made, for models that are billed by them."),
    _quantity("seconds", "Seconds of speech to transcribe, or of speech or video that is made."),
    _quantity("characters", "Characters to speak, or to read where a model is billed so."),
    _quantity("pages", "Pages to read."),
    _text("resolution", "The resolution that prices may depend on, such as 1024x1024 or 1080p."),
    _text("quality", "The quality that prices may depend on."),
    _text("audio", "Whether with sound, where prices depend on it: true or false."),
)
"""The workload's parameters, the same at every door."""
FREE: Final = "free"
FREE_PLACES: Final = ("first", "last")
_FREE: Final = _choice(FREE, "Where rows stand that cost nothing: first, as their total says, or behind all others.", FREE_PLACES)
_PER: Final = _choice("per", "A row a model (the offer that its price basis chooses) or a row an offer. model by default.", PER)

_MONEY: Final[Schema] = {"type": "number"}
_DISPUTED: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"meter": KEY.schema, "source": KEY.schema, "usd_per_unit": _MONEY, "total": _MONEY},
    },
}
_TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
_LINES: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "meter": KEY.schema, "plan": KEY.schema, "min_context_tokens": {"type": "integer"}, "window": _TEXT_OR_NULL,
            "conditions": {"type": "object"}, "promotional_until": _TEXT_OR_NULL, "quantity": _MONEY, "unit": KEY.schema,
            "usd_per_unit": _MONEY, "amount": _MONEY, "source": KEY.schema, "url": _TEXT_OR_NULL, "derived": _TEXT_OR_NULL,
            "held": HELD, "starred": {"type": "boolean"}, "note": _TEXT_OR_NULL,
        },
    },
}  # fmt: skip

RECEIPT_COLUMNS: Final = (
    Column(key="model", label="Model", help="The model's id.", kind=KEY),
    Column(key="offer", label="Offer", help="The offer that the receipt is of.", kind=KEY),
    Column(key="provider", label="Provider", help="Who sells it.", kind=KEY),
    Column(key="total", label="Total", help="US dollars for the workload: the sum of the lines.", kind=MONEY),
    Column(key="at_least", label="At least", help="A price of the offer is not understood: it may cost more.", kind=FLAG),
    Column(key="ended", label="Ended", help="The offer has ended: these are its last prices.", kind=FLAG),
    Column(key="stale", label="Stale", help="A price rests on a document that was not read for too long.", kind=FLAG),
    Column(
        key="disputed",
        label="Disputed",
        help="What other sources say of a price on the receipt, and the total by it.",
        kind=structure(_DISPUTED),
    ),
    Column(key="lines", label="Lines", help="The receipt: quantity times price, line by line.", kind=structure(_LINES)),
)
COSTS: Final = Collection(
    name="costs",
    singular="cost",
    columns=(*RECEIPT_COLUMNS, *(replace(column, served=False, csv=False) for column in MODELS.columns if column.lookups)),
    exact=lambda body: (),
    words=lambda body: (),
    default_sort="total",
    has_basis=True,
)
PARAMETERS: Final = tuple(name for name in parameters(COSTS) if name != "sort")
"""Of the list's own parameters: all filters of models, but no other order than by total."""
OWN: Final = (*WORKLOAD, _PER, _FREE)


@dataclass(frozen=True, slots=True)
class CostQuestion:
    """A question of costs: the list's query, the query of models that it filters by, the workload, a row for what, and whether
    what costs nothing stands behind all that costs something."""

    query: Query
    models: Query
    workload: Workload
    per: str
    free_last: bool = False


def workload_from(own: Mapping[str, Any]) -> Workload | None:
    """The workload that a query's own parameters state; None where they state none. Raises QueryError."""
    stated = {name: own[name] for name in FIELDS if name in own}
    preset = PRESETS.get(own.get("preset", ""))
    if preset is None and not stated:
        return None
    try:
        return workload_of({**(preset.values if preset else {}), **stated})
    except WorkloadError as error:
        raise QueryError(error.errors) from error


def ask(arguments: Arguments, *, now: datetime, own: tuple[Parameter, ...] = ()) -> CostQuestion:
    """The question that these URL parameters ask. Raises QueryError, naming every parameter that does not fit."""
    return question_of(parse(COSTS, arguments, now=now, only=PARAMETERS, own=(*OWN, *own)))


def question_of(query: Query) -> CostQuestion:
    """The question of a parsed query of `COSTS`. Raises QueryError where its workload cannot be priced as a whole."""
    workload = workload_from(query.own)
    if workload is None:
        workload = _refused()
    per = query.own.get("per", PER[0])
    if query.basis not in OWN_BASES and per == PER[0]:
        message = f"a median has no receipt: it may be {' or '.join(OWN_BASES)}"
        raise QueryError([{"parameter": "basis", "message": message}])
    if query.cursor is not None and not _is_total(query.cursor.values):
        raise QueryError([{"parameter": "cursor", "message": "must be a cursor that meta.next gave"}])
    preset = PRESETS.get(query.own.get("preset", ""))
    if preset is not None and not query.has("type"):
        query = query.fixed(type=preset.type)
    free_last = query.own.get(FREE) == FREE_PLACES[1]
    return CostQuestion(query, replace(query, collection=MODELS, cursor=None, fields=()), workload, per, free_last)


def _is_total(values: tuple[str | None, ...]) -> bool:
    """Whether a cursor's values are those of a row of costs: its total alone."""
    try:
        return len(values) == 1 and 0 <= decimal_of(values[0] or "") < MAX_TOTAL
    except ValueError:
        return False


def _refused() -> Workload:
    """Refuse a question without a workload, in the words of one with nothing in it."""
    try:
        return workload_of({"requests": Decimal(1)})
    except WorkloadError as error:
        raise QueryError(error.errors) from error
