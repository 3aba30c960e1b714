"""Which of several figures is shown, whether the sources agree, and what a stated zero means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from aimstats.domain.absence import Absence, strongest
from aimstats.domain.prices import Price, PriceKey, price
from aimstats.resolution.choice import Candidate, agreement, equal, judged, order
from aimstats.resolution.inputs import ListingView
from tests.resolution.stated import NOW, ago, copied, document, listing, only_offer, price_claim, resolved, source, usd

PAGE = source("page", "page", provider="openai")
API = source("api", "api", provider="openai")
ROUTER = source("router", "router", provider="openai")
FIRST, LATER = source("first", priority=10), source("later", priority=20)
COPY = copied(PAGE)


def candidate(row: ListingView, inherited: bool = False) -> Candidate:
    (claim,) = (claim for claim in row.claims if claim.kind == "price")
    return Candidate(claim, row, inherited)


def at(of: object, figure: str = "1", **rest: object) -> ListingView:
    """A listing of this source whose document was checked, and stands, as said."""
    about = {name: rest.pop(name) for name in ("checked_at", "stale", "position", "name") if name in rest}
    return listing(usd("input", figure), of=of, doc=document(of, **about), **rest)  # type: ignore[arg-type]  # of any kind


PREFERRED: dict[str, tuple[Callable[[], Candidate], Callable[[], Candidate]]] = {
    "fresh before stale, even on the seller's page": (lambda: candidate(at(LATER)), lambda: candidate(at(PAGE, stale=True))),
    "the seller's page before its API": (lambda: candidate(at(PAGE)), lambda: candidate(at(API))),
    "the seller's API before a router": (lambda: candidate(at(API)), lambda: candidate(at(ROUTER))),
    "a router for its own offers before catalogues": (lambda: candidate(at(ROUTER)), lambda: candidate(at(FIRST))),
    "catalogues by priority": (lambda: candidate(at(FIRST)), lambda: candidate(at(LATER))),
    "the seller's page before its copy": (lambda: candidate(at(PAGE)), lambda: candidate(at(COPY))),
    "a fresh copy before a stale page": (lambda: candidate(at(COPY)), lambda: candidate(at(PAGE, stale=True))),
    "a copy of the seller's page before its API": (lambda: candidate(at(COPY)), lambda: candidate(at(API))),
    "another seller's page is a catalogue like others": (
        lambda: candidate(at(FIRST)),
        lambda: candidate(at(source("azure_page", "page", provider="azure", priority=15))),
    ),
    "stated before inherited": (lambda: candidate(at(FIRST)), lambda: candidate(at(FIRST), True)),
    "stated before derived": (
        lambda: candidate(at(FIRST)),
        lambda: candidate(listing(usd("input", "1", derived_from="x 2"), of=FIRST)),
    ),
    "the later reading": (lambda: candidate(at(FIRST)), lambda: candidate(at(FIRST, checked_at=ago(1)))),
    "the trust before the later reading": (lambda: candidate(at(FIRST, checked_at=ago(1))), lambda: candidate(at(LATER))),
    "the source's id": (lambda: candidate(at(source("a"))), lambda: candidate(at(source("b")))),
    "the document in its declared order": (
        lambda: candidate(at(FIRST, position=0, name="z")),
        lambda: candidate(at(FIRST, position=1, name="a")),
    ),
    "the listing's key": (lambda: candidate(at(FIRST, external_id="a")), lambda: candidate(at(FIRST, external_id="b"))),
}


@pytest.mark.parametrize(("better", "worse"), PREFERRED.values(), ids=PREFERRED)
def test_is_shown_first(better: Callable[[], Candidate], worse: Callable[[], Candidate]) -> None:
    one, other = better(), worse()
    assert min(one, other, key=order) is one
    assert min(other, one, key=order) is one


def test_of_two_steps_in_force_the_later_begun_is_shown() -> None:
    row = listing(usd("input", "5", valid_from=ago(90)), usd("input", "4", valid_from=ago(30)))
    assert only_offer(row)["cost"]["input"] == "4"


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("2.5", "2.5", True),
        ("2.5", "2.50", True),
        ("0.15", "0.152", True),
        ("0.15", "0.155", True),
        ("0.15", "0.156", False),
        ("1000", "1000.9", True),
        ("2.501", "2.5", True),
        ("2.6", "2.5", False),
        ("0.2", "0.15", False),
        ("3", "3.4", False),
        ("3.00", "3.01", False),
        ("10.00", "10.4", False),
        ("0", "0.0001", False),
        ("0", "0", True),
    ],
)
def test_figures_are_equal_within_half_a_place_of_the_less_precise_or_a_thousandth(left: str, right: str, same: bool) -> None:
    doc = document(FIRST)
    one, other = (price_claim(usd("input", figure), doc) for figure in (left, right))
    assert equal(one, other) is same
    assert equal(other, one) is same


def test_places_count_in_the_unit_in_which_they_are_stated() -> None:
    doc = document(FIRST)
    per_token, per_million = usd("input", "0.00000125", "token"), usd("input", "1.254")
    assert equal(price_claim(per_token, doc), price_claim(per_million, doc))
    assert not equal(price_claim(per_token, doc), price_claim(usd("input", "1.262"), doc))


def history(*earlier: Price, now: Price) -> ListingView:
    """A listing whose figure was corrected in earlier runs."""
    row = listing(now, of=FIRST)
    doc = row.claims[0].document
    row.claims += [
        price_claim(old, doc, observed_from=ago(90 - n), observed_to=ago(80 - n), corrected=True) for n, old in enumerate(earlier)
    ]
    return row


def test_a_value_that_the_winner_showed_before_is_lagging() -> None:
    winner = history(usd("input", "5"), now=usd("input", "2.5"))
    first = Candidate(next(claim for claim in winner.current if claim.kind == "price"), winner)
    assert agreement(first, candidate(at(LATER, "5"))) == "lagging"
    assert agreement(first, candidate(at(LATER, "4"))) == "disputed"
    assert agreement(first, candidate(at(LATER, "2.5"))) == "equal"


def test_an_earlier_step_is_lagging_and_an_announced_one_is_not() -> None:
    steps = [usd("input", "5", valid_to=ago(30)), usd("input", "4", valid_from=ago(30)), usd("input", "3", valid_from=ago(-30))]
    row = listing(*steps, of=FIRST)
    now = Candidate(next(claim for claim in row.claims if claim.usd == 4), row)
    assert agreement(now, candidate(at(LATER, "5"))) == "lagging"
    assert agreement(now, candidate(at(LATER, "3"))) == "disputed"


@pytest.mark.parametrize(("days", "word"), [(44, "disputed"), (46, "not_comparable")])
def test_figures_checked_too_far_apart_are_not_compared(days: int, word: str) -> None:
    assert agreement(candidate(at(FIRST)), candidate(at(LATER, "2", checked_at=NOW - timedelta(days=days)))) == word


def test_an_ambiguous_listing_is_never_compared() -> None:
    row = at(LATER, "2")
    row.ambiguous = True
    assert agreement(candidate(at(FIRST)), candidate(row)) == "not_comparable"


def test_a_reason_of_absence_is_not_compared_with_a_figure() -> None:
    absent = listing(price("input", None, absent=Absence.VARIABLE), of=LATER)
    assert agreement(candidate(at(FIRST)), candidate(absent)) == "not_comparable"


def test_a_dispute_counts_once_and_within_one_source_not_at_all() -> None:
    assert only_offer(at(FIRST, "1"), at(LATER, "2"), at(source("third", priority=30), "3"))["agreement"] == {
        "sources": 3,
        "disputed": ["cost.input"],
    }
    assert only_offer(at(FIRST, "1"), at(FIRST, "2"))["agreement"]["disputed"] == []


PAID, NOTHING = {"input": Decimal(1), "output": Decimal(2)}, {"input": Decimal(0), "output": Decimal(0)}
ZEROS = {
    "free is 0": ("input", NOTHING, "text", FIRST, "metered", None),
    "0/0 at a subscription is billed otherwise": ("input", NOTHING, "text", FIRST, "subscription", Absence.BILLED_OTHERWISE),
    "a catalogue's 0 for reading a cache is silence": ("cache_read", PAID, "text", FIRST, "metered", Absence.NOT_PUBLISHED),
    "a catalogue's 0 for writing a cache is silence": ("cache_write", PAID, "text", FIRST, "metered", Absence.NOT_PUBLISHED),
    "the seller's own 0 is 0": ("cache_write", PAID, "text", PAGE, "metered", None),
    "a free model's cache is free": ("cache_read", NOTHING, "text", FIRST, "metered", None),
    "an embedding's output is not billed": ("output", {"input": Decimal(1)}, "embedding", FIRST, "metered", Absence.NOT_BILLED),
    "nor is it where the input is not known": ("output", {}, "embedding", FIRST, "metered", Absence.NOT_BILLED),
    "the seller's own output at 0 is free": ("output", {"input": Decimal(1)}, "text", PAGE, "metered", None),
    "a catalogue's 0 for output beside a paid input is silence": (
        "output",
        {"input": Decimal(1)},
        "text",
        FIRST,
        "metered",
        Absence.NOT_PUBLISHED,
    ),
    "an input at 0 beside a paid output is free": ("input", {"output": Decimal(2)}, "text", FIRST, "metered", None),
    "a catalogue's 0/0 for what is sold by the image is silence": (
        "input",
        NOTHING,
        "image",
        FIRST,
        "metered",
        Absence.NOT_PUBLISHED,
    ),
    "a router's 0/0 for what is sold by the second is silence": (
        "output",
        NOTHING,
        "speech",
        ROUTER,
        "metered",
        Absence.NOT_PUBLISHED,
    ),
    "the seller's own 0 is free whatever is sold": ("input", NOTHING, "transcription", PAGE, "metered", None),
    "the same had through a reader": ("input", NOTHING, "transcription", COPY, "metered", None),
    "a free tier is free whatever is sold": ("input", NOTHING, "image", FIRST, "free_tier", None),
}


@pytest.mark.parametrize(("meter", "headline", "kind", "of", "billing", "absent"), ZEROS.values(), ids=ZEROS)
def test_a_stated_zero(
    meter: str, headline: dict[str, Decimal], kind: str, of: object, billing: str, absent: Absence | None
) -> None:
    row = listing(usd(meter, "0"), of=of, billing=billing)  # type: ignore[arg-type]  # a source
    assert judged(PriceKey(meter=meter), candidate(row), headline, kind) == (None if absent else Decimal(0), absent)


def test_a_free_variant_is_free_whatever_is_sold() -> None:
    row = listing(usd("input", "0", plan="free"), of=FIRST)
    assert judged(PriceKey(meter="input", plan="free"), candidate(row), NOTHING, "speech") == (Decimal(0), None)


def test_a_catalogues_zero_for_tokens_beside_a_price_per_request_is_billed_otherwise() -> None:
    rerank = [usd("input", "0"), usd("output", "0"), usd("request", "0.002")]
    cost = only_offer(listing(*rerank, of=FIRST))["cost"]
    assert (cost["input"], cost["output"], cost["request"]) == (None, None, "0.002")
    assert cost["absent"] == {"input": "billed_otherwise", "output": "billed_otherwise"}
    assert only_offer(listing(*rerank, of=PAGE))["cost"]["input"] == "0"


def test_a_zero_beside_a_price_per_second_of_another_source_is_billed_otherwise() -> None:
    rows = listing(usd("input", "0"), of=FIRST), listing(usd("input_audio", "0.0001", "second"), of=LATER)
    assert only_offer(*rows)["cost"]["absent"]["input"] == "billed_otherwise"


def test_a_catalogues_zero_yields_to_a_price_and_stays_in_the_evidence() -> None:
    offer = resolved(at(FIRST, "0"), at(LATER, "0.72")).offers[0]
    assert offer.body["cost"]["input"] == "0.72"
    assert offer.body["agreement"]["disputed"] == ["cost.input"]
    assert [row["cost"] for row in offer.evidence] == [{"input": "0"}, {"input": "0.72"}]


@pytest.mark.parametrize(
    "rows",
    [
        (lambda: at(PAGE, "0"), lambda: at(FIRST, "0.72")),
        (lambda: at(FIRST, "0", provider="publicai"), lambda: at(LATER, "0.72", stale=True, provider="publicai")),
        (lambda: at(FIRST, "0", billing="free_tier"), lambda: at(LATER, "0.72", billing="free_tier")),
        (lambda: at(FIRST, "0", provider="publicai"), lambda: at(LATER, "0", provider="publicai")),
    ],
    ids=["the seller says so", "only a stale source has a price", "a free tier", "two say so"],
)
def test_a_zero_stands_otherwise(rows: tuple[Callable[[], ListingView], ...]) -> None:
    assert only_offer(*(row() for row in rows))["cost"]["input"] == "0"


REASONS: dict[str, tuple[tuple[Callable[[], ListingView], ...], str]] = {
    "alone": ((lambda: at(FIRST),), "the only source that states it"),
    "the page": ((lambda: at(PAGE), lambda: at(FIRST)), "the seller's own page"),
    "the API": ((lambda: at(API), lambda: at(FIRST)), "the seller's own API"),
    "the first catalogue": ((lambda: at(FIRST), lambda: at(LATER)), "the first catalogue in order that states it"),
    "all stale": ((lambda: at(PAGE, stale=True), lambda: at(FIRST, stale=True)), "no fresh source states it"),
}


@pytest.mark.parametrize(("rows", "reason"), REASONS.values(), ids=REASONS)
def test_the_evidence_says_which_listing_won_and_why(rows: tuple[Callable[[], ListingView], ...], reason: str) -> None:
    evidence = resolved(*(row() for row in rows)).offers[0].evidence
    assert [(row.get("won"), row.get("reason")) for row in evidence] == [(["input"], reason)] + [(None, None)] * (len(rows) - 1)


def test_reasons_of_absence_have_an_order() -> None:
    stated = [
        Absence.NOT_OFFERED, Absence.BILLED_OTHERWISE, Absence.VARIABLE, Absence.OTHER_CURRENCY, Absence.NOT_PUBLISHED,
        Absence.BEFORE_FIRST_EVIDENCE,
    ]  # fmt: skip
    assert all(strongest([two, one]) is one for place, one in enumerate(stated) for two in stated[place:])


def test_the_order_of_candidates_is_total() -> None:
    rows = [at(PAGE), at(FIRST), at(LATER, "2"), at(FIRST, "3", ordinal=2), at(FIRST, stale=True)]
    orders = {tuple(id(found.listing) for found in sorted(map(candidate, turn), key=order)) for turn in permutations(rows)}
    assert len(orders) == 1
