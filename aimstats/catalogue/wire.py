"""Resolved rows as answers print them: declared keys in declared order, money as plain JSON numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import orjson

from aimstats.catalogue.columns.declarations import Body, Collection
from aimstats.catalogue.columns.kinds import in_order
from aimstats.domain.absence import Absence
from aimstats.domain.facts import MODALITIES
from aimstats.domain.meters import METERS, TEXT, USUAL
from aimstats.domain.money import canonical, json_of, plain

PRICE_FIELDS: Final = (
    "meter", "plan", "min_context_tokens", "window", "conditions", "unit", "currency", "amount", "usd", "absent",
    "promotional", "allowance", "alternative_of", "derived_from", "inherited", "source", "valid_from", "valid_to", "held",
    "stated", "disputed", "mark",
)  # fmt: skip
"""What an offer says of each price, in this order."""


@lru_cache(maxsize=65_536)
def number(text: str) -> orjson.Fragment:
    """The JSON number of a stored decimal: no exponent, no noise, no trailing zeros."""
    return orjson.Fragment(plain(canonical(Decimal(text))).encode())


def _print_decimal(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(plain(value).encode())
    raise TypeError(f"no JSON for {type(value).__name__}")


def dumps(value: Any) -> bytes:
    """The JSON of a value that may hold Decimals."""
    return orjson.dumps(value, default=_print_decimal)


def parsed(body: bytes) -> dict[str, Any]:
    """An answer's object with its numbers as int and Decimal."""
    found: dict[str, Any] = json_of(body)
    return found


def _priced(meters: Mapping[str, Any]) -> dict[str, Any]:
    """Meters with their prices; a tier's threshold comes first."""
    tier = {"min_context_tokens": meters["min_context_tokens"]} if "min_context_tokens" in meters else {}
    return tier | {key: number(value) if isinstance(value, str) else value for key, value in meters.items() if key not in tier}


def cost_of(stated: Mapping[str, Any]) -> dict[str, Any]:
    """The `cost` object: the usual meters always, others where any source states them, each null with its reason."""
    cost: dict[str, Any] = dict.fromkeys(USUAL)
    for meter, value in stated.items():
        if value is not None and meter in METERS:
            cost[meter] = number(value)
    absent = {meter: why for meter, why in (stated.get("absent") or {}).items() if cost.get(meter) is None}
    cost["tiers"] = [_priced(tier) for tier in stated.get("tiers") or ()]
    cost["plans"] = {plan: _priced(meters) for plan, meters in (stated.get("plans") or {}).items()}
    cost["conditions"] = stated.get("conditions") or {}
    cost["windowed"] = bool(stated.get("windowed"))
    cost["incomplete"] = bool(stated.get("incomplete"))
    for meter in USUAL:
        if cost[meter] is None and meter not in absent:
            absent[meter] = _reason(meter, stated)
    cost["absent"] = absent
    return cost


def _reason(meter: str, stated: Mapping[str, Any]) -> str:
    """Why a row with prices says nothing at all of a meter that is always shown: an embedding bills no output, an image
    model is billed by the image."""
    if meter not in TEXT or meter in stated:
        return Absence.NOT_PUBLISHED
    if stated.get("input") is not None or stated.get("output") is not None:
        return Absence.NOT_BILLED
    is_billed = any(value is not None and other in METERS for other, value in stated.items())
    return Absence.BILLED_OTHERWISE if is_billed else Absence.NOT_PUBLISHED


def _figure(value: Any) -> Any:
    return number(value) if isinstance(value, str) else value


