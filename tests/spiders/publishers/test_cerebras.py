"""Cerebras' list of models: what its figures may become, and what is refused or counted instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.items import DocumentRefusedError, DocumentSeen
from scrapy_project.sources import spider_classes
from tests.spiders.expected import PAGES

Change = Callable[[dict[str, Any]], None]


MODEL, STATED = "roadrunner-oss-120b", {"input": "0.35", "output": "0.75"}
"""A model of the small page, and its figures in dollars per million tokens."""


def page() -> Any:
    """The small page."""
    return json.loads((PAGES / "cerebras" / "page.json").read_text(encoding="utf-8"), parse_float=Decimal)


def parsed(document: Any) -> DocumentSeen:
    """What the spider says of a document."""
    spider = spider_classes()["cerebras"]()
    body = document if isinstance(document, bytes) else json.dumps(document, default=float).encode()
    return spider.parse_document(body, spider.start_urls[0])


def changed(change: Change) -> tuple[dict[str, Decimal | None], bool, DocumentSeen]:
    """The figures of the model by meter after a change of its record, whether they are incomplete, and the document."""
    document = page()
    change(next(row for row in document["data"] if row["id"] == MODEL))
    seen = parsed(document)
    listing = next(listing for listing in seen.listings if listing.external_id == MODEL)
    return {stated.key.meter: stated.usd for stated in listing.prices}, listing.incomplete, seen


def repriced(**pricing: Any) -> Change:
    """Write these into `pricing`; None takes a key out."""

    def change(row: dict[str, Any]) -> None:
        row["pricing"] = {key: value for key, value in (row["pricing"] | pricing).items() if value is not None}

    return change


def test_figures_are_as_stated_in_whatever_order_they_stand() -> None:
    expected = {meter: Decimal(figure) for meter, figure in STATED.items()}

    def reorder(row: dict[str, Any]) -> None:
        row["pricing"] = dict(reversed(row["pricing"].items()))

    figures, incomplete, _ = changed(reorder)
    assert (figures, incomplete) == (expected, False)


@pytest.mark.parametrize("terms", [{"currency": "EUR"}, {"currency": "CNY"}, {"unit": "request"}, {"unit": 7}, {"currency": 1}])
def test_another_currency_or_unit_states_no_price(terms: dict[str, Any]) -> None:
    figures, incomplete, seen = changed(repriced(**terms))
    assert (figures, incomplete) == ({}, True)
    assert seen.unknown


@pytest.mark.parametrize("value", ["call us", "$0.30", "0.3 USD", [], {}, True, "-0.3", "NaN"])
def test_a_price_that_is_no_number_is_counted_and_never_guessed(value: Any) -> None:
    figures, incomplete, seen = changed(repriced(prompt=value))
    assert "input" not in figures
    assert incomplete
    assert any("prompt" in path for path in seen.unknown)


@pytest.mark.parametrize(("key", "meter"), [("prompt", "input"), ("completion", "output")])
def test_a_zero_beside_a_price_is_never_free(key: str, meter: str) -> None:
    figures, incomplete, _ = changed(repriced(**{key: 0}))
    assert meter not in figures
    assert incomplete


def test_zeros_alone_state_nothing() -> None:
    zero: Change = lambda row: row.update(pricing=dict.fromkeys(row["pricing"], 0))  # noqa: E731
    figures, incomplete, seen = changed(zero)
    assert (figures, incomplete) == ({}, False)
    assert any(reason.startswith("prices of 0") for reason in seen.skipped)


def test_an_unknown_price_makes_the_listing_incomplete_and_takes_nothing_away() -> None:
    figures, incomplete, seen = changed(repriced(surcharge="0.1"))
    assert set(figures) == set(STATED)
    assert incomplete
    assert seen.unknown["model.pricing.surcharge"] == 1


def test_a_document_whose_prices_were_renamed_is_refused() -> None:
    document = page()
    for row in document["data"]:
        row["cost"] = row.pop("pricing", None)
    with pytest.raises(DocumentRefusedError, match="pricing"):
        parsed(document)


def test_a_list_whose_limits_were_renamed_is_refused() -> None:
    document = page()
    for row in document["data"]:
        row["bounds"] = row.pop("limits", None)
    with pytest.raises(DocumentRefusedError, match="max_context_length"):
        parsed(document)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b'{"data": []}', b'{"data": {}}', b'{"error": {"message": "Not found"}}', b"[1, 2]",
        b"<html><title>Just a moment...</title></html>", b"# 404 - Page Not Found", b"\xff\xfe\x00",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_list_of_models_is_refused(body: bytes) -> None:
    with pytest.raises(DocumentRefusedError):
        parsed(body)


def test_half_a_document_is_refused() -> None:
    body = (PAGES / "cerebras" / "page.json").read_bytes()
    for part in range(1, 20):
        with pytest.raises(DocumentRefusedError):
            parsed(body[: len(body) * part // 20])
