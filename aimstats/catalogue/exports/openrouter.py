"""`/export/openrouter.json`: OpenRouter's list of models as it answers itself: what it sells, US dollars a unit as texts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.exports.offers import Evidence, Sold, Stated, in_force, sold, without_none
from aimstats.domain.dialects.openrouter import INPUTS, METERS, OUTPUTS, PARAMETER_OF_FACT, VARIABLE, image_unit
from aimstats.domain.money import plain
from aimstats.domain.prices import UNITS

SELLER: Final = "openrouter"
_INPUT: Final = {modality: word for word, modality in reversed(INPUTS.items())}
_OUTPUT: Final = {modality: word for word, modality in reversed(OUTPUTS.items())}
_KEYS: Final = {(meter, UNITS[unit][0]): (key, unit) for key, (meter, unit) in METERS.items()} | {
    ("output_image", UNITS["token"][0]): ("image_output", "token")
}


def openrouter_list(catalogue: Catalogue, evidence: Evidence) -> dict[str, Any]:
    """The list, an object an id: the offer of OpenRouter itself, else that of the first of its hosts."""
    rows: dict[str, dict[str, Any]] = {}
    offers = [one for one in sold(catalogue, evidence) if one.offer["provider"] == SELLER]
    for one in sorted(offers, key=lambda one: one.offer["host"] not in ("", None, SELLER)):
        if one.own_id not in rows:
            rows[one.own_id] = _record(one, one.own_id)
    return {"data": [row for _, row in sorted(rows.items())]}


def _record(one: Sold, identifier: str) -> dict[str, Any]:
    offer, model = one.offer, one.model
    modalities = model.get("modalities") or {}
    takes = [_INPUT[word] for word in modalities.get("input") or () if word in _INPUT]
    gives = [_OUTPUT[word] for word in modalities.get("output") or () if word in _OUTPUT]
    retires = offer["retirement_date"] if len(offer["retirement_date"] or "") == len("2026-01-31") else None
    return {
        "id": identifier,
        "canonical_slug": identifier,
        "name": offer["name"] or model.get("name") or identifier,
        "created": _created(model.get("release_date") or ""),
        "description": "",
        "context_length": offer["limit"]["context"],
        "architecture": {
            "modality": f"{'+'.join(takes)}->{'+'.join(gives)}",
            "input_modalities": takes,
            "output_modalities": gives,
        },
        "pricing": _pricing(in_force(offer), offer["cost"]["absent"]),
        "top_provider": {"context_length": offer["limit"]["context"], "max_completion_tokens": offer["limit"]["output"]},
        "per_request_limits": None,
        "supported_parameters": _parameters(model),
        **without_none({"knowledge_cutoff": model.get("knowledge"), "expiration_date": retires}),
    }


def _parameters(model: Any) -> list[str]:
    stated = model.get("supported_parameters") or []
    facts = [parameter for fact, parameter in PARAMETER_OF_FACT.items() if model.get(fact)]
    return sorted({*stated, *facts, *(["reasoning"] if model.get("reasoning") else [])})


def _created(day: str) -> int:
    """The Unix time of a day or the first of a month; 0 where it is not known."""
    if len(day) < len("2026-01"):
        return 0
    return int(datetime.fromisoformat(day if len(day) > len("2026-01") else f"{day}-01").replace(tzinfo=UTC).timestamp())


def _pricing(prices: list[Stated], absent: dict[str, str]) -> dict[str, Any]:
    """The plain prices; longer prompts and hours of the day as overrides."""
    pricing: dict[str, Any] = {}
    overrides: dict[tuple[int, str], dict[str, Any]] = {}
    usd = {price.meter: price.per("token") for price in prices if price.unit == UNITS["token"][0] and not price.tier}
    for price in prices:
        key = _key(price, usd)
        if key is None or price.plan != "standard" or price.conditions:
            continue
        name, unit = key
        into = overrides.setdefault((price.tier, price.window), {}) if price.tier or price.window else pricing
        into[name] = plain(price.per(unit))
    for name, meter in (("prompt", "input"), ("completion", "output")):
        if absent.get(meter) == "variable":
            pricing[name] = plain(VARIABLE)
        elif absent.get(meter) == "not_billed":
            pricing[name] = "0"
    if overrides:
        pricing["overrides"] = [_condition(*place) | stated for place, stated in sorted(overrides.items())]
    return pricing


def _key(price: Stated, usd: dict[str, Decimal]) -> tuple[str, str] | None:
    """Key and unit; None where it has none, or where the reader would take it for the other unit that the key may have."""
    key = _KEYS.get((price.meter, price.unit))
    if key and key[0] in ("image", "image_output"):
        of_text = usd.get("input" if key[0] == "image" else "output")
        if image_unit(price.per(key[1]), of_text) != key[1]:
            return None
    return key


def _condition(tier: int, window: str) -> dict[str, Any]:
    hours = {"utc_start": int(window[:4]), "utc_end": int(window[5:])} if window else {}
    return ({"min_prompt_tokens": tier} if tier else {}) | hours
