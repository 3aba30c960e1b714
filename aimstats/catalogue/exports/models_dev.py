"""`/export/models.dev.json`: models.dev's catalogue, providers by id with their models by id, US dollars per million tokens."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.exports.offers import Evidence, Sold, Stated, in_force, sold, tiers_of, without_none
from aimstats.domain.dialects.models_dev import IMAGE_METERS, METERS, MODALITIES, OVER_TOKENS, PLAN_OF_MODE

SOURCE: Final = "models_dev"
ANY_API: Final = "@ai-sdk/openai-compatible"
STATUSES: Final = {"preview": "beta", "deprecated": "deprecated", "retired": "deprecated"}
FLAGS: Final = ("attachment", "reasoning", "tool_call", "open_weights")
"""Which it wants of every model: what is unknown is false, as it is there."""


def models_dev_catalogue(catalogue: Catalogue, evidence: Evidence) -> dict[str, Any]:
    """The catalogue, by seller."""
    found: dict[str, dict[str, Any]] = {}
    for (provider, identifier), one in sorted(places(catalogue, evidence).items()):
        if provider not in found:
            found[provider] = _provider(catalogue, provider, one.offer["provider"])
        found[provider]["models"][identifier] = _record(one, identifier)
    return found


def places(catalogue: Catalogue, evidence: Evidence) -> dict[tuple[str, str], Sold]:
    """Which offer stands at which seller under which id. What models.dev lists stands under its own names of both; the rest under
    ours of the seller, and the seller's of the model."""
    rows = [one for one in sold(catalogue, evidence) if one.offer["kind"] == "model" and _is_dated(one.model)]
    found: dict[tuple[str, str], Sold] = {}
    for one in rows:
        for listing in one.spelled_by(SOURCE):
            found.setdefault((listing["provider"], listing["external_id"]), one)
    for one in rows:
        if not one.spelled_by(SOURCE):
            found.setdefault((one.offer["provider"], one.own_id), one)
    return found


def _is_dated(model: Mapping[str, Any]) -> bool:
    """Whether the month of its release is known, which models.dev wants."""
    return len(model.get("release_date") or "") >= len("2026-01")


def _provider(catalogue: Catalogue, identifier: str, ours: str) -> dict[str, Any]:
    row = catalogue.row("providers", ours)
    known: Mapping[str, Any] = row.body if row else {}
    base = known.get("api_base")
    return {
        "id": identifier,
        "env": list(known.get("environment_variables") or ()),
        "npm": ANY_API,
        **({"api": base} if base else {}),
        "name": known.get("name") or identifier,
        "doc": known.get("docs") or known.get("homepage") or "",
        "models": {},
    }


def _record(one: Sold, identifier: str) -> dict[str, Any]:
    offer, model = one.offer, one.model
    modalities = model.get("modalities") or {}
    sides = {side: [word for word in modalities.get(side) or () if word in MODALITIES] for side in ("input", "output")}
    prices = in_force(offer)
    makes = sides["output"]
    meters = IMAGE_METERS if makes == ["image"] else METERS
    keys = {meter: key for key, meter in reversed(meters.items())}
    record = {
        "id": identifier,
        "name": model.get("name") or offer["name"] or identifier,
        "family": model.get("family"),
        **{flag: bool(model.get(flag)) for flag in FLAGS},
        "structured_output": model.get("structured_output"),
        "temperature": model.get("temperature"),
        "knowledge": model.get("knowledge"),
        "release_date": model["release_date"],
        "last_updated": model.get("last_updated") or model["release_date"],
        "status": STATUSES.get(offer["status"] or ""),
        "cost": _cost(prices, keys, offer["cost"]["absent"]),
        "experimental": _modes(prices, keys),
    }
    limit = {side: offer["limit"][side] or 0 for side in ("context", "output")} | without_none({"input": offer["limit"]["input"]})
    return without_none(record) | {"modalities": sides, "limit": limit}


def _cost(prices: list[Stated], keys: Mapping[str, str], absent: Mapping[str, str]) -> dict[str, Any] | None:
    """The prices; None where one of the two that it wants is not known (0 is written for an output that is not billed)."""
    cost: dict[str, Any] = {}
    tiers = []
    for tier, window, meters in tiers_of(prices):
        named = _named(meters, keys)
        if window or not named:
            continue
        if tier:
            tiers.append({**named, "tier": {"type": "context", "size": tier}})
        else:
            cost = named
    if "output" not in cost and absent.get("output") == "not_billed":
        cost["output"] = Decimal(0)
    if not {"input", "output"} <= cost.keys():
        return None
    over = {"context_over_200k": {key: usd for key, usd in tiers[0].items() if key != "tier"}} if _is_over(tiers) else {}
    return cost | over | ({"tiers": tiers} if tiers else {})


def _is_over(tiers: list[dict[str, Any]]) -> bool:
    return len(tiers) == 1 and tiers[0]["tier"]["size"] == OVER_TOKENS


def _named(meters: Mapping[str, Decimal], keys: Mapping[str, str]) -> dict[str, Any]:
    return {keys[meter]: usd for meter, usd in meters.items() if meter in keys}


def _modes(prices: list[Stated], keys: Mapping[str, str]) -> dict[str, Any] | None:
    """The modes that it has words for, with their plain prices."""
    modes = {}
    for mode, plan in PLAN_OF_MODE.items():
        plain = {price.meter: price.usd for price in prices if price.plan == plan and not (price.tier or price.window)}
        if named := _named(plain, keys):
            modes[mode] = {"cost": named}
    return {"modes": modes} if modes else None
