"""What the API says of the whole: versions, counts, age, and how fresh each source is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.engine.table import instant

HOUR_S: Final = 3_600

_TIME: Final = {"type": ["string", "null"], "format": "date-time"}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "dataset_version": {"type": "integer", "description": "Moves when any row changes."},
        "checked_version": {"type": "integer", "description": "Moves when any document is confirmed."},
        "rules_version": {"type": "string", "description": "Of the rules that tell which listing is which model."},
        "published_at": {**_TIME, "description": "When a row last changed."},
        "checked_at": {**_TIME, "description": "When a document was last confirmed."},
        "ledger_since": {
            **_TIME,
            "description": "When what is sold was read first; before it answers say `before_first_evidence`.",
        },
        "age_hours": {"type": ["number", "null"], "description": "Hours since then."},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "freshness": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"status": {"type": "string"}, "checked_at": _TIME, "last_published": _TIME},
            },
        },
        "release": {"type": ["string", "null"]},
        "stale_since": {**_TIME, "description": "Since when the database is away; null while it is not."},
    },
    "required": [
        "dataset_version",
        "checked_version",
        "rules_version",
        "ledger_since",
        "age_hours",
        "counts",
        "freshness",
        "release",
    ],
}


def meta_json(catalogue: Catalogue, release: str | None, stale_since: datetime | None) -> bytes:
    """The answer of `/meta`; `catalogue` has its sources."""
    times = [facts.checked_at for facts in catalogue.documents.values() if facts.checked_at is not None]
    checked_at = max(times, default=None)
    age_s = (datetime.now(UTC) - checked_at).total_seconds() if checked_at else None
    sources = catalogue.tables["sources"]
    rows = [Row(catalogue, sources, index) for index in range(len(sources))]
    return wire.dumps(
        {
            "dataset_version": catalogue.version.dataset,
            "checked_version": catalogue.version.checked,
            "rules_version": catalogue.version.rules_version,
            "published_at": instant(catalogue.version.published_at),
            "checked_at": instant(checked_at),
            "ledger_since": instant(catalogue.ledger_since),
            "age_hours": None if age_s is None else round(max(age_s, 0) / HOUR_S, 1),
            "counts": {name: len(table) for name, table in catalogue.tables.items()} | {"documents": len(catalogue.documents)},
            "freshness": {row.id: {key: row[key] for key in ("status", "checked_at", "last_published")} for row in rows},
            "release": release,
            "stale_since": instant(stale_since),
        }
    )
