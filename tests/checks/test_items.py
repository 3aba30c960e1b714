"""Single figures: what is held, what is published, and that the last good value stays."""

from decimal import Decimal

import pytest

from aimstats.domain.items import ListingSeen, Score
from aimstats.domain.prices import Price, price
from tests.checks.decided import held
from tests.ingest.worlds import World, both, catalogue, day, page, seen, usd


def others(world: World) -> None:
    """Three catalogues that say what gpt-4o costs at OpenAI and at three other sellers."""
    for number, provider in enumerate(("azure", "openrouter", "poe")):
        source = catalogue(f"other{number}")
        world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10")), seen("gpt-4o", *both("2.6", "11"), provider=provider)], source)


@pytest.mark.parametrize(
    ("after", "check"),
    [
        ("3000", "moved"), ("3000000", "too_dear"), ("0.003", "moved"), ("0.000003", "too_cheap"), ("300", "moved"),
        ("0.03", "moved"), ("0", "free_now"), ("27", "moved"), ("0.3", "moved"),
        ("0.75", None), ("6", None), ("3.01", None), ("2.76", None), ("15", None), ("0.6", None),
    ],
)  # fmt: skip
def test_a_known_price_may_move_like_a_price_and_not_like_a_unit(world: World, after: str, check: str | None) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    world.crawl(day(1), [seen("claude-x", *both(after, "15"))])
    assert held(world) == ({"input": check} if check else {})
    standing = [claim[2] for claim in world.claims() if claim[1] == "input" and claim[4] is None]
    assert standing == ["3" if check else after]


def test_a_price_that_others_confirm_may_move_as_far_as_it_likes(world: World) -> None:
    others(world)
    world.crawl(day(1), [seen("gpt-4o", *both("100", "10"))])
    world.crawl(day(2), [seen("gpt-4o", *both("2.5", "10"))])
    assert held(world) == {}


def test_a_figure_that_was_free_may_cost_something(world: World) -> None:
    world.crawl(day(0), [seen("new-model", *both("0", "0"))])
    world.crawl(day(1), [seen("new-model", *both("3", "15"))])
    assert held(world) == {}


def test_two_prices_of_one_listing_that_changed_places_moved_like_prices(world: World) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    world.crawl(day(1), [seen("claude-x", *both("15", "3"))])
    assert held(world) == {}


@pytest.mark.parametrize("amount", ["2500", "0.0025", "250", "2500000", "0.02"])
def test_a_new_listing_a_unit_away_from_what_other_sources_say_is_held(world: World, amount: str) -> None:
    others(world)
    world.crawl(day(1), [seen("gpt-4o", usd("input", amount))])
    assert set(held(world)) == {"input"}


def test_a_seller_a_unit_away_from_all_other_sellers_of_the_model_is_held(world: World) -> None:
    others(world)
    world.crawl(day(1), [seen("gpt-4o", *both("250", "1000"), provider="helicone")])
    assert held(world) == {"input": "far_from_others", "output": "far_from_others"}


def test_the_other_prices_of_a_new_listing_in_a_wrong_unit_are_held_with_it(world: World) -> None:
    world.crawl(day(1), [seen("acme-1", *both("5000", "20000"))])
    assert held(world) == {"input": "beside_a_slip", "output": "too_dear"}


@pytest.mark.parametrize(
    ("external_id", "input_", "output"),
    [
        ("o1-pro", "150", "600"),
        ("gpt-4.5-preview", "75", "150"),
        ("brand-new-frontier", "1500", "6000"),
        ("acme-7b", "0.01", "0.02"),
    ],
)
def test_genuine_dear_and_cheap_models_are_published(world: World, external_id: str, input_: str, output: str) -> None:
    world.crawl(day(0), [seen("o1", *both("15", "60")), seen("gpt-4o", *both("2.5", "10"))])
    world.crawl(
        day(1), [seen("o1", *both("15", "60")), seen("gpt-4o", *both("2.5", "10")), seen(external_id, *both(input_, output))]
    )
    assert held(world) == {}
    assert (external_id, "output", output, 1, None, None) in world.claims()


