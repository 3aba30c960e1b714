"""What is not compared: versions, the release, times of publication, ages. They belong to a run, not to the rules."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

OF_THE_RUN: Final = "(of the run)"
KEYS: Final = frozenset({"dataset_version", "checked_version", "rules_version", "age_hours", "release", "next"})
"""Keys of JSON answers. `next` is a cursor, which carries the version."""
TEXTS: Final = (
    (re.compile(r"/static/(\w+)\.[0-9a-f]{10}\."), r"/static/\1."),
    (re.compile(r"\bedition \d+"), "edition"),
    (re.compile(r"\b(localhost|127\.0\.0\.1):\d+"), r"\1"),
    (re.compile(r"cursor=[\w.%~-]+"), "cursor="),
    (re.compile(r"\b\d+ (day|hour|minute|second)s? ago\b"), r"some \1s ago"),
    (re.compile(r"(has been read for) \d+ days"), r"\1 some days"),
)


@dataclass(frozen=True, slots=True)
class Masks:
    """`days`: on which the dump was taken. An instant of one of them is when something was published, in that very run."""

    days: Collection[date]

    def value(self, value: Any) -> Any:
        """A JSON value with what belongs to the run taken for one and the same.

        >>> Masks([date(2026, 11, 29)]).value({"release": "1.2", "at": "2026-11-29T09:00:57Z", "release_date": "2026-11-29"})
        {'release': '(of the run)', 'at': '(of the run)', 'release_date': '2026-11-29'}
        """
        if isinstance(value, dict):
            return {key: OF_THE_RUN if key in KEYS else self.value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        is_instant = isinstance(value, str) and any(value.startswith(f"{day.isoformat()}T") for day in self.days)
        return OF_THE_RUN if is_instant else value

    def text(self, text: str) -> str:
        """A page likewise.

        >>> Masks([date(2026, 11, 29)]).text("29 Nov 2026, 09:01 UTC, edition 38, read 28 days ago")
        '(of the run), edition, read some days ago'
        """
        for day in self.days:
            text = re.sub(rf"\b{day.day} {day:%b} {day.year}(, \d\d:\d\d UTC)?", OF_THE_RUN, text)
            text = re.sub(rf"\b{day.isoformat()}T[\d:.]+(?:Z|\+00:00)", OF_THE_RUN, text)
        for pattern, instead in TEXTS:
            text = pattern.sub(instead, text)
        return text
