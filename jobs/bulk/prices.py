"""`prices.parquet`: every price that any source stated, of now and of then, with the licence of its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from sqlalchemy import Connection, text

from aimstats.domain.money import canonical
from aimstats.domain.prices import UNITS, parse_price_key
from aimstats.resolution.grouping import DEFAULT_REGION
from jobs.bulk.catalog import MONEY, SourceOf

BATCH_ROWS: Final = 10_000
AT: Final = pa.timestamp("us", "UTC")
SCHEMA: Final = pa.schema(
    {
        "source": pa.string(), "license": pa.string(), "provider": pa.string(), "model": pa.string(), "snapshot": pa.string(),
        "variant": pa.string(), "region": pa.string(), "external_id": pa.string(), "meter": pa.string(), "plan": pa.string(),
        "min_context_tokens": pa.int32(), "window": pa.string(), "conditions": pa.string(), "promotional": pa.bool_(),
        "unit": pa.string(), "currency": pa.string(), "amount": MONEY, "usd": MONEY, "absent": pa.string(),
        "valid_from": AT, "valid_to": AT, "observed_from": AT, "observed_to": AT, "closed_as": pa.string(),
        "current": pa.bool_(), "url": pa.string(),
    }
)  # fmt: skip
_CLAIMS: Final = text(
    "select l.source, a.provider, a.model, a.snapshot, a.offer_variant, a.region, l.external_id, c.key, c.value::text as value, "
    "c.usd, c.valid_from, c.valid_to, c.observed_from, c.observed_to, c.closed_as, coalesce(c.url, d.url) as url "
    "from claim c join listing l on l.id = c.listing_id join document d on d.id = c.document_id "
    "left join (select distinct on (listing_id) * from assignment where observed_to is null "
    "order by listing_id, valid_from desc nulls last) a on a.listing_id = l.id "
    "where c.kind = 'price' and l.source = any(:sources) order by l.source, c.id"
)


def write_prices(connection: Connection, sources: Mapping[str, SourceOf], path: Path) -> None:
    """Write the file: licence by licence, so that each group of rows has one and a reader may skip what it does not want."""
    now = datetime.now(UTC)
    by_licence = sorted(sources, key=lambda id_: (sources[id_].license is None, sources[id_].license or "", id_))
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for licence, ids in groupby(by_licence, key=lambda id_: sources[id_].license):
            rows = connection.execution_options(stream_results=True, yield_per=BATCH_ROWS).execute(
                _CLAIMS, {"sources": list(ids)}
            )
            for batch in rows.partitions():
                stated = [_row(row, licence, now) for row in batch]
                writer.write_table(pa.Table.from_pylist(stated, schema=SCHEMA))


def _row(row: Any, licence: str | None, now: datetime) -> dict[str, Any]:
    key, value = parse_price_key(row.key), orjson.loads(row.value)
    amount = Decimal(value["amount"]) * UNITS[value["unit"]][1] if "amount" in value else None
    is_valid = (row.valid_from is None or row.valid_from <= now) and (row.valid_to is None or row.valid_to > now)
    return {
        "source": row.source, "license": licence, "provider": row.provider, "model": row.model, "snapshot": row.snapshot,
        "variant": row.offer_variant, "region": row.region or DEFAULT_REGION, "external_id": row.external_id,
        "meter": key.meter, "plan": key.plan,
        "min_context_tokens": key.min_context_tokens, "window": key.window or None,
        "conditions": "&".join(f"{name}={stated}" for name, stated in key.conditions) or None, "promotional": key.promotional,
        "unit": key.base_unit, "currency": key.currency, "amount": None if amount is None else canonical(amount),
        "usd": None if amount is None or key.currency != "USD" else canonical(amount), "absent": value.get("absent"),
        "valid_from": row.valid_from, "valid_to": row.valid_to, "observed_from": row.observed_from,
        "observed_to": row.observed_to, "closed_as": row.closed_as, "current": row.observed_to is None and is_valid,
        "url": row.url,
    }  # fmt: skip
