"""The cost of a workload of text, computed anew and plainly from the prices of an offer as `/offers` prints them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

FROM_ON = {"openai", "openrouter", "xai"}
Price = dict[str, Any]
Work = dict[str, Any]


def minutes(window: str | None) -> set[int]:
    """The minutes of the day in a window; all of them without one."""
    if not window:
        return set(range(1_440))
    start, end = (int(part[:2]) * 60 + int(part[2:]) for part in window.split("-"))
    return set(range(start, end)) if start < end else set(range(start, 1_440)) | set(range(end))


def per_million(offer: dict[str, Any], meter: str, plan: str, work: Work) -> Decimal | None:
    """US dollars per million tokens of a meter on a plan at this prompt, over the hours of the workload."""
    prompt, inclusive = work["input_tokens"], offer["provider"] in FROM_ON
    rows = [
        price
        for price in offer["prices"]
        if (price["meter"], price["plan"], price["unit"]) == (meter, plan, "1M tokens") and price["usd"] is not None
        and (price["min_context_tokens"] < prompt or (inclusive and price["min_context_tokens"] == prompt)
             or not price["min_context_tokens"])
    ]  # fmt: skip
    if not rows:
        return None
    tier = max(price["min_context_tokens"] for price in rows)
    rows = [price for price in rows if price["min_context_tokens"] == tier]
    rows = [
        price for price in rows
        if price["promotional"] or not any(other["promotional"] and other["window"] == price["window"] for other in rows)
    ]  # fmt: skip
    day = minutes(work.get("utc_hours"))
    total, left = Decimal(0), set(day)
    for price in sorted(rows, key=lambda price: not price["window"]):
        taken = left & minutes(price["window"])
        total += Decimal(str(price["usd"])) * len(taken)
        left -= taken
    return None if left else total / len(day)


def highest(offer: dict[str, Any], plan: str, work: Work) -> int:
    """The highest tier that a plan states for what the workload needs."""
    prompt, inclusive = work["input_tokens"], offer["provider"] in FROM_ON
    meters = [side for side in ("input", "output") if work[f"{side}_tokens"]]
    return max(
        (
            price["min_context_tokens"] for price in offer["prices"]
            if price["usd"] is not None and price["plan"] == plan and price["meter"] in meters and price["unit"] == "1M tokens"
            and (price["min_context_tokens"] < prompt or (inclusive and price["min_context_tokens"] <= prompt))
        ),
        default=0,
    )  # fmt: skip


def total_of(offer: dict[str, Any], work: Work) -> Decimal | None:
    """US dollars for the workload; None where there is no total."""
    read, written = work["input_tokens"], work["output_tokens"]
    limit = offer["limit"]
    for tokens, most in ((read, limit["input"]), (written, limit["output"]), (read + written, limit["context"])):
        if most is not None and tokens > most:
            return None
    plans = {price["plan"] for price in offer["prices"] if price["usd"] is not None}
    base = "free" if "standard" not in plans and "free" in plans else "standard"
    if offer["billing"] == "subscription" and "standard" not in plans:
        return None
    total = Decimal(0)
    batch = Decimal(str(work.get("batch_share", 0)))
    for plan, share in (("batch", batch), (work.get("plan", "standard"), 1 - batch)):
        if share:
            part = _part(offer, base if plan == "standard" else plan, base, work)
            if part is None:
                return None
            total += part * share
    return total * Decimal(work.get("requests", 1))


def _part(offer: dict[str, Any], plan: str, base: str, work: Work) -> Decimal | None:
    read, written = work["input_tokens"], work["output_tokens"]
    sides = [side for side, tokens in (("input", read), ("output", written)) if tokens]
    if plan != base:
        on_base = [side for side in sides if per_million(offer, side, base, work) is not None] or sides
        if any(per_million(offer, side, plan, work) is None for side in on_base):
            plan = base
        elif highest(offer, plan, work) < highest(offer, base, work):
            return None
    closed = (
        price["min_context_tokens"] for price in offer["prices"]
        if price["absent"] == "not_offered" and price["plan"] == plan and price["meter"] in ("input", "output")
    )  # fmt: skip
    if any(
        highest(offer, plan, work) < tier <= read and (tier < read or offer["provider"] in FROM_ON) for tier in closed if tier
    ):
        return None
    hit, write = (Decimal(str(work.get(name, 0))) for name in ("cache_hit", "cache_write"))
    price_of = {
        meter: per_million(offer, meter, plan, work) for meter in ("input", "output", "cache_read", "cache_write", "reasoning")
    }
    hour = per_million(offer, "cache_write_1h", plan, work) if work.get("cache_ttl") == "1h" else None
    wanted = [
        (read * (1 - hit - write), price_of["input"]),
        (read * hit, price_of["cache_read"] if price_of["cache_read"] is not None else price_of["input"]),
        (read * write, next((one for one in (hour, price_of["cache_write"], price_of["input"]) if one is not None), None)),
    ]
    thought = work.get("reasoning_tokens", 0)
    if price_of["reasoning"] is None or not thought or price_of["output"] is None:
        wanted.append((written, price_of["output"]))
    elif offer["provider"] == "alibaba":
        wanted.append((written, price_of["reasoning"]))
    else:
        wanted += [(thought, price_of["reasoning"]), (written - thought, price_of["output"])]
    total = Decimal(0)
    for tokens, price in wanted:
        if tokens and price is None:
            return None
        total += tokens * (price or 0) / Decimal(1_000_000)
    each = [
        price for price in offer["prices"] if price["meter"] == "request" and price["plan"] == plan and price["usd"] is not None
    ]
    return total + (Decimal(str(each[0]["usd"])) if each else 0)
