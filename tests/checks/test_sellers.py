"""New price lists in a wrong unit: what nobody else knows shares the fate of what can be compared."""

from __future__ import annotations

from decimal import Decimal

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
    """The ids of the listings of which something is held, alone or together."""
    return {
        row[0]
        for row in world.rows(
            "select distinct l.external_id from held h left join lateral jsonb_array_elements(h.covers) c on true "
            "join listing l on l.id = coalesce(cast(c->>0 as bigint), h.listing_id) where h.decided is null"
        )
    }


def test_a_new_seller_in_a_wrong_unit_is_held_with_what_nobody_else_knows(known: World) -> None:
    stock = [seen(f"stock-{number}", *both("1", "4"), provider="acme") for number in range(40)]
    known.crawl(day(0), stock)
    known.crawl(day(1), [*stock, *listed("helicone", 200, 4)])
    assert held_names(known) == {*KNOWN, *(f"zephyr-{number}" for number in range(4))}


def test_two_odd_models_condemn_no_list(known: World) -> None:
    stock = [seen(f"stock-{number}", *both("1", "4"), provider="acme") for number in range(40)]
    known.crawl(day(0), stock)
    known.crawl(day(1), [*stock, *listed("helicone", 200, 0, known=2), seen("breeze", *both("2", "8"), provider="helicone")])
    assert held_names(known) == set(KNOWN[:2])


def test_of_a_new_source_in_a_wrong_unit_no_price_is_published(known: World) -> None:
    known.crawl(day(1), listed("helicone", 200, 4), catalogue("new"))
    assert held_names(known) == {*KNOWN, *(f"zephyr-{number}" for number in range(4))}
    (reason,) = known.rows("select reason from held where \"check\" = 'slipped_together'")[0]
    assert "6 of 6 new listings are a unit away from what others say" in reason


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


STOCK = [seen(f"stock-{number}", *both("1", "4"), provider="acme") for number in range(40)]


def sold(factor: str, count: int, provider: str = "bolt") -> list[ListingSeen]:
    """One seller's part of a catalogue: models at many prices, all times a factor."""
    prices = [Decimal(number + 2) / 4 * Decimal(factor) for number in range(count)]
    return [seen(f"{provider}-{n}", *both(str(p), str(p * 5)), provider=provider) for n, p in enumerate(prices)]


@pytest.mark.parametrize(
    ("factor", "count", "is_held"),
    [("0.92", 5, True), ("1.16", 8, True), ("0.92", 4, False), ("0.9", 8, False), ("0.5", 8, False), ("1.01", 8, False)],
)
def test_one_seller_of_a_catalogue_in_euros_is_held_and_the_rest_stays(
    world: World, factor: str, count: int, is_held: bool
) -> None:
    world.crawl(day(0), [*STOCK, *sold("1", count)])
    good = world.claims()
    assert world.crawl(day(1), [*STOCK, *sold(factor, count)]).status == "published"
    assert held_names(world) == ({f"bolt-{number}" for number in range(count)} if is_held else set())
    assert (world.claims() == good) is is_held


def test_some_of_a_sellers_models_may_move_alike(world: World) -> None:
    world.crawl(day(0), [*STOCK, *sold("1", 12)])
    world.crawl(day(1), [*STOCK, *sold("0.92", 6), *sold("1", 12)[6:]])
    assert not held_names(world)


def test_a_new_seller_is_not_judged_by_a_factor_from_others(known: World) -> None:
    known.crawl(day(0), STOCK, catalogue("stock"))
    known.crawl(day(1), [*STOCK, *(seen(name, *both("1.84", "7.36"), provider="poe") for name in KNOWN)])
    assert held_names(known) == set()
