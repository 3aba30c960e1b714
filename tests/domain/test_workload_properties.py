"""What must hold of every workload and tariff: sums, tiers at their edge, shares at their ends, fallbacks that are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimstats.domain.workload import (
    ALONG,
    Receipt,
    Refusal,
    Tariff,
    Workload,
    WorkloadError,
    bill_of,
    crossings,
    receipt_of,
    workload_of,
)  # fmt: skip
from aimstats.domain.workload.ranking import UNPRICED, Ranker
from aimstats.domain.workload.receipts import AMOUNT_PLACES, QUANTITY_PLACES, Quantities, decimal_text, exact_total
from tests.domain.offers import amounts, asked, offer, receipt, refused, row, tokens

CASES = settings(max_examples=60, derandomize=True, deadline=None, database=None)
prices = st.integers(0, 5_000).map(lambda cents: str(Decimal(cents) / 100))
counts = st.integers(0, 600_000).map(Decimal)
shares = st.integers(0, 100).map(lambda part: Decimal(part) / 100)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """A tariff of input and output, with or without cache, batches, a tier and cheap hours."""
    rows = tokens({"input": draw(prices), "output": draw(prices)})
    if draw(st.booleans()):
        rows += tokens({"cache_read": draw(prices), "cache_write": draw(prices)})
    if draw(st.booleans()):
        rows += tokens({"input": draw(prices), "output": draw(prices)}, plan="batch")
    if draw(st.booleans()):
        size = draw(st.sampled_from((128_000, 200_000)))
        for plan in {one["plan"] for one in rows}:
            rows += tokens({"input": draw(prices), "output": draw(prices)}, plan=plan, min_context_tokens=size)
    if draw(st.booleans()):
        rows += [row("input", draw(prices), window="2200-0430")]
    return offer(*rows, provider=draw(st.sampled_from(("seller", "openai"))))


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    """A workload of text."""
    hit = draw(shares)
    return Workload(
        requests=draw(counts), input_tokens=draw(counts) + 1, output_tokens=draw(counts), cache_hit=hit,
        cache_write=min(draw(shares), 1 - hit), cache_ttl=draw(st.sampled_from(("5m", "1h"))), batch_share=draw(shares),
        utc_hours=draw(st.sampled_from(((), ("2100-2300",), ("0100-0500", "1200-1300")))),
    )  # fmt: skip


def the_receipt(tariff: Tariff, workload: Workload) -> Receipt:
    found = receipt_of(tariff, workload)
    assert isinstance(found, Receipt), found
    return found


@CASES
@given(tariffs(), workloads())
def test_the_total_is_the_sum_of_the_lines_and_each_line_is_its_quantity_times_its_price(
    tariff: Tariff, workload: Workload
) -> None:
    found = the_receipt(tariff, workload)
    assert found.total == sum(line.amount for line in found.lines)
    for line in found.lines:
        assert abs(line.quantity * line.usd_per_unit - line.amount) <= Decimal("5E-13")
        assert line.starred == any(word in (line.note or "") for word in ("charged as", "the only price"))
    exact = Fraction(found.total)
    bill = bill_of(tariff.schedule, workload, tariff.schedule.reach(workload.input_tokens))
    assert not isinstance(bill, Refusal)
    assert abs(exact - exact_total(tariff, bill, Quantities(workload))) < Fraction(1, 10**11)


@CASES
@given(st.lists(tariffs(), min_size=1, max_size=5), st.lists(workloads(), min_size=2, max_size=4))
def test_many_schedules_at_once_come_to_what_their_receipts_say(sold: list[Tariff], asked_for: list[Workload]) -> None:
    """Workloads one after the other, of one shape and of several, below and above the tiers that some of the schedules have."""
    free = offer(row("input", "0", plan="batch"), provider="seller")
    holders = [*range(len(sold)), len(sold), -1, 0]
    ranker = Ranker([one.schedule for one in (*sold, free)], holders)
    for workload in (*asked_for, *(replace(one, input_tokens=one.input_tokens + 150_000) for one in asked_for)):
        totals = ranker.totals(workload)
        assert totals.compiled.class_at[len(sold) + 1] == -1
        for holder, schedule in enumerate(holders):
            number = totals.compiled.class_at[holder]
            found = receipt_of((*sold, free)[schedule], workload) if schedule >= 0 else None
            if isinstance(found, Receipt):
                assert Decimal(totals.exact(number)).scaleb(-AMOUNT_PLACES) == found.total
                assert totals.rough[number] == pytest.approx(float(found.total), rel=1e-10, abs=1e-10)
                assert totals.compiled.reason_at[holder] == ""
            else:
                assert (number, totals.rough[number]) == (-1, UNPRICED)
                assert found is None or totals.compiled.reason_at[holder] == found.reason


@CASES
@given(st.integers(0, 10**40), st.sampled_from((AMOUNT_PLACES, QUANTITY_PLACES)))
def test_the_text_of_a_number_is_exact_and_as_short_as_it_can_be(scaled: int, places: int) -> None:
    for number in (scaled, scaled * 10**places, scaled % 10**places):
        text = decimal_text(number, places)
        assert Fraction(text) == Fraction(number, 10**places)
        assert text == format(Decimal(text), "f")
        assert not ("." in text and text[-1] in "0.")


@CASES
@given(tariffs(), workloads(), counts)
def test_requests_add_up(tariff: Tariff, workload: Workload, further: Decimal) -> None:
    both = the_receipt(tariff, replace(workload, requests=workload.requests + further)).total
    apart = the_receipt(tariff, workload).total + the_receipt(tariff, replace(workload, requests=further)).total
    assert abs(both - apart) < Decimal("2E-11")  # each line is rounded once


@CASES
@given(tariffs(), workloads(), st.data())
def test_a_dearer_price_never_makes_a_smaller_total(tariff: Tariff, workload: Workload, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(tariff.schedule.rates) - 1))
    rates = list(tariff.schedule.rates)
    rates[place] = rates[place]._replace(amount=rates[place].amount + 1)
    dearer = replace(tariff, schedule=replace(tariff.schedule, rates=tuple(rates)))
    assert the_receipt(dearer, workload).total >= the_receipt(tariff, workload).total


@CASES
@given(tariffs(), workloads())
def test_shares_of_nothing_and_of_all_are_the_plain_cases(tariff: Tariff, workload: Workload) -> None:
    alone = replace(workload, batch_share=Decimal(0))
    whole = replace(workload, batch_share=Decimal(1))
    half = the_receipt(tariff, replace(workload, batch_share=Decimal("0.5"))).total
    assert abs(2 * half - the_receipt(tariff, alone).total - the_receipt(tariff, whole).total) < Decimal("2E-11")
    none_cached = replace(alone, cache_hit=Decimal(0), cache_write=Decimal(0))
    assert {line.meter for line in the_receipt(tariff, none_cached).lines} <= {"input", "output"}
    all_read = replace(alone, cache_hit=Decimal(1), cache_write=Decimal(0))
    assert {line.meter for line in the_receipt(tariff, all_read).lines} <= {"cache_read", "output"}


@CASES
@given(st.lists(tariffs(), min_size=2, max_size=4), workloads(), st.sampled_from(sorted(ALONG)))
def test_totals_are_equal_where_they_cross_and_the_order_is_the_one_that_receipts_give(
    drawn: list[Tariff], workload: Workload, along: str
) -> None:
    named = [(f"model-{number}", tariff) for number, tariff in enumerate(drawn)]
    workload = replace(workload, requests=Decimal(1), output_tokens=workload.output_tokens + 1)
    found = crossings(named, workload, along)
    points = [Fraction(0), *(one.at for one in found), ALONG[along].most(workload, drawn)]
    for number, one in enumerate(found):
        before = _totals(named, workload, along, (points[number] + one.at) / 2)
        after = _totals(named, workload, along, (one.at + points[number + 2]) / 2)
        assert one.before == tuple(sorted(before, key=lambda name: (before[name], name)))
        assert one.after == tuple(sorted(after, key=lambda name: (after[name], name)))
        if not one.jump:
            here = _totals(named, workload, along, one.at)
            moved = [name for name, other in zip(one.before, one.after, strict=True) if name != other]
            assert len({here[name] for name in moved}) <= len(moved) // 2


def _totals(named: list[tuple[str, Tariff]], workload: Workload, along: str, at: Fraction) -> Mapping[str, Fraction]:
    there = ALONG[along].at(workload, at)
    found = {}
    for name, tariff in named:
        bill = bill_of(tariff.schedule, there, tariff.schedule.reach(there.input_tokens))
        assert not isinstance(bill, Refusal)
        found[name] = exact_total(tariff, bill, Quantities(there))
    return found


def test_where_one_model_becomes_cheaper_is_exact_and_a_tier_is_a_jump() -> None:
    flat = offer(*tokens({"input": "3", "output": "3"}))
    rows = [*tokens({"input": "1", "output": "10"}), *tokens({"input": "4", "output": "10"}, min_context_tokens=100_000)]
    named = [("flat", flat), ("tiered", offer(*rows, limit={"input": 150_000}))]
    found = crossings(named, asked(input_tokens=10_000, output_tokens=10_000), "prompt_length")
    # 3x + 30,000 = x + 100,000 at 35,000; the tier turns it at 100,000; past 150,000 nobody but `flat` takes the prompt.
    assert [(one.at, one.before[0], one.after, one.jump) for one in found] == [
        (Fraction(35_000), "flat", ("tiered", "flat"), False),
        (Fraction(100_000), "tiered", ("flat", "tiered"), True),
    ]
    by_answer = crossings(named, asked(input_tokens=9_000, output_tokens=1_000), "output_share")
    assert [(one.at, one.after) for one in by_answer] == [(Fraction(2, 9), ("flat", "tiered"))]


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        ({"input_tokens": "1", "cache_hit": "0.6", "cache_write": "0.5"}, {"cache_hit", "cache_write"}),
        ({"output_tokens": "10", "reasoning_tokens": "11"}, {"reasoning_tokens", "output_tokens"}),
        ({"requests": "5", "cache_hit": "0.5"}, {"input_tokens", "output_tokens"}),
    ],
)
def test_what_does_not_go_together_names_both(stated: dict[str, Any], named: set[str]) -> None:
    with pytest.raises(WorkloadError) as refusal:
        workload_of({name: Decimal(value) for name, value in stated.items()})
    assert {error["parameter"] for error in refusal.value.errors} == named


def test_what_a_plan_lacks_is_its_own_input_and_never_another_plans() -> None:
    rows = [*tokens({"input": "4", "output": "8", "cache_read": "0.4"}), *tokens({"input": "2", "output": "4"}, plan="batch")]
    found = receipt(offer(*rows), input_tokens=1_000_000, cache_hit=1, batch_share=1)
    assert amounts(found) == [("cache_read", "batch", "2")]
    assert found.lines[0].starred
    assert found.lines[0].note == "no price of its own is stated: charged as input"


def test_a_plan_that_is_not_sold_is_charged_as_standard_and_says_so() -> None:
    rows = [*tokens({"input": "4", "output": "8"}), row("input", "2", plan="flex")]
    found = receipt(offer(*rows), input_tokens=1_000_000, output_tokens=1_000_000, plan="flex")
    assert [(line.plan, line.starred) for line in found.lines] == [("standard", True)] * 2
    assert receipt(offer(*rows), input_tokens=1_000_000, plan="flex").total == 2  # without output its input suffices


def test_an_hours_cache_is_charged_as_five_minutes_where_nothing_else_is_stated() -> None:
    tariff = offer(*tokens({"input": "4", "cache_write": "5"}))
    found = receipt(tariff, input_tokens=1_000_000, cache_write=1, cache_ttl="1h")
    assert (found.total, found.lines[0].meter, found.lines[0].starred) == (Decimal(5), "cache_write_1h", True)


def test_of_two_ways_to_bill_the_one_whose_quantity_is_given_counts_and_of_both_the_cheaper() -> None:
    rows = [row("input", "1"), row("output", "2"), row("input_character", "0.5", "1M characters", alternative_of="input")]
    tariff = offer(*rows)
    assert receipt(tariff, input_tokens=1_000_000).total == 1
    assert receipt(tariff, characters=1_000_000).total == Decimal("0.5")
    both = receipt(tariff, input_tokens=1_000_000, characters=4_000_000, output_tokens=1_000_000)
    assert (both.total, both.lines[-1].note) == (Decimal(3), "the cheaper of two ways in which it may be billed")
    assert receipt(tariff, input_tokens=1_000_000, characters=1_000_000).total == Decimal("0.5")


def test_what_nobody_prices_has_no_total_and_is_never_free() -> None:
    text = offer(*tokens({"input": "1", "output": "2"}))
    assert refused(text, input_tokens=10, web_searches=1) == "not_published"
    assert refused(text, images=1) == "billed_otherwise"
    assert refused(offer(row("output", "2")), input_tokens=10, output_tokens=10) == "not_published"
    assert refused(offer(*tokens({"cache_read": "1", "output": "2"})), input_tokens=10, cache_hit="0.5") == "not_published"
    euros = offer(row("input", "1", currency="EUR"), cost={"absent": {"input": "other_currency"}})
    assert refused(euros, input_tokens=10) == "other_currency"


def test_a_request_past_a_limit_is_not_possible_and_an_unknown_limit_lets_it_pass() -> None:
    rows = tokens({"input": "1", "output": "2"})
    tariff = offer(*rows, limit={"context": 1_000, "input": 900, "output": 400})
    assert receipt(tariff, input_tokens=900, output_tokens=100).total == Decimal("0.0011")
    assert refused(tariff, input_tokens=901) == "not_possible"
    assert refused(tariff, output_tokens=401) == "not_possible"
    assert refused(tariff, input_tokens=700, output_tokens=301) == "not_possible"
    assert receipt(offer(*rows), input_tokens=10**9).total == 1_000


def test_a_tier_that_a_page_says_is_not_offered_is_not_possible() -> None:
    closed = row("input", "1", min_context_tokens=272_000) | {"usd": None, "amount": None, "absent": "not_offered"}
    tariff = offer(*tokens({"input": "1", "output": "2"}), closed, provider="openai")
    assert refused(tariff, input_tokens=272_000) == "not_possible"
    assert receipt(tariff, input_tokens=271_999).total == Decimal("0.271999")


def test_searches_requests_and_what_is_not_understood_are_on_the_receipt() -> None:
    contexts = [
        row("web_search", usd, "1K requests", conditions={"search_context": size})
        for size, usd in (("low", "5"), ("medium", "8"))
    ]
    tariff = offer(*tokens({"input": "1", "output": "1"}), row("request", "0.005"), *contexts, cost={"incomplete": True})
    found = receipt(tariff, requests=10, input_tokens=1_000, web_searches=2)
    assert amounts(found) == [("input", "standard", "0.01"), ("request", "standard", "0.05"), ("web_search", "standard", "0.16")]
    assert found.at_least


def test_what_another_source_says_is_on_the_receipt_with_its_total() -> None:
    held = {"check": "jump", "reason": "ten times dearer", "since": "2026-01-02", "confirmed_at": "2026-01-01"}
    rows = [row("input", "3", disputed=[{"source": "other", "usd": "4"}], held=held), row("output", "10")]
    found = receipt(offer(*rows), input_tokens=1_000_000, output_tokens=100_000)
    assert [(one.meter, one.source, one.usd_per_unit, one.total) for one in found.disputed] == [
        ("input", "other", Decimal(4), Decimal(5))
    ]
    assert found.total == 4
    assert found.lines[0].held == held
