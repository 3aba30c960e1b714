"""The outcome of a replay as a person reads it, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from aimstats.checks.findings import dollars
from tools.timelapse.outcome import (
    FATES,
    SLIP,
    DocumentRow,
    HeldFigure,
    by_check,
    document_rows,
    held_documents,
    held_figures,
    opened_prices,
    taken_back,
)
from tools.timelapse.replay import Replayed


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a replay left: documents, held figures and documents, what was taken back, and how many prices were opened."""

    documents: Sequence[DocumentRow]
    held: Sequence[HeldFigure]
    held_documents: Sequence[Any]
    taken_back: Sequence[Any]
    opened: int


def gather(connection: Connection, done: Replayed) -> Gathered:
    """Read what the replay left in its database."""
    return Gathered(
        documents=document_rows(done.documents),
        held=held_figures(connection),
        held_documents=held_documents(connection),
        taken_back=taken_back(connection),
        opened=opened_prices(connection),
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]], words: int) -> Iterator[str]:
    """Rows under their headings: the first `words` columns flush left, numbers flush right."""
    cells = [list(head), *([f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    for row in cells:
        padded = (
            cell.ljust(width) if place < words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()


def report(gathered: Gathered) -> str:
    """The tables: a row a document, held prices by check, and the totals."""
    lines = list(
        table(
            ("source", "document", "editions", "published", "unchanged", "failed", "days still"),
            [
                (row.source, row.url.split("://", 1)[-1][-70:], row.editions, row.published, row.unchanged, row.failed, row.still)
                for row in gathered.documents
            ],
            2,
        )
    )
    late = [(row, at, why) for row in gathered.documents for at, why in row.why]
    if late:
        lines += ["", "Editions that were not published:"]
        lines += [f"  {row.source} {at:%Y-%m-%d} {row.url.rsplit('/', 1)[-1]}: {why}" for row, at, why in late]
    checks = by_check(gathered.held)
    totals = [sum(counts[fate] for counts in checks.values()) for fate in FATES]
    lines += ["", *table(
        ("held prices by check", "held", *FATES),
        [(check, counts.total(), *(counts[fate] for fate in FATES)) for check, counts in checks.items()]
        + [("all", sum(totals), *totals)],
        1,
    )]  # fmt: skip
    others = len(gathered.held) - sum(totals)
    share = 100 * sum(totals) / gathered.opened if gathered.opened else 0
    lines += [
        "",
        f"{gathered.opened:,} prices opened; {sum(totals):,} held ({share:.2f} %), {totals[0]:,} of them published later "
        f"({100 * totals[0] / gathered.opened if gathered.opened else 0:.2f} %); {others:,} other figures held; "
        f"{len(gathered.held_documents):,} times something was held of a document as such.",
        f"Published and taken back by {SLIP} times or more: {len(gathered.taken_back):,}",
    ]
    lines += [
        f"  {row.source} {row.provider} {row.external_id} {row.key.split('|')[0]}: {dollars(row.usd)} from "
        f"{row.observed_from:%Y-%m-%d}, {dollars(row.then_usd)} from {row.observed_to:%Y-%m-%d}"
        for row in gathered.taken_back
    ]
    return "\n".join(lines)


def held_lines(gathered: Gathered) -> Iterator[str]:
    """A line a held figure, and one for each time that something was held of a document as such."""
    yield ""
    yield "Held of documents as such:"
    for row in gathered.held_documents:
        until = f"{row.ended_at:%Y-%m-%d}" if row.ended_at else "now"
        yield f"  {row.since:%Y-%m-%d} to {until} {row.source} {row.url.rsplit('/', 1)[-1]}: {row.check}: {row.reason}"
    yield ""
    yield "Held figures:"
    for figure in gathered.held:
        after = f", then {figure.later}" if figure.later and figure.fate != "confirmed" else ""
        when = f" on {figure.later_at:%Y-%m-%d}" if figure.later_at and figure.fate != "still held" else ""
        yield (
            f"  {figure.since:%Y-%m-%d} {figure.check}: {figure.source} {figure.listing} {figure.kind} {figure.key}: "
            f"{figure.stated} instead of {figure.standing or 'nothing'}: {figure.fate}{when}{after}: {figure.reason}"
        )


def as_json(gathered: Gathered) -> dict[str, Any]:
    """All of it for a program: instants as ISO 8601, money as strings."""
    return {
        "opened": gathered.opened,
        "documents": [_plain(asdict(row)) for row in gathered.documents],
        "checks": {check: dict(counts) for check, counts in by_check(gathered.held).items()},
        "held": [_plain(asdict(figure)) for figure in gathered.held],
        "held_documents": [_plain(dict(row._mapping)) for row in gathered.held_documents],
        "taken_back": [_plain(dict(row._mapping)) for row in gathered.taken_back],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)
