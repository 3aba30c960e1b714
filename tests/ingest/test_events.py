"""What a publication changes is told as events; ids that it withdraws lead on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from aimstats.domain.items import ListingSeen
from aimstats.identity import Name, Resolution, resolve
from aimstats.ingest import assignments, runs
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


def test_a_rounding_is_no_price_move_and_a_step_from_it_is_told_from_what_was_said(world: World) -> None:
    for number, usd in enumerate(("0.333333", "0.3333", "0.333", "0.3333333", "0.3337")):
        world.crawl(day(number), [seen("gpt-4o", *both(usd, "15"))])
    assert world.offers()["openai/openai/gpt-4o"]["cost"]["input"] == "0.3337", "the figure itself is what is said"
    assert told(world) == [("price_changed", "openai/gpt-4o", "cost.input", "0.3333333", "0.3337")]


def test_what_another_source_says_is_told_as_such_though_its_own_word_was_rounded(world: World) -> None:
    rival = catalogue("rival", priority=1)
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"))], rival)
    world.crawl(day(0), [seen("gpt-4o", *both("4.0001", "15"))])
    world.crawl(day(1), [seen("o3", *both("2", "8"))], rival, settles=False)
    world.crawl(day(1), [seen("gpt-4o", *both("4", "15"))])
    world.crawl(day(2), [seen("o3", *both("2", "8"))], rival)
    world.crawl(day(3), [seen("o3", *both("2", "8"))], rival)
    assert ("price_restated", "openai/gpt-4o", "cost.input", "5", "4") in told(world)


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


def test_an_id_that_means_another_model_now_merges_nothing(world: World) -> None:
    world.crawl(day(0), [chat("DeepSeek V3"), seen("o3", *both("2", "8"))])
    world.crawl(day(1), [chat("DeepSeek V3.1"), seen("o3", *both("2", "8"))])
    assert world.rows("select id from published_model where redirect is not null") == []
    assert ("model_removed", "deepseek/deepseek-v3", None, None, None) in told(world)
    assert ("model_added", "deepseek/deepseek-v3.1", None, None, "DeepSeek V3.1") in told(world)


def merge_by_rules(world: World, monkeypatch: pytest.MonkeyPatch, version: str, **renamed: str) -> None:
    """Publish again under rules that call some models otherwise."""

    def other(name: Name) -> Resolution:
        resolution = resolve(name)
        return replace(resolution, model=renamed.get(name.external_id, resolution.model))

    monkeypatch.setattr(assignments, "resolve", other)
    for module in (assignments, runs):
        monkeypatch.setattr(module, "RULES_VERSION", version)
    world.crawl(day(len(world.reports)), [seen("gpt-4o", *both("5", "15")), seen("o3", *both("2", "8"))])


def test_a_model_that_other_rules_merge_leads_to_the_one_that_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15")), seen("o3", *both("2", "8"))])
    merge_by_rules(world, monkeypatch, "other", o3="openai/gpt-4o")
    redirects = dict(world.rows("select id, redirect from published_model where redirect is not null"))
    assert redirects == {"openai/o3": "openai/gpt-4o"}
    assert told(world) == [("model_merged", "openai/o3", "id", "openai/o3", "openai/gpt-4o")]


def test_chains_of_redirects_are_flattened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15")), seen("o3", *both("2", "8"))])
    merge_by_rules(world, monkeypatch, "second", o3="openai/o3.1")
    merge_by_rules(world, monkeypatch, "third", o3="openai/o3.2")
    redirects = dict(world.rows("select id, redirect from published_model where redirect is not null"))
    assert redirects == {"openai/o3": "openai/o3.2", "openai/o3.1": "openai/o3.2"}
    assert {row[0] for row in told(world)} == {"model_merged"}, "other rules add nothing to the world"


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