@pytest.mark.parametrize("external_id", ["wandb/openai/gpt-oss-20b", "core42/jais-13b-chat", "acme-1.5b"])
def test_a_model_that_says_its_size_never_costs_thousands(world: World, external_id: str) -> None:
    world.crawl(day(0), [seen(external_id, *both("500", "2000"))])
    assert held(world) == {"input": "dear_for_its_size", "output": "dear_for_its_size"}


@pytest.mark.parametrize(
    ("external_id", "stated", "check"),
    [
        ("embed-multilingual-light-v3.0", usd("input", "100"), "dear_for_its_kind"),
        ("marengo-2-7", usd("input", "70"), "dear_for_its_kind"),
        ("embed-v5-large", usd("input", "8"), None),
        ("gemini-embedding-2", usd("input_video", "12"), None),
        ("flux-1-dev", usd("input", "0.001"), "too_cheap"),
        ("whisper-large", usd("output", "0.00236"), "too_cheap"),
        ("flux-1-dev", usd("input", "0.7"), None),
        ("qwen3-asr-flash", usd("input", "0.035"), "too_cheap"),
        ("acme-basrah", usd("input", "0.035"), None),
        ("acme-1", usd("input", "0.00013"), "too_cheap"),
        ("acme-1", usd("output", "0.00236"), None),
        ("reranker-base", usd("input", "0.0031"), None),
        ("reranker-base", usd("input", "0.00031"), None),
        ("acme-mini", usd("cache_read", "0.001"), None),
        ("gemini-3.1-pro-preview", price("image", Decimal("0.00009"), "image"), "cheap_for_an_image"),
        ("fast-image", price("image", Decimal("0.001"), "image"), None),
        ("fast-image", price("image", Decimal("0.00025"), "image"), None),
        ("grok-2-vision", price("input_image", Decimal("0.000002"), "image"), "cheap_for_an_image"),
        ("titan-embed-image", price("input_image", Decimal("0.00006"), "image"), None),
        ("titan-embed-image", price("input_image", Decimal("0.000015"), "image"), None),
    ],
)
def test_a_price_that_its_kind_cannot_have_is_held(world: World, external_id: str, stated: Price, check: str | None) -> None:
    facts = {"type": "embedding"} if external_id == "marengo-2-7" else {}
    world.crawl(day(0), [seen(external_id, stated, facts=facts)])
    assert held(world) == ({str(stated.key).split("|")[0]: check} if check else {})


@pytest.mark.parametrize(("image", "is_held"), [("0.00012", True), ("0.0014", False), ("0.039", False)])
def test_an_image_costs_more_than_a_hundred_tokens_that_its_model_writes(world: World, image: str, is_held: bool) -> None:
    world.crawl(day(0), [seen("acme-pro", *both("2", "12"), price("image", Decimal(image), "image"))])
    assert held(world) == ({"image": "cheap_for_an_image"} if is_held else {})


@pytest.mark.parametrize(
    ("prices", "wrong"),
    [
        ((*both("3", "15"), usd("cache_read", "30")), {"input", "cache_read"}),
        ((*both("0.5", "1.5"), usd("cache_read", "1.25")), {"cache_read"}),
        ((*both("3", "15"), usd("cache_read", "3")), set()),
        ((*both("3", "15"), usd("cache_write", "70")), {"cache_write"}),
        ((*both("3", "15"), usd("input", "6", plan="batch")), {"input"}),
        ((*both("3", "15"), usd("output", "300", plan="priority")), {"output"}),
        (both("15", "3"), {"input", "output"}),
        (both("0.1", "60"), {"input", "output"}),
        ((*both("3", "15"), usd("cache_read", "0.3"), usd("cache_write", "3.75"), usd("input", "1.5", plan="batch")), set()),
        ((*both("3", "15"), usd("input", "6", plan="priority"), usd("output", "90", plan="priority")), set()),
        (both("3", "3"), set()),
        ((usd("input", "0.1"), usd("output", "0")), set()),
    ],
)  # fmt: skip
def test_the_prices_of_one_listing_must_go_together(world: World, prices: tuple[object, ...], wrong: set[str]) -> None:
    world.crawl(day(0), [ListingSeen(provider="acme", external_id="acme-2", prices=prices)])  # type: ignore[arg-type]  # a table
    assert set(held(world)) == wrong


