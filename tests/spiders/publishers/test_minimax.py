"""MiniMax' overview of models: their context windows."""

from __future__ import annotations

from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered
from tests.spiders.replayed import assert_fact, listing, needs_mirror

MINIMAX: Final = "https://platform.minimax.io/docs/api-reference/api-overview.md"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("minimax", "page.md", "Context Window", "Size"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@needs_mirror
@pytest.mark.parametrize(
    ("source", "url", "name", "key", "search", "factor"),
    [
        ("minimax", MINIMAX, "MiniMax-M3", "limit.context", r"\| MiniMax-M3 +\| ([\d,]+)", 1),
        ("minimax", MINIMAX, "MiniMax-M2.7", "limit.context", r"\| MiniMax-M2\.7 +\| ([\d,]+)", 1),
        ("minimax", MINIMAX, "MiniMax-M2.5-highspeed", "limit.context", r"\| MiniMax-M2\.5-highspeed +\| ([\d,]+)", 1),
        ("minimax", MINIMAX, "MiniMax-M2.1", "limit.context", r"\| MiniMax-M2\.1 +\| ([\d,]+)", 1),
        ("minimax", MINIMAX, "MiniMax-M2", "limit.context", r"\| MiniMax-M2 +\| ([\d,]+)", 1),
    ],
)
def test_a_fact_is_the_documents(source: str, url: str, name: str, key: str, search: str, factor: int) -> None:
    assert_fact(source, url, name, key, search, factor)


@needs_mirror
@pytest.mark.parametrize(
    ("name", "day"), [("MiniMax-M2.1", "2025-12-22"), ("Speech-02-turbo", "2025-04-02"), ("Image-01", "2025-02-15")]
)
def test_a_release_has_the_day_of_its_heading(name: str, day: str) -> None:
    assert listing("minimax_releases", name).facts["release_date"] == day


def test_a_card_below_a_heading_that_is_no_date_has_none() -> None:
    document = altered("minimax_releases", "page.md", "#### Jul. 31, 2026", "#### Soon")
    assert "MaxMini V9" not in {row.external_id for row in document.listings}
    assert dict(document.unknown) == {"card below no date": 1}
