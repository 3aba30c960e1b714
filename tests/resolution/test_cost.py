"""What an offer costs: headline, tiers, plans, windows, promotions, and the reason of every gap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.absence import Absence
from aimstats.domain.prices import Price, price
from tests.resolution.stated import ago, listing, only_offer, resolved, source, usd

LITELLM, OPENROUTER = source("litellm"), source("openrouter", "router", provider="openrouter")


def cost(*prices: Price, **rest: Any) -> dict[str, Any]:
    """The cost of the one offer of a listing with these prices."""
    found: dict[str, Any] = only_offer(listing(*prices, **rest))["cost"]
    return found


def test_the_headline_is_the_plain_standard_price() -> None:
    found = cost(usd("input", "2.5"), usd("output", "10"), usd("cache_read", "1.25"), usd("input", "1.25", plan="batch"))
    assert (found["input"], found["output"], found["cache_read"]) == ("2.5", "10", "1.25")
    assert found["plans"] == {"batch": {"input": "1.25"}}
    assert found["absent"] == {}


def test_tiers_stand_beside_the_lowest() -> None:
    found = cost(usd("input", "1.25"), usd("input", "2.5", min_context_tokens=200_000), usd("output", "10"))
    assert found["input"] == "1.25"
    assert found["tiers"] == [{"min_context_tokens": 200_000, "input": "2.5"}]


def test_the_lowest_tier_is_the_headline_where_there_is_no_base() -> None:
    found = cost(usd("input", "1.25", min_context_tokens=1), usd("input", "2.5", min_context_tokens=200_000))
    assert (found["input"], found["tiers"]) == ("1.25", [{"min_context_tokens": 200_000, "input": "2.5"}])


def test_a_promotion_stands_beside_the_list_price_and_alone_only_where_there_is_none() -> None:
    promotion = usd("input", "0.435", promotional=True, valid_to=ago(-5))
    offer = only_offer(listing(usd("input", "1.74"), promotion))
    assert offer["cost"]["input"] == "1.74"
    assert [(row["amount"], row["promotional"]) for row in offer["prices"]] == [("1.74", False), ("0.435", True)]
    assert cost(promotion)["input"] == "0.435"


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ({"": "0.27", "1630-0030": "0.135"}, "0.27"),
        ({"": "0.27", "0000-1800": "0.135"}, "0.135"),
        ({"0030-1630": "0.55", "1630-0030": "0.135"}, "0.55"),
        ({"0000-1200": "0.1", "1200-0000": "0.3"}, "0.3"),
    ],
    ids=["most hours: the rest of the day", "most hours: the window", "two windows", "equal hours: the dearer"],
)
def test_of_several_windows_the_longest_then_the_dearest_is_the_headline(windows: dict[str, str], expected: str) -> None:
    found = cost(*(usd("input", figure, window=window) for window, figure in windows.items()))
    assert (found["input"], found["windowed"]) == (expected, True)


def test_what_has_no_window_is_not_windowed() -> None:
    assert cost(usd("input", "1"))["windowed"] is False


def test_a_price_on_conditions_says_them() -> None:
    found = cost(usd("image", "0.04", conditions={"quality": "hd"}))
    assert (found["image"], found["conditions"]) == ("0.04", {"image": {"quality": "hd"}})
    assert cost(usd("input", "1", conditions={"quality": "hd"}))["input"] is None


def test_what_is_billed_by_the_image_lacks_no_token_price() -> None:
    found = cost(usd("image", "0.04"), facts={"modalities.output": ["image"]})
    assert (found["image"], "input" in found, found["absent"]) == ("0.04", False, {})


def test_a_missing_output_is_a_gap_although_a_cache_is_priced() -> None:
    found = cost(usd("input", "2.5"), usd("cache_read", "1.25"), usd("web_search", "0.01"))
    assert (found["output"], found["absent"]) == (None, {"output": "not_published"})


def test_a_text_model_with_an_image_surcharge_still_lacks_its_output() -> None:
    assert cost(usd("input", "2.5"), usd("input_image", "1"))["absent"] == {"output": "not_published"}


def test_embeddings_lack_no_output() -> None:
    assert cost(usd("input", "0.02"), facts={"type": "embedding"})["absent"] == {}


def test_four_kinds_of_silence_are_four_different_things() -> None:
    """LiteLLM without prices, models.dev without `cost`, 0/0 at a subscription, OpenRouter's -1."""
    zeros = (usd("input", "0"), usd("output", "0"))
    variable = tuple(price(meter, None, absent=Absence.VARIABLE) for meter in ("input", "output"))
    silent = cost(of=LITELLM)
    subscribed = cost(*zeros, billing="subscription", provider="chatgpt")
    routed = cost(*variable, of=OPENROUTER, provider="openrouter", external_id="openrouter/auto")
    free = cost(*zeros, provider="publicai")
    assert silent["absent"] == {"input": "not_published", "output": "not_published"}
    assert subscribed["absent"] == {"input": "billed_otherwise", "output": "billed_otherwise"}
    assert routed["absent"] == {"input": "variable", "output": "variable"}
    assert (free["input"], free["output"], free["absent"]) == ("0", "0", {})
    assert {row["input"] for row in (silent, subscribed, routed)} == {None}


