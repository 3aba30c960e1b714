"""When a claim is in force, row by row of its table (ledger.md, as_of and known_at)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from aimstats.domain.spans import Span, end_of_month, in_force, instant_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def day(number: float | None) -> datetime | None:
    return None if number is None else NOW + timedelta(days=number)


def span(v1: float | None, v2: float | None, o1: float, o2: float | None = None, corrected: bool = False) -> Span:
    seen = day(o1)
    assert seen is not None
    return Span(day(v1), day(v2), seen, day(o2), corrected)


def holds(stated: Span, at: float, known: float, release: float | None = None) -> bool:
    d, k = day(at), day(known)
    assert d is not None
    assert k is not None
    return in_force(stated, d, k, day(release))


MOMENT = 1e-6 / 86_400
UNDATED, ENDED = span(None, None, 10), span(None, None, 10, 20)
STEP = span(5, 30, 10)
TABLE = {
    # what: (span, d, k, release, in force)
    "not known before it was seen": (UNDATED, 9, 9.9, None, False),
    "known from the instant at which it was seen": (UNDATED, 10, 10, None, True),
    "undated: never before it was seen": (UNDATED, 9.9, 50, None, False),
    "undated: from the instant at which it was seen": (UNDATED, 10, 50, None, True),
    "undated: until it ends": (ENDED, 19.9, 50, None, True),
    "undated: not at the instant of its end": (ENDED, 20, 50, None, False),
    "undated: the end is not known before it came": (ENDED, 15, 19.9, None, True),
    "undated: the end is known at its instant": (ENDED, 20, 20, None, False),
    "undated and open: stands for a later day": (UNDATED, 60, 50, None, True),
    "undated and ended: does not stand for a later day": (ENDED, 60, 50, None, False),
    "undated, ended later than known: stands for a later day": (ENDED, 60, 15, None, True),
    "undated: a release date does not carry it back": (UNDATED, 5, 50, 1, False),
    "undated and corrected: still what was seen then": (span(None, None, 10, 20, True), 15, 50, None, True),
    "dated: from its start, though seen later": (STEP, 5, 50, None, True),
    "dated: not before its start": (STEP, 5 - MOMENT, 50, None, False),
    "dated: until its end": (STEP, 30 - MOMENT, 50, None, True),
    "dated: not at its end": (STEP, 30, 50, None, False),
    "dated: not known before it was seen": (STEP, 7, 9, None, False),
    "dated: a stated step applies to a later day": (span(40, None, 10), 45, 20, None, True),
    "dated: a stated end applies to a later day": (span(5, 40, 10), 45, 20, None, False),
    "no start: from the release": (span(None, 30, 10), 2, 50, 2, True),
    "no start: not before the release": (span(None, 30, 10), 1.9, 50, 2, False),
    "no start, no release: from when it was seen": (span(None, 30, 10), 10, 50, None, True),
    "no start, no release: not before it was seen": (span(None, 30, 10), 9.9, 50, None, False),
    "no end: for ever": (span(5, None, 10), 500, 600, None, True),
    "corrected: never": (span(5, 30, 10, 20, True), 15, 50, None, False),
    "corrected: not even before the correction": (span(5, 30, 10, 20, True), 7, 50, None, False),
    "corrected: in force for those who do not know it yet": (span(5, 30, 10, 20, True), 15, 19, None, True),
    "corrected: never from the instant at which it is known": (span(5, 30, 10, 20, True), 15, 20, None, False),
    "vanished: until it vanished": (span(5, 30, 10, 20), 19.9, 50, None, True),
    "vanished: not after it vanished": (span(5, 30, 10, 20), 20, 50, None, False),
    "vanished after its end: until its end": (span(5, 15, 10, 20), 14.9, 50, None, True),
    "vanished after its end: not after its end": (span(5, 15, 10, 20), 15, 50, None, False),
    "vanished: not for a later day": (span(5, None, 10, 20), 60, 50, None, False),
    "a lone null..null row is undated, not always": (span(None, None, 10), 0, 50, 0, False),
}


@pytest.mark.parametrize(("stated", "at", "known", "release", "expected"), TABLE.values(), ids=TABLE)
def test_a_claim_is_in_force(stated: Span, at: float, known: float, release: float | None, expected: bool) -> None:
    assert holds(stated, at, known, release) is expected


@pytest.mark.parametrize(
    ("asked", "now", "expected"),
    [
        (date(2026, 2, 7), "2026-03-01T12:00", "2026-02-07T23:59:59.999999"),
        (date(2026, 3, 1), "2026-03-01T12:00", "2026-03-01T12:00:00"),
        (date(2026, 3, 9), "2026-03-01T12:00", "2026-03-09T23:59:59.999999"),
    ],
    ids=["a past day is its end", "today is now", "a future day is its end"],
)
def test_as_of_is_an_instant(asked: date, now: str, expected: str) -> None:
    assert instant_of(asked, datetime.fromisoformat(now).replace(tzinfo=UTC)).isoformat() == f"{expected}+00:00"


def test_what_begins_at_midnight_is_not_in_force_on_the_day_before() -> None:
    begins = datetime(2025, 6, 10, tzinfo=UTC)
    stated = Span(begins, None, begins, None)
    assert not in_force(stated, instant_of(date(2025, 6, 9), NOW), NOW)
    assert in_force(stated, instant_of(date(2025, 6, 10), NOW), NOW)


@pytest.mark.parametrize(
    ("stated", "expected"), [("2026-02-01", "2026-02-28"), ("2024-02-10", "2024-02-29"), ("2026-12-31", "2026-12-31")]
)
def test_a_month_ends_on_its_last_day(stated: str, expected: str) -> None:
    end = end_of_month(datetime.fromisoformat(stated).replace(tzinfo=UTC))
    assert end.date().isoformat() == expected
    assert end + timedelta(microseconds=1) == datetime.combine(end.date() + timedelta(days=1), datetime.min.time(), UTC)
