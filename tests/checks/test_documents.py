"""Most of a document moved alike: its prices are held as a set, everything else of it goes through; and what is a busy day."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aimstats.domain.items import ListingSeen, Score
from tests.checks.acme import Amounts, models, times, without
from tests.ingest.worlds import FIRST, World, both, catalogue, day, seen, usd

KNOWN = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "o3", "o4-mini")


def swapped(number: int, prices: Amounts) -> Amounts:
    """Input for output."""
    return prices | {"input": prices["output"], "output": prices["input"]}


WRONG = {
    "thousand times dearer": (times("1000"), "moved_together"),
    "million times cheaper": (times("0.000001"), "too_cheap"),
    "cents": (times("100"), "moved_together"),
    "ten times": (times("10"), "moved_together"),
    "four in ten": (times("1000", 0.4), "moved_together"),
    "euros": (times("0.92"), "one_factor"),
    "free": (times("0"), "free_now_together"),
    "swapped": (swapped, "swapped_together"),
    "input gone": (without("input"), "field_gone"),
    "output gone": (without("output"), "field_gone"),
}


def checks(world: World) -> set[str]:
    """The checks of everything that is held and not decided."""
    return {row[0] for row in world.rows('select distinct "check" from held where decided is null')}


@pytest.mark.parametrize("count", [3, 6, 40])
@pytest.mark.parametrize("fault", WRONG)
def test_a_document_that_is_wrong_all_over_publishes_no_price(world: World, fault: str, count: int) -> None:
    change, check = WRONG[fault]
    world.crawl(day(0), models(count))
    good = world.claims()
    dataset = world.version()[0]
    world.crawl(day(1), models(count, change))
    assert world.claims() == good
    if count > 10:
        assert check in checks(world)
        assert world.version()[0] == dataset + 1, "what is held is seen"


@pytest.mark.parametrize("fault", ["cents", "euros", "free", "swapped"])
def test_what_moved_alike_is_one_row_and_facts_go_through(world: World, fault: str) -> None:
    change, check = WRONG[fault]
    world.crawl(day(0), models(40))
    changed = [replace(listing, facts={**listing.facts, "limit.context": 200_000}) for listing in models(40, change)]
    report = world.crawl(day(1), changed)
    assert (report.status, report.stats["held"]) == ("published", 1)
    assert world.rows('select "check", waits, jsonb_array_length(covers) >= 40 from held') == [(check, True, True)]
    assert [row for row in world.claims("fact") if row[1] == "limit.context" and row[2] == 200_000 and row[4] is None]


def test_columns_change_places_among_listings_that_have_both(world: World) -> None:
    """However many have one price: those cannot tell."""
    images = [seen(f"acme-{number}", usd("input", "1"), provider="acme") for number in range(90, 130)]
    world.crawl(day(0), [*models(9), *images])
    good = world.claims()
    world.crawl(day(1), [*models(9, swapped), *images])
    assert world.claims() == good
    assert checks(world) == {"swapped_together"}


def test_what_vanishes_where_columns_change_places_waits_with_them(world: World) -> None:
    few = seen("acme-90", usd("input", "1"), usd("output_image", "30"), provider="acme", facts={"type": "image"})
    world.crawl(day(0), [*models(9), few])
    changed = [*models(9, swapped), seen("acme-90", usd("input", "1"), provider="acme")]
    for number in (1, 2):
        world.crawl(day(number), changed)
        assert {row[4] for row in [*world.claims(), *world.claims("fact")]} == {None}
    world.crawl(day(3), changed)
    assert {(row[0], row[1]) for row in [*world.claims(), *world.claims("fact")] if row[4] == 3 and row[0] == "acme-90"} == {
        ("acme-90", "output_image"), ("acme-90", "type"),
    }  # fmt: skip


def test_what_is_new_where_columns_change_places_is_not_said_to_be_missing(world: World) -> None:
    """A listing that stood without it is complete: what a swapped column says of it is no price of its. A new listing's are."""
    world.crawl(day(0), [*models(9), seen("acme-90", usd("input", "1"), provider="acme")])
    before = {body["external_id"]: body["cost"] for body in world.offers().values()}
    world.crawl(day(1), [*models(9, swapped), *(seen(f"acme-{n}", *both("1", "5"), provider="acme") for n in (90, 91))])
    after = {body["external_id"]: body["cost"] for body in world.offers().values()}
    assert after["acme-90"] == before["acme-90"]
    assert after["acme-91"]["absent"] == {"input": "held", "output": "held"}


