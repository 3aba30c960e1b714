"""Bedrock's lifecycle: regions apart, floors told from dates."""

from __future__ import annotations

import re

from tests.spiders.altered import read, small_page
from tests.spiders.replayed import day, first, life, needs_mirror, real_text, rows_listings_events, seen


@needs_mirror
def test_every_row_becomes_its_events() -> None:
    assert rows_listings_events("bedrock_lifecycle") == (90, 101, 149)


@needs_mirror
def test_bedrock_regions_are_listings_of_their_own() -> None:
    assert life("bedrock_lifecycle", "Ai21 J2 Ultra-v1", "us-west-2")["retired"].at == day("October 4, 2024")
    assert life("bedrock_lifecycle", "Ai21 J2 Ultra-v1", "us-east-1")["retired"].at == day("March 12, 2025")
    opus = life("bedrock_lifecycle", "Claude 3 Opus")
    assert (opus["legacy"].at, opus["retired"].at) == (day("July 15, 2025"), day("January 15, 2026"))
    assert opus["retired"].replacements == (
        "anthropic.claude-opus-4-1-20250805-v1:0",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
    )
    floor = life("bedrock_lifecycle", "amazon.nova-pro-v1:0")["retired"]
    assert (floor.at, floor.precision) == (day("December 4, 2025"), "floor")
    floors = [event for row in seen("bedrock_lifecycle").listings for event in row.lifecycle if event.precision == "floor"]
    assert len(floors) == len(re.findall(r"No sooner than", real_text(first("bedrock_lifecycle"))))


def test_bedrock_counts_an_active_version_with_two_plain_dates() -> None:
    text = small_page("bedrock_lifecycle", "page.html")
    document = read("bedrock_lifecycle", text.replace("No sooner than ", ""))
    assert document.unknown["active version: not one date with `No sooner than` beside the launch"] > 0
    assert not [event for row in document.listings for event in row.lifecycle if event.precision == "floor"]