def test_a_misfiled_price_of_an_image_holds_nothing_beside_it(world: World) -> None:
    image = price("input_image", Decimal("0.000005"), "image")
    world.crawl(day(0), [seen("gpt-realtime", *both("4", "16"), image)])
    assert held(world) == {"input_image/image": "cheap_for_an_image"}


def test_a_guard_model_may_ask_less_for_its_one_word_of_output(world: World) -> None:
    world.crawl(day(0), [seen("llama-guard-3-8b", *both("0.48", "0.03"))])
    assert held(world) == {}


def test_a_limit_in_another_unit_is_held_and_a_larger_window_is_not(world: World) -> None:
    world.crawl(day(0), [seen("one", facts={"limit.context": 128_000}), seen("two", facts={"limit.context": 4_096})])
    world.crawl(day(1), [seen("one", facts={"limit.context": 128}), seen("two", facts={"limit.context": 1_048_576})])
    assert held(world) == {"limit.context": "moved"}


def test_a_quarter_of_the_price_is_a_genuine_cut(world: World) -> None:
    ids = ("deepseek-chat", "deepseek-reasoner", "deepseek-mini")
    source = page("deepseek_page", "deepseek")
    world.crawl(day(0), [seen(name, *both("2", "8"), provider="deepseek") for name in ids], source)
    report = world.crawl(day(1), [seen(name, *both("0.5", "2"), provider="deepseek") for name in ids], source)
    assert report.status == "published"
    assert report.stats["held"] == 0


def test_what_was_free_is_held_against_others_like_a_new_price(world: World) -> None:
    others(world)
    world.crawl(day(1), [seen("gpt-4o", *both("0", "0"))])
    world.crawl(day(2), [seen("gpt-4o", *both("2500", "10000"))])
    assert set(held(world)) == {"input", "output"}


def test_one_source_that_agrees_is_enough_where_another_lags_behind(world: World) -> None:
    for number, amount in enumerate(("2.5", "0")):
        world.crawl(day(1), [seen("gpt-4o", *both(amount, amount))], catalogue(f"other{number}"))
    world.crawl(day(1), [seen("gpt-4o", *both("2.5", "10"))])
    world.crawl(day(2), [seen("gpt-4o", *both("0", "10"))])
    assert held(world) == {}


def a_list(*more: ListingSeen) -> list[ListingSeen]:
    """Four models of one seller at 1 to 4 dollars, and more."""
    return [*(seen(f"acme-{n}", *both(str(n), str(n * 4)), provider="acme") for n in range(1, 5)), *more]


@pytest.mark.parametrize(
    ("input_", "output", "wrong"),
    [
        ("300", "1200", {"input", "output"}),
        ("0.005", "0.02", {"input", "output"}),
        ("40", "160", set()),
        ("0.1", "0.4", set()),
        ("3", "480", set()),
    ],
)
def test_a_new_model_is_held_against_the_list_that_it_stands_in(world: World, input_: str, output: str, wrong: set[str]) -> None:
    world.crawl(day(0), a_list())
    world.crawl(day(1), a_list(seen("zephyr", *both(input_, output), provider="acme")))
    assert set(held(world)) == wrong


def test_a_new_model_unlike_its_list_is_published_where_another_source_states_it(world: World) -> None:
    dear = seen("zephyr", *both("300", "1200"), provider="acme")
    world.crawl(day(0), [dear], catalogue("other"))
    world.crawl(day(0), a_list())
    world.crawl(day(1), a_list(dear))
    assert held(world) == {}


