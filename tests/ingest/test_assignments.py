"""What listings mean over time: one meaning an instant, replaced when we learn better, ended when the referent changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text

from aimstats.domain.items import ListingSeen
from aimstats.identity import Name, Resolution, resolve
from aimstats.ingest import assignments, runs
from aimstats.ingest.publish import settle_crawl
from tests.ingest.worlds import FIRST, World, both, catalogue, day, seen, usd

V3, V31 = "DeepSeek V3", "DeepSeek V3.1"


def chat(name: str, *figures: str) -> list[ListingSeen]:
    """What a document says of `deepseek-chat`."""
    return [seen("deepseek-chat", *both(*figures or ("0.27", "1.1")), provider="deepseek", name=name)]


def meanings(world: World) -> list[tuple[str | None, datetime | None, datetime | None, bool]]:
    """(model, valid from, valid to, whether it stands) of every assignment of deepseek-chat."""
    rows = world.rows(
        "select model, valid_from, valid_to, observed_to is null from assignment a join listing l on l.id = a.listing_id "
        "where l.external_id = 'deepseek-chat' order by observed_to is not null desc, valid_from nulls first, a.id"
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def no_overlap(world: World) -> bool:
    """Whether no listing has two standing assignments for one instant."""
    return not world.rows(
        "select a.id from assignment a join assignment b on a.listing_id = b.listing_id and a.id < b.id "
        "and a.observed_to is null and b.observed_to is null and tstzrange(a.valid_from, a.valid_to) && "
        "tstzrange(b.valid_from, b.valid_to)"
    )


def test_a_new_listing_means_one_model_for_all_dates(world: World) -> None:
    world.crawl(day(0), chat(V3))
    assert meanings(world) == [("deepseek/deepseek-v3", None, None, True)]


def test_an_unchanged_meaning_writes_nothing(world: World) -> None:
    world.crawl(day(0), chat(V3))
    report = world.crawl(day(1), chat(V3, "0.3", "1.2"))
    assert report.stats["assigned"] == 0
    assert len(meanings(world)) == 1


def test_a_changed_referent_ends_the_old_meaning_and_begins_the_new_one_that_day(world: World) -> None:
    world.crawl(day(0), chat(V3))
    world.crawl(day(10), chat(V31))
    assert meanings(world) == [
        ("deepseek/deepseek-v3", None, None, False),
        ("deepseek/deepseek-v3", None, day(10), True),
        ("deepseek/deepseek-v3.1", day(10), None, True),
    ]
    assert no_overlap(world)


def test_each_day_shows_the_figures_under_the_model_that_the_id_meant_then(world: World) -> None:
    world.crawl(day(0), chat(V3, "0.27", "1.1"))
    world.crawl(day(10), chat(V31, "0.56", "1.68"))
    before, after = world.cost_at(day(9), day(20)), world.cost_at(day(11), day(20))
    assert {id_: cost["input"] for id_, cost in before.items()} == {"deepseek/deepseek/deepseek-v3": "0.27"}
    assert {id_: cost["input"] for id_, cost in after.items()} == {"deepseek/deepseek/deepseek-v3.1": "0.56"}
    assert list(world.models()) == ["deepseek/deepseek-v3.1"]


def test_a_referent_that_changes_back_is_a_third_range(world: World) -> None:
    world.crawl(day(0), chat(V3))
    world.crawl(day(10), chat(V31))
    world.crawl(day(20), chat(V3))
    standing = [row for row in meanings(world) if row[3]]
    assert [row[:3] for row in standing] == [
        ("deepseek/deepseek-v3", None, day(10)),
        ("deepseek/deepseek-v3.1", day(10), day(20)),
        ("deepseek/deepseek-v3", day(20), None),
    ]
    assert no_overlap(world)


def test_a_better_reading_of_the_same_model_replaces_the_old_for_all_dates(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "2.5"), provider="azure")])
    world.connection.execute(text("alter table assignment disable trigger assignment_update"))
    world.connection.execute(text("update assignment set offer_variant = 'odd'"))
    world.connection.execute(text("alter table assignment enable trigger assignment_update"))
    world.crawl(day(1), [seen("gpt-4o", usd("input", "2.5"), provider="azure", name="GPT-4o")])
    rows = world.rows("select offer_variant, valid_from, valid_to from assignment where observed_to is null")
    assert rows == [("", None, None)]


@pytest.fixture
def new_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules get another version and call every DeepSeek V3 `deepseek-v3-0` from now on."""

    def changed(name: Name) -> Resolution:
        found = resolve(name)
        return replace(found, model="deepseek/deepseek-v3-0") if found.model == "deepseek/deepseek-v3" else found

    monkeypatch.setattr(assignments, "resolve", changed)
    for module in (assignments, runs):
        monkeypatch.setattr(module, "RULES_VERSION", "next")


