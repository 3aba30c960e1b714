"""The columns of `cost`, the same for models and offers: one for each meter that has a word for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimstats.catalogue.columns.declarations import MAX, MIN, Column
from aimstats.catalogue.columns.kinds import FLAG, MONEY, structure
from aimstats.domain.absence import Absence
from aimstats.domain.meters import IN_ORDER, METERS
from aimstats.domain.texts import N_

_METER_VALUES: Final = {"type": "object", "additionalProperties": {"type": ["number", "integer", "null"]}}
_REASONS: Final = {
    "type": "object",
    "additionalProperties": {"type": "string", "enum": [str(reason) for reason in Absence]},
}


def cost_columns(*, priced: bool) -> Iterator[Column]:
    """The columns of `cost`; `priced` where the price basis chooses them."""
    for meter in (METERS[name] for name in IN_ORDER if METERS[name].help):
        yield Column(
            key=f"cost.{meter.id}",
            label=meter.label,
            help=meter.help,
            kind=MONEY,
            stem=f"{meter.id}_cost",
            lookups=(MIN, MAX),
            priced=priced,
            shown=meter.is_shown,
            group="Price",
            unit=meter.unit_text,
        )
    structures = (
        ("tiers", "Context tiers", "Prices of long contexts: each from `min_context_tokens` on.",
         {"type": "array", "items": _METER_VALUES}),
        ("plans", "Plans", "Prices on other plans, by plan and meter.",
         {"type": "object", "additionalProperties": _METER_VALUES}),
        ("conditions", "Conditions", "Under which conditions a price by the piece holds, by meter; `prices` lists the others.",
         {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}}}),
        ("absent", "Absent", "Why a figure is missing, by meter.", _REASONS),
    )  # fmt: skip
    flags = (
        ("windowed", N_("By the hour"), N_("The price depends on the hour of the day; the one shown holds for most hours.")),
        ("incomplete", N_("Incomplete"), N_("A price of it is not understood: totals are at least what is shown.")),
    )
    for key, label, sentence in flags:
        yield Column(key=f"cost.{key}", label=label, help=sentence, kind=FLAG, group="Price", sort=False)
    for key, label, sentence, schema in structures:
        yield Column(key=f"cost.{key}", label=label, help=sentence, kind=structure(schema, is_open=True), group="Price")
