"""What a seller's complete price page does not name is not sold there; who else sells it, and its evidence, stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from aimstats.domain.items import DocumentSeen, Lifecycle
from tests.ingest.worlds import FIRST, World, both, day, page, seen

PAGE = page("openai", "openai", complete=("text",))
OPEN = "openai/openai/gpt-oss-20b"
NAMED = [seen("gpt-4o", *both("2.5", "10"))]
STATED = [*NAMED, seen("gpt-oss-20b", *both("0.05", "0.2")), seen("gpt-oss-20b", *both("0.1", "0.4"), provider="groq")]


def cost(world: World, offer: str = OPEN) -> tuple[Any, Any]:
    """The input price and the reason of its absence."""
    shown = world.offers()[offer]["cost"]
    return shown["input"], shown["absent"].get("input")


def both_read(world: World, at: datetime, pages: Any = NAMED, stated: Any = STATED) -> None:
    """A crawl of the page and the catalogue."""
    world.crawl(at, pages, PAGE)
    world.crawl(at, stated)


def test_what_the_complete_page_does_not_name_is_not_offered_there(world: World) -> None:
    both_read(world, day(0))
    assert cost(world) == (None, "not_offered")
    assert cost(world, "groq/openai/gpt-oss-20b") == ("0.1", None)
    assert world.offers()[OPEN]["prices"][0]["amount"] is None
    ((evidence,),) = world.rows("select evidence from resolved_offer where id = :id", id=OPEN)
    assert evidence[0]["cost"]["input"] == "0.05"


def test_a_model_that_the_page_names_later_has_its_price_again(world: World) -> None:
    both_read(world, day(0))
    world.crawl(day(1), [*NAMED, seen("gpt-oss-20b", *both("0.05", "0.2"))], PAGE)
    assert cost(world) == ("0.05", None)
    world.crawl(day(2), NAMED, PAGE)
    assert cost(world) == (None, "not_offered")


def test_a_page_that_was_read_before_the_model_was_named_says_nothing_of_it(world: World) -> None:
    both_read(world, day(0), stated=NAMED)
    world.crawl(day(0.5), STATED)
    assert cost(world) == ("0.05", None)
    world.crawl(day(1), {FIRST: "unchanged"}, PAGE)
    assert cost(world) == (None, "not_offered")


def test_a_stale_page_says_nothing_and_nothing_is_said_of_the_time_before_its_first_reading(world: World) -> None:
    world.crawl(day(0), STATED)
    world.crawl(day(1), NAMED, PAGE)
    assert cost(world) == (None, "not_offered")
    assert world.cost_at(day(0.5), day(1))[OPEN]["input"] == "0.05"
    world.crawl(day(4), STATED)
    assert cost(world) == ("0.05", None)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([seen("gpt-oss-20b")], ("0.05", None)),
        (
            DocumentSeen(url=FIRST, listings=(seen("gpt-oss-20b", lifecycle=(Lifecycle(event="retired", at=day(-1)),)),)),
            (None, "not_offered"),
        ),
    ],
    ids=["the seller's own list of models names it", "the seller says that it ended"],
)
def test_the_sellers_other_documents_are_heard(world: World, said: Any, expected: tuple[Any, Any]) -> None:
    kind = "api" if isinstance(said, list) else "lifecycle"
    world.crawl(day(0), said, page("openai_says", "openai", kind=kind))
    both_read(world, day(0))
    assert cost(world) == expected


def test_what_a_routers_own_list_does_not_name_by_its_id_is_not_offered_there(world: World) -> None:
    router = page("openrouter", "openrouter", kind="router", complete=("text",))
    stated = [
        seen(name, *both("1", "2"), provider="openrouter")
        for name in (
            "openai/gpt-4o",
            "openai/gpt-4o-2024-05-13",
            "openai/gpt-4o-2024-08-06",
            "openai/gpt-4o:nitro",
            "anthropic/claude-2",
        )
    ]
    both_read(world, day(0), stated=stated)
    world.crawl(day(0), [seen("openai/gpt-4o", *both("2.5", "10"), provider="openrouter")], router)
    found = {name: offer for name, offer in world.offers().items() if offer["provider"] == "openrouter"}
    assert [name for name, offer in found.items() if offer["cost"]["input"] is not None] == ["openrouter/openai/gpt-4o"]
    assert {offer["status"] for name, offer in found.items() if name != "openrouter/openai/gpt-4o"} == {None}
    assert cost(world, "openrouter/anthropic/claude-2") == (None, "not_offered")
    assert cost(world, "openrouter/openai/gpt-4o:2024-05-13") == (None, "not_offered")


def test_an_offer_that_is_left_out_has_no_status_and_its_developer_no_word_on_it(world: World) -> None:
    both_read(world, day(0))
    assert [world.offers()[name]["status"] for name in (OPEN, "groq/openai/gpt-oss-20b")] == [None, "active"]
    assert standing(world, "openai/gpt-oss-20b") == ("active", None)


@pytest.mark.parametrize(
    ("open_weights", "sold_by", "expected"),
    [
        (True, "catalogue", "active"),
        (False, "catalogue", None),
        (False, "seller", "active"),
        (None, "catalogue", "active"),
    ],
)
def test_closed_weights_that_their_developer_leaves_out_live_on_by_another_sellers_own_word_alone(
    world: World, open_weights: bool | None, sold_by: str, expected: str | None
) -> None:
    """Resellers' catalogues keep what is gone."""
    facts = {} if open_weights is None else {"open_weights": open_weights}
    sold = [seen("gpt-5-image", *both("1", "2"), provider=name, facts=facts) for name in ("openai", "poe")]
    both_read(world, day(0), stated=sold)
    if sold_by == "seller":
        world.crawl(day(0), [seen("gpt-5-image", *both("1", "2"), provider="poe")], page("poe", "poe"))
    assert standing(world, "openai/gpt-5-image") == (expected, None)


