"""Whole documents: what quarantines a source, what only one document, and what is a busy day."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from aimstats.domain.absence import Absence
from aimstats.domain.items import DocumentSeen, Lifecycle, ListingSeen, Score
from aimstats.domain.prices import price
from tests.checks.acme import Amounts, amounts, models, times
from tests.ingest.worlds import FIRST, Content, World, both, catalogue, day, seen, usd


def swapped(number: int, prices: Amounts) -> Amounts:
    """Input for output."""
    return prices | {"input": prices["output"], "output": prices["input"]}


def copied(number: int, prices: Amounts) -> Amounts:
    """The column of output read twice."""
    return prices | {"input": prices["output"]}


def without(meter: str) -> Callable[[int, Amounts], Amounts]:
    """A column that is read no longer."""
    return lambda number, prices: {name: amount for name, amount in prices.items() if name != meter}


WRONG = {
    "thousand times dearer": (times("1000"), "moved_together"),
    "million times cheaper": (times("0.000001"), "moved_together"),
    "cents": (times("100"), "moved_together"),
    "ten times": (times("10"), "moved_together"),
    "four in ten": (times("1000", 0.4), "moved_together"),
    "euros": (times("0.92"), "one_factor"),
    "free": (times("0"), "free_now_together"),
    "swapped": (swapped, "swapped_together"),
    "one column twice": (copied, "copied_together"),
    "input gone": (without("input"), "field_gone"),
    "output gone": (without("output"), "field_gone"),
}


@pytest.mark.parametrize("count", [3, 6, 40])
@pytest.mark.parametrize("fault", WRONG)
def test_a_document_that_is_wrong_all_over_publishes_nothing(world: World, fault: str, count: int) -> None:
    change, check = WRONG[fault]
    world.crawl(day(0), models(count))
    good = world.claims()
    dataset = world.version()[0]
    report = world.crawl(day(1), models(count, change))
    assert world.claims() == good
    if count > 10:
        assert report.status == "quarantined"
        assert world.rows('select "check" from held where decided is null') == [(check,)]
        assert world.rows("select checked_at from document") == [(day(0),)], "the figures keep their age"
        assert world.version()[0] == dataset + 1, "a quarantine is seen"
        assert len(report.error) > 30


@pytest.mark.parametrize(
    "listings",
    [[], models(20), models(29), models(40, first=40), models(30, first=30)],
    ids=["empty", "half", "less than three quarters", "other ids", "mostly other ids"],
)
def test_a_document_that_lost_its_listings_is_quarantined(world: World, listings: list[ListingSeen]) -> None:
    world.crawl(day(0), models(40))
    good = world.claims()
    assert world.crawl(day(1), listings).status == "quarantined"
    assert world.claims() == good


def test_a_document_that_lost_its_end_is_quarantined_and_one_that_lost_as_many_elsewhere_is_not(world: World) -> None:
    world.crawl(day(0), models(40))
    assert "the last 4 of 40 listings are gone" in world.crawl(day(1), models(36)).error
    gone = {"acme-3", "acme-17", "acme-38", "acme-39"}
    retired = [listing for listing in models(40) if listing.external_id not in gone]
    assert world.crawl(day(2), retired).status == "published"


def test_one_table_of_a_page_in_another_currency_quarantines(world: World) -> None:
    world.crawl(day(0), models(40))
    half = [*models(20, times("0.92")), *models(20, first=20)]
    assert "60 of 60 prices are 0.920 times before" in world.crawl(day(1), half).error


def test_a_fact_that_is_gone_from_everywhere_quarantines(world: World) -> None:
    world.crawl(day(0), models(20))
    bare = [seen(f"acme-{n}", *(usd(m, a) for m, a in amounts(n).items()), provider="acme", name=f"Acme {n}") for n in range(20)]
    assert "was stated by 20 listings and is by 0 now: renamed, or another layout" in world.crawl(day(1), bare).error


@pytest.mark.parametrize("absent", ["not_published", "variable"])
def test_prices_that_are_all_said_to_be_absent_quarantine(world: World, absent: str) -> None:
    world.crawl(day(0), [seen(f"acme-{n}", usd("input", str(n + 1)), provider="acme") for n in range(6)])
    gone = [seen(f"acme-{n}", price("input", None, absent=Absence(absent)), provider="acme") for n in range(6)]
    assert "price input, standard was stated by 6 listings and is by 0 now" in world.crawl(day(1), gone).error


def test_a_price_that_is_said_to_be_absent_from_one_listing_is_published(world: World) -> None:
    world.crawl(day(0), models(6))
    last = seen("acme-5", price("input", None, absent=Absence.NOT_OFFERED), *both("1.75", "8.75")[1:], provider="acme")
    assert world.crawl(day(1), [*models(5), last]).status == "published"


def test_dates_that_cannot_be_read_any_more_quarantine(world: World) -> None:
    def page(at: datetime | None) -> list[ListingSeen]:
        event = Lifecycle(event="retired", at=at, precision="exact" if at else "none")
        return [seen(f"acme-{number}", provider="acme", lifecycle=(event,)) for number in range(12)]

    world.crawl(day(0), page(day(90)))
    assert world.crawl(day(1), page(None)).status == "quarantined"


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


def test_a_new_document_in_another_currency_than_others_say_is_quarantined(world: World) -> None:
    names = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "o3", "gpt-4.1-mini")
    stated = {name: (Decimal(n + 2) / 3).quantize(Decimal("0.01")) for n, name in enumerate(names)}
    dollars = [seen(name, *both(str(amount), str(amount * 4))) for name, amount in stated.items()]
    euros = [seen(name, *both(str(amount * Decimal("0.92")), str(amount * Decimal("3.68")))) for name, amount in stated.items()]
    world.crawl(day(0), dollars)
    assert world.crawl(day(1), euros, catalogue("other")).status == "quarantined"


def test_one_bad_document_of_many_is_held_alone(world: World) -> None:
    urls = [f"{FIRST}/{number}" for number in range(10)]
    first = {url: models(8, first=10 * n) for n, url in enumerate(urls)}
    world.crawl(day(0), first)
    good = world.claims()
    report = world.crawl(day(1), first | {urls[3]: [], urls[4]: [*models(8, first=40), *models(1, first=999)]})
    assert (report.status, report.stats["held"]) == ("published", 1)
    assert [claim for claim in world.claims() if claim[0] != "acme-999"] == good
    assert any(claim[0] == "acme-999" for claim in world.claims())
    rows = world.rows("select url, checked_at from document where url = any(:urls) order by url", urls=urls[3:5])
    assert rows == [(urls[3], day(0)), (urls[4], day(1))]


def test_more_than_a_fifth_of_the_documents_quarantines_the_source(world: World) -> None:
    urls = [f"{FIRST}/{number}" for number in range(10)]
    first = {url: models(4, first=10 * n) for n, url in enumerate(urls)}
    world.crawl(day(0), first)
    assert world.crawl(day(1), first | {url: [] for url in urls[:3]}).status == "quarantined"


def test_a_slip_that_is_spread_over_small_documents_quarantines_the_source(world: World) -> None:
    urls = [f"{FIRST}/{number}" for number in range(10)]
    world.crawl(day(0), {url: models(1, first=n) for n, url in enumerate(urls)})
    good = world.claims()
    report = world.crawl(day(1), {url: models(1, times("0.92"), first=n) for n, url in enumerate(urls)})
    assert report.status == "quarantined"
    assert world.claims() == good


def test_an_index_that_is_held_quarantines_its_source(world: World) -> None:
    urls = [f"{FIRST}/{number}" for number in range(10)]
    rest: dict[str, Content] = {url: models(2, first=10 * n + 100) for n, url in enumerate(urls)}
    good = DocumentSeen(url=FIRST, listings=tuple(models(20)), links=tuple(urls))
    world.crawl(day(0), {FIRST: good, **rest}, index=FIRST)
    bad = DocumentSeen(url=FIRST, listings=tuple(models(20, times("1000"))), links=tuple(urls))
    assert world.crawl(day(1), {FIRST: bad, **rest}, index=FIRST).status == "quarantined"


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
    assert world.crawl(day(1), hosted(after)).status == "quarantined"


def test_a_fault_of_the_sum_is_seen_beside_a_document_that_is_held_alone(world: World) -> None:
    urls = [f"{FIRST}/{number}" for number in range(10)]
    world.crawl(day(0), {url: models(2 if n == 0 else 1, first=10 * n) for n, url in enumerate(urls)})
    good = world.claims()
    faulty = {url: models(2 if n == 0 else 1, swapped, first=10 * n) for n, url in enumerate(urls)}
    assert world.crawl(day(1), faulty).status == "quarantined"
    assert world.claims() == good


def test_a_seller_may_cut_its_whole_list_to_a_quarter(world: World) -> None:
    world.crawl(day(0), models(12))
    report = world.crawl(day(1), models(12, times("0.25")))
    assert (report.status, report.stats["held"]) == ("published", 0)


def test_yuan_taken_for_dollars_quarantine(world: World) -> None:
    world.crawl(day(0), models(12))
    assert world.crawl(day(1), models(12, times("7.2"))).status == "quarantined"


@pytest.mark.parametrize(("factor", "status"), [("0.8", "published"), ("0.85", "published"), ("0.92", "quarantined")])
def test_a_round_cut_of_a_part_is_a_sale_and_another_factor_a_currency(world: World, factor: str, status: str) -> None:
    world.crawl(day(0), models(40))
    part = [*models(20, times(factor)), *models(20, first=20)]
    assert world.crawl(day(1), part).status == status


@pytest.mark.parametrize(("factor", "status"), [("0.8", "published"), ("0.92", "quarantined")])
def test_the_same_holds_for_a_page_of_two_models(world: World, factor: str, status: str) -> None:
    world.crawl(day(0), models(2))
    assert world.crawl(day(1), models(2, times(factor))).status == status


def test_a_whole_list_at_one_factor_is_a_currency_however_round(world: World) -> None:
    world.crawl(day(0), models(12))
    assert world.crawl(day(1), models(12, times("0.9"))).status == "quarantined"


def test_a_seller_of_nine_may_drop_three(world: World) -> None:
    world.crawl(day(0), models(9))
    kept = [listing for listing in models(9) if listing.external_id not in ("acme-0", "acme-4", "acme-5")]
    assert world.crawl(day(1), kept).status == "published"


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
    assert world.crawl(day(2), [seen(f"acme-{n}", provider="acme", scores=tuple(
        Score(benchmark="tough", subset=s, value=Decimal(v)) for s, v in (("a", "0.045"), ("b", "0.62"), ("c", "0.4"))
    )) for n in range(12)]).status == "quarantined"  # fmt: skip
