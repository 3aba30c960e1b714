"""LiteLLM's price map: every model of every provider that LiteLLM routes to, prices in US dollars per token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.dialects.litellm import TYPES, IdPath, meter_of, parse_id, parse_price_name
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.money import NumberRefusedError, canonical, decimal_of, plain
from aimstats.domain.prices import Price, price
from aimstats.domain.text import clean_text, clean_url
from scrapy_project.base import Record, SourceSpider, Tally, distinct_prices, is_usable_id, json_object
from scrapy_project.base.euros import as_stated
from scrapy_project.spiders.litellm.facts import OF_ITS_SOFTWARE, facts_of, lifecycle_of

NOT_MODELS: Final = ("search", "vector_store", "container", "")
UPLIFT: Final = "regional_processing_uplift_multiplier_"
IN_OTHER_MONEY: Final = {
    # what is billed in a provider's own units, which are no currency: evidence, and no price
    "input_dbu_cost_per_token": "input_dbu_cost_per_token",
    "output_dbu_cost_per_token": "output_dbu_cost_per_token",
    "output_db_cost_per_token": "output_dbu_cost_per_token",
    "ocr_cost_per_credit": "ocr_cost_per_credit",
}
SAME_IN_TWINS: Final = ("kind", "facts", "prices", "lifecycle", "incomplete")
STATED_PERIODS: Final = {"original_pricing_per_minute": ("minute", 1), "original_pricing_per_hour": ("minute", 60)}
_LINK = re.compile(r"https?://\S+")
_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)\Z")


class LiteLLMSpider(SourceSpider):
    """Reads the price map: one object by id. A missing price is silence; unit slips upstream are stated as they are."""

    source = Source(
        id="litellm",
        name="LiteLLM price map",
        kind="catalogue",
        url="https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json",
        license="MIT",
        terms_url="https://github.com/BerriAI/litellm/blob/main/LICENSE",
        attribution="BerriAI/litellm contributors",
        bundle=True,
        priority=20,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = ("https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a row, two where a multiplier states another region; refuses a map without providers or prices."""
        rows = json_object(body, "LiteLLM price map")
        tally = Tally()
        rows.pop("sample_spec", None)
        listings: list[ListingSeen] = []
        for external_id, value in rows.items():
            if not is_usable_id(external_id) or not isinstance(value, dict):
                tally.skip("record without a usable id")
            elif not is_usable_id(value.get("litellm_provider")):
                tally.skip("record without litellm_provider")
            else:
                listings.extend(_listings(external_id, Record(value, "model", tally)))
        if not listings:
            raise DocumentRefusedError("LiteLLM price map: no record states `litellm_provider`; was the key renamed?")
        if not any(listing.prices for listing in listings):
            raise DocumentRefusedError("LiteLLM price map: no record states a price; were the keys renamed?")
        return DocumentSeen(
            url=url, listings=tuple(_merged(listings)), unknown=tally.unknown, skipped=tally.skipped, rows=len(rows)
        )


def _merged(listings: list[ListingSeen]) -> Iterator[ListingSeen]:
    """The listings, those that stand under a bare and a prefixed id with equal content told once, with an alias."""
    by_key = {listing.key: listing for listing in listings}
    aliases: dict[tuple[str, ...], str] = {}
    for listing in listings:
        prefix, _, bare = listing.external_id.partition("/")
        if bare and (listing.provider == prefix or listing.provider.startswith(f"{prefix}-")):
            twin = by_key.get(replace(listing, external_id=bare).key)
            if twin and all(getattr(twin, part) == getattr(listing, part) for part in SAME_IN_TWINS):
                aliases[twin.key] = listing.external_id
                del by_key[listing.key]
    for key, listing in by_key.items():
        yield replace(listing, aliases=(aliases[key],)) if key in aliases else listing


