"""Where the order of a few models turns as a workload changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.costs.questions import OWN_BASES, WORKLOAD, workload_from
from aimstats.catalogue.costs.ranking import Priced
from aimstats.catalogue.costs.tariffs import NO_OFFER, tariffs_of
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.spellings import model_spelled
from aimstats.domain.reasons import Reason
from aimstats.domain.workload import ALONG, Crossing, Tariff, Workload, crossings
from aimstats.domain.workload.bills import NOT_POSSIBLE
from aimstats.domain.workload.ranking import UNPRICED

FEWEST, MOST = 2, 10
AT_PLACES: Final = 12
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_UP)


def _read_models(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",", MOST + 1) if part.strip()))
    if not FEWEST <= len(names) <= MOST or any(len(name) > 200 for name in names):
        raise ValueError(f"must be {FEWEST} to {MOST} different ids of models, comma-separated")
    return names


MODELS_ASKED: Final = Parameter(
    name="models",
    help=f"The models to compare: {FEWEST} to {MOST} ids, or other names of them, comma-separated.",
    schema={"type": "array", "items": {"type": "string"}, "minItems": FEWEST, "maxItems": MOST},
    read=_read_models,
)
OWN: Final = (MODELS_ASKED, *WORKLOAD)
LIST_PARAMETERS: Final = ("basis", "as_of", "known_at")
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "along": {"type": "string", "enum": list(ALONG), "description": "What changes."},
        "at": {"type": "number", "description": "Where the order changes: a share, or tokens of the prompt."},
        "before": {"type": "array", "items": {"type": "string"}, "description": "The models before it, cheapest first."},
        "after": {"type": "array", "items": {"type": "string"}, "description": "The models behind it, cheapest first."},
        "jump": {"type": "boolean", "description": "A total leaps there, or an offer is not possible on one side of it."},
    },
}


@dataclass(frozen=True, slots=True)
class Crossovers:
    """Each point along each axis where the order changes, and the offers that were compared, by model; `unpriced` says why a
    model has none."""

    rows: tuple[tuple[str, Crossing], ...]
    offers: Mapping[str, str]
    unpriced: Mapping[str, str]

    def bodies(self) -> Iterator[dict[str, Any]]:
        """The objects that answers print."""
        for along, one in self.rows:
            yield {
                "along": along,
                "at": _decimal(one.at),
                "before": list(one.before),
                "after": list(one.after),
                "jump": one.jump,
            }


def _decimal(exact: Fraction) -> Decimal:
    """The number at twelve decimals, halves rounded up."""
    value = _WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator)).quantize(
        Decimal(1).scaleb(-AT_PLACES), context=_WIDE
    )
    value = value.normalize(_WIDE)
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1), context=_WIDE) if isinstance(exponent, int) and exponent > 0 else value


def crossovers(catalogue: Catalogue, query: Query) -> Crossovers:
    """What a query asks. Raises QueryError where it names no models or no workload, or a model that is not there."""
    models, workload = _asked(catalogue, query)
    offers, unpriced = offers_of(catalogue, query, models, workload)
    found = [(along, crossing) for along in ALONG for crossing in crossings(list(offers.items()), workload, along)]
    return Crossovers(tuple(found), {name: tariff.offer for name, tariff in offers.items()}, unpriced)


def models_asked(catalogue: Catalogue, query: Query) -> tuple[str, ...]:
    """The models that a query names, each once, as they are called now; another name stands for the model that it surely means.
    Raises QueryError for fewer than two, or for an unknown one."""
    named: dict[str, None] = {}
    errors: list[Mapping[str, str]] = []
    for name in query.own.get("models", ()):
        model, near = _meant(catalogue, name)
        if model is not None:
            named[model] = None
        else:
            code, meant = ("no_model_but", {"meant": repr(near)}) if near else ("no_model", {})
            errors.append({"parameter": "models", "message": Reason(code, word=repr(name[:60]), **meant)})
    models = tuple(named)
    if len(models) < FEWEST and not errors:
        errors = [{"parameter": "models", "message": f"must be given: {FEWEST} to {MOST} different models, comma-separated"}]
    if query.basis not in OWN_BASES:
        errors.append({"parameter": "basis", "message": f"a median has no receipt: it may be {' or '.join(OWN_BASES)}"})
    if errors:
        raise QueryError(errors)
    return models


def _meant(catalogue: Catalogue, name: str) -> tuple[str | None, str]:
    """The model that a name stands for; else None and the id that may be meant, "" where none is like it."""
    model = catalogue.redirects.models.get(name, name)
    if model in catalogue.models.positions:
        return model, ""
    spelled, near = model_spelled(catalogue, name)
    return spelled, near[0].model if near else ""


def workload_asked(query: Query) -> Workload | None:
    """The workload that a query states, if any. Raises QueryError where it cannot be priced."""
    return workload_from(query.own)


def _asked(catalogue: Catalogue, query: Query) -> tuple[tuple[str, ...], Workload]:
    """The models and the workload of text that a query asks for. Raises QueryError with all that is wrong with either."""
    models: tuple[str, ...] = ()
    workload: Workload | None = None
    errors: list[Mapping[str, str]] = []
    try:
        models = models_asked(catalogue, query)
    except QueryError as error:
        errors += error.errors
    try:
        workload = workload_asked(query)
        if workload is None or not (workload.input_tokens or workload.output_tokens):
            message = "a workload of text is needed: give input_tokens or output_tokens, or a preset"
            errors += [{"parameter": name, "message": message} for name in ("input_tokens", "output_tokens")]
    except QueryError as error:
        errors += error.errors
    if errors or workload is None:
        raise QueryError(errors)
    return models, workload


def offers_of(
    catalogue: Catalogue, query: Query, models: Sequence[str], workload: Workload
) -> tuple[dict[str, Tariff], dict[str, str]]:
    """The tariff that stands for each model under the price basis, at the workload as it is; or why there is none."""
    tariffs = tariffs_of(catalogue)
    priced = Priced(tariffs, workload)
    found: dict[str, Tariff] = {}
    without: dict[str, str] = {}
    for name in models:
        place = catalogue.models.positions[name]
        offer = tariffs.own_of[place]
        if query.basis == "cheapest":
            cheapest = priced.cheapest(tariffs.compared_of[place])
            offer = -1 if cheapest is None else cheapest
        tariff = tariffs.offers[offer] if offer >= 0 else None
        if tariff is None:
            without[name] = NO_OFFER if query.basis == "cheapest" else tariffs.why_ownless(place)
        elif priced.rough[offer] == UNPRICED and priced.reason(offer) != NOT_POSSIBLE:
            without[name] = priced.reason(offer)
        else:
            found[name] = tariff
    return found, without
