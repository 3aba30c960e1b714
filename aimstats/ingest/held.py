"""What the gate keeps back, and what it keeps back no longer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from aimstats.checks import HeldDocument
from aimstats.domain.claims import HeldItem, json_text
from aimstats.ingest.ledger import Numbered


def write_held(
    connection: Connection, document: int, items: Iterable[HeldItem], numbers: Numbered, run: int, at: datetime
) -> tuple[int, bool]:
    """Replace what is held of the document by what this run holds; what was held before and is again keeps its `since`.

    Returns how many items are held now (without those that a person rejected), and whether these are others than before.
    """
    before = {
        (listing, check, json_text(item)): id_
        for id_, listing, check, item in connection.execute(
            text('select id, listing_id, "check", item from held where document_id = :document and decided is null'),
            {"document": document},
        )
    }
    fresh = []
    count = 0
    for held in items:
        if held.quiet:
            continue
        count += 1
        listing = numbers.get((held.listing, held.ordinal))
        item = held.item | {"listing": list(held.listing)}
        if before.pop((listing, held.check, json_text(item)), None) is None:
            fresh.append(
                {
                    "run": run,
                    "document": document,
                    "listing": listing,
                    "item": json_text(item),
                    "check": held.check,
                    "reason": held.reason,
                    "at": at,
                }
            )
    if fresh:
        connection.execute(
            text(
                'insert into held (run_id, document_id, listing_id, item, "check", reason, since) '
                "values (:run, :document, :listing, cast(:item as jsonb), :check, :reason, :at)"
            ),
            fresh,
        )
    if before:
        connection.execute(
            text("update held set decided = 'superseded', decided_at = :at where id = any(:ids)"),
            {"at": at, "ids": list(before.values())},
        )
    return count, bool(fresh or before)


def hold_document(connection: Connection, held: HeldDocument, run: int, sha256: str, at: datetime) -> bool:
    """Hold a whole document unless the same check holds it already, or a person rejected the same bytes; whether it is new.

    What another check held of the whole document before is superseded.
    """
    item = {"sha256": sha256} | ({"is_sum": True} if held.is_sum else {})
    named = {"run": run, "document": held.document, "check": held.check, "reason": held.reason, "sha256": sha256, "at": at}
    connection.execute(
        text(
            "update held set decided = 'superseded', decided_at = :at where document_id = :document and decided is null "
            "and not jsonb_exists(item, 'listing') and \"check\" <> :check"
        ),
        named,
    )
    named["item"] = json_text(item)
    rows = connection.execute(
        text(
            'insert into held (run_id, document_id, item, "check", reason, since) '
            "select :run, :document, cast(:item as jsonb), :check, :reason, :at "
            'where not exists (select from held where document_id = :document and "check" = :check '
            "and not jsonb_exists(item, 'listing') "
            "and (decided is null or (decided = 'rejected' and item->>'sha256' = :sha256)))"
        ),
        named,
    )
    return rows.rowcount > 0


def release_documents(connection: Connection, documents: Sequence[int], at: datetime) -> bool:
    """Hold documents no longer as a whole, since they were read again as they last stood; whether any was held."""
    rows = connection.execute(
        text(
            "update held set decided = 'superseded', decided_at = :at "
            "where document_id = any(:ids) and not jsonb_exists(item, 'listing') and decided is null"
        ),
        {"at": at, "ids": list(documents)},
    )
    return rows.rowcount > 0