def _listings(external_id: str, record: Record) -> Iterator[ListingSeen]:
    provider = record.take("litellm_provider")
    mode = record.text("mode")
    path = parse_id(external_id)
    if mode and mode not in TYPES:
        record.unknown("mode", f"the word {clean_text(mode, 30)!r}")
    evidence = {told: plain(value) for key, told in IN_OTHER_MONEY.items() if (value := record.amount(key)) is not None}
    stated_unit = record.text("web_search_billing_unit")
    if stated_unit not in ("", "per_query", "per_request"):
        record.unknown("web_search_billing_unit", f"the word {clean_text(stated_unit, 30)!r}")
    facts, stated_price = _note(record)
    prices = list(_all_prices(record, mode, path, stated_price))
    derived, regions = _derived(_multipliers(record), prices, path.region)
    facts |= facts_of(record, mode)
    link = _LINK.match(record.text("source"))
    listing = ListingSeen(
        provider=provider,
        external_id=external_id,
        region=path.region,
        kind="other" if mode in NOT_MODELS else "model",
        facts=record.facts(facts),
        prices=distinct_prices(as_stated(LiteLLMSpider.source.id, provider, [*prices, *derived]), record),
        lifecycle=lifecycle_of(record),
        evidence=evidence | ({"mode": mode} if mode else {}),
        url=clean_url(link[0]) if link else None,
    )
    record.ignore(*OF_ITS_SOFTWARE)
    record.close()
    yield replace(listing, incomplete=record.incomplete)
    for region, region_prices in regions.items():
        yield ListingSeen(
            provider=provider, external_id=external_id, region=region, prices=distinct_prices(region_prices, record),
            incomplete=record.incomplete, url=listing.url,
        )  # fmt: skip


def _all_prices(record: Record, mode: str, path: IdPath, stated_price: tuple[Decimal, str] | None) -> Iterator[Price]:
    yield from _prices(record, mode, path, stated_price=stated_price)
    yield from _web_search(record)
    for tier in record.records("tiered_pricing", priced=True):
        size, results = tier.take("range"), tier.take("max_results_range")
        start = _range_start(size if size is not None else results)
        if start is None:
            tier.unknown("range", "not a range")
            tier.ignore(*list(tier.left))
        elif size is not None:
            yield from _prices(tier, mode, path, tier=start)
        else:
            yield from _prices(tier, mode, path, conditions={"max_results": str(int(results[1]))})
        tier.close()
    off_peak = record.record("off_peak_pricing", priced=True)
    if off_peak:
        hours = off_peak.take("hours_utc")
        windows = [
            _WINDOW.match(text) if isinstance(text, str) else None for text in (hours if isinstance(hours, list) else [hours])
        ]
        left = dict(off_peak.left)
        for window in windows:
            if window is None:
                off_peak.unknown("hours_utc", "not a daily window")
                continue
            off_peak.left = dict(left)
            yield from _prices(off_peak, mode, path, window=f"{window[1]}{window[2]}-{window[3]}{window[4]}")
        off_peak.close()


def _range_start(value: Any) -> int | None:
    """The start of `[0, 256000.0]`; None for what is no range of whole numbers."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    try:
        start, end = (decimal_of(number) for number in value)
    except (TypeError, NumberRefusedError):
        return None
    return int(start) if 0 <= start <= end < 10**12 else None


def _prices(
    record: Record,
    mode: str,
    path: IdPath,
    *,
    tier: int = 0,
    conditions: dict[str, str] | None = None,
    window: str = "",
    stated_price: tuple[Decimal, str] | None = None,
) -> Iterator[Price]:
    """The prices that the record's own keys state; keys that are no price stay in the record."""
    names = {key: name for key in record.left if (name := parse_price_name(key)).is_known}
    amounts = {key: amount for key in names if (amount := record.amount(key)) is not None}
    for key, amount in amounts.items():
        name = names[key]
        meter, unit, alternative = meter_of(name, amount, amounts, mode, path)
        meter = name.meter(meter)
        if not meter:
            if unit != "dropped":
                record.unknown(key, f"in mode {clean_text(mode, 30)!r}")
            continue
        if stated_price and key == "input_cost_per_second" and unit == "second":
            amount, unit = stated_price
        extra = {"unit_of": "annotation"} if name.base == "annotation_cost_per_page" else {}
        yield price(
            meter,
            amount,
            unit,
            plan="provisioned" if path.is_provisioned else name.plan,
            min_context_tokens=name.min_context_tokens or tier,
            window=window,
            conditions=path.conditions | (conditions or {}) | name.conditions | extra,
            alternative_of=alternative,
        )