def test_what_is_held_is_not_published_because_its_pair_is_read_no_more(world: World) -> None:
    odd = seen("acme-90", *both("4", "1"), provider="acme", facts={"modalities.output": ["text"]})
    world.crawl(day(0), [*models(9), odd])
    assert checks(world) == {"columns"}
    world.crawl(day(1), [*models(9, without("output")), replace(odd, prices=both("4", "1")[:1])])
    assert not [row for row in world.claims() if row[0] == "acme-90"]


def test_rows_of_one_listing_that_differ_by_what_is_held_stay_two(world: World) -> None:
    def page(factor: str) -> list[ListingSeen]:
        rows = [seen("acme-90", usd("input", str(Decimal(factor) * n)), provider="acme") for n in (1, 2)]
        return [*models(9, times(factor)), *rows]

    world.crawl(day(0), page("1"))
    good = world.claims()
    for number in (1, 2):
        world.crawl(day(number), page("0"))
        assert world.claims() == good
    world.crawl(day(3), page("1"))
    assert world.claims() == good


@pytest.mark.parametrize("fault", ["ten times", "euros", "swapped"])
def test_what_moved_alike_is_published_when_readings_on_three_days_state_it(world: World, fault: str) -> None:
    change, _ = WRONG[fault]
    world.crawl(day(0), models(40))
    for number in (1, 1.1, 2):
        world.crawl(day(number), models(40, change))
        assert [row[2] for row in world.claims() if row[4] is not None] == []
    world.crawl(day(3), models(40, change))
    assert {row[4] for row in world.claims()} == {None, 3}
    assert world.rows("select decided from held") == [("confirmed",)]


def test_a_set_against_others_is_not_published_by_time(world: World) -> None:
    prices = [seen(name, *both("2", "8")) for name in KNOWN]
    for number in range(8):
        world.crawl(day(number), [replace(one, provider="poe") for one in prices], catalogue("other"))
        factor = 1 if number == 0 else 100
        world.crawl(day(number), [seen(name, *both(str(2 * factor), str(8 * factor))) for name in KNOWN])
    assert [row for row in world.claims() if row[4] is not None] == []


def test_a_set_that_others_state_is_published_at_once(world: World) -> None:
    world.crawl(day(0), [seen(name, *both("2", "8")) for name in KNOWN])
    world.crawl(day(1), [seen(name, *both("20", "80")) for name in KNOWN], catalogue("other"))
    world.crawl(day(1), [seen(name, *both("20", "80")) for name in KNOWN])
    assert checks(world) == set()
    assert len([row for row in world.claims() if row[4] == 1]) == 2 * len(KNOWN)


def test_a_catalogue_that_slipped_is_no_witness_of_itself(world: World) -> None:
    def stated(factor: int) -> list[ListingSeen]:
        sellers = ("azure", "poe", "openrouter", "groq")
        return [seen(name, *both(str(2 * factor), str(8 * factor)), provider=one) for one in sellers for name in KNOWN]

    world.crawl(day(0), stated(1))
    world.crawl(day(1), stated(100))
    assert checks(world) == {"moved_together"}


def test_a_set_ends_with_the_correction(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), models(40, times("1000")))
    world.crawl(day(2), models(40))
    assert set(world.rows("select decided from held")) == {("superseded",)}


def test_a_currency_is_what_moved_and_never_a_new_listing(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), [*models(40, times("0.92")), *models(3, first=90)])
    assert {row[0] for row in world.claims() if row[3] == 1} == {"acme-90", "acme-91", "acme-92"}


def test_one_table_of_a_page_in_another_currency_is_held(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), [*models(20, times("0.92")), *models(20, first=20)])
    (reason,) = world.rows("select reason from held where decided is null")[0]
    assert "60 of 60 prices are 0.920 times before" in reason


def test_three_hundred_new_models_at_once_are_published(world: World) -> None:
    world.crawl(day(0), models(40))
    report = world.crawl(day(1), models(340))
    assert (report.status, report.stats["held"]) == ("published", 0)
    assert len(world.models()) >= 300


def test_a_busy_day_is_published(world: World) -> None:
    world.crawl(day(0), models(40))
    busy = lambda n, prices: times(("0.25", "0.5", "2", "1", "1", "1", "0.8", "1")[n % 8])(n, prices)  # noqa: E731  # a row of a table
    report = world.crawl(day(1), [*models(36, busy), *models(5, first=60)])
    assert (report.status, report.stats["held"]) == ("published", 0)


