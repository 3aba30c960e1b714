"""llm-prices: Simon Willison's current prices and price history, in US dollars per million tokens."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.prices import MTOK, Price, price
from scrapy_project.base import Record, SourceSpider, Tally, day_start, is_usable_id, json_object

METERS: Final = {"input": "input", "output": "output", "input_cached": "cache_read"}
IMAGE_METERS: Final = {"input": "input_image", "output": "output_image", "input_cached": "cache_read_image"}
IMAGE_OUTPUT_METERS: Final = METERS | {"output": "output_image"}
_TIER = re.compile(r">\s*(\d{1,6})k\b")


class LlmPricesSpider(SourceSpider):
    """Reads the current and the historical document, whose rows say the same but for dates.

    A row whose name says `>200k` is the tier above 200,000 tokens of context. Rows of one id that follow each other in time
    are one listing with steps; a row without dates is undated, not "always". A row that repeats another is counted.
    """

    source = Source(
        id="llm_prices",
        name="llm-prices",
        kind="catalogue",
        url="https://www.llm-prices.com",
        terms_url="https://github.com/simonw/llm-prices",
        attribution="Simon Willison, llm-prices",
        priority=50,
        hosts=("www.llm-prices.com",),
    )
    start_urls = ("https://www.llm-prices.com/current-v1.json", "https://www.llm-prices.com/historical-v1.json")

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """Listings by vendor and id; refuses a document without `prices` or without a row that has vendor, id and price."""
        data = json_object(body, "llm-prices")
        rows = data.pop("prices", None)
        if not isinstance(rows, list) or not rows:
            raise DocumentRefusedError("llm-prices: `prices` is not a list with rows")
        tally = Tally()
        document = Record(data, "document", tally)
        updated = document.date("updated_at")
        document.close()
        listings: list[ListingSeen] = []
        for value in rows:
            if isinstance(value, dict) and is_usable_id(value.get("id")) and is_usable_id(value.get("vendor")):
                _add(listings, _listing(Record(value, "row", tally)), tally)
            else:
                tally.skip("row without a usable id and vendor")
        if not any(listing.prices for listing in listings):
            raise DocumentRefusedError("llm-prices: no row states `vendor`, `id` and `input`; were the keys renamed?")
        return DocumentSeen(
            url=url,
            date=day_start(updated),
            listings=tuple(listings),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=len(rows),
        )


def _listing(record: Record) -> ListingSeen:
    name = record.text("name")
    tier = _TIER.search(name)
    start, is_start_read = _day(record, "from_date")
    end, is_end_read = _day(record, "to_date")
    prices = []
    for key, meter in _meters(name).items():
        is_stated, amount = record.left.get(key) is not None, record.amount(key)
        if amount is not None and is_start_read and is_end_read:
            size = int(tier[1]) * 1_000 if tier else 0
            prices.append(price(meter, amount, MTOK, min_context_tokens=size, valid_from=start, valid_to=end))
        elif is_stated:
            record.mark_incomplete()
    external_id, vendor = record.take("id"), record.take("vendor")
    facts = record.facts({"name": name})
    record.close()
    return ListingSeen(
        provider=vendor,
        external_id=external_id,
        name=name,
        facts=facts,
        prices=tuple(prices),
        incomplete=record.incomplete,
    )


def _meters(name: str) -> dict[str, str]:
    """Image models: the row says whether it counts image or text tokens; else its output is images."""
    if "image tokens" in name:
        return IMAGE_METERS
    return IMAGE_OUTPUT_METERS if "(image gen)" in name and "text tokens" not in name else METERS


def _add(listings: list[ListingSeen], row: ListingSeen, tally: Tally) -> None:
    """Add a row to the listing whose history it continues, or as a listing of its own where its figures contradict it."""
    for place, listing in enumerate(listings):
        if listing.key != row.key:
            continue
        if set(row.prices) <= set(listing.prices):
            tally.skip("row that repeats another")
            return
        if not any(_overlap(one, other) for one in listing.prices for other in row.prices if one.key == other.key):
            listings[place] = replace(listing, prices=(*listing.prices, *row.prices))
            return
    listings.append(row)


def _overlap(one: Price, other: Price) -> bool:
    """Whether both are in force at some instant."""
    return not (
        (one.valid_to is not None and other.valid_from is not None and one.valid_to <= other.valid_from)
        or (other.valid_to is not None and one.valid_from is not None and other.valid_to <= one.valid_from)
    )


def _day(record: Record, key: str) -> tuple[datetime | None, bool]:
    """The start of a day, and whether it could be read: a price whose dates are not understood is not stated."""
    stated = record.left.get(key)
    instant = day_start(record.date(key))
    if stated is None or instant is not None:
        return instant, True
    record.unknown(key, "not a day")
    record.mark_incomplete()
    return None, False
