"""The golden cases (resolution.md, Golden cases), from documents in the shape of the sources that state them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aimstats.domain.items import Lifecycle
from aimstats.domain.prices import price
from tests.ingest.worlds import FIRST, World, both, catalogue, day, page, seen, usd

SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def costs(world: World, offer: str, *instants: datetime) -> list[str | None]:
    """The input price that the offer shows at each instant, as known at the end of the test's days; None for no offer."""
    return [world.cost_at(instant, max(day(400), instant)).get(offer, {}).get("input") for instant in instants]


@pytest.mark.parametrize(
    ("offer", "listing", "turn", "before", "after"),
    [
        (
            "deepseek/deepseek/deepseek-v3",
            ("deepseek-chat", "deepseek", "DeepSeek V3"),
            "2025-02-08",
            ("0.14", "0.28"),
            ("0.27", "1.1"),
        ),
        ("openai/openai/o3", ("o3", "openai", "OpenAI o3"), "2025-06-10", ("10", "40"), ("2", "8")),
        (
            "anthropic/anthropic/claude-opus-4.6",
            ("claude-opus-4-6", "anthropic", "Claude Opus 4.6"),
            "2026-03-13",
            ("5", "25"),
            ("4", "20"),
        ),
    ],
    ids=["deepseek-chat", "o3", "claude-opus-4-6"],
)
def test_a_stated_history_turns_at_its_day(
    world: World, offer: str, listing: tuple[str, str, str], turn: str, before: tuple[str, str], after: tuple[str, str]
) -> None:
    steps = (*both(*before, valid_to=at(turn)), *both(*after, valid_from=at(turn)))
    external_id, provider, name = listing
    stated = seen(external_id, *steps, provider=provider, name=name, facts={"release_date": "2024-12-26"})
    world.crawl(day(60), [stated])
    turned = at(turn)
    assert costs(world, offer, turned - SECOND, turned, turned + timedelta(days=3)) == [before[0], after[0], after[0]]
    assert costs(world, offer, at("2024-12-25")) == [None], "nothing is carried back before the release"


def test_a_promotion_ends_at_its_minute_and_stands_beside_the_list_price(world: World) -> None:
    ends = at("2026-05-31T15:59:00")
    prices = [usd("input", "1.74"), usd("input", "0.435", promotional=True, valid_from=at("2026-02-01"), valid_to=ends)]
    world.crawl(day(0), [seen("deepseek-v4-pro", *prices, provider="deepseek")])
    (offer,) = world.offers().values()
    assert offer["cost"]["input"] == "1.74"
    assert sorted((row["amount"], row["promotional"]) for row in offer["prices"]) == [("0.435", True), ("1.74", False)]
    world.crawl(ends - SECOND, [seen("o3", usd("input", "2"))], catalogue("other"))
    assert len(world.offers()[offer["id"]]["prices"]) == 2
    world.crawl(ends, [seen("o3", usd("input", "2"))], catalogue("other"))
    assert [row["amount"] for row in world.offers()[offer["id"]]["prices"]] == ["1.74"]


def test_a_price_in_dollars_and_euros_keeps_both_and_converts_neither(world: World) -> None:
    euros = price("input", Decimal("1.3"), currency="EUR")
    world.crawl(
        day(0), [seen("mistral-large-3", usd("input", "1.5"), euros, provider="mistral")], page("mistral_page", "mistral")
    )
    (offer,) = world.offers().values()
    assert offer["cost"]["input"] == "1.5"
    assert {(row["currency"], row["amount"], row["usd"]) for row in offer["prices"]} == {
        ("USD", "1.5", "1.5"),
        ("EUR", "1.3", None),
    }


def test_a_price_in_euros_alone_is_a_blank_with_its_reason(world: World) -> None:
    world.crawl(day(0), [seen("mistral-large-3", price("input", Decimal("1.3"), currency="EUR"), provider="mistral")])
    (offer,) = world.offers().values()
    assert (offer["cost"]["input"], offer["cost"]["absent"]["input"]) == (None, "other_currency")