def test_a_slip_that_is_spread_over_small_documents_is_held_in_each(world: World) -> None:
    urls = [f"{FIRST}/{number}" for number in range(10)]
    world.crawl(day(0), {url: models(1, first=n) for n, url in enumerate(urls)})
    good = world.claims()
    for number in (1, 2):
        report = world.crawl(day(number), {url: models(1, times("0.92"), first=n) for n, url in enumerate(urls)})
        assert (report.status, report.stats["held"], world.claims()) == ("published" if number == 1 else "unchanged", 10, good)
    world.crawl(day(3), {url: models(1, times("0.92"), first=n) for n, url in enumerate(urls)})
    assert {row[4] for row in world.claims()} == {None, 3}


def hosted(amount: str, hosts: int = 6) -> list[ListingSeen]:
    """One model at several hosts."""
    return [seen("zephyr", *both(amount, amount), provider="router", host=f"host-{number}") for number in range(hosts)]


@pytest.mark.parametrize("after", ["0.5", "1.6", "1.8"])
def test_one_model_may_become_cheaper_at_all_of_its_hosts_at_once(world: World, after: str) -> None:
    world.crawl(day(0), hosted("2"))
    assert world.crawl(day(1), hosted(after)).status == "published"


@pytest.mark.parametrize("after", ["2000", "0.02"])
def test_one_model_does_not_move_by_a_unit_at_all_of_its_hosts(world: World, after: str) -> None:
    world.crawl(day(0), hosted("2"))
    good = world.claims()
    world.crawl(day(1), hosted(after))
    assert (checks(world), world.claims()) == ({"moved_together"}, good)


def test_a_fault_of_the_sum_is_seen_beside_a_document_that_is_held_alone(world: World) -> None:
    urls = [f"{FIRST}/{number}" for number in range(10)]
    world.crawl(day(0), {url: models(2 if n == 0 else 1, first=10 * n) for n, url in enumerate(urls)})
    good = world.claims()
    world.crawl(day(1), {url: models(2 if n == 0 else 1, swapped, first=10 * n) for n, url in enumerate(urls)})
    assert world.claims() == good


def test_a_seller_may_cut_its_whole_list_to_a_quarter(world: World) -> None:
    world.crawl(day(0), models(12))
    report = world.crawl(day(1), models(12, times("0.25")))
    assert (report.status, report.stats["held"]) == ("published", 0)


def test_yuan_taken_for_dollars_are_held(world: World) -> None:
    world.crawl(day(0), models(12))
    world.crawl(day(1), models(12, times("7.2")))
    assert checks(world) == {"moved_together"}


@pytest.mark.parametrize(("factor", "is_held"), [("0.8", False), ("0.85", False), ("1.1", False), ("0.92", True)])
def test_a_round_cut_of_a_part_is_a_sale_and_another_factor_a_currency(world: World, factor: str, is_held: bool) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), [*models(20, times(factor)), *models(20, first=20)])
    assert checks(world) == ({"one_factor"} if is_held else set())


@pytest.mark.parametrize(("factor", "is_held"), [("0.8", False), ("0.92", True)])
def test_the_same_holds_for_a_page_of_two_models(world: World, factor: str, is_held: bool) -> None:
    world.crawl(day(0), models(2))
    world.crawl(day(1), models(2, times(factor)))
    assert checks(world) == ({"one_factor"} if is_held else set())


def test_a_whole_list_at_one_factor_is_a_currency_however_round(world: World) -> None:
    world.crawl(day(0), models(12))
    world.crawl(day(1), models(12, times("0.9")))
    assert checks(world) == {"one_factor"}


def test_a_model_takes_its_many_prices_with_it(world: World) -> None:
    many = seen("zephyr", *both("3", "15"), *both("1.5", "7.5", plan="batch"), *both("6", "30", plan="priority"), provider="acme")
    world.crawl(day(0), [*models(1), many])
    assert world.crawl(day(1), models(1)).status == "published"


def test_a_board_may_be_measured_anew(world: World) -> None:
    def board(first: str, second: str) -> list[ListingSeen]:
        scores = tuple(
            Score(benchmark="tough", subset=n, value=Decimal(v)) for n, v in (("a", first), ("b", second), ("c", "40"))
        )
        return [seen(f"acme-{number}", provider="acme", scores=scores) for number in range(12)]

    world.crawl(day(0), board("0.5", "60"))
    assert world.crawl(day(1), board("4.5", "62")).status == "published"
    world.crawl(day(2), [seen(f"acme-{n}", provider="acme", scores=tuple(
        Score(benchmark="tough", subset=s, value=Decimal(v)) for s, v in (("a", "0.045"), ("b", "0.62"), ("c", "0.4"))
    )) for n in range(12)])  # fmt: skip
    assert checks(world) == {"moved_together"}
