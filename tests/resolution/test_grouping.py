"""Which listings are one offer, and the id that is a pure function of its key."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimstats.domain.absence import Absence
from aimstats.domain.prices import price
from aimstats.resolution.grouping import OfferGroup, OfferKey, offers_of
from aimstats.resolution.inputs import ListingView
from tests.resolution.stated import document, listing, resolved, source, usd

OTHER = source("other")


def ids(*listings: ListingView, model: str | None = "openai/gpt-4o") -> dict[str, list[str]]:
    """Offer id -> external ids."""
    return {group.key.id: sorted(row.external_id for row in group.listings) for group in offers_of(model, listings)}


def test_an_undated_and_the_only_dated_listing_are_one_offer() -> None:
    dated = listing(usd("input", "2.5"), external_id="gpt-4o-2024-08-06", snapshot="2024-08-06", of=OTHER)
    (group,) = offers_of("openai/gpt-4o", [listing(usd("input", "2.5")), dated])
    assert (group.key.id, group.snapshot) == ("openai/openai/gpt-4o", "2024-08-06")


def test_two_snapshots_are_two_offers_beside_the_undated_one() -> None:
    rows = [listing(external_id=f"gpt-4o{'-' * bool(day)}{day}", snapshot=day) for day in ("", "2024-05-13", "2024-08-06")]
    assert list(ids(*rows)) == ["openai/openai/gpt-4o", "openai/openai/gpt-4o:2024-05-13", "openai/openai/gpt-4o:2024-08-06"]


def test_a_month_and_day_is_the_one_snapshot_of_that_day() -> None:
    full = [listing(external_id=f"gpt-4o-{day}", snapshot=day, of=OTHER) for day in ("2024-08-06", "2024-11-20")]
    rows = [listing(external_id="gpt 4o 1120", snapshot="1120", is_page_name=True), *full]
    assert ids(*rows) == {
        "openai/openai/gpt-4o:2024-08-06": ["gpt-4o-2024-08-06"],
        "openai/openai/gpt-4o:2024-11-20": ["gpt 4o 1120", "gpt-4o-2024-11-20"],
    }
    assert list(ids(listing(), rows[0], full[1])) == ["openai/openai/gpt-4o"], "one build, so it is the undated one's too"


def test_a_month_and_day_of_two_years_is_a_snapshot_of_its_own() -> None:
    rows = [listing(external_id=f"gpt-4o-{day}", snapshot=day) for day in ("1120", "2023-11-20", "2024-11-20")]
    assert list(ids(*rows)) == [f"openai/openai/gpt-4o:{day}" for day in ("1120", "2023-11-20", "2024-11-20")]


def test_latest_is_undated() -> None:
    rows = [listing(), listing(external_id="gpt-4o-latest", snapshot="latest", of=OTHER)]
    assert list(ids(*rows)) == ["openai/openai/gpt-4o"]


def test_a_single_dearer_snapshot_is_an_offer_of_its_own() -> None:
    plain, dated = (
        listing(usd("input", "2.5")),
        listing(usd("input", "5"), external_id="gpt-4o-2024-05-13", snapshot="2024-05-13"),
    )
    assert list(ids(plain, dated)) == ["openai/openai/gpt-4o", "openai/openai/gpt-4o:2024-05-13"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"variant": "high"}, "openai/openai/gpt-4o+high"),
        ({"region": "eu"}, "openai/openai/gpt-4o@eu"),
        ({"host": "azure"}, "openai/openai/gpt-4o~azure"),
        ({"provider": "azure"}, "azure/openai/gpt-4o"),
        ({"provider": "azure", "region": "eu", "variant": "high"}, "azure/openai/gpt-4o+high@eu"),
    ],
)
def test_what_differs_in_the_key_is_another_offer(change: dict[str, Any], expected: str) -> None:
    other = listing(usd("input", "2.5"), **{"host": change.get("provider", "openai")} | change)
    assert sorted(ids(listing(usd("input", "2.5")), other)) == sorted(["openai/openai/gpt-4o", expected])


def test_equal_figures_under_two_ids_are_aliases_of_one_offer() -> None:
    assert ids(listing(usd("input", "1"), external_id="a"), listing(usd("input", "1"), external_id="b")) == {
        "openai/openai/gpt-4o": ["a", "b"]
    }


def test_different_figures_under_two_ids_of_one_source_are_two_products() -> None:
    assert ids(listing(usd("input", "1"), external_id="v/a"), listing(usd("input", "2"), external_id="v/b")) == {
        "openai/openai/gpt-4o~~a": ["v/a"],
        "openai/openai/gpt-4o~~b": ["v/b"],
    }


def test_different_figures_of_two_sources_are_one_offer_in_dispute() -> None:
    rows = [listing(usd("input", "1"), external_id="a"), listing(usd("input", "2"), external_id="b", of=OTHER)]
    assert ids(*rows) == {"openai/openai/gpt-4o": ["a", "b"]}


def test_products_whose_ids_end_alike_get_their_whole_ids() -> None:
    assert sorted(ids(listing(usd("input", "1"), external_id="x/a"), listing(usd("input", "2"), external_id="y/a"))) == [
        "openai/openai/gpt-4o~~x-a",
        "openai/openai/gpt-4o~~y-a",
    ]


def test_products_whose_ids_differ_in_their_marks_alone_stay_apart() -> None:
    assert len(ids(listing(usd("input", "1"), external_id="a_b"), listing(usd("input", "2"), external_id="A-b"))) == 2


def test_another_source_joins_the_product_that_it_names() -> None:
    rows = [listing(usd("input", figure), external_id=id_) for id_, figure in (("v/a", "1"), ("v/b", "2"))]
    assert ids(*rows, listing(usd("input", "2"), external_id="b", of=OTHER))["openai/openai/gpt-4o~~b"] == ["b", "v/b"]


def test_a_product_is_told_from_the_page_of_its_own_in_one_source() -> None:
    of = source()
    rows = [
        listing(usd("input", figure), external_id=id_, of=of, doc=document(of, name=id_))
        for id_, figure in (("a", "1"), ("b", "2"))
    ]
    assert len(ids(*rows)) == 2


def test_figures_that_do_not_meet_make_no_products() -> None:
    rows = [listing(usd("input", "1"), external_id="a"), listing(usd("output", "2"), external_id="b")]
    assert ids(*rows) == {"openai/openai/gpt-4o": ["a", "b"]}


def test_float_noise_makes_no_products() -> None:
    rows = [listing(usd("input", figure), external_id=id_) for id_, figure in (("a", "2.225"), ("b", "2.2249999999999998"))]
    assert ids(*rows) == {"openai/openai/gpt-4o": ["a", "b"]}


def test_another_reason_of_absence_makes_another_product() -> None:
    absent = price("input", None, absent=Absence.VARIABLE)
    assert len(ids(listing(usd("input", "1"), external_id="a"), listing(absent, external_id="b"))) == 2


def inherits(*rows: ListingView) -> dict[str, bool]:
    return {group.key.id: bool(group.inherits) for group in offers_of("openai/gpt-4o", rows)}


def test_an_undated_first_party_price_fills_dated_offers_that_have_none() -> None:
    rows = [
        listing(usd("input", "2.5")),
        listing(external_id="gpt-4o-2024-05-13", snapshot="2024-05-13"),
        listing(usd("input", "9"), external_id="gpt-4o-2024-08-06", snapshot="2024-08-06"),
    ]
    assert inherits(*rows) == {
        "openai/openai/gpt-4o": False,
        "openai/openai/gpt-4o:2024-05-13": True,
        "openai/openai/gpt-4o:2024-08-06": False,
    }
    (filled,) = (offer.body for offer in resolved(*rows).offers if offer.key.snapshot == "2024-05-13")
    assert filled["cost"]["input"] == "2.5"
    assert [row["inherited"] for row in filled["prices"]] == [True]


def test_a_resellers_undated_price_fills_nothing() -> None:
    rows = [listing(provider="azure", snapshot=day, external_id=f"x{day}") for day in ("2024-05-13", "2024-08-06")]
    assert not any(inherits(listing(usd("input", "2.5"), provider="azure"), *rows).values())


def test_an_offer_of_another_variant_inherits_nothing() -> None:
    rows = [listing(usd("input", "2.5")), *(listing(external_id=f"x{day}", snapshot=day, variant="high") for day in ("1", "2"))]
    assert not any(inherits(*rows).values())


def test_lifecycle_pages_and_benchmarks_sell_nothing() -> None:
    rows = [listing(of=source(kind, kind)) for kind in ("lifecycle", "benchmark")]
    assert ids(*rows) == {}


def test_what_is_no_model_is_told_apart_by_its_own_id() -> None:
    rows = [
        listing(external_id=id_, model=None, kind="router", provider="openrouter")
        for id_ in ("openrouter/auto", "openrouter/free")
    ]
    assert list(ids(*rows, model=None)) == ["openrouter/-/openrouter-auto", "openrouter/-/openrouter-free"]


def test_groups_and_ids_do_not_depend_on_the_order_of_listings() -> None:
    rows = [
        listing(usd("input", "1"), external_id="v/a"),
        listing(usd("input", "2"), external_id="v/b"),
        listing(usd("input", "2"), external_id="b", of=OTHER),
        listing(external_id="gpt-4o-2024-05-13", snapshot="2024-05-13", of=OTHER),
    ]
    expected = ids(*rows)
    for turn in range(1, 4):
        assert ids(*rows[turn:], *rows[:turn]) == expected
    assert ids(*reversed(rows)) == expected


words = st.text("ab:+@~/%-. é", max_size=5)
slugs = st.text("ab1.-", min_size=1, max_size=5)
keys = st.builds(
    OfferKey,
    provider=slugs,
    host=slugs,
    model=st.one_of(st.none(), st.tuples(slugs, slugs).map("/".join)),
    snapshot=words,
    variant=words.map(lambda text: "+".join(sorted({word for word in text.split("+") if word}))),
    region=words.map(lambda text: text or "default"),
    sku=st.text("ab-.", max_size=4),
)


@given(one=keys, other=keys)
def test_no_two_keys_share_an_id(one: OfferKey, other: OfferKey) -> None:
    if one.model is None or other.model is None:
        one, other = (OfferKey(provider=k.provider, host=k.host, model=k.model, region=k.region, sku=k.sku) for k in (one, other))
    assert (one.id == other.id) == (astuple(one) == astuple(other))


def test_a_group_knows_its_only_snapshot_without_naming_it_in_the_key() -> None:
    groups: list[OfferGroup] = offers_of("openai/gpt-4o", [listing(snapshot="2024-08-06")])
    assert [(group.snapshot, group.key.snapshot) for group in groups] == [("2024-08-06", "")]
