"""What a run did, one line a source, for a person."""

from __future__ import annotations

from collections.abc import Sequence

from aimstats.ingest.runs import Report

COLUMNS = (
    # heading, key of the run's stats
    ("documents", "documents"),
    ("listings", "listings"),
    ("claims", "claims"),
    ("opened", "opened"),
    ("corrected", "corrected"),
    ("vanished", "vanished"),
    ("models", "models_changed"),
    ("new", "models_added"),
    ("merged", "models_merged"),
    ("unsure", "listings_unsure"),
    ("offers", "offers_changed"),
    ("held", "held"),
    ("unknown", "unknown"),
)


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return f"{sum(count for count in value.values() if isinstance(count, int)):,}"
    return f"{value:,}" if isinstance(value, int) else "0"


def closing_table(reports: Sequence[Report]) -> str:
    """The table: a row a source, numbers right-aligned, then what went wrong in words."""
    head = ["source", "status", *(heading for heading, _ in COLUMNS)]
    rows = [[report.source, report.status, *(_cell(report.stats.get(key, 0)) for _, key in COLUMNS)] for report in reports]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    ]
    lines += [f"{report.source}: {report.error}" for report in reports if report.error]
    return "\n".join(lines)
