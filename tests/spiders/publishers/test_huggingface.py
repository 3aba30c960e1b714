"""Hugging Face's router and hub on their real documents."""

from __future__ import annotations

from tests.spiders.replayed import needs_mirror, rows_and_listings, seen


@needs_mirror
def test_every_record_becomes_a_listing() -> None:
    assert rows_and_listings("huggingface") == (4, 7)


@needs_mirror
def test_hugging_face_hub_states_licences() -> None:
    document = seen("huggingface", "https://huggingface.co/api/models")
    assert [listing.facts["license"] for listing in document.listings] == ["other", "mit"]
