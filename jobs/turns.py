"""In which order sources are published: fixed, whichever of them was downloaded first, so that the outcome is too."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Sequence
from typing import Final

from aimstats.domain.items import Source
from aimstats.domain.readings import SourceResult

KINDS: Final = ("page", "api", "lifecycle", "registry", "catalogue", "router", "benchmark")
"""The gate compares what is new with what stands: what sellers say of themselves is published first."""
GRACE_S = 60.0
"""So long in all a crawl waits for sources whose turn it is; then it goes on with what is there, and they come when they are."""


def turn(source: Source) -> tuple[int, str]:
    """The key by which sources are sorted for publication."""
    return KINDS.index(source.kind), source.id


class Turns:
    """The results of a crawl in the given order of sources; those that wait are kept small, as bytes.

    One thread puts, one takes.
    """

    def __init__(self, order: Sequence[str], grace_s: float | None = None) -> None:
        self._order = list(order)
        self.grace_s = GRACE_S if grace_s is None else grace_s
        """What is left of it, in seconds."""
        self._waiting: dict[str, bytes] = {}
        self._is_closed = False
        self._changed = threading.Condition()

    def put(self, result: SourceResult) -> None:
        """Let the result wait for its turn."""
        packed = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
        with self._changed:
            self._waiting[result.source.id] = packed
            self._changed.notify()

    def close(self) -> None:
        """Nothing more will be put: what is missing is not waited for."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def next(self) -> SourceResult | None:
        """The result whose turn it is, waited for; None at the end."""
        with self._changed:
            while (source := self._whose_turn()) is None:
                if self._is_closed:
                    return None
                self._wait()
            self._order.remove(source)
            packed = self._waiting.pop(source)
        result: SourceResult = pickle.loads(packed)
        return result

    def _whose_turn(self) -> str | None:
        """The first source whose result is there, unless one before it is still waited for."""
        for source in self._order:
            if source in self._waiting:
                return source
            if not self._is_closed and self.grace_s > 0:
                return None
        return None

    def _wait(self) -> None:
        """Until something changes; time counts against the grace where another source could have been published meanwhile."""
        if not self._waiting:
            self._changed.wait()
            return
        begun = time.monotonic()
        self._changed.wait(self.grace_s)
        self.grace_s -= time.monotonic() - begun
