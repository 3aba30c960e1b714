"""A row of costs as answers print it: a receipt, with what is known of the documents that it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aimstats.catalogue.catalogue import Catalogue
from aimstats.domain.workload.receipts import Line, Receipt


@dataclass(frozen=True, slots=True)
class CostRow:
    """A row of costs: a receipt, with what is known of its documents."""

    catalogue: Catalogue
    receipt: Receipt

    @property
    def stale(self) -> bool:
        """Whether a line rests on a document that is too old now."""
        return any(line.document in self.catalogue.version.stale for line in self.receipt.lines)

    @property
    def ended(self) -> bool:
        """Whether the offer cannot be bought any more."""
        offer = self.catalogue.row("offers", self.receipt.offer)
        return offer is not None and offer["status"] == "retired"

    def body(self) -> dict[str, Any]:
        """The object that answers print."""
        receipt = self.receipt
        return {
            "model": receipt.model,
            "offer": receipt.offer,
            "provider": receipt.provider,
            "total": receipt.total,
            "at_least": receipt.at_least,
            "ended": self.ended,
            "stale": self.stale,
            "disputed": [
                {"meter": one.meter, "source": one.source, "usd_per_unit": one.usd_per_unit, "total": one.total}
                for one in receipt.disputed
            ],
            "lines": [self.line(line) for line in receipt.lines],
        }

    def line(self, line: Line) -> dict[str, Any]:
        """One line of the receipt as answers print it."""
        return {
            "meter": line.meter, "plan": line.plan, "min_context_tokens": line.min_context_tokens, "window": line.window or None,
            "conditions": dict(line.conditions), "promotional_until": line.promotional_until, "quantity": line.quantity,
            "unit": line.unit, "usd_per_unit": line.usd_per_unit, "amount": line.amount, "source": line.source,
            "url": self.url_of(line), "derived": line.derived, "held": line.held, "starred": line.starred, "note": line.note,
        }  # fmt: skip

    def url_of(self, line: Line) -> str | None:
        """The page that states the price: the price's own, else its document's."""
        document = self.catalogue.documents.get(line.document or 0)
        return line.url or (document.url if document else None)
