"""The progress bar counts to the end: downloads, publications, and what only the end of a crawl decides."""

from __future__ import annotations

from jobs.progress import Progress


def test_it_counts_downloads_and_publications_and_is_full_only_at_the_end() -> None:
    with Progress(["a", "b"]) as progress:
        progress.read("a", 1, 1)
        progress.read("b", 0, 3)
        assert (progress.doing, progress.done_of) == ("reading 2 sources", (1, 7))
        progress.closed("a")
        progress.published("a")
        progress.read("b", 3, 3)
        progress.closed("b")
        assert (progress.doing, progress.done_of) == ("publishing b", (5, 7))
        progress.published("b")
        assert (progress.doing, progress.done_of) == ("settling what changed", (6, 7))
        progress.settled()
        assert progress.done_of == (7, 7)
