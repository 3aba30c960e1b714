"""The progress bar of a crawl: on a terminal only, on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm


class Progress:
    """Counts documents read of documents known so far, over all sources."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._counts = dict.fromkeys(sources, (0, 0))
        self._open = set(sources)
        self._bar: tqdm[Any] = tqdm(
            total=0, unit="doc", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False, dynamic_ncols=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._bar.close()

    def read(self, source: str, documents_read: int, documents_asked: int) -> None:
        """Note how far a source is."""
        self._counts[source] = (documents_read, documents_asked)
        self._bar.total = sum(asked for _, asked in self._counts.values())
        self._bar.n = sum(read for read, _ in self._counts.values())
        self._bar.refresh()

    def closed(self, source: str) -> None:
        """Note that a source is done."""
        self._open.discard(source)
        self._bar.set_description(f"{len(self._open)} sources left")
