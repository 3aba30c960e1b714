"""`/export/litellm.json`: LiteLLM's price map, one object by id, US dollars per token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.exports.offers import Evidence, Sold, Stated, in_force, sold, tiers_of, without_none
from aimstats.domain.dialects.litellm import (
    BASES,
    INPUT_FLAGS,
    MAKES_IMAGES,
    PLANS,
    SECONDS_BY_MODE,
    TYPES,
    IdPath,
    parse_id,
)
from aimstats.domain.dialects.litellm_sellers import PREFIXES
from aimstats.domain.money import canonical
from aimstats.domain.prices import MTOK, UNITS

SOURCE: Final = "litellm"
HOUR: Final = "cache_creation_input_token_cost_above_1hr"
BEYOND: Final = 10**9
"""Where the highest tier ends."""
_BASE: Final = {(meter, UNITS[unit][0]): (base, unit) for base, (meter, unit) in reversed(BASES.items())}
"""The key of a meter; of several that mean the same the first."""
_TIERED: Final = {meter: _BASE[meter, MTOK][0] for meter in ("input", "output", "reasoning", "cache_read", "cache_write")}
_SUFFIX: Final = {plan: f"_{word}" for word, plan in reversed(PLANS.items())} | {"standard": ""}
_MODE: Final = {type_: mode for mode, type_ in reversed(TYPES.items()) if type_ not in (None, "other")}
_FLAGS: Final = {
    "tool_call": "supports_function_calling", "structured_output": "supports_response_schema", "reasoning": "supports_reasoning",
}  # fmt: skip
_SEARCH_SIZES: Final = ("low", "medium", "high")


class Place(NamedTuple):
    """What stands under an id of the map: the offer, LiteLLM's name of the seller, and its mode, '' where it is not known."""

    sold: Sold
    provider: str
    mode: str


def litellm_map(catalogue: Catalogue, evidence: Evidence) -> dict[str, Any]:
    """The map, by id."""
    return {identifier: _record(place, identifier) for identifier, place in sorted(places(catalogue, evidence).items())}


def places(catalogue: Catalogue, evidence: Evidence) -> dict[str, Place]:
    """Which offer stands under which id: what LiteLLM lists under its own ids; of the rest what a seller sells whom it knows,
    under the id that it would have."""
    rows = [one for one in sold(catalogue, evidence) if one.offer["kind"] == "model"]
    found: dict[str, Place] = {}
    for one in rows:
        for identifier, provider, mode in _listed(one):
            found.setdefault(identifier, Place(one, provider, mode))
    for one in rows:
        seller = one.offer["provider"]
        known = PREFIXES.get(f"{seller}/{one.offer['developer']}") or PREFIXES.get(seller)
        if known is not None and one.offer["model"] and not one.spelled_by(SOURCE):
            found.setdefault(f"{known[1]}{one.own_id}", Place(one, known[0], ""))
    return found


def _listed(one: Sold) -> Iterator[tuple[str, str, str]]:
    """Each id of LiteLLM's for an offer, with LiteLLM's name of the seller and its mode, '' where it is not known."""
    for listing in one.spelled_by(SOURCE):
        provider, identifier = listing["provider"], listing["external_id"]
        yield identifier, provider, listing.get("mode") or ""
        for alias in one.offer["aliases"]:
            prefix, _, bare = alias.partition("/")
            if bare == identifier and (provider == prefix or provider.startswith(f"{prefix}-")):
                yield alias, provider, listing.get("mode") or ""


def _record(place: Place, identifier: str) -> dict[str, Any]:
    offer, model = place.sold.offer, place.sold.model
    path = parse_id(identifier)
    mode = place.mode or _MODE.get(model.get("type") or "", "chat")
    takes = (model.get("modalities") or {}).get("input") or ()
    gives = (model.get("modalities") or {}).get("output") or ()
    limit = offer["limit"]
    most_in = limit["input"] or limit["context"]
    retires = offer["retirement_date"] if len(offer["retirement_date"] or "") == len("2026-01-31") else None
    prices = in_force(offer)
    record = {
        "litellm_provider": place.provider,
        "mode": mode,
        "max_input_tokens": most_in,
        "max_output_tokens": limit["output"],
        "max_tokens": limit["output"] or most_in,
        "output_vector_size": model.get("embedding_dimensions"),
        "deprecation_date": retires,
        **_prices(prices, mode, path),
        **{flag: model.get(fact) for fact, flag in _FLAGS.items()},
        **{f"supports_{flag}": True for flag in INPUT_FLAGS if flag in _ASKED and INPUT_FLAGS[flag] in takes},
        "supports_audio_output": True if "audio" in gives and mode == "chat" else None,
        "supports_prompt_caching": True if any(price.meter == "cache_read" for price in prices) else None,
    }
    return without_none(record)


_ASKED: Final = ("vision", "audio_input", "video_input", "pdf_input")
"""The flags that LiteLLM itself asks for."""


ABOVE: Final = frozenset({0, 128_000, 200_000, 272_000, 512_000})
"""The thresholds whose keys LiteLLM reads; with any other the tiers are a table (`tiered_pricing`)."""


