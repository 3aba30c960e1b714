"""OpenRouter's lists on their whole real documents, compared with a reader of its own."""

from __future__ import annotations

from decimal import Decimal

from tests.spiders.replayed import close, manifest, needs_mirror, raw, rows_and_listings, seen, usd


@needs_mirror
def test_every_record_becomes_a_listing() -> None:
    assert rows_and_listings("openrouter") == (339, 339)


@needs_mirror
def test_openrouter_figures_are_the_documents() -> None:
    records = {record["id"]: record for record in raw("https://openrouter.ai/api/v1/models")["data"]}
    meters = {
        "prompt": "input",
        "completion": "output",
        "input_cache_read": "cache_read",
        "input_cache_write": "cache_write",
    }
    for listing in seen("openrouter").listings:
        pricing = records[listing.external_id]["pricing"]
        plan = "free" if listing.external_id.endswith(":free") else "standard"
        for key, meter in meters.items():
            figure = usd(listing, f"{meter}|{plan}|0|||USD|")
            if pricing.get(key) in (None, "-1"):
                assert figure is None
            else:
                assert figure is not None
                assert close(figure, Decimal(pricing[key]) * 1_000_000)


@needs_mirror
def test_openrouter_sentinels_are_no_prices() -> None:
    listings = seen("openrouter").listings
    variable = [listing for listing in listings if any(stated.absent for stated in listing.prices)]
    assert {listing.external_id for listing in variable} == {
        "openrouter/auto", "openrouter/bodybuilder", "openrouter/fusion", "openrouter/pareto-code"
    }  # fmt: skip
    assert all(listing.kind == "router" for listing in variable)
    assert sum(any(stated.key.plan == "free" for stated in listing.prices) for listing in listings) == 23
    assert [event.at.year for listing in listings for event in listing.lifecycle if event.at] == [2026] * 4


@needs_mirror
def test_openrouter_endpoints_are_the_index_and_each_models_hosts() -> None:
    index = seen("openrouter_endpoints")
    assert index.links is not None
    urls = [url for url in manifest() if url.endswith("/endpoints")]
    assert len(urls) == 60
    assert len(set(urls) & set(index.links)) >= 55, "the index names nearly all that the mirror holds"
    hosts = prices = 0
    for url in urls:
        document = seen("openrouter_endpoints", url)
        endpoints = raw(url)["data"]["endpoints"]
        assert not document.unknown
        assert not any(listing.incomplete for listing in document.listings)
        for listing, endpoint in zip(document.listings, endpoints, strict=True):
            assert listing.host == endpoint["provider_name"]
            figure = usd(listing, "output|standard|0|||USD|")
            assert figure is not None
            assert close(figure, Decimal(endpoint["pricing"]["completion"]) * 1_000_000)
            prices += len(listing.prices)
        hosts += len(document.listings)
    assert hosts == 485
    assert prices > 1_400