def test_closed_weights_of_which_a_build_ended_and_the_rest_is_left_out_are_retired(world: World) -> None:
    sold = [seen(name, *both("1", "2")) for name in ("gpt-4o-search-preview", "gpt-4o-search-preview-2025-03-11")]
    both_read(world, day(0), stated=[*sold, seen("gpt-4o-search-preview", *both("1", "2"), provider="poe")])
    ended = Lifecycle(event="retired", at=day(-1))
    says = [seen("gpt-4o-search-preview-2025-03-11", lifecycle=(ended,))]
    world.crawl(day(0), says, page("openai_ends", "openai", kind="lifecycle"))
    assert standing(world, "openai/gpt-4o-search") == ("retired", "retired")


def test_a_name_for_whichever_build_is_the_latest_is_no_row_of_a_price_page(world: World) -> None:
    both_read(world, day(0), stated=[seen("gpt-5-chat-latest", *both("1", "2"))])
    assert cost(world, "openai/openai/gpt-5-chat") == ("1", None)


def standing(world: World, model: str) -> tuple[Any, Any]:
    """The status of a model and its developer's own word."""
    ((body,),) = world.rows("select body from resolved_model where id = :id", id=model)
    return body["status"], body["developer_status"]


GEMINI = "google/gemini-1.5-pro"


def test_what_its_developers_page_leaves_out_and_its_other_shop_has_ended_is_retired(world: World) -> None:
    own = page("gemini", "google", complete=("text",))
    vertex = page("vertex_life", "google-vertex", kind="lifecycle")
    ended = Lifecycle(event="retired", at=day(-90), replacements=("gemini-2.5-flash",))
    world.crawl(day(0), [seen("gemini-2.5-flash", *both("0.3", "2.5"), provider="google")], own)
    world.crawl(day(0), [seen("gemini-1.5-pro", *both("1.25", "5"), provider="google")])
    assert _standing(world) == (None, None, [])
    world.crawl(day(0), [seen("gemini-1.5-pro-002", provider="google-vertex", lifecycle=(ended,))], vertex)
    assert _standing(world) == ("retired", "retired", ["google/gemini-2.5-flash"])
    sold = seen("gemini-1.5-pro", *both("1.25", "5"), provider="google")
    world.crawl(day(1), [sold, seen("gemini-1.5-pro", *both("2", "6"), provider="poe")])
    assert _standing(world)[0] == "active"


def _standing(world: World) -> tuple[Any, ...]:
    ((body, evidence),) = world.rows("select body, evidence from resolved_model where id = :id", id=GEMINI)
    assert bool(body["replacements"]) == bool(evidence.get("replacements"))
    return body["status"], body["developer_status"], body["replacements"]


def test_a_page_is_complete_for_its_own_types_and_its_own_region(world: World) -> None:
    other = [seen("gpt-image-2", *both("5", "40"), facts={"type": "image"}), seen("gpt-oss-20b", *both("1", "2"), region="eu")]
    both_read(world, day(0), stated=[*STATED, *other])
    assert cost(world, "openai/openai/gpt-image-2") == ("5", None)
    assert cost(world, "openai/openai/gpt-oss-20b@eu") == ("1", None)
