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


def _closing_lines(reports: Sequence[Report]) -> list[str]:
    """What went wrong, which documents could not be read any more, and what is newly held, in words."""
    lines = [f"{report.source}: {report.error}" for report in reports if report.error]
    for report in reports:
        if report.stats.get("lost") and not report.error:
            lines += [f"{report.source}: {error}" for error in report.stats["errors"]]
    held = [(report.source, report.stats["held_new"]) for report in reports if report.stats.get("held_new")]
    if held:
        total = sum(count for _, count in held)
        named = ", ".join(f"{count:,} of {source}" for source, count in held)
        lines.append(f"newly held: {total:,} ({named}); to see and decide: python -m jobs.quarantine list")
    return lines


def closing_table(reports: Sequence[Report]) -> str:
    """The table: a row a source, numbers right-aligned, then what went wrong or is newly held in words."""
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
    return "\n".join([*lines, *_closing_lines(reports)])