def _web_search(record: Record) -> Iterator[Price]:
    sizes = record.record("search_context_cost_per_query", priced=True)
    if sizes is None:
        return
    amounts = {size: amount for size in ("low", "medium", "high")
               if (amount := sizes.amount(f"search_context_size_{size}")) is not None}  # fmt: skip
    sizes.close()
    if len(amounts) == 3 and len(set(amounts.values())) == 1:
        yield price("web_search", amounts["low"], "request")
        return
    for size, amount in amounts.items():
        yield price("web_search", amount, "request", conditions={"search_context": size})


def _multipliers(record: Record) -> Record:
    """What a price is multiplied by: `provider_specific_entry`, and the uplifts that stand beside the prices since 2026-06."""
    entry = record.record("provider_specific_entry", priced=True) or record.child({}, "provider_specific_entry", priced=True)
    entry.ignore("bedrock_invocation_schema")
    entry.left |= {key: record.take(key) for key in list(record.left) if key.startswith(UPLIFT)}
    return entry


def _derived(multipliers: Record, prices: Iterable[Price], own_region: str) -> tuple[list[Price], dict[str, list[Price]]]:
    """The token prices that a stated multiplier gives: `fast` on plan fast, a region as a listing of its own.

    A plan's own stated price stands before a derived one of the same key. What a region costs more where the id states a
    region already is not known.
    """
    by_token = [stated for stated in prices if stated.unit == "token" and stated.amount is not None]
    stated_keys = {stated.key for stated in by_token}
    derived: list[Price] = []
    regions: dict[str, list[Price]] = {}
    for entry in list(multipliers.left):
        factor = multipliers.amount(entry)
        if factor is None:
            continue
        name = entry.removeprefix(UPLIFT)
        source = f"{clean_text(entry if name != entry else f'provider_specific_entry.{entry}', 80)} x {plain(factor)}"
        if name == "fast":
            derived += [
                replace(stated, key=key, amount=canonical(stated.amount * factor), derived_from=source)
                for stated in by_token
                if stated.key.plan == "standard" and stated.amount is not None
                and (key := replace(stated.key, plan="fast")) not in stated_keys
            ]  # fmt: skip
        elif not own_region and parse_id(f"{name}/").region:
            regions[name] = [replace(stated, amount=canonical(stated.amount * factor), derived_from=source)
                             for stated in by_token if stated.amount is not None]  # fmt: skip
        else:
            multipliers.unknown(entry, "a multiplier")
    return derived, regions


def _note(record: Record) -> tuple[dict[str, Any], tuple[Decimal, str] | None]:
    """The note that `metadata` and `comment` make, and the figure that the seller states per minute or hour."""
    notes = [record.text("comment")]
    stated: tuple[Decimal, str] | None = None
    metadata = record.record("metadata")
    if metadata:
        for key, (unit, parts) in STATED_PERIODS.items():
            amount = metadata.amount(key)
            if amount is not None:
                stated = (amount / parts, unit)
        notes += [metadata.text("notes"), metadata.text("comment")]
        metadata.ignore("calculation")
        if (tool_choice := metadata.flag("supports_tool_choice")) is not None:
            record.left.setdefault("supports_tool_choice", tool_choice)
        metadata.close()
    return {"note": clean_text(" ".join(note for note in notes if note))}, stated
