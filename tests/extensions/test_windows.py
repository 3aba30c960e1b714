"""Counting in windows: a refusal is remembered, the tightest of several limits counts, a store out of reach refuses nobody."""

from __future__ import annotations

import logging

import pytest
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage

from aimstats.extensions.rate_limits.windows import PatientFixedWindow, Standing


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class CountingStorage(MemoryStorage):
    """A store in the test's own hands: it knows how often it was asked, and can be out of reach."""

    def __init__(self, *, broken: bool = False) -> None:
        super().__init__(wrap_exceptions=True)
        self.asked = 0
        self.broken = broken

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self.asked += 1
        if self.broken:
            raise StorageError(OSError("no route"))
        return super().incr(key, expiry, amount)


def test_without_the_store_requests_pass_with_one_warning_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock, storage, limit = Clock(), CountingStorage(broken=True), parse("1/minute")
    windows = PatientFixedWindow(storage, clock)
    with caplog.at_level(logging.WARNING):
        for _ in range(59):
            assert windows.hit(limit, "c")
            assert windows.standing(limit, "c") is None
            clock.now += 1
        assert len(caplog.records) == 1
        clock.now += 1
        windows.hit(limit, "c")
    assert len(caplog.records) == 2
    assert storage.asked < 20, "a store that failed is given a rest"


def test_a_refused_client_is_remembered_until_its_window_ends() -> None:
    clock, storage, limit = Clock(), CountingStorage(), parse("2/minute")
    windows = PatientFixedWindow(storage, clock)
    assert [windows.hit(limit, "c") for _ in range(10)] == [True, True] + [False] * 8
    assert storage.asked == 3, "the store was asked once after the limit and no more"
    clock.now += 30
    assert not windows.hit(limit, "c")
    standing = windows.standing(limit, "c")
    assert standing is not None
    assert (standing.limit, standing.remaining, standing.refused) == (2, 0, True)
    assert standing.resets_in_s == pytest.approx(30, abs=1)
    assert windows.hit(limit, "d"), "another client is asked about"
    clock.now += 31
    windows.hit(limit, "c")
    assert storage.asked == 5


def test_a_client_that_the_longer_limit_refused_is_not_counted_by_the_shorter() -> None:
    clock, storage = Clock(), CountingStorage()
    windows = PatientFixedWindow(storage, clock)
    short, long = parse("5/second"), parse("1/hour")

    def ask(limit: RateLimitItem) -> bool:
        return windows.hit(limit, "c")

    assert [ask(short), ask(long), ask(short), ask(long)] == [True, True, True, False]
    assert storage.asked == 4
    assert [ask(short), ask(long)] == [True, False]
    assert storage.asked == 4
    assert windows.standing(short, "c") is None


def test_what_one_client_was_told_is_never_told_to_another() -> None:
    windows, limit = PatientFixedWindow(CountingStorage()), parse("5/minute")
    windows.hit(limit, "c")
    told = windows.standing(limit, "c")
    assert isinstance(told, Standing)
    assert told.remaining == 4
    assert windows.standing(limit, "d") is None
    assert windows.get_window_stats(limit, "c").remaining == 4
    assert windows.get_window_stats(limit, "d").remaining == 5
