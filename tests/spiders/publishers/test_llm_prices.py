"""llm-prices on its real documents, compared with a reader of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tests.spiders.replayed import needs_mirror, rows_and_listings, seen


@needs_mirror
def test_every_record_becomes_a_listing() -> None:
    assert rows_and_listings("llm_prices") == (112, 111)


@needs_mirror
def test_llm_prices_history_has_the_step_of_deepseek_chat() -> None:
    document = seen("llm_prices", "https://www.llm-prices.com/historical-v1.json")
    listing = next(one for one in document.listings if one.external_id == "deepseek-chat")
    step = datetime(2025, 2, 8, tzinfo=UTC)
    steps = {(one.usd, one.valid_from, one.valid_to) for one in listing.prices if one.key.meter == "input"}
    assert steps == {(Decimal("0.14"), None, step), (Decimal("0.27"), step, None)}
    assert document.rows == 113
    assert len(document.listings) == 111
