"""Two to ten models side by side: a row a field, what each of them has there, and which is best where that can be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.costs.crossovers import models_asked, offers_of, workload_asked
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.table import SCORES
from aimstats.domain.texts import N_
from aimstats.domain.workload import Receipt, Workload, receipt_of

PAY: Final = "Pay"
GROUPS: Final = (PAY, N_("Price"), N_("Scores"), N_("Limits"), N_("Abilities"), N_("Weights"), N_("Life"), N_("Model"))
"""The groups of rows, in order."""
WORKLOAD: Final = "workload"
"""The field of the row that says what the workload costs."""
TAKEN_AS: Final = frozenset({"key", "structure", "scores", "instant"})
"""Kinds of columns that are no row of a comparison; scores have a row a benchmark."""
NAMES: Final = frozenset({"name", "developer.name", "providers", "agreement.sources", "agreement.disputed"})
"""What heads the columns, or says how well figures are known, is compared with nothing."""
LOWER: Final = "Price"
HIGHER: Final = frozenset({"limit.context", "limit.output", "limit.input"})
MEDIAN: Final = "median"

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "field": {"type": "string", "description": "The column's key in the list of models, a benchmark's score, or `workload`."},
        "label": {"type": "string"},
        "unit": {"type": ["string", "null"]},
        "group": {"type": "string", "enum": list(GROUPS)},
        "values": {
            "type": "object",
            "description": "By model; null where it is not known.",
            "additionalProperties": {"type": ["number", "integer", "boolean", "string", "array", "null"]},
        },
        "differs": {"type": "boolean", "description": "Whether the models do not all have the same there."},
        "best": {
            "type": ["string", "null"],
            "description": "The model with the best figure: only where all are known, none is disputed, and one alone is best.",
        },
        "disputed": {"type": "array", "items": {"type": "string"}, "description": "The models whose figure sources dispute."},
    },
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of all models."""

    field: str
    label: str
    unit: str
    group: str
    values: Mapping[str, Any]
    best: str | None
    disputed: Sequence[str]

    @property
    def differs(self) -> bool:
        """Whether the models do not all have the same there."""
        first, *others = self.values.values()
        return any(other != first for other in others)

    def body(self) -> dict[str, Any]:
        """The object that answers print."""
        return {
            "field": self.field, "label": self.label, "unit": self.unit or None, "group": self.group, "values": dict(self.values),
            "differs": self.differs, "best": self.best, "disputed": list(self.disputed),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """The models in the order asked for, the rows in the order of their groups, and each model's receipt where it has one; of the
    others `unpriced` says why."""

    models: Sequence[Row]
    rows: Sequence[Compared]
    receipts: Mapping[str, Receipt]
    unpriced: Mapping[str, str]


def comparison(catalogue: Catalogue, query: Query) -> Comparison:
    """What a query asks; what a workload costs is in it where the query states one.

    Raises QueryError where it names no two models that are there, or a workload that cannot be priced.
    """
    names = models_asked(catalogue, query)
    workload = workload_asked(query)
    rows = [row for name in names if (row := catalogue.row("models", name, query.basis))]
    receipts: dict[str, Receipt] = {}
    unpriced: Mapping[str, str] = {}
    if workload is not None:
        receipts, unpriced = receipts_of(catalogue, query, names, workload)
    fields = [*_pay(names, receipts), *_scores(catalogue, rows)] if workload is not None else list(_scores(catalogue, rows))
    fields += [field for column in MODELS.columns if (field := _field(column, rows)) is not None]
    known = [field for field in fields if any(value is not None for value in field.values.values())]
    return Comparison(rows, sorted(known, key=lambda field: GROUPS.index(field.group)), receipts, unpriced)


def receipts_of(
    catalogue: Catalogue, query: Query, names: Sequence[str], workload: Workload
) -> tuple[dict[str, Receipt], dict[str, str]]:
    """The receipt of each of these models at the offer that stands for it, and why others have none."""
    tariffs, unpriced = offers_of(catalogue, query, names, workload)
    receipts: dict[str, Receipt] = {}
    for name, tariff in tariffs.items():
        found = receipt_of(tariff, workload)
        if isinstance(found, Receipt):
            receipts[name] = found
        else:
            unpriced[name] = found.reason
    return receipts, unpriced


def _pay(names: Sequence[str], receipts: Mapping[str, Receipt]) -> Iterator[Compared]:
    totals = {name: receipts[name].total if name in receipts else None for name in names}
    doubted = [name for name in names if name in receipts and (receipts[name].disputed or receipts[name].at_least)]
    yield Compared(WORKLOAD, N_("Your workload"), "$", PAY, totals, _best(totals, doubted, higher=False), doubted)


def _scores(catalogue: Catalogue, rows: Sequence[Row]) -> Iterator[Compared]:
    """A row for each benchmark on which any of them has a score."""
    stated = [row.body.get(SCORES) or {} for row in rows]
    for benchmark in sorted({one for scores in stated for one in scores}):
        declared = catalogue.benchmarks.get(benchmark, {})
        key = f"{SCORES}.{benchmark}"
        values = {row.id: row[key] for row in rows}
        doubted = [row.id for row in rows if key in (row["agreement.disputed"] or ())]
        best = _best(values, doubted, higher=bool(declared["higher_is_better"])) if "higher_is_better" in declared else None
        unit = {"percent": "%"}.get(declared.get("unit", ""), declared.get("unit") or "")
        yield Compared(key, declared.get("name") or benchmark, unit, "Scores", values, best, doubted)


def _field(column: Column, rows: Sequence[Row]) -> Compared | None:
    """The row of a column; None where it is compared with nothing."""
    if column.kind.name in TAKEN_AS or column.key in NAMES or column.group not in GROUPS or not column.served or column.joined:
        return None
    values = {row.id: _shown(row[column.key]) for row in rows}
    doubted = [row.id for row in rows if column.key in (row["agreement.disputed"] or ())]
    best = None
    if column.kind.name == "money" and not any((row["cost_basis"] or {}).get("basis") == MEDIAN for row in rows):
        best = _best(values, doubted, higher=False)
    elif column.key in HIGHER:
        best = _best(values, doubted, higher=True)
    return Compared(column.key, column.label, column.unit, column.group, values, best, doubted)


def _shown(value: Any) -> Any:
    """A value as answers have it: an empty list is not known."""
    return (list(value) or None) if isinstance(value, tuple) else value


def _best(values: Mapping[str, Decimal | int | None], doubted: Sequence[str], *, higher: bool) -> str | None:
    """The one model with the best figure; None where any is unknown or disputed, or two share it."""
    if doubted or any(value is None for value in values.values()):
        return None
    known = {name: value for name, value in values.items() if value is not None}
    best = (max if higher else min)(known.values())
    holders = [name for name, value in known.items() if value == best]
    return holders[0] if len(holders) == 1 and len(known) > 1 else None
