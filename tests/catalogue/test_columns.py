"""One declaration, everything made from it: a new column is one row."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from aimstats.api.describing import parameter_object, row_schema
from aimstats.api.rows import cell
from aimstats.catalogue.catalogue import Row
from aimstats.catalogue.columns.benchmarks import BENCHMARKS
from aimstats.catalogue.columns.declarations import IS, MAX, MIN, Body, Column
from aimstats.catalogue.columns.kinds import MONEY, choice
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.columns.providers import PROVIDERS
from aimstats.catalogue.columns.sources import SOURCES
from aimstats.catalogue.engine.parameters import parameters
from aimstats.catalogue.engine.query import parse
from aimstats.catalogue.engine.select import select
from aimstats.catalogue.engine.table import Table
from tests.catalogue import bodies

ALL = (MODELS, OFFERS, PROVIDERS, BENCHMARKS, SOURCES)


def blended(body: Body) -> str | None:
    cost = body["cost"]
    return (
        None if cost.get("input") is None or cost.get("output") is None else str(Decimal(cost["input"]) + Decimal(cost["output"]))
    )


def test_a_new_column_is_one_row() -> None:
    column = Column(
        key="cost.both",
        label="Both",
        help="Input and output together.",
        kind=MONEY,
        value=blended,
        stem="both_cost",
        lookups=(MIN, MAX),
    )
    size = Column(
        key="size",
        label="Size",
        help="How large.",
        kind=choice(("small", "large")),
        value=lambda body: "large" if (body["limit"]["context"] or 0) > 100_000 else "small",
        lookups=(IS,),
        facet=True,
    )
    models = replace(MODELS, columns=(*MODELS.columns, column, size))
    table = Table(models, ((body, None) for body in bodies.MODELS), lambda body: {"cheapest": None, "median": None})
    catalogue = bodies.catalogue().including(table)
    query = parse(models, [("min_both_cost", ["0.00001"]), ("sort", ["-cost.both"]), ("size", ["large"])], now=bodies.NOW)
    page = select(catalogue, query, facets=True)
    assert [row.id for row in page.rows] == ["alpha/ode-4.5", "beta/lyra"]
    assert page.ranges["cost.both"] == (Decimal("0.0000475"), Decimal(18))
    assert [value.text for value in page.facets["size"]] == ["large"]
    row = Row(catalogue, table, 0)
    assert json.loads(row.json)["cost"]["both"] == 18
    assert json.loads(row.json)["size"] == "large"
    assert cell(row[column.key], column, raw=False) == "18"
    assert row_schema(models.columns)["properties"]["cost"]["properties"]["both"]["type"] == ["number", "null"]
    assert parameter_object(parameters(models)["min_both_cost"])["schema"]["type"] == "number"
    assert "cost.both" in models.sort_keys
    assert models.has_field("cost.both")


def test_no_two_columns_share_a_key_or_a_parameter() -> None:
    for rows in ALL:
        assert len(rows.by_key) == len(rows.columns)
        names = [name for column in rows.columns for name, _ in column.parameters()]
        assert len(names) == len(set(names))
        general = [name for name, parameter in parameters(rows).items() if parameter.lookup is None]
        assert not set(general) & set(names)


def test_every_column_explains_itself() -> None:
    for rows in ALL:
        for column in rows.columns:
            assert column.label, column.key
            assert column.help.endswith("."), column.key


def test_every_served_value_is_of_its_columns_kind() -> None:
    catalogue = bodies.catalogue()
    types: dict[str, Any] = {"boolean": bool, "integer": int, "number": (int, Decimal), "string": str, "array": list}
    for name in ("models", "offers"):
        table = catalogue.tables[name]
        for index in range(len(table)):
            row = Row(catalogue, table, index)
            for column in table.collection.columns:
                kind = column.kind.schema.get("type")
                if column.served and not column.joined and isinstance(kind, str) and kind in types:
                    served = row.body
                    for part in column.key.split("."):
                        served = served.get(part) if served is not None else None  # type: ignore[assignment]  # walks down
                    assert served is None or isinstance(served, types[kind]), (row.id, column.key)
