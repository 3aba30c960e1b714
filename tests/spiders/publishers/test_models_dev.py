"""models.dev on its whole real document, compared with a reader of its own."""

from __future__ import annotations

from decimal import Decimal

from tests.spiders.replayed import close, needs_mirror, raw, rows_and_listings, seen, usd


@needs_mirror
def test_every_record_becomes_a_listing() -> None:
    assert rows_and_listings("models_dev") == (4255, 4255)


IMAGE_TOKENS = {
    ("302ai", "gemini-3.1-flash-image-preview"), ("google", "gemini-2.5-flash-image"),
    ("google", "gemini-2.5-flash-image-preview"), ("google", "gemini-3.1-flash-image-preview"),
    ("vercel", "google/gemini-3-pro-image"),
}  # fmt: skip
"""Models that write text and images, whose `output` at models.dev is the price of image tokens on the sellers' pages."""


@needs_mirror
def test_models_dev_figures_are_the_documents() -> None:
    prices = 0
    for listing in seen("models_dev").listings:
        record = raw("https://models.dev/api.json")[listing.provider]["models"][listing.external_id]
        cost = record.get("cost", {})
        assert bool(listing.prices) == bool(cost)
        for key in ("input", "output", "cache_read", "cache_write", "reasoning", "input_audio", "output_audio"):
            of_images = record["modalities"]["output"] == ["image"] or (listing.provider, listing.external_id) in IMAGE_TOKENS
            meter = "output_image" if key == "output" and of_images else key
            currency = "EUR" if listing.provider == "scaleway" else "USD"
            figure = usd(listing, f"{meter}|standard|0|||{currency}|")
            assert (figure is None) == (key not in cost)
            assert figure is None or close(figure, Decimal(cost[key]))
            prices += figure is not None
        for name in ("context", "input", "output"):
            assert listing.facts.get(f"limit.{name}") == (record["limit"].get(name) or None)
    assert prices == 10_073


@needs_mirror
def test_models_dev_silence_and_zero_are_two_things() -> None:
    listings = seen("models_dev").listings
    silent = [listing for listing in listings if not listing.prices]
    free = [
        listing
        for listing in listings
        if usd(listing, "input|standard|0|||USD|") == 0 and usd(listing, "output|standard|0|||USD|") in (0, None)
    ]
    assert len(silent) == 214
    assert len(free) == 417
