"""Which answers ask to come again, and after how long."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Final

from scrapy.http import Response

RETRIED_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 524})


def retry_after_seconds(value: str, now: float) -> float | None:
    """The wait that a `Retry-After` header asks for, in either form, never negative; None for what is neither.

    >>> retry_after_seconds("120", 0.0), retry_after_seconds("Thu, 01 Jan 1970 00:01:00 GMT", 15.0)
    (120.0, 45.0)
    """
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) <= 9:
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (TypeError, ValueError, OverflowError):
        return None


def asked_pause(response: Response) -> float | None:
    """The seconds that an answer asks to wait before the next request; None where it asks for nothing."""
    header = response.headers.get("Retry-After")
    if response.status not in RETRIED_STATUSES or not header:
        return None
    return retry_after_seconds(header.decode("latin-1"), time.time())
