"""Which columns a table shows where its reader chose none: by what the rows are, or by a preset; and scores as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.columns.kinds import MONEY, Kind, decimal_of_stored, read_number
from aimstats.catalogue.engine.table import SCORES
from aimstats.domain.money import plain
from aimstats.domain.texts import N_

QUALITY: Final = "scores.epoch-capabilities-index"
"""The one score of quality on the first page: it joins many benchmarks and covers most of the models that people choose among."""
OF_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        "cost.input",
        "cost.output",
        QUALITY,
        "limit.context",
        "limit.output",
        "release_date",
        "offer_count",
        "modalities.input",
    ),
    "image": ("cost.image", "scores.arena-text-to-image", "release_date", "offer_count", "cost.output_image", "modalities.input"),
    "video": ("cost.second", "release_date", "offer_count", "modalities.input", "open_weights"),
    "speech": ("cost.character", "release_date", "offer_count", "cost.output_audio", "modalities.input", "open_weights"),
    "transcription": ("cost.minute", "release_date", "offer_count", "cost.input_audio", "open_weights"),
    "embedding": ("cost.input", "embedding_dimensions", "limit.context", "release_date", "offer_count", "modalities.input"),
    "rerank": ("cost.request", "cost.input", "limit.context", "release_date", "offer_count"),
    "moderation": ("cost.input", "limit.context", "release_date", "offer_count", "modalities.input"),
}
"""What is billed and what is measured of each type of model, in order; on a phone the first three stand there."""
OVERVIEW: Final = N_("Overview")
PRESETS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "cost": (
        N_("Cost"),
        ("cost.input", "cost.output", "cost.cache_read", "cost.cache_write", "cheapest", "offer_count", "cost.reasoning"),
    ),
    "capability": (
        N_("Capability"),
        (
            QUALITY,
            "scores.gpqa-diamond",
            "scores.lmarena-text-style-control",
            "reasoning",
            "tool_call",
            "structured_output",
            "limit.context",
        ),
    ),
    "coding": (
        N_("Coding"),
        (
            "scores.terminal-bench",
            "scores.aider-polyglot",
            "cost.output",
            "scores.webdev-arena",
            "scores.bfcl",
            "limit.context",
            "tool_call",
        ),
    ),
    "vision": (
        N_("Vision"),
        ("scores.lmarena-vision", "cost.input", "cost.output", "scores.video-mme", "modalities.input", "limit.context"),
    ),
    "self-host": (
        N_("Self-host"),
        ("parameters.total", "parameters.active", "memory_gb", "license", "limit.context", "release_date"),
    ),
}
"""Sets of columns by the name that `view` gives them, each with its label."""


def score_text(value: Decimal) -> str:
    """A score as `text` of a parameter."""
    return plain(value)


MINUTE: Final = Column(
    key="cost.second",
    label=N_("Minute"),
    unit="$/min",
    help=N_("US dollars per minute of audio: sixty times the price of a second."),
    kind=replace(MONEY, name="minute"),
    priced=True,
    group="Price",
)
"""The price of a second as people ask for it; the same column under another unit, so that it sorts and downloads as seconds."""
REDRAWN: Final[Mapping[str, Column]] = {"cost.minute": MINUTE}
SCORE: Final = Kind(
    name="score",
    schema={"type": "number"},
    stored=decimal_of_stored,
    read=read_number,
    text=score_text,
    of_text=read_number,
    numeric=True,
)


@lru_cache(maxsize=1_024)
def _score_column(benchmark: str, name: str, measures: str, unit: str) -> Column:
    return Column(key=f"{SCORES}.{benchmark}", label=name, help=measures, kind=SCORE, group="Scores", unit=unit)


def score_columns(catalogue: Catalogue) -> tuple[Column, ...]:
    """The benchmarks on which models have scores, as columns, the most measured first."""
    found = []
    for row in range(len(catalogue.tables["benchmarks"])):
        table = catalogue.tables["benchmarks"]
        count = table.values_of("model_count")[row]
        if count:
            found.append((-count, table.ids[row]))
    columns = []
    for _, identifier in sorted(found):
        declared = catalogue.benchmarks[identifier]
        unit = "%" if declared.get("unit") == "percent" else ""
        columns.append(_score_column(identifier, declared["name"], declared.get("measures") or "", unit))
    return tuple(columns)
