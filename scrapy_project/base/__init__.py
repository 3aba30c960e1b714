"""What every spider builds on: the spider itself and the record that misses no key."""

from __future__ import annotations

from scrapy_project.base.record import (
    Record,
    Tally,
    day_start,
    distinct_prices,
    is_usable_id,
    json_document,
    json_list,
    json_object,
)
from scrapy_project.base.spider import SourceSpider

__all__ = [
    "Record",
    "SourceSpider",
    "Tally",
    "day_start",
    "distinct_prices",
    "is_usable_id",
    "json_document",
    "json_list",
    "json_object",
]
