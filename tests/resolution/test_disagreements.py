"""What is noted of figures that sources state differently: contradictions, and what explains a difference."""

from __future__ import annotations

from typing import Any

from aimstats.domain.items import Lifecycle
from tests.resolution.stated import NOW, ago, document, listing, only_offer, source, usd

PAGE = source("page", "page", provider="openai")
LITELLM, MODELS_DEV = source("litellm"), source("models_dev")


def noted(*listings: Any) -> list[dict[str, Any]]:
    """What the one offer of these listings notes, without documents."""
    found: list[dict[str, Any]] = only_offer(*listings).get("disagreements", [])
    return found


def said(one: dict[str, Any]) -> list[tuple[str, str, bool, str | None]]:
    return [(value["source"], value["value"], value["chosen"], value["explained"]) for value in one["values"]]


def test_sources_that_agree_note_nothing() -> None:
    assert noted(listing(usd("input", "3"), of=PAGE), listing(usd("input", "3.00"), of=LITELLM)) == []


def test_a_contradiction_has_what_each_source_says_and_why_one_is_shown() -> None:
    (one,) = noted(listing(usd("input", "3"), of=PAGE), listing(usd("input", "5"), of=LITELLM))
    assert (one["field"], one["meter"], one["unit"], one["reason"]) == (
        "cost.input",
        "input",
        "1M tokens",
        "the seller's own page",
    )
    assert said(one) == [("page", "3", True, None), ("litellm", "5", False, None)]
    assert one["values"][0]["since"] == ago(10).date().isoformat()


def test_a_promotion_and_another_length_of_the_prompt_explain_a_difference() -> None:
    page = listing(
        usd("input", "3"), usd("input", "1.5", promotional=True), usd("input", "6", min_context_tokens=200_000), of=PAGE
    )
    (one,) = noted(page, listing(usd("input", "1.5"), of=LITELLM), listing(usd("input", "6"), of=MODELS_DEV))
    assert said(one)[1:] == [("litellm", "1.5", False, "promotional"), ("models_dev", "6", False, "tiered")]


def test_what_was_so_before_or_was_read_long_ago_is_dated() -> None:
    page = listing(usd("input", "3", valid_from=ago(20)), usd("input", "4", valid_from=ago(90), valid_to=ago(20)), of=PAGE)
    old = document(MODELS_DEV, checked_at=ago(60))
    (one,) = noted(page, listing(usd("input", "4"), of=LITELLM), listing(usd("input", "7"), of=MODELS_DEV, doc=old))
    assert {value["source"]: value["explained"] for value in one["values"]} == {
        "page": None,
        "litellm": "dated",
        "models_dev": "dated",
    }


def test_two_days_of_an_end_are_both_noted_the_shown_one_first() -> None:
    own = source("ends", "lifecycle", provider="openai")
    one, other = (Lifecycle(event="retired", at=NOW.replace(month=month), precision="day") for month in (9, 6))
    body = only_offer(listing(usd("input", "3"), of=PAGE), listing(of=own, life=(one,)), listing(of=LITELLM, life=(other,)))
    (days,) = body["disagreements"]
    assert [(value["source"], value["value"], value["chosen"]) for value in days["values"]] == [
        ("ends", "2026-09-01", True),
        ("litellm", "2026-06-01", False),
    ]
    assert body["agreement"]["disputed"] == ["retirement_date"]
