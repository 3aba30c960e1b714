"""The listings of a provider's page, gathered by name while its tables are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.facts import is_fact
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, ListingSeen
from aimstats.domain.prices import Price, price
from aimstats.domain.text import clean_text
from scrapy_project.base.price_cells import NOTHING, amount, unit_of
from scrapy_project.base.record import Tally, is_usable_id, stated_once

PLAN_OF_WORD: Final = {"standard": "standard", "batch": "batch", "flex": "flex", "priority": "priority", "fast": "fast"}
"""What pages call a plan."""
FIRST_COUNTS: Final = frozenset({"name", "status"})
"""Facts that a page may state in two ways: what is stated first is meant."""


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
    contradicted: set[str] = field(default_factory=set)
    lifecycle: list[Lifecycle] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    evidence: dict[str, str] = field(default_factory=dict)
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
        """Take one fact; a value that its field cannot have is counted, and so is one that contradicts an earlier value."""
        if value is None or value == "" or value == []:
            return
        if is_fact(key, value):
            if self.facts.setdefault(key, value) != value and key not in FIRST_COUNTS:
                self.tally.count_unknown(f"{key}: contradictory")
                self.contradicted.add(key)
        else:
            self.tally.count_unknown(f"{key}: a value that the field cannot have")

    def seen(self) -> ListingSeen:
        """The listing; contradictory figures for one price key are counted and none of them is kept, nor of a fact."""
        kept, contradictory = stated_once(self.prices)
        for key in contradictory:
            self.unknown(f"contradictory figures for {key}")
        return ListingSeen(
            provider=self.provider,
            external_id=self.external_id,
            region=self.region,
            variant=self.variant,
            is_page_name=self.is_page_name,
            name=self.facts.get("name", ""),
            kind=self.kind,
            facts={key: value for key, value in self.facts.items() if key not in self.contradicted},
            prices=kept,
            lifecycle=tuple(self.lifecycle),
            aliases=tuple(dict.fromkeys(self.aliases)),
            evidence={key: text for key, text in self.evidence.items() if text},
            incomplete=self.incomplete,
            url=self.url,
        )


class Page:
    """The drafts of one document of one provider; `evidence_url` is where a reader finds what they state, `unread` names the
    sections that the document announces and leaves empty."""

    def __init__(self, provider: str, url: str, evidence_url: str = "") -> None:
        self.provider = provider
        self.url = url
        self.evidence_url = evidence_url or url
        self.tally = Tally()
        self.drafts: dict[tuple[str, str, str], Draft] = {}
        self.rows = 0
        self.unread: list[str] = []

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

    def derive(self, drafts: Iterable[Draft], *, region: str, factor: Decimal, because: str) -> None:
        """Add, for a region, the token prices of these drafts times a stated factor."""
        for draft in list(drafts):
            regional = self.listing(draft.external_id, region=region, is_page_name=draft.is_page_name)
            regional.incomplete |= draft.incomplete
            regional.prices += [
                price(
                    stated.key.meter, stated.amount * factor, stated.unit, plan=stated.key.plan,
                    min_context_tokens=stated.key.min_context_tokens, derived_from=because,
                    valid_from=stated.valid_from, valid_to=stated.valid_to,
                )
                for stated in draft.prices
                if stated.amount is not None and not stated.key.unit
            ]  # fmt: skip

    def has_prices_of(self, *meters: str) -> bool:
        """Whether one of its models has prices of all these meters: a page without such a model is another page."""
        return any(set(meters) <= {stated.key.meter for stated in draft.prices} for draft in self.drafts.values())

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
            unread=tuple(dict.fromkeys(self.unread)),
        )
