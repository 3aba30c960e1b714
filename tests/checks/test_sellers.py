"""New price lists in a wrong unit: what nobody else knows shares the fate of what can be compared."""

from __future__ import annotations

import pytest

from aimstats.domain.items import ListingSeen
from tests.ingest.worlds import World, both, catalogue, day, seen

KNOWN = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "o3", "o4-mini")


def listed(provider: str, factor: int, unknown: int, known: int = len(KNOWN)) -> list[ListingSeen]:
    """A seller's list: models that others sell, and some that nobody else has."""
    names = [*KNOWN[:known], *(f"zephyr-{number}" for number in range(unknown))]
    return [seen(name, *both(str(factor), str(4 * factor)), provider=provider) for name in names]


@pytest.fixture
def known(world: World) -> World:
    """Three sellers of the known models, in other catalogues."""
    for number, provider in enumerate(("openai", "azure", "poe")):
        world.crawl(day(0), listed(provider, 2, 0), catalogue(f"other{number}"))
    return world


def held_names(world: World) -> set[str]:
    """The ids of the listings of which something is held."""
    return {
        item["listing"][2]
        for (item,) in world.rows("select item from held where decided is null and jsonb_exists(item, 'listing')")
    }


def test_a_new_seller_in_a_wrong_unit_is_held_with_what_nobody_else_knows(known: World) -> None:
    stock = [seen(f"stock-{number}", *both("1", "4"), provider="acme") for number in range(40)]
    known.crawl(day(0), stock)
    known.crawl(day(1), [*stock, *listed("helicone", 200, 4)])
    assert held_names(known) == {*KNOWN, *(f"zephyr-{number}" for number in range(4))}


def test_a_new_source_in_a_wrong_unit_is_quarantined(known: World) -> None:
    report = known.crawl(day(1), listed("helicone", 200, 4), catalogue("new"))
    assert report.status == "quarantined"
    assert "6 of 6 new listings are a unit away from what others say" in report.error


def test_a_new_source_of_which_one_price_is_wrong_is_published(known: World) -> None:
    right, wrong = listed("helicone", 2, 4, known=5), seen("o4-mini", *both("200", "800"), provider="helicone")
    report = known.crawl(day(1), [*right, wrong], catalogue("new"))
    assert (report.status, held_names(known)) == ("published", {"o4-mini"})


def test_what_has_long_been_held_condemns_nothing_new_and_is_held_on(known: World) -> None:
    stock = [seen(f"stock-{number}", *both("1", "4"), provider="acme") for number in range(40)]
    known.crawl(day(0), stock)
    bad = listed("helicone", 200, 1)
    known.crawl(day(1), [*stock, *bad])
    before = held_names(known)
    assert "zephyr-0" in before
    known.crawl(day(2), [*stock, *bad, seen("breeze", *both("2", "8"), provider="helicone")])
    assert held_names(known) == before
