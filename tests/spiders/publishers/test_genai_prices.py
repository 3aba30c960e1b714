"""genai-prices on its whole real document, compared with a reader of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tests.spiders.replayed import close, first, needs_mirror, raw, rows_and_listings, seen, usd


@needs_mirror
def test_every_record_becomes_a_listing() -> None:
    assert rows_and_listings("genai_prices") == (1194, 1194)


IMAGE_TOKENS = {
    ("google", "gemini-2.5-flash-image"), ("google", "gemini-3-pro-image-preview"), ("google", "gemini-3.1-flash-image-preview")
}  # fmt: skip
"""Models that write text and images, whose price of `output` is that of image tokens."""


@needs_mirror
def test_genai_prices_dates_make_steps() -> None:
    listing = next(one for one in seen("genai_prices").listings if one.external_id == "claude-opus-4-6")
    step = datetime(2026, 3, 13, tzinfo=UTC)
    steps = [(one.usd, one.valid_from, one.valid_to) for one in listing.prices if str(one.key) == "input|standard|0|||USD|"]
    assert steps == [(Decimal(5), None, step), (Decimal(5), step, None)]
    assert [(one.usd, one.valid_to) for one in listing.prices if str(one.key) == "input|standard|200000|||USD|"] == [
        (Decimal(10), step)
    ]
    o3 = next(one for one in seen("genai_prices").listings if (one.provider, one.external_id) == ("openai", "o3"))
    assert [one.usd for one in o3.prices if one.key.meter == "output"] == [Decimal(40), Decimal(8)]


@needs_mirror
def test_genai_prices_figures_are_the_documents() -> None:
    records = {
        (provider["id"], model["id"]): model["prices"] for provider in raw(first("genai_prices")) for model in provider["models"]
    }
    compared = 0
    for listing in seen("genai_prices").listings:
        prices = records[listing.provider, listing.external_id]
        if isinstance(prices, list):
            continue
        for key, meter in (("input_mtok", "input"), ("output_mtok", "output"), ("cache_read_mtok", "cache_read")):
            stated = prices.get(key)
            stated = stated["base"] if isinstance(stated, dict) else stated
            of_images = key == "output_mtok" and (listing.provider, listing.external_id) in IMAGE_TOKENS
            figure = usd(listing, f"{'output_image' if of_images else meter}|standard|0|||USD|")
            assert (figure is None) == (stated is None)
            assert figure is None or close(figure, Decimal(stated))
            compared += figure is not None
    assert compared > 2_200
