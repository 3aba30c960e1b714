"""What a run did: a line a source in words, a table for a person that is no wider than 100 columns, one event for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from aimstats.ingest.runs import Report

COLUMNS: Final = (
    # heading, key of the run's stats
    ("docs", "documents"),
    ("claims", "claims"),
    ("opened", "opened"),
    ("changed", "corrected"),
    ("vanished", "vanished"),
    ("models", "models_changed"),
    ("offers", "offers_changed"),
    ("held", "held"),
)
LEGEND: Final = """\
docs: documents asked for; claims: statements in those that are new; opened, changed, vanished: statements
that are new, corrected or gone; models, offers: rows that differ now; held: statements held back by the gate"""
SHORT: Final = {"not_configured": "no key"}
"""Statuses that the table says in fewer letters."""
TOLD: Final = (
    # key of the run's stats, noun, what became of it
    ("opened", "statement", "new"),
    ("corrected", "statement", "corrected"),
    ("vanished", "statement", "gone"),
    ("models_added", "model", "new"),
    ("models_changed", "model", "changed"),
    ("models_merged", "model", "merged"),
    ("models_removed", "model", "gone"),
    ("offers_changed", "offer", "changed"),
    ("offers_removed", "offer", "gone"),
    ("held_new", "statement", "newly held"),
    ("listings_unsure", "listing", "unsure"),
)


def in_words(report: Report) -> str:
    """What a source's run changed, in words; '' where it failed, which its error says.

    >>> in_words(Report("a", "published", {"opened": 2, "corrected": 1, "models_added": 1, "held_new": 0}))
    '2 statements new, 1 corrected; 1 model new'
    >>> in_words(Report("a", "unchanged"))
    'nothing changed'
    """
    if report.status not in ("published", "unchanged"):
        return ""
    by_noun: dict[str, list[str]] = {}
    for key, noun, word in TOLD:
        if count := report.stats.get(key, 0):
            said = by_noun.setdefault(noun, [])
            said.append(f"{count:,} {word}" if said else f"{count:,} {noun}{'s' if count > 1 else ''} {word}")
    return "; ".join(", ".join(said) for said in by_noun.values()) or "nothing changed"


def _count(value: object) -> int:
    if isinstance(value, dict):
        return sum(count for count in value.values() if isinstance(count, int))
    return value if isinstance(value, int) else 0


def figures(report: Report) -> dict[str, Any]:
    """The table's row of a report, by heading."""
    counts = {heading: _count(report.stats.get(key, 0)) for heading, key in COLUMNS}
    return {"source": report.source, "status": report.status, **counts, "newly_held": _count(report.stats.get("held_new", 0))}


def run_finished(reports: Sequence[Report], exit_status: int, seconds: float) -> tuple[str, dict[str, Any]]:
    """The one event of a whole run: a sentence, and fields that alerts are made of (deploy/alerts)."""
    rows = [figures(report) for report in reports]
    totals = {heading: sum(row[heading] for row in rows) for heading, _ in COLUMNS}
    statuses = Counter(report.status for report in reports)
    newly_held, claims = sum(row["newly_held"] for row in rows), totals["claims"]
    said = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in sorted(statuses.items())) or "no source"
    fields = {
        "event": "run_finished", "exit_status": exit_status, "seconds": round(seconds, 1), **totals, "newly_held": newly_held,
        "newly_held_share": round(newly_held / claims, 4) if claims else 0.0, "failed": statuses["failed"], "by_source": rows,
    }  # fmt: skip
    return f"run finished after {seconds:.0f} s: {said}; {newly_held:,} newly held", fields


def _closing_lines(reports: Sequence[Report]) -> list[str]:
    """What went wrong, which documents could not be read any more, and what is newly held, in words."""
    failed = [report for report in reports if report.status == "failed"]
    if len(failed) > 1 and len(failed) == len(reports):
        return [f"no source could be read: is the network there? The first, {failed[0].source}: {failed[0].error}"]
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
    """The table: a row a source, numbers right-aligned, its legend, then what went wrong or is newly held in words."""
    head = ["source", "status", *(heading for heading, _ in COLUMNS)]
    told = [figures(report) for report in reports]
    rows = [[row["source"], SHORT.get(row["status"], row["status"]), *(f"{row[one]:,}" for one, _ in COLUMNS)] for row in told]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    ]
    return "\n".join([*lines, *LEGEND.splitlines(), *_closing_lines(reports)])
