"""genai-prices: Pydantic's catalogue, with prices that change by date and by hour, in US dollars per million tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.prices import MTOK, Price, price
from aimstats.domain.text import clean_url
from scrapy_project.base import Record, SourceSpider, Tally, day_start, distinct_prices, is_usable_id, json_list
from scrapy_project.base.image_tokens import is_of_images

METERS: Final = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "input_audio_mtok": "input_audio",
    "output_audio_mtok": "output_audio",
    "cache_audio_read_mtok": "cache_read_audio",
    "input_image_mtok": "input_image",
    "output_image_mtok": "output_image",
    "cache_image_read_mtok": "cache_read_image",
    "input_video_mtok": "input_video",
    "output_video_mtok": "output_video",
    "output_reasoning_mtok": "reasoning",
    "output_citation_mtok": "citation",
}
PER_THOUSAND: Final = {"requests_kcount": "request", "web_searches_kcount": "web_search"}
_DATA: Final = "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices"
SECOND: Final = f"{_DATA}/new_data/v2/data.json"
FIRST: Final = f"{_DATA}/data.json"
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::00)?(?:Z|\+00:00)\Z")


class GenaiPricesSpider(SourceSpider):
    """Reads `data.json` of version 2: providers with their models; where it is not there, that of version 1.

    Version 1 has the same shape with fewer meters, and has not moved since 2026-07-25. What version 2 says stands for all of it:
    it counts as an index that names no other document, so that what was read of version 1 ends where version 2 is read.
    A price that is left out is silence (free or unknown: the document does not tell). Of conditional prices the last
    that applies counts, the first where none does: dated ones make steps, daily ones windows. `equals` rules are aliases;
    the other match rules name no ids.
    """

    source = Source(
        id="genai_prices",
        name="genai-prices",
        kind="catalogue",
        url="https://github.com/pydantic/genai-prices",
        license="MIT",
        terms_url="https://github.com/pydantic/genai-prices/blob/main/LICENSE",
        attribution="Pydantic and genai-prices contributors",
        bundle=True,
        priority=40,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = (SECOND,)
    indexes = start_urls
    stand_ins = {SECOND: (FIRST,)}  # noqa: RUF012  # the base class says ClassVar

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a document without providers, models or prices."""
        tally = Tally()
        listings: list[ListingSeen] = []
        rows = 0
        for value in json_list(body, "genai-prices"):
            if not isinstance(value, dict) or not is_usable_id(value.get("id")) or not isinstance(value.get("models"), list):
                tally.skip("provider without an id or models")
                continue
            provider = Record(value, "provider", tally)
            models = provider.take("models")
            rows += len(models)
            listings.extend(_listings(provider, models))
        if not listings:
            raise DocumentRefusedError("genai-prices: no provider has `id` and `models`; were the keys renamed?")
        if not any(listing.prices for listing in listings):
            raise DocumentRefusedError("genai-prices: no model states a price in `prices`; was the key renamed?")
        return DocumentSeen(
            url=url, listings=tuple(listings), unknown=tally.unknown, skipped=tally.skipped, rows=rows,
            links=() if url == SECOND else None,
        )  # fmt: skip


def _listings(provider: Record, models: list[Any]) -> Iterator[ListingSeen]:
    provider_id = provider.take("id")
    urls = provider.texts("pricing_urls") or [provider.text("pricing_url")]
    url = clean_url(urls[0]) if urls else None
    name = provider.text("name")
    provider.ignore("pricing_url", "api_pattern", "description", "price_comments", "model_match", "provider_match", "extractors")
    provider.ignore("fallback_model_providers")
    provider.close()
    for value in models:
        if isinstance(value, dict) and is_usable_id(value.get("id")):
            listing = _listing(provider_id, Record(value, "model", provider.tally))
            yield replace(listing, url=url, evidence={"provider_name": name} if name else {})
        else:
            provider.tally.skip("record without a usable id")


