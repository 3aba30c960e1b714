"""The audit: which readings a person should look at, on invented listings and over all real documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aimstats.domain.items import DocumentSeen
from aimstats.identity import Name, provider_of, resolve
from aimstats.identity.audit import (
    LIMITS,
    LIST_PRICES,
    Listed,
    largest_clusters,
    limit_contradictions,
    nearest_apart,
    price_contradictions,
)
from scrapy_project.sources import spider_classes


def listed(external_id: str, input_: str, output: str = "10", **rest: Any) -> Listed:
    """A listing of OpenAI's own with a list price."""
    stated: dict[str, Any] = {"source": "a", "stated_provider": "openai", "provider": "openai", "model": "openai/gpt-4o"}
    prices = dict(zip(LIST_PRICES, (Decimal(input_), Decimal(output)), strict=True))
    return Listed(external_id=external_id, prices=prices, **(stated | rest))


def test_two_names_of_one_model_with_different_list_prices_contradict() -> None:
    found = price_contradictions([listed("gpt-4o", "2.5"), listed("gpt-4o-odd", "5")])
    assert [str(one) for one in found] == ["openai/gpt-4o at openai, says a: gpt-4o 2.5 / 10; gpt-4o-odd 5 / 10"]


@pytest.mark.parametrize(
    "other",
    [
        listed("gpt-4o-odd", "2.5"),
        listed("gpt-4o", "5", source="b"),
        listed("gpt-4o-2024-05-13", "5", snapshot="2024-05-13"),
        listed("gpt-4o:extended", "6", variant="extended"),
        listed("gpt-4o-batch", "1.25", plan="batch"),
        listed("eu/gpt-4o", "2.75", region="eu"),
        listed("gpt-4o-odd", "5", provider="azure", stated_provider="azure"),
        listed("gpt-4.1", "2", model="openai/gpt-4.1"),
        listed("gpt-4o-odd", "0", "0"),
    ],
    ids=lambda row: f"{row.external_id}-{row.source}-{row.provider}",
)
def test_equal_prices_builds_variants_plans_regions_hosts_and_free_tiers_do_not(other: Listed) -> None:
    assert price_contradictions([listed("gpt-4o", "2.5"), other]) == []


def test_a_figure_that_one_name_lacks_contradicts_nothing() -> None:
    half = listed("gpt-4o-odd", "2.5")
    assert (
        price_contradictions([listed("gpt-4o", "2.5"), Listed(**{**_fields(half), "prices": {LIST_PRICES[0]: Decimal("2.5")}})])
        == []
    )


def _fields(row: Listed) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Listed.__slots__}


def test_limits_are_compared_alike() -> None:
    small, large = ({**_fields(listed(name, "1")), "limits": {LIMITS[0]: size}} for name, size in (("a", 8_000), ("b", 32_000)))
    assert len(limit_contradictions([Listed(**small), Listed(**large)])) == 1


def test_clusters_count_different_names() -> None:
    rows = [listed("gpt-4o", "1"), listed("GPT-4o", "1"), listed("gpt-4o-x", "1"), listed("o3", "1", model="openai/o3")]
    assert largest_clusters(rows, 5) == [("openai/gpt-4o", 2, 3), ("openai/o3", 1, 1)]


def test_neighbours_are_the_likest_of_one_lab() -> None:
    pairs = nearest_apart(["meta/llama-3.1-8b", "meta/llama-3.1-70b", "other/llama-3.1-8b", "openai/o3"], 3)
    assert [pair[:2] for pair in pairs] == [("meta/llama-3.1-70b", "meta/llama-3.1-8b")]


def documents(mirror: Path) -> Iterator[tuple[str, DocumentSeen]]:
    """What every spider says of each of its documents that the mirror has."""
    entries = json.loads((mirror / "MANIFEST.json").read_text(encoding="utf-8"))
    files = {entry["url"]: mirror / entry["file"] for entry in entries}
    for source, spider_class in spider_classes().items():
        if spider_class.source.kind == "benchmark":
            continue
        todo = list(spider_class.first_documents())
        for url in todo:
            if url in files:
                document = spider_class().parse_document(files[url].read_bytes(), url)
                todo += [link for link in document.links or () if link not in todo]
                yield source, document


@pytest.mark.long
def test_no_first_party_names_of_one_model_have_different_list_prices_in_any_real_document(shared: Path) -> None:
    rows: list[Listed] = []
    for source, document in documents(shared / "mirror"):
        for seen in document.listings:
            name = Name(
                source=source,
                provider=seen.provider,
                external_id="" if seen.is_page_name else seen.external_id,
                name=seen.name or (seen.external_id if seen.is_page_name else ""),
                facts={key: value for key, value in {**seen.facts, **seen.evidence}.items() if isinstance(value, str)},
            )
            found, seller = resolve(name), provider_of(source, seen.provider)
            if found.kind == "model" and found.model and seller.billing == "metered":
                rows.append(
                    Listed(
                        source=source, stated_provider=seen.provider, provider=seller.provider, external_id=seen.external_id,
                        model=found.model, snapshot=found.snapshot, variant=f"{seen.variant} {found.variant}".strip(),
                        plan=found.plan, region=seen.region or found.region or seller.region,
                        prices={str(one.key): one.usd for one in seen.prices if one.usd is not None and one.valid_to is None},
                    )
                )  # fmt: skip
    assert sum(row.is_first_party and row.list_price is not None for row in rows) > 500
    assert [str(one) for one in price_contradictions(rows)] == []
