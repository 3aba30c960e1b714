"""The progress bar of a crawl, from the first download to the last publication: on a terminal only, on stderr."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm


class Progress:
    """Counts what is done of what is known to be to do: documents to read, sources to publish, and the end of the crawl."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._documents = dict.fromkeys(sources, (0, 0))
        self._reading = set(sources)
        self._publishing = set(sources)
        self._is_settled = False
        self._lock = threading.Lock()
        self._around = ExitStack()
        self._bar: tqdm[Any] = tqdm(
            total=0, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False, dynamic_ncols=True,
            bar_format="{desc}: {percentage:3.0f}% |{bar}| {elapsed}",
        )  # fmt: skip

    def __enter__(self) -> Self:
        if not self._bar.disable:
            self._around.enter_context(logging_redirect_tqdm())  # lines of the log go above the bar
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._bar.close()
        self._around.close()

    def read(self, source: str, documents_read: int, documents_asked: int) -> None:
        """Note how far a source is."""
        with self._lock:
            self._documents[source] = (documents_read, documents_asked)
            self._show()

    def closed(self, source: str) -> None:
        """Note that a source has been read."""
        with self._lock:
            self._reading.discard(source)
            self._show()

    def published(self, source: str) -> None:
        """Note that a source has been published, or left out."""
        with self._lock:
            self._publishing.discard(source)
            self._show()

    def settled(self) -> None:
        """Note that the crawl is written whole."""
        with self._lock:
            self._is_settled = True
            self._show()

    @property
    def doing(self) -> str:
        """What is being done, in words."""
        if self._reading:
            return f"reading {_sources(self._reading)}"
        return f"publishing {_sources(self._publishing)}" if self._publishing else "settling what changed"

    @property
    def done_of(self) -> tuple[int, int]:
        """How many steps are done, of how many."""
        read, asked = (sum(counts) for counts in zip(*self._documents.values(), strict=True)) if self._documents else (0, 0)
        published = len(self._documents) - len(self._publishing)
        return read + published + self._is_settled, asked + len(self._documents) + 1

    def _show(self) -> None:
        self._bar.n, self._bar.total = self.done_of
        self._bar.set_description_str(self.doing, refresh=False)
        self._bar.refresh()


def _sources(left: set[str]) -> str:
    return f"{len(left)} sources" if len(left) > 1 else next(iter(left))