def _listing(provider: str, record: Record) -> ListingSeen:
    external_id = record.take("id")
    prices = distinct_prices(_on_their_meters(external_id, _prices(record)), record)
    match = record.take("match")
    facts = record.facts(
        {
            "name": record.text("name"),
            "limit.context": record.count("context_window") or record.count("max_tokens"),
            "status": "deprecated" if record.flag("deprecated") else None,
            "note": record.text("price_comments"),
        }
    )
    record.ignore("max_tokens", "description", "prices_checked", "price_discrepancies", "collapse")
    record.close()
    return ListingSeen(
        provider=provider,
        external_id=external_id,
        name=facts.get("name", ""),
        facts=facts,
        prices=prices,
        aliases=tuple(dict.fromkeys(alias for alias in _equals(match) if alias != external_id)),
        incomplete=record.incomplete,
    )


def _on_their_meters(external_id: str, prices: Iterator[Price]) -> Iterator[Price]:
    """The prices, with the output of an image model as that of image tokens where it can be no other."""
    stated = list(prices)
    figures = {price.key.meter: price.amount for price in stated if not price.key.min_context_tokens}
    is_image = "image" in external_id and is_of_images(figures, "input", "output")
    for one in stated:
        yield replace(one, key=replace(one.key, meter="output_image")) if is_image and one.key.meter == "output" else one


def _equals(match: Any) -> Iterator[str]:
    """The ids that a rule names exactly: `equals`, alone or as one of `or`."""
    if not isinstance(match, dict):
        return
    if is_usable_id(match.get("equals")):
        yield match["equals"]
    for part in match["or"] if isinstance(match.get("or"), list) else ():
        if isinstance(part, dict) and is_usable_id(part.get("equals")):
            yield part["equals"]


def _prices(record: Record) -> Iterator[Price]:
    if not isinstance(record.left.get("prices"), list):
        plain_prices = record.record("prices", priced=True)
        if plain_prices:
            yield from _stated(plain_prices)
        return
    steps: list[tuple[datetime | None, list[Price]]] = []
    for number, entry in enumerate(record.records("prices", priced=True)):
        constraint, inner = entry.record("constraint"), entry.record("prices")
        entry.close()
        if inner is None or (constraint is None and number):
            entry.unknown("constraint", "missing")
        elif constraint is None:
            steps.append((None, list(_stated(inner))))
        elif "start_date" in constraint.left:
            start = _day(constraint)
            constraint.close()
            if start is not None:
                steps.append((start, list(_stated(inner))))
        else:
            window = _window(constraint)
            constraint.close()
            if window:
                yield from _stated(inner, window)
    yield from _dated(steps)


def _dated(steps: list[tuple[datetime | None, list[Price]]]) -> Iterator[Price]:
    """Each step in force until the next begins; the document's order decides between equal days."""
    ordered = sorted(steps, key=lambda step: step[0] or datetime.min.replace(tzinfo=UTC))
    for place, (start, prices) in enumerate(ordered):
        end = ordered[place + 1][0] if place + 1 < len(ordered) else None
        if start is None or start != end:
            for stated in prices:
                yield replace(stated, valid_from=start, valid_to=end)


def _day(constraint: Record) -> datetime | None:
    day = day_start(constraint.text("start_date"))
    if day is None:
        constraint.unknown("start_date", "not a day")
    return day


def _window(constraint: Record) -> str:
    """`HHMM-HHMM` UTC from `start_time` and `end_time`; '' (counted) where they are no times of day in UTC."""
    times = [_TIME.match(constraint.text(key)) for key in ("start_time", "end_time")]
    if times[0] is None or times[1] is None:
        constraint.unknown("start_time", "no daily window")
        return ""
    return "-".join(f"{time[1]}{time[2]}" for time in times if time)


def _stated(prices: Record, window: str = "") -> Iterator[Price]:
    for key, meter in METERS.items():
        value = prices.take(key)
        if isinstance(value, dict):
            tiered = prices.child(value, key)
            base = tiered.amount("base")
            if base is not None:
                yield price(meter, base, MTOK, window=window)
            for tier in tiered.records("tiers"):
                start, amount = tier.count("start"), tier.amount("price")
                tier.close()
                if start is not None and amount is not None:
                    yield price(meter, amount, MTOK, min_context_tokens=start, window=window)
            tiered.close()
        elif value is not None:
            prices.left[key] = value
            amount = prices.amount(key)
            if amount is not None:
                yield price(meter, amount, MTOK, window=window)
    for key, meter in PER_THOUSAND.items():
        amount = prices.amount(key)
        if amount is not None:
            yield price(meter, amount, "1K requests", window=window)
    prices.close()