def _named_figures(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An object in which `input` and `output` are money (`cheapest`, `median`)."""
    if value is None:
        return None
    named = {key: value[key] for key in ("offer", "provider", "left_out") if key in value}
    return named | {side: _figure(value.get(side)) for side in ("input", "output")}


def _price(stated: Mapping[str, Any]) -> dict[str, Any]:
    price = {key: stated.get(key) for key in PRICE_FIELDS}
    price["amount"], price["usd"] = _figure(price["amount"]), _figure(price["usd"])
    if price["stated"]:
        price["stated"] = {"amount": _figure(price["stated"]["amount"]), "unit": price["stated"]["unit"]}
    price["disputed"] = [{**other, "usd": _figure(other["usd"])} for other in price["disputed"] or ()]
    return price


_in_order: Final = in_order((*MODALITIES, "embedding", "score"))


def _modalities(stated: Mapping[str, list[str]] | None) -> dict[str, tuple[str, ...]]:
    return {side: _in_order((stated or {}).get(side) or []) for side in ("input", "output")}


_SHAPES: Final[Mapping[str, Any]] = {
    "cost": lambda cost: cost_of(cost or {}),
    "cheapest": _named_figures,
    "median": _named_figures,
    "scores": lambda scores: {name: _figure(value) for name, value in (scores or {}).items()},
    "memory_gb": _figure,
    "modalities": _modalities,
    "prices": lambda prices: [_price(price) for price in prices or ()],
}


def server(collection: Collection, hidden: frozenset[str]) -> Callable[[Body], dict[str, Any]]:
    """A function from a resolved row to its object: every declared key (null where the row has none), then what else
    the row holds."""
    template: dict[str, Any] = {}
    plain_heads, shaped, computed = [], [], []
    for column in collection.columns:
        if column.joined or not column.served:
            continue
        head, _, rest = column.key.partition(".")
        blank: list[Any] | None = [] if column.kind.many else None
        if column.value is not None:
            computed.append((column.key, column.reader()))
            template.setdefault(head, {} if rest and head not in _SHAPES else None)
        elif head in _SHAPES:
            if head not in template:
                shaped.append((head, _SHAPES[head]))
            template.setdefault(head, None)
        elif rest:
            template.setdefault(head, {})[rest] = blank
        else:
            plain_heads.append(head)
            template[head] = blank
    nested = [(head, blanks) for head, blanks in template.items() if isinstance(blanks, dict)]

    def serve(body: Body) -> dict[str, Any]:
        row = template.copy()
        for head in plain_heads:
            value = body.get(head)
            if value is not None:
                row[head] = value
        for head, blanks in nested:
            row[head] = {**blanks, **(body.get(head) or {})}
        for head, shape in shaped:
            row[head] = shape(body.get(head))
        for key, read in computed:
            _put(row, key, _computed(read(body)))
        for key in body.keys() - row.keys() - hidden:
            row[key] = body[key]
        return row

    return serve


def _computed(value: Any) -> Any:
    return orjson.Fragment(plain(value).encode()) if isinstance(value, Decimal) else value


def _put(row: dict[str, Any], key: str, value: Any) -> None:
    """Set what stands at a dotted key, making the objects on the way."""
    *path, last = key.split(".")
    for part in path:
        row = row.setdefault(part, {})
    row[last] = value


def trimmed(row: Mapping[str, Any], fields: Iterable[str], *, absent_is_null: bool = True) -> dict[str, Any]:
    """Only these dotted fields of an object, in its own nesting; what it does not have is null (or left out).

    >>> trimmed({"id": "a/b", "limit": {"context": 1, "output": 2}}, ["limit.output", "id"])
    {'limit': {'output': 2}, 'id': 'a/b'}
    """
    kept: dict[str, Any] = {}
    for name in fields:
        head, *rest = name.split(".", 1)
        if head not in row and not absent_is_null:
            continue
        value = row.get(head)
        if rest:
            value = _within(value, rest[0], kept.get(head)) if isinstance(value, Mapping) else None
        kept[head] = value
    return kept


def _within(inner: Mapping[str, Any], name: str, kept: Any) -> dict[str, Any]:
    """A trimmed inner object; a key that itself holds dots (a benchmark's) is found whole first."""
    taken = {name: inner[name]} if name in inner else trimmed(inner, [name], absent_is_null=False)
    if isinstance(kept, dict):
        for key, value in taken.items():
            old = kept.get(key)
            kept[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
        return kept
    return taken
