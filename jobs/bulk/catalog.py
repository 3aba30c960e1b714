"""`catalog.json` and `catalog.parquet`: the models, offers and providers of today, as the API serves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from sqlalchemy import Connection, text

from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.engine.table import instant

TABLES: Final = ("models", "offers", "providers", "benchmarks")
BATCH_ROWS: Final = 500
MONEY: Final = pa.decimal128(38, 24)
"""Twelve significant digits, the first of them at the fifteenth decimal at the latest (`domain/money.py`), and less a second."""
OF_THE_MODEL: Final = (
    "name", "type", "developer.name", "family", "release_date", "knowledge", "open_weights", "license", "parameters.total",
    "parameters.active", "reasoning", "tool_call", "structured_output", "modalities.input", "modalities.output", "scores",
)  # fmt: skip
"""What an offer's row says of its model, as `model.<key>`."""


class SourceOf(NamedTuple):
    """A source: its licence (None where it states none), terms and attribution."""

    name: str
    license: str | None
    terms_url: str | None
    attribution: str | None


def sources_of(connection: Connection) -> Mapping[str, SourceOf]:
    """Every source by its id."""
    rows = connection.execute(text("select id, body from source order by id"))
    return {
        id_: SourceOf(body["name"], body.get("license"), body.get("terms_url"), body.get("attribution")) for id_, body in rows
    }


def catalog_json(catalogue: Catalogue, sources: Mapping[str, SourceOf]) -> Iterator[bytes]:
    """The whole as one object, in parts: `meta`, `sources`, then the rows of each list as the API has them, without the times
    that move while no row does."""
    version = catalogue.version
    about = {
        "dataset_version": version.dataset, "rules_version": version.rules_version,
        "published_at": instant(version.published_at), "counts": {name: len(catalogue.tables[name]) for name in TABLES},
    }  # fmt: skip
    stated = [{"id": id_, **source._asdict()} for id_, source in sources.items()]
    yield b'{"meta":%b,"sources":%b' % (wire.dumps(about), wire.dumps(stated))
    for name in TABLES:
        rows = catalogue.tables[name].json
        yield b',"%b":[' % name.encode()
        for start in range(0, len(rows), BATCH_ROWS):
            batch = b",".join(row + b"}" for row in rows[start : start + BATCH_ROWS])
            yield batch if start == 0 else b"," + batch
        yield b"]"
    yield b"}"


def write_catalog(catalogue: Catalogue, sources: Mapping[str, SourceOf], path: Path) -> None:
    """A row an offer with every column of `/offers.csv`, what its model is, and the licences of the sources that it stands on."""
    own = [column for column in OFFERS.csv_columns if not column.joined]
    of_model = [MODELS.by_key[key] for key in OF_THE_MODEL]
    fields = [
        *(pa.field(column.key, _type_of(column)) for column in own),
        *(pa.field(f"model.{column.key}", _type_of(column)) for column in of_model),
        pa.field("licenses", pa.list_(pa.string())),
    ]
    schema = pa.schema(fields)
    table = catalogue.offers
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, len(table), BATCH_ROWS):
            rows = [Row(catalogue, table, index) for index in range(start, min(start + BATCH_ROWS, len(table)))]
            models = [catalogue.model(row["model"] or "") for row in rows]
            licences = [sorted({sources[one].license or "none stated" for one in row["sources"] or ()}) for row in rows]
            values = [
                *(_values(column, rows) for column in own),
                *(_values(column, models) for column in of_model),
                licences,
            ]
            arrays = [pa.array(column, field.type) for column, field in zip(values, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _type_of(column: Column) -> Any:
    kind = column.kind
    if kind.name in ("structure", "scores"):
        return pa.string()
    if kind.many:
        return pa.list_(pa.string())
    return {"money": MONEY, "number": MONEY, "count": pa.int64(), "flag": pa.bool_()}.get(kind.name, pa.string())


def _values(column: Column, rows: Sequence[Row | None]) -> list[Any]:
    return [None if row is None else _value(column, row[column.key]) for row in rows]


def _value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind.name in ("structure", "scores"):
        return wire.dumps(value).decode()
    if column.kind.many:
        return list(value)
    if column.kind.name in ("money", "number"):
        return Decimal(value)
    return value if isinstance(value, (bool, int)) else column.kind.text(value)