def test_a_long_song_is_dear_and_no_slip(world: World) -> None:
    songs = [
        price("request", Decimal(amount), "request", conditions={"duration_s": seconds})
        for seconds, amount in (("60", "0.87"), ("600", "8.63"))
    ]
    short = [seen(f"song-{n}", price("request", Decimal("0.1"), "request"), provider="acme") for n in range(4)]
    world.crawl(day(0), short)
    world.crawl(day(1), [*short, seen("opera", *songs, provider="acme")])
    assert held(world) == {}


@pytest.mark.parametrize(("factor", "is_held"), [("1", False), ("100", True), ("0.01", True), ("0.001", True), ("4", False)])
@pytest.mark.parametrize("terms", [{"plan": "batch"}, {"plan": "priority"}, {"min_context_tokens": 200_000}, {"currency": "EUR"}])
def test_new_terms_of_a_known_model_stay_near_its_list_price(
    world: World, terms: dict[str, object], factor: str, is_held: bool
) -> None:
    ratio = Decimal(factor) * (Decimal("0.2") if terms.get("plan") == "batch" else 2)
    world.crawl(day(0), [seen("zephyr", *both("3", "15"))])
    more = [usd(meter, str(amount * ratio), **terms) for meter, amount in (("input", 3), ("output", 15))]
    world.crawl(day(1), [seen("zephyr", *both("3", "15"), *more)])
    assert set(held(world)) == ({"input", "output"} if is_held else set())


@pytest.mark.parametrize(
    ("meter", "amount", "wrong"),
    [
        ("cache_read", "0.003", True), ("cache_read", "0.03", False), ("cache_write", "0.00375", True),
        ("output_audio", "3000", True), ("output_audio", "60", False), ("input_audio", "0.03", True),
        ("input_image", "3000", True), ("input_image", "3", False), ("reasoning", "0.015", True),
    ],
)  # fmt: skip
def test_every_meter_stays_within_reach_of_the_input_price(world: World, meter: str, amount: str, wrong: bool) -> None:
    world.crawl(day(0), [seen("zephyr", *both("3", "15"))])
    world.crawl(day(1), [seen("zephyr", *both("3", "15"), usd(meter, amount))])
    assert set(held(world)) == ({meter} if wrong else set())


@pytest.mark.parametrize(
    ("meter", "amount", "unit", "check"),
    [
        ("image", "40", "image", "too_dear"), ("image", "0.000002", "image", "cheap_for_an_image"),
        ("image", "0.04", "image", None),
        ("output_video", "500", "second", "too_dear"), ("output_video", "0.0000005", "second", "too_cheap"),
        ("web_search", "10", "request", None), ("web_search", "1000", "request", "too_dear"),
        ("session", "0.05", "hour", None), ("session", "5000", "hour", "too_dear"),
        ("input_character", "15000", "1M characters", "too_dear"), ("cache_read", "0.0003", "1M tokens", None),
    ],
)  # fmt: skip
def test_every_unit_has_its_bounds(world: World, meter: str, amount: str, unit: str, check: str | None) -> None:
    world.crawl(day(0), [seen("zephyr", price(meter, Decimal(amount), unit))])
    assert list(held(world).values()) == ([check] if check else [])


def test_a_plan_of_one_time_is_held_against_the_price_of_that_time(world: World) -> None:
    steps = [
        usd("input", amount, valid_from=day(start), valid_to=day(start + 100), plan=plan)
        for start, amount, plan in ((-300, "10", "standard"), (-200, "2", "standard"), (-200, "1", "batch"), (-300, "5", "batch"))
    ]
    world.crawl(day(0), [seen("zephyr", *steps)])
    assert held(world) == {}


def test_a_score_near_zero_may_jump_and_a_share_read_as_percent_may_not(world: World) -> None:
    def board(first: str, second: str) -> list[ListingSeen]:
        scores = [Score(benchmark="tough", subset=name, value=Decimal(value)) for name, value in (("a", first), ("b", second))]
        return [seen("zephyr", scores=tuple(scores))]

    world.crawl(day(0), board("0.03", "0.72"))
    world.crawl(day(1), board("4.7", "72"))
    assert [item["key"] for (item,) in world.rows("select item from held")] == ["tough|||b||"]