def test_a_subscription_without_a_price_is_billed_otherwise() -> None:
    assert cost(billing="subscription")["absent"]["input"] == "billed_otherwise"


def test_a_stated_absence_is_a_value_and_silence_is_not() -> None:
    page = source("page", "page", provider="openai")
    absent = listing(price("input", None, absent=Absence.NOT_OFFERED), of=page)
    offer = only_offer(absent, listing(usd("input", "1")))
    assert (offer["cost"]["input"], offer["cost"]["absent"]["input"]) == (None, "not_offered")
    assert only_offer(listing(of=page), listing(usd("input", "1")))["cost"]["input"] == "1"


def test_another_currency_is_shown_as_it_is_and_never_converted() -> None:
    offer = only_offer(listing(price("input", Decimal(14), currency="CNY")))
    assert (offer["cost"]["input"], offer["cost"]["absent"]["input"]) == (None, "other_currency")
    assert [(row["currency"], row["amount"], row["usd"]) for row in offer["prices"]] == [("CNY", "14", None)]


def test_a_stated_dollar_price_stands_beside_the_euro_one() -> None:
    offer = only_offer(listing(usd("input", "2"), price("input", Decimal("1.8"), currency="EUR")))
    assert (offer["cost"]["input"], offer["cost"]["absent"]) == ("2", {"output": "not_published"})
    assert {(row["currency"], row["amount"]) for row in offer["prices"]} == {("USD", "2"), ("EUR", "1.8")}


def test_a_plan_of_its_own_leaves_the_standard_price_blank_with_its_reason() -> None:
    found = cost(usd("input", "0"), plan="free")
    assert (found["input"], found["plans"], found["absent"]["input"]) == (None, {"free": {"input": "0"}}, "billed_otherwise")


def test_a_later_first_price_is_before_first_evidence_and_never_carried_back() -> None:
    row = listing(usd("input", "3", valid_from=ago(5)), facts={"limit.context": 1_000})
    assert only_offer(row, at=ago(7))["cost"]["absent"]["input"] == "before_first_evidence"
    assert only_offer(row, at=ago(5))["cost"]["input"] == "3"


def test_evidence_keeps_each_sources_own_figure_untouched() -> None:
    rows = [
        listing(usd("input", "0"), usd("output", "0"), billing="subscription"),
        listing(usd("input", "1"), usd("output", "2"), usd("cache_read", "0"), of=LITELLM),
    ]
    (offer,) = resolved(*rows).offers
    assert {row["source"]: row["cost"] for row in offer.evidence} == {
        "cat": {"input": "0", "output": "0"},
        "litellm": {"input": "1", "output": "2", "cache_read": "0"},
    }
    assert offer.body["cost"]["absent"]["cache_read"] == "not_published"


