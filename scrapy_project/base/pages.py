"""The listings of a provider's page, gathered by name while its tables are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.facts import is_fact
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, ListingSeen
from aimstats.domain.money import NumberRefusedError, decimal_of
from aimstats.domain.prices import Price, price
from aimstats.domain.text import clean_text
from scrapy_project.base.record import Tally, is_usable_id

NOTHING: Final = frozenset({"", "-", "–", "—", "\\", "n/a", "none", "--"})
"""What a page writes into a cell that states nothing."""
FREE: Final = frozenset({"free", "free of charge", "limited-time free"})
PLAN_OF_WORD: Final = {"standard": "standard", "batch": "batch", "flex": "flex", "priority": "priority", "fast": "priority"}
"""What pages call a plan; OpenAI renamed its priority plan to fast."""

_AMOUNT = re.compile(r"(?:US)?\$\s?(\d[\d,]*(?:\.\d+)?|\.\d+)|(?<![\w.$])(\d[\d,]*(?:\.\d+)?)\s?\$")
_COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([kKmM]?)(?![A-Za-z])")
_UNIT = re.compile(r"(?:/|\bper\b)\s*(?:per\s+)?([\d,]*\s*[A-Za-z][A-Za-z -]*)", re.IGNORECASE)
_PER_DAY = re.compile(r"\s*(?:/|\bper\b)\s*day\b", re.IGNORECASE)
_UNITS: Final = {
    "mt": "1M tokens", "mtok": "1M tokens", "m tokens": "1M tokens", "m token": "1M tokens", "1m tokens": "1M tokens",
    "1000000 tokens": "1M tokens", "million tokens": "1M tokens", "input mtok": "1M tokens", "output mtok": "1M tokens",
    "1k tokens": "1K tokens", "1m characters": "1M characters", "1k characters": "1K characters",
    "1000 characters": "1K characters", "image": "image", "images": "image", "1k images": "1K images",
    "1000 images": "1K images", "video": "video", "s": "second", "sec": "second", "second": "second", "audio second": "second",
    "min": "minute", "minute": "minute", "hr": "hour", "hour": "hour", "session-hour": "hour", "page": "page",
    "1k pages": "1K pages", "1000 pages": "1K pages", "request": "request", "call": "request", "use": "request",
    "1k calls": "1K requests", "1000 calls": "1K requests", "1k searches": "1K requests", "1000 searches": "1K requests",
    "1k requests": "1K requests", "1000 search queries": "1K requests", "1000 grounded prompts": "1K requests",
    "1k results": "1K requests", "1k urls": "1K requests", "song": "request", "gb day": "GB day", "gb-day": "GB day",
    "gb per day": "GB day", "gib day": "GB day",
}  # fmt: skip


def amounts(text: str) -> list[Decimal]:
    """All dollar amounts of a text, in order, exactly as stated.

    >>> amounts("$2.50 or $1,000"), amounts("1$"), amounts("$.075"), amounts("2.50")
    ([Decimal('2.50'), Decimal('1000')], [Decimal('1')], [Decimal('0.075')], [])
    """
    return [decimal_of((before or after).replace(",", "")) for before, after in _AMOUNT.findall(text)]


def amount(text: str) -> Decimal | None:
    """The one dollar amount of a cell; 0 for a cell that says free; None where it states none.

    Raises NumberRefusedError for a cell of several amounts.

    >>> amount("$5 / MTok"), amount("Free"), amount("-")
    (Decimal('5'), Decimal('0'), None)
    """
    if text.strip().lower() in FREE:
        return Decimal(0)
    found = amounts(text)
    if len(found) > 1:
        raise NumberRefusedError(f"several amounts: {clean_text(text, 60)!r}")
    return found[0] if found else None


def unit_of(text: str) -> str | None:
    """The stated unit of an amount (a key of `aimstats.domain.prices.UNITS`); None where none is named.

    Raises NumberRefusedError for a unit that is not known.

    >>> unit_of("$5 / MTok"), unit_of("$10 per 1,000 searches"), unit_of("$0.30 /video"), unit_of("$5")
    ('1M tokens', '1K requests', 'video', None)
    """
    found = _UNIT.findall(_PER_DAY.sub(" day", text))
    for phrase in found:
        words = " ".join(phrase.replace(",", "").lower().split()).split(" ")
        for length in range(min(len(words), 4), 0, -1):
            if unit := _UNITS.get(" ".join(words[:length])):
                return unit
    if found:
        raise NumberRefusedError(f"no such unit: {clean_text(text, 60)!r}")
    return None


def count_of(text: str) -> int | None:
    """The whole number of a text such as `262,144 tokens`, `200k tokens` or `1M`, k and M being decimal.

    >>> count_of("262,144 tokens"), count_of("200k tokens"), count_of("1M"), count_of("long")
    (262144, 200000, 1000000, None)
    """
    found = _COUNT.search(text)
    if not found:
        return None
    value = decimal_of(found[1].replace(",", "")) * {"": 1, "k": 1_000, "m": 1_000_000}[found[2].lower()]
    return int(value) if value == value.to_integral_value() and value > 0 else None


@dataclass(slots=True)
class Draft:
    """One listing while its page is read."""

    external_id: str
    tally: Tally
    provider: str
    region: str = ""
    variant: str = ""
    is_page_name: bool = False
    kind: str = "model"
    prices: list[Price] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    lifecycle: list[Lifecycle] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    evidence: dict[str, str] = field(default_factory=dict)
    volatile: dict[str, Any] = field(default_factory=dict)
    incomplete: bool = False
    url: str | None = None

    def add(self, meter: str, cell: str, unit: str | None = None, **terms: Any) -> bool:
        """Take the amount of a cell as a price; whether there was one.

        The cell's own unit counts before `unit`. A cell that states nothing adds nothing; one that is not understood is
        counted and makes the listing incomplete.
        """
        if cell.strip().lower() in NOTHING:
            return False
        try:
            stated = amount(cell)
            if stated is None:
                self.unknown(f"{meter}: {cell}")
                return False
            self.prices.append(price(meter, stated, unit_of(cell) or unit, **terms))
        except ValueError:
            self.unknown(f"{meter}: {cell}")
            return False
        return True

    def unknown_column(self, name: str, cell: str) -> None:
        """Count the cell of a column that is not understood, if it states anything."""
        if cell.strip().lower() not in NOTHING:
            self.unknown(f"column {name}")

    def unknown(self, what: str) -> None:
        """Count a price that is not understood: totals of this listing are "at least"."""
        self.tally.count_unknown(f"price: {clean_text(what, 80)}")
        self.incomplete = True

    def state(self, **facts: Any) -> None:
        """Take facts (`limit_context` stands for `limit.context`); what states nothing is left out."""
        for name, value in facts.items():
            self.fact(
                name.replace("_", ".", 1) if name.startswith(("limit_", "modalities_", "limits_", "flags_")) else name, value
            )

    def fact(self, key: str, value: Any) -> None:
        """Take one fact; a value that its field cannot have is counted."""
        if value is None or value == "" or value == []:
            return
        if is_fact(key, value):
            self.facts.setdefault(key, value)
        else:
            self.tally.count_unknown(f"{key}: a value that the field cannot have")

    def seen(self) -> ListingSeen:
        """The listing; two figures for one price key are counted, the first is kept."""
        kept: dict[tuple[object, object], Price] = {}
        for stated in self.prices:
            earlier = kept.setdefault((stated.key, stated.valid_from), stated)
            if (earlier.normalised, earlier.absent) != (stated.normalised, stated.absent):
                self.unknown(f"two figures for {stated.key}")
        return ListingSeen(
            provider=self.provider,
            external_id=self.external_id,
            region=self.region,
            variant=self.variant,
            is_page_name=self.is_page_name,
            name=self.facts.get("name", ""),
            kind=self.kind,
            facts=self.facts,
            prices=tuple(kept.values()),
            lifecycle=tuple(self.lifecycle),
            aliases=tuple(dict.fromkeys(self.aliases)),
            evidence={key: text for key, text in self.evidence.items() if text},
            volatile=self.volatile,
            incomplete=self.incomplete,
            url=self.url,
        )


class Page:
    """The drafts of one document of one provider; `evidence_url` is where a reader finds what they state."""

    def __init__(self, provider: str, url: str, evidence_url: str = "") -> None:
        self.provider = provider
        self.url = url
        self.evidence_url = evidence_url or url
        self.tally = Tally()
        self.drafts: dict[tuple[str, str, str], Draft] = {}
        self.rows = 0

    def listing(
        self, external_id: str, *, region: str = "", variant: str = "", is_page_name: bool = False, kind: str = "model"
    ) -> Draft:
        """The draft of this name, begun where it is new. Raises DocumentRefusedError for a name that is none."""
        if not is_usable_id(external_id):
            raise DocumentRefusedError(f"{self.provider}: a row without a usable model name")
        key = (external_id, region, variant)
        if key not in self.drafts:
            self.drafts[key] = Draft(
                external_id, self.tally, self.provider, region, variant, is_page_name, kind, url=self.evidence_url
            )
        return self.drafts[key]

    def derive(self, drafts: Iterable[Draft], *, region: str, factor: Decimal, because: str, only_standard: bool = False) -> None:
        """Add, for a region, the token prices of these drafts times a stated factor."""
        for draft in list(drafts):
            regional = self.listing(draft.external_id, region=region, is_page_name=draft.is_page_name)
            regional.incomplete |= draft.incomplete
            regional.prices += [
                price(
                    stated.key.meter, stated.amount * factor, stated.unit, plan=stated.key.plan,
                    min_context_tokens=stated.key.min_context_tokens, derived_from=because,
                )
                for stated in draft.prices
                if stated.amount is not None and not stated.key.unit
            ]  # fmt: skip

    def seen(self, date: datetime | None = None, what: str = "") -> DocumentSeen:
        """All listings; raises DocumentRefusedError where the page has none (`what` says which page)."""
        if not self.drafts:
            raise DocumentRefusedError(f"{what or self.provider}: no model found; did the page's layout change?")
        return DocumentSeen(
            url=self.url,
            date=date,
            listings=tuple(draft.seen() for draft in self.drafts.values()),
            unknown=self.tally.unknown,
            skipped=self.tally.skipped,
            rows=self.rows or len(self.drafts),
        )
