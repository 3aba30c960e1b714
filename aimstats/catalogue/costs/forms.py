"""Rows of costs as JSON text: what a row says beside its amounts is written once, as a form with holes, which amounts fill."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import orjson

from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.costs.rows import CostRow
from aimstats.domain.workload import Bill, Charge, Tariff
from aimstats.domain.workload.receipts import Quantities, charges_of, receipt_of_bill

FORMS_KEPT: Final = 2_048
"""Of some 1,500 bytes each: those of the cheapest are asked for again and again."""
_KEY: Final = "forms of costs"
_MARK: Final = "\0"
"""Stands where a hole will be: a JSON text never holds it."""
_HOLE: Final = orjson.Fragment(_MARK)


class Forms:
    """The forms of rows, by offer and charges, for as long as what is known of the documents that they stand on is the same."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kept: OrderedDict[tuple[str, Sequence[Charge]], str] = OrderedDict()

    def hold_for(self, catalogue: Catalogue) -> bool:
        """Whether rows say the same in this catalogue, which has the same offers."""
        mine = self._catalogue
        return catalogue.documents is mine.documents and catalogue.version.stale == mine.version.stale

    def row(self, tariff: Tariff, bill: Bill, quantities: Quantities, figures: tuple[str, ...]) -> str:
        """The JSON of the row of an offer; `figures` are its total, then quantity and amount of each charge."""
        charges = charges_of(tariff.schedule, bill, quantities)
        key = (tariff.offer, charges)
        form = self._kept.get(key)
        if form is None:
            row = CostRow(self._catalogue, receipt_of_bill(tariff, bill, quantities))
            if row.receipt.disputed:  # which states further totals
                return wire.dumps(row.body()).decode()
            form = self._kept[key] = _form(row)
            while len(self._kept) > FORMS_KEPT:
                self._kept.popitem(last=False)
        return form % figures


def _form(row: CostRow) -> str:
    """The row's JSON with holes for the total, and for the quantity and the amount of each line."""
    body = row.body()
    body["total"] = _HOLE
    for line in body["lines"]:
        line["quantity"] = line["amount"] = _HOLE
    return wire.dumps(body).decode().replace("%", "%%").replace(_MARK, "%s")


def forms_of(catalogue: Catalogue) -> Forms:
    """The catalogue's forms, begun anew where its documents are other ones."""
    forms: Forms | None = catalogue.made_of_rows.get(_KEY)
    if forms is None or not forms.hold_for(catalogue):
        forms = catalogue.made_of_rows[_KEY] = Forms(catalogue)
    return forms
