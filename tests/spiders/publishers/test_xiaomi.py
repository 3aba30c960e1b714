"""Xiaomi's retirements: a redirection before the end."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.spiders.replayed import life, needs_mirror, rows_listings_events


@needs_mirror
def test_every_row_becomes_its_events() -> None:
    assert rows_listings_events("xiaomi_retirement") == (4, 4, 8)


@needs_mirror
def test_xiaomi_redirects_before_it_ends() -> None:
    pro = life("xiaomi_retirement", "mimo-v2-pro")
    assert pro["redirected"].at == datetime(2026, 5, 31, 16, tzinfo=UTC)
    assert pro["retired"].at == datetime(2026, 6, 29, 16, tzinfo=UTC)
    assert pro["redirected"].replacements == ("mimo-v2.5-pro",)
    assert life("xiaomi_retirement", "mimo-v2-flash")["redirected"].at == datetime(2026, 6, 17, 16, tzinfo=UTC)
    assert life("xiaomi_retirement", "mimo-v2-tts")["redirected"].replacements == ("mimo-v2.5-tts",)