def test_the_first_gpt_4o_is_really_dearer(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10")), seen("gpt-4o-2024-05-13", *both("5", "15"))])
    found = {id_: body["cost"]["input"] for id_, body in world.offers().items()}
    assert found == {"openai/openai/gpt-4o": "2.5", "openai/openai/gpt-4o:2024-05-13": "5"}
    assert world.models()["openai/gpt-4o"]["cost"]["input"] == "2.5"
    assert world.models()["openai/gpt-4o"]["agreement"]["disputed"] == []


def test_a_redirect_at_noon_in_california_retires_at_that_instant(world: World) -> None:
    noon = datetime.fromisoformat("2026-05-15T12:00:00-07:00").astimezone(UTC)
    redirect = Lifecycle(event="redirected", at=noon, effect="redirect", replacements=("grok-4.3",))
    world.crawl(day(0), [seen("grok-3", usd("input", "3"), provider="xai", lifecycle=(redirect,))])
    for instant, status in ((noon - SECOND, "deprecated"), (noon, "retired")):
        world.crawl(instant, [seen("o3", usd("input", "2"))], catalogue("other"))
        assert world.offers()["xai/xai/grok-3"]["status"] == status
    assert world.models()["xai/grok-3"]["replacements"] == ["xai/grok-4.3"]


def test_a_llama_that_groq_retires_lives_on_elsewhere(world: World) -> None:
    hosts = [
        seen("llama-3.3-70b-versatile", *both("0.59", "0.79"), provider=name, name="Llama 3.3 70B")
        for name in ("groq", "deepinfra")
    ]
    world.crawl(day(0), hosts)
    retired = Lifecycle(event="retired", at=day(-1))
    notice = seen("llama-3.3-70b-versatile", provider="groq", name="Llama 3.3 70B", lifecycle=(retired,))
    world.crawl(day(1), [notice], page("groq_life", "groq", kind="lifecycle"))
    assert {body["provider"]: body["status"] for body in world.offers().values()} == {"groq": "retired", "deepinfra": "active"}
    assert {body["status"] for body in world.models().values()} == {"active"}


CUT = at("2025-06-10")
SECOND_LIST = catalogue("second", priority=900)
STEPS = (*both("10", "40", valid_to=CUT), *both("2", "8", valid_from=CUT))


@pytest.mark.parametrize(
    ("read_again", "then", "shown"),
    [
        (None, "2", "2"),
        ("2025-06-09", "2", "2"),
        ("2025-06-11", "2", "10"),
        (None, "3", "10"),
    ],
    ids=["not read in between", "read before the step", "read after the step, and still stated", "changed to something else"],
)
def test_a_source_that_was_read_late_does_not_hide_the_day_on_which_a_price_fell(
    world: World, read_again: str | None, then: str, shown: str
) -> None:
    """o3 was cut by 80 % on 2025-06-10; a list without dates was read on the first of June and of July."""
    facts = {"release_date": "2025-04-16"}
    before = [seen("o3", *both("10", "40"), provider="openai", name="OpenAI o3")]
    world.crawl(at("2025-06-01"), before)
    if read_again:
        world.crawl(at(read_again), {FIRST: "unchanged"})
    world.crawl(at("2025-07-01"), [seen("o3", *both(then, "8"), provider="openai", name="OpenAI o3")])
    world.crawl(at("2025-07-01"), [seen("o3", *STEPS, provider="openai", name="OpenAI o3", facts=facts)], SECOND_LIST)
    asked = [at(day) for day in ("2025-06-09", "2025-06-12", "2025-07-02")]
    assert costs(world, "openai/openai/o3", *asked) == ["10", shown, then]


def test_a_step_that_was_announced_and_did_not_come_is_refuted_and_what_it_was_to_end_goes_on(world: World) -> None:
    """Sonnet 5 at 2/10 "through August 31, 2026", then 3/15; in September its developer's page says 2/10."""
    offer = "anthropic/anthropic/claude-sonnet-5"
    turn = datetime(2026, 9, 1, tzinfo=UTC)
    own = page("anthropic", "anthropic")
    told = (*both("2", "10", valid_to=turn, promotional=True), *both("3", "15", valid_from=turn))
    world.crawl(turn - timedelta(days=40), [seen("claude-sonnet-5", *told, provider="anthropic")], own)
    later = turn + timedelta(days=3)
    assert world.cost_at(turn + timedelta(days=1), turn + timedelta(days=1))[offer]["input"] == "3"
    world.crawl(later, [seen("claude-sonnet-5", *both("2", "10"), provider="anthropic")], own)
    for at in (turn - timedelta(days=20), turn - timedelta(hours=1), turn + timedelta(hours=1), later):
        assert world.cost_at(at, later)[offer]["input"] == "2", at
    assert world.offers()[offer]["cost"]["output"] == "10"
