"""What a publication changes is told as events; ids that it withdraws lead on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aimstats.domain.items import ListingSeen
from tests.ingest.worlds import World, both, catalogue, day, page, seen


def told(world: World) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    rows = world.rows("select kind, model, field, before, after from event order by id")
    return [tuple(row) for row in rows]


def test_the_first_publication_of_all_is_no_news(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"))])
    assert told(world) == []


def test_a_new_model_and_a_moved_price_are_told_with_their_ratio(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"), name="GPT-4o")])
    world.crawl(day(1), [seen("gpt-4o", *both("2.5", "15"), name="GPT-4o"), seen("o3", *both("2", "8"), name="o3")])
    assert told(world) == [
        ("price_changed", "openai/gpt-4o", "cost.input", "5", "2.5"),
        ("model_added", "openai/o3", None, None, "o3"),
    ]
    assert world.rows("select ratio from event where kind = 'price_changed'")[0][0] == Decimal("0.5")


def test_an_unchanged_crawl_tells_nothing(world: World) -> None:
    for number in range(3):
        world.crawl(day(number), [seen("gpt-4o", *both("5", "15"))])
    assert told(world) == []


def test_a_figure_of_another_source_is_restated_and_no_price_move(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"))])
    world.crawl(day(1), {"https://openai.example": [seen("gpt-4o", *both("2.5", "10"))]}, page("openai", "openai"))
    assert {row[0] for row in told(world)} == {"price_restated"}


def test_a_figure_first_stated_is_no_price_move(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", both("5", "15")[0])])
    world.crawl(day(1), [seen("gpt-4o", *both("5", "15"))])
    assert told(world) == []


def chat(name: str) -> ListingSeen:
    """The id that meant several models over time: its display name says which."""
    return seen("deepseek-chat", *both("0.27", "1.1"), provider="deepseek", name=name)


def test_a_model_whose_listing_means_another_now_leads_there(world: World) -> None:
    world.crawl(day(0), [chat("DeepSeek V3"), seen("o3", *both("2", "8"))])
    world.crawl(day(1), [chat("DeepSeek V3.1"), seen("o3", *both("2", "8"))])
    redirects = dict(world.rows("select id, redirect from published_model where redirect is not null"))
    assert redirects == {"deepseek/deepseek-v3": "deepseek/deepseek-v3.1"}
    assert ("model_merged", "deepseek/deepseek-v3", "id", "deepseek/deepseek-v3", "deepseek/deepseek-v3.1") in told(world)


def test_chains_of_redirects_are_flattened(world: World) -> None:
    for number, name in enumerate(("DeepSeek V3", "DeepSeek V3.1", "DeepSeek-V3.2")):
        world.crawl(day(number), [chat(name)])
    redirects = dict(world.rows("select id, redirect from published_model where redirect is not null"))
    assert set(redirects) == {"deepseek/deepseek-v3", "deepseek/deepseek-v3.1"}
    assert set(redirects.values()) == {"deepseek/deepseek-v3.2"}


def test_a_vanished_model_leads_nowhere_and_its_id_stays_taken(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15")), seen("o3", *both("2", "8"))])
    world.crawl(day(1), [seen("gpt-4o", *both("5", "15"))])
    assert ("model_removed", "openai/o3", None, None, None) in told(world)
    assert world.rows("select redirect from published_model where id = 'openai/o3'")[0][0] is None


def test_a_rekeyed_offer_leads_to_the_offer_that_holds_its_listing(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o-2024-05-13", *both("5", "15"))])
    world.crawl(day(1), [seen("gpt-4o-2024-05-13", *both("5", "15")), seen("gpt-4o-2024-08-06", *both("2.5", "10"))])
    goals = dict(world.rows("select id, redirect from offer where redirect is not null"))
    assert goals == {"openai/openai/gpt-4o": "openai/openai/gpt-4o:2024-05-13"}


def test_events_are_append_only(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"))], catalogue())
    world.crawl(day(1), [seen("gpt-4o", *both("4", "15"))], catalogue())
    with pytest.raises(Exception, match="append-only"), world.connection.begin_nested():
        world.rows("update event set kind = 'other' returning id")