def test_a_listing_with_a_key_that_is_not_understood_is_incomplete() -> None:
    assert cost(usd("input", "1"), facts={"flags.prices_incomplete": True})["incomplete"] is True


def test_a_reading_of_the_winner_says_its_unit_allowance_and_origin() -> None:
    stated = usd("web_search", "10", "1K requests", allowance={"quantity": "5000", "period": "month"})
    derived = usd("input", "1.1", derived_from="us x 1.1", alternative_of="character")
    rows = {row["meter"]: row for row in only_offer(listing(stated, derived))["prices"]}
    assert (rows["web_search"]["unit"], rows["web_search"]["amount"]) == ("request", "0.01")
    assert rows["web_search"]["allowance"] == {"quantity": "5000", "period": "month"}
    assert (rows["input"]["derived_from"], rows["input"]["alternative_of"]) == ("us x 1.1", "character")


def test_a_price_keeps_its_stated_unit_its_document_and_what_others_say_of_it() -> None:
    page = source("openai", "page", provider="openai")
    own = listing(usd("input", "3"), usd("input_audio", "0.0077", "minute"), of=page)
    others = [listing(usd("input", amount), of=source(name)) for name, amount in (("dear", "4"), ("alike", "3"), ("gap", "0"))]
    rows = {row["meter"]: row for row in only_offer(own, *others)["prices"]}
    assert rows["input"]["disputed"] == [{"source": "dear", "usd": "4"}]
    assert "stated" not in rows["input"]
    assert rows["input_audio"]["stated"] == {"unit": "minute", "amount": "0.0077"}
    assert {row["document"] for row in rows.values()} == {own.claims[0].document.id}


def media(meter: str, amount: str, unit: str, **conditions: str) -> Any:
    """A price by the piece under conditions."""
    return usd(meter, amount, unit, conditions=conditions)


@pytest.mark.parametrize(
    ("model_type", "prices", "field", "expected", "conditions"),
    [
        (
            "video",
            [media("output_video", "0.4", "second", resolution="4k"), media("output_video", "0.1", "second", resolution="720p")],
            "second",
            "0.1",
            {"resolution": "720p"},
        ),
        (
            "video",
            [media("output_video", "0.3", "second", quality="hd"), media("output_video", "0.5", "second")],
            "second",
            "0.5",
            {},
        ),
        ("transcription", [media("input_audio", "0.006", "minute")], "second", "0.0001", {}),
        ("speech", [media("input_character", "15", "1M characters")], "character", "15", {}),
        (
            "image",
            [media("image", "0.04", "image", quality="hd"), media("input_image", "0.001", "image")],
            "image",
            "0.04",
            {"quality": "hd"},
        ),
        ("other", [media("ocr_page", "2", "1K pages")], "page", "0.002", {}),
    ],
    ids=["the plainest resolution", "without a condition first", "a minute taken in", "characters", "what is made", "pages"],
)
def test_what_is_sold_by_the_piece_has_its_price_in_cost(
    model_type: str, prices: list[Any], field: str, expected: str, conditions: dict[str, str]
) -> None:
    found = only_offer(listing(*prices, facts={"type": model_type}))["cost"]
    assert (found[field], found["conditions"].get(field, {})) == (expected, conditions)
    assert "input" not in found


def test_an_amount_in_another_currency_is_served_in_its_own_unit() -> None:
    (row,) = only_offer(listing(price("ocr_page", Decimal(2), "1K pages", currency="EUR")))["prices"]
    assert (row["unit"], row["amount"], row["usd"]) == ("page", "0.002", None)
    assert row["stated"] == {"unit": "1K pages", "amount": "2"}


def test_a_vector_is_no_answer_and_what_is_sold_by_the_page_reads_documents() -> None:
    found = resolved(listing(usd("input", "0.1"), facts={"type": "embedding", "limit.output": 1536, "limit.context": 8192})).body
    assert found is not None
    assert (found["limit"]["output"], found["modalities"]["output"]) == (None, ["embedding"])
    ocr = resolved(listing(media("ocr_page", "2", "1K pages"))).body
    assert ocr is not None
    assert ocr["type"] == "other"
