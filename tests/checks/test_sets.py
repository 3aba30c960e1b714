"""A set is held as a set: no two prices of a plan are shown together that nobody stated together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aimstats.domain.prices import price
from tests.ingest.worlds import World, both, catalogue, day, seen, usd

OFFER = "acme/openai/gpt-4o"


def stated(*prices: Any) -> list[Any]:
    return [seen("gpt-4o", *prices, provider="acme")]


def cost(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.offers()[OFFER]["cost"]
    return found


def test_what_changes_beside_a_held_price_waits_with_it(world: World) -> None:
    world.crawl(day(0), stated(*both("2.5", "10"), usd("cache_read", "1.25"), usd("input", "5", min_context_tokens=200_000)))
    after = stated(*both("25", "12"), usd("cache_write", "3"), usd("input", "6", min_context_tokens=200_000))
    for number in (1, 2):
        world.crawl(day(number), after)
        found = cost(world)
        assert (found["input"], found["output"], found["cache_read"]) == ("2.5", "10", "1.25")
        assert found["tiers"] == [{"min_context_tokens": 200_000, "input": "5"}]
        assert "cache_write" not in found or found["cache_write"] is None
    checks = {(row[0], row[1].split("|")[0]) for row in world.rows("select \"check\", item->>'key' from held")}
    assert checks == {
        ("moved", "input"), ("beside_held", "output"), ("beside_held", "cache_read"), ("beside_held", "cache_write"),
        ("beside_held", "input"),
    }  # fmt: skip
    world.crawl(day(3), after)
    found = cost(world)
    assert (found["input"], found["output"], found["cache_write"]) == ("25", "12", "3")
    assert "cache_read" not in found
    assert world.rows("select 1 from held where decided is null") == []


def test_another_plan_and_another_listing_go_on(world: World) -> None:
    rest = [seen("o3", *both("2", "8"), provider="acme")]
    world.crawl(day(0), [*stated(*both("2.5", "10"), usd("input", "1.25", plan="batch")), *rest])
    world.crawl(
        day(1), [*stated(*both("25", "10"), usd("input", "1", plan="batch")), seen("o3", *both("3", "8"), provider="acme")]
    )
    assert (cost(world)["input"], cost(world)["plans"]["batch"]["input"]) == ("2.5", "1")
    assert world.offers()["acme/openai/o3"]["cost"]["input"] == "3"


def test_an_unchanged_price_beside_a_held_one_is_as_old_as_its_reading(world: World) -> None:
    world.crawl(day(0), stated(*both("2.5", "10")))
    world.crawl(day(1), stated(*both("25", "10")))
    rows = {row["meter"]: row.get("held") for row in world.offers()[OFFER]["prices"]}
    assert rows["input"]["confirmed_at"] == day(0).isoformat()
    assert rows["output"] is None


def test_a_new_price_that_is_held_holds_nothing_that_stood_without_it(world: World) -> None:
    world.crawl(day(0), stated(*both("2.5", "10")))
    world.crawl(day(1), stated(*both("2", "8"), usd("cache_read", "30")))
    assert (cost(world)["input"], cost(world)["output"], cost(world)["absent"]["cache_read"]) == ("2", "8", "held")


def test_in_a_new_listing_what_others_confirm_is_published_beside_an_impossible_price(world: World) -> None:
    world.crawl(day(0), stated(*both("2.5", "10")), catalogue("other"))
    world.crawl(day(0), stated(*both("2.5", "10000"), usd("cache_read", "1.2"), price("request", Decimal("0.01"), "request")))
    held = {row[0].split("|")[0] for row in world.rows("select item->>'key' from held")}
    assert held == {"output", "cache_read"}


def test_a_frozen_alias_beside_one_that_moved_makes_no_new_product(world: World) -> None:
    def aliases(one: str, other: str) -> list[Any]:
        return [
            seen("gpt-4o", *both(one, "10"), provider="acme"),
            seen("openai/gpt-4o", *both(other, "10"), provider="acme"),
        ]

    world.crawl(day(0), aliases("2.5", "2.5"))
    assert set(world.offers()) == {OFFER}
    world.crawl(day(1), aliases("2", "25"))
    assert set(world.offers()) == {OFFER}


def test_two_products_stay_two_while_one_is_frozen(world: World) -> None:
    def products(one: str, other: str) -> list[Any]:
        return [
            seen("gpt-4o", *both(one, "10"), provider="acme"),
            seen("gpt-4o-fast", *both(other, "20"), provider="acme", name="GPT-4o"),
            seen("openai/gpt-4o", *both(other, "20"), provider="acme"),
        ]

    world.crawl(day(0), products("2.5", "5"))
    before = set(world.offers())
    assert len(before) > 1
    world.crawl(day(1), products("50", "5"))
    assert set(world.offers()) == before


def test_what_is_only_unlike_its_seller_condemns_nothing_beside_it(world: World) -> None:
    stock = [seen(f"acme-{n}", *both(str(n), str(n * 4)), usd("cache_write", str(n)), provider="acme") for n in range(1, 5)]
    world.crawl(day(0), stock)
    world.crawl(day(1), [*stock, *stated(*both("2.5", "10"), usd("cache_write", "0.009"))])
    assert (cost(world)["input"], cost(world)["output"]) == ("2.5", "10")
    assert {row[0].split("|")[0] for row in world.rows("select item->>'key' from held")} == {"cache_write"}
