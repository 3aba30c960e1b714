"""What a first start, other days and a model's history cost, on the history that comes with the project."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.load import SECONDS, Load, Told, put
from benchmarks.processes import Server, serving

FIRST_DAY: Final = date(2025, 9, 1)
NEVER_SEEN: Final = 8
"""So many days are asked for the first time, a month apart, each of whichever worker answers."""
MOST_OFFERS: Final = "/api/v1/models?sort=-offer_count&limit=1"
WARMED: Final = 40
"""So often a day is asked for before it counts as kept by every worker."""


@dataclass(frozen=True, slots=True)
class Days:
    """Seconds from an empty folder to the first page, milliseconds of days that were never asked for, loads of one that is
    kept and of the history of the model with most offers, whose id it is."""

    first_page_s: float
    never_seen_ms: list[float]
    kept: Told
    history: Told
    model: str

    @property
    def never_seen_median_ms(self) -> float:
        """The middle one."""
        return median(self.never_seen_ms)


def days(settings: Mapping[str, str], work: Path, seconds: float = SECONDS) -> Days:
    """Start the server on an empty folder, which fills it with the bundled snapshot, and measure it."""
    with serving({**settings, "RATE_LIMIT": ""}, work / "days.txt") as server:
        never_seen = [
            _took_ms(server, f"/api/v1/models?limit=50&as_of={FIRST_DAY + timedelta(days=30 * n)}") for n in range(NEVER_SEEN)
        ]
        model = str(json.loads(server.get(MOST_OFFERS))["data"][0]["id"])
        kept = f"/api/v1/models?limit=50&as_of={FIRST_DAY}"
        for _ in range(WARMED):
            server.get(kept)
        return Days(
            first_page_s=server.first_page_s,
            never_seen_ms=never_seen,
            kept=put(Load(port=server.port, paths=[kept], seconds=seconds)),
            history=put(Load(port=server.port, paths=[f"/api/v1/history?model={model}"], seconds=seconds, connections=1)),
            model=model,
        )


def _took_ms(server: Server, path: str) -> float:
    started = time.perf_counter()
    server.get(path)
    return (time.perf_counter() - started) * 1_000
