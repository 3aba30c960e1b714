"""The columns of `cost`, the same for models and offers: one row a meter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimstats.catalogue.columns.declarations import MAX, MIN, Column
from aimstats.catalogue.columns.kinds import FLAG, MONEY, structure
from aimstats.domain.absence import Absence
from aimstats.domain.prices import METERS, MTOK

_METERS: Final = (
    # meter, label, help, in the table by default
    ("input", "Input", "US dollars per million input tokens.", True),
    ("output", "Output", "US dollars per million output tokens.", True),
    ("cache_read", "Cache read", "US dollars per million input tokens that are read from the cache.", False),
    ("cache_write", "Cache write", "US dollars per million input tokens that are written to the cache.", False),
    ("cache_write_1h", "Cache write, 1 h", "US dollars per million tokens that are kept for an hour.", False),
    ("reasoning", "Reasoning", "US dollars per million reasoning tokens, in the place of the output price.", False),
    ("input_audio", "Audio in", "US dollars per million tokens of audio input.", False),
    ("output_audio", "Audio out", "US dollars per million tokens of audio output.", False),
    ("input_image", "Image in", "US dollars per million tokens of image input.", False),
    ("output_image", "Image out", "US dollars per million tokens of image output.", False),
    ("image", "Image", "US dollars for one generated image.", False),
    ("second", "Second", "US dollars per second of audio or video.", False),
    ("character", "Characters", "US dollars per million characters.", False),
    ("page", "Page", "US dollars per page.", False),
    ("request", "Request", "US dollars per request, beside the price of the tokens.", False),
    ("web_search", "Web search", "US dollars per web search.", False),
)

_METER_VALUES: Final = {"type": "object", "additionalProperties": {"type": ["number", "integer", "null"]}}
_REASONS: Final = {
    "type": "object",
    "additionalProperties": {"type": "string", "enum": [str(reason) for reason in Absence]},
}


def cost_columns(*, priced: bool) -> Iterator[Column]:
    """The columns of `cost`; `priced` where the price basis chooses them."""
    for meter, label, sentence, shown in _METERS:
        base = METERS[meter]
        yield Column(
            key=f"cost.{meter}",
            label=label,
            help=sentence,
            kind=MONEY,
            stem=f"{meter}_cost",
            lookups=(MIN, MAX),
            priced=priced,
            shown=shown,
            group="Price",
            unit="$/M" if base == MTOK else f"$/{base}",
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
        ("windowed", "By the hour", "The price depends on the hour of the day; the one shown holds for most hours."),
        ("incomplete", "Incomplete", "A price of it is not understood: totals are at least what is shown."),
    )
    for key, label, sentence in flags:
        yield Column(key=f"cost.{key}", label=label, help=sentence, kind=FLAG, group="Price", sort=False)
    for key, label, sentence, schema in structures:
        yield Column(key=f"cost.{key}", label=label, help=sentence, kind=structure(schema, is_open=True), group="Price")
