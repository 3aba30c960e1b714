"""The sources that no crawl reads unless it is told to: those that nobody named yet are in no table of the database."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aimstats.catalogue.sources import why_off

DECLARED: Final = Path(__file__).with_name("left_out.json")
"""What they declare, written by `python -m tests.web.left_out`: the pages never import the crawler. A test compares the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One of them, in the words of its declaration."""

    id: str
    name: str
    kind: str
    url: str
    license: str | None

    @property
    def why(self) -> str:
        """Why it is off, as far as its declaration tells."""
        return why_off(self.kind, self.license)


OFF_BY_DEFAULT: Final = tuple(LeftOut(**row) for row in json.loads(DECLARED.read_text("utf-8")))


def left_out(known: Container[str]) -> Iterator[LeftOut]:
    """Those that are not known to the database."""
    return (one for one in OFF_BY_DEFAULT if one.id not in known)