def test_changed_rules_replace_the_meaning_for_all_dates_of_every_source(world: World, request: pytest.FixtureRequest) -> None:
    world.crawl(day(0), chat(V3))
    world.crawl(day(0), [seen("gpt-4o", usd("input", "2.5"))], catalogue("other"))
    request.getfixturevalue("new_rules")
    world.crawl(day(5), [seen("gpt-4o", usd("input", "2.5"))], catalogue("other"))
    assert meanings(world) == [
        ("deepseek/deepseek-v3", None, None, False),
        ("deepseek/deepseek-v3-0", None, None, True),
    ]
    assert list(world.models()) == ["deepseek/deepseek-v3-0", "openai/gpt-4o"]
    assert world.rebuild(day(5)).models_changed == []


def test_a_release_with_another_resolver_too_reads_every_name_anew(world: World, request: pytest.FixtureRequest) -> None:
    world.crawl(day(0), chat(V3))
    request.getfixturevalue("new_rules")
    world.connection.execute(text("update version set resolver_version = 'another'"))
    world.crawl(day(5), {FIRST: "unchanged"})
    assert list(world.models()) == ["deepseek/deepseek-v3-0"]


def test_a_crawl_that_publishes_nothing_leaves_new_rules_to_the_next(world: World, request: pytest.FixtureRequest) -> None:
    world.crawl(day(0), chat(V3))
    request.getfixturevalue("new_rules")
    settle_crawl(world.connection, day(9))  # where everything grew stale
    assert world.version()[1] > 1
    world.crawl(day(10), {FIRST: "unchanged"})
    assert list(world.models()) == ["deepseek/deepseek-v3-0"]


def test_changed_rules_replace_each_range_of_a_listing_that_meant_several_models(
    world: World, request: pytest.FixtureRequest
) -> None:
    world.crawl(day(0), chat(V3))
    world.crawl(day(10), chat(V31))
    request.getfixturevalue("new_rules")
    world.crawl(day(20), chat(V31))
    standing = [row[:3] for row in meanings(world) if row[3]]
    assert standing == [("deepseek/deepseek-v3-0", None, day(10)), ("deepseek/deepseek-v3.1", day(10), None)]
    assert no_overlap(world)


def test_a_referent_that_changes_after_the_rules_did_still_begins_that_day(world: World, request: pytest.FixtureRequest) -> None:
    world.crawl(day(0), chat(V31))
    request.getfixturevalue("new_rules")
    world.crawl(day(5), chat(V31))
    world.crawl(day(10), chat("DeepSeek V3.2"))
    standing = [row[:3] for row in meanings(world) if row[3]]
    assert standing == [("deepseek/deepseek-v3.1", None, day(10)), ("deepseek/deepseek-v3.2", day(10), None)]


@pytest.mark.parametrize("region", ["", "*", "default", "global", "global-standard"])
def test_a_deployment_that_is_everywhere_is_no_region_of_its_own(world: World, region: str) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "2.5"), provider="azure", region=region)])
    assert list(world.offers()) == ["azure/openai/gpt-4o"]


def test_an_offer_whose_region_is_called_universal_by_new_rules_joins_the_one_without_a_region(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listings = [
        seen("azure/gpt-4o", *both("2.5", "10"), provider="azure"),
        seen("azure/global-standard/gpt-4o", *both("2.5", "10"), provider="azure", region="global-standard"),
    ]
    with monkeypatch.context() as before:
        before.setattr(assignments, "UNIVERSAL_REGIONS", frozenset({""}))
        for module in (assignments, runs):
            before.setattr(module, "RULES_VERSION", "before")
        world.crawl(day(0), listings)
    apart = "azure/openai/gpt-4o@global-standard"
    assert list(world.offers()) == ["azure/openai/gpt-4o", apart]
    world.crawl(day(1), listings)
    assert list(world.offers()) == ["azure/openai/gpt-4o"]
    assert world.rows("select redirect from offer where id = :id", id=apart) == [("azure/openai/gpt-4o",)]
    assert no_overlap(world)


def test_what_is_no_model_is_kept_apart_by_provider(world: World) -> None:
    world.crawl(day(0), [seen("openrouter/auto", usd("input", "1"), provider="openrouter", kind="router")])
    assert world.models() == {}
    assert [body["kind"] for body in world.offers().values()] == ["router"]


def test_a_withdrawn_meaning_leaves_no_rows_and_leads_to_where_its_listings_went(
    world: World, request: pytest.FixtureRequest
) -> None:
    world.crawl(day(0), chat(V3))
    request.getfixturevalue("new_rules")
    world.crawl(day(5), chat(V3))
    assert list(world.offers()) == ["deepseek/deepseek/deepseek-v3-0"]
    redirects = world.rows("select id, redirect from published_model order by id")
    assert redirects == [("deepseek/deepseek-v3", "deepseek/deepseek-v3-0"), ("deepseek/deepseek-v3-0", None)]
