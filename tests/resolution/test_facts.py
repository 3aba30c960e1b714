"""Which value of a field is shown, by whom it is stated and why."""

from __future__ import annotations

from typing import Any

import pytest

from aimstats.resolution.facts import choose_facts, display_name, evidence_of, type_of
from aimstats.resolution.inputs import ListingView
from tests.resolution.stated import document, listing, source

OWN = frozenset({"openai"})
PAGE = source("page", "page", provider="openai")
FIRST, LATER = source("first", priority=10), source("later", priority=20)


def says(value: Any, of: Any = FIRST, field: str = "limit.context", **rest: Any) -> ListingView:
    """A listing that states one field."""
    about: dict[str, Any] = {"doc": document(of, stale=rest.pop("stale"))} if "stale" in rest else {}
    return listing(of=of, facts={field: value}, **about, **rest)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([says(1), says(2, PAGE)], 2),
        ([says(1, provider="azure"), says(1, provider="groq"), says(2)], 2),
        ([says(1, LATER), says(2)], 2),
        ([says(1, PAGE, stale=True), says(2)], 2),
        ([says(1, snapshot="2024-05-13"), says(2, LATER)], 2),
        ([says(1, variant="high"), says(2, LATER)], 2),
        ([says(1, PAGE, snapshot="2024-05-13")], 1),
    ],
    ids=[
        "the developer's page before a catalogue",
        "the developer's own listing before any number of hosts",
        "catalogues in their order",
        "fresh before stale",
        "the plain model before its snapshots",
        "the plain model before its variants",
        "a snapshot where nothing else speaks",
    ],
)
def test_the_developers_own_listings_decide(rows: list[ListingView], expected: int) -> None:
    for turn in range(len(rows)):
        assert choose_facts([*rows[turn:], *rows[:turn]], OWN)["limit.context"].value == expected


def test_without_the_developer_the_value_of_most_providers_is_shown() -> None:
    rows = [says(1, provider="a"), says(2, LATER, provider="b"), says(2, LATER, provider="c")]
    chosen = choose_facts(rows, OWN)["limit.context"]
    assert (chosen.value, chosen.reason) == (2, "stated for 2 of 3 providers")


def test_one_provider_has_one_vote_however_many_sources_repeat_it() -> None:
    rows = [says(1, source(f"s{n}"), provider="a") for n in range(3)] + [says(2, provider=name) for name in "bc"]
    assert choose_facts(rows, OWN)["limit.context"].value == 2


def test_a_tie_goes_to_the_first_source_in_order() -> None:
    rows = [says(1, LATER, provider="a"), says(2, FIRST, provider="b")]
    assert choose_facts(rows, OWN)["limit.context"].value == 2


def test_evidence_shows_every_value_the_shown_one_first() -> None:
    rows = [says(1, LATER), says(2), says(3, PAGE)]
    evidence = evidence_of(rows, choose_facts(rows, OWN))["limit.context"]
    assert [(row["source"], row["value"], row["won"]) for row in evidence] == [
        ("page", 3, True),
        ("first", 2, False),
        ("later", 1, False),
    ]
    assert [row["reason"] for row in evidence] == ["the developer's own page", None, None]


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("OpenAI: GPT-4o", "GPT-4o"),
        ("GPT-4o (2024-05-13)", "GPT-4o"),
        ("Claude Sonnet 4.5 (latest)", "Claude Sonnet 4.5"),
        ("DeepSeek: R1 (free)", "R1"),
        ("GPT-4o", "GPT-4o"),
        ("(free)", "(free)"),
    ],
)
def test_a_name_is_shown_without_vendor_and_price_suffix(stated: str, shown: str) -> None:
    assert display_name(stated) == shown


@pytest.mark.parametrize(
    ("stated", "inputs", "outputs", "slug", "expected"),
    [
        ("image", ["text"], ["text"], "x", "image"),
        ("text", ["text"], ["image"], "x", "image"),
        (None, ["text"], ["text", "image"], "x", "text"),
        (None, ["audio"], ["text"], "x", "transcription"),
        (None, ["text", "audio"], ["text"], "x", "text"),
        (None, ["text"], ["audio"], "x", "speech"),
        (None, ["text"], ["video", "audio"], "x", "video"),
        (None, ["text"], ["embedding"], "x", "embedding"),
        (None, None, None, "bge-m3", "embedding"),
        (None, None, None, "bge-reranker-v2", "rerank"),
        (None, None, None, "whisper-large-v3", "transcription"),
        (None, None, None, "llama-guard-4-12b", "moderation"),
        (None, None, None, "guardian-angel", "text"),
        (None, None, None, "gpt-4o", "text"),
    ],
)
def test_the_type_is_stated_else_told_by_what_comes_out_else_by_the_name(
    stated: str | None, inputs: list[str] | None, outputs: list[str] | None, slug: str, expected: str
) -> None:
    assert type_of(stated, inputs, outputs, slug) == expected
