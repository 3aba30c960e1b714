"""Alibaba's retirements: midnight is Beijing's where the page says so."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.spiders.replayed import day, life, needs_mirror, rows_listings_events


@needs_mirror
def test_every_row_becomes_its_events() -> None:
    assert rows_listings_events("alibaba_retirement") == (64, 64, 64)


@needs_mirror
def test_alibaba_midnight_is_beijings_where_it_says_so() -> None:
    assert life("alibaba_retirement", "qwen2-72b-instruct")["retired"].at == datetime(2025, 8, 19, 16, tzinfo=UTC)
    assert life("alibaba_retirement", "deepseek-v3.2")["retired"].at == day("October 10, 2026")
    assert life("alibaba_retirement", "MiniMax-M2.1")["retired"].replacements == ("qwen3.7-plus",)
    assert life("alibaba_retirement", "gte-rerank")["retired"].at == day("May 30, 2026")
    assert life("alibaba_retirement", "qwen-turbo-2024-09-19")["retired"].replacements == ("qwen-flash-2025-07-28",)
