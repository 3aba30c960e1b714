"""When a claim is in force: two time axes, by a table (ledger.md, as_of and known_at)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Span:
    """Valid [v1, v2) by the source's own dates, observed [o1, o2) by our runs; all aware UTC, None is open or unstated."""

    valid_from: datetime | None
    valid_to: datetime | None
    observed_from: datetime
    observed_to: datetime | None
    corrected: bool = False

    @property
    def dated(self) -> bool:
        """Whether the source states a bound; a lone null..null row is undated, never "always"."""
        return self.valid_from is not None or self.valid_to is not None

    def end_at(self, known_at: datetime) -> datetime:
        """The observed end as known at `known_at`."""
        return self.observed_to if self.observed_to is not None and self.observed_to <= known_at else END_OF_TIME

    def start(self, release: datetime | None) -> datetime:
        """The first instant at which the claim may be in force: its own start, else the release, else first seen."""
        if not self.dated:
            return self.observed_from
        return self.valid_from or release or self.observed_from


def is_over(day: str, today: date) -> bool:
    """Whether a day (or a month, a year) is over: the whole of it.

    >>> is_over("2026-12", date(2026, 12, 31)), is_over("2026-12-30", date(2026, 12, 31))
    (False, True)
    """
    return day < today.isoformat()[: len(day)]


def in_force(span: Span, at: datetime, known_at: datetime, release: datetime | None = None) -> bool:
    """Whether what the span covers is in force at instant `at` as this catalogue knew at `known_at` (both aware UTC).

    `release` is the model's release date, the start of a claim that states only an end.
    """
    if span.observed_from > known_at:
        return False
    end = span.end_at(known_at)
    if not span.dated:
        if at > known_at:
            return end == END_OF_TIME
        return span.observed_from <= at < end
    if end != END_OF_TIME and span.corrected:
        return False
    return span.start(release) <= at < min(span.valid_to or END_OF_TIME, end)


def interval_of(span: Span, known_at: datetime, release: datetime | None) -> Interval:
    """[from, to) in which `in_force` holds as known at an instant; an empty one where it never does."""
    nothing = (END_OF_TIME, END_OF_TIME)
    if span.observed_from > known_at:
        return nothing
    end = span.end_at(known_at)
    if not span.dated:
        return span.observed_from, end
    if end != END_OF_TIME and span.corrected:
        return nothing
    return span.start(release), min(span.valid_to or END_OF_TIME, end)


def instant_of(day: date, now: datetime) -> datetime:
    """The instant that `as_of=day` asks about: the end of that UTC day, but not after now for days up to today.

    >>> instant_of(date(2026, 5, 31), datetime(2026, 6, 2, tzinfo=UTC)).isoformat()
    '2026-05-31T23:59:59.999999+00:00'
    """
    end = datetime.combine(day, time.max, tzinfo=UTC)
    return min(now, end) if day <= now.date() else end


def instant_text(at: datetime) -> str:
    """An instant in UTC as RFC 3339 writes it, exactly: equal instants have equal texts, and no others.

    >>> instant_text(datetime.fromisoformat("2026-03-01T14:00:00.90+02:00"))
    '2026-03-01T12:00:00.900000Z'
    >>> instant_text(datetime.fromisoformat("2026-03-01T12:00:00Z"))
    '2026-03-01T12:00:00Z'
    """
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def start_of_date(text: str | None) -> datetime | None:
    """The first instant of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None for anything else.

    >>> start_of_date("2025-09").isoformat()
    '2025-09-01T00:00:00+00:00'
    """
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    try:
        return datetime(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1, tzinfo=UTC)
    except ValueError:
        return None


def end_of_month(instant: datetime) -> datetime:
    """The last instant of the instant's UTC month."""
    following = (instant.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(following.date(), time.min, tzinfo=UTC) - timedelta(microseconds=1)
