"""Copies of pages: which documents are a reader service's rendering of somebody's page, and of which."""

from __future__ import annotations

from typing import Final

READER: Final = "https://r.jina.ai/"
"""The service puts the original's address behind its own."""


def copy_of(original: str) -> str:
    """The address of the rendered copy of a page.

    >>> copy_of("https://a.example/pricing"), is_copy("https://r.jina.ai/https://a.example/pricing"), is_copy("https://a.example")
    ('https://r.jina.ai/https://a.example/pricing', True, False)
    """
    return READER + original


def is_copy(url: str) -> bool:
    """Whether a document is such a copy: at first hand where its source is, but never before the page itself."""
    return url.startswith(READER)
