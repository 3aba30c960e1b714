"""Random worlds: what a few sources say of a few models, crawl by crawl, each document a small change of the one before."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from aimstats.checks.decisions import ACCEPTED, REJECTED
from aimstats.domain.absence import Absence
from aimstats.domain.items import DocumentSeen, Lifecycle, ListingSeen, Source
from aimstats.domain.prices import Price, price
from tests.ingest.worlds import FIRST, SECOND, Content, catalogue, day, page

SOURCES: Final = (
    catalogue("alpha", priority=10),
    catalogue("beta", priority=10),
    catalogue("gamma", priority=20, cadence_hours=24 * 40),
    page("openai_prices", "openai", complete=("text",), cadence_hours=48),
    page("openai_models", "openai"),
    page("azure_page", "azure"),
    Source(id="router", name="Router", kind="router", url="https://r.example", provider="openrouter", cadence_hours=6),
    Source(id="life", name="Life", kind="lifecycle", url="https://l.example", provider="openai", cadence_hours=240),
)
THINGS: Final = (
    ("openai", "gpt-4o", ""),
    ("openai", "gpt-4o-2024-05-13", ""),
    ("openai", "gpt-4o-2024-08-06", ""),
    ("azure", "gpt-4o", ""),
    ("azure", "gpt-4o", "eu"),
    ("openrouter", "openai/gpt-4o", ""),
    ("openrouter", "openai/gpt-4o:free", ""),
    ("openrouter", "openrouter/auto", ""),
    ("openai", "o3", ""),
    ("azure", "o3", ""),
)
"""Provider, id and region of what may be listed."""
AMOUNTS: Final = ("0", "0.15", "2.5", "2.6", "3", "5", "5000")
FACTS: Final[dict[str, Sequence[Any]]] = {
    "limit.context": (128_000, 200_000),
    "release_date": ("2026-02-27", "2026-03", "2025"),
    "status": ("active", "preview", "deprecated"),
    "open_weights": (True, False),
}
LATER: Final = (0.2, 0.5, 1, 1, 2, 2, 6, 50)
"""Days between two crawls."""


@dataclass
class Said:
    """What a document says of one thing at present."""

    prices: dict[tuple[str, str], Price] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    events: tuple[Lifecycle, ...] = ()
    twice: Price | None = None
    """A figure by which the thing is listed a second time."""


class Story:
    """A random run of crawls, the same for a seed."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._said: dict[tuple[str, str], dict[tuple[str, str, str], Said]] = {}
        self._now = 0.0

    def crawls(self, number: int) -> Iterator[tuple[datetime, list[tuple[Source, dict[str, Content]]]]]:
        """When each of so many crawls is, and by source what its documents say then."""
        for _ in range(number):
            self._now += self._dice.choice(LATER)
            chosen = [source for source in SOURCES if self._dice.random() < 0.6]
            self._dice.shuffle(chosen)
            yield day(self._now), [(source, {url: self._document(source, url) for url in (FIRST, SECOND)}) for source in chosen]

    def decision(self) -> str | None:
        """What a person decides of a thing that waits; mostly nothing."""
        return self._dice.choice((None, None, None, None, None, None, ACCEPTED, REJECTED))

    def _document(self, source: Source, url: str) -> Content:
        known = self._said.get((source.id, url))
        if known is None:
            known = self._said[source.id, url] = {}
            for thing in THINGS:
                if self._dice.random() < 0.4:
                    known[thing] = self._new(source)
        else:
            turn = self._dice.random()
            if turn < 0.3:
                return "unchanged"
            if turn < 0.4:
                return "failed"
            if turn < 0.44:
                return "gone"
            for _ in range(self._dice.randint(0, 3)):
                self._change(source, known)
        wrong = self._dice.random() < 0.07
        listings = [one for thing, said in known.items() for one in self._listed(thing, said, 1000 if wrong else 1)]
        date = day(self._now - self._dice.choice((0, 1, 30))) if self._dice.random() < 0.2 else None
        return DocumentSeen(url=url, date=date, listings=tuple(listings))

    def _new(self, source: Source) -> Said:
        said = Said()
        for _ in range(self._dice.randint(1, 4)):
            self._alter(source, said)
        return said

    def _change(self, source: Source, known: dict[tuple[str, str, str], Said]) -> None:
        turn = self._dice.random()
        if turn < 0.12 or not known:
            known[self._dice.choice(THINGS)] = self._new(source)
        elif turn < 0.24:
            del known[self._dice.choice(list(known))]
        else:
            self._alter(source, known[self._dice.choice(list(known))])

    def _alter(self, source: Source, said: Said) -> None:
        turn = self._dice.random()
        if source.kind == "lifecycle" or turn < 0.08:
            event = self._dice.choice(("deprecated", "retired", "announced"))
            precision = self._dice.choice(("exact", "exact", "month", "floor"))
            one = Lifecycle(event=event, at=day(self._now + self._dice.choice((-3, 1.3, 3, 40))), precision=precision)
            said.events = self._dice.choice(((), (one,), (*said.events[:1], one)))
        elif turn < 0.2:
            key = self._dice.choice(list(FACTS))
            said.facts = said.facts | {key: self._dice.choice(FACTS[key])} if self._dice.random() < 0.8 else {}
        elif turn < 0.3:
            said.twice = None if said.twice else self._price("input")
        elif turn < 0.4 and said.prices:
            said.prices.pop(self._dice.choice(list(said.prices)))
        else:
            meter = self._dice.choice(("input", "input", "output", "output", "cache_read"))
            said.prices[meter, self._dice.choice(("", "", "", "second"))] = self._price(meter)

    def _price(self, meter: str) -> Price:
        dice = self._dice
        ahead, behind = day(self._now + dice.choice((0.7, 1.5, 4))), day(self._now - dice.choice((0.7, 4)))
        dates = dice.choice([(None, None)] * 6 + [(None, ahead), (ahead, None), (behind, ahead), (behind, None)])
        absent = Absence.VARIABLE if dice.random() < 0.06 else None
        return price(
            meter,
            None if absent else Decimal(dice.choice(AMOUNTS)),
            plan=dice.choice(("standard",) * 6 + ("batch",)),
            currency=dice.choice(("USD",) * 8 + ("EUR",)),
            promotional=dice.random() < 0.1,
            absent=absent,
            valid_from=dates[0],
            valid_to=dates[1],
        )

    def _listed(self, thing: tuple[str, str, str], said: Said, factor: int) -> Iterator[ListingSeen]:
        provider, external_id, region = thing
        prices = tuple(
            replace(one, amount=one.amount * factor) if one.amount is not None else one for one in said.prices.values()
        )
        listing = ListingSeen(
            provider=provider,
            external_id=external_id,
            region=region,
            facts=dict(said.facts),
            prices=prices,
            lifecycle=said.events,
        )
        yield listing
        if said.twice is not None:
            yield replace(listing, prices=(said.twice,), lifecycle=())