def _tiered(prices: list[Stated]) -> list[dict[str, Any]]:
    """The table of the tiers, each whole since LiteLLM mixes none; nothing where keys can say them."""
    tiers = [(tier, meters) for tier, window, meters in tiers_of(prices) if not window]
    if {tier for tier, _ in tiers} <= ABOVE:
        return []
    ends = [tier for tier, _ in tiers[1:]] + [BEYOND]
    table, whole = [], dict[str, Decimal]()
    for (start, meters), end in zip(tiers, ends, strict=True):
        whole = whole | meters
        named = ((_TIERED[meter], usd) for meter, usd in whole.items() if meter in _TIERED)
        table.append({"range": [start, end]} | {key: canonical(usd / UNITS["token"][1]) for key, usd in named})
    return table


def _prices(prices: list[Stated], mode: str, path: IdPath) -> dict[str, Any]:
    """The keys of the prices that LiteLLM has words for; an id that states conditions in its path has their prices alone."""
    found: dict[str, Any] = {}
    windows: dict[str, dict[str, Decimal]] = {}
    searches: dict[str, Decimal] = {}
    tiered = _tiered(prices)
    for price in prices:
        conditions = dict(price.conditions)
        if tiered and price.tier and price.plan == "standard" and not price.window and price.meter in _TIERED:
            continue
        if price.meter == "web_search":
            size = conditions.pop("search_context", "")
            if not conditions and price.plan == "standard" and not (price.tier or price.window):
                searches |= dict.fromkeys((size,) if size else _SEARCH_SIZES, price.usd)
            continue
        if any(conditions.pop(name, None) != value for name, value in path.conditions.items()):
            continue
        key = _capacity(price) if path.is_provisioned else _key(price, conditions, mode)
        if key is None:
            continue
        name, unit = key
        into = windows.setdefault(price.window, {}) if price.window else found
        into[name] = price.per(unit)
    if mode in MAKES_IMAGES:  # there an image's price that stands alone is that of what is made
        for name in [name for name in found if name.startswith("input_cost_per_image") and f"out{name[2:]}" not in found]:
            del found[name]
    if searches:
        found["search_context_cost_per_query"] = {f"search_context_size_{size}": usd for size, usd in searches.items()}
    if tiered:
        found["tiered_pricing"] = tiered
    return found | _off_peak(windows) | _multiplier(prices)


def _capacity(price: Stated) -> tuple[str, str] | None:
    """Of an id that is a commitment to capacity: what a second of it costs."""
    return ("input_cost_per_second", "provisioned second") if price.meter == "capacity" and not price.conditions else None


def _key(price: Stated, conditions: Mapping[str, str], mode: str) -> tuple[str, str] | None:
    """Key and unit of a price; None where LiteLLM cannot say it."""
    suffix = _SUFFIX.get(price.plan)
    if suffix is None or price.tier % 1_000:
        return None
    above = f"_above_{price.tier // 1_000}k_tokens" if price.tier else ""
    lines = conditions.get("resolution", "")
    seconds = conditions.get("duration_s", "")
    if set(conditions) == {"resolution"} and lines.endswith("p") and lines[:-1].isdigit():
        suffix = f"_{lines}{suffix}"
    elif set(conditions) == {"duration_s"} and seconds.startswith(">"):
        above += f"_above_{seconds[1:]}s_interval"
    elif set(conditions) == {"unit_of"} and price.meter == "page":
        return f"annotation_cost_per_page{suffix}", "page"
    elif conditions:
        return None
    if price.meter == "cache_write_1h":
        return f"{HOUR}{above}{suffix}", "token"
    base = _base(price, mode)
    return None if base is None else (f"{base[0]}{above}{suffix}", base[1])


def _base(price: Stated, mode: str) -> tuple[str, str] | None:
    if price.unit == "second" and SECONDS_BY_MODE.get(mode, ("",))[0] == price.meter:
        return ("input_cost_per_second" if price.meter.startswith("input") else "output_cost_per_second"), "second"
    if price.unit == "image" and price.meter in ("image", "input_image"):
        return ("output_cost_per_image" if price.meter == "image" else "input_cost_per_image"), "image"
    if price.unit == "1M pixels" and price.meter == "image" and mode in MAKES_IMAGES:
        return "input_cost_per_pixel", "pixel"
    if price.meter == "request" and price.unit == "request" and mode != "rerank":
        return "input_cost_per_request", "request"
    if price.meter == "page":
        return None
    return _BASE.get((price.meter, price.unit))


def _off_peak(windows: Mapping[str, dict[str, Decimal]]) -> dict[str, Any]:
    """The hours in which other prices hold; LiteLLM has room for one set of them."""
    if not windows or any(prices != next(iter(windows.values())) for prices in windows.values()):
        return {}
    hours = [f"{window[:2]}:{window[2:4]}-{window[5:7]}:{window[7:]}" for window in windows]
    return {"off_peak_pricing": {"hours_utc": hours if len(hours) > 1 else hours[0], **next(iter(windows.values()))}}


def _multiplier(prices: list[Stated]) -> dict[str, Any]:
    """What the fast mode multiplies every price of tokens by, where it is one number."""
    usd = {(price.meter, price.tier, price.plan): price.usd for price in prices if price.unit == "1M tokens" and not price.window}
    factors = {
        canonical(fast / usd[meter, tier, "standard"]): fast / usd[meter, tier, "standard"]
        for (meter, tier, plan), fast in usd.items()
        if plan == "fast" and usd.get((meter, tier, "standard"))
    }
    plain = {(meter, tier) for meter, tier, plan in usd if plan == "standard"}
    fast = {(meter, tier) for meter, tier, plan in usd if plan == "fast"}
    return {"provider_specific_entry": {"fast": next(iter(factors.values()))}} if len(factors) == 1 and plain == fast else {}
